//! The addresses of saved views.
//!
//! `view=` names the view that a list was opened by; the rest of the address says what the list shows, as without a
//! view. So a link to a view shows the same to those for whom the view does not exist, and a change of the list leaves
//! the name of the view in the address. The bare address of a list leads to the view that a person's list begins with;
//! [`PLAIN_VIEW`] in place of an id is the plain list even then.

use super::{AUDIT_TRAIL, TOKENS, list_pairs, token_query, with_query};
use crate::domain::{
    page::PageRequest,
    token_query::TokenQuery,
    view::{ListName, SavedView},
};
use leptos_router::location::Url;

/// In an address, in place of a view's id: no view, also for a person whose list begins with one. No id reads like it.
pub const PLAIN_VIEW: &str = "plain";

/// The bare address of a list.
#[must_use]
pub const fn list(name: ListName) -> &'static str {
    match name {
        ListName::Tokens => TOKENS,
        ListName::Audit => AUDIT_TRAIL,
    }
}

/// The list without any view.
#[must_use]
pub fn plain(name: ListName) -> String {
    format!("{}?view={PLAIN_VIEW}", list(name))
}

/// The list as this view has it.
#[must_use]
pub fn view(view: &SavedView) -> String {
    let mut address = format!("{}?", list(view.list));
    // What people save is well encoded; what programs send need not be, and a header holds nothing else.
    for letter in view.query.chars() {
        if letter.is_ascii_graphic() {
            address.push(letter);
        } else {
            address.push_str(&Url::escape(&letter.to_string()));
        }
    }
    let and = if view.query.is_empty() { "" } else { "&" };
    format!("{address}{and}view={}", view.id)
}

/// The list as this raw query string, of which a view keeps a part, has it; no view is named.
#[must_use]
pub fn without_view(name: ListName, kept: &str) -> String {
    let mark = if kept.is_empty() { "" } else { "?" };
    format!("{}{mark}{kept}", list(name))
}

/// What a view keeps of the raw query string of the list of tokens: all but the page and the view, as our links have it.
#[must_use]
pub fn kept_tokens(search: &str) -> String {
    let query = token_query(search);
    let pairs = list_pairs(&TokenQuery {
        page: PageRequest {
            number: 1,
            ..query.page
        },
        view: String::new(),
        ..query
    });
    with_query("", pairs).trim_start_matches('?').to_owned()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{
        domain::{user::PersonRef, view::ViewId},
        href::tokens,
    };

    fn saved(list: ListName, query: &str) -> SavedView {
        SavedView {
            id: ViewId::from_number(12_340_001).unwrap(),
            list,
            name: "Mine".into(),
            query: query.into(),
            shared: false,
            mine: true,
            owner: PersonRef {
                id: "USR-0001-0001".into(),
                name: "Ada".into(),
            },
            may_change: true,
            is_default: false,
            revision: 1,
        }
    }

    #[test]
    fn a_view_is_opened_by_what_it_keeps_and_by_its_id() {
        for (list, query, address) in [
            (
                ListName::Tokens,
                "",
                "/settings/api-tokens?view=VIW-1234-0001",
            ),
            (
                ListName::Tokens,
                "search=a%20b&order=name",
                "/settings/api-tokens?search=a%20b&order=name&view=VIW-1234-0001",
            ),
            (
                ListName::Audit,
                "object=TKN-1234-1234",
                "/settings/audit-trail?object=TKN-1234-1234&view=VIW-1234-0001",
            ),
        ] {
            assert_eq!(view(&saved(list, query)), address);
        }
    }

    #[test]
    fn what_a_program_saved_without_encoding_is_an_address_all_the_same() {
        let address = view(&saved(ListName::Tokens, "search=Zürich ☃"));
        assert!(
            address.bytes().all(|byte| byte.is_ascii_graphic()),
            "{address}"
        );
        let (_, search) = address.split_once('?').unwrap();
        assert_eq!(token_query(search).search, "Zürich ☃");
        assert_eq!(token_query(search).view, "VIW-1234-0001");
    }

    #[test]
    fn the_plain_list_has_an_address_that_is_neither_bare_nor_an_id() {
        let address = plain(ListName::Tokens);
        let (path, search) = address.split_once('?').unwrap();
        assert_eq!(path, TOKENS);
        let query = token_query(search);
        assert!(query.view.parse::<ViewId>().is_err());
        assert_eq!(query.rows(), TokenQuery::default());
        assert_eq!(tokens(&query), address);
    }

    #[test]
    fn a_view_keeps_all_but_the_page_and_itself_in_one_form() {
        for (search, kept) in [
            ("", ""),
            ("page=3&view=VIW-1234-0001", ""),
            ("view=plain", ""),
            ("size=25&page=2&search=a+b&x=1", "search=a%20b&size=25"),
            ("size=7&order=nonsense", ""),
            (
                "columns=status~120,gone&fit=screen",
                "columns=status%7E120%2Cgone&fit=screen",
            ),
        ] {
            assert_eq!(kept_tokens(search), kept, "{search}");
            assert_eq!(kept_tokens(kept), kept, "{search}");
        }
    }

    #[test]
    fn a_list_that_leaves_its_view_shows_what_it_showed() {
        let kept = "search=a&size=25";
        assert_eq!(
            without_view(ListName::Tokens, kept),
            "/settings/api-tokens?search=a&size=25"
        );
        assert_eq!(without_view(ListName::Tokens, ""), TOKENS);
    }
}
