//! Parts of a table of rows that are fetched a page at a time.

use super::{Erase as _, Symbol, icon};
use leptos::prelude::*;

/// A column's heading that sorts: a link to the same list in the other order. `sorted` is `Some(descending)` when
/// the list is sorted by it.
#[component]
pub fn SortHeader(label: &'static str, href: String, sorted: Option<bool>) -> impl IntoView {
    let state = sorted.map(|descending| {
        if descending {
            "descending"
        } else {
            "ascending"
        }
    });
    let arrow = sorted.map(|descending| if descending { Symbol::Down } else { Symbol::Up });
    view! {
        <th scope="col" aria-sort=state>
            <a class="sort" href=href data-noscroll="">
                {label}
                {arrow.map(|symbol| view! { <span class="arrow">{icon(symbol)}</span> }.erased())}
            </a>
        </th>
    }
    .erased()
}
