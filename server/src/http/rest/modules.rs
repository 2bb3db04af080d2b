//! Modules: list and get.

use super::{
    bearer::{Caller, Failure},
    lists::{GetParams, GetRequest, Id, ListParams, ListRequest, Meta},
    reference::ModuleBody,
    select::Shape,
    stream,
};
use crate::state::AppState;
use app::{error::ApiError, port::Console as _};
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

const SHAPE: Shape = Shape {
    names: &[
        "id",
        "name",
        "description",
        "code",
        "revision",
        "accountTypes",
        "settings",
        "audit",
    ],
    omitted: &["audit"],
    summaries: &[],
};

/// A page of modules.
#[derive(Serialize, ToSchema)]
pub struct ModuleList {
    #[serde(rename = "$meta")]
    meta: Meta,
    data: Vec<ModuleBody>,
}

/// List modules
///
/// Those that the caller's account has; with `platform-account-management` all.
#[utoipa::path(
    get, path = "/public/v1/accounts/modules", tag = "Modules", operation_id = "listModules",
    params(ListParams, ("MPT-Streaming" = Option<bool>, Header, description = "`true` for all rows in one answer.")),
    responses((status = 200, description = "A page, or all rows as a stream.", content(
        (ModuleList = "application/json"), (String = "application/jsonl"),
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
        .list_modules(&actor, &request.query, stretch)
        .await?;
    let listing = found.map(ModuleBody::from);
    stream::of_rows(&state.streams, &actor, &request, &SHAPE, listing)
}

/// Get a module
#[utoipa::path(
    get, path = "/public/v1/accounts/modules/{id}", tag = "Modules", operation_id = "getModule",
    params(("id" = String, Path, description = "Its id.", example = "MOD-1756"), GetParams), responses((status = 200, description = "As it stands now.", body = ModuleBody)),
)]
pub async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    request: GetRequest,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    let module = state.service.get_module(&actor, id).await?;
    let body = request.object(&SHAPE, &ModuleBody::from(module))?;
    Ok(axum::Json(body).into_response())
}
