//! Why keys are not rotated, in words for the operator.

use super::{
    super::{KeysError, ServiceError},
    PATIENCE,
};
use crate::secret::keyring::KeyringError;

/// Why keys are not rotated.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// Another process does so.
    #[error(
        "Another latchkey changes the keys right now, perhaps the server, which goes on with a rotation by itself. Nothing was \
         done. See `latchkey keys list`, and try again when it is through."
    )]
    Busy,
    /// Two keys are in use already (T-12).
    #[error(
        "The rotation before this one is not through: {tokens} API token(s) are still found by an older key and have no stored \
         secret, so each is moved when its secret is presented next. More than two keys at a time are not looked up, so no \
         other key was made. Wait until they were used, or delete those that nobody needs, then try again. `latchkey keys \
         list` says how many are left."
    )]
    Waiting {
        /// How many tokens.
        tokens: u64,
    },
    /// A process did not take the new keyring over.
    #[error(
        "Another latchkey on this installation, a server or a command, still goes by the keyring as it was {} seconds ago, so no \
         token was moved to the new key yet. Nothing is lost and every token is valid. When it has ended or has read the \
         keyring, which its log says, run: latchkey keys rotate --resume",
        PATIENCE.as_secs()
    )]
    NotTakenOver,
    /// The trail was not written with this key.
    #[error(
        "The key {0:?} of the keyring is not the one with which the audit trail was written: the keyring belongs to another \
         installation, or the trail was changed (`latchkey audit verify` says which). Nothing was done. Put back the keyring \
         that belongs to this database."
    )]
    Foreign(String),
    /// The keyring is not in a file.
    #[error("the keyring of this process is in no file")]
    NoFile,
    /// The keyring cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The rules or the store failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<KeyringError> for RotationError {
    fn from(error: KeyringError) -> Self {
        Self::Keys(error.into())
    }
}
