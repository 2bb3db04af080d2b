//! Oneself: the forms for one's own name and for how the console looks. They work without script.
//!
//! Owns the two routes and which answer belongs to which outcome. What is right is the service's to say.

use super::{done::NAME_SAVED, form::Sent};
use crate::state::AppState;
use app::{
    cookie,
    error::{ApiError, ErrorCode},
    href,
    port::Actor,
    theme::Theme,
};
use axum::{Router, extract::State, http::HeaderValue, response::Response, routing::post};
use serde::Deserialize;

/// The targets of the forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(href::PROFILE, post(save_name))
        .route(href::THEME, post(choose_theme))
}

/// What the form for the name starts from.
///
/// # Errors
/// No person, or one who is out by now; failures of the server.
pub(super) async fn saved(
    state: &AppState,
    actor: &Actor,
) -> Result<Vec<(String, String)>, ApiError> {
    let (name, revision) = state.service.get_own_name(actor).await?;
    Ok(values(name, revision))
}

fn values(name: String, revision: i64) -> Vec<(String, String)> {
    vec![
        ("name".to_owned(), name),
        ("revision".to_owned(), revision.to_string()),
    ]
}

#[derive(Deserialize)]
struct Name {
    #[serde(default)]
    name: String,
    #[serde(default)]
    revision: i64,
}

async fn save_name(State(state): State<AppState>, sent: Sent<Name>) -> Response {
    let Sent { fields, reply } = sent;
    let Name { name, revision } = fields;
    let actor = match reply.actor(href::PROFILE) {
        Ok(actor) => actor,
        Err(response) => return *response,
    };
    let Err(error) = state.service.save_own_name(&actor, revision, &name).await else {
        return reply.done(href::PROFILE, Some(NAME_SAVED.set.clone()));
    };
    // The page that comes back shows what is saved by now; saving once more is meant for that.
    let revision = match state.service.get_own_name(&actor).await {
        Ok((_, now)) if error.code == ErrorCode::Outdated => now,
        _ => revision,
    };
    let values = values(name, revision);
    reply.failed(&state, href::PROFILE, error, values).await
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    theme: String,
}

async fn choose_theme(sent: Sent<Choice>) -> Response {
    let Sent { fields, reply } = sent;
    if let Err(response) = reply.actor(href::PROFILE) {
        return *response;
    }
    let theme = Theme::lenient(&fields.theme);
    let cookie = cookie::choice(Theme::COOKIE, theme.as_str());
    reply.done(href::PROFILE, HeaderValue::from_str(&cookie).ok())
}
