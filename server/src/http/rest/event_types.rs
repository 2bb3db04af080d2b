//! Kinds of events that the audit trail knows: list, get, and what they are called.

use super::{
    bearer::{Caller, Failure},
    body::{Json, is_sent},
    lists::{GetParams, GetRequest, Id, ListParams, ListRequest, Meta, usual},
    select::Shape,
    stream,
};
use crate::state::AppState;
use app::{
    domain::event_type::{EventType, EventTypeEdit},
    error::{ApiError, FieldError},
    port::Console as _,
};
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const SHAPE: Shape = Shape {
    names: &["id", "key", "name", "description"],
    omitted: &[],
    summaries: &[],
};

/// A kind of event.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEventType)]
pub struct EventTypeBody {
    /// `AET-NNNN-NNNN`.
    #[schema(example = "AET-1234-1234")]
    id: String,
    /// The key that records carry.
    #[schema(example = "platform.accounts.token.created")]
    key: String,
    /// What it is called.
    #[schema(example = "API token added")]
    name: String,
    /// When it is recorded.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    description: String,
}

/// A page of kinds of events.
#[derive(Serialize, ToSchema)]
pub struct AuditEventTypeList {
    #[serde(rename = "$meta")]
    meta: Meta,
    data: Vec<EventTypeBody>,
}

/// What is to change of a kind of event. What is not sent stays.
#[derive(Deserialize, ToSchema)]
pub struct AuditEventTypeChange {
    /// What it is to be called.
    name: Option<String>,
    /// When it is recorded.
    description: Option<String>,
    /// Cannot be changed.
    #[serde(default, deserialize_with = "is_sent")]
    #[schema(ignore)]
    key: bool,
}

impl From<EventType> for EventTypeBody {
    fn from(kind: EventType) -> Self {
        Self {
            id: kind.id.to_string(),
            key: kind.key,
            name: kind.name,
            description: kind.description,
        }
    }
}

/// List kinds of events
///
/// Latchkey's own, and those of which the caller sees a record.
#[utoipa::path(
    get, path = "/public/v1/audit/event-types", tag = "Audit trail", operation_id = "listAuditEventTypes",
    params(ListParams, ("MPT-Streaming" = Option<bool>, Header, description = "`true` for all rows in one answer.")),
    responses((status = 200, description = "A page, or all rows as a stream.", content(
        (AuditEventTypeList = "application/json"), (String = "application/jsonl"),
    ))),
)]
pub async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    request: ListRequest,
) -> Result<Response, Failure> {
    let stretch = stream::stretch(&request.mode);
    let found = state
        .service
        .list_event_types(&actor, &request.query, stretch)
        .await?;
    let listing = found.map(EventTypeBody::from);
    stream::of_rows(&state.streams, &actor, &request, &SHAPE, listing)
}

/// Get a kind of event
#[utoipa::path(
    get, path = "/public/v1/audit/event-types/{id}", tag = "Audit trail", operation_id = "getAuditEventType",
    params(("id" = String, Path, description = "Its id.", example = "AET-1234-1234"), GetParams), responses((status = 200, description = "As it stands now.", body = EventTypeBody)),
)]
pub async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    request: GetRequest,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    let kind = state.service.get_event_type(&actor, id).await?;
    let body = request.object(&SHAPE, &EventTypeBody::from(kind))?;
    Ok(axum::Json(body).into_response())
}

/// Name a kind of event
///
/// For the caller's account alone; with `platform-account-management` for every account that has no name of its own.
#[utoipa::path(
    put, path = "/public/v1/audit/event-types/{id}", tag = "Audit trail", operation_id = "updateAuditEventType",
    params(("id" = String, Path, description = "Its id.", example = "AET-1234-1234")),
    request_body(content = AuditEventTypeChange, example = json!({"name": "Token added"})),
    responses((status = 200, description = "As it stands now.", body = EventTypeBody)),
)]
pub async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(change): Json<AuditEventTypeChange>,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    if change.key {
        return Err(ApiError::invalid(vec![FieldError {
            field: "key".to_owned(),
            message: "The key cannot be changed. Leave it out.".to_owned(),
        }])
        .into());
    }
    let edit = EventTypeEdit {
        name: change.name,
        description: change.description,
    };
    let kind = state.service.edit_event_type(&actor, id, &edit).await?;
    Ok(axum::Json(usual(&SHAPE, &EventTypeBody::from(kind))?).into_response())
}
