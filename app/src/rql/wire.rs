//! The raw query string as it came: taken apart at `&` and `=`, and decoded. What the parts mean is not known here.

use super::error::{RqlError, excerpt};

/// The parts between ampersands, without empty ones. An ampersand inside quotes belongs to its part; the quotes may be
/// percent-encoded, because they are quotes as soon as the part is decoded.
pub fn segments(raw: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let mut before = *b"\0\0";
    raw.split(move |character: char| {
        let shown = match before {
            [b'%', b'2'] if character == '7' => '\'',
            [b'%', b'2'] if character == '2' => '"',
            _ => character,
        };
        before = [before[1], u8::try_from(character).unwrap_or(0)];
        match quote {
            None if matches!(shown, '\'' | '"') => quote = Some(shown),
            Some(open) if shown == open => quote = None,
            _ => {}
        }
        character == '&' && quote.is_none()
    })
    .filter(|segment| !segment.is_empty())
}

/// The decoded halves of a part: up to its first `=`, and behind it. Without `=` the second half is empty.
///
/// # Errors
/// One of the halves cannot be decoded.
pub fn pair(segment: &str) -> Result<(String, String), RqlError> {
    let (key, value) = segment.split_once('=').unwrap_or((segment, ""));
    Ok((decode(key)?, decode(value)?))
}

/// The text behind percent-encoding, where `+` is a blank.
///
/// # Errors
/// A percent sign without two hexadecimal digits, bytes that are not UTF-8, or a NUL character.
pub fn decode(text: &str) -> Result<String, RqlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let at = text.len() - rest.len() - 1;
                match (digit(rest.next()), digit(rest.next())) {
                    (Some(high), Some(low)) => high << 4 | low,
                    _ => return Err(invalid(text.get(at..).unwrap_or_default())),
                }
            }
            byte => byte,
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(RqlError::syntax("NUL character in the query")),
        Ok(text) => Ok(text),
        Err(_) => Err(RqlError::syntax(format!("not UTF-8: '{}'", excerpt(text)))),
    }
}

fn digit(byte: Option<u8>) -> Option<u8> {
    let digit = char::from(byte?).to_digit(16)?;
    u8::try_from(digit).ok()
}

fn invalid(rest: &str) -> RqlError {
    let shown: String = rest.chars().take(3).collect();
    RqlError::syntax(format!("invalid percent-encoding: '{shown}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ampersand_inside_quotes_does_not_separate() {
        for (raw, parts) in [
            ("a=1&&b=2&", vec!["a=1", "b=2"]),
            ("eq(n,'A&B')&c=1", vec!["eq(n,'A&B')", "c=1"]),
            ("eq(n,%27A&B%27)&c=1", vec!["eq(n,%27A&B%27)", "c=1"]),
            ("eq(n,'A\"&%22B%27)&c=1", vec!["eq(n,'A\"&%22B%27)", "c=1"]),
            ("n=%2527&c=1", vec!["n=%2527", "c=1"]),
            ("n=%%27&c=1", vec!["n=%%27&c=1"]),
            ("", vec![]),
        ] {
            assert_eq!(segments(raw).collect::<Vec<_>>(), parts, "{raw}");
        }
    }

    #[test]
    fn decoding_is_strict() {
        assert_eq!(decode("a+b%2Bc%20%F0%9F%98%80ü").unwrap(), "a b+c 😀ü");
        for text in ["%", "%2", "%ZZ", "%+1", "%2ü", "%FF", "%C3", "a%00b"] {
            assert_eq!(decode(text).unwrap_err().key, RqlError::SYNTAX, "{text}");
        }
        assert_eq!(
            decode("%ZZtop").unwrap_err().message,
            "invalid percent-encoding: '%ZZ'"
        );
    }
}
