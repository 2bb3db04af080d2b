//! The smallest parts of decoded text: words, quoted texts and the reserved characters between.

use super::error::RqlError;

/// A part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text without quotes and reserved characters, and without blanks around it; never empty.
    Word(&'a str),
    /// What stands between two quotes of one kind.
    Quoted(&'a str),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `=`
    Equals,
    /// `,`
    Comma,
    /// `&`
    Ampersand,
    /// `;` or `|`
    Either,
}

/// Whether a character cannot stand in a bare word.
pub(super) fn is_reserved(character: char) -> bool {
    matches!(
        character,
        '=' | ',' | '&' | ';' | '|' | '(' | ')' | '\'' | '"'
    )
}

/// The text without blanks around it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_ascii_whitespace())
}

/// Takes the sign off a key of an order or a field of a select: whether it is a minus, and the rest.
pub(super) fn signed(text: &str) -> (bool, &str) {
    let text = trim(text);
    match text.strip_prefix('-') {
        Some(rest) => (true, trim(rest)),
        None => (false, trim(text.strip_prefix('+').unwrap_or(text))),
    }
}

/// Every token with the byte that it starts at.
///
/// # Errors
/// A quote is never closed.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token<'_>)>, RqlError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '=' => (Token::Equals, 1),
            ',' => (Token::Comma, 1),
            '&' => (Token::Ampersand, 1),
            ';' | '|' => (Token::Either, 1),
            '\'' | '"' => {
                let Some(inner) = rest[1..].find(first) else {
                    return Err(RqlError::syntax_at(text, at, "unterminated quote"));
                };
                (Token::Quoted(&rest[1..=inner]), inner + 2)
            }
            _ => {
                let length = rest.find(is_reserved).unwrap_or(rest.len());
                (Token::Word(trim(&rest[..length])), length)
            }
        };
        match token {
            Token::Word("") => {}
            Token::Word(_) => tokens.push((at + blanks(&rest[..length]), token)),
            _ => tokens.push((at, token)),
        }
        at += length;
    }
    Ok(tokens)
}

/// How many bytes of blanks the text begins with.
fn blanks(text: &str) -> usize {
    text.len()
        - text
            .trim_start_matches(|character: char| character.is_ascii_whitespace())
            .len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_blanks_and_quotes_keep_them() {
        assert_eq!(
            tokens("eq( Zü rich , ' a(b) ')").unwrap(),
            [
                (0, Token::Word("eq")),
                (2, Token::Open),
                (4, Token::Word("Zü rich")),
                (13, Token::Comma),
                (15, Token::Quoted(" a(b) ")),
                (23, Token::Close),
            ]
        );
    }

    #[test]
    fn quote_without_its_end_is_refused_where_it_begins() {
        let error = tokens("name=O'Brien").unwrap_err();
        assert_eq!(error.message, "unterminated quote at position 7");
    }

    #[test]
    fn sign_is_taken_once() {
        assert_eq!(signed("-name"), (true, "name"));
        assert_eq!(signed(" + name"), (false, "name"));
        assert_eq!(signed("  name "), (false, "name"));
        assert_eq!(signed("--name"), (true, "-name"));
    }
}
