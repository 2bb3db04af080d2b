//! What programs send about tokens: a new one, and changes that name only what is to change.

use super::{account::AccountId, module::ModuleId, token::TokenDetails};
use crate::domain::secret::SecretText;

/// A token to add, as a program describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenDraft {
    /// Whose it is to be.
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// The modules; `None` for those that a token has when nothing is said.
    pub modules: Option<Vec<ModuleId>>,
    /// The same key with the same entries adds one token (H-6).
    pub key: Option<String>,
}

/// What is to change of a token. `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenDelta {
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether the picture is taken away.
    pub no_icon: bool,
    /// The modules, all of them.
    pub modules: Option<Vec<ModuleId>>,
    /// The revision that the change is meant for; any when `None` (H-5).
    pub revision: Option<i64>,
}

/// A token that was just added by a program.
#[derive(Debug, Clone)]
pub struct DraftedToken {
    /// The token.
    pub token: TokenDetails,
    /// Its secret. `None` when the same was sent before and the secret is not to be had again.
    pub secret: Option<SecretText>,
}
