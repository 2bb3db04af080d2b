//! Forward authentication: a gateway asks whether it may let a request through (H-4).
//!
//! Owns `/auth/verify`. Answers 200, 401, 403, 429 or 503 and nothing else, whatever the method; cookies and bodies are not
//! looked at. What is asked for stands in the address that the gateway's own settings name. It must not know how a token
//! is verified.

use super::{
    auth,
    credential::{self, CHALLENGE, INVALID_TOKEN, Missing, REFUSED},
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
use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, Instant},
};
use tower_http::catch_panic::CatchPanicLayer;

/// Where gateways ask.
pub const PATH: &str = "/auth/verify";

const TOKEN_ID: HeaderName = HeaderName::from_static("x-token-id");
const TOKEN_NAME: HeaderName = HeaderName::from_static("x-token-name");
const TOKEN_ACCOUNT: HeaderName = HeaderName::from_static("x-token-account");
const TOKEN_MODULES: HeaderName = HeaderName::from_static("x-token-modules");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");

const FORBIDDEN: &str = "Your API token may not be used for this. Ask an Administrator of your account for one with the \
                         right modules.";
const TOO_MANY: &str = "Too many requests from one address. Wait, then go on more slowly.";
const UNAVAILABLE: &str =
    "Whether your API token is good cannot be said now. Nothing was done; try again in a moment.";

/// What answering needs; nothing more is copied for a request.
struct Door {
    service: Arc<ConsoleService>,
    config: Arc<Config>,
    rates: Arc<RateLimits>,
    metrics: Arc<Metrics>,
    refusals: Refusals,
}

/// What a gateway passes on to its client. Always the same bytes, so that nothing can be told from them (T-13).
struct Refusals {
    unauthorized: Bytes,
    forbidden: Bytes,
    too_many: Bytes,
    unavailable: Bytes,
}

/// The route.
pub fn routes(state: &AppState) -> Router<AppState> {
    let door = Arc::new(Door {
        service: Arc::clone(&state.service),
        config: Arc::clone(&state.config),
        rates: Arc::clone(&state.rates),
        metrics: Arc::clone(&state.metrics),
        refusals: Refusals {
            unauthorized: problem::unchanging(StatusCode::UNAUTHORIZED, REFUSED),
            forbidden: problem::unchanging(StatusCode::FORBIDDEN, FORBIDDEN),
            too_many: problem::unchanging(StatusCode::TOO_MANY_REQUESTS, TOO_MANY),
            unavailable: problem::unchanging(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE),
        },
    });
    let panicked = {
        let door = Arc::clone(&door);
        move |_| {
            door.metrics.verified(Outcome::Unavailable, Duration::ZERO);
            door.refusals.unavailable()
        }
    };
    Router::new()
        .route(PATH, any(answer))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(door)
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
        let (trusted, refusals) = (&self.config.trusted_proxies, &self.refusals);
        let wait =
            auth::stranger(&request.extensions, trusted).and_then(|ip| self.rates.wait_of(ip));
        if let Some(seconds) = wait {
            return (Outcome::Limited, refusals.limited(seconds));
        }
        let secret = match credential::secret(&request.headers) {
            Ok(secret) => secret,
            Err(Missing::Nothing) => {
                return (Outcome::NoCredential, refusals.unauthorized(CHALLENGE));
            }
            Err(Missing::Bad | Missing::Several) => {
                return (Outcome::Unknown, refusals.unauthorized(INVALID_TOKEN));
            }
        };
        let wanted = wanted(request.uri.query().unwrap_or_default());
        let ip = auth::client(&request.extensions, &request.headers, trusted);
        match self.service.verify(secret, &wanted, ip).await {
            Ok(Verdict::Allowed(snapshot)) => (Outcome::Allowed, allowed(&snapshot.card)),
            Ok(Verdict::ModuleMissing(_)) => (Outcome::ModuleMissing, refusals.forbidden(&wanted)),
            Ok(Verdict::NoSuchModule(_)) => (Outcome::UnknownModule, refusals.forbidden(&wanted)),
            Ok(Verdict::Unknown) => (Outcome::Unknown, refusals.unauthorized(INVALID_TOKEN)),
            Ok(Verdict::Inactive) => (Outcome::Inactive, refusals.unauthorized(INVALID_TOKEN)),
            Err(_) => (Outcome::Unavailable, refusals.unavailable()),
        }
    }
}

/// The most modules that one question may name.
const CODES_MAX: usize = 32;

/// What the address asks for. What nobody understands asks for a module that there cannot be, so that a mistyped word lets
/// nobody in. What follows `path=` is the client's own address, which Envoy appends, and asks for nothing; with nothing
/// before it, whoever wrote it may have meant the requirement to come after.
fn wanted(query: &str) -> Wanted<'_> {
    let mut wanted = Wanted::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let codes = wanted.all.len() + wanted.any.len();
        if pair.starts_with("path=") && codes > 0 {
            break;
        }
        match form_urlencoded::parse(pair.as_bytes()).next() {
            Some((name, code)) if name == "module" && codes < CODES_MAX => {
                add(&mut wanted.all, code);
            }
            Some((name, code)) if name == "any" && codes < CODES_MAX => add(&mut wanted.any, code),
            _ => return Wanted::all([""]),
        }
    }
    wanted
}

/// Each once, so that a use counts once.
fn add<'a>(codes: &mut Vec<Cow<'a, str>>, code: Cow<'a, str>) {
    if !codes.contains(&code) {
        codes.push(code);
    }
}

/// The modules that would do, for the client to ask for: as they stand in the address, whether or not they exist, which is
/// not for everybody to hear. `None` when one of them is no code at all.
fn codes(wanted: &Wanted<'_>) -> Option<String> {
    let codes: Vec<_> = wanted
        .all
        .iter()
        .chain(&wanted.any)
        .map(|code| &**code)
        .collect();
    let is_code = |code: &&str| {
        (1..=64).contains(&code.len())
            && code
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    codes.iter().all(is_code).then(|| codes.join(" "))
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

impl Refusals {
    fn unauthorized(&self, challenge: &'static str) -> Response {
        let challenge = HeaderValue::from_static(challenge);
        let headers = [(WWW_AUTHENTICATE, challenge)];
        refusal(StatusCode::UNAUTHORIZED, &self.unauthorized, headers)
    }

    fn forbidden(&self, wanted: &Wanted<'_>) -> Response {
        let challenge = credential::insufficient_scope(codes(wanted).as_deref());
        let challenge = HeaderValue::from_str(&challenge);
        let headers = challenge
            .ok()
            .map(|challenge| (WWW_AUTHENTICATE, challenge));
        refusal(StatusCode::FORBIDDEN, &self.forbidden, headers)
    }

    fn limited(&self, seconds: u64) -> Response {
        let headers = [(RETRY_AFTER, HeaderValue::from(seconds))];
        refusal(StatusCode::TOO_MANY_REQUESTS, &self.too_many, headers)
    }

    fn unavailable(&self) -> Response {
        let headers = [(RETRY_AFTER, HeaderValue::from_static("1"))];
        refusal(StatusCode::SERVICE_UNAVAILABLE, &self.unavailable, headers)
    }
}

fn refusal(
    status: StatusCode,
    body: &Bytes,
    more: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
) -> Response {
    let mut response = Response::new(Body::from(body.clone()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, problem::CONTENT_TYPE);
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    headers.extend(more);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        for query in [
            "modul=a",
            "Module=a",
            "x",
            "module%20=a",
            "=a",
            "p%61th=/",
            "path=/&module=a",
            "path=",
        ] {
            assert_eq!(read(query), asks(&[""], &[]), "{query}");
        }
        assert_eq!(read("any=b&modul=a"), asks(&[""], &[]));
    }

    #[test]
    fn a_code_counts_once_and_there_is_an_end_to_them() {
        assert_eq!(read("module=a&module=a&any=b&any=b"), asks(&["a"], &["b"]));
        let many: Vec<_> = (0..=CODES_MAX)
            .map(|number| format!("any=a{number}"))
            .collect();
        assert_eq!(read(&many[1..].join("&")).1.len(), CODES_MAX);
        assert_eq!(read(&many.join("&")), asks(&[""], &[]));
    }

    #[test]
    fn what_a_client_appends_asks_for_nothing_and_takes_nothing_away() {
        assert_eq!(
            read("module=a&path=/x?y=1&module=b&any=c&z"),
            asks(&["a"], &[])
        );
    }

    #[test]
    fn only_what_looks_like_a_code_comes_back() {
        assert_eq!(codes(&wanted("module=a-1&any=b")).as_deref(), Some("a-1 b"));
        for query in [
            "module=",
            "module=A",
            "module=a\"",
            "module=a%0d%0ab",
            "module=a%20b",
        ] {
            assert_eq!(codes(&wanted(query)), None, "{query}");
        }
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
