//! Paths as a caller writes them: names with dots between. Whether they lead anywhere is not known here.

use std::fmt;

use super::PATH_MAX;
use super::error::{RqlError, excerpt, message};
use super::token::{is_reserved, trim};

/// The way to a property, as written: names keep their case. No name at all is the element of a collection itself.
///
/// Every name has at least one character and none that the language reserves, because [`Path::read`] lets no other in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path(Vec<String>);

impl Path {
    /// A path from its text, blanks around names taken away.
    ///
    /// # Errors
    /// A name is missing or holds a reserved character, or there are more than [`PATH_MAX`] names.
    pub fn read(text: &str) -> Result<Self, RqlError> {
        let text = trim(text);
        let names: Vec<&str> = text.split('.').map(trim).take(PATH_MAX + 1).collect();
        if names.len() > PATH_MAX {
            let path = excerpt(text);
            return Err(RqlError::syntax(format!(
                "more than {PATH_MAX} names in the path '{path}'"
            )));
        }
        if names
            .iter()
            .any(|name| name.is_empty() || name.contains(is_reserved))
        {
            return Err(Self::invalid(text));
        }
        Ok(Self(names.into_iter().map(str::to_owned).collect()))
    }

    /// The element of a collection itself, written `self()`.
    pub const fn element() -> Self {
        Self(Vec::new())
    }

    /// The names, from the outside in.
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// Whether this is the element of a collection itself.
    pub const fn is_element(&self) -> bool {
        self.0.is_empty()
    }

    /// The fault of text that is no path, under the text itself where it has some.
    pub(super) fn invalid(text: &str) -> RqlError {
        let key = if text.is_empty() {
            RqlError::VALIDATION
        } else {
            text
        };
        RqlError::new(key, message::INVALID_PATH)
    }
}

impl fmt::Display for Path {
    /// Names with dots between; `self()` for the element itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_element() {
            f.write_str("self()")
        } else {
            f.write_str(&self.0.join("."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_case_and_lose_blanks() {
        let path = Path::read(" Audit . created.AT ").unwrap();
        assert_eq!(path.segments(), ["Audit", "created", "AT"]);
        assert_eq!(path.to_string(), "Audit.created.AT");
        assert_eq!(Path::element().to_string(), "self()");
    }

    #[test]
    fn text_that_is_no_path_is_refused_under_its_own_name() {
        for text in ["a..b", ".a", "a.", "a.b(c)", "a'b"] {
            let error = Path::read(text).unwrap_err();
            assert_eq!(
                (error.key.as_str(), error.message.as_str()),
                (text, message::INVALID_PATH)
            );
        }
        assert_eq!(Path::read(" ").unwrap_err().key, RqlError::VALIDATION);
    }

    #[test]
    fn path_of_nine_names_is_too_long() {
        assert!(Path::read("a.b.c.d.e.f.g.h").is_ok());
        assert_eq!(
            Path::read("a.b.c.d.e.f.g.h.i").unwrap_err().key,
            RqlError::SYNTAX
        );
    }
}
