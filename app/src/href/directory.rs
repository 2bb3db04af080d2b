//! The addresses of the short lists of modules, users and accounts, and of what they show.

use super::{ACCOUNTS, layout_pairs, query_value, with_query};
use crate::domain::{
    account::AccountRef, directory::DirectoryQuery, grid::Layout, page::PageRequest,
};

/// The short list at `path` as this query has it.
#[must_use]
pub fn directory(path: &str, query: &DirectoryQuery) -> String {
    let mut pairs = Vec::new();
    if !query.search.is_empty() {
        pairs.push(("search", query.search.clone()));
    }
    if let Some(account) = query.account {
        pairs.push(("account", account.to_string()));
    }
    if query.page.size != PageRequest::default().size {
        pairs.push(("size", query.page.size.to_string()));
    }
    if query.page.number != 1 {
        pairs.push(("page", query.page.number.to_string()));
    }
    pairs.extend(layout_pairs(&query.layout));
    with_query(path, pairs)
}

/// What the raw query string of a short list asks for.
#[must_use]
pub fn directory_query(search: &str) -> DirectoryQuery {
    let value = |key| query_value(search, key);
    DirectoryQuery {
        search: value("search").unwrap_or_default().trim().to_owned(),
        account: value("account").and_then(|text| text.trim().parse().ok()),
        page: PageRequest::lenient(value("page").as_deref(), value("size").as_deref()),
        layout: Layout::lenient(
            &value("columns").unwrap_or_default(),
            &value("fit").unwrap_or_default(),
        ),
    }
}

/// An account's picture, if it has one.
#[must_use]
pub fn account_icon(account: &AccountRef) -> Option<String> {
    let icon = account.icon.as_ref()?;
    Some(format!("{ACCOUNTS}/{}/icon/{icon}", account.id))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::href::{MODULES, USERS};
    use proptest::prelude::*;

    #[test]
    fn the_usual_list_has_the_plain_address() {
        assert_eq!(directory(USERS, &DirectoryQuery::default()), USERS);
    }

    proptest! {
        #[test]
        fn a_list_is_found_again_by_its_address(search in "\\S(\\PC{0,20}\\S)?", number in 1_u32..) {
            let query = DirectoryQuery {
                search: search.trim().to_owned(),
                account: "ACC-0000-0001".parse().ok(),
                page: PageRequest { number, size: 25 },
                layout: Layout::lenient("status,type~200", "screen"),
            };
            let address = directory(MODULES, &query);
            let (_, raw) = address.split_once('?').unwrap();
            prop_assert_eq!(directory_query(raw), query);
        }
    }
}
