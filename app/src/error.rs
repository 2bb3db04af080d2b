//! What a caller may see of a failure: a code, a sentence, and sentences for single fields. Never internal text.

use crate::json::JsonText;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of failure. The status is decided here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request cannot be understood.
    BadRequest,
    /// Nobody is signed in, or no longer.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// Signed in and allowed, once the password was entered again (T-27).
    PasswordNeeded,
    /// There is no such thing for this caller.
    NotFound,
    /// It cannot be done as things stand now: somebody else was first.
    Conflict,
    /// Fields are wrong; see `fields`.
    Invalid,
    /// Too many tries; wait.
    TooManyRequests,
    /// The server is fine but cannot do this now.
    Unavailable,
    /// Our fault.
    Internal,
    /// The server was not reached at all. Only ever made in the browser.
    Unreachable,
}

impl ErrorCode {
    /// The HTTP status that goes with the code.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden | Self::PasswordNeeded => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Invalid => 422,
            Self::TooManyRequests => 429,
            Self::Unavailable | Self::Unreachable => 503,
            Self::Internal => 500,
        }
    }
}

/// A sentence about one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the request.
    pub field: String,
    /// What is wrong with it and what to do.
    pub message: String,
}

/// A failure as the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct ApiError {
    /// The kind.
    pub code: ErrorCode,
    /// What happened, what it means and what to do next.
    pub message: String,
    /// Single fields, when the code is [`ErrorCode::Invalid`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// The id under which the server's log knows the request, for telling the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl ApiError {
    /// A failure with this sentence.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
            request_id: None,
        }
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(
            ErrorCode::Unauthenticated,
            "You are no longer signed in. Sign in again to go on.",
        )
    }

    /// There is no such thing, or none that this caller may know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            ErrorCode::NotFound,
            "This does not exist, or it belongs to another account.",
        )
    }

    /// Fields are wrong.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let message = "Some fields need another look. Nothing was saved.";
        Self {
            fields,
            ..Self::new(ErrorCode::Invalid, message)
        }
    }

    /// The sentence for this field, if there is one.
    #[must_use]
    pub fn field(&self, field: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::new(
                ErrorCode::Unreachable,
                "Latchkey could not be reached. Nothing was lost; check the connection and try again.",
            ),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::new(
                ErrorCode::BadRequest,
                "The request was not understood. Reload the page and try again.",
            ),
            ServerFnErrorErr::Deserialization(_) => Self::new(
                ErrorCode::Unreachable,
                "The answer was cut short or not Latchkey's. Check the connection and try again.",
            ),
            _ => Self::new(
                ErrorCode::Internal,
                "Something went wrong in Latchkey. Try again; if it stays, tell your operator.",
            ),
        }
    }
}
