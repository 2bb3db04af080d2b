//! Forward authentication: a gateway asks whether it may let a request through (H-4).
//!
//! Owns `/auth/verify`. Answers 200, 401, 403, 429 or 503 and nothing else, whatever the method; cookies and bodies are not
//! looked at. What is asked for stands in the address that the gateway's own settings name. It must not know how a token
//! is verified.

use super::{
    auth,
    credential::{self, CHALLENGE, INVALID_TOKEN, Missing},
    rest::{RateLimits, problem},
};
use crate::{
    config::Config,
    metrics::{Metrics, Outcome},
    service::{Card, ConsoleService, Verdict, Wanted},
    state::AppState,
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
        },
        request::Parts,
    },
    response::Response,
    routing::any,
};
use bytes::Bytes;
use std::{sync::Arc, time::Instant};
use tower_http::catch_panic::CatchPanicLayer;

/// Where gateways ask.
pub const PATH: &str = "/auth/verify";

const TOKEN_ID: HeaderName = HeaderName::from_static("x-token-id");
const TOKEN_NAME: HeaderName = HeaderName::from_static("x-token-name");
const TOKEN_ACCOUNT: HeaderName = HeaderName::from_static("x-token-account");
const TOKEN_MODULES: HeaderName = HeaderName::from_static("x-token-modules");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");

/// What a gateway passes on to its client. Always the same bytes, so that nothing can be told from them (T-13).
const UNAUTHORIZED: &str = r#"{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.2","title":"Unauthorized","status":401,"detail":"Present the secret of an Active API token, as in: Authorization: Bearer lk_…","errors":{}}"#;
const FORBIDDEN: &str = r#"{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.4","title":"Forbidden","status":403,"detail":"Your API token may not be used for this. Ask an Administrator of your account for one with the right modules.","errors":{}}"#;
const TOO_MANY: &str = r#"{"type":"https://tools.ietf.org/html/rfc6585#section-4","title":"Too Many Requests","status":429,"detail":"Too many requests from one address. Wait, then go on more slowly.","errors":{}}"#;
const UNAVAILABLE: &str = r#"{"type":"https://tools.ietf.org/html/rfc9110#section-15.6.4","title":"Service Unavailable","status":503,"detail":"Whether your API token is good cannot be said now. Nothing was done; try again in a moment.","errors":{}}"#;

/// What answering needs; nothing more is copied for a request.
struct Door {
    service: Arc<ConsoleService>,
    config: Arc<Config>,
    rates: Arc<RateLimits>,
    metrics: Arc<Metrics>,
}

/// The route.
pub fn routes(state: &AppState) -> Router<AppState> {
    let door = Door {
        service: Arc::clone(&state.service),
        config: Arc::clone(&state.config),
        rates: Arc::clone(&state.rates),
        metrics: Arc::clone(&state.metrics),
    };
    Router::new()
        .route(PATH, any(answer))
        .layer(CatchPanicLayer::custom(|_| {
            tracing::error!("verification panicked");
            unavailable()
        }))
        .with_state(Arc::new(door))
}

async fn answer(State(door): State<Arc<Door>>, request: Request) -> Response {
    let began = Instant::now();
    let (request, _) = request.into_parts();
    let (outcome, response) = door.answer(&request).await;
    door.metrics.verified(outcome, began.elapsed());
    response
}

impl Door {
    async fn answer(&self, request: &Parts) -> (Outcome, Response) {
        let trusted = &self.config.trusted_proxies;
        let wait =
            auth::stranger(&request.extensions, trusted).and_then(|ip| self.rates.wait_of(ip));
        if let Some(seconds) = wait {
            return (Outcome::Limited, limited(seconds));
        }
        let secret = match credential::secret(&request.headers) {
            Ok(secret) => secret,
            Err(Missing::Nothing) => return (Outcome::NoCredential, unauthorized(CHALLENGE)),
            Err(Missing::Bad | Missing::Several) => {
                return (Outcome::Unknown, unauthorized(INVALID_TOKEN));
            }
        };
        let wanted = wanted(request.uri.query().unwrap_or_default());
        let ip = auth::client(&request.extensions, &request.headers, trusted);
        match self.service.verify(secret, &wanted, ip).await {
            Ok(Verdict::Allowed(snapshot)) => (Outcome::Allowed, allowed(&snapshot.card)),
            Ok(Verdict::ModuleMissing(_)) => {
                (Outcome::ModuleMissing, forbidden(Some(&codes(&wanted))))
            }
            Ok(Verdict::NoSuchModule(_)) => (Outcome::UnknownModule, forbidden(None)),
            Ok(Verdict::Unknown) => (Outcome::Unknown, unauthorized(INVALID_TOKEN)),
            Ok(Verdict::Inactive) => (Outcome::Inactive, unauthorized(INVALID_TOKEN)),
            Err(_) => (Outcome::Unavailable, unavailable()),
        }
    }
}

/// What the address asks for. What nobody understands asks for a module that there cannot be, so that a mistyped word lets
/// nobody in. What follows `path=` is the client's own address, which Envoy appends, and asks for nothing.
fn wanted(query: &str) -> Wanted<'_> {
    let mut wanted = Wanted::default();
    for pair in query.split('&') {
        if pair.starts_with("path=") {
            break;
        }
        // An empty piece has no name.
        let Some((name, value)) = form_urlencoded::parse(pair.as_bytes()).next() else {
            continue;
        };
        match &*name {
            "module" => wanted.all.push(value),
            "any" => wanted.any.push(value),
            _ => wanted.all.push("".into()),
        }
    }
    wanted
}

/// The modules that would do, for the client to ask for. Each is one that exists.
fn codes(wanted: &Wanted<'_>) -> String {
    let codes: Vec<_> = wanted
        .all
        .iter()
        .chain(&wanted.any)
        .map(|code| &**code)
        .collect();
    codes.join(" ")
}

fn allowed(card: &Card) -> Response {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    for (name, value) in [
        (TOKEN_ID, card.id()),
        (TOKEN_NAME, card.name()),
        (TOKEN_ACCOUNT, card.account()),
        (TOKEN_MODULES, card.modules()),
    ] {
        headers.insert(name, visible(value));
    }
    headers.insert(CACHE_CONTROL, NO_STORE);
    response
}

/// A card holds visible ASCII only.
fn visible(text: Bytes) -> HeaderValue {
    HeaderValue::from_maybe_shared(text).unwrap_or(HeaderValue::from_static(""))
}

fn unauthorized(challenge: &'static str) -> Response {
    let mut response = refusal(StatusCode::UNAUTHORIZED, UNAUTHORIZED);
    let challenge = HeaderValue::from_static(challenge);
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

/// `codes` are the modules that would do, where they exist.
fn forbidden(codes: Option<&str>) -> Response {
    let mut response = refusal(StatusCode::FORBIDDEN, FORBIDDEN);
    if let Ok(challenge) = HeaderValue::from_str(&credential::insufficient_scope(codes)) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

fn limited(seconds: u64) -> Response {
    let mut response = refusal(StatusCode::TOO_MANY_REQUESTS, TOO_MANY);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn unavailable() -> Response {
    let mut response = refusal(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn refusal(status: StatusCode, body: &'static str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, problem::CONTENT_TYPE);
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::borrow::Cow;

    type Codes = Vec<String>;

    fn read(query: &str) -> (Codes, Codes) {
        let wanted = wanted(query);
        let texts = |codes: Vec<Cow<'_, str>>| codes.into_iter().map(Cow::into_owned).collect();
        (texts(wanted.all), texts(wanted.any))
    }

    fn asks(all: &[&str], alternatives: &[&str]) -> (Codes, Codes) {
        let texts = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        (texts(all), texts(alternatives))
    }

    #[test]
    fn what_is_asked_for_stands_in_the_address() {
        assert_eq!(read(""), asks(&[], &[]));
        assert_eq!(read("module=a&module=b"), asks(&["a", "b"], &[]));
        assert_eq!(read("any=a&module=b&any=c"), asks(&["b"], &["a", "c"]));
        assert_eq!(read("%6dodule=%61&&"), asks(&["a"], &[]));
        assert_eq!(read("module="), asks(&[""], &[]));
        assert_eq!(read("module"), asks(&[""], &[]));
    }

    #[test]
    fn a_word_that_nobody_understands_asks_for_what_nobody_has() {
        for query in ["modul=a", "Module=a", "x", "module%20=a", "=a", "p%61th=/"] {
            assert_eq!(read(query), asks(&[""], &[]), "{query}");
            assert_eq!(
                read(&format!("any=b&{query}")),
                asks(&[""], &["b"]),
                "{query}"
            );
        }
    }

    #[test]
    fn what_a_client_appends_asks_for_nothing_and_takes_nothing_away() {
        assert_eq!(
            read("module=a&path=/x?y=1&module=b&any=c&z"),
            asks(&["a"], &[])
        );
        assert_eq!(read("path=&modul=a"), asks(&[], &[]));
    }

    proptest! {
        #[test]
        fn any_query_is_read_without_harm(query: String) {
            let _ = wanted(&query);
        }

        #[test]
        fn nothing_behind_the_client_s_path_matters(query: String) {
            prop_assert_eq!(read(&format!("module=a&path={query}")), asks(&["a"], &[]));
        }
    }
}
