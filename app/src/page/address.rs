//! The address, as far as it concerns a page.

use crate::href::Place;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What a page, or a part of one, hears of the address.
#[derive(Clone, Copy)]
pub(crate) struct Address {
    /// What the path means.
    pub place: Memo<Place>,
    /// The raw query string.
    pub search: Memo<String>,
}

impl Address {
    /// Puts that of the whole console into the context.
    pub(crate) fn provide() -> Self {
        let location = use_location();
        let console = Self {
            place: Memo::new(move |_| location.pathname.with(|path| Place::from_path(path))),
            search: location.search,
        };
        provide_context(console);
        console
    }

    /// Puts into the context what is heard of it for as long as `shown` is what it is now. A page that is being left
    /// hears of no other page's address: its parts would ask the server for what nobody will see, and could run once
    /// more when the signals of the page are gone already.
    pub(crate) fn provide_while<P>(self, shown: Memo<P>) -> P
    where
        P: Clone + PartialEq + Send + Sync + 'static,
    {
        let mine = shown.get();
        let now = mine.clone();
        let is_mine = Signal::derive(move || shown.with(|shown| *shown == now));
        provide_context(Self {
            place: kept(self.place, is_mine),
            search: kept(self.search, is_mine),
        });
        mine
    }

    /// That of the page around; in the frame, that of the whole console.
    pub(crate) fn here() -> Self {
        expect_context()
    }
}

/// The value of `source` while `is_mine`, and afterwards the last one.
fn kept<T>(source: Memo<T>, is_mine: Signal<bool>) -> Memo<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |last: Option<&T>| match last {
        Some(last) if !is_mine.get() => last.clone(),
        _ => source.get(),
    })
}
