//! Server functions about changes to several tokens at once.

use crate::{
    call::Call,
    domain::{
        bulk::{BulkAnswer, BulkChange, BulkOrder, TokenResult},
        directory::DirectoryQuery,
        page::Page,
    },
    error::ApiError,
};
use leptos::prelude::*;

/// Begins a change, or says what it would do.
///
/// # Errors
/// As [`Bulk::change_tokens`](crate::port::Bulk::change_tokens); unauthenticated.
#[server(prefix = "/fn", endpoint = "change_tokens", protocol = Call)]
pub async fn change_tokens(order: BulkOrder, agreed: Option<u64>) -> Result<BulkAnswer, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.change_tokens(&actor, &order, agreed).await
        }
        .await,
    )
}

/// A change, as far as it has come.
///
/// # Errors
/// As [`Bulk::get_bulk_change`](crate::port::Bulk::get_bulk_change); unauthenticated.
#[server(prefix = "/fn", endpoint = "get_bulk_change", protocol = Call)]
pub async fn get_bulk_change(id: String) -> Result<BulkChange, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            let id = super::existing(&id)?;
            console.get_bulk_change(&actor, id).await
        }
        .await,
    )
}

/// Ends a change before it is through.
///
/// # Errors
/// As [`Bulk::stop_bulk_change`](crate::port::Bulk::stop_bulk_change); unauthenticated.
#[server(prefix = "/fn", endpoint = "stop_bulk_change", protocol = Call)]
pub async fn stop_bulk_change(id: String) -> Result<BulkChange, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            let id = super::existing(&id)?;
            console.stop_bulk_change(&actor, id).await
        }
        .await,
    )
}

/// The changes of the last time.
///
/// # Errors
/// As [`Bulk::list_bulk_changes`](crate::port::Bulk::list_bulk_changes); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_bulk_changes", protocol = Call)]
pub async fn list_bulk_changes(query: DirectoryQuery) -> Result<Page<BulkChange>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_bulk_changes(&actor, &query).await
        }
        .await,
    )
}

/// What became of each token of a change.
///
/// # Errors
/// As [`Bulk::list_bulk_results`](crate::port::Bulk::list_bulk_results); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_bulk_results", protocol = Call)]
pub async fn list_bulk_results(
    id: String,
    query: DirectoryQuery,
) -> Result<Page<TokenResult>, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            let id = super::existing(&id)?;
            console.list_bulk_results(&actor, id, &query).await
        }
        .await,
    )
}
