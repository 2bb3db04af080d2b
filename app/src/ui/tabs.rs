//! Tabs as links: each has an address and works without script.

use super::Erase as _;
use leptos::prelude::*;

/// A row of links; `current` counts from 0.
#[component]
pub fn Tabs(
    label: &'static str,
    tabs: Vec<(&'static str, String)>,
    #[prop(into)] current: Signal<usize>,
) -> impl IntoView {
    let entry = move |(index, (label, href)): (usize, (&'static str, String))| {
        view! {
            <a href=href attr:data-noscroll="" aria-current=move || (current.get() == index).then_some("page")>{label}</a>
        }.erased()
    };
    view! { <nav class="tabs" aria-label=label>{tabs.into_iter().enumerate().map(entry).collect_view()}</nav> }
    .erased()
}
