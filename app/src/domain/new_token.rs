//! Adding a token: what the form starts from, what it sends, what comes of it.

use super::{
    account::{AccountId, AccountRef},
    icon::IconId,
    module::ModuleId,
    secret::{RevealPolicy, SecretText},
    token::{ModuleChoice, TokenDetails},
};
use serde::{Deserialize, Serialize};

/// What the form starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTokenForm {
    /// The accounts that the person may add a token to, by name: his own, or for Operations all.
    pub accounts: Vec<AccountRef>,
    /// The account that the rest is about; `None` while an Operations Administrator has not chosen one.
    pub account: Option<AccountRef>,
    /// The modules of that account that a token can have, by name. Every token has those without a choice.
    pub choices: Vec<ModuleChoice>,
    /// Those of them that a token begins with.
    pub given: Vec<ModuleId>,
    /// The loosest policy that this installation allows.
    pub reveal: RevealPolicy,
}

/// The fields of the form, complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Whose it is to be.
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// A picture that was uploaded before.
    pub icon: Option<IconId>,
    /// Who may see the secret later.
    pub reveal: RevealPolicy,
    /// The modules, in any order.
    pub modules: Vec<ModuleId>,
    /// Drawn by the form once, 16 to 64 letters, digits and hyphens: the same form sent twice adds one token.
    pub key: String,
}

/// A token that was just added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreatedToken {
    /// The token.
    pub token: TokenDetails,
    /// Its secret. `None` when the form was sent again and the secret is no longer stored.
    pub secret: Option<SecretText>,
}
