//! What a caller may see of a failure: a code, a sentence, and sentences for single fields. Never internal text.

use crate::{domain::module::BUILT_IN, json::JsonText};
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
    /// The token that was presented lacks a module; `fields` names its code.
    ModuleNeeded,
    /// Signed in and allowed, once the password was entered again (T-27).
    PasswordNeeded,
    /// There is no such thing for this caller.
    NotFound,
    /// It cannot be done as things stand now: somebody else was first.
    Conflict,
    /// The change is meant for another revision than there is (H-5).
    Outdated,
    /// The same key was sent before, with other entries (H-6).
    KeyReused,
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
            Self::Forbidden | Self::ModuleNeeded | Self::PasswordNeeded => 403,
            Self::NotFound => 404,
            Self::Conflict | Self::KeyReused => 409,
            Self::Outdated => 412,
            Self::Invalid => 422,
            Self::TooManyRequests => 429,
            Self::Unavailable | Self::Unreachable => 503,
            Self::Internal => 500,
        }
    }

    /// Whether the same may work in a moment, so that what is shown stays.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        matches!(
            self,
            Self::TooManyRequests | Self::Unavailable | Self::Internal | Self::Unreachable
        )
    }

    /// The status that programs get: the REST contract knows 400 where forms tell apart, and 422 for a key sent again.
    #[must_use]
    pub const fn status_for_programs(self) -> u16 {
        match self {
            Self::Invalid | Self::Conflict => 400,
            Self::KeyReused => 422,
            other => other.status(),
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

    /// The token that was presented lacks the module with this code.
    #[must_use]
    pub fn module_needed(code: &str) -> Self {
        let known = BUILT_IN.iter().find(|module| module.code == code);
        let name = known.map_or(code, |module| module.name);
        let message = format!(
            "The token that you presented does not have the module {name} ({code}), which this needs. Give it to the \
             token, or present another one."
        );
        Self {
            fields: vec![FieldError {
                field: code.to_owned(),
                message: "This module is needed.".to_owned(),
            }],
            ..Self::new(ErrorCode::ModuleNeeded, message)
        }
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

#[cfg(feature = "ssr")]
impl From<Vec<crate::rql::RqlError>> for ApiError {
    /// A query that cannot be answered: every fault under its key.
    fn from(errors: Vec<crate::rql::RqlError>) -> Self {
        // A query has room for a thousand faults; nobody reads that many.
        const TOLD: usize = 50;
        let told = errors.into_iter().take(TOLD);
        let fields = told.map(|error| FieldError {
            field: crate::rql::excerpt(&error.key),
            message: error.message,
        });
        Self {
            fields: fields.collect(),
            ..Self::new(
                ErrorCode::BadRequest,
                "One or more validation errors occurred. What a query can say is described at /docs#filters.",
            )
        }
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
