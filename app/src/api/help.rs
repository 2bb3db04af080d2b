//! The server function behind the help pages.

use crate::{call::Call, domain::help::HelpPage, error::ApiError};
use leptos::prelude::*;

/// The help page at this address, for whoever is signed in.
///
/// # Errors
/// Not found; unauthenticated.
#[server(prefix = "/fn", endpoint = "get_help", protocol = Call)]
pub async fn get_help(address: String) -> Result<HelpPage, ApiError> {
    super::answer(
        async {
            crate::port::actor()?;
            crate::help::page(&address).ok_or_else(ApiError::not_found)
        }
        .await,
    )
}
