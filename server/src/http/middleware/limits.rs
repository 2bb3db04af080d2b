//! How much a request may be: its address and its body and how long it may take (I-21).
//!
//! Bodies are read here, whole, before any handler sees them. So one limit and one deadline hold for every route,
//! server functions and chunked bodies included, and a refusal can still be answered. The routes for pictures take
//! more and read their body themselves with [`read_file`], once they know who sends it.

use super::super::{error_page::Refusal, rest};
use app::{domain::icon::FILE_MAX, href, rql};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{
        HeaderMap, Method, StatusCode,
        header::{CONTENT_LENGTH, EXPECT},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use std::time::Duration;

/// The longest address, in bytes.
pub const ADDRESS_MAX: usize = 8 * 1024;
/// The largest body, in bytes.
pub const BODY_MAX: usize = 64 * 1024;
/// How long a whole body may take. A deadline, not a pause between bytes: those one could dole out for ever.
const BODY_DEADLINE: Duration = Duration::from_secs(30);
/// How long a whole file may take.
const FILE_DEADLINE: Duration = Duration::from_mins(1);
/// How much of a body that is too large is read and dropped, so that the client hears why.
const DRAIN_MAX: usize = 16 * 1024 * 1024;
const DRAIN_DEADLINE: Duration = Duration::from_secs(5);

/// How long a handler may take once the body is there.
const HANDLER_DEADLINE: Duration = Duration::from_secs(15);

/// Ends what takes too long: a handler that is dropped rolls its transaction back.
pub async fn deadline(request: Request, next: Next) -> Response {
    let limit = if takes_file(&request) {
        FILE_DEADLINE + HANDLER_DEADLINE
    } else {
        HANDLER_DEADLINE
    };
    within(limit, next.run(request)).await
}

/// Whether the body is left to one of the routes that take files. Any other spelling of their addresses is another
/// address.
fn takes_file(request: &Request) -> bool {
    let path = request.uri().path();
    match *request.method() {
        Method::POST => path == href::UPLOAD_ICON,
        Method::PUT => {
            path.starts_with("/public/v1/accounts/api-tokens/") && path.ends_with("/icon")
        }
        _ => false,
    }
}

async fn within(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    if let Ok(response) = tokio::time::timeout(limit, answer).await {
        return response;
    }
    tracing::warn!("a handler took too long and was ended");
    let message =
        "Latchkey is too busy to answer. Look whether your change was made before you try again.";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message).into_response()
}

/// Filters of programs may hold hundreds of ids.
fn longest(path: &str) -> usize {
    if rest::is_for_programs(path) {
        rql::QUERY_MAX
    } else {
        ADDRESS_MAX
    }
}

/// Refuses an address that is too long, or that names no path, as `CONNECT` does.
pub async fn address(request: Request, next: Next) -> Response {
    match request.uri().path_and_query() {
        Some(address) if address.as_str().len() > longest(address.path()) => {
            let most = longest(address.path()) / 1024;
            let message = format!(
                "The address is longer than {most} KiB. Shorten it, for example by searching for less."
            );
            Refusal::new(StatusCode::URI_TOO_LONG, &message).into_response()
        }
        Some(address) if address.as_str().starts_with('/') => next.run(request).await,
        _ => Refusal::new(StatusCode::BAD_REQUEST, "The request names no path.").into_response(),
    }
}

/// Reads the body, up to its limit and deadline.
pub async fn body(request: Request, next: Next) -> Response {
    if takes_file(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match read(&parts.headers, body, &FORM).await {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// Reads a body that is a file, up to the limit and deadline for files (I-25).
///
/// # Errors
/// What to answer instead.
pub async fn read_file(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    read(headers, body, &FILE).await
}

/// Reads on and forgets for a while, unless the client waits for our consent and has sent nothing yet. Closing at once
/// would reset the connection, and the client would never see the answer.
pub async fn drop_body(headers: &HeaderMap, body: Body) {
    if !headers.contains_key(EXPECT) {
        drain(body).await;
    }
}

/// What a body may be.
struct Limit {
    bytes: usize,
    deadline: Duration,
    too_large: &'static str,
    too_slow: &'static str,
}

const FORM: Limit = Limit {
    bytes: BODY_MAX,
    deadline: BODY_DEADLINE,
    too_large: "The request is larger than 64 KiB, which is more than any form here needs. Nothing was saved.",
    too_slow: "The request took longer than 30 seconds to arrive. Nothing was done; try again.",
};

const FILE: Limit = Limit {
    bytes: FILE_MAX,
    deadline: FILE_DEADLINE,
    too_large: "This file is larger than 5 MiB. Nothing was saved; choose a smaller one.",
    too_slow: "The file took longer than a minute to arrive. Nothing was saved; try again, or choose a smaller one.",
};

async fn read(headers: &HeaderMap, body: Body, limit: &Limit) -> Result<Bytes, Refusal> {
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let too_large = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, limit.too_large);
    if length.is_some_and(|length| length > limit.bytes as u64) {
        drop_body(headers, body).await;
        return Err(too_large());
    }
    let mut body = body;
    let whole = Limited::new(&mut body, limit.bytes).collect();
    match tokio::time::timeout(limit.deadline, whole).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            drain(body).await;
            Err(too_large())
        }
        // The connection was cut: nobody will read this.
        Ok(Err(_)) => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "The request was cut short.",
        )),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, limit.too_slow)),
    }
}

async fn drain(mut body: Body) {
    let drop_frames = async {
        let mut left = DRAIN_MAX;
        while let Some(Ok(frame)) = body.frame().await {
            let length = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(length) {
                Some(less) => left = less,
                None => return,
            }
        }
    };
    // Late is as good as done: the answer goes out either way.
    let _ = tokio::time::timeout(DRAIN_DEADLINE, drop_frames).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_page_that_never_comes_is_ended_with_an_answer() {
        let ended = within(Duration::from_millis(1), std::future::pending()).await;
        assert_eq!(ended.status(), StatusCode::SERVICE_UNAVAILABLE);
        let answered = within(Duration::from_mins(1), async {
            StatusCode::OK.into_response()
        })
        .await;
        assert_eq!(answered.status(), StatusCode::OK);
    }

    fn never() -> Body {
        struct Never;

        impl axum::body::HttpBody for Never {
            type Data = Bytes;
            type Error = std::convert::Infallible;

            fn poll_frame(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>>
            {
                std::task::Poll::Pending
            }
        }
        Body::new(Never)
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        for limit in [FORM, FILE] {
            let limit = Limit {
                deadline: Duration::from_millis(1),
                ..limit
            };
            let refused = read(&HeaderMap::new(), never(), &limit).await.unwrap_err();
            assert_eq!(
                refused.into_response().status(),
                StatusCode::REQUEST_TIMEOUT
            );
        }
    }

    #[test]
    fn one_address_takes_files_and_only_by_post() {
        let request = |method: &str, address: &str| {
            let request = Request::builder().method(method).uri(address);
            takes_file(&request.body(Body::empty()).unwrap())
        };
        assert!(request("POST", "/uploads/icon") && request("POST", "/uploads/icon?x=1"));
        for (method, address) in [
            ("GET", "/uploads/icon"),
            ("PUT", "/uploads/icon"),
            ("POST", "/uploads/icon/"),
            ("POST", "/uploads/%69con"),
            ("POST", "/fn/create_token"),
        ] {
            assert!(!request(method, address), "{method} {address}");
        }
    }
}
