//! A person's own sign-ins, as he sees them.

use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One place where a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Names this sign-in to its owner; of no use for signing in.
    pub handle: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// From which address it began, if known.
    pub address: Option<String>,
    /// What that makes of the device, in words, as in "Firefox on Windows".
    pub device: String,
    /// What the browser said of itself, if anything.
    pub user_agent: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}
