//! The area of API tokens: the list, a token's details, and the dialogs over either.
//!
//! One address names a page and perhaps a dialog over it. The page is kept while a dialog opens, moves between its
//! steps and closes.

#![expect(
    clippy::large_types_passed_by_value,
    reason = "the state of a form is a bundle of handles, copied into every closure that uses it"
)]

mod add;
mod add_draft;
mod add_fields;
mod add_form;
mod add_offer;
mod add_overview;
mod add_state;
mod add_summary;
mod attempt;
mod bulk_dialog;
mod bulk_plan;
mod conflict;
mod details;
mod draft;
mod edit;
mod edit_form;
mod edit_state;
mod export;
mod filter_chips;
mod filter_dialog;
mod filter_rows;
mod filter_state;
mod filter_text;
mod filter_value;
mod general_fields;
mod lifecycle;
mod list;
mod list_columns;
mod list_count;
mod list_pages;
mod list_views;
mod password_again;
mod remarks;
mod reveal_field;
mod secret;
mod selection;
mod toolbar;

use crate::{
    href::{self, Behind, Place},
    page::address::Address,
    ui::{Erase as _, WayBack},
};
use add::Add;
use details::Details;
use edit::Edit;
use leptos::prelude::*;
use list::{List, list_query};

/// Counts the changes made here, so that whatever shows tokens fetches them anew.
#[derive(Clone, Copy)]
struct Changes(RwSignal<u32>);

impl Changes {
    /// Something changed.
    fn raise(self) {
        self.0.update(|count| *count += 1);
    }
}

/// The page that is shown, dialog or not.
#[derive(Clone, PartialEq)]
enum Page {
    List,
    Details(String),
}

/// The dialog over it.
#[derive(Clone, PartialEq)]
enum Over {
    Add,
    Edit(String),
}

/// The page that the address names, and the dialog over it.
#[component]
pub fn TokensArea() -> impl IntoView {
    provide_context(Changes(RwSignal::new(0)));
    let address = Address::here();
    let Address { place, search } = address;
    let behind = Memo::new(move |_| search.with(|search| Behind::from_search(search)));
    let page = Memo::new(move |_| match place.get() {
        Place::Token(id) => Page::Details(id),
        Place::EditToken(id) => match behind.get() {
            Behind::List(_) => Page::List,
            Behind::Details(_) => Page::Details(id),
        },
        _ => Page::List,
    });
    let over = Memo::new(move |_| match place.get() {
        Place::AddToken => Some(Over::Add),
        Place::EditToken(id) => Some(Over::Edit(id)),
        _ => None,
    });
    let query = list_query();
    let way = WayBack::new(Memo::new(move |_| match over.get()? {
        Over::Add => Some(href::tokens(&query.get())),
        Over::Edit(id) => Some(behind.get().address(&id)),
    }));
    view! {
        {move || match address.provide_while(page) {
            Page::List => view! { <List/> }.erased(),
            Page::Details(id) => view! { <Details id/> }.erased(),
        }}
        {move || address.provide_while(over).map(|over| match over {
            Over::Add => view! { <Add way/> }.erased(),
            Over::Edit(id) => view! { <Edit id close=way.close/> }.erased(),
        })}
    }
    .erased()
}
