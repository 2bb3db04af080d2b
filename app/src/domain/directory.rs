//! The short lists of modules, users and accounts, and what an act of administration costs others.

use super::{account::AccountId, grid::Layout, page::PageRequest, time::Timestamp, token::TokenId};
use serde::{Deserialize, Serialize};

/// What a short list is asked for. It is sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryQuery {
    /// A part of a name, an id or a code; empty for everything.
    pub search: String,
    /// Only what belongs to this account; of those lists that span several.
    pub account: Option<AccountId>,
    /// Which page.
    pub page: PageRequest,
    /// Which columns are shown. The rows are the same for each.
    #[serde(skip)]
    pub layout: Layout,
}

impl DirectoryQuery {
    /// What the rows depend on.
    #[must_use]
    pub fn rows(&self) -> Self {
        Self {
            layout: Layout::default(),
            ..self.clone()
        }
    }
}

/// Tokens that would lose something: shown before it is taken from them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// How many.
    pub tokens: u64,
    /// When the first of them was last used, if ever.
    pub last_access_at: Option<Timestamp>,
    /// Those that were used last, at most [`LOSERS`].
    pub first: Vec<Loser>,
}

/// How many tokens a [`Loss`] names.
pub const LOSERS: usize = 10;

/// A token that would lose something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loser {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// When it was last used, if ever.
    pub last_access_at: Option<Timestamp>,
}

/// What an act of administration led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done, or there was nothing to do.
    Done,
    /// Nothing was done yet: so many tokens would lose something, more than the caller has agreed to.
    Loses(Loss),
}
