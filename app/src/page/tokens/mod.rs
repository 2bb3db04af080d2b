//! The area of API tokens: the list, a token's details, and the dialogs over either.
//!
//! One address names a page and perhaps a dialog over it. The page is kept while a dialog opens, moves between its
//! steps and closes.

mod conflict;
mod details;
mod draft;
mod edit;
mod edit_form;
mod edit_state;
mod list;
mod sign_in_again;

use crate::{
    browser,
    href::{self, Behind, EditStep, Place, TokenTab},
};
use details::Details;
use edit::Edit;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use list::List;

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

/// The page that the address names, and the dialog over it.
#[component]
pub fn TokensArea(place: Memo<Place>) -> impl IntoView {
    provide_context(Changes(RwSignal::new(0)));
    let location = use_location();
    let search = location.search;
    let behind = Memo::new(move |_| search.with(|search| Behind::from_search(search)));
    let page = Memo::new(move |shown: Option<&Page>| match place.get() {
        Place::Token(id) => Page::Details(id),
        Place::EditToken(id) => match behind.get() {
            Behind::List(_) => Page::List,
            Behind::Details(_) => Page::Details(id),
        },
        Place::Tokens | Place::AddToken => Page::List,
        // On the way to another part of the console, until this one is gone.
        _ => shown.cloned().unwrap_or(Page::List),
    });
    let edited = Memo::new(move |_| match place.get() {
        Place::EditToken(id) => Some(id),
        _ => None,
    });
    let query = Memo::new(move |_| search.with(|search| href::token_query(search)));
    let tab = Memo::new(move |_| {
        search.with(|search| TokenTab::lenient(href::query_value(search, "tab").as_deref()))
    });
    let step = Memo::new(move |_| {
        search.with(|search| EditStep::lenient(href::query_value(search, "step").as_deref()))
    });
    let close = close_dialog(edited, behind);
    view! {
        {move || match page.get() {
            Page::List => view! { <List query/> }.into_any(),
            Page::Details(id) => view! { <Details id tab/> }.into_any(),
        }}
        {move || edited.get().map(|id| view! { <Edit id step behind close/> }.into_any())}
    }
}

/// Closing a dialog goes back when it was opened from the page behind, so that Back does not open it again; after a
/// reload or from a bookmark it goes to that page.
fn close_dialog(edited: Memo<Option<String>>, behind: Memo<Behind>) -> Callback<()> {
    let navigate = use_navigate();
    let opened_here = StoredValue::new(false);
    Effect::new(move |was_open: Option<bool>| {
        let open = edited.get().is_some();
        opened_here.set_value(open && (opened_here.get_value() || was_open == Some(false)));
        open
    });
    Callback::new(move |()| {
        if opened_here.get_value() {
            browser::go_back();
        } else if let Some(id) = edited.get_untracked() {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&behind.get_untracked().address(&id), options);
        }
    })
}
