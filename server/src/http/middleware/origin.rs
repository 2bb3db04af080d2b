//! Refuses what another site makes a browser send.
//!
//! Owns the layer of tower-http, set up for our origin, and a stricter rule beside it. It must not know what the
//! request would have done.

use super::super::{auth, error_page::Refusal};
use crate::{config::Config, state::AppState};
use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{CONTENT_TYPE, ORIGIN, VARY},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_http::csrf::{ConfigError, CsrfLayer, ProtectionError};

/// Where a request comes from, in the browser's words.
pub const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Makes the response to a cross-site request.
pub type Reject = fn(ProtectionError) -> Response;

/// The layer that compares `Sec-Fetch-Site` and `Origin` with our own origin.
///
/// # Errors
/// The public address is no origin, which its check in [`Config`] rules out.
pub fn layer(config: &Config) -> Result<CsrfLayer<Reject>, ConfigError> {
    let reject: Reject = |_| cross_site().into_response();
    Ok(CsrfLayer::new()
        .add_trusted_origin(&config.public_url)?
        .with_rejection_response(reject))
}

/// The stricter rule: an unsafe request is refused when it says it comes from anywhere but our own origin, or
/// carries a session cookie and does not say where it comes from.
pub async fn strict(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !is_safe(request.method()) && !is_ours(request.headers(), auth::cookie_name(&state.config)) {
        return cross_site().into_response();
    }
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .append(VARY, HeaderValue::from_static("Sec-Fetch-Site, Origin"));
    response
}

fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

fn is_ours(headers: &HeaderMap, cookie: &str) -> bool {
    match headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes) {
        Some(site) => site == b"same-origin" || site == b"none",
        None => headers.contains_key(ORIGIN) || !auth::has_cookie(headers, cookie),
    }
}

fn cross_site() -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        "This request came from another site, or your browser did not say from where. Nothing was done. Open \
         Latchkey in this browser and do it there.",
    )
}

/// Refuses a POST whose body is none of the kinds that its route takes (A-12, ASVS 3.5.2). A kind like `image/*` takes
/// all that begin like it.
pub async fn content_type(
    kinds: &'static [&'static str],
    request: Request,
    next: Next,
) -> Response {
    let given = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if request.method() == Method::POST && !kinds.iter().any(|kind| is_kind(kind, essence)) {
        let kinds = kinds.join(" and ");
        let message = format!("This address takes {kinds} only. Nothing was done.");
        return Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, &message).into_response();
    }
    next.run(request).await
}

fn is_kind(kind: &str, given: &str) -> bool {
    match kind.strip_suffix('*') {
        Some(start) => given
            .get(..start.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(start) && given.len() > start.len()),
        None => given.eq_ignore_ascii_case(kind),
    }
}
