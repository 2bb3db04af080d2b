//! What text means before any field looks at it: one Unicode form, folded for search, refused when it hides.

/// Why a character cannot stand in a name or description (`SECURITY.md` I-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadCharacter {
    /// A control character, a line break where none may be, or a code point that is no character.
    Control,
    /// Invisible, or turns the reading direction, so that the text reads as something else.
    Invisible,
}

/// Unicode NFC: the browser's own `String.normalize`, the server's crate.
#[must_use]
pub fn nfc(text: &str) -> String {
    #[cfg(feature = "ssr")]
    {
        use unicode_normalization::UnicodeNormalization;
        text.nfc().collect()
    }
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    {
        js_sys::JsString::from(text).normalize("NFC").into()
    }
    #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
    {
        text.to_owned()
    }
}

/// A number for people, with a comma between groups of three digits.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The form that searching and sorting compare: NFC, lower-cased by Unicode's rules.
#[must_use]
pub fn fold(text: &str) -> String {
    lower_case(&nfc(text))
}

/// Lower case by Unicode's rules: the browser's own tables in the browser.
fn lower_case(text: &str) -> String {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    {
        js_sys::JsString::from(text).to_lower_case().into()
    }
    #[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
    {
        text.to_lowercase()
    }
}

/// Upper case by Unicode's rules: the browser's own tables in the browser.
#[must_use]
pub fn upper_case(text: &str) -> String {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    {
        js_sys::JsString::from(text).to_upper_case().into()
    }
    #[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
    {
        text.to_uppercase()
    }
}

/// NFC, trimmed, and every run of blanks made one space.
#[must_use]
pub fn one_line(text: &str) -> String {
    let text = nfc(text);
    let mut line = String::with_capacity(text.len());
    for word in text
        .split([' ', '\u{a0}', '\u{3000}'])
        .filter(|word| !word.is_empty())
    {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.trim().to_owned()
}

/// NFC, line breaks as `\n`, no blank lines or spaces at either end.
#[must_use]
pub fn paragraphs(text: &str) -> String {
    nfc(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .trim()
        .to_owned()
}

/// The first character that may not stand in `text`, if any. `\n` passes when `line_breaks` do.
///
/// A joiner (U+200C, U+200D) passes between two visible characters: words of several scripts and many emoji
/// need it.
#[must_use]
pub fn first_bad_character(text: &str, line_breaks: bool) -> Option<BadCharacter> {
    let mut previous = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let bad = match character {
            '\n' if line_breaks => None,
            '\u{200c}' | '\u{200d}' => {
                let joins = joinable(previous) && joinable(characters.peek().copied());
                (!joins).then_some(BadCharacter::Invisible)
            }
            _ => bad_alone(character),
        };
        if bad.is_some() {
            return bad;
        }
        previous = Some(character);
    }
    None
}

fn joinable(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|c| {
        !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{200c}' | '\u{200d}')
    })
}

fn bad_alone(character: char) -> Option<BadCharacter> {
    let code = u32::from(character);
    match character {
        '\u{2028}' | '\u{2029}' => Some(BadCharacter::Control),
        c if c.is_control() => Some(BadCharacter::Control),
        _ if code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code) => {
            Some(BadCharacter::Control)
        }
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{180e}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e007f}' => Some(BadCharacter::Invisible),
        _ => None,
    }
}

/// Whether the text holds something shaped like a token's secret, `prefix_` and 36 letters or digits (T-4).
/// Such text never goes into a URL.
#[must_use]
pub fn looks_like_secret(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|word| {
            word.rsplit_once('_').is_some_and(|(prefix, body)| {
                body.len() >= 36
                    && (2..=10).contains(&prefix.len())
                    && prefix.starts_with(|c: char| c.is_ascii_lowercase())
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn large_numbers_are_read_in_groups() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn joiners_pass_inside_words_and_emoji_only() {
        for good in [
            "می\u{200c}خواهم",
            "👩\u{200d}💻",
            "❤\u{fe0f}\u{200d}🔥",
            "क्\u{200d}ष",
        ] {
            assert_eq!(first_bad_character(good, false), None, "{good:?}");
        }
        for bad in [
            "\u{200d}a",
            "a\u{200d}",
            "a\u{200d} b",
            "a \u{200c}b",
            "a\u{200d}\u{200d}b",
        ] {
            assert_eq!(
                first_bad_character(bad, false),
                Some(BadCharacter::Invisible),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn controls_direction_marks_and_invisible_characters_are_found() {
        for bad in [
            "a\0b",
            "a\tb",
            "a\u{7f}",
            "a\u{85}b",
            "a\u{2028}b",
            "a\u{fffe}",
            "a\u{fdd0}",
            "a\u{1ffff}",
        ] {
            assert_eq!(
                first_bad_character(bad, true),
                Some(BadCharacter::Control),
                "{bad:?}"
            );
        }
        for bad in [
            "\u{202e}txt",
            "a\u{200b}b",
            "\u{feff}a",
            "a\u{ad}b",
            "\u{2066}a",
            "a\u{e0041}",
            "\u{3164}",
        ] {
            assert_eq!(
                first_bad_character(bad, true),
                Some(BadCharacter::Invisible),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn line_breaks_pass_in_paragraphs_only() {
        assert_eq!(first_bad_character("a\nb", true), None);
        assert_eq!(
            first_bad_character("a\nb", false),
            Some(BadCharacter::Control)
        );
        assert_eq!(paragraphs("\r\n a\r\nb\rc \n"), "a\nb\nc");
    }

    #[test]
    fn a_secret_is_known_by_its_shape_wherever_it_stands() {
        let secret = format!("lk_{}", "a1".repeat(18));
        assert!(looks_like_secret(&secret));
        assert!(looks_like_secret(&format!("Bearer {secret}.")));
        for other in ["TKN-1234-1234", "billing_import", "lk_short", "Robot 1"] {
            assert!(!looks_like_secret(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn one_line_is_idempotent(text in "\\PC{0,40}") {
            let once = one_line(&text);
            prop_assert_eq!(one_line(&once), once);
        }
    }
}
