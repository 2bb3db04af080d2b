//! How often signing in has failed, by account and by address.

use super::StoreError;
use crate::entity::sign_in_throttle as throttle;
use app::domain::time::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict,
};

/// Failures under one key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failures {
    pub count: i64,
    pub last_at: Timestamp,
}

/// The failures under a key, if there were any.
pub(crate) async fn find_failures(
    conn: &impl ConnectionTrait,
    key: &str,
) -> Result<Option<Failures>, StoreError> {
    let row = throttle::Entity::find_by_id(key.to_owned())
        .one(conn)
        .await?;
    Ok(row.map(|row| Failures {
        count: row.failures,
        last_at: Timestamp(row.last_failure_at),
    }))
}

/// Writes how many failures there are now under a key.
pub(crate) async fn update_failures(
    conn: &impl ConnectionTrait,
    key: &str,
    failures: Failures,
) -> Result<(), StoreError> {
    let row = throttle::ActiveModel {
        key: Set(key.to_owned()),
        failures: Set(failures.count),
        last_failure_at: Set(failures.last_at.0),
    };
    let mut replace = OnConflict::column(throttle::Column::Key);
    replace.update_columns([throttle::Column::Failures, throttle::Column::LastFailureAt]);
    throttle::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Forgets the failures under a key.
pub(crate) async fn delete_failures(
    conn: &impl ConnectionTrait,
    key: &str,
) -> Result<(), StoreError> {
    throttle::Entity::delete_by_id(key.to_owned())
        .exec(conn)
        .await?;
    Ok(())
}

/// Forgets failures from before a moment, so that made-up names do not pile up.
pub(crate) async fn delete_before(
    conn: &impl ConnectionTrait,
    moment: Timestamp,
) -> Result<(), StoreError> {
    throttle::Entity::delete_many()
        .filter(throttle::Column::LastFailureAt.lt(moment.0))
        .exec(conn)
        .await?;
    Ok(())
}
