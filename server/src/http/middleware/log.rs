//! One line for each request: id, method, route, status, duration, caller. Never an address as it was sent, a query
//! value, a header or a body, any of which may hold a secret (I-33).

use crate::state::AppState;
use app::port::RequestId;
use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::Instrument as _;

/// The id of the person or token that called, left in the response by whoever finds out.
#[derive(Debug, Clone)]
pub struct Caller(pub String);

/// Writes the line and counts the request. Everything logged meanwhile carries the id of the request.
pub async fn line(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let method = request.method().clone();
    // Known before any layer refuses: layers stand around each route.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    let begun = Instant::now();
    // A span of a lower level would be left out with its lines' ids when only errors are logged.
    let span = tracing::error_span!("request", id);
    let response = next.run(request).instrument(span).await;
    let caller = response
        .extensions()
        .get::<Caller>()
        .map(|caller| caller.0.clone());
    let status = response.status().as_u16();
    state.metrics.answered(route, known(&method), status);
    // As u64: what is wider becomes a text in the log's JSON.
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    // Probes and files would drown the rest.
    if ["/livez", "/readyz", "/pkg/{*path}", "/favicon.svg"].contains(&route) && status < 500 {
        tracing::debug!(id, %method, route, status, millis, "answered");
    } else {
        tracing::info!(id, %method, route, status, millis, caller, "answered");
    }
    response
}

/// The method, when it is one of the usual: clients may invent any.
fn known(method: &Method) -> &str {
    const USUAL: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if USUAL.contains(method) {
        method.as_str()
    } else {
        "other"
    }
}
