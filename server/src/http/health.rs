//! What probes ask: is the process alive, should it get traffic.
//!
//! Owns `/livez` and `/readyz`. It must tell strangers nothing but yes or no.

use crate::state::AppState;
use axum::{Router, extract::State, http::StatusCode, routing::get};

/// `/livez` and `/readyz`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/livez", get(live))
        .route("/readyz", get(ready))
}

async fn live() -> &'static str {
    "ok"
}

async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.readiness.is_ready(&state.service).await {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    }
}
