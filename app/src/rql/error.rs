//! What is wrong with a query: a key and a sentence. How an answer shows them is the HTTP layer's.

use std::error::Error;
use std::fmt;

/// The most characters of the caller's text in one key or message.
pub const EXCERPT_MAX: usize = 100;

/// The sentences, worded as the platform words them; whoever compiles a tree uses the same ones.
pub mod message {
    /// A path that names nothing.
    pub const INVALID_PATH: &str = "Invalid property path.";
    /// A function that does not exist.
    pub const UNKNOWN_GROUP: &str = "Unknown expression group.";
    /// A group with nothing in it.
    pub const EMPTY_GROUP: &str = "Expression group cannot be empty.";
    /// A value where a condition belongs.
    pub const EXPRESSION_EXPECTED: &str = "Expression expected.";
    /// Something other than a property on the left.
    pub const UNSUPPORTED_PROPERTY: &str = "Unsupported property node.";
    /// Something other than a value on the right.
    pub const UNSUPPORTED_ARGUMENT: &str = "Unsupported argument type.";
    /// `null()` in a list or a pattern.
    pub const NULL_VALUE: &str = "Null values are not supported.";
    /// A list without values.
    pub const EMPTY_LIST: &str = "Value has to be a non empty array.";
    /// `all` without its condition.
    pub const ALL_ARGUMENTS: &str = "all() function must have 2 arguments";
    /// An order without a key that can be used.
    pub const NO_ORDER: &str = "No valid ordering properties were detected";
}

/// One fault of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RqlError {
    /// What the fault belongs to: a path, a function, a part of the query, or one of the general keys.
    pub key: String,
    /// One sentence for the caller, with no more than [`EXCERPT_MAX`] characters of his text.
    pub message: String,
}

impl RqlError {
    /// The key of text that cannot be read.
    pub const SYNTAX: &'static str = "rql_syntax";
    /// The key of text that can be read and means nothing.
    pub const VALIDATION: &'static str = "rql_validation";

    /// A fault of what `key` names, which may be the caller's text.
    pub fn new(key: &str, message: impl Into<String>) -> Self {
        Self {
            key: excerpt(key),
            message: message.into(),
        }
    }

    /// A fault that belongs to no path.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(Self::VALIDATION, message)
    }

    /// Text that cannot be read.
    pub fn syntax(message: impl Into<String>) -> Self {
        Self::new(Self::SYNTAX, message)
    }

    /// Text that cannot be read from the byte `at` on; the message counts characters, from 1.
    pub(super) fn syntax_at(text: &str, at: usize, message: &str) -> Self {
        let before = text.get(..at).unwrap_or(text).chars().count();
        Self::syntax(format!("{message} at position {}", before + 1))
    }

    /// A value that `key` cannot hold.
    pub fn unconvertible(key: &str, value: &str) -> Self {
        Self::new(key, format!("Cannot convert value: '{}'.", excerpt(value)))
    }
}

impl fmt::Display for RqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

impl Error for RqlError {}

/// The caller's text as an answer may repeat it: at most [`EXCERPT_MAX`] characters, and `…` where some were cut.
pub fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(excerpt(&"ü".repeat(100)), "ü".repeat(100));
        assert_eq!(excerpt(&"😀".repeat(101)), format!("{}…", "😀".repeat(100)));
    }

    #[test]
    fn position_counts_characters_from_one() {
        let error = RqlError::syntax_at("Zü)", "Zü".len(), "unexpected )");
        assert_eq!(error.to_string(), "rql_syntax: unexpected ) at position 3");
    }
}
