//! Audit records as they go out and come in.

use super::{body::is_sent, lists::Meta, reference::Account, select::Shape};
use app::{
    domain::{
        account::AccountRef,
        record::{AuditRecord, NewRecord},
    },
    error::{ApiError, FieldError},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

const NAMES: &[&str] = &[
    "id",
    "event",
    "summary",
    "details",
    "object",
    "timestamp",
    "actor",
    "type",
    "request",
    "documents",
    "viewers",
    "revision",
];

/// A record in a list.
pub const SHAPE_OF_LIST: Shape = Shape {
    names: NAMES,
    omitted: &["documents", "viewers"],
    summaries: &[],
};

/// A record alone.
pub const SHAPE_OF_ONE: Shape = Shape {
    names: NAMES,
    omitted: &[],
    summaries: &[],
};

/// What a record is about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditObject {
    /// Its id. Absent for what has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false, example = "TKN-1234-1234")]
    id: String,
    /// Its name when it happened.
    #[schema(example = "Robot 1")]
    name: String,
    /// Its kind.
    #[schema(example = "Token")]
    object_type: String,
}

/// The account of whoever did it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditActorAccount)]
pub struct ActorAccount {
    id: String,
    name: String,
    account_type: &'static str,
}

/// Who did it.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditActor)]
pub struct Actor {
    /// Absent for Latchkey itself and for somebody unknown.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false, example = "USR-1234-1210")]
    id: String,
    /// The name then.
    #[schema(example = "Sarah Sanderson")]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<ActorAccount>,
}

/// The request by which it was done. Parts that are not known are absent.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditRequest)]
pub struct Request {
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<Api>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Log>,
}

/// From where.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditRequestApi)]
pub struct Api {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    /// What the client said of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
}

/// Where to look in the server's log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditRequestLog)]
pub struct Log {
    /// The number of the request.
    request_id: String,
}

/// An audit record. Members that have no value are absent.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditRecord)]
pub struct AuditRecordBody {
    /// `AUD-NNNN-NNNN-NNNN-NNNN`.
    #[schema(example = "AUD-1234-1234-1234-1234")]
    id: String,
    /// The event's key.
    #[schema(example = "platform.accounts.token.created")]
    event: String,
    /// One sentence; may hold places as in `{{object.name}}`.
    summary: String,
    /// What there is to say beyond it.
    details: String,
    /// What it is about.
    object: AuditObject,
    /// When, in UTC.
    #[schema(format = DateTime, example = "2026-04-15T12:34:00.000Z")]
    timestamp: String,
    /// Who did it.
    actor: Actor,
    /// `Public`, or `Private` for what only Operations see.
    #[schema(example = "Public")]
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Request>,
    /// What was added to it, or the fields that changed. In lists only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    documents: Option<Value>,
    /// The accounts that see it. In lists only when asked for.
    #[schema(required = false)]
    viewers: Vec<Account>,
    /// The object's revision after it, when that rose.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
}

/// A page of audit records.
#[derive(Serialize, ToSchema)]
pub struct AuditRecordList {
    #[serde(rename = "$meta")]
    meta: Meta,
    data: Vec<AuditRecordBody>,
}

impl From<AccountRef> for ActorAccount {
    fn from(account: AccountRef) -> Self {
        Self {
            id: account.id.to_string(),
            name: account.name,
            account_type: account.kind.as_str(),
        }
    }
}

impl From<AuditRecord> for AuditRecordBody {
    fn from(record: AuditRecord) -> Self {
        let api = (record.ip.is_some() || record.user_agent.is_some()).then_some(Api {
            ip: record.ip,
            user_agent: record.user_agent,
        });
        let log = (!record.request_id.is_empty()).then_some(Log {
            request_id: record.request_id,
        });
        Self {
            id: record.id.to_string(),
            event: record.event,
            summary: record.summary,
            details: record.details,
            object: AuditObject {
                id: record.object.id,
                name: record.object.name,
                object_type: record.object.kind,
            },
            timestamp: record.at.to_string(),
            actor: Actor {
                id: record.actor.id,
                name: record.actor.name,
                account: record.actor.account.map(Into::into),
            },
            r#type: if record.private { "Private" } else { "Public" },
            request: (api.is_some() || log.is_some()).then_some(Request { api, log }),
            documents: record.documents,
            viewers: record.viewers.into_iter().map(Into::into).collect(),
            revision: record.object.revision,
        }
    }
}

/// The object of a new record.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = NewAuditObject)]
pub struct NewObject {
    /// Its id; the kind of object follows from it.
    #[schema(required = true, nullable = false, example = "PRD-1234-1234")]
    id: Option<String>,
    /// Its name; the id when there is none.
    name: Option<String>,
}

/// An audit record to add. Who adds it, when and from where is known; other members are passed over.
#[derive(Deserialize, ToSchema)]
pub struct NewAuditRecord {
    /// `extensions.EXTENSION.EVENT`.
    #[schema(required = true, nullable = false, example = "extensions.crm.synced")]
    event: Option<String>,
    /// What it is about.
    #[schema(required = true, nullable = false)]
    object: Option<NewObject>,
    /// Up to 500 characters.
    #[schema(required = true, nullable = false)]
    summary: Option<String>,
    /// Up to 4,000 characters.
    #[schema(required = true, nullable = false)]
    details: Option<String>,
    /// `Public` or, for Operations, `Private`; without it as the object's last record.
    r#type: Option<String>,
    /// JSON to keep with it.
    #[schema(value_type = Option<Object>)]
    documents: Option<Value>,
    /// Cannot be chosen.
    #[serde(default, deserialize_with = "is_sent")]
    #[schema(ignore)]
    id: bool,
}

/// The record that a body describes.
pub fn said(new: NewAuditRecord) -> Result<NewRecord, ApiError> {
    let fault = |field: &str, message: &str| {
        ApiError::invalid(vec![FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        }])
    };
    if new.id {
        return Err(fault("id", "The id is drawn by Latchkey. Leave it out."));
    }
    let private = match new.r#type.as_deref() {
        None => None,
        Some(word) if word.eq_ignore_ascii_case("public") => Some(false),
        Some(word) if word.eq_ignore_ascii_case("private") => Some(true),
        Some(_) => return Err(fault("type", "Write Public or Private.")),
    };
    let object = new.object.unwrap_or_default();
    Ok(NewRecord {
        event: new.event.unwrap_or_default(),
        object_id: object.id.unwrap_or_default(),
        object_name: object.name.unwrap_or_default(),
        object_kind: String::new(),
        summary: new.summary.unwrap_or_default(),
        details: new.details.unwrap_or_default(),
        private,
        documents: new.documents,
    })
}
