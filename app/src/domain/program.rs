//! A program that acts by the API token it presents.

use super::{account::AccountRef, id::TokenId, module::ModuleId};

/// A module of a token, as far as the token's rights are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldModule {
    /// `MOD-NNNN`.
    pub id: ModuleId,
    /// Its unique word, as in `access-management`.
    pub code: String,
}

/// The token by which a program acts, Active when it was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentToken {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub account: AccountRef,
    /// What it may use.
    pub modules: Vec<HeldModule>,
}

impl CurrentToken {
    /// Its module with this code.
    #[must_use]
    pub fn module(&self, code: &str) -> Option<&HeldModule> {
        self.modules.iter().find(|module| module.code == code)
    }

    /// Whether it has the module with this code.
    #[must_use]
    pub fn may_use(&self, code: &str) -> bool {
        self.module(code).is_some()
    }

    /// Whether it has the module with this id.
    #[must_use]
    pub fn holds(&self, id: ModuleId) -> bool {
        self.modules.iter().any(|module| module.id == id)
    }
}
