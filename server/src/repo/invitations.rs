//! Invitations: one a person at most, found by the hash of its code.

use super::{StoreError, id};
use crate::entity::invitation;
use app::domain::{time::Timestamp, user::UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use std::collections::HashMap;

/// Makes this the only invitation of a person.
pub(crate) async fn put_invitation(
    conn: &impl ConnectionTrait,
    user: UserId,
    hash: [u8; 32],
    (at, until): (Timestamp, Timestamp),
    by: &str,
) -> Result<(), StoreError> {
    use invitation::Column as Of;
    let row = invitation::ActiveModel {
        user_id: Set(user.to_string()),
        code_hash: Set(hash.to_vec()),
        expires_at: Set(until.0),
        created_at: Set(at.0),
        created_by: Set(by.to_owned()),
    };
    let mut replace = OnConflict::column(Of::UserId);
    replace.update_columns([Of::CodeHash, Of::ExpiresAt, Of::CreatedAt, Of::CreatedBy]);
    invitation::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Whom the code with this hash invites, and until when.
pub(crate) async fn find_invited(
    conn: &impl ConnectionTrait,
    hash: [u8; 32],
) -> Result<Option<(UserId, Timestamp)>, StoreError> {
    let found = invitation::Entity::find()
        .filter(invitation::Column::CodeHash.eq(hash.to_vec()))
        .one(conn)
        .await?;
    let pair = |row: invitation::Model| {
        let user = id("a user's id", &row.user_id)?;
        Ok((user, Timestamp(row.expires_at)))
    };
    found.map(pair).transpose()
}

/// Until when those of these people are invited who are.
pub(crate) async fn list_of(
    conn: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<HashMap<UserId, Timestamp>, StoreError> {
    let select = invitation::Entity::find()
        .filter(invitation::Column::UserId.is_in(users.iter().map(UserId::to_string)));
    let rows = select.all(conn).await?.into_iter();
    rows.map(|row| Ok((id("a user's id", &row.user_id)?, Timestamp(row.expires_at))))
        .collect()
}

/// Takes a person's invitation back, if he has one.
pub(crate) async fn delete_invitation(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<(), StoreError> {
    invitation::Entity::delete_by_id(user.to_string())
        .exec(conn)
        .await?;
    Ok(())
}
