//! How many requests a program may send (H-7): by its token, and by the address they come from.
//!
//! Both fill up evenly, so that no minute begins with a rush. The answer says what is left (draft-ietf-httpapi-ratelimit-
//! headers-11); one that is refused, when to come back.

use super::{super::auth, problem::Problem};
use crate::{network::place, state::AppState};
use app::port::{Actor, Who};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::RETRY_AFTER},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _,
    middleware::StateInformationMiddleware,
};
use std::{hash::Hash, net::IpAddr, num::NonZero};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// Seconds in which the number of requests is counted.
const WINDOW: u64 = 60;

type Limiter<K> = DefaultKeyedRateLimiter<K, StateInformationMiddleware>;

/// The limits of this process; none where the settings say 0.
pub struct RateLimits {
    by_token: Option<Limit<String>>,
    by_address: Option<Limit<IpAddr>>,
}

struct Limit<K: Hash + Eq + Clone> {
    name: &'static str,
    quota: NonZero<u32>,
    limiter: Limiter<K>,
}

/// Where somebody stands.
struct Standing {
    headers: [(HeaderName, HeaderValue); 2],
    /// How many seconds he has to wait; `None` when his request goes through.
    wait: Option<u64>,
}

impl RateLimits {
    /// Limits of so many requests a minute; with 0 there is none.
    #[must_use]
    pub fn new(by_token: u32, by_address: u32) -> Self {
        Self {
            by_token: Limit::new("token", by_token),
            by_address: Limit::new("address", by_address),
        }
    }

    /// For how many seconds an address has to wait, if it does.
    pub fn wait_of(&self, ip: IpAddr) -> Option<u64> {
        self.by_address.as_ref()?.ask(&place(ip)).wait
    }

    /// Forgets who has all he may have. To be called now and then.
    pub fn forget_idle(&self) {
        if let Some(limit) = &self.by_token {
            limit.limiter.retain_recent();
        }
        if let Some(limit) = &self.by_address {
            limit.limiter.retain_recent();
        }
    }
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(name: &'static str, quota: u32) -> Option<Self> {
        let quota = NonZero::new(quota)?;
        let limiter = RateLimiter::keyed(Quota::per_minute(quota))
            .with_middleware::<StateInformationMiddleware>();
        Some(Self {
            name,
            quota,
            limiter,
        })
    }

    fn ask(&self, key: &K) -> Standing {
        let (left, wait) = match self.limiter.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(self.limiter.clock().now());
                (0, Some(wait.as_secs() + 1))
            }
        };
        // When all would be there again.
        let used = u64::from(self.quota.get() - left.min(self.quota.get()));
        let again = (used * WINDOW).div_ceil(u64::from(self.quota.get()));
        let policy = format!("\"{}\";q={};w={WINDOW}", self.name, self.quota);
        let standing = format!("\"{}\";r={left};t={again}", self.name);
        Standing {
            headers: [(POLICY, header(&policy)), (LIMIT, header(&standing))],
            wait,
        }
    }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// Holds an address to its limit, before its token is looked at.
pub async fn by_address(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(limit) = &state.rates.by_address else {
        return next.run(request).await;
    };
    let origin = auth::origin(&request, &state.config.trusted_proxies);
    let Some(ip) = origin.ip else {
        return next.run(request).await;
    };
    held(limit.ask(&place(ip)), request, next).await
}

/// The same where gateways and services ask about tokens: behind a trusted proxy's address stand all of its clients, so it
/// has no limit.
pub async fn by_stranger(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match auth::stranger(request.extensions(), &state.config.trusted_proxies) {
        Some(_) => by_address(State(state), request, next).await,
        None => next.run(request).await,
    }
}

/// Holds a token to its limit.
pub async fn by_token(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Actor>().map(|actor| &actor.who);
    let (Some(limit), Some(Who::Token(token))) = (&state.rates.by_token, actor) else {
        return next.run(request).await;
    };
    let standing = limit.ask(&token.id.to_string());
    held(standing, request, next).await
}

async fn held(standing: Standing, request: Request, next: Next) -> Response {
    let mut response = match standing.wait {
        None => next.run(request).await,
        Some(seconds) => {
            let message = format!("Too many requests. Wait {seconds} s, then go on more slowly.");
            let mut refused = Problem::new(StatusCode::TOO_MANY_REQUESTS, &message).into_response();
            refused
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
            refused
        }
    };
    tell(response.headers_mut(), standing.headers);
    response
}

/// Adds where somebody stands, unless a limit further inside said it already.
fn tell(headers: &mut HeaderMap, standing: [(HeaderName, HeaderValue); 2]) {
    for (name, value) in standing {
        headers.entry(name).or_insert(value);
    }
}
