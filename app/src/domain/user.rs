//! Users: the people of an account.

use super::account::{AccountId, AccountRef, AccountType};
pub use super::id::UserId;
use super::{secret::SecretText, time::Timestamp};
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

/// How far the tokens are counted that a person made; one more stands for any number beyond.
pub const TOKENS_COUNTED: u64 = 1_000;

/// A row of the list of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// The person, with role and account.
    pub user: CurrentUser,
    /// Whether he may sign in.
    pub status: UserStatus,
    /// Rises with every change.
    pub revision: i64,
    /// Added.
    pub created_at: Timestamp,
    /// Until when his invitation is good; `None` when he was not invited, or has accepted.
    pub invited_until: Option<Timestamp>,
    /// Whether that moment has passed.
    pub invitation_over: bool,
    /// In how many places he is signed in.
    pub sign_ins: u64,
    /// How many tokens he made that are not deleted, as far as [`TOKENS_COUNTED`].
    pub tokens: u64,
    /// Whether the person who asks may change him.
    pub may_change: bool,
    /// Whether it is the person who asks.
    pub own: bool,
}

/// What is told of a person by whoever invites or edits him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserForm {
    /// His name.
    pub name: String,
    /// His e-mail address.
    pub email: String,
    /// What he may do.
    pub role: Role,
}

/// What an Administrator can do with a person's access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserAction {
    /// Let him sign in again.
    Enable,
    /// Keep him out.
    Disable,
    /// End his sign-ins. He may sign in again.
    EndSignIns,
}

/// What becomes of the tokens of somebody who leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokensOfLeaver {
    /// They go on as they are.
    Keep,
    /// Those that are Active are disabled.
    Disable,
    /// They are another person's from now on.
    HandOver(UserId),
}

/// What an Administrator can do with people.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum UserChange {
    /// Invite somebody, to this account or to one's own.
    Invite(Option<AccountId>, UserForm),
    /// Write another invitation.
    InviteAgain(UserId),
    /// Edit somebody who has this revision.
    Edit(UserId, i64, UserForm),
    /// Do something with somebody's access.
    Access(UserId, UserAction),
    /// Keep somebody out, and do this with the tokens he made.
    Offboard(UserId, TokensOfLeaver),
}

/// What that led to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum UserChanged {
    /// It was done.
    Done,
    /// It was done, and so was something to so many tokens.
    Tokens(u64),
    /// There is an invitation now.
    Invited(Invitation),
}

/// An invitation that was just written. The address opens it, once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invitation {
    /// Who is invited.
    pub id: UserId,
    /// The address to be given to him, and nobody else.
    pub address: SecretText,
    /// Until when it is good.
    pub until: Timestamp,
}
