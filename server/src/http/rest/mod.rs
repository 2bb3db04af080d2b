//! The door for programs: `/public/v1`, with a token in the header and nothing else.
//!
//! Owns the routes of the REST interface, in the order in which a request passes: limits by address, the token, limits
//! by token, then the handler. Handlers extract, call the port and shape the answer; what may be done is the port's to
//! say. Every answer that is no success is a problem of `problem`.

pub(super) mod bearer;
mod body;
mod event_types;
mod icons;
mod lists;
mod modules;
pub mod openapi;
pub mod problem;
pub(super) mod rate;
mod record_body;
mod records;
mod reference;
mod render;
mod revision;
mod select;
mod stream;
mod token_body;
mod tokens;

pub use rate::RateLimits;
pub use stream::Streams;

use super::introspect;
use crate::state::AppState;
use app::domain::module::{ACCESS_MANAGEMENT, AUDIT_TRAIL, TOKEN_VERIFICATION};
use axum::{Router, http::StatusCode, middleware::from_fn_with_state, routing::any};
use problem::Problem;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What the paths of programs begin with.
pub const PREFIX: &str = "/public/v1";

/// Whether an address is one for programs: its refusals are problems, and it may be longer than others.
#[must_use]
pub fn is_for_programs(path: &str) -> bool {
    let below = |prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest: &str| rest.is_empty() || rest.starts_with('/'))
    };
    below(PREFIX) || below("/oauth2") || below("/auth")
}

/// The module for which a token is presented at an address, to count its use by.
fn module_of(path: &str) -> Option<&'static str> {
    let rest = path.strip_prefix(PREFIX).unwrap_or(path);
    [
        ("/accounts/", ACCESS_MANAGEMENT),
        ("/audit/", AUDIT_TRAIL),
        (introspect::PATH, TOKEN_VERIFICATION),
    ]
    .into_iter()
    .find_map(|(prefix, module)| rest.starts_with(prefix).then_some(module))
}

/// Every route that the description of the interface names.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::get, tokens::update, tokens::delete))
        .routes(routes!(tokens::enable))
        .routes(routes!(tokens::disable))
        .routes(routes!(icons::get, icons::put))
        .routes(routes!(icons::get_of_account))
        .routes(routes!(modules::list))
        .routes(routes!(modules::get))
        .routes(routes!(records::list, records::create))
        .routes(routes!(records::get))
        .routes(routes!(event_types::list))
        .routes(routes!(event_types::get, event_types::update))
}

/// The routes, behind the token that each of them asks for, those that do not exist included.
pub fn routes(state: &AppState) -> Router<AppState> {
    let (known, _) = described().split_for_parts();
    known
        .route(PREFIX, any(nothing))
        .route("/public/v1/", any(nothing))
        .route("/public/v1/{*rest}", any(nothing))
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(state.clone(), rate::by_token))
        .layer(from_fn_with_state(state.clone(), bearer::authenticate))
        .layer(from_fn_with_state(state.clone(), rate::by_address))
}

/// The description of the interface as the handlers give it, introspection included.
pub(super) fn description() -> OpenApi {
    let introspection = OpenApiRouter::new().routes(routes!(introspect::introspect));
    described().merge(introspection).split_for_parts().1
}

async fn nothing() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "There is nothing at this address. All calls are described at /docs.",
    )
}

async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address cannot be used with this method. The header Allow says with which.",
    )
}
