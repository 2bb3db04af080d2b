//! API tokens: list, get, create, update, delete, enable, disable.

use super::{
    bearer::{Caller, Failure},
    body::{Json, wrong},
    lists::{GetParams, GetRequest, Id, ListParams, ListRequest, Mode, picked, usual},
    problem, revision, stream,
    token_body::{ApiToken, ApiTokenChange, ApiTokenList, NewApiToken, SHAPE, delta, drafted},
};
use crate::state::AppState;
use app::{
    domain::{
        lifecycle::TokenAction,
        token::{TokenDetails, TokenId},
    },
    error::ApiError,
    port::{Actor, Console as _},
};
use axum::{
    extract::State,
    http::{
        HeaderMap, HeaderName, StatusCode,
        header::{ETAG, LOCATION},
    },
    response::{IntoResponse as _, Response},
};

/// The header under whose key the same request adds one token (H-6).
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest key, in bytes.
const KEY_MAX: usize = 255;

/// List API tokens
///
/// The tokens of the caller's account; with `platform-account-management` those of all accounts, Deleted ones too.
/// With the header `MPT-Streaming: true` all of them in one answer, a JSON object a line.
#[utoipa::path(
    get, path = "/public/v1/accounts/api-tokens", tag = "API tokens", operation_id = "listApiTokens",
    params(ListParams, ("MPT-Streaming" = Option<bool>, Header, description = "`true` for all rows in one answer.")),
    responses((status = 200, description = "A page, or all rows as a stream.", content(
        (ApiTokenList = "application/json"), (String = "application/jsonl"),
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
                .list_tokens_matching(&actor, &request.query, stretch)
                .await?;
            request.page(&SHAPE, stretch, found.map(ApiToken::from))
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
    let ids = state
        .service
        .list_token_ids(&actor, &request.query, stream::keys(most))
        .await?;
    let omitted = SHAPE.left_out(request.select.root());
    let select = request.select;
    let read = move |ids: Vec<TokenId>| {
        let (service, actor, select) = (state.service.clone(), actor.clone(), select.clone());
        async move {
            let found = service.list_tokens_by_id(&actor, &ids).await?;
            let rows = found.into_iter().map(|token| {
                let id = token.id;
                Ok((id, picked(&SHAPE, &select, &ApiToken::from(token))?))
            });
            rows.collect()
        }
    };
    stream::respond(form, &omitted, ids, place, read, TokenId::to_string)
}

/// Add an API token
///
/// The answer holds the secret, in `token`, this one time. With an `Idempotency-Key` the same request, sent again
/// within a day, adds nothing and answers with the same token, within ten minutes with its secret too.
#[utoipa::path(
    post, path = "/public/v1/accounts/api-tokens", tag = "API tokens", operation_id = "createApiToken",
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text up to 255 bytes, as a random UUID.")),
    request_body(content = NewApiToken, example = json!({
        "account": {"id": "ACC-0001-0002"}, "name": "Robot 2", "modules": [{"id": "MOD-0478"}],
    })),
    responses(
        (status = 201, description = "The token, with its secret. `Location` says where it is.", body = ApiToken),
        (status = 422, description = "The key was sent before with another body.", body = problem::Body, content_type = "application/problem+json"),
    ),
)]
#[expect(
    clippy::disallowed_methods,
    reason = "the second of two answers with a secret: to the program that adds the token"
)]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    headers: HeaderMap,
    Json(new): Json<NewApiToken>,
) -> Result<Response, Failure> {
    let draft = drafted(new, key(&headers)?)?;
    let made = state.service.create_drafted_token(&actor, &draft).await?;
    let revision = made.token.revision;
    let mut token = ApiToken::from(made.token);
    token.token = made.secret.map(|secret| secret.expose().to_owned());
    let location = format!("/public/v1/accounts/api-tokens/{}", token.id);
    let body = usual(&SHAPE, &token)?;
    let headers = [
        (ETAG, revision::tag(revision)),
        (
            LOCATION,
            location.parse().unwrap_or_else(|_| revision::tag(revision)),
        ),
    ];
    Ok((StatusCode::CREATED, headers, axum::Json(body)).into_response())
}

/// Get an API token
#[utoipa::path(
    get, path = "/public/v1/accounts/api-tokens/{id}", tag = "API tokens", operation_id = "getApiToken",
    params(("id" = String, Path, description = "Its id.", example = "TKN-1234-1234"), GetParams), responses((status = 200, description = "As it stands now.", body = ApiToken)),
)]
pub async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    request: GetRequest,
) -> Result<Response, Failure> {
    let token = state.service.get_token(&actor, parsed(&id)?).await?;
    answer(&request, token)
}

/// Change an API token
///
/// Only what is sent changes. With `If-Match` it changes only if it has this revision.
#[utoipa::path(
    put, path = "/public/v1/accounts/api-tokens/{id}", tag = "API tokens", operation_id = "updateApiToken",
    params(
        ("id" = String, Path, description = "Its id.", example = "TKN-1234-1234"),
        ("If-Match" = Option<String>, Header, description = "A revision in quotes.", example = "\"1\""),
    ),
    request_body(content = ApiTokenChange, example = json!({"name": "Robot 3"})),
    responses(
        (status = 200, description = "As it stands now.", body = ApiToken),
        (status = 412, description = "It has another revision.", body = problem::Body, content_type = "application/problem+json"),
    ),
)]
pub async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    headers: HeaderMap,
    Json(change): Json<ApiTokenChange>,
) -> Result<Response, Failure> {
    let token = parsed(&id)?;
    let delta = delta(&id, change, revision::wanted(&headers)?)?;
    let token = state.service.update_token(&actor, token, &delta).await?;
    changed(token)
}

/// Delete an API token
///
/// For good: requests with it are refused from now on.
#[utoipa::path(
    delete, path = "/public/v1/accounts/api-tokens/{id}", tag = "API tokens", operation_id = "deleteApiToken",
    params(
        ("id" = String, Path, description = "Its id.", example = "TKN-1234-1234"),
        ("If-Match" = Option<String>, Header, description = "A revision in quotes.", example = "\"1\""),
    ), responses((status = 204, description = "It is gone.")),
)]
pub async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<StatusCode, Failure> {
    step(&state, &actor, &id, TokenAction::Delete, &headers).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enable an API token
#[utoipa::path(
    post, path = "/public/v1/accounts/api-tokens/{id}/enable", tag = "API tokens", operation_id = "enableApiToken",
    params(
        ("id" = String, Path, description = "Its id.", example = "TKN-1234-1234"),
        ("If-Match" = Option<String>, Header, description = "A revision in quotes.", example = "\"1\""),
    ), responses((status = 200, description = "As it stands now.", body = ApiToken)),
)]
pub async fn enable(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = step(&state, &actor, &id, TokenAction::Enable, &headers).await?;
    changed(state.service.get_token(&actor, id).await?)
}

/// Disable an API token
///
/// Requests with it are refused until it is enabled again.
#[utoipa::path(
    post, path = "/public/v1/accounts/api-tokens/{id}/disable", tag = "API tokens", operation_id = "disableApiToken",
    params(
        ("id" = String, Path, description = "Its id.", example = "TKN-1234-1234"),
        ("If-Match" = Option<String>, Header, description = "A revision in quotes.", example = "\"1\""),
    ), responses((status = 200, description = "As it stands now.", body = ApiToken)),
)]
pub async fn disable(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = step(&state, &actor, &id, TokenAction::Disable, &headers).await?;
    changed(state.service.get_token(&actor, id).await?)
}

async fn step(
    state: &AppState,
    actor: &Actor,
    id: &str,
    action: TokenAction,
    headers: &HeaderMap,
) -> Result<TokenId, Failure> {
    let id = parsed(id)?;
    let revision = revision::wanted(headers)?;
    state
        .service
        .change_token_status(actor, id, action, revision)
        .await?;
    Ok(id)
}

/// The id in an address. Text that is none names nothing.
pub(super) fn parsed(id: &str) -> Result<TokenId, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}

/// The answer to a change.
pub(super) fn changed(token: TokenDetails) -> Result<Response, Failure> {
    let tag = revision::tag(token.revision);
    let body = usual(&SHAPE, &ApiToken::from(token))?;
    Ok(([(ETAG, tag)], axum::Json(body)).into_response())
}

fn answer(request: &GetRequest, token: TokenDetails) -> Result<Response, Failure> {
    let tag = revision::tag(token.revision);
    let body = request.object(&SHAPE, &ApiToken::from(token))?;
    Ok(([(ETAG, tag)], axum::Json(body)).into_response())
}

fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(KEY) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > KEY_MAX {
        return Err(wrong("Idempotency-Key", "Send a text of 1 to 255 bytes."));
    }
    Ok(Some(text.to_owned()))
}
