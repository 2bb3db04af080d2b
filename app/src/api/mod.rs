//! The server functions: JSON, POST, under `/fn`. Each takes the actor and calls the port, nothing more.

#![expect(
    missing_docs,
    reason = "the macro makes a public struct of each function's arguments and drops their docs"
)]

pub mod administration;
pub mod audit;
pub mod bulk;
pub mod help;
pub mod secret;
pub mod session;
pub mod tokens;
pub mod views;

#[cfg(feature = "ssr")]
use crate::{
    error::ApiError,
    port::{Actor, Console, actor, console},
};

/// Who asks, and the server: what every function begins with.
#[cfg(feature = "ssr")]
fn caller() -> Result<(Actor, std::sync::Arc<dyn Console>), ApiError> {
    Ok((actor()?, console()?))
}

/// An id as a request has it. Text that is none gets the same answer as an id that does not exist.
#[cfg(feature = "ssr")]
fn existing<I: std::str::FromStr>(id: &str) -> Result<I, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}

/// Sets the status that goes with a failure, for a server function and for a page that calls one while it is
/// rendered, and names the request. The only place where either happens.
#[cfg(feature = "ssr")]
fn answer<T>(result: Result<T, ApiError>) -> Result<T, ApiError> {
    result.map_err(|mut error| {
        if let (Some(options), Ok(status)) = (
            leptos::prelude::use_context::<leptos_axum::ResponseOptions>(),
            http::StatusCode::from_u16(error.code.status()),
        ) {
            options.set_status(status);
        }
        error.request_id = leptos::prelude::use_context::<crate::port::RequestId>().map(|id| id.0);
        error
    })
}
