//! Audit records: list, get, create.

use super::{
    bearer::{Caller, Failure},
    body::Json,
    lists::{GetParams, GetRequest, Id, ListParams, ListRequest, Mode, picked, usual},
    record_body::{
        AuditRecordBody, AuditRecordList, NewAuditRecord, SHAPE_OF_LIST, SHAPE_OF_ONE, said,
    },
    render::render,
    stream,
};
use crate::state::AppState;
use app::{
    domain::record::AuditRecord,
    error::ApiError,
    port::{Actor, Console as _},
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

/// List audit records
///
/// Those that the caller's account sees; with `platform-account-management` all. `render()` beside the other
/// parameters fills in the places of texts. With the header `MPT-Streaming: true` all of them in one answer.
#[utoipa::path(
    get, path = "/public/v1/audit/records", tag = "Audit trail", operation_id = "listAuditRecords",
    params(ListParams, ("MPT-Streaming" = Option<bool>, Header, description = "`true` for all rows in one answer.")),
    responses((status = 200, description = "A page, or all rows as a stream.", content(
        (AuditRecordList = "application/json"), (String = "application/jsonl"),
    ))),
)]
pub async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    request: ListRequest,
) -> Result<Response, Failure> {
    match request.mode {
        Mode::Page(stretch) => {
            let found = state
                .service
                .list_records(&actor, &request.query, stretch)
                .await?;
            let listing = found.map(|record| body(record, request.render));
            request.page(&SHAPE_OF_LIST, stretch, listing)
        }
        Mode::Stream { most, form } => all(state, actor, request, most, form).await,
    }
}

async fn all(
    state: AppState,
    actor: Actor,
    request: ListRequest,
    most: Option<u64>,
    form: stream::Form,
) -> Result<Response, Failure> {
    let place = state.streams.place(&actor)?;
    let places = state
        .service
        .list_record_places(&actor, &request.query, stream::keys(most))
        .await?;
    let omitted = SHAPE_OF_LIST.left_out(request.select.root());
    let (select, rendered) = (request.select, request.render);
    let read = move |places: Vec<i64>| {
        let (service, actor, select) = (state.service.clone(), actor.clone(), select.clone());
        async move {
            let found = service.list_records_at(&actor, &places).await?;
            let rows = found.into_iter().map(|record| {
                let place = record.seq;
                Ok((
                    place,
                    picked(&SHAPE_OF_LIST, &select, &body(record, rendered))?,
                ))
            });
            rows.collect()
        }
    };
    stream::respond(form, &omitted, places, place, read, i64::to_string)
}

/// Get an audit record
#[utoipa::path(
    get, path = "/public/v1/audit/records/{id}", tag = "Audit trail", operation_id = "getAuditRecord",
    params(("id" = String, Path, description = "Its id.", example = "AUD-1234-1234-1234-1234"), GetParams),
    responses((status = 200, description = "As it stands now.", body = AuditRecordBody)),
)]
pub async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    request: GetRequest,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    let record = state.service.get_record(&actor, id).await?;
    let body = request.object(&SHAPE_OF_ONE, &body(record, request.render))?;
    Ok(axum::Json(body).into_response())
}

/// Add an audit record
///
/// For programs of Vendor and Operations accounts. A Vendor's can add to objects of which its account sees a record;
/// whoever sees the object's last record sees this one.
#[utoipa::path(
    post, path = "/public/v1/audit/records", tag = "Audit trail", operation_id = "createAuditRecord",
    request_body(content = NewAuditRecord, example = json!({
        "event": "extensions.crm.synced", "object": {"id": "ACC-0001-0002", "name": "Stark Industries"},
        "summary": "Contacts synchronised", "details": "{{count}} contacts of {{object.name}}.", "documents": {"count": 12},
    })),
    responses((status = 201, description = "The record.", body = AuditRecordBody)),
)]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(new): Json<NewAuditRecord>,
) -> Result<Response, Failure> {
    let record = state.service.create_record(&actor, &said(new)?).await?;
    let body = usual(&SHAPE_OF_ONE, &body(record, false))?;
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

/// The record as it goes out, its texts with their places filled in if that is asked for.
fn body(mut record: AuditRecord, rendered: bool) -> AuditRecordBody {
    if rendered {
        record.summary = render(&record.summary, &record);
        record.details = render(&record.details, &record);
    }
    record.into()
}
