//! The foot of a list: which page, how many rows on it, and the way to others. A plain form, so that it works
//! without script too.

use super::{Erase as _, Symbol, changing, handler, icon, key_of};
use crate::domain::page::PAGE_SIZES;
use leptos::prelude::*;

/// `action` and `hidden` are the target and the further fields of the form; `go` is called with number and size when the
/// form is sent. `pages` and `place` say "of 4" and "31–37 of 37", as far as that is known.
#[component]
pub fn Pager(
    number: u32,
    size: u32,
    #[prop(into)] pages: Signal<String>,
    #[prop(into)] place: Signal<String>,
    #[prop(into)] action: String,
    hidden: Vec<(&'static str, String)>,
    #[prop(into)] previous: Signal<Option<String>>,
    #[prop(into)] next: Signal<Option<String>>,
    #[prop(into)] go: Callback<(String, String)>,
) -> impl IntoView {
    let page_field = NodeRef::<leptos::html::Input>::new();
    let size_field = NodeRef::<leptos::html::Select>::new();
    let send = move || {
        if let (Some(page), Some(size)) = (page_field.get_untracked(), size_field.get_untracked()) {
            go.run((page.value(), size.value()));
        }
    };
    // A size chosen before the page was live is still to be gone to.
    Effect::new(move |_| {
        if size_field
            .get()
            .is_some_and(|field| field.value() != size.to_string())
        {
            send();
        }
    });
    view! {
        <form class="pager" method="get" action=action aria-label="Pages" on:submit=handler(move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            send();
        })>
            {turn(previous, "Previous", false)}
            <label>
                "Page "
                <input
                    class="field page"
                    name="page"
                    inputmode="numeric"
                    autocomplete="off"
                    node_ref=page_field
                    value=number.to_string()
                    prop:value=number.to_string()
                />
                " "{pages}
            </label>
            {turn(next, "Next", true)}
            <span class="grow"></span>
            {hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }.erased()).collect_view()}
            <label>
                "Rows per page "
                <select class="field" name="size" autocomplete="off" node_ref=size_field on:change=handler(move |_| send())>
                    {PAGE_SIZES.into_iter().map(|choice| view! {
                        <option value=choice.to_string() selected=choice == size>{choice}</option>
                    }.erased()).collect_view()}
                </select>
            </label>
            <span class="place">{place}</span>
        </form>
    }
    .erased()
}

/// The link to a neighbouring page, or the same word without one. A page has one in each direction.
pub fn turn(
    href: impl Into<Signal<Option<String>>>,
    label: &'static str,
    forward: bool,
) -> impl IntoView {
    let href: Signal<Option<String>> = href.into();
    let id = if forward {
        "next-page"
    } else {
        "previous-page"
    };
    let disabled = move || href.with(Option::is_none).then_some("true");
    view! {
        <a class="btn quiet" id=id href=href aria-keyshortcuts=key_of(id) aria-disabled=changing(disabled) role=move || disabled().map(|_| "link")>
            {(!forward).then(|| icon(Symbol::Left))}
            {label}
            {forward.then(|| icon(Symbol::Right))}
        </a>
    }
    .erased()
}
