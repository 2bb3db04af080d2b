//! Pictures of tokens and accounts: one comes as a raw file from a form that is still open, and goes out with what it
//! belongs to.
//!
//! Owns the routes and the headers of a picture (I-28). What a picture may be and who sees it is the service's to
//! say.

use super::{auth::Caller, error_page::Refusal, middleware::limits};
use crate::state::AppState;
use app::{
    domain::{account::AccountId, icon::IconId, token::TokenId},
    error::ApiError,
    href,
    port::{Actor, Administration as _, Console as _},
};
use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{
        HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};

/// What goes out with every picture. Its address names its bytes, so it never changes; it is for this person only.
pub(super) const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (CONTENT_TYPE, HeaderValue::from_static("image/png")),
    (
        CONTENT_DISPOSITION,
        HeaderValue::from_static("inline; filename=\"logo.png\""),
    ),
    (
        CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=31536000, immutable"),
    ),
];

/// Where pictures come in and go out.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(href::UPLOAD_ICON, post(upload))
        .route(href::ICON_PATH, get(picture))
        .route(href::ACCOUNT_ICON_PATH, get(account_picture))
}

async fn upload(State(state): State<AppState>, request: Request) -> Result<Json<IconId>, Refusal> {
    let (parts, body) = request.into_parts();
    let admitted = match actor(parts.extensions.get()) {
        Some(actor) => state
            .service
            .begin_upload(&actor)
            .await
            .map(|place| (actor, place)),
        None => Err(ApiError::unauthenticated()),
    };
    let (actor, _place) = match admitted {
        Ok(admitted) => admitted,
        Err(error) => {
            // Five megabytes of our memory are for whoever may send a picture.
            limits::drop_body(&parts.headers, body).await;
            return Err(error.into());
        }
    };
    let file = limits::read_file(&parts.headers, body).await?;
    Ok(Json(state.service.upload_icon(&actor, file.into()).await?))
}

async fn picture(
    State(state): State<AppState>,
    Path((id, icon)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let actor = actor(request.extensions().get()).ok_or_else(ApiError::unauthenticated)?;
    // Text that is no name gets the same answer as a name of nothing.
    let (Ok(id), Ok(icon)) = (id.parse::<TokenId>(), icon.parse::<IconId>()) else {
        return Err(ApiError::not_found().into());
    };
    let png = state.service.get_icon(&actor, id, &icon).await?;
    Ok((HEADERS, png).into_response())
}

async fn account_picture(
    State(state): State<AppState>,
    Path((id, icon)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let actor = actor(request.extensions().get()).ok_or_else(ApiError::unauthenticated)?;
    let (Ok(id), Ok(icon)) = (id.parse::<AccountId>(), icon.parse::<IconId>()) else {
        return Err(ApiError::not_found().into());
    };
    let png = state.service.get_account_icon(&actor, id, Some(&icon));
    Ok((HEADERS, png.await?).into_response())
}

fn actor(caller: Option<&Caller>) -> Option<Actor> {
    caller?.actor.clone()
}
