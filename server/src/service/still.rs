//! Whether somebody may still do what he began: between the moment when he was looked at and the moment when he acts, a
//! program's token can be disabled, deleted or narrowed (T-30), and a person disabled or made a Viewer. Then he must not.

use super::{ConsoleService, ServiceError, authz};
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
    let who = match &actor.who {
        Who::System => Who::System,
        Who::Token(token) => {
            let row = repo::bearers::find_bearer_by_id(conn, token.id).await?;
            let row = row.filter(|row| row.status == TokenStatus::Active);
            Who::Token(Arc::new(
                row.ok_or_else(ApiError::unauthenticated)?.into_token(),
            ))
        }
        Who::User(user) => {
            let row = repo::users::find_user(conn, user.id).await?;
            let row = row.filter(|row| authz::shut_out(row).is_none());
            Who::User(row.ok_or_else(ApiError::unauthenticated)?.user)
        }
    };
    Ok(Actor {
        who,
        ..actor.clone()
    })
}
