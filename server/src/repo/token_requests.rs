//! Forms for a new token that were sent, so that one sent twice adds one token.

use super::{StoreError, id};
use crate::entity::token_request;
use app::domain::{time::Timestamp, token::TokenId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// A form that was sent, under the key that it was drawn with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestRow {
    /// The id of whoever sent it; empty for Latchkey itself.
    pub by: String,
    pub key: String,
    /// What tells the form from another under the same key.
    pub digest: [u8; 32],
    /// The token that came of it.
    pub token: TokenId,
    pub at: Timestamp,
}

/// The form that this person sent under this key.
pub(crate) async fn find_request(
    conn: &impl ConnectionTrait,
    by: &str,
    key: &str,
) -> Result<Option<RequestRow>, StoreError> {
    let found = token_request::Entity::find_by_id((by.to_owned(), key.to_owned()));
    let Some(row) = found.one(conn).await? else {
        return Ok(None);
    };
    let digest = row.form_digest.try_into();
    Ok(Some(RequestRow {
        digest: digest.map_err(|_| StoreError::Corrupt {
            what: "the digest of a form",
            value: "something else".into(),
        })?,
        token: id("a token's id", &row.token_id)?,
        at: Timestamp(row.requested_at),
        by: row.requested_by,
        key: row.request_key,
    }))
}

/// Remembers a form that was sent.
pub(crate) async fn insert_request(
    conn: &impl ConnectionTrait,
    new: RequestRow,
) -> Result<(), StoreError> {
    let row = token_request::ActiveModel {
        requested_by: Set(new.by),
        request_key: Set(new.key),
        token_id: Set(new.token.to_string()),
        form_digest: Set(new.digest.to_vec()),
        requested_at: Set(new.at.0),
    };
    token_request::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Forgets the forms that were sent before `at`.
pub(crate) async fn delete_requests_before(
    conn: &impl ConnectionTrait,
    at: Timestamp,
) -> Result<(), StoreError> {
    token_request::Entity::delete_many()
        .filter(token_request::Column::RequestedAt.lt(at.0))
        .exec(conn)
        .await?;
    Ok(())
}
