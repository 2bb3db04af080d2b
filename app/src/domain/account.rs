//! Accounts: the tenants, each a wall.

pub use super::id::AccountId;
use super::{icon::IconId, module::ModuleId, time::Timestamp};
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

/// These types in words, in the order in which people list them.
#[must_use]
pub fn type_list(types: &[AccountType]) -> String {
    let listed = AccountType::ALL.into_iter();
    let listed = listed.filter(|kind| types.contains(kind));
    listed
        .map(AccountType::as_str)
        .collect::<Vec<_>>()
        .join(", ")
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
    /// Its picture, if it has one. Who only verifies tokens leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<IconId>,
}

/// A row of the list of accounts, with what its form starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// The account.
    pub account: AccountRef,
    /// Rises with every change.
    pub revision: i64,
    /// Made.
    pub created_at: Timestamp,
    /// The modules that it has.
    pub modules: Vec<ModuleId>,
    /// How many people it has, disabled ones too.
    pub users: u64,
    /// How many of its tokens are not deleted.
    pub tokens: u64,
    /// Whether the person who asks may change it.
    pub may_change: bool,
    /// Whether it is his own, which he cannot disable.
    pub own: bool,
}

/// What is told of an account by whoever adds or edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountForm {
    /// Its name.
    pub name: String,
    /// What kind of tenant it is; for good, once it is added.
    pub kind: AccountType,
    /// The modules that it has.
    pub modules: Vec<ModuleId>,
    /// Its picture.
    pub icon: Option<IconId>,
}

/// What Operations can do with accounts. The last number is how many tokens they have been told would lose something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountChange {
    /// Add one.
    Add(AccountForm),
    /// Edit one that has this revision.
    Edit(AccountId, i64, AccountForm, u64),
    /// Let its people sign in, or no longer.
    Status(AccountId, AccountStatus),
}
