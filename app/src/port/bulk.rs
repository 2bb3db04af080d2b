//! Changes to several tokens at once.

use super::Actor;
use crate::{
    domain::{
        bulk::{BulkAnswer, BulkChange, BulkChangeId, BulkOrder, TokenResult},
        directory::DirectoryQuery,
        page::Page,
    },
    error::ApiError,
};

/// The part of [`Console`](super::Console) about changes to several tokens at once. A change goes on by itself once it has
/// begun, also over a restart; each token has a line in the trail, and the whole has one when it ends.
#[async_trait::async_trait]
pub trait Bulk: Send + Sync + 'static {
    /// Begins a change, if it changes no more tokens than `agreed`; else says what it would do.
    ///
    /// # Errors
    /// Forbidden for a Viewer and for programs; not found for a module that is not there for the actor; conflict for one
    /// that no token can be given or lose, and when too many changes go on; invalid for too many tokens; as
    /// [`Console::list_tokens`](super::Console::list_tokens) for the filter.
    async fn change_tokens(
        &self,
        actor: &Actor,
        order: &BulkOrder,
        agreed: Option<u64>,
    ) -> Result<BulkAnswer, ApiError>;

    /// A change, as far as it has come.
    ///
    /// # Errors
    /// Not found, also for another account's.
    async fn get_bulk_change(
        &self,
        actor: &Actor,
        id: BulkChangeId,
    ) -> Result<BulkChange, ApiError>;

    /// Ends a change before it is through. One that has ended stays as it is.
    ///
    /// # Errors
    /// Not found; forbidden for a Viewer.
    async fn stop_bulk_change(
        &self,
        actor: &Actor,
        id: BulkChangeId,
    ) -> Result<BulkChange, ApiError>;

    /// The changes of the last 30 days, the latest first.
    ///
    /// # Errors
    /// Only failures of the server itself.
    async fn list_bulk_changes(
        &self,
        actor: &Actor,
        query: &DirectoryQuery,
    ) -> Result<Page<BulkChange>, ApiError>;

    /// What became of each token of a change: those that were left as they were first, those that wait last.
    ///
    /// # Errors
    /// Not found.
    async fn list_bulk_results(
        &self,
        actor: &Actor,
        id: BulkChangeId,
        query: &DirectoryQuery,
    ) -> Result<Page<TokenResult>, ApiError>;
}
