//! Plain forms: how one arrives and how it is answered, with script and without.
//!
//! Owns the three answers: another page, the same page with what is wrong, or JSON for a script that asks for it.
//! It must not know what any form does.

use super::{
    auth::Caller,
    error_page::{Refusal, accepts_html},
    next, ui,
};
use crate::state::AppState;
use app::{error::ApiError, page::notice::FormNotice, port::Actor};
use axum::{
    Form, Json, RequestExt as _,
    body::Body,
    extract::{FromRequest, Request},
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

/// A plain form that was sent, and all that is needed to answer it.
pub struct Sent<T> {
    /// Its fields.
    pub fields: T,
    /// How to answer.
    pub reply: Reply,
}

impl<T: DeserializeOwned + 'static> FromRequest<AppState> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let form = Request::from_parts(parts.clone(), body)
            .extract::<Form<T>, _>()
            .await;
        let Form(fields) = form.map_err(|_| {
            let message = "The form was not understood. Reload its page and fill it in again.";
            Refusal::new(StatusCode::BAD_REQUEST, message)
        })?;
        Ok(Self {
            fields,
            reply: Reply { parts },
        })
    }
}

/// Answers a form.
pub struct Reply {
    parts: Parts,
}

impl Reply {
    /// Who sent it.
    #[must_use]
    pub fn caller(&self) -> Caller {
        self.parts.extensions.get().cloned().unwrap_or_default()
    }

    /// The person who sent it.
    ///
    /// # Errors
    /// Nobody is signed in; the error is the answer.
    pub fn actor(&self, page: &str) -> Result<Actor, Box<Response>> {
        self.caller().actor.ok_or_else(|| {
            Box::new(if self.wants_json() {
                Refusal::from(ApiError::unauthenticated()).into_response()
            } else {
                next::see_other(&next::sign_in(page))
            })
        })
    }

    /// It worked: on to `address`, with these cookies. A script hears 204 and goes there itself.
    #[must_use]
    pub fn done(&self, address: &str, cookie: Option<HeaderValue>) -> Response {
        let mut response = if self.wants_json() {
            StatusCode::NO_CONTENT.into_response()
        } else {
            next::see_other(address)
        };
        if let Some(cookie) = cookie {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }

    /// It did not: `page` once more, with the status and the words of the error and with `values` as they were typed.
    /// Passwords are not among them.
    pub async fn failed(
        self,
        state: &AppState,
        page: &str,
        mut error: ApiError,
        values: Vec<(String, String)>,
    ) -> Response {
        let refusal = Refusal::from(error.clone());
        let status =
            StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if self.wants_json() {
            error.request_id = Some(self.caller().origin.request_id);
            return (status, Json(error)).into_response();
        }
        let Ok(uri) = page.parse::<Uri>() else {
            return refusal.into_response();
        };
        let message = Some(error.message).filter(|message| !message.is_empty());
        let notice = FormNotice {
            message,
            fields: error.fields,
            values,
            ..FormNotice::default()
        };
        let mut parts = self.parts;
        (parts.method, parts.uri) = (Method::GET, uri);
        let mut response = ui::render(
            state,
            Request::from_parts(parts, Body::empty()),
            Some(notice),
        )
        .await;
        *response.status_mut() = status;
        response
    }

    fn wants_json(&self) -> bool {
        let accept = self
            .parts
            .headers
            .get(ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .unwrap_or_default();
        accept.contains("application/json") && !accepts_html(&self.parts.headers)
    }
}
