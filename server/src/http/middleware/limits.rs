//! How much a request may be: its address and its body and how long it may take (I-21).
//!
//! Bodies are read here, whole, before any handler sees them. So one limit and one deadline hold for every route,
//! server functions and chunked bodies included, and a refusal can still be answered.

use super::super::error_page::Refusal;
use axum::{
    body::Body,
    extract::Request,
    http::{
        StatusCode,
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
/// How much of a body that is too large is read and dropped, so that the client hears why.
const DRAIN_MAX: usize = 2 * 1024 * 1024;
const DRAIN_DEADLINE: Duration = Duration::from_secs(5);

/// How long a handler may take once the body is there.
const HANDLER_DEADLINE: Duration = Duration::from_secs(15);

/// Ends what takes too long: a handler that is dropped rolls its transaction back.
pub async fn deadline(request: Request, next: Next) -> Response {
    within(HANDLER_DEADLINE, next.run(request)).await
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

/// Refuses an address that is too long, or that names no path, as `CONNECT` does.
pub async fn address(request: Request, next: Next) -> Response {
    match request.uri().path_and_query() {
        Some(address) if address.as_str().len() > ADDRESS_MAX => {
            let message =
                "The address is longer than 8 KiB. Shorten it, for example by searching for less.";
            Refusal::new(StatusCode::URI_TOO_LONG, message).into_response()
        }
        Some(address) if address.as_str().starts_with('/') => next.run(request).await,
        _ => Refusal::new(StatusCode::BAD_REQUEST, "The request names no path.").into_response(),
    }
}

/// Reads the body, up to its limit and deadline.
pub async fn body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let length = parts
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > BODY_MAX as u64) {
        // A client that waits for our consent has sent nothing yet.
        if !parts.headers.contains_key(EXPECT) {
            drain(body).await;
        }
        return too_large();
    }
    match tokio::time::timeout(BODY_DEADLINE, read(body)).await {
        Ok(Ok(body)) => next.run(Request::from_parts(parts, body)).await,
        Ok(Err(response)) => response,
        Err(_) => {
            let message =
                "The request took longer than 30 seconds to arrive. Nothing was done; try again.";
            Refusal::new(StatusCode::REQUEST_TIMEOUT, message).into_response()
        }
    }
}

async fn read(body: Body) -> Result<Body, Response> {
    let mut body = body;
    match Limited::new(&mut body, BODY_MAX).collect().await {
        Ok(bytes) => Ok(Body::from(bytes.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => {
            drain(body).await;
            Err(too_large())
        }
        // The connection was cut: nobody will read this.
        Err(_) => {
            Err(Refusal::new(StatusCode::BAD_REQUEST, "The request was cut short.").into_response())
        }
    }
}

/// Reads on for a while. Closing at once would reset the connection, and the client would never see the answer.
async fn drain(body: Body) {
    let _ = tokio::time::timeout(DRAIN_DEADLINE, Limited::new(body, DRAIN_MAX).collect()).await;
}

fn too_large() -> Response {
    let message = "The request is larger than 64 KiB, which is more than any form here needs. Nothing was saved.";
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, message).into_response()
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
}
