//! The list of tokens and saved views: the view that it begins with, and the plain list beside that.

use crate::{
    domain::token_query::TokenQuery,
    href::{self, Place},
    page::{address::Address, views::Views},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Leads to an address of the list, in place of the one that is shown or after it.
pub(super) fn open() -> impl Fn(&str, bool) + Clone + Send + Sync {
    let navigate = use_navigate();
    move |address, replace| {
        let options = NavigateOptions {
            replace,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(address, options);
    }
}

/// The bare address leads to the view that the person's list begins with. (Where the server renders the page, it has
/// led there itself.)
pub(super) fn begin_with_default(views: Views) {
    let (Address { place, search }, open) = (Address::here(), open());
    Effect::new(move |_| {
        let bare = search.with(String::is_empty) && place.with(|place| *place == Place::Tokens);
        if let Some(address) = views.default_address().filter(|_| bare) {
            open(&address, true);
        }
    });
}

/// Where the list begins with a view, a list that was opened without one says so: all ways on from it lead to the list
/// without the view then, also the one that takes the last filter away.
pub(super) fn beside_default(query: Memo<TokenQuery>, views: Views) -> Memo<TokenQuery> {
    Memo::new(move |_| {
        let mut query = query.get();
        let plain = query.view.is_empty() && views.default_address().is_some();
        if plain && href::tokens(&query) != href::TOKENS {
            href::PLAIN_VIEW.clone_into(&mut query.view);
        }
        query
    })
}
