//! Refusals that no page of the console shows: too large, wrong kind, cross-site, our own fault.
//!
//! Owns their form. Whatever refuses returns a [`Refusal`]; [`fill`], near the outside, gives it a body in the form
//! the client accepts, with the request's id. It must not know why anything is refused.

use super::rest::{self, problem};
use app::{
    error::{ApiError, ErrorCode},
    port::RequestId,
};
use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use std::fmt::Write as _;

/// A refusal on its way out: a status and a sentence.
#[derive(Debug, Clone)]
pub struct Refusal {
    status: StatusCode,
    error: ApiError,
}

impl Refusal {
    /// A refusal with this status and sentence.
    #[must_use]
    pub fn new(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            error: ApiError::new(code_of(status), message),
        }
    }

    /// An error under this status.
    #[must_use]
    pub fn with(status: StatusCode, error: ApiError) -> Self {
        Self { status, error }
    }

    /// Our own fault.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong in Latchkey. Try again; if it stays, tell your operator the number of this request.",
        )
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        let status =
            StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, error }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether the client would rather have a page than JSON.
#[must_use]
pub fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Gives every [`Refusal`] its body. Other responses pass as they are.
pub async fn fill(request: Request, next: Next) -> Response {
    let program = rest::is_for_programs(request.uri().path());
    let html = accepts_html(request.headers());
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(Refusal { status, mut error }) = response.extensions_mut().remove() else {
        return response;
    };
    let filled = if program {
        let problem = problem::Body::new(status, error, &id);
        (
            [(header::CONTENT_TYPE, problem::CONTENT_TYPE)],
            Json(problem),
        )
            .into_response()
    } else if html {
        Html(page(status, &error.message, &id)).into_response()
    } else {
        error.request_id = Some(id);
        Json(error).into_response()
    };
    let (parts, body) = filled.into_parts();
    if let Some(kind) = parts.headers.get(header::CONTENT_TYPE) {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.clone());
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::new(body);
    response
}

fn page(status: StatusCode, message: &str, id: &str) -> String {
    let (title, message, id) = (title_of(status), escape(message), escape(id));
    let version = super::assets::version();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"/>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\
         <meta name=\"color-scheme\" content=\"light dark\"/><title>{title} · Latchkey</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"/>\
         <link rel=\"stylesheet\" href=\"/pkg/latchkey.css?v={version}\"/></head><body>\
         <main class=\"entry\" id=\"main\"><div class=\"card\"><div class=\"form\"><h1>{title}</h1><p>{message}</p>\
         <p><a href=\"/\">Go to the start page</a></p><p class=\"sub\">Request {id}</p></div></div></main></body></html>"
    )
}

/// Text for use between tags and in attributes.
pub(super) fn escape(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut safe, char| {
            if matches!(char, '<' | '>' | '&' | '"' | '\'') {
                let _ = write!(safe, "&#{};", u32::from(char));
            } else {
                safe.push(char);
            }
            safe
        })
}

fn code_of(status: StatusCode) -> ErrorCode {
    match status {
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthenticated,
        StatusCode::FORBIDDEN => ErrorCode::Forbidden,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::TooManyRequests,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::Unavailable,
        status if status.is_server_error() => ErrorCode::Internal,
        _ => ErrorCode::BadRequest,
    }
}

fn title_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "Sign in first",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::METHOD_NOT_ALLOWED => "Not possible here",
        StatusCode::PAYLOAD_TOO_LARGE => "Too large",
        StatusCode::URI_TOO_LONG => "Address too long",
        StatusCode::TOO_MANY_REQUESTS => "Too many tries",
        StatusCode::SERVICE_UNAVAILABLE => "Not available now",
        status if status.is_server_error() => "Something went wrong",
        _ => "Request not understood",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_becomes_markup() {
        let page = page(StatusCode::FORBIDDEN, "<script>alert('x')</script>", "\"");
        assert!(
            !page.contains("<script") && page.contains("&#60;script&#62;"),
            "{page}"
        );
    }

    #[test]
    fn a_refusal_keeps_its_own_status() {
        let response = Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "x").into_response();
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let response = Refusal::from(ApiError::not_found()).into_response();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
}
