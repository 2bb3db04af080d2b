//! The token in the header (RFC 6750): who calls, or 401, before anything else is looked at.

use super::{super::auth, super::middleware::log::Caller as Logged, problem::Problem};
use crate::state::AppState;
use app::{
    error::{ApiError, ErrorCode},
    port::{Actor, Who},
};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

/// One sentence for a secret that is missing, malformed, unknown, or of a token that is not Active (T-13).
const REFUSED: &str =
    "Present the secret of an Active API token, as in: Authorization: Bearer lk_…";

/// Why there is no caller.
enum Missing {
    /// No credential.
    Nothing,
    /// A credential that opens nothing.
    Bad,
    /// More than one.
    Several,
}

/// Lets through whoever presents an Active token, and puts the actor into the request.
pub async fn authenticate(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let origin = auth::origin(&request, &state.config.trusted_proxies);
    let cookie = auth::has_cookie(request.headers(), auth::cookie_name(&state.config));
    let presented = match credential(request.headers(), cookie) {
        Ok(secret) => state.service.authenticate_program(secret, &origin).await,
        Err(missing) => return refuse(&missing),
    };
    let token = match presented {
        Ok(Some(token)) => token,
        Ok(None) => return refuse(&Missing::Bad),
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

/// The secret in the header. A cookie beside it is a second credential (A-15).
fn credential(headers: &HeaderMap, cookie: bool) -> Result<&str, Missing> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = given.next() else {
        return Err(Missing::Nothing);
    };
    if cookie || given.next().is_some() {
        return Err(Missing::Several);
    }
    let (scheme, secret) = value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .ok_or(Missing::Bad)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(secret.trim_start_matches(' '))
    } else {
        Err(Missing::Bad)
    }
}

fn refuse(missing: &Missing) -> Response {
    let (status, message, challenge) = match missing {
        Missing::Nothing => (
            StatusCode::UNAUTHORIZED,
            REFUSED,
            r#"Bearer realm="Latchkey""#,
        ),
        Missing::Bad => (
            StatusCode::UNAUTHORIZED,
            REFUSED,
            r#"Bearer realm="Latchkey", error="invalid_token""#,
        ),
        Missing::Several => (
            StatusCode::BAD_REQUEST,
            "Present one credential: one Authorization header, and no session cookie.",
            r#"Bearer realm="Latchkey", error="invalid_request""#,
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
            Some(scope) => challenged(
                problem,
                &format!(r#"Bearer realm="Latchkey", error="insufficient_scope", scope="{scope}""#),
            ),
            None => problem.into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        credential(&headers, false).ok().map(str::to_owned)
    }

    #[test]
    fn the_scheme_may_be_in_any_case_and_nothing_else_is_a_bearer() {
        for good in ["Bearer lk_x", "bearer lk_x", "BEARER  lk_x"] {
            assert_eq!(read(&[good]).as_deref(), Some("lk_x"), "{good}");
        }
        for bad in [
            "lk_x",
            "Basic lk_x",
            "Bearer",
            "Bearer\tlk_x",
            "Bearerlk_x",
            "",
        ] {
            assert_eq!(read(&[bad]), None, "{bad:?}");
        }
        assert_eq!(read(&["Bearer a", "Bearer a"]), None);
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
                let _ = credential(&headers, false);
            }
        }
    }
}
