//! Signing in and out, one's own password and sign-ins: plain forms, outside the server functions, so that they work
//! without script.
//!
//! Owns the routes and which answer belongs to which outcome. What is right is the service's to say.

use super::{
    auth::{Caller, ended_cookie, session_cookie},
    done::PASSWORD_CHANGED,
    form::Sent,
    next,
};
use crate::{service::NewSession, state::AppState};
use app::{error::ErrorCode, href};
use axum::{
    Router,
    extract::State,
    http::{
        HeaderName, HeaderValue,
        header::{RETRY_AFTER, SET_COOKIE},
    },
    response::{IntoResponse, Response},
    routing::post,
};
use secrecy::SecretString;
use serde::Deserialize;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The targets of the forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(href::SIGN_IN, post(sign_in))
        .route(href::SIGN_OUT, post(sign_out))
        .route(href::PASSWORD, post(change_password))
        .route(href::END_SIGN_INS, post(end_sign_ins))
}

#[derive(Deserialize)]
struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    next: String,
}

async fn sign_in(State(state): State<AppState>, Sent { fields, reply }: Sent<SignIn>) -> Response {
    let SignIn {
        email,
        password,
        next,
    } = fields;
    let caller = reply.caller();
    match state
        .service
        .sign_in(&email, password, &caller.origin)
        .await
    {
        Ok(NewSession { secret, .. }) => {
            // The sign-in that this one replaces in the browser ends with it.
            end_before(&state, &caller).await;
            reply.done(next::target(&next), session_cookie(&state.config, &secret))
        }
        Err(error) => {
            let page = next::sign_in(&next);
            let wait = state.service.wait(&email, &caller.origin, &error).await;
            let response = reply
                .failed(&state, &page, error, vec![("email".into(), email)])
                .await;
            retry_after(response, wait)
        }
    }
}

/// Ends the sign-in that the browser had until another one replaced it.
pub(super) async fn end_before(state: &AppState, caller: &Caller) {
    if let Some(before) = &caller.actor
        && state.service.sign_out(before).await.is_err()
    {
        tracing::warn!("an older sign-in of the same browser was not ended");
    }
}

/// Says to a program, too, how many seconds to wait.
fn retry_after(mut response: Response, seconds: Option<i64>) -> Response {
    if let Some(seconds) = seconds {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[derive(Deserialize)]
struct Nothing {}

async fn sign_out(State(state): State<AppState>, Sent { reply, .. }: Sent<Nothing>) -> Response {
    if let Some(actor) = reply.caller().actor
        && let Err(error) = state.service.sign_out(&actor).await
    {
        return super::error_page::Refusal::from(error).into_response();
    }
    let mut response = reply.done(href::SIGN_IN, ended_cookie(&state.config));
    // Nothing of the console stays behind on a shared machine.
    response.headers_mut().insert(
        CLEAR_SITE_DATA,
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    response
}

#[derive(Deserialize)]
struct ChangePassword {
    #[serde(default)]
    current: SecretString,
    #[serde(default)]
    password: SecretString,
}

async fn change_password(State(state): State<AppState>, sent: Sent<ChangePassword>) -> Response {
    let Sent { fields, reply } = sent;
    let actor = match reply.actor(href::PASSWORD) {
        Ok(actor) => actor,
        Err(response) => return *response,
    };
    match state
        .service
        .change_password(&actor, fields.current, fields.password)
        .await
    {
        Ok(NewSession { secret, .. }) => {
            let mut response = reply.done(href::PASSWORD, session_cookie(&state.config, &secret));
            response
                .headers_mut()
                .append(SET_COOKIE, PASSWORD_CHANGED.set.clone());
            response
        }
        Err(error) => {
            let wait = state.service.own_wait(&actor, &error).await;
            let response = reply
                .failed(&state, href::PASSWORD, error, Vec::new())
                .await;
            retry_after(response, wait)
        }
    }
}

#[derive(Deserialize)]
struct EndSignIns {
    #[serde(default)]
    handle: String,
    #[serde(default)]
    all_others: String,
}

async fn end_sign_ins(State(state): State<AppState>, sent: Sent<EndSignIns>) -> Response {
    let Sent { fields, reply } = sent;
    let actor = match reply.actor(href::SIGN_INS) {
        Ok(actor) => actor,
        Err(response) => return *response,
    };
    let ended = if fields.all_others == "1" {
        state.service.end_other_sign_ins(&actor).await
    } else {
        state.service.end_sign_in(&actor, &fields.handle).await
    };
    match ended {
        Ok(()) => reply.done(href::SIGN_INS, None),
        // It is over already, which is what was wanted.
        Err(error) if error.code == ErrorCode::NotFound => reply.done(href::SIGN_INS, None),
        Err(error) => super::error_page::Refusal::from(error).into_response(),
    }
}
