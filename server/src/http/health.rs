//! What probes ask: is the process alive, should it get traffic.
//!
//! Owns `/livez`, `/readyz` and the flag that shutdown lowers. It must tell strangers nothing but yes or no.

use crate::state::AppState;
use axum::{Router, extract::State, http::StatusCode, routing::get};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// How long an answer of the database counts.
const FRESH: Duration = Duration::from_secs(1);

/// Whether the server should get traffic. Schema and keyring were checked before there was a router at all.
#[derive(Debug, Default)]
pub struct Readiness {
    stopping: AtomicBool,
    last: Mutex<Option<(Instant, bool)>>,
}

impl Readiness {
    /// From now on `/readyz` says no.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    async fn is_ready(&self, state: &AppState) -> bool {
        if self.stopping.load(Ordering::Acquire) {
            return false;
        }
        // Held while the database is asked, so that many probes ask it once.
        let mut last = self.last.lock().await;
        match *last {
            Some((at, ready)) if at.elapsed() < FRESH => ready,
            _ => {
                let ready = state.service.ready().await.is_ok();
                *last = Some((Instant::now(), ready));
                ready
            }
        }
    }
}

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
    if state.readiness.is_ready(&state).await {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    }
}
