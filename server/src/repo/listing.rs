//! What lists for programs share, whatever they list.

use super::StoreError;
use app::rql::RqlError;
use sea_orm::{
    DbErr, EntityTrait, Order, QueryOrder, Select,
    sea_query::{NullOrdering, SimpleExpr},
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
