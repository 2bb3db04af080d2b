//! Failures inside the rules, and what of them a caller sees.

use crate::{
    env::RandomError,
    repo::{StoreError, StoreTrouble, listing::ListError},
    secret::{password::PasswordError, seal::SealError},
};
use app::error::{ApiError, ErrorCode};
use tokio::task::JoinError;

const INTERNAL: &str = "Something went wrong in Latchkey and nothing was saved. Try again; if it \
                        stays, tell your operator.";
const BUSY: &str = "Latchkey is too busy to answer. Nothing was saved; try again in a moment.";
const NO_RANDOMNESS: &str = "The server could not draw the random numbers it needs for this. Nothing \
                             was saved; tell your operator.";

/// Why a rule could not be carried out. All but [`ServiceError::Refused`] is for the log only.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The caller asked for what he may not have or what cannot be; nothing is wrong with the server.
    #[error("refused: {0}")]
    Refused(#[from] ApiError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no randomness; nothing replaces it (T-6).
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A password could not be hashed or checked.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// A secret could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Rows were made with a key that the keyring does not hold (T-23).
    #[error(
        "the keyring has no key {0:?}, which the database needs; put back the keyring that belongs to this database"
    )]
    MissingKey(String),
    /// Every id that was drawn is taken.
    #[error("no free id was found")]
    NoFreeId,
    /// The process ends, or has a fault.
    #[error("work was interrupted: {0}")]
    Interrupted(#[from] JoinError),
    /// A part of an audit record cannot be written down, or is not what was.
    #[error("the fields of an audit record could not be written or read: {0}")]
    Audit(#[from] serde_json::Error),
}

impl From<ListError> for ServiceError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Store(error) => error.into(),
            ListError::Query(errors) => ApiError::from(errors).into(),
        }
    }
}

impl ServiceError {
    /// What the caller sees. Whatever is our own fault is logged here, once, with its cause.
    #[must_use]
    pub fn into_api(self, request_id: &str) -> ApiError {
        if self.is_own_fault() {
            tracing::error!(error = %self, request_id, "a request failed");
        }
        self.seen(request_id)
    }

    /// Whether something is wrong with the server, and not only with what was asked of it.
    pub(super) fn is_own_fault(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }

    /// What the caller sees; for whoever sees to it himself that it is logged.
    pub(super) fn seen(self, request_id: &str) -> ApiError {
        let seen = match &self {
            Self::Refused(error) => return error.clone(),
            Self::Store(error) => of_store(error.trouble()),
            Self::Password(PasswordError::Busy) => Some(BUSY),
            Self::Random(_)
            | Self::Password(PasswordError::Random(_))
            | Self::Seal(SealError::Random(_)) => Some(NO_RANDOMNESS),
            _ => None,
        };
        let number = (!request_id.is_empty()).then(|| request_id.to_owned());
        let error = match seen {
            Some(sentence) => ApiError::new(ErrorCode::Unavailable, sentence),
            None => ApiError::new(ErrorCode::Internal, INTERNAL),
        };
        ApiError {
            request_id: number,
            ..error
        }
    }
}

fn of_store(trouble: StoreTrouble) -> Option<&'static str> {
    match trouble {
        StoreTrouble::Full => Some(
            "The server's disk is full, so nothing was saved. What was there before is safe. Tell your operator, and \
             try again when there is room.",
        ),
        StoreTrouble::ReadOnly => Some(
            "The server cannot write to its disk, so nothing was saved. What was there before is safe. Tell your \
             operator.",
        ),
        StoreTrouble::Busy => Some(BUSY),
        StoreTrouble::Slow => Some(
            "Finding this took longer than five seconds and was ended, so that others need not wait. Add a condition \
             that fewer meet, such as the beginning of a name, a status or a module.",
        ),
        StoreTrouble::Other => None,
    }
}
