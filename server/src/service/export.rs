//! All tokens of a list for a file. What belongs to it and in which order is fixed when it is opened; the rows follow in
//! batches, so that the memory stays the same however many there are.

use super::{ConsoleService, ServiceError, authz, seen};
use crate::repo::{self, tokens::TokenScope};
use app::{
    domain::{
        token::{TokenDetails, TokenId},
        token_query::TokenQuery,
    },
    error::ApiError,
    port::{Actor, Who},
};
use std::vec;

/// The most tokens of one file: so many ids are kept while it is sent.
pub(crate) const EXPORT_MAX: u64 = 1_000_000;
/// Tokens that are read at a time.
const BATCH: usize = 500;

/// What of a list is still to be sent, and to whom.
#[derive(Debug)]
pub(crate) struct TokenExport {
    actor: Actor,
    ids: vec::IntoIter<TokenId>,
    /// Whether deleted tokens belong to it.
    deleted: bool,
}

impl TokenExport {
    /// How many tokens there were when it was opened; one more than [`EXPORT_MAX`] for any larger number.
    pub(crate) fn len(&self) -> u64 {
        self.ids.as_slice().len() as u64
    }
}

impl ConsoleService {
    /// Opens the list that the query narrows and sorts, whatever page of it is asked for.
    ///
    /// # Errors
    /// A filter that is wrong, with each fault; unavailable, when finding the tokens takes too long.
    pub(crate) async fn open_export(
        &self,
        actor: &Actor,
        query: &TokenQuery,
    ) -> Result<TokenExport, ApiError> {
        seen(self.listed_for_export(actor, query).await, &actor.origin)
    }

    /// The next tokens, those that are still there; nothing after the last ones.
    ///
    /// # Errors
    /// Unauthenticated, when the sign-in ended meanwhile; the store failed.
    pub(crate) async fn next_of_export(
        &self,
        export: &mut TokenExport,
    ) -> Result<Option<Vec<TokenDetails>>, ApiError> {
        let ids: Vec<_> = export.ids.by_ref().take(BATCH).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let rows = self.exported(export, &ids).await;
        seen(rows, &export.actor.origin).map(Some)
    }

    async fn listed_for_export(
        &self,
        actor: &Actor,
        query: &TokenQuery,
    ) -> Result<TokenExport, ServiceError> {
        // One more than there may be shows that there are more.
        let (ids, deleted) = self.listed_ids(actor, query, EXPORT_MAX + 1).await?;
        Ok(TokenExport {
            actor: actor.clone(),
            ids: ids.into_iter(),
            deleted,
        })
    }

    async fn exported(
        &self,
        export: &TokenExport,
        ids: &[TokenId],
    ) -> Result<Vec<TokenDetails>, ServiceError> {
        let (conn, actor) = (self.db.read(), &export.actor);
        self.is_still_signed_in(actor).await?;
        let scope = authz::token_scope(actor)?;
        let scope = TokenScope {
            deleted: scope.deleted && export.deleted,
            ..scope
        };
        let rows = repo::token_pages::list_by_id(conn, scope, ids).await?;
        self.details_of(conn, actor, rows).await
    }

    /// A file can take minutes; whose sign-in is ended meanwhile gets no more of it.
    async fn is_still_signed_in(&self, actor: &Actor) -> Result<(), ServiceError> {
        let (Who::User(user), Some(handle)) = (&actor.who, &actor.sign_in) else {
            return Ok(());
        };
        let conn = self.db.read();
        let begun = repo::sessions::find_authenticated_at(conn, user.id, handle).await?;
        begun.ok_or_else(ApiError::unauthenticated)?;
        Ok(())
    }
}
