//! The list as a file: links to what the server sends, for the list as it is narrowed and sorted now.

use crate::{
    domain::token_query::TokenQuery,
    href,
    ui::{Erase as _, Menu, Symbol, changing, icon},
};
use leptos::prelude::*;

/// The forms of a file, each under its address.
const FORMS: [(&str, &str); 2] = [("CSV", href::EXPORT_CSV), ("NDJSON", href::EXPORT_NDJSON)];

/// The menu, and the same links for whoever has no script. They are no downloads by themselves: what the server refuses
/// is to be read, and only the answer says that it is a file.
pub(super) fn export(query: Memo<TokenQuery>) -> AnyView {
    let entry = move |(label, path): (&'static str, &'static str)| {
        let address = move || query.with(|query| href::export(path, query));
        view! { <a role="menuitem" tabindex="-1" href=changing(address) rel="external">{label}</a> }
            .erased()
    };
    view! {
        <Menu label="Export" id="export-menu" class="btn quiet" trigger=Box::new(|| view! { {icon(Symbol::Download)}"Export" }.erased())>
            {FORMS.map(entry).into_iter().collect_view()}
        </Menu>
        <noscript inner_html=plain(query)></noscript>
    }
    .erased()
}

/// The links as text: a browser with script reads nothing in that element as elements.
fn plain(query: Memo<TokenQuery>) -> String {
    let link = |(label, path)| {
        let address = query.with_untracked(|query| href::export(path, query));
        let address = address.replace('&', "&amp;").replace('"', "&quot;");
        format!("<a class=\"btn quiet\" href=\"{address}\">Export as {label}</a>")
    };
    FORMS.map(link).concat()
}
