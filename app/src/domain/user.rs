//! Users: the people of an account.

use super::account::{AccountRef, AccountType};
pub use super::id::UserId;
use serde::{Deserialize, Serialize};

/// What a person may do in his account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Everything.
    Administrator,
    /// Reads; never sees a secret.
    Viewer,
}

impl Role {
    /// The word that is shown, stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Viewer => "Viewer",
        }
    }
}

/// Whether a person may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserStatus {
    /// May sign in.
    Active,
    /// May not.
    Disabled,
}

impl UserStatus {
    /// The word that is shown, stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Disabled => "Disabled",
        }
    }
}

/// A person as other objects show him. Programs that act have an id of their own kind, hence the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    /// `USR-…`, or the id of whatever else acted; empty for Latchkey itself.
    pub id: String,
    /// The name at the time of reading.
    pub name: String,
}

impl PersonRef {
    /// The number behind the id of a user, for choosing his colour; the same wherever he is shown.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.id.parse().map_or(0, UserId::number)
    }
}

/// The person who is signed in, as every page needs him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentUser {
    /// His id.
    pub id: UserId,
    /// His name.
    pub name: String,
    /// His e-mail address.
    pub email: String,
    /// What he may do.
    pub role: Role,
    /// Whose person he is.
    pub account: AccountRef,
}

impl CurrentUser {
    /// Whether he may change tokens at all; which ones is for the server to say.
    #[must_use]
    pub fn may_edit_tokens(&self) -> bool {
        self.role == Role::Administrator
    }

    /// Whether he sees the tokens of other accounts too.
    #[must_use]
    pub fn sees_all_accounts(&self) -> bool {
        self.account.kind == AccountType::Operations
    }
}
