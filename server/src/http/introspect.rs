//! Introspection: a service asks what a secret is good for (RFC 7662, H-3).
//!
//! Owns `/oauth2/introspect`. Who asks presents the secret of his own token; about one that is not good, or is not his
//! business, he hears only that it is not active.

use super::{
    FORM,
    middleware::origin,
    rest::{
        bearer::{self, Caller, Failure},
        rate,
    },
};
use crate::{metrics::Introspected, service::Introspection, state::AppState};
use app::{
    domain::program::{CurrentToken, HeldModule},
    error::{ApiError, ErrorCode, FieldError},
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{Extension, Response},
    routing::post,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Where services ask.
pub const PATH: &str = "/oauth2/introspect";

/// The route.
pub fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route(PATH, post(introspect))
        .layer(from_fn(|r, n| origin::content_type(FORM, r, n)))
        .layer(from_fn_with_state(state.clone(), bearer::authenticate))
        .layer(from_fn_with_state(state.clone(), rate::by_stranger))
        .layer(from_fn_with_state(state.clone(), count))
}

/// Counts what became of the question, wherever it was answered.
async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let told = response.extensions().get::<Introspected>().copied();
    let outcome = told.unwrap_or_else(|| {
        if response.status().is_server_error() {
            Introspected::Unavailable
        } else {
            Introspected::Refused
        }
    });
    state.metrics.introspected(outcome);
    response
}

/// What there is to say about a secret (RFC 7662, section 2.2).
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Introspection)]
pub enum Told {
    /// It is good.
    Active(Box<Described>),
    /// It is not, or not the caller's business. Nothing else is said.
    Inactive {
        /// `false`.
        active: bool,
    },
}

/// A token that is good. It has no end, so there is no `exp`.
#[derive(Serialize, ToSchema)]
#[schema(as = IntrospectedToken)]
pub struct Described {
    /// `true`.
    active: bool,
    /// The codes of its modules, with spaces between them.
    #[schema(example = "billing catalog")]
    scope: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// The id of the account for which it acts.
    #[schema(example = "ACC-0001-0002")]
    sub: String,
    /// The token's id.
    #[schema(example = "TKN-1234-1234")]
    jti: String,
    /// The address of this Latchkey.
    iss: String,
    /// When it was added, in seconds since 1970.
    iat: i64,
    /// Its name.
    x_name: String,
    /// Its account.
    x_account: Named,
    /// Its modules.
    x_modules: Vec<Coded>,
}

/// An account.
#[derive(Serialize, ToSchema)]
#[schema(as = IntrospectionAccount)]
pub struct Named {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
}

/// A module.
#[derive(Serialize, ToSchema)]
#[schema(as = IntrospectionModule)]
pub struct Coded {
    /// Its id.
    id: String,
    /// Its code.
    code: String,
}

/// The question, as a form.
#[derive(ToSchema)]
#[schema(as = IntrospectionQuestion)]
#[expect(
    dead_code,
    reason = "it is only described: the form is read without it"
)]
pub struct Question {
    /// The secret to ask about.
    #[schema(example = "lk_…")]
    token: String,
}

/// Ask what a secret is good for
///
/// As RFC 7662 has it. Tells about tokens of the caller's own account, with `platform-account-management` about all; of
/// any other secret only that it is not active. The use is counted.
#[utoipa::path(
    post, path = "/oauth2/introspect", tag = "Verification", operation_id = "introspectToken",
    request_body(content = Question, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "What there is to say.", body = Told)),
)]
pub(super) async fn introspect(
    State(state): State<AppState>,
    Caller(actor): Caller,
    body: Bytes,
) -> Result<(Extension<Introspected>, Json<Told>), Failure> {
    let secret = question(&body)?;
    let told = state.service.introspect(&actor, &secret).await?;
    let (outcome, told) = match told {
        Some(told) => {
            let described = described(&told, &state.config.public_url);
            (Introspected::Active, Told::Active(Box::new(described)))
        }
        None => (Introspected::Inactive, Told::Inactive { active: false }),
    };
    Ok((Extension(outcome), Json(told)))
}

/// The secret in the body. What else stands there, as `token_type_hint`, is not needed.
fn question(body: &[u8]) -> Result<zeroize::Zeroizing<String>, Failure> {
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

fn described(told: &Introspection, issuer: &str) -> Described {
    let CurrentToken {
        id,
        name,
        account,
        modules,
    } = &*told.token;
    let codes: Vec<_> = modules.iter().map(|module| &*module.code).collect();
    let named = |module: &HeldModule| Coded {
        id: module.id.to_string(),
        code: module.code.clone(),
    };
    Described {
        active: true,
        scope: codes.join(" "),
        token_type: "Bearer",
        sub: account.id.to_string(),
        jti: id.to_string(),
        iss: issuer.to_owned(),
        iat: told.created_at.unix_millis().div_euclid(1_000),
        x_name: name.clone(),
        x_account: Named {
            id: account.id.to_string(),
            name: account.name.clone(),
        },
        x_modules: modules.iter().map(named).collect(),
    }
}
