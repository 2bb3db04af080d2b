//! The audit trail: its head, its lines, and the questions that edits ask of it.

use super::{Statements, StoreError, WriteTx, id};
use crate::entity::{audit_head, audit_record};
use app::domain::{audit::Event, id::AuditId, time::Timestamp};
use sea_orm::{
    ActiveValue::{self, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
    sea_query::{Expr, Query, SimpleExpr},
};
use std::collections::HashSet;

const ONLY: i32 = 1;

/// A line of the trail, as it is kept. Texts are what a reader of the trail sees; `changes` is JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuditRow {
    pub seq: i64,
    pub id: String,
    pub at: Timestamp,
    pub event: String,
    pub actor_kind: String,
    pub actor_id: String,
    pub actor_name: String,
    pub actor_account: Option<String>,
    pub session: Option<String>,
    pub auth_method: Option<String>,
    pub ip: Option<String>,
    pub peer_ip: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: String,
    pub app_version: String,
    pub object_type: String,
    pub object_id: String,
    pub object_name: String,
    pub object_revision: Option<i64>,
    pub account_id: Option<String>,
    pub outcome: String,
    pub reason: Option<String>,
    pub summary: String,
    pub changes: String,
    pub key_kid: String,
    /// What a program has to say beyond the summary.
    pub details: Option<String>,
    /// JSON that a program added.
    pub documents: Option<String>,
    /// `Private` for what only Operations see; nothing for everything else.
    pub visibility: Option<String>,
    /// Accounts that see it beside the one it concerns, joined by commas.
    pub viewers: Option<String>,
}

/// The number and hash of the last line.
pub(crate) async fn find_head(conn: &impl ConnectionTrait) -> Result<(i64, [u8; 32]), StoreError> {
    head(audit_head::Entity::find_by_id(ONLY).one(conn).await?)
}

/// The same, and until the transaction ends nobody else can append (L-2).
pub(crate) async fn take_head(tx: &WriteTx) -> Result<(i64, [u8; 32]), StoreError> {
    let select = audit_head::Entity::find_by_id(ONLY).lock_exclusive();
    head(select.one(tx).await?)
}

fn head(row: Option<audit_head::Model>) -> Result<(i64, [u8; 32]), StoreError> {
    let head = row.and_then(|row| Some((row.seq, row.hash.try_into().ok()?)));
    head.ok_or_else(|| StoreError::Corrupt {
        what: "the head of the audit trail",
        value: "something else".into(),
    })
}

/// Whether a line with this id exists.
pub(crate) async fn has_record(
    conn: &impl ConnectionTrait,
    id: AuditId,
) -> Result<bool, StoreError> {
    Ok(!list_existing(conn, &[id]).await?.is_empty())
}

/// Those of these ids that lines have.
pub(crate) async fn list_existing(
    conn: &impl ConnectionTrait,
    ids: &[AuditId],
) -> Result<HashSet<AuditId>, StoreError> {
    let texts = ids.iter().map(AuditId::to_string);
    let lines = audit_record::Entity::find().filter(audit_record::Column::Id.is_in(texts));
    ids_of(lines, conn).await
}

/// The ids of the lines after the one with this number.
pub(crate) async fn list_ids_after(
    conn: &impl ConnectionTrait,
    seq: i64,
) -> Result<HashSet<AuditId>, StoreError> {
    ids_of(
        audit_record::Entity::find().filter(audit_record::Column::Seq.gt(seq)),
        conn,
    )
    .await
}

async fn ids_of(
    lines: Select<audit_record::Entity>,
    conn: &impl ConnectionTrait,
) -> Result<HashSet<AuditId>, StoreError> {
    let select = lines.select_only().column(audit_record::Column::Id);
    let found: Vec<String> = select.into_tuple().all(conn).await?;
    found.iter().map(|text| id("a record's id", text)).collect()
}

/// Appends lines, each with its hash, and moves the head to the last.
pub(crate) fn insert_records(statements: &mut Statements, lines: Vec<(AuditRow, [u8; 32])>) {
    let Some((last, hash)) = lines.last().map(|(row, hash)| (row.seq, *hash)) else {
        return;
    };
    let mut head = Query::update();
    head.table(audit_head::Entity)
        .value(audit_head::Column::Seq, last)
        .value(audit_head::Column::Hash, hash.to_vec());
    statements.insert(lines.into_iter().map(|(row, hash)| active(row, hash)));
    statements.push(&head);
}

fn active(row: AuditRow, hash: [u8; 32]) -> audit_record::ActiveModel {
    audit_record::ActiveModel {
        seq: Set(row.seq),
        id: Set(row.id),
        at: Set(row.at.0),
        event: Set(row.event),
        actor_kind: Set(row.actor_kind),
        actor_id: Set(row.actor_id),
        actor_name: Set(row.actor_name),
        actor_account: maybe(row.actor_account),
        session: maybe(row.session),
        auth_method: maybe(row.auth_method),
        ip: maybe(row.ip),
        peer_ip: maybe(row.peer_ip),
        user_agent: maybe(row.user_agent),
        request_id: Set(row.request_id),
        app_version: Set(row.app_version),
        object_type: Set(row.object_type),
        object_id: Set(row.object_id),
        object_name: Set(row.object_name),
        object_revision: maybe(row.object_revision),
        account_id: maybe(row.account_id),
        outcome: Set(row.outcome),
        reason: maybe(row.reason),
        summary: Set(row.summary),
        changes: Set(row.changes),
        key_kid: Set(row.key_kid),
        hash: Set(hash.to_vec()),
        details: maybe(row.details),
        documents: maybe(row.documents),
        visibility: maybe(row.visibility),
        viewers: maybe(row.viewers),
    }
}

/// A column that holds nothing is not named: half of them do not, and statements of many lines are shorter for it.
fn maybe<T>(value: Option<T>) -> ActiveValue<Option<T>>
where
    Option<T>: Into<Value>,
{
    value.map_or(ActiveValue::NotSet, |value| Set(Some(value)))
}

pub(super) fn from_model(model: audit_record::Model) -> (AuditRow, Vec<u8>) {
    let row = AuditRow {
        seq: model.seq,
        id: model.id,
        at: Timestamp(model.at),
        event: model.event,
        actor_kind: model.actor_kind,
        actor_id: model.actor_id,
        actor_name: model.actor_name,
        actor_account: model.actor_account,
        session: model.session,
        auth_method: model.auth_method,
        ip: model.ip,
        peer_ip: model.peer_ip,
        user_agent: model.user_agent,
        request_id: model.request_id,
        app_version: model.app_version,
        object_type: model.object_type,
        object_id: model.object_id,
        object_name: model.object_name,
        object_revision: model.object_revision,
        account_id: model.account_id,
        outcome: model.outcome,
        reason: model.reason,
        summary: model.summary,
        changes: model.changes,
        key_kid: model.key_kid,
        details: model.details,
        documents: model.documents,
        visibility: model.visibility,
        viewers: model.viewers,
    };
    (row, model.hash)
}

/// The key ids that lines name. Steps from one to the next over the index, so a long trail takes no longer.
pub(crate) async fn list_kids(conn: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let mut kids: Vec<String> = Vec::new();
    loop {
        let last = kids.last().cloned().unwrap_or_default();
        let next = audit_record::Entity::find()
            .select_only()
            .column_as(audit_record::Column::KeyKid.min(), "kid")
            .filter(audit_record::Column::KeyKid.gt(last));
        let next: Option<Option<String>> = next.into_tuple().one(conn).await?;
        let Some(kid) = next.flatten() else {
            return Ok(kids);
        };
        kids.push(kid);
    }
}

/// The lowest and the highest number of a line; `None` without any.
pub(crate) async fn find_ends(
    conn: &impl ConnectionTrait,
) -> Result<Option<(i64, i64)>, StoreError> {
    let select = audit_record::Entity::find()
        .select_only()
        .column_as(audit_record::Column::Seq.min(), "lowest")
        .column_as(audit_record::Column::Seq.max(), "highest");
    let ends: Option<(Option<i64>, Option<i64>)> = select.into_tuple().one(conn).await?;
    Ok(ends.and_then(|(lowest, highest)| lowest.zip(highest)))
}

/// The id of the line with this number.
pub(crate) async fn find_id(
    conn: &impl ConnectionTrait,
    seq: i64,
) -> Result<Option<String>, StoreError> {
    let select = audit_record::Entity::find()
        .select_only()
        .column(audit_record::Column::Id)
        .filter(audit_record::Column::Seq.eq(seq));
    Ok(select.into_tuple().one(conn).await?)
}

/// What a line is about: its number, its event's key, the id of the object, and what of it was changed, as JSON.
pub(crate) type Happened = (i64, String, String, Option<String>);

/// What lines after `seq` are about, in order, at most `limit`. What was changed is read for the event with this key only:
/// there may be very many lines.
pub(crate) async fn list_happened_after(
    conn: &impl ConnectionTrait,
    seq: i64,
    limit: u64,
    with_changes: &str,
) -> Result<Vec<Happened>, StoreError> {
    use audit_record::Column as Record;
    let changes: SimpleExpr =
        Expr::case(Record::Event.eq(with_changes), Expr::col(Record::Changes)).into();
    Ok(audit_record::Entity::find()
        .select_only()
        .columns([Record::Seq, Record::Event, Record::ObjectId])
        .column_as(changes, "changes")
        .filter(Record::Seq.gt(seq))
        .order_by_asc(Record::Seq)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?)
}

/// Lines after `seq` with their hashes, in order, at most `limit`.
pub(crate) async fn list_after(
    conn: &impl ConnectionTrait,
    seq: i64,
    limit: u64,
) -> Result<Vec<(AuditRow, Vec<u8>)>, StoreError> {
    let select = audit_record::Entity::find()
        .filter(audit_record::Column::Seq.gt(seq))
        .order_by_asc(audit_record::Column::Seq)
        .limit(limit);
    Ok(select
        .all(conn)
        .await?
        .into_iter()
        .map(from_model)
        .collect())
}

/// The lines of this event about these objects.
pub(crate) async fn list_of_event(
    conn: &impl ConnectionTrait,
    event: Event,
    objects: Vec<String>,
) -> Result<Vec<AuditRow>, StoreError> {
    let select = audit_record::Entity::find()
        .filter(audit_record::Column::ObjectId.is_in(objects))
        .filter(audit_record::Column::Event.eq(event.key()))
        .order_by_desc(audit_record::Column::Seq);
    let models = select.all(conn).await?;
    Ok(models
        .into_iter()
        .map(|model| from_model(model).0)
        .collect())
}

/// The lines that raised an object's revision past `revision`, in order.
pub(crate) async fn list_changes_after(
    conn: &impl ConnectionTrait,
    object: &str,
    revision: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let select = audit_record::Entity::find()
        .filter(audit_record::Column::ObjectId.eq(object))
        .filter(audit_record::Column::ObjectRevision.gt(revision))
        .order_by_asc(audit_record::Column::Seq);
    Ok(select
        .all(conn)
        .await?
        .into_iter()
        .map(|model| from_model(model).0)
        .collect())
}
