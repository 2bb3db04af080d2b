//! Saved views: names for what the address of a list says, kept by a person for himself or shared with his account.

pub use super::id::ViewId;
use super::{
    text::{first_bad_character, grouped, looks_like_secret},
    user::PersonRef,
    validate::{self, Complaint},
};
use serde::{Deserialize, Serialize};

/// A query has at most this many bytes: what an address may have (8 KiB), less some room for path and page.
pub const QUERY_MAX: usize = 8_000;

/// What a view does not keep of an address: the page, and which view it is.
const NOT_KEPT: [&str; 2] = ["page", "view"];

/// A list that has views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListName {
    /// The API tokens.
    Tokens,
    /// The audit trail.
    Audit,
}

impl ListName {
    /// Every list.
    pub const ALL: [Self; 2] = [Self::Tokens, Self::Audit];

    /// The word that is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Audit => "audit",
        }
    }
}

/// A view as the person who asks sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the page shows"
)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// The list that it shows.
    pub list: ListName,
    /// Its name. Views of several people may have the same.
    pub name: String,
    /// What stands behind the question mark of the list's address; empty for the list as it usually is.
    pub query: String,
    /// Whether everybody in the account sees it.
    pub shared: bool,
    /// Whether it is the asker's own.
    pub mine: bool,
    /// Whose it is.
    pub owner: PersonRef,
    /// Whether the asker may change and delete it.
    pub may_change: bool,
    /// Whether the asker's list begins with it.
    pub is_default: bool,
    /// Rises with each change.
    pub revision: i64,
}

/// A view to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    /// The list that it shows.
    pub list: ListName,
    /// Its name.
    pub name: String,
    /// What stands behind the question mark of the list's address.
    pub query: String,
    /// Whether everybody in the account is to see it.
    pub shared: bool,
}

/// All of a view that can be changed, as it is to stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewEdit {
    /// The revision that is changed.
    pub revision: i64,
    /// The name.
    pub name: String,
    /// What stands behind the question mark of the list's address.
    pub query: String,
    /// Whether everybody in the account is to see it.
    pub shared: bool,
}

/// The name of a view, in the form in which it is kept.
///
/// # Errors
/// As [`validate::name`]; like a token's secret.
pub fn name(text: &str) -> Result<String, Complaint> {
    let name = validate::name("The name", text)?;
    if looks_like_secret(&name) {
        return Err(
            "The name looks like the secret of an API token. Secrets are not kept in views. Enter another name."
                .into(),
        );
    }
    Ok(name)
}

/// The query of a view, in the form in which it is kept: without a question mark before it, the page, and the view
/// that was open.
///
/// # Errors
/// Too long; with a character that no address has; with something like a token's secret in it, encoded or not.
pub fn query(text: &str) -> Result<String, Complaint> {
    let text = text.strip_prefix('?').unwrap_or(text);
    let kept: Vec<_> = text.split('&').filter(|pair| is_kept(pair)).collect();
    let query = kept.join("&");
    if query.len() > QUERY_MAX {
        let (length, most) = (grouped(query.len() as u64), grouped(QUERY_MAX as u64));
        return Err(format!(
            "Filter, search and columns of this view take {length} characters in the address, and {most} fit. Make \
             the filter or the search shorter."
        ));
    }
    if query.contains('#') || first_bad_character(&query, false).is_some() {
        return Err(
            "The address of this view has a character in it that no address has. Set filter and search anew, and \
             save again."
                .into(),
        );
    }
    if looks_like_secret(&decoded(&query)) {
        return Err(
            "The filter or the search has something like the secret of an API token in it. Secrets are not kept in \
             views. Look for the token's name or id instead."
                .into(),
        );
    }
    Ok(query)
}

fn is_kept(pair: &str) -> bool {
    let key = pair.split_once('=').map_or(pair, |(key, _)| key);
    !pair.is_empty() && !NOT_KEPT.contains(&decoded(key).as_str())
}

/// The text behind percent-encoding, where `+` is a blank. What is not well encoded stays, as lists read it too.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        bytes.push(match (byte, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            _ => *byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(text: &str) -> String {
        let bytes: Vec<_> = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        bytes.concat()
    }

    fn secret() -> String {
        format!("lk_{}", "a1".repeat(18))
    }

    #[test]
    fn lists_travel_as_the_words_that_are_stored() {
        for list in ListName::ALL {
            let word = serde_json::to_value(list).unwrap();
            assert_eq!(word, list.as_str());
        }
    }

    #[test]
    fn a_query_is_kept_without_the_page_and_the_view() {
        for (sent, kept) in [
            ("", ""),
            ("?", ""),
            ("?status=Active", "status=Active"),
            ("page=3", ""),
            ("page=3&status=Active&page=4", "status=Active"),
            ("a=1&view=VIW-0000-0001&b=2", "a=1&b=2"),
            ("p%61ge=3&%76iew&a=1", "a=1"),
            ("&&a=1&", "a=1"),
            ("pages=3&Page=4&a=page=1", "pages=3&Page=4&a=page=1"),
            ("search=50%25+off&x=%zz%", "search=50%25+off&x=%zz%"),
        ] {
            assert_eq!(query(sent).unwrap(), kept, "{sent}");
        }
    }

    #[test]
    fn a_query_of_the_greatest_length_passes_and_a_longer_one_says_how_long_it_is() {
        let longest = format!("search={}", "x".repeat(QUERY_MAX - 7));
        assert_eq!(query(&longest).unwrap().len(), QUERY_MAX);
        assert!(query(&format!("{longest}&page=12")).is_ok());
        let complaint = query(&format!("{longest}x")).unwrap_err();
        assert!(
            complaint.contains("8,001") && complaint.contains("8,000"),
            "{complaint}"
        );
    }

    #[test]
    fn characters_that_no_address_has_are_refused() {
        for bad in ["a=\0", "a=\n", "a=1\t", "a=\u{7f}", "a=\u{202e}", "a=1#b"] {
            assert!(query(bad).unwrap_err().contains("character"), "{bad:?}");
        }
    }

    #[test]
    fn a_secret_is_refused_however_it_is_encoded() {
        let secret = secret();
        for bad in [
            format!("search={secret}"),
            format!("{secret}=1"),
            format!("status=Active&search={}", encoded(&secret)),
            format!("filter=eq(name,%27{secret}%27)"),
            format!("search=Bearer+{secret}"),
            format!("search={}", secret.replace('_', "%5F")),
        ] {
            let complaint = query(&bad).unwrap_err();
            assert!(complaint.contains("secret"), "{bad}");
            assert!(!complaint.contains(&secret), "{complaint}");
        }
        assert!(query(&format!("page={secret}")).unwrap().is_empty());
    }

    #[test]
    fn a_name_is_checked_as_names_are_and_is_no_secret() {
        assert_eq!(name("  My   tokens ").unwrap(), "My tokens");
        assert!(name(" ").unwrap_err().contains("empty"));
        let complaint = name(&format!("My {}", secret())).unwrap_err();
        assert!(
            complaint.contains("secret") && !complaint.contains(&secret()),
            "{complaint}"
        );
    }

    proptest! {
        #[test]
        fn what_is_kept_is_kept_unchanged(text in "\\PC{0,60}") {
            if let Ok(once) = query(&text) {
                // Only the first question mark is no part of the query.
                prop_assume!(!once.starts_with('?'));
                prop_assert_eq!(query(&once).unwrap(), once);
            }
        }

        #[test]
        fn what_is_encoded_is_decoded(text in any::<String>()) {
            prop_assert_eq!(decoded(&encoded(&text)), text);
        }
    }
}
