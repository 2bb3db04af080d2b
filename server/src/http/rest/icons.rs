//! The pictures of API tokens and of accounts, each at its own address.

use super::{
    super::{icons::HEADERS, middleware::limits},
    bearer::{Caller, Failure},
    lists::Id,
    revision,
    token_body::ApiToken,
    tokens::{changed, parsed},
};
use crate::state::AppState;
use app::{
    error::ApiError,
    port::{Administration as _, Console as _},
};
use axum::{
    extract::{FromRequestParts as _, Request, State},
    http::{HeaderName, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;

/// These addresses stay the same when the picture changes.
const NOT_FOR_LONG: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "private, no-cache")];

/// The bytes of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Picture(#[expect(dead_code, reason = "only described")] Vec<u8>);

/// Get the picture of an API token
///
/// PNG, whatever was sent.
#[utoipa::path(
    get, path = "/public/v1/accounts/api-tokens/{id}/icon", tag = "API tokens", operation_id = "getApiTokenIcon",
    params(("id" = String, Path, description = "Its id.", example = "TKN-1234-1234")),
    responses((status = 200, description = "The picture.", body = Picture, content_type = "image/png")),
)]
pub async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Response, Failure> {
    let id = parsed(&id)?;
    let icon = state.service.find_icon(&actor, id).await?;
    let png = state.service.get_icon(&actor, id, &icon).await?;
    Ok((HEADERS, NOT_FOR_LONG, png).into_response())
}

/// Get the picture of an account
///
/// PNG. The caller's own account; with `platform-account-management` any.
#[utoipa::path(
    get, path = "/public/v1/accounts/accounts/{id}/icon", tag = "Accounts", operation_id = "getAccountIcon",
    params(("id" = String, Path, description = "Its id.", example = "ACC-0001-0002")),
    responses((status = 200, description = "The picture.", body = Picture, content_type = "image/png")),
)]
pub async fn get_of_account(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    let png = state.service.get_account_icon(&actor, id, None).await?;
    Ok((HEADERS, NOT_FOR_LONG, png).into_response())
}

/// Set the picture of an API token
///
/// PNG or JPEG up to 5 MiB, at most 4096 pixels in width and height. What else is in the file is dropped.
#[utoipa::path(
    put, path = "/public/v1/accounts/api-tokens/{id}/icon", tag = "API tokens", operation_id = "setApiTokenIcon",
    params(
        ("id" = String, Path, description = "Its id.", example = "TKN-1234-1234"),
        ("If-Match" = Option<String>, Header, description = "A revision in quotes.", example = "\"1\""),
    ),
    request_body(content((Picture = "image/png"), (Picture = "image/jpeg"))),
    responses((status = 200, description = "As it stands now.", body = ApiToken)),
)]
pub async fn put(
    State(state): State<AppState>,
    Id(id): Id,
    request: Request,
) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let Caller(actor) = Caller::from_request_parts(&mut parts, &state)
        .await
        .map_err(IntoResponse::into_response)?;
    let failed = |error| Failure::from(error).into_response();
    // Five megabytes of our memory are for whoever may send a picture.
    let admitted = async {
        let id = parsed(&id)?;
        let revision = revision::wanted(&parts.headers)?;
        state.service.get_token(&actor, id).await?;
        Ok((id, revision, state.service.begin_upload(&actor).await?))
    };
    let (id, revision, _place) = match admitted.await {
        Ok(admitted) => admitted,
        Err(error) => {
            limits::drop_body(&parts.headers, body).await;
            return Err(failed(error));
        }
    };
    let file = limits::read_file(&parts.headers, body)
        .await
        .map_err(IntoResponse::into_response)?;
    let token = state
        .service
        .set_icon(&actor, id, file.into(), revision)
        .await
        .map_err(failed)?;
    changed(token).map_err(IntoResponse::into_response)
}
