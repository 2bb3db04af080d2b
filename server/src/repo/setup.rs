//! The installation's own row, the set-up code and the mark that set-up is over.

use super::StoreError;
use crate::entity::{instance, setup_code, setup_done};
use app::domain::time::Timestamp;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

/// The key of every table of one row.
const ONLY: i32 = 1;

/// The installation's name for itself.
pub(crate) async fn find_instance(
    conn: &impl ConnectionTrait,
) -> Result<Option<String>, StoreError> {
    Ok(instance::Entity::find_by_id(ONLY)
        .one(conn)
        .await?
        .map(|row| row.instance_id))
}

/// Names the installation.
pub(crate) async fn insert_instance(
    conn: &impl ConnectionTrait,
    id: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = instance::ActiveModel {
        id: Set(ONLY),
        instance_id: Set(id.to_owned()),
        created_at: Set(at.0),
    };
    instance::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The hash of the code that is good at present, and until when.
pub(crate) async fn find_code(
    conn: &impl ConnectionTrait,
) -> Result<Option<(Vec<u8>, Timestamp)>, StoreError> {
    let row = setup_code::Entity::find_by_id(ONLY).one(conn).await?;
    Ok(row.map(|row| (row.code_hash, Timestamp(row.expires_at))))
}

/// Makes this the only good code.
pub(crate) async fn update_code(
    conn: &impl ConnectionTrait,
    hash: [u8; 32],
    until: Timestamp,
) -> Result<(), StoreError> {
    let row = setup_code::ActiveModel {
        id: Set(ONLY),
        code_hash: Set(hash.to_vec()),
        expires_at: Set(until.0),
    };
    let mut replace = OnConflict::column(setup_code::Column::Id);
    replace.update_columns([setup_code::Column::CodeHash, setup_code::Column::ExpiresAt]);
    setup_code::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Leaves no code good.
pub(crate) async fn delete_code(conn: &impl ConnectionTrait) -> Result<(), StoreError> {
    setup_code::Entity::delete_by_id(ONLY).exec(conn).await?;
    Ok(())
}

/// Whether set-up is over.
pub(crate) async fn is_done(conn: &impl ConnectionTrait) -> Result<bool, StoreError> {
    Ok(setup_done::Entity::find_by_id(ONLY)
        .one(conn)
        .await?
        .is_some())
}

/// Ends set-up for ever. Fails with a duplicate when it has ended already.
pub(crate) async fn insert_done(
    conn: &impl ConnectionTrait,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = setup_done::ActiveModel {
        id: Set(ONLY),
        done_at: Set(at.0),
    };
    setup_done::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}
