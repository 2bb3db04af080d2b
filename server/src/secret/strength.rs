//! Whether a new password is good enough: its length, and how many guesses it takes.
//!
//! The guesses are estimated with the lists of common passwords, words and names, and the patterns of keyboards and
//! dates, that `zxcvbn` carries. It must not know whose password it is beyond the words it is given.

use app::domain::validate::{self, Complaint};
use secrecy::{ExposeSecret as _, SecretString};
use zxcvbn::{Score, zxcvbn};

/// Words of the product that make a password no better, wherever it runs.
const OUR_WORDS: [&str; 3] = ["latchkey", "token", "console"];

/// What is wrong with a new password. `context` are words an attacker knows: the person's name, his address, his
/// account.
///
/// # Errors
/// Too short, too long, or fewer than about ten thousand million guesses away.
#[expect(
    clippy::disallowed_methods,
    reason = "a password's rules look at its text; nothing is kept of it"
)]
pub fn check(password: &SecretString, context: &[&str]) -> Result<(), Complaint> {
    let text = password.expose_secret();
    validate::password_length(text)?;
    // What an attacker knows counts for nothing, so only the rest has to withstand him.
    let known = context
        .iter()
        .flat_map(|word| word.split(['@', ' ', '.']))
        .chain(OUR_WORDS);
    let mut rest = text.to_lowercase();
    for word in known.filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(&word.to_lowercase(), "");
    }
    if zxcvbn(rest.trim(), &[]).score() < Score::Four {
        return Err(
            "This password is easy to guess. Use several unrelated words, or a password manager."
                .to_owned(),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn the_first_guesses_are_refused_however_long() {
        for bad in [
            "short",
            "aaaaaaaaaaaaaaa",
            "123456123456",
            "passwordpassword",
            "sarah.sanderson1",
            "qwertyqwerty12",
            "summer2026summer",
            "latchkeylatchkey",
            "abcdefghijkl",
        ] {
            assert!(check(&bad.into(), &["Sarah Sanderson"]).is_err(), "{bad}");
        }
    }

    #[test]
    fn unrelated_words_and_random_text_pass() {
        for good in [
            "correct horse battery",
            "tide lamp orbit 42",
            "пароль длинный очень",
            "kX9#vQ2!mLw4",
        ] {
            assert!(check(&good.into(), &["Sarah Sanderson"]).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_password_of_a_kilobyte_is_checked_at_once_and_a_longer_one_refused() {
        assert!(check(&"tide lamp ".repeat(102).into(), &[]).is_ok());
        assert!(check(&"tide lamp ".repeat(103).into(), &[]).is_err());
    }
}
