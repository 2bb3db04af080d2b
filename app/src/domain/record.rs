//! Audit records as programs read and write them.

use super::{account::AccountRef, audit::AuditId, time::Timestamp};
use serde_json::Value;

/// What a record is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordObject {
    /// Its id; empty for what has none.
    pub id: String,
    /// Its name when it happened; may be empty.
    pub name: String,
    /// A word for its kind, as in `Token`.
    pub kind: String,
    /// Its revision after the change, when that raised it.
    pub revision: Option<i64>,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordActor {
    /// The id of the person or program; empty for Latchkey itself and for somebody unknown.
    pub id: String,
    /// The name then.
    pub name: String,
    /// The account of the person or program.
    pub account: Option<AccountRef>,
}

/// A record with all that programs may read of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRecord {
    /// Its id.
    pub id: AuditId,
    /// Its place in the trail; not for programs.
    pub seq: i64,
    /// The event's key.
    pub event: String,
    /// One sentence; may hold `{{path}}` places.
    pub summary: String,
    /// What there is to say beyond it; the summary again when there is nothing.
    pub details: String,
    /// To what it happened.
    pub object: RecordObject,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: RecordActor,
    /// Whether only Operations see it.
    pub private: bool,
    /// The address it was done from.
    pub ip: Option<String>,
    /// What the client said of itself.
    pub user_agent: Option<String>,
    /// The id under which the log knows the request; empty for none.
    pub request_id: String,
    /// What was added to it, or the fields that changed.
    pub documents: Option<Value>,
    /// The accounts that see it.
    pub viewers: Vec<AccountRef>,
}

/// A record that a program adds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewRecord {
    /// The event's key, `extensions.EXTENSION.EVENT`.
    pub event: String,
    /// The id of what it happened to.
    pub object_id: String,
    /// Its name; the id when there is none.
    pub object_name: String,
    /// A word for its kind; empty for the one that follows from the id.
    pub object_kind: String,
    /// One sentence.
    pub summary: String,
    /// What there is to say beyond it.
    pub details: String,
    /// Whether only Operations are to see it; `None` for as the object's last record.
    pub private: Option<bool>,
    /// JSON to keep with it.
    pub documents: Option<Value>,
}
