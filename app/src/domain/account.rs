//! Accounts: the tenants, each a wall.

pub use super::id::AccountId;
use serde::{Deserialize, Serialize};

/// What kind of tenant an account is. It decides which modules it may have and whether it sees other accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountType {
    /// Uses the platform.
    Client,
    /// Offers something on it.
    Vendor,
    /// Runs it: sees every account.
    Operations,
}

impl AccountType {
    /// Every type, in the order in which people list them.
    pub const ALL: [Self; 3] = [Self::Client, Self::Vendor, Self::Operations];

    /// The word that is shown, stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Vendor => "Vendor",
            Self::Operations => "Operations",
        }
    }
}

/// Whether an account's users may sign in. Its tokens go on either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountStatus {
    /// In use.
    Active,
    /// Its users cannot sign in.
    Disabled,
}

impl AccountStatus {
    /// The word that is shown, stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Disabled => "Disabled",
        }
    }
}

/// An account as other objects show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRef {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: AccountType,
    /// Its status.
    pub status: AccountStatus,
}
