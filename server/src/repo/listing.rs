//! What lists for programs share, whatever they list.

use super::StoreError;
use app::rql::RqlError;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, QueryOrder, QuerySelect, Select,
    sea_query::{ExprTrait, NullOrdering, SimpleExpr},
};

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The caller's filter or order names what is not there, or a value that does not fit.
    #[error("the query is wrong in {} places", .0.len())]
    Query(Vec<RqlError>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Vec<RqlError>> for ListError {
    fn from(errors: Vec<RqlError>) -> Self {
        Self::Query(errors)
    }
}

impl From<DbErr> for ListError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// How many rows `select` has. `key` is a column that each of them has.
pub(super) async fn count<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    select: Select<E>,
    key: E::Column,
) -> Result<u64, StoreError> {
    let counted = select.select_only().column_as(key.into_expr().count(), "n");
    let counted: Option<i64> = counted.into_tuple().one(conn).await?;
    Ok(u64::try_from(counted.unwrap_or(0)).unwrap_or(0))
}

/// `select` in these orders; equals stand by `tie`, so that pages never overlap.
pub(super) fn ordered<E: EntityTrait>(
    select: Select<E>,
    orders: Vec<(SimpleExpr, Order, NullOrdering)>,
    tie: E::Column,
) -> Select<E> {
    let sorted = orders
        .into_iter()
        .fold(select, |select, (key, order, nulls)| {
            select.order_by_with_nulls(key, order, nulls)
        });
    sorted.order_by_asc(tie)
}
