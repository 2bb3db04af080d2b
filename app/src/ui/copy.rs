//! A button that copies the text beside it.

use super::{Symbol, icon};
use crate::browser::{self, Live};
use leptos::{prelude::*, task::spawn_local};

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
            said.set(if copied {
                "Copied"
            } else {
                "Selected: press Ctrl+C to copy"
            });
            set_timeout(
                move || {
                    said.try_set("");
                },
                std::time::Duration::from_secs(4),
            );
        });
    };
    view! {
        <button type="button" class="btn quiet icon" disabled=waiting aria-label=format!("Copy {what}") on:click=copy>
            {move || icon(if said.get() == "Copied" { Symbol::Check } else { Symbol::Copy })}
        </button>
        <span class="copied" role="status">{said}</span>
    }
}
