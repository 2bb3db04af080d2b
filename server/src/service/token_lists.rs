//! Tokens as programs read them: any stretch of any list, and all of one as it was when it was opened.

use super::{ConsoleService, Place, ServiceError, authz};
use crate::repo::{
    self,
    filter::{Wanted, says_status},
};
use app::{
    domain::{
        listing::{ListQuery, Listing, Stretch},
        token::{TokenDetails, TokenId},
        token_query::TokenQuery,
    },
    error::ApiError,
    port::Actor,
    rql,
};

impl ConsoleService {
    /// A place for reading a long list, which the actor's account shares with nobody.
    pub(super) async fn list_place(&self, actor: &Actor) -> Option<Place> {
        let account = authz::home(actor).map(|account| account.to_string());
        self.list_reads.take(&account.unwrap_or_default()).await
    }

    /// A stretch of a list: four queries, however many rows.
    pub(super) async fn tokens_matching(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<TokenDetails>, ServiceError> {
        let scope = authz::token_scope(actor)?;
        let place = self.list_place(actor).await;
        let found = repo::token_lists::list_matching(self.db.list(), scope, query, stretch).await?;
        drop(place);
        let conn = self.db.read();
        let rows = self.details_of(conn, actor, found.rows).await?;
        Ok(Listing {
            rows,
            total: found.total,
        })
    }

    /// The ids of a whole list, at most `most`.
    pub(super) async fn token_ids(
        &self,
        actor: &Actor,
        query: &ListQuery,
        most: u64,
    ) -> Result<Vec<TokenId>, ServiceError> {
        let scope = authz::token_scope(actor)?;
        let _place = self.list_place(actor).await;
        Ok(repo::token_lists::list_ids(self.db.list(), scope, query, most).await?)
    }

    /// The ids of all that the console's list holds on all its pages, in its order, at most `most`; and whether deleted
    /// tokens belong to it.
    pub(super) async fn listed_ids(
        &self,
        actor: &Actor,
        query: &TokenQuery,
        most: u64,
    ) -> Result<(Vec<TokenId>, bool), ServiceError> {
        let filter = rql::parse(&query.filter).map_err(ApiError::from)?;
        let wanted = Wanted::of(authz::token_scope(actor)?, query, filter.as_ref());
        let _place = self.list_place(actor).await;
        let ids = repo::token_pages::list_ids(self.db.list(), wanted, most).await?;
        Ok((ids, filter.as_ref().is_some_and(says_status)))
    }

    /// Those of these tokens that are still there, in any order.
    pub(super) async fn tokens_by_id(
        &self,
        actor: &Actor,
        ids: &[TokenId],
    ) -> Result<Vec<TokenDetails>, ServiceError> {
        let conn = self.db.read();
        let scope = authz::token_scope(&self.still(actor).await?)?;
        let rows = repo::token_lists::list_by_id(conn, scope, ids).await?;
        self.details_of(conn, actor, rows).await
    }
}
