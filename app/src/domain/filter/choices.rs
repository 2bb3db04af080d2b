//! What the builder offers to choose among, and what the things are called that ids name.

use serde::{Deserialize, Serialize};

/// A thing by its id and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The id, as a condition holds it.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// What the values of conditions can be chosen from, each by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FilterChoices {
    /// Modules.
    pub modules: Vec<Named>,
    /// People, and programs, that made tokens; at most [`FilterChoices::CREATORS_MAX`].
    pub creators: Vec<Named>,
    /// Accounts, for those who see several; at most [`FilterChoices::ACCOUNTS_MAX`].
    pub accounts: Vec<Named>,
}

impl FilterChoices {
    /// The most creators that are offered.
    pub const CREATORS_MAX: usize = 200;
    /// The most accounts that are offered.
    pub const ACCOUNTS_MAX: usize = 500;
}
