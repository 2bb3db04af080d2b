//! The headers that tell a browser what a response may do.
//!
//! Owns their values and the nonce, which is drawn here and reaches the page through the request. It must not know
//! what the page is.

use super::super::error_page::Refusal;
use crate::{env::array, state::AppState};
use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
            X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use leptos::nonce::Nonce;

/// What anything but a page may do: nothing.
const INERT: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

/// Two years, as the preload lists ask.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// The headers that are the same on every response.
const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// Gives the request a fresh [`Nonce`] of 16 random bytes and the response its headers.
pub async fn protect(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Ok(bytes) = array::<16>(&*state.env.random) else {
        // A nonce that can be foreseen protects nothing, so there is no page without one (T-6).
        let message =
            "The server is out of random numbers and cannot answer safely. Tell your operator.";
        return Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message).into_response();
    };
    let nonce = URL_SAFE_NO_PAD.encode(bytes);
    request
        .extensions_mut()
        .insert(Nonce::from_value(nonce.as_str()));
    let mut response = next.run(request).await;
    let policy = if is_html(response.headers()) {
        page_policy(&nonce)
    } else {
        INERT
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if state.config.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

fn is_html(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// What a page may do: run the scripts that carry the nonce and what those load, and reach its own origin.
fn page_policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         object-src 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(INERT)
}
