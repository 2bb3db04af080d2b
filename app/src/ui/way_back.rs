//! How a dialog with an address of its own is left.

use crate::browser;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::State,
};

/// Where the page behind a dialog lies in the history, and so how the dialog closes: it goes back there when it was
/// opened from it, so that Back does not open it again; after a reload or from a bookmark it goes to that page anew.
#[derive(Clone, Copy)]
pub struct WayBack {
    /// Closes the dialog.
    pub close: Callback<()>,
    opened_here: StoredValue<bool>,
}

impl WayBack {
    /// `behind` is the address of the page behind while the dialog is open, and nothing otherwise.
    pub fn new(behind: Memo<Option<String>>) -> Self {
        let (navigate, location) = (use_navigate(), use_location());
        let opened_here = StoredValue::new(false);
        Effect::new(move |was_open: Option<bool>| {
            let open = behind.with(Option::is_some);
            opened_here.set_value(open && (opened_here.get_value() || was_open == Some(false)));
            open
        });
        let close = Callback::new(move |()| {
            let shown = untrack(|| (location.pathname.get(), location.search.get()));
            // The router does not always put what it shows into the history.
            let steps = if browser::is_at(&shown.0, &shown.1) {
                steps(opened_here)
            } else {
                0
            };
            if steps > 0 {
                browser::go_back(steps);
            } else if let Some(address) = behind.get_untracked() {
                let options = NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&address, options);
            }
        });
        Self { close, opened_here }
    }

    /// The mark of an entry in the history that lies so many steps further from the page behind.
    pub fn mark(self, further: u32) -> State {
        let steps = steps(self.opened_here);
        State::new((steps > 0).then(|| (steps + further).to_string().into()))
    }
}

/// How many steps back the page behind lies; 0 when nobody knows.
fn steps(opened_here: StoredValue<bool>) -> u32 {
    browser::history_mark().unwrap_or(u32::from(opened_here.get_value()))
}

/// How a dialog closes that is one entry in the history.
pub fn close_dialog(behind: Memo<Option<String>>) -> Callback<()> {
    WayBack::new(behind).close
}
