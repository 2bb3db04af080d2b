//! What the audit trail says: which event, and what a field was before and after.

use serde::{Deserialize, Serialize};

/// A recorded event. Its key follows `platform.accounts.OBJECT.ACTION`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each variant reads as its key, which is spelt out below"
)]
pub enum Event {
    TokenCreated,
    TokenUpdated,
    UserCreated,
    UserEnabled,
    UserDisabled,
    UserUnlocked,
    UserPasswordChanged,
    ModuleCreated,
    AccountCreated,
    SessionCreated,
    SessionRefused,
    SessionLocked,
    SessionEnded,
}

impl Event {
    /// The key that is stored, shown and filtered by.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::TokenCreated => "platform.accounts.token.created",
            Self::TokenUpdated => "platform.accounts.token.updated",
            Self::UserCreated => "platform.accounts.user.created",
            Self::UserEnabled => "platform.accounts.user.enabled",
            Self::UserDisabled => "platform.accounts.user.disabled",
            Self::UserUnlocked => "platform.accounts.user.unlocked",
            Self::UserPasswordChanged => "platform.accounts.user.password-changed",
            Self::ModuleCreated => "platform.accounts.module.created",
            Self::AccountCreated => "platform.accounts.account.created",
            Self::SessionCreated => "platform.accounts.session.created",
            Self::SessionRefused => "platform.accounts.session.refused",
            Self::SessionLocked => "platform.accounts.session.locked",
            Self::SessionEnded => "platform.accounts.session.ended",
        }
    }
}

/// One field of an object, before and after a change. Only fields on a list are ever recorded (L-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field's name, as in `name`.
    pub field: String,
    /// Its value before; `None` when the object is new.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}
