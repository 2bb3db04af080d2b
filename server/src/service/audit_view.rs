//! What is seen of a line of the audit trail: its row, its details, its JSON.

use super::ServiceError;
use crate::repo::{StoreError, audit::AuditRow};
use app::domain::{
    audit::{AuditDetails, AuditId, AuditSummary, Change, ObjectRef},
    user::PersonRef,
};
use serde::Serialize;

/// A line as the trail shows it.
pub(super) fn summary(row: AuditRow) -> Result<AuditSummary, StoreError> {
    Ok(AuditSummary {
        id: record_id(&row.id)?,
        seq: row.seq,
        at: row.at,
        event: row.event,
        object: ObjectRef {
            kind: row.object_type,
            id: row.object_id,
            name: row.object_name,
        },
        actor: PersonRef {
            id: row.actor_id,
            name: row.actor_name,
        },
        summary: row.summary,
        refused: row.outcome == "refused",
    })
}

fn record_id(text: &str) -> Result<AuditId, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt {
        what: "the id of an audit record",
        value: text.to_owned(),
    })
}

/// All that is shown of one line.
pub(super) fn details(row: AuditRow) -> Result<AuditDetails, ServiceError> {
    let changes: Vec<Change> = serde_json::from_str(&row.changes)?;
    let json = serde_json::to_string_pretty(&Record::new(&row, &changes))?;
    Ok(AuditDetails {
        reason: row.reason.clone(),
        ip: row.ip.clone(),
        user_agent: row.user_agent.clone(),
        auth_method: row.auth_method.clone(),
        request_id: row.request_id.clone(),
        row: summary(row)?,
        changes,
        json,
    })
}

/// A record as it is copied, in the order in which it is read. It names what of a record leaves the server; the rest,
/// such as the address of the installation's own proxy, does not.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    id: &'a str,
    seq: i64,
    at: String,
    event: &'a str,
    summary: &'a str,
    outcome: &'a str,
    reason: Option<&'a str>,
    object: Object<'a>,
    account: Option<&'a str>,
    actor: Person<'a>,
    auth_method: Option<&'a str>,
    address: Option<&'a str>,
    user_agent: Option<&'a str>,
    request_id: &'a str,
    changes: &'a [Change],
}

#[derive(Serialize)]
struct Object<'a> {
    r#type: &'a str,
    id: &'a str,
    name: &'a str,
    revision: Option<i64>,
}

#[derive(Serialize)]
struct Person<'a> {
    r#type: &'a str,
    id: &'a str,
    name: &'a str,
    account: Option<&'a str>,
}

impl<'a> Record<'a> {
    fn new(row: &'a AuditRow, changes: &'a [Change]) -> Self {
        Self {
            id: &row.id,
            seq: row.seq,
            at: row.at.to_string(),
            event: &row.event,
            summary: &row.summary,
            outcome: &row.outcome,
            reason: row.reason.as_deref(),
            object: Object {
                r#type: &row.object_type,
                id: &row.object_id,
                name: &row.object_name,
                revision: row.object_revision,
            },
            account: row.account_id.as_deref(),
            actor: Person {
                r#type: &row.actor_kind,
                id: &row.actor_id,
                name: &row.actor_name,
                account: row.actor_account.as_deref(),
            },
            auth_method: row.auth_method.as_deref(),
            address: row.ip.as_deref(),
            user_agent: row.user_agent.as_deref(),
            request_id: &row.request_id,
            changes,
        }
    }
}
