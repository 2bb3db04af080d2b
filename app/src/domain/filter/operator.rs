//! How a condition compares: the second menu of the builder.

use super::property::Kind;
use serde::{Deserialize, Serialize};

/// A way to compare. Which ones a property has, [`Property::operators`](super::Property::operators) says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operator {
    /// The same, in any case of letters; of modules, one is this.
    Is,
    /// Not the same; of modules, none is this.
    IsNot,
    /// The text is somewhere in it, in any case of letters.
    Contains,
    /// It begins with the text, in any case of letters.
    StartsWith,
    /// It ends with the text, in any case of letters.
    EndsWith,
    /// There is none.
    IsEmpty,
    /// There is one.
    IsNotEmpty,
    /// On an earlier day.
    Before,
    /// On a later day.
    After,
    /// On these days or between them.
    Between,
    /// One of these.
    IsOneOf,
}

/// How many values an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arity {
    /// None.
    None,
    /// Exactly one.
    One,
    /// Exactly two.
    Two,
    /// One or more.
    Many,
}

impl Arity {
    /// The fewest values that make a condition complete.
    #[must_use]
    pub const fn least(self) -> usize {
        match self {
            Self::None => 0,
            Self::One | Self::Many => 1,
            Self::Two => 2,
        }
    }

    /// The most values that count.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Many => usize::MAX,
            _ => self.least(),
        }
    }
}

impl Operator {
    /// Every operator, none of which any property has all of.
    pub const ALL: [Self; 11] = [
        Self::Is,
        Self::IsNot,
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::IsEmpty,
        Self::IsNotEmpty,
        Self::Before,
        Self::After,
        Self::Between,
        Self::IsOneOf,
    ];

    /// The words between a property of this kind and its value.
    #[must_use]
    pub const fn label(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Is, Kind::Modules) => "include",
            (Self::IsNot, Kind::Modules) => "do not include",
            (Self::IsOneOf, Kind::Modules) => "include one of",
            (Self::IsEmpty, Kind::Modules) => "none",
            (Self::IsEmpty, Kind::People) => "is Latchkey itself",
            (Self::IsEmpty, Kind::Days) => "never",
            (Self::IsNotEmpty, Kind::Days) => "at least once",
            (Self::Is, _) => "is",
            (Self::IsNot, _) => "is not",
            (Self::Contains, _) => "contains",
            (Self::StartsWith, _) => "starts with",
            (Self::EndsWith, _) => "ends with",
            (Self::IsEmpty, _) => "is empty",
            (Self::IsNotEmpty, _) => "is not empty",
            (Self::Before, _) => "before",
            (Self::After, _) => "after",
            (Self::Between, _) => "between",
            (Self::IsOneOf, _) => "is one of",
        }
    }

    /// The name in forms.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "isNot",
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::IsEmpty => "isEmpty",
            Self::IsNotEmpty => "isNotEmpty",
            Self::Before => "before",
            Self::After => "after",
            Self::Between => "between",
            Self::IsOneOf => "isOneOf",
        }
    }

    /// The operator of this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.key() == key)
    }

    /// How many values it takes.
    #[must_use]
    pub const fn arity(self) -> Arity {
        match self {
            Self::IsEmpty | Self::IsNotEmpty => Arity::None,
            Self::Between => Arity::Two,
            Self::IsOneOf => Arity::Many,
            _ => Arity::One,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_one_operator() {
        for operator in Operator::ALL {
            assert_eq!(Operator::from_key(operator.key()), Some(operator));
        }
        assert_eq!(Operator::from_key("matches"), None);
    }

    #[test]
    fn modules_are_many_and_are_spoken_of_so() {
        assert_eq!(Operator::Is.label(Kind::Modules), "include");
        assert_eq!(Operator::Is.label(Kind::Status), "is");
        assert_eq!(Operator::IsEmpty.label(Kind::Days), "never");
    }
}
