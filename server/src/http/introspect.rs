//! Introspection: a service asks what a secret is good for (RFC 7662, H-3).
//!
//! Owns `/oauth2/introspect`. Who asks presents the secret of his own token; about one that is not good, or is not his
//! business, he hears only that it is not active.

use super::rest::{
    bearer::{self, Caller, Failure},
    problem::Problem,
    rate,
};
use crate::{service::Introspection, state::AppState};
use app::{
    domain::program::{CurrentToken, HeldModule},
    error::{ApiError, ErrorCode, FieldError},
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde::Serialize;

/// Where services ask.
pub const PATH: &str = "/oauth2/introspect";
/// What the question is sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// The route.
pub fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route(PATH, post(introspect))
        .layer(from_fn_with_state(state.clone(), bearer::authenticate))
        .layer(from_fn_with_state(state.clone(), rate::by_stranger))
}

/// What is told of a token that is good (RFC 7662, section 2.2). Tokens have no end, so there is no `exp`.
#[derive(Serialize)]
struct Told<'a> {
    active: bool,
    /// The codes of its modules, with spaces between them.
    scope: String,
    token_type: &'static str,
    /// The account for which it acts.
    sub: String,
    /// The token's id.
    jti: String,
    iss: &'a str,
    /// Seconds since 1970.
    iat: i64,
    x_name: &'a str,
    x_account: Named<'a>,
    x_modules: Vec<Module<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    id: String,
    name: &'a str,
}

#[derive(Serialize)]
struct Module<'a> {
    id: String,
    code: &'a str,
}

/// All that is told of any other.
#[derive(Serialize)]
struct Inactive {
    active: bool,
}

async fn introspect(
    State(state): State<AppState>,
    Caller(actor): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let secret = question(&headers, &body)?;
    let told = state.service.introspect(&actor, &secret).await?;
    Ok(match told {
        Some(told) => Json(active(&told, &state.config.public_url)).into_response(),
        None => Json(Inactive { active: false }).into_response(),
    })
}

/// The secret in the body. What else stands there, as `token_type_hint`, is not needed.
fn question(headers: &HeaderMap, body: &[u8]) -> Result<zeroize::Zeroizing<String>, Failure> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case(FORM)) {
        let message = format!("Send the question as {FORM}, as in: token=lk_…");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, &message).into());
    }
    let mut given = form_urlencoded::parse(body)
        .filter(|(name, _)| name == "token")
        .map(|(_, value)| value);
    if let (Some(secret), None) = (given.next(), given.next()) {
        return Ok(secret.into_owned().into());
    }
    let message = "Send the secret to ask about, once, as in: token=lk_…";
    let field = FieldError {
        field: "token".to_owned(),
        message: message.to_owned(),
    };
    Err(ApiError {
        fields: vec![field],
        ..ApiError::new(ErrorCode::BadRequest, message)
    }
    .into())
}

fn active<'a>(told: &'a Introspection, issuer: &'a str) -> Told<'a> {
    let CurrentToken {
        id,
        name,
        account,
        modules,
    } = &*told.token;
    let codes: Vec<_> = modules.iter().map(|module| &*module.code).collect();
    Told {
        active: true,
        scope: codes.join(" "),
        token_type: "Bearer",
        sub: account.id.to_string(),
        jti: id.to_string(),
        iss: issuer,
        iat: told.created_at.unix_millis().div_euclid(1_000),
        x_name: name,
        x_account: Named {
            id: account.id.to_string(),
            name: &account.name,
        },
        x_modules: modules.iter().map(module).collect(),
    }
}

fn module(held: &HeldModule) -> Module<'_> {
    Module {
        id: held.id.to_string(),
        code: &held.code,
    }
}
