//! Audit records as programs read them.

use super::{ConsoleService, ServiceError, authz};
use crate::repo::{self, Conn, audit::AuditRow, filter::SYSTEM_NAME};
use app::{
    domain::{
        account::{AccountId, AccountRef},
        audit::{AuditId, Change},
        listing::{ListQuery, Listing, Stretch},
        record::{AuditRecord, RecordActor, RecordObject},
    },
    error::ApiError,
    port::Actor,
};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

impl ConsoleService {
    pub(super) async fn records_matching(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<AuditRecord>, ServiceError> {
        let scope = authz::audit_scope(actor)?;
        let place = self.list_place(actor).await;
        let found =
            repo::record_lists::list_matching(self.db.list(), scope, query, stretch).await?;
        drop(place);
        let conn = self.db.read();
        Ok(Listing {
            rows: seen_records(conn, found.rows).await?,
            total: found.total,
        })
    }

    /// The numbers of a whole list, at most `most`.
    pub(super) async fn record_numbers(
        &self,
        actor: &Actor,
        query: &ListQuery,
        most: u64,
    ) -> Result<Vec<i64>, ServiceError> {
        let scope = authz::audit_scope(actor)?;
        let _place = self.list_place(actor).await;
        Ok(repo::record_lists::list_numbers(self.db.list(), scope, query, most).await?)
    }

    /// The records with these numbers, in any order.
    pub(super) async fn records_by_number(
        &self,
        actor: &Actor,
        numbers: &[i64],
    ) -> Result<Vec<AuditRecord>, ServiceError> {
        let scope = authz::audit_scope(&self.still(actor).await?)?;
        let conn = self.db.read();
        let rows = repo::record_lists::list_by_number(conn, scope, numbers).await?;
        seen_records(conn, rows).await
    }

    pub(super) async fn record_by_id(
        &self,
        actor: &Actor,
        id: AuditId,
    ) -> Result<AuditRecord, ServiceError> {
        let scope = authz::audit_scope(actor)?;
        let conn = self.db.read();
        let row = repo::audit_read::find_record(conn, scope, id).await?;
        let mut records = seen_records(conn, row.into_iter().collect()).await?;
        Ok(records.pop().ok_or_else(ApiError::not_found)?)
    }
}

/// The records that these lines are, with their accounts: one query, however many.
pub(super) async fn seen_records(
    conn: &impl Conn,
    rows: Vec<AuditRow>,
) -> Result<Vec<AuditRecord>, ServiceError> {
    let named = rows.iter().flat_map(|row| {
        let actors = row.actor_account.iter().filter_map(|id| id.parse().ok());
        actors.chain(viewers(row))
    });
    let ids: BTreeSet<AccountId> = named.collect();
    let accounts = repo::accounts::list_by_id(conn, ids).await?;
    let accounts: HashMap<_, _> = accounts
        .into_iter()
        .map(|account| (account.id, account))
        .collect();
    rows.into_iter().map(|row| seen(row, &accounts)).collect()
}

/// The accounts that see a line: the one it concerns, then those that it names.
pub(super) fn viewers(row: &AuditRow) -> Vec<AccountId> {
    let named = row.viewers.iter().flat_map(|viewers| viewers.split(','));
    let ids = row.account_id.as_deref().into_iter().chain(named);
    ids.filter_map(|id| id.parse().ok()).collect()
}

fn seen(
    row: AuditRow,
    accounts: &HashMap<AccountId, AccountRef>,
) -> Result<AuditRecord, ServiceError> {
    let viewers = viewers(&row);
    let viewers = viewers.iter().filter_map(|id| accounts.get(id)).cloned();
    let account = row.actor_account.as_deref().and_then(|id| id.parse().ok());
    let unnamed = match (&*row.actor_name, &*row.actor_kind) {
        ("", "anonymous") => Some("Unknown"),
        ("", _) => Some(SYSTEM_NAME),
        _ => None,
    };
    Ok(AuditRecord {
        id: row.id.parse().map_err(|_| repo::StoreError::Corrupt {
            what: "the id of an audit record",
            value: row.id.clone(),
        })?,
        seq: row.seq,
        documents: documents(&row)?,
        details: row.details.unwrap_or_else(|| row.summary.clone()),
        event: row.event,
        summary: row.summary,
        object: RecordObject {
            id: row.object_id,
            name: row.object_name,
            kind: row.object_type,
            revision: row.object_revision,
        },
        at: row.at,
        actor: RecordActor {
            id: row.actor_id,
            name: unnamed.map_or(row.actor_name, str::to_owned),
            account: account.and_then(|id: AccountId| accounts.get(&id)).cloned(),
        },
        private: row.visibility.is_some(),
        ip: row.ip,
        user_agent: row.user_agent,
        request_id: row.request_id,
        viewers: viewers.collect(),
    })
}

/// What a program added to the line, or the fields that changed.
fn documents(row: &AuditRow) -> Result<Option<Value>, ServiceError> {
    if let Some(documents) = &row.documents {
        return Ok(Some(serde_json::from_str(documents)?));
    }
    let changes: Vec<Change> = serde_json::from_str(&row.changes)?;
    Ok((!changes.is_empty()).then(|| json!({ "changes": changes })))
}
