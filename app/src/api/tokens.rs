//! Server functions about API tokens.

use crate::{
    domain::{
        page::Page,
        token::{EditOutcome, TokenDetails, TokenEdit, TokenForm, TokenQuery, TokenSummary},
    },
    error::ApiError,
};
use leptos::{prelude::*, server_fn::codec::Json};

/// A page of tokens.
///
/// # Errors
/// As [`Console::list_tokens`](crate::port::Console::list_tokens); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_tokens", input = Json, output = Json)]
pub async fn list_tokens(query: TokenQuery) -> Result<Page<TokenSummary>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_tokens(&actor, &query).await
        }
        .await,
    )
}

/// One token. An id that is none gets the same answer as one that does not exist.
///
/// # Errors
/// As [`Console::get_token`](crate::port::Console::get_token); unauthenticated.
#[server(prefix = "/fn", endpoint = "get_token", input = Json, output = Json)]
pub async fn get_token(id: String) -> Result<TokenDetails, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.get_token(&actor, parse(&id)?).await
        }
        .await,
    )
}

/// What the edit form starts from.
///
/// # Errors
/// As [`Console::get_token_form`](crate::port::Console::get_token_form); unauthenticated.
#[server(prefix = "/fn", endpoint = "get_token_form", input = Json, output = Json)]
pub async fn get_token_form(id: String) -> Result<TokenForm, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.get_token_form(&actor, parse(&id)?).await
        }
        .await,
    )
}

/// Saves the edit form.
///
/// # Errors
/// As [`Console::edit_token`](crate::port::Console::edit_token); unauthenticated.
#[server(prefix = "/fn", endpoint = "edit_token", input = Json, output = Json)]
pub async fn edit_token(id: String, edit: TokenEdit) -> Result<EditOutcome, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.edit_token(&actor, parse(&id)?, &edit).await
        }
        .await,
    )
}

#[cfg(feature = "ssr")]
fn parse(id: &str) -> Result<crate::domain::token::TokenId, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}
