//! The token in the header (RFC 6750): who calls, or 401, before anything else is looked at.

use super::{
    super::auth,
    super::credential::{self, CHALLENGE, INVALID_REQUEST, INVALID_TOKEN, Missing, REFUSED},
    super::middleware::log::Caller as Logged,
    problem::Problem,
};
use crate::state::AppState;
use app::{
    error::{ApiError, ErrorCode},
    port::{Actor, Who},
};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Lets through whoever presents an Active token, and puts the actor into the request.
pub async fn authenticate(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let origin = auth::origin(&request, &state.config.trusted_proxies);
    let secret = match credential::secret(request.headers()) {
        // A cookie beside it is a second credential.
        Ok(_) if auth::has_cookie(request.headers(), auth::cookie_name(&state.config)) => {
            return refuse(Missing::Several);
        }
        Ok(secret) => secret,
        Err(missing) => return refuse(missing),
    };
    let module = super::module_of(request.uri().path());
    let presented = state
        .service
        .authenticate_program(secret, module, &origin)
        .await;
    let token = match presented {
        Ok(Some(token)) => token,
        Ok(None) => return refuse(Missing::Bad),
        Err(error) => return Problem::from(error).into_response(),
    };
    let logged = Logged(token.id.to_string());
    request.extensions_mut().insert(Actor {
        who: Who::Token(token),
        sign_in: None,
        origin,
    });
    let mut response = next.run(request).await;
    response.extensions_mut().insert(logged);
    response
}

fn refuse(missing: Missing) -> Response {
    let (status, message, challenge) = match missing {
        Missing::Nothing => (StatusCode::UNAUTHORIZED, REFUSED, CHALLENGE),
        Missing::Bad => (StatusCode::UNAUTHORIZED, REFUSED, INVALID_TOKEN),
        Missing::Several => (
            StatusCode::BAD_REQUEST,
            "Present one credential: one Authorization header, and no session cookie.",
            INVALID_REQUEST,
        ),
    };
    challenged(Problem::new(status, message), challenge)
}

fn challenged(problem: Problem, challenge: &str) -> Response {
    let mut response = problem.into_response();
    if let Ok(value) = HeaderValue::from_str(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}

/// The program that calls, in a handler.
pub struct Caller(pub Actor);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = parts.extensions.get::<Actor>().cloned();
        actor
            .map(Self)
            .ok_or_else(|| ApiError::unauthenticated().into())
    }
}

/// What a handler answers when it fails: a problem, and for a missing module what a client should ask for (RFC 6750, 3.1).
pub enum Failure {
    /// What the port says.
    Api(ApiError),
    /// What has nothing to do with the port.
    Other(Problem),
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Api(error) => error,
            Self::Other(problem) => return problem.into_response(),
        };
        let scope = match (error.code, error.fields.first()) {
            (ErrorCode::ModuleNeeded, Some(field)) => Some(field.field.clone()),
            _ => None,
        };
        let problem = Problem::from(error);
        match scope {
            Some(scope) => challenged(problem, &credential::insufficient_scope(Some(&scope))),
            None => problem.into_response(),
        }
    }
}
