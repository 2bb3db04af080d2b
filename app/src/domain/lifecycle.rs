//! The life of a token: Active and Disabled in turn, Deleted for good (rule 1).

use serde::{Deserialize, Serialize};

/// A token used within this many days is deleted only by somebody who types its name.
pub const RECENT_DAYS: i64 = 7;

/// Where a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenStatus {
    /// Opens what its modules say.
    Active,
    /// Opens nothing until it is enabled.
    Disabled,
    /// Gone for good.
    Deleted,
}

impl TokenStatus {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 3] = [Self::Active, Self::Disabled, Self::Deleted];

    /// The word that is shown, stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Disabled => "Disabled",
            Self::Deleted => "Deleted",
        }
    }
}

/// A step in a token's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TokenAction {
    /// From Disabled to Active.
    Enable,
    /// From Active to Disabled.
    Disable,
    /// From either to Deleted.
    Delete,
}

impl TokenAction {
    /// Every step, in the order of the menus.
    pub const ALL: [Self; 3] = [Self::Disable, Self::Enable, Self::Delete];

    /// The word on its button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Enable => "Enable",
            Self::Disable => "Disable",
            Self::Delete => "Delete",
        }
    }

    /// What the token then is, in the message that confirms it.
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self {
            Self::Enable => "enabled",
            Self::Disable => "disabled",
            Self::Delete => "deleted",
        }
    }

    /// Where the step leads.
    #[must_use]
    pub const fn leads_to(self) -> TokenStatus {
        match self {
            Self::Enable => TokenStatus::Active,
            Self::Disable => TokenStatus::Disabled,
            Self::Delete => TokenStatus::Deleted,
        }
    }

    /// Where the step leads from `status`; `None` when it cannot be taken from there.
    #[must_use]
    pub const fn after(self, status: TokenStatus) -> Option<TokenStatus> {
        match (self, status) {
            (Self::Enable, TokenStatus::Disabled)
            | (Self::Disable, TokenStatus::Active)
            | (Self::Delete, TokenStatus::Active | TokenStatus::Disabled) => Some(self.leads_to()),
            _ => None,
        }
    }

    /// The steps that can be taken from `status`, in the order of the menus.
    pub fn from(status: TokenStatus) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(move |action| action.after(status).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_offers_what_the_state_allows() {
        let offered = |status| TokenAction::from(status).collect::<Vec<_>>();
        assert_eq!(
            offered(TokenStatus::Active),
            [TokenAction::Disable, TokenAction::Delete]
        );
        assert_eq!(
            offered(TokenStatus::Disabled),
            [TokenAction::Enable, TokenAction::Delete]
        );
        assert_eq!(offered(TokenStatus::Deleted), []);
    }
}
