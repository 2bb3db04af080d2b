//! Server functions about modules, accounts and people: a list of each, and one function for all that changes it.

use crate::{
    call::Call,
    domain::{
        account::{AccountChange, AccountRow},
        directory::{DirectoryQuery, Outcome},
        module::{ModuleChange, ModuleOffer, ModuleRow},
        page::Page,
        user::{UserChange, UserChanged, UserRow},
    },
    error::ApiError,
};
use leptos::prelude::*;

/// A page of the modules.
///
/// # Errors
/// As [`Administration::list_module_rows`](crate::port::Administration::list_module_rows); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_module_rows", protocol = Call)]
pub async fn list_module_rows(query: DirectoryQuery) -> Result<Page<ModuleRow>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_module_rows(&actor, &query).await
        }
        .await,
    )
}

/// Does something with a module.
///
/// # Errors
/// As [`Administration::change_module`](crate::port::Administration::change_module); unauthenticated.
#[server(prefix = "/fn", endpoint = "change_module", protocol = Call)]
pub async fn change_module(change: ModuleChange) -> Result<Outcome, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.change_module(&actor, change).await
        }
        .await,
    )
}

/// A page of the accounts.
///
/// # Errors
/// As [`Administration::list_account_rows`](crate::port::Administration::list_account_rows); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_account_rows", protocol = Call)]
pub async fn list_account_rows(query: DirectoryQuery) -> Result<Page<AccountRow>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_account_rows(&actor, &query).await
        }
        .await,
    )
}

/// The modules that accounts can have.
///
/// # Errors
/// As [`Administration::list_module_offers`](crate::port::Administration::list_module_offers); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_module_offers", protocol = Call)]
pub async fn list_module_offers() -> Result<Vec<ModuleOffer>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_module_offers(&actor).await
        }
        .await,
    )
}

/// Does something with an account.
///
/// # Errors
/// As [`Administration::change_account`](crate::port::Administration::change_account); unauthenticated.
#[server(prefix = "/fn", endpoint = "change_account", protocol = Call)]
pub async fn change_account(change: AccountChange) -> Result<Outcome, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.change_account(&actor, change).await
        }
        .await,
    )
}

/// A page of the people.
///
/// # Errors
/// As [`Administration::list_user_rows`](crate::port::Administration::list_user_rows); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_user_rows", protocol = Call)]
pub async fn list_user_rows(query: DirectoryQuery) -> Result<Page<UserRow>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_user_rows(&actor, &query).await
        }
        .await,
    )
}

/// Does something with a person.
///
/// # Errors
/// As [`Administration::change_user`](crate::port::Administration::change_user); unauthenticated.
#[server(prefix = "/fn", endpoint = "change_user", protocol = Call)]
pub async fn change_user(change: UserChange) -> Result<UserChanged, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.change_user(&actor, change).await
        }
        .await,
    )
}
