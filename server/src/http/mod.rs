//! The doors for browsers and programs: routes, and what happens to every request on its way to one.
//!
//! Owns [`router`], the only place that puts routes and layers in order. Handlers know the service, never the store.

pub mod assets;
pub mod auth;
pub mod credential;
pub mod docs;
mod done;
pub mod error_page;
pub mod export;
pub mod form;
pub mod health;
pub mod icons;
pub mod introspect;
pub mod invitation;
pub mod metrics;
pub mod middleware;
pub mod next;
pub mod profile;
pub mod rest;
pub mod serve;
pub mod session;
pub mod setup;
pub mod ui;
pub mod verify;
mod watch;

use crate::state::AppState;
use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
};
use error_page::Refusal;
use middleware::{csp, limits, log, no_store, origin, request_id};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, csrf::ConfigError};

/// What a plain form is sent as.
const FORM: &[&str] = &["application/x-www-form-urlencoded"];
/// What a server function is sent as.
const JSON: &[&str] = &["application/json"];
/// What a picture is sent as. No form of another site can send any of these.
const PICTURE: &[&str] = &["image/*", "application/octet-stream"];

/// The whole of the server's HTTP.
///
/// # Errors
/// The public address is no origin, which its check in the settings rules out.
pub fn router(state: AppState) -> Result<Router, ConfigError> {
    let identify = from_fn_with_state(state.clone(), auth::identify);
    let gate = from_fn_with_state(state.clone(), setup::gate);

    // Probes and files: for everyone, without a look at cookies.
    let open = Router::new()
        .merge(health::routes())
        .merge(assets::routes())
        .merge(docs::routes());
    // First start: /setup.
    let first = setup::routes()
        .layer(from_fn(|r, n| origin::content_type(FORM, r, n)))
        .layer(identify.clone());
    // Everything else waits for first start to be done.
    let forms = session::routes()
        .merge(invitation::routes())
        .merge(profile::routes())
        .layer(from_fn(|r, n| origin::content_type(FORM, r, n)));
    let functions = ui::functions().layer(from_fn(|r, n| origin::content_type(JSON, r, n)));
    let icons = icons::routes().layer(from_fn(|r, n| origin::content_type(PICTURE, r, n)));
    let console = ui::pages()
        .merge(export::routes())
        .merge(forms)
        .merge(functions)
        .merge(icons)
        .fallback(ui::not_found)
        .layer(identify)
        .layer(gate);

    let routes = open
        .merge(first)
        .merge(console)
        .merge(rest::routes(&state))
        .merge(introspect::routes(&state))
        .method_not_allowed_fallback(wrong_method);

    // From the outside in.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), request_id::name))
        .layer(from_fn_with_state(state.clone(), log::line))
        .layer(from_fn_with_state(state.clone(), csp::protect))
        .layer(from_fn(no_store::by_default))
        .layer(from_fn(error_page::fill))
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(from_fn(limits::address))
        .layer(origin::layer(&state.config)?)
        .layer(from_fn_with_state(state.clone(), origin::strict))
        .layer(from_fn(limits::body))
        .layer(from_fn(limits::deadline));
    // Beside all of them: gateways wait for it with every request of theirs. It answers in few ways, looks at no cookie, no
    // origin and no body, and names no request; its figures stand in for the log.
    let verify = verify::routes(&state);
    Ok(routes.layer(layers).merge(verify).with_state(state))
}

async fn wrong_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address cannot be used in this way.",
    )
}

fn panicked() -> axum::response::Response {
    tracing::error!("a handler panicked");
    axum::response::IntoResponse::into_response(Refusal::internal())
}
