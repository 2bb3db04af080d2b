//! What becomes of a token when a backup is put back, by how it stood then and stands now.

use crate::repo::restoring::Standing;
use app::domain::token::TokenStatus;

/// What became of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// It was deleted since, and is again.
    Deleted,
    /// It was disabled since, and is again.
    Disabled,
    /// Modules were taken from it since. It is disabled, so that somebody looks at it.
    Narrowed,
    /// Nothing proves that it was still good. It is disabled.
    Unproven,
}

impl Replay {
    /// The word for people and programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Disabled => "disabled",
            Self::Narrowed => "narrowed",
            Self::Unproven => "unproven",
        }
    }

    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Deleted => "it was deleted after the backup that was restored",
            Self::Disabled => "it was disabled after the backup that was restored",
            Self::Narrowed => "modules were taken from it after the backup that was restored",
            Self::Unproven => {
                "nothing proves that it was not revoked after the backup that was restored"
            }
        }
    }

    pub(super) const fn status(self) -> TokenStatus {
        match self {
            Self::Deleted => TokenStatus::Deleted,
            Self::Disabled | Self::Narrowed | Self::Unproven => TokenStatus::Disabled,
        }
    }
}

/// What becomes of a token that stood so, and of which this is known since; nothing of one that may stay.
pub(super) fn replay_of(was: &Standing, newer: Option<&Standing>) -> Option<Replay> {
    let opens = was.status == TokenStatus::Active;
    match newer {
        _ if was.status == TokenStatus::Deleted => None,
        Some(newer) if newer.status == TokenStatus::Deleted => Some(Replay::Deleted),
        Some(newer) if opens && newer.status == TokenStatus::Disabled => Some(Replay::Disabled),
        Some(newer) if opens && !was.modules.is_subset(&newer.modules) => Some(Replay::Narrowed),
        None if opens => Some(Replay::Unproven),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(status: TokenStatus, modules: &[&str]) -> Standing {
        Standing {
            status,
            modules: modules.iter().map(|module| (*module).to_owned()).collect(),
            stored: true,
        }
    }

    #[test]
    fn what_was_ended_since_is_ended_and_what_nothing_proves_is_disabled() {
        use TokenStatus::{Active, Deleted, Disabled};
        let was = standing(Active, &["a", "b"]);
        let cases = [
            (standing(Active, &["a", "b"]), None),
            (standing(Active, &["a", "b", "c"]), None),
            (standing(Active, &["a"]), Some(Replay::Narrowed)),
            (standing(Disabled, &["a"]), Some(Replay::Disabled)),
            (standing(Deleted, &[]), Some(Replay::Deleted)),
        ];
        for (newer, expected) in cases {
            assert_eq!(replay_of(&was, Some(&newer)), expected, "{newer:?}");
        }
        assert_eq!(replay_of(&was, None), Some(Replay::Unproven));
        let disabled = standing(Disabled, &["a"]);
        assert_eq!(replay_of(&disabled, None), None);
        assert_eq!(replay_of(&disabled, Some(&was)), None);
        let gone = standing(Deleted, &[]);
        assert_eq!(replay_of(&disabled, Some(&gone)), Some(Replay::Deleted));
        assert_eq!(replay_of(&gone, Some(&was)), None);
    }
}
