//! Lists of audit records as programs ask for them, and who sees a record.

use super::{
    StoreError,
    audit::{AuditRow, from_model},
    audit_read::AuditScope,
    filter,
    listing::{ListError, count, ordered},
};
use crate::entity::{audit_record, audit_viewer};
use app::domain::{
    account::AccountId,
    listing::{ListQuery, Listing, Stretch},
};
use futures_util::TryStreamExt as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, StreamTrait,
};

fn scoped(scope: AuditScope) -> Condition {
    Condition::all().add_option(scope.account.map(filter::seen_by))
}

fn matching(
    scope: AuditScope,
    query: &ListQuery,
) -> Result<Select<audit_record::Entity>, ListError> {
    let condition = filter::compile(filter::RECORDS, query.filter.as_ref())?;
    Ok(audit_record::Entity::find().filter(scoped(scope).add(condition)))
}

/// A stretch of the records that a program asks for, and how many there are in all.
pub(crate) async fn list_matching(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
    query: &ListQuery,
    stretch: Stretch,
) -> Result<Listing<AuditRow>, ListError> {
    let select = matching(scope, query)?;
    let orders = filter::orders(filter::RECORDS, &query.order)?;
    let total = count(conn, select.clone(), audit_record::Column::Seq).await?;
    if stretch.limit == 0 || stretch.offset >= total {
        return Ok(Listing {
            rows: Vec::new(),
            total,
        });
    }
    let select = ordered(select, orders, audit_record::Column::Seq)
        .limit(stretch.limit)
        .offset(stretch.offset);
    let models = select.all(conn).await?;
    let rows = models
        .into_iter()
        .map(|model| from_model(model).0)
        .collect();
    Ok(Listing { rows, total })
}

/// The numbers of the records that a program asks for, in its order, at most `most`.
pub(crate) async fn list_numbers(
    conn: &(impl ConnectionTrait + StreamTrait),
    scope: AuditScope,
    query: &ListQuery,
    most: u64,
) -> Result<Vec<i64>, ListError> {
    let orders = filter::orders(filter::RECORDS, &query.order)?;
    let select = matching(scope, query)?
        .select_only()
        .column(audit_record::Column::Seq)
        .limit(most);
    let mut found = ordered(select, orders, audit_record::Column::Seq)
        .into_tuple::<i64>()
        .stream(conn)
        .await?;
    let mut numbers = Vec::new();
    while let Some(number) = found.try_next().await? {
        numbers.push(number);
    }
    Ok(numbers)
}

/// The records with these numbers that exist for whoever asks, in any order.
pub(crate) async fn list_by_number(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
    numbers: &[i64],
) -> Result<Vec<AuditRow>, StoreError> {
    let among = audit_record::Column::Seq.is_in(numbers.iter().copied());
    let select = audit_record::Entity::find().filter(scoped(scope).add(among));
    let models = select.all(conn).await?;
    Ok(models
        .into_iter()
        .map(|model| from_model(model).0)
        .collect())
}

/// The latest record of an object that exists for whoever asks.
pub(crate) async fn find_latest_of(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
    object: &str,
) -> Result<Option<AuditRow>, StoreError> {
    let select = audit_record::Entity::find()
        .filter(scoped(scope).add(audit_record::Column::ObjectId.eq(object)))
        .order_by_desc(audit_record::Column::Seq);
    Ok(select.one(conn).await?.map(|model| from_model(model).0))
}

/// The accounts that lines with numbers between these, both included, are found by beside the one each concerns; by
/// number and id.
pub(crate) async fn list_viewers(
    conn: &impl ConnectionTrait,
    from: i64,
    to: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    let select = audit_viewer::Entity::find()
        .select_only()
        .columns([audit_viewer::Column::Seq, audit_viewer::Column::AccountId])
        .filter(audit_viewer::Column::Seq.between(from, to));
    Ok(select.into_tuple().all(conn).await?)
}

/// Lets accounts see a record.
pub(crate) async fn insert_viewers(
    conn: &impl ConnectionTrait,
    seq: i64,
    accounts: &[AccountId],
) -> Result<(), StoreError> {
    if accounts.is_empty() {
        return Ok(());
    }
    let rows = accounts.iter().map(|account| audit_viewer::ActiveModel {
        account_id: Set(account.to_string()),
        seq: Set(seq),
    });
    audit_viewer::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}
