//! The keys there are, and what names each: what `latchkey keys list` says.

use crate::{
    repo::{self, ReadOnlyDb, StoreError},
    secret::keyring::{Key, Keyring},
};
use app::domain::time::Timestamp;

/// What a key is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Everything new is made with it.
    Active,
    /// It is to become active: a rotation was begun.
    Next,
    /// Secrets or living tokens still name it: they are being moved, or wait for their next use.
    Leaving,
    /// Only deleted tokens and lines of the audit trail name it. It stays for them.
    Kept,
    /// Nothing names it.
    Unused,
}

impl KeyState {
    /// The word for people and programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Next => "next",
            Self::Leaving => "leaving",
            Self::Kept => "kept",
            Self::Unused => "unused",
        }
    }
}

/// A key, and what names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySummary {
    /// Its name.
    pub kid: String,
    /// What it is there for.
    pub state: KeyState,
    /// When the first line of the audit trail was chained with it, which is when it became active, as a rule.
    pub since: Option<Timestamp>,
    /// Sealed secrets.
    pub secrets: u64,
    /// Look-up values of tokens that are not deleted.
    pub lookups: u64,
    /// Look-up values of deleted tokens, kept so that no value is given twice.
    pub deleted: u64,
    /// Lines of the audit trail.
    pub lines: u64,
    /// Of the look-up values, those of tokens without a stored secret: each is moved with its next use. Of the active key 0.
    pub waiting: u64,
}

/// The keys of this keyring, the oldest first, with what names them in this database.
///
/// # Errors
/// The store failed.
pub async fn list_keys(db: &ReadOnlyDb, keyring: &Keyring) -> Result<Vec<KeySummary>, StoreError> {
    let active = keyring.active().kid();
    let next = keyring.next().map(Key::kid);
    let mut keys = Vec::new();
    for kid in keyring.kids() {
        let uses = repo::keys::find_uses(db.read(), kid).await?;
        let state = if kid == active {
            KeyState::Active
        } else if Some(kid) == next {
            KeyState::Next
        } else if uses.secrets + uses.lookups > 0 {
            KeyState::Leaving
        } else if uses.is_none() {
            KeyState::Unused
        } else {
            KeyState::Kept
        };
        let waiting = match state {
            KeyState::Active => 0,
            _ => repo::keys::count_without_secret(db.read(), kid).await?,
        };
        keys.push(KeySummary {
            kid: kid.to_owned(),
            state,
            since: uses.first_line,
            secrets: uses.secrets,
            lookups: uses.lookups,
            deleted: uses.deleted,
            lines: uses.lines,
            waiting,
        });
    }
    Ok(keys)
}
