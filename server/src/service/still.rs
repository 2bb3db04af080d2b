//! Whether a program may still do what it began: between the moment when its token was looked at and the moment when it
//! acts, the token can be disabled, deleted or narrowed, and then it must not (T-30).

use super::{ConsoleService, ServiceError};
use crate::repo::{self, Conn, WriteTx};
use app::{
    domain::token::TokenStatus,
    error::ApiError,
    port::{Actor, Who},
};
use std::sync::Arc;

impl ConsoleService {
    /// Begins to write for somebody, with the actor as he stands now that nobody else can change it. He may have waited
    /// behind the very person who disabled his token.
    pub(super) async fn begin_write_as(
        &self,
        actor: &Actor,
    ) -> Result<(WriteTx, Actor), ServiceError> {
        let tx = self.db.begin_write().await?;
        let actor = as_now(&tx, actor).await?;
        Ok((tx, actor))
    }

    /// The actor as he stands now: a stream goes on for long, and nobody reads on with a token that opens nothing any more.
    pub(super) async fn still(&self, actor: &Actor) -> Result<Actor, ServiceError> {
        as_now(self.db.read(), actor).await
    }
}

async fn as_now(conn: &impl Conn, actor: &Actor) -> Result<Actor, ServiceError> {
    let Who::Token(token) = &actor.who else {
        return Ok(actor.clone());
    };
    let row = repo::bearers::find_bearer_by_id(conn, token.id).await?;
    let row = row.filter(|row| row.status == TokenStatus::Active);
    let row = row.ok_or_else(ApiError::unauthenticated)?;
    Ok(Actor {
        who: Who::Token(Arc::new(row.into_token())),
        ..actor.clone()
    })
}
