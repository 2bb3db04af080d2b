//! The short message that something was done, seen in a corner and read aloud.

use super::{Erase as _, Symbol, changing, handler, icon};
use leptos::prelude::*;
use std::time::Duration;

/// How long a message stays unless it is closed or another comes.
const STAYS: Duration = Duration::from_secs(8);

/// The message now shown. In the context of every page.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Option<String>>,
    /// How many there were.
    said: StoredValue<u32>,
}

impl Toasts {
    /// Puts an empty place for a message into the context.
    pub fn provide() {
        provide_context(Self {
            shown: RwSignal::new(None),
            said: StoredValue::new(0),
        });
    }

    /// Shows a message.
    pub fn say(self, message: String) {
        let Self { shown, said } = self;
        shown.set(Some(message));
        said.update_value(|number| *number += 1);
        let number = said.get_value();
        set_timeout(
            move || {
                // A later message, even one in the same words, has a time of its own.
                if said.try_get_value() == Some(number) {
                    shown.set(None);
                }
            },
            STAYS,
        );
    }
}

/// The corner where messages appear. It is always in the page, so that assistive technology hears of each.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let Toasts { shown, .. } = expect_context();
    let toast = move || {
        shown.get().map(|message| {
            view! {
                <div class="toast">
                    {icon(Symbol::Check)}
                    <span>{message}</span>
                    <button class="btn icon" aria-label="Close message" on:click=handler(move |_| shown.set(None))>
                        {icon(Symbol::Close)}
                    </button>
                </div>
            }.erased()
        })
    };
    view! { <div class="toasts" role="status">{changing(toast)}</div> }.erased()
}
