//! What a token's secret is in the browser and on the wire, and who may see it after the token was added.
//!
//! A secret leaves the server in exactly three answers: the one to adding a token, the one to asking for a token's
//! secret, and the one to inviting a person. Each carries a [`SecretText`]; no other type does, so a search for it finds
//! every way out.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroize as _;

/// A secret on its way to the one person who may see it. It cannot be printed or compared by accident, and
/// is wiped when it is dropped.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Takes the text over.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for showing or copying it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// Who may see a token's secret after the summary that follows adding it (T-29). From loose to tight, in this order;
/// a token's policy only ever gets tighter.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum RevealPolicy {
    /// Administrators of its account, whenever they ask.
    #[default]
    Always,
    /// The first Administrator of its account who asks, once; then the stored value is destroyed.
    Once,
    /// Nobody; the value is not stored.
    Never,
}

impl RevealPolicy {
    /// Every policy, from loose to tight.
    pub const ALL: [Self; 3] = [Self::Always, Self::Once, Self::Never];

    /// The word that is stored, sent and set.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Once => "once",
            Self::Never => "never",
        }
    }

    /// What people choose by.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Always => "Administrators, whenever they ask",
            Self::Once => "The first Administrator who asks, once",
            Self::Never => "Nobody",
        }
    }
}

/// Whether the person who looks at a token can have its secret shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretAccess {
    /// He can, perhaps after entering his password again.
    Open,
    /// Others can: Administrators of the token's account.
    Others,
    /// Nobody can: it is no longer stored, or never was.
    Gone,
}

/// What somebody wants a secret for. Both are recorded, under names of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretUse {
    /// To look at it.
    Show,
    /// To put it on the clipboard.
    Copy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_cannot_be_printed() {
        let secret = SecretText::new("lk_value".into());
        assert!(!format!("{secret:?}").contains("value"));
    }

    #[test]
    fn policies_stand_from_loose_to_tight() {
        assert!(RevealPolicy::ALL.is_sorted());
        assert_eq!(RevealPolicy::default(), RevealPolicy::ALL[0]);
    }
}
