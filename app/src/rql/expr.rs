//! The tree of a filter. It says what was asked, not whether it makes sense for a resource.

use super::path::Path;
use super::pattern::Pattern;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// Every one of these holds; the parser never leaves it empty.
    And(Vec<Self>),
    /// At least one of these holds; the parser never leaves it empty.
    Or(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// A property compared with a value or another property.
    Compare {
        /// The property.
        left: Path,
        /// How they are compared.
        op: Comparison,
        /// What it is compared with.
        right: Operand,
    },
    /// A property matched with a pattern, as a whole.
    Like {
        /// The property.
        left: Path,
        /// The pattern.
        pattern: Pattern,
        /// Whether upper and lower case are the same (`ilike`).
        fold: bool,
    },
    /// A property that is one of some values.
    In {
        /// The property.
        left: Path,
        /// The values; the parser never leaves them empty.
        values: Vec<Item>,
        /// Whether it is none of them (`out`).
        negated: bool,
    },
    /// A collection that has an element for which the condition holds.
    Any {
        /// The collection.
        collection: Path,
        /// Told of the element; without it, any element will do.
        condition: Option<Box<Self>>,
    },
    /// A collection of which every element meets the condition.
    All {
        /// The collection.
        collection: Path,
        /// Told of the element.
        condition: Box<Self>,
    },
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

impl Comparison {
    /// Every one of them.
    pub const ALL: [Self; 6] = [Self::Eq, Self::Ne, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// The name of its function.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

/// The right side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// A word without quotes: a property where one has this name, else a value.
    Bare(String),
    /// A value, whatever properties there are.
    Quoted(String),
    /// `null()`
    Null,
    /// `empty()`, the text without characters.
    Empty,
    /// `self(path)`, a property whatever it looks like.
    Property(Path),
}

/// One value of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A value, with or without quotes.
    Value(String),
    /// `empty()`, the text without characters.
    Empty,
}
