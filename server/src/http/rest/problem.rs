//! Problem details (RFC 9457): the one form of every answer to a program that is no success.
//!
//! Owns the titles, which clients compare, and the types. It must not know why anything is refused.

use super::super::error_page::Refusal;
use app::error::ApiError;
use axum::{
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a problem is sent as.
pub const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A refusal with the status that programs get.
#[derive(Debug)]
pub struct Problem(Refusal);

impl Problem {
    /// A problem with this status and sentence.
    pub fn new(status: StatusCode, message: &str) -> Self {
        Self(Refusal::new(status, message))
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let status = StatusCode::from_u16(error.code.status_for_programs());
        Self(Refusal::with(
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            error,
        ))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

/// A problem as it is sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct Body {
    /// An address that names the kind of problem.
    #[schema(example = "https://tools.ietf.org/html/rfc9110#section-15.5.5")]
    r#type: &'static str,
    /// The kind of problem in words; always the same for a status.
    #[schema(example = "Not Found")]
    title: &'static str,
    /// The status of the answer.
    #[schema(example = 404)]
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// Under which name the server's log knows the request.
    #[schema(example = "00-00000000000000009c1f0a2b3d4e5f60-9c1f0a2b3d4e5f60-00")]
    trace_id: String,
    /// What is wrong with single properties, parameters or parts of a query.
    errors: BTreeMap<String, Vec<String>>,
}

impl Body {
    /// The problem that an error is, in a request that the log knows under `id`.
    pub fn new(status: StatusCode, error: ApiError, id: &str) -> Self {
        let mut errors: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for field in error.fields {
            errors.entry(field.field).or_default().push(field.message);
        }
        let (title, r#type) = kind(status);
        Self {
            r#type,
            title,
            status: status.as_u16(),
            detail: error.message,
            // The form of a traceparent; its second half is the name in the log.
            trace_id: format!("00-{id:0>32}-{id:0>16}-00"),
            errors,
        }
    }
}

/// A problem that is the same for every request, so without a name in the log: bytes to be sent again and again.
pub fn unchanging(status: StatusCode, detail: &str) -> Bytes {
    let (title, r#type) = kind(status);
    let status = status.as_u16();
    let body =
        json!({ "type": r#type, "title": title, "status": status, "detail": detail, "errors": {} });
    body.to_string().into()
}

/// Title and type of a status. The title of 401 is the one that clients of the platform look for.
fn kind(status: StatusCode) -> (&'static str, &'static str) {
    macro_rules! rfc9110 {
        ($section:literal) => {
            concat!("https://tools.ietf.org/html/rfc9110#section-", $section)
        };
    }
    match status.as_u16() {
        400 => ("Bad Request", rfc9110!("15.5.1")),
        401 => ("Authentication Failed", rfc9110!("15.5.2")),
        403 => ("Forbidden", rfc9110!("15.5.4")),
        404 => ("Not Found", rfc9110!("15.5.5")),
        405 => ("Method Not Allowed", rfc9110!("15.5.6")),
        406 => ("Not Acceptable", rfc9110!("15.5.7")),
        408 => ("Request Timeout", rfc9110!("15.5.9")),
        409 => ("Conflict", rfc9110!("15.5.10")),
        412 => ("Precondition Failed", rfc9110!("15.5.13")),
        413 => ("Content Too Large", rfc9110!("15.5.14")),
        414 => ("URI Too Long", rfc9110!("15.5.15")),
        415 => ("Unsupported Media Type", rfc9110!("15.5.16")),
        422 => ("Unprocessable Content", rfc9110!("15.5.21")),
        429 => (
            "Too Many Requests",
            "https://tools.ietf.org/html/rfc6585#section-4",
        ),
        503 => ("Service Unavailable", rfc9110!("15.6.4")),
        _ => ("Internal Server Error", rfc9110!("15.6.1")),
    }
}
