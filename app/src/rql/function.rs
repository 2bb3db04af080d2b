//! The functions of the language, by name, and how many arguments each of them takes.

use super::expr::Comparison;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    And,
    Or,
    Not,
    Compare(Comparison),
    Like { fold: bool },
    In { negated: bool },
    Any,
    All,
    Itself,
    Null,
    Empty,
}

impl Function {
    /// The function of this name, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if let Some(op) = Comparison::ALL.into_iter().find(|op| op.as_str() == name) {
            return Some(Self::Compare(op));
        }
        match name.as_str() {
            "and" => Some(Self::And),
            "or" => Some(Self::Or),
            "not" => Some(Self::Not),
            "like" => Some(Self::Like { fold: false }),
            "ilike" => Some(Self::Like { fold: true }),
            "in" => Some(Self::In { negated: false }),
            "out" => Some(Self::In { negated: true }),
            "any" => Some(Self::Any),
            "all" => Some(Self::All),
            "self" => Some(Self::Itself),
            "null" => Some(Self::Null),
            "empty" => Some(Self::Empty),
            _ => None,
        }
    }

    /// Whether it stands for a value or a property and not for a condition.
    pub(super) const fn is_value(self) -> bool {
        matches!(self, Self::Itself | Self::Null | Self::Empty)
    }

    /// What is wrong with this number of arguments. The rest of `all` is judged with its meaning, because the platform
    /// answers with another key there; so are empty groups.
    pub(super) const fn refuses(self, arguments: usize) -> Option<&'static str> {
        match (self, arguments) {
            (Self::And | Self::Or, _)
            | (Self::Not, 1)
            | (Self::Compare(_) | Self::Like { .. } | Self::In { .. }, 2)
            | (Self::Any, 1 | 2)
            | (Self::All, 1..)
            | (Self::Itself, 0 | 1)
            | (Self::Null | Self::Empty, 0) => None,
            (Self::Not, _) => Some("Unary expression must have 1 argument"),
            (Self::Compare(_) | Self::Like { .. } | Self::In { .. }, _) => {
                Some("Binary expression must have 2 arguments")
            }
            (Self::Any | Self::All, 0) => {
                Some("Collection expression must have at least 1 argument")
            }
            (Self::Any, _) => Some("Collection expression must have at most 2 arguments"),
            (Self::Itself, _) => Some("Pointer expression must have 0 or 1 argument"),
            (Self::Null | Self::Empty, _) => Some("Constant functions cannot have arguments"),
        }
    }
}
