//! A button that copies the text beside it.

use super::{Erase as _, Symbol, handler, icon};
use crate::browser::{self, Live};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// Said when a text is on the clipboard.
pub const COPIED: &str = "Copied";
/// Said when the browser gave no clipboard.
pub const SELECTED: &str = "Selected: press Ctrl+C to copy";

/// Says what became of copying, where it is seen and heard, for a few seconds.
pub fn announce(said: RwSignal<&'static str>, word: &'static str) {
    said.try_set(word);
    set_timeout(
        move || {
            // A later word has a time of its own.
            said.try_update(|now| {
                if *now == word {
                    *now = "";
                }
            });
        },
        Duration::from_secs(4),
    );
}

/// Copies `text`, and says so where it is seen and heard. `what` completes "Copy …". `source` is the id of the
/// element with the text, which is selected where the browser gives no clipboard.
#[component]
pub fn CopyButton(
    #[prop(into)] what: String,
    #[prop(into)] text: String,
    source: &'static str,
) -> impl IntoView {
    let said = RwSignal::new("");
    let waiting = Live::waiting();
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let copied = browser::copy(&text, browser::element_by_id(source).as_ref()).await;
            announce(said, if copied { COPIED } else { SELECTED });
        });
    };
    view! {
        <button type="button" class="btn quiet icon" disabled=waiting aria-label=format!("Copy {what}") on:click=handler(copy)>
            {move || icon(if said.get() == COPIED { Symbol::Check } else { Symbol::Copy })}
        </button>
        <span class="copied" role="status">{said}</span>
    }
    .erased()
}
