//! First start: the page behind the one-time address, and the gate before everything else until it is done.
//!
//! Owns the order of things: before set-up only set-up, after it never again. Codes and the race for the first
//! administrator are the service's.

use super::{auth::session_cookie, error_page::Refusal, form::Sent, ui};
use crate::{service::SetUpForm, state::AppState};
use app::{error::ErrorCode, href};
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use secrecy::SecretString;
use serde::Deserialize;

/// `/setup`, page and form.
pub fn routes() -> Router<AppState> {
    Router::new().route(href::SETUP, get(page).post(set_up))
}

/// Answers 503 until set-up is done, however it is done: `latchkey user add` beside the server counts too.
pub async fn gate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match is_pending(&state).await {
        Ok(false) => next.run(request).await,
        Ok(true) => {
            let message = "Latchkey is not set up yet. Open the address that the server printed when it started; it \
                           is also in the file setup-address.txt in the data folder.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn is_pending(state: &AppState) -> Result<bool, Refusal> {
    if !state.is_setup_pending() {
        return Ok(false);
    }
    let needed = state.service.setup_needed().await.map_err(Refusal::from)?;
    if !needed {
        finish(state).await;
    }
    Ok(needed)
}

/// Set-up is done: the address is good for nothing and need not lie about.
async fn finish(state: &AppState) {
    state.set_up_done();
    if let Err(error) = tokio::fs::remove_file(state.config.setup_path()).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the file with the set-up address could not be removed; its code is good no more");
    }
}

async fn page(State(state): State<AppState>, request: Request) -> Response {
    match is_pending(&state).await {
        Ok(true) => {}
        Ok(false) => return over(),
        Err(refusal) => return refusal.into_response(),
    }
    let query = request.uri().query().unwrap_or_default();
    let code = href::query_value(query, "code").unwrap_or_default();
    match state.service.setup_code_valid(&code).await {
        Ok(true) => ui::render(&state, request, None).await,
        Ok(false) => {
            let message = "This set-up address is not the current one or is older than an hour. Start Latchkey again; \
                           it prints a new one.";
            Refusal::new(StatusCode::FORBIDDEN, message).into_response()
        }
        Err(error) => Refusal::from(error).into_response(),
    }
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    password: SecretString,
}

async fn set_up(State(state): State<AppState>, Sent { fields, reply }: Sent<Fields>) -> Response {
    match is_pending(&state).await {
        Ok(true) => {}
        Ok(false) => return over(),
        Err(refusal) => return refusal.into_response(),
    }
    let Fields {
        code,
        name,
        email,
        account,
        password,
    } = fields;
    let values = [("name", &name), ("email", &email), ("account", &account)];
    let values = values
        .map(|(field, value)| (field.to_owned(), value.clone()))
        .to_vec();
    // Only the form of a code can stand in an address; anything else is refused below, by the service.
    let page = format!("{}?code={}", href::SETUP, code.escape_default());
    let form = SetUpForm {
        code,
        name,
        email,
        account,
        password,
    };
    match state.service.set_up(form, &reply.caller().origin).await {
        Ok(session) => {
            finish(&state).await;
            reply.done(href::TOKENS, session_cookie(&state.config, &session.secret))
        }
        Err(error) if error.code == ErrorCode::NotFound => over(),
        Err(error) if error.code == ErrorCode::Forbidden => Refusal::from(error).into_response(),
        Err(error) => reply.failed(&state, &page, error, values).await,
    }
}

fn over() -> Response {
    let message = "Latchkey is set up already. Sign in instead.";
    Refusal::new(StatusCode::NOT_FOUND, message).into_response()
}
