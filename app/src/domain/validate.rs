//! The check of every field a person fills in, used by the form as he types and by the service before it saves.
//! Each returns the value in the form it is stored in, or the sentence that stands beside the field.

use super::text::{BadCharacter, first_bad_character, one_line, paragraphs};

/// A name has at most this many Unicode scalars, after NFC and trimming.
pub const NAME_MAX: usize = 200;
/// A description has at most this many Unicode scalars.
pub const DESCRIPTION_MAX: usize = 2_000;
/// A module's code has at most this many letters.
pub const CODE_MAX: usize = 64;
/// A password has at least this many characters.
pub const PASSWORD_MIN: usize = 12;
/// A password has at most this many bytes.
pub const PASSWORD_MAX_BYTES: usize = 1_024;
/// An e-mail address has at most this many bytes (RFC 5321, 4.5.3.1).
pub const EMAIL_MAX_BYTES: usize = 254;

/// What is wrong with a field: a sentence for the person who filled it in.
pub type Complaint = String;

/// The name of a token, user or account. `what` begins the sentence, as in "The name".
///
/// # Errors
/// Empty, too long, or with a character that may not stand in it (I-23).
pub fn name(what: &str, text: &str) -> Result<String, Complaint> {
    let name = one_line(text);
    if name.is_empty() {
        return Err(format!("{what} is empty. Enter at least one character."));
    }
    check_length(what, &name, NAME_MAX)?;
    check_characters(what, &name, false)?;
    Ok(name)
}

/// A token's description; empty is allowed and line breaks are kept.
///
/// # Errors
/// Too long, or with a character that may not stand in it (I-23).
pub fn description(text: &str) -> Result<String, Complaint> {
    let what = "The description";
    let description = paragraphs(text);
    check_length(what, &description, DESCRIPTION_MAX)?;
    check_characters(what, &description, true)?;
    Ok(description)
}

/// An e-mail address, kept as typed but for blanks around it. Only its shape is checked: nothing proves an
/// address but a message to it.
///
/// # Errors
/// Not of the shape `someone@host`, or too long.
pub fn email(text: &str) -> Result<String, Complaint> {
    let email = one_line(text);
    let shaped = email.split_once('@').is_some_and(|(person, host)| {
        !person.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && !host.starts_with('.')
            && !host.ends_with('.')
    });
    if !shaped || email.contains(' ') || email.len() > EMAIL_MAX_BYTES {
        return Err("This is not an e-mail address. Enter one like name@example.com.".into());
    }
    check_characters("The e-mail address", &email, false)?;
    Ok(email)
}

/// A module's code.
///
/// # Errors
/// Not 1 to [`CODE_MAX`] small letters, digits and hyphens that begin with a letter.
pub fn module_code(text: &str) -> Result<String, Complaint> {
    let is_code = text.len() <= CODE_MAX
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_code {
        return Ok(text.to_owned());
    }
    Err(format!(
        "A code has 1 to {CODE_MAX} small letters, digits and hyphens, and begins with a letter."
    ))
}

/// The length of a new password. Whether it is easy to guess is for the server to say.
///
/// # Errors
/// Too short or too long.
pub fn password_length(text: &str) -> Result<(), Complaint> {
    if text.chars().count() < PASSWORD_MIN {
        return Err(format!(
            "The password is too short. Use at least {PASSWORD_MIN} characters; 15 or more are better."
        ));
    }
    if text.len() > PASSWORD_MAX_BYTES {
        return Err(format!(
            "The password is too long. Use at most {PASSWORD_MAX_BYTES} bytes."
        ));
    }
    Ok(())
}

fn check_length(what: &str, text: &str, max: usize) -> Result<(), Complaint> {
    let length = text.chars().count();
    if length > max || text.len() > max * 4 {
        let surplus = length.saturating_sub(max).max(1);
        return Err(format!(
            "{what} has {length} characters, {surplus} more than the {max} allowed. Shorten it."
        ));
    }
    Ok(())
}

fn check_characters(what: &str, text: &str, line_breaks: bool) -> Result<(), Complaint> {
    match first_bad_character(text, line_breaks) {
        None => Ok(()),
        Some(BadCharacter::Control) => Err(format!(
            "{what} has a control character in it. Remove it, or type the text anew."
        )),
        Some(BadCharacter::Invisible) => Err(format!(
            "{what} has an invisible or direction-changing character in it. Type the text anew."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_trimmed_composed_and_its_blanks_folded() {
        assert_eq!(
            name("The name", "  Robo\u{308}t   1 ").unwrap(),
            "Rob\u{f6}t 1"
        );
    }

    #[test]
    fn a_name_of_two_hundred_emoji_passes_and_one_more_does_not() {
        assert!(name("The name", &"🤖".repeat(200)).is_ok());
        let complaint = name("The name", &"🤖".repeat(201)).unwrap_err();
        assert!(
            complaint.contains("201") && complaint.contains("200"),
            "{complaint}"
        );
    }

    #[test]
    fn an_empty_or_blank_name_is_refused_with_a_sentence() {
        for empty in ["", "   ", "\u{a0}\u{3000}"] {
            assert!(
                name("The name", empty)
                    .unwrap_err()
                    .starts_with("The name is empty")
            );
        }
    }

    #[test]
    fn a_description_keeps_its_line_breaks_and_may_be_empty() {
        assert_eq!(description("").unwrap(), "");
        assert_eq!(description(" one\r\ntwo ").unwrap(), "one\ntwo");
        assert!(description(&"x".repeat(2_001)).is_err());
        assert!(description("a\u{202e}b").is_err());
    }

    #[test]
    fn an_address_without_its_two_parts_is_no_email() {
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@.c", "a@c."] {
            assert!(email(bad).is_err(), "{bad}");
        }
        assert_eq!(email(" Sarah@Example.com ").unwrap(), "Sarah@Example.com");
    }

    #[test]
    fn a_code_is_a_word_of_small_letters_digits_and_hyphens() {
        for bad in ["", "1a", "-a", "A", "a b", "a_b", "é", &"a".repeat(65)] {
            assert!(module_code(bad).is_err(), "{bad}");
        }
        for good in ["a", "a-1", &"a".repeat(64)] {
            assert_eq!(module_code(good).unwrap(), good);
        }
    }

    #[test]
    fn a_password_has_a_least_and_a_greatest_length() {
        assert!(password_length("eleven char").is_err());
        assert!(password_length("twelve chars").is_ok());
        assert!(password_length(&"x".repeat(1_025)).is_err());
    }

    proptest! {
        #[test]
        fn what_a_check_returns_passes_it_unchanged(text in any::<String>()) {
            if let Ok(once) = name("The name", &text) {
                prop_assert_eq!(name("The name", &once).unwrap(), once);
            }
            if let Ok(once) = description(&text) {
                prop_assert_eq!(description(&once).unwrap(), once);
            }
        }
    }
}
