//! Accepting an invitation: the page behind a one-time address, and its form. It works without script, as everything does
//! that takes a password.

use super::{auth::session_cookie, error_page::Refusal, form::Sent, session::end_before, ui};
use crate::{
    service::{NewSession, invitation_not_good},
    state::AppState,
};
use app::{domain::user::CurrentUser, error::ErrorCode, href, page::notice::FormNotice};
use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use secrecy::SecretString;
use serde::Deserialize;

/// `/invitation`, page and form.
pub fn routes() -> Router<AppState> {
    Router::new().route(href::INVITATION, get(page).post(accept))
}

async fn page(State(state): State<AppState>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let code = href::query_value(query, "code").unwrap_or_default();
    match state.service.find_invited(&code).await {
        Ok(Some(user)) => {
            let notice = FormNotice {
                values: told(&user),
                ..FormNotice::default()
            };
            ui::render(&state, request, Some(notice)).await
        }
        Ok(None) => not_good(),
        Err(error) => Refusal::from(error).into_response(),
    }
}

/// What the page tells of whoever is invited, so that he sees that it is he.
fn told(user: &CurrentUser) -> Vec<(String, String)> {
    let values = [
        ("name", &user.name),
        ("email", &user.email),
        ("account", &user.account.name),
    ];
    let values = values.map(|(field, value)| (field.to_owned(), value.clone()));
    values.to_vec()
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: SecretString,
}

async fn accept(State(state): State<AppState>, Sent { fields, reply }: Sent<Fields>) -> Response {
    let Fields { code, password } = fields;
    let invited = match state.service.find_invited(&code).await {
        Ok(Some(user)) => user,
        Ok(None) => return not_good(),
        Err(error) => return Refusal::from(error).into_response(),
    };
    let caller = reply.caller();
    let accepted = state
        .service
        .accept_invitation(&code, password, &caller.origin)
        .await;
    match accepted {
        Ok(NewSession { secret, .. }) => {
            // Whoever was signed in in this browser is so no longer.
            end_before(&state, &caller).await;
            reply.done(href::TOKENS, session_cookie(&state.config, &secret))
        }
        Err(error) if error.code == ErrorCode::Forbidden => not_good(),
        Err(error) => {
            let page = href::invitation(&code);
            reply.failed(&state, &page, error, told(&invited)).await
        }
    }
}

fn not_good() -> Response {
    Refusal::from(invitation_not_good()).into_response()
}
