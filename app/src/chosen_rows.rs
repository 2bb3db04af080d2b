//! How many rows of a list a person last chose to see on a page. Kept in the cookie `rows` for the server to read.

use crate::{
    browser,
    domain::{page::DEFAULT_PAGE_SIZE, token_query::TokenQuery},
    href,
};
use leptos::prelude::*;

/// The number that came with the request; in the context of a page on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsPerPage(u32);

impl Default for RowsPerPage {
    fn default() -> Self {
        Self(DEFAULT_PAGE_SIZE)
    }
}

impl RowsPerPage {
    /// The number that a cookie names; nonsense means the usual one.
    #[must_use]
    #[cfg(feature = "ssr")]
    pub fn lenient(text: &str) -> Self {
        crate::domain::page::PageRequest::offered(text).map_or_else(Self::default, Self)
    }
}

/// The number as it is now; in the context of every page.
#[derive(Clone, Copy)]
pub(crate) struct ChosenRows(RwSignal<u32>);

impl ChosenRows {
    /// Puts the number into the context: on the server from the request, in the browser from the page.
    pub(crate) fn provide() {
        let rows = SharedValue::new_str(|| use_context::<RowsPerPage>().unwrap_or_default().0);
        provide_context(Self(RwSignal::new(rows.into_inner())));
    }

    /// The list with so many rows on a page, unless the address says how many.
    pub(crate) fn apply(self, mut query: TokenQuery) -> TokenQuery {
        let rows = self.0.get();
        if !query.sized {
            query.page.size = rows;
        }
        query
    }

    /// Remembers another number. Nothing is told of it: the list goes to an address that says the number.
    pub(crate) fn choose(self, rows: u32) {
        browser::set_cookie(href::ROWS_COOKIE, &rows.to_string());
        let _ = self.0.try_update_untracked(|kept| *kept = rows);
    }
}
