//! Server functions about API tokens.

use crate::{
    call::Call,
    domain::{
        account::AccountId,
        filter::FilterChoices,
        lifecycle::TokenAction,
        new_token::{CreatedToken, NewToken, NewTokenForm},
        page::Total,
        token::{EditOutcome, TokenDetails, TokenEdit, TokenForm, TokenList},
        token_query::TokenQuery,
    },
    error::ApiError,
};
use leptos::prelude::*;

/// A page of tokens.
///
/// # Errors
/// As [`Console::list_tokens`](crate::port::Console::list_tokens); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_tokens", protocol = Call)]
pub async fn list_tokens(query: TokenQuery) -> Result<TokenList, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_tokens(&actor, &query).await
        }
        .await,
    )
}

/// How many tokens a list has on all its pages.
///
/// # Errors
/// As [`Console::count_tokens`](crate::port::Console::count_tokens); unauthenticated.
#[server(prefix = "/fn", endpoint = "count_tokens", protocol = Call)]
pub async fn count_tokens(query: TokenQuery, all: bool) -> Result<Total, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.count_tokens(&actor, &query, all).await
        }
        .await,
    )
}

/// What the values of a filter's conditions can be chosen from.
///
/// # Errors
/// As [`Console::list_filter_choices`](crate::port::Console::list_filter_choices); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_filter_choices", protocol = Call)]
pub async fn list_filter_choices() -> Result<FilterChoices, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_filter_choices(&actor).await
        }
        .await,
    )
}

/// One token. An id that is none gets the same answer as one that does not exist.
///
/// # Errors
/// As [`Console::get_token`](crate::port::Console::get_token); unauthenticated.
#[server(prefix = "/fn", endpoint = "get_token", protocol = Call)]
pub async fn get_token(id: String) -> Result<TokenDetails, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.get_token(&actor, super::existing(&id)?).await
        }
        .await,
    )
}

/// What the edit form starts from.
///
/// # Errors
/// As [`Console::get_token_form`](crate::port::Console::get_token_form); unauthenticated.
#[server(prefix = "/fn", endpoint = "get_token_form", protocol = Call)]
pub async fn get_token_form(id: String) -> Result<TokenForm, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.get_token_form(&actor, super::existing(&id)?).await
        }
        .await,
    )
}

/// Saves the edit form.
///
/// # Errors
/// As [`Console::edit_token`](crate::port::Console::edit_token); unauthenticated.
#[server(prefix = "/fn", endpoint = "edit_token", protocol = Call)]
pub async fn edit_token(id: String, edit: TokenEdit) -> Result<EditOutcome, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console
                .edit_token(&actor, super::existing(&id)?, &edit)
                .await
        }
        .await,
    )
}

/// What the form for a new token starts from.
///
/// # Errors
/// As [`Console::get_new_token_form`](crate::port::Console::get_new_token_form); unauthenticated.
#[server(prefix = "/fn", endpoint = "get_new_token_form", protocol = Call)]
pub async fn get_new_token_form(account: Option<AccountId>) -> Result<NewTokenForm, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.get_new_token_form(&actor, account).await
        }
        .await,
    )
}

/// Adds a token. The answer has its secret, and is kept nowhere.
///
/// # Errors
/// As [`Console::create_token`](crate::port::Console::create_token); unauthenticated.
#[server(prefix = "/fn", endpoint = "create_token", protocol = Call)]
pub async fn create_token(new: NewToken) -> Result<CreatedToken, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.create_token(&actor, &new).await
        }
        .await,
    )
}

/// Disables, enables or deletes a token.
///
/// # Errors
/// As [`Console::change_token_status`](crate::port::Console::change_token_status); unauthenticated.
#[server(prefix = "/fn", endpoint = "change_token_status", protocol = Call)]
pub async fn change_token_status(id: String, action: TokenAction) -> Result<(), ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console
                .change_token_status(&actor, super::existing(&id)?, action, None)
                .await
        }
        .await,
    )
}
