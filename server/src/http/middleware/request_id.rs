//! Names every request, so that a person can tell the operator which one failed.
//!
//! The id is drawn here. One that the client sends is not used: it would let a stranger write into the log.

use crate::{env::array, hex, state::AppState};
use app::port::RequestId;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

/// The response header that carries the id.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Puts a [`RequestId`] into the request and its text into the response.
pub async fn name(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // An id is no secret and nothing depends on it: without randomness the request goes on without a name.
    let bytes = array::<8>(&*state.env.random).unwrap_or_default();
    let id = hex::encode(&bytes);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
