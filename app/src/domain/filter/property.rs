//! What a condition can look at: the first menu of the builder.

use super::operator::Operator;
use serde::{Deserialize, Serialize};

/// Something about a token that the builder offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Property {
    /// Its name.
    Name,
    /// Its id.
    Id,
    /// Where it stands.
    Status,
    /// What it may use, by id.
    Modules,
    /// Who made it, by id.
    CreatedBy,
    /// Whose it is, by id; for those who see several accounts.
    Account,
    /// The day on which it was made, in UTC.
    CreatedAt,
    /// The day on which it was last presented, in UTC.
    LastAccess,
}

/// What the values of a property are, and so how they are entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Any text.
    Text,
    /// Words of [`TokenStatus`](crate::domain::token::TokenStatus).
    Status,
    /// Ids of modules, of which a token has many.
    Modules,
    /// Ids of people and of programs.
    People,
    /// Ids of accounts.
    Accounts,
    /// Days as `2026-01-31`.
    Days,
}

impl Property {
    /// Every property, in the order of the menu.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Id,
        Self::Status,
        Self::Modules,
        Self::CreatedBy,
        Self::Account,
        Self::CreatedAt,
        Self::LastAccess,
    ];

    /// The words in the menu.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "API token name",
            Self::Id => "API token id",
            Self::CreatedAt => "Date created",
            _ => self.short(),
        }
    }

    /// The words in a chip.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Id => "Id",
            Self::Status => "Status",
            Self::Modules => "Modules",
            Self::CreatedBy => "Created by",
            Self::Account => "Account",
            Self::CreatedAt => "Created",
            Self::LastAccess => "Last access",
        }
    }

    /// The name in forms.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Id => "id",
            Self::Status => "status",
            Self::Modules => "modules",
            Self::CreatedBy => "createdBy",
            Self::Account => "account",
            Self::CreatedAt => "createdAt",
            Self::LastAccess => "lastAccess",
        }
    }

    /// The property of this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.key() == key)
    }

    /// What its values are.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Name | Self::Id => Kind::Text,
            Self::Status => Kind::Status,
            Self::Modules => Kind::Modules,
            Self::CreatedBy => Kind::People,
            Self::Account => Kind::Accounts,
            Self::CreatedAt | Self::LastAccess => Kind::Days,
        }
    }

    /// How it can be compared, in the order of the menu; never none.
    #[must_use]
    pub const fn operators(self) -> &'static [Operator] {
        use Operator::{
            After, Before, Between, Contains, EndsWith, Is, IsEmpty, IsNot, IsNotEmpty, IsOneOf,
            StartsWith,
        };
        match self {
            Self::Name => &[Is, IsNot, Contains, StartsWith, EndsWith],
            Self::Id => &[Is, Contains, StartsWith, EndsWith],
            Self::Status | Self::Account => &[Is, IsNot, IsOneOf],
            Self::Modules | Self::CreatedBy => &[Is, IsNot, IsOneOf, IsEmpty],
            Self::CreatedAt => &[Before, After, Between],
            Self::LastAccess => &[Before, After, Between, IsEmpty, IsNotEmpty],
        }
    }

    /// The field in the query language, as REST names it.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Id => "id",
            Self::Status => "status",
            Self::Modules => "modules",
            Self::CreatedBy => "audit.created.by.id",
            Self::Account => "account.id",
            Self::CreatedAt => "audit.created.at",
            Self::LastAccess => "lastAccessAt",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_key_names_one_property() {
        for property in Property::ALL {
            assert_eq!(Property::from_key(property.key()), Some(property));
        }
        assert_eq!(Property::from_key("revision"), None);
    }

    #[test]
    fn no_menu_says_the_same_twice() {
        let labels: HashSet<_> = Property::ALL.map(Property::label).into();
        assert_eq!(labels.len(), Property::ALL.len());
        for property in Property::ALL {
            let operators = property.operators().iter();
            let labels: HashSet<_> = operators.map(|it| it.label(property.kind())).collect();
            assert_eq!(labels.len(), property.operators().len(), "{property:?}");
        }
    }
}
