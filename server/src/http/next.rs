//! Where a person goes next, after signing in above all.
//!
//! Owns the check of the address that was asked for. It must not know who signs in.

use super::error_page::Refusal;
use app::href;
use axum::{
    http::{HeaderValue, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};

/// Longer addresses are forgotten: escaped into another address they would pass its limit.
const MAX: usize = 2_048;

/// The address to go to: the one that was asked for, if it is one of ours, or else the list of tokens.
#[must_use]
pub fn target(next: &str) -> &str {
    if is_ours(next) { next } else { href::TOKENS }
}

/// The sign-in page, with the address to return to.
#[must_use]
pub fn sign_in(asked: &str) -> String {
    if is_ours(asked) && asked != href::TOKENS {
        href::sign_in(asked)
    } else {
        href::SIGN_IN.to_owned()
    }
}

/// On to another page, by GET.
#[must_use]
pub fn see_other(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(address) => (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response(),
        Err(_) => Refusal::internal().into_response(),
    }
}

/// Whether a browser takes this for a page of ours. `//host` and `/\host` lead elsewhere, and blanks, controls and
/// letters beyond ASCII do not stand in an address as it is sent. The pages of signing in lead in circles.
fn is_ours(next: &str) -> bool {
    let circular = |path: &str| {
        [
            href::SIGN_IN,
            href::SIGN_OUT,
            href::SETUP,
            href::INVITATION,
            "/",
        ]
        .contains(&path)
    };
    next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.bytes().all(|byte| byte.is_ascii_graphic())
        && next.len() <= MAX
        && !circular(next.split(['?', '#']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    #[test]
    fn only_pages_of_ours_are_returned_to() {
        for good in [
            "/settings/api-tokens?page=2",
            "/settings/api-tokens/TKN-1234-1234",
            "/help/x#y",
            "/a//b",
        ] {
            assert_eq!(target(good), good);
        }
        for bad in [
            "",
            "/",
            "settings",
            "//evil.example",
            "/\\evil.example",
            "/a\\b",
            "https://evil.example",
            "/a b",
            "/a\r\nSet-Cookie: x",
            "/a\tb",
            "/ü",
            "/sign-in",
            "/sign-in?next=/x",
            "/sign-out",
            "/setup?code=x",
        ] {
            assert_eq!(target(bad), href::TOKENS, "{bad:?}");
        }
        assert_eq!(target(&format!("/{}", "a".repeat(MAX))), href::TOKENS);
    }

    #[test]
    fn the_sign_in_page_remembers_what_is_worth_it() {
        assert_eq!(sign_in("/help/x?y=1"), "/sign-in?next=%2Fhelp%2Fx%3Fy%3D1");
        assert_eq!(sign_in(href::TOKENS), "/sign-in");
        assert_eq!(sign_in("//evil.example"), "/sign-in");
    }

    proptest! {
        #[test]
        fn a_target_is_always_a_header_value_and_a_path(text in any::<String>()) {
            prop_assert!(HeaderValue::from_str(target(&text)).is_ok());
            prop_assert!(target(&text).starts_with('/') && !target(&text).starts_with("//"));
        }
    }
}
