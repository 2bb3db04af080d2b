//! Patterns of `like`: which characters stand for themselves. How a database matches them is not known here.

use std::fmt;

/// A pattern for a whole value; without pieces it matches the empty text alone.
///
/// [`Pattern::read`] leaves no two neighbours of a kind and no empty text, and no text that ends in a backslash before a
/// wildcard: the language cannot write that.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Pattern(pub Vec<Piece>);

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// These characters.
    Text(String),
    /// Any characters, also none.
    Any,
}

impl Pattern {
    /// A pattern from its text: `*` anywhere is a wildcard, `\*` a star. A backslash before anything else is itself.
    pub fn read(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut run = String::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            if character == '*' {
                push_text(&mut pieces, &mut run);
                if pieces.last() != Some(&Piece::Any) {
                    pieces.push(Piece::Any);
                }
            } else if character == '\\' && characters.next_if_eq(&'*').is_some() {
                run.push('*');
            } else {
                run.push(character);
            }
        }
        push_text(&mut pieces, &mut run);
        Self(pieces)
    }
}

fn push_text(pieces: &mut Vec<Piece>, run: &mut String) {
    if !run.is_empty() {
        pieces.push(Piece::Text(std::mem::take(run)));
    }
}

impl fmt::Display for Pattern {
    /// The text that [`Pattern::read`] reads as this.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(&text.replace('*', "\\*")),
            Piece::Any => f.write_str("*"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    #[test]
    fn star_is_a_wildcard_anywhere_and_a_star_behind_a_backslash() {
        for (written, pieces) in [
            ("", vec![]),
            ("rob", vec![text("rob")]),
            ("*rob*", vec![Piece::Any, text("rob"), Piece::Any]),
            ("a***b", vec![text("a"), Piece::Any, text("b")]),
            (r"\*", vec![text("*")]),
            (r"The\**", vec![text("The*"), Piece::Any]),
            (r"a\b\", vec![text(r"a\b\")]),
            (r"\\*", vec![text(r"\*")]),
            (r"50%_", vec![text("50%_")]),
        ] {
            let pattern = Pattern::read(written);
            assert_eq!(pattern, Pattern(pieces), "{written}");
            assert_eq!(Pattern::read(&pattern.to_string()), pattern, "{written}");
        }
    }
}
