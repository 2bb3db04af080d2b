//! The line with a secret: masked until it is asked for, with its eye and its copy button.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where a secret that was answered is shown"
)]

use super::{Erase as _, Symbol, changing, handler, icon, truth};
use crate::{browser::Live, domain::secret::SecretText};
use leptos::{ev::MouseEvent, prelude::*};

/// The id of the element with the secret's text, for selecting it where the browser gives no clipboard.
pub const SECRET_TEXT: &str = "secret-text";

/// What stands for the part of a secret that is not shown.
const DOTS: &str = "•••••••••••••••••••••••••••••••";

/// A secret: its hint and dots while `value` is empty, and all of it otherwise. The eye calls `show` or `hide`; whoever
/// uses the line fills and empties `value`. What became of copying stands in `said`; see [`announce`](super::announce).
#[component]
pub fn SecretLine(
    /// Its first characters, which are no secret.
    #[prop(into)]
    hint: String,
    value: RwSignal<Option<SecretText>>,
    show: Callback<()>,
    hide: Callback<()>,
    copy: Callback<()>,
    /// An answer is awaited; nothing can be clicked.
    #[prop(into)]
    busy: Signal<bool>,
    /// What became of copying, such as "Copied".
    #[prop(optional)]
    said: Option<RwSignal<&'static str>>,
) -> impl IntoView {
    let waiting = Live::waiting();
    // A disabled button would lose the focus.
    let idle = move |asked: Callback<()>| {
        if !busy.get_untracked() {
            asked.run(());
        }
    };
    // The second click of a double click may come after the answer to the first; it would copy, and record that, again.
    let copy_once = move |click: MouseEvent| {
        if click.detail() < 2 {
            idle(copy);
        }
    };
    let busy_text = move || busy.get().then_some("true");
    let shown = Signal::derive(move || value.with(Option::is_some));
    let said = said.unwrap_or_else(|| RwSignal::new(""));
    let text = move || {
        value.with(|value| match value {
            Some(secret) => secret.expose().to_owned().into_any(),
            None => view! {
                {hint.clone()}<span aria-hidden="true">{DOTS}</span><span class="visually-hidden">" and more, hidden"</span>
            }
            .erased(),
        })
    };
    view! {
        <span class="secret" aria-busy=move || truth(busy.get())>
            <span class="secret-text" id=SECRET_TEXT translate="no">{changing(text)}</span>
            <button
                type="button"
                class="btn quiet icon"
                id="secret-show"
                disabled=waiting
                aria-disabled=changing(busy_text)
                aria-label=move || if shown.get() { "Hide the secret" } else { "Show the secret" }
                on:click=handler(move |_| idle(if shown.get_untracked() { hide } else { show }))
            >
                {move || icon(if shown.get() { Symbol::EyeOff } else { Symbol::Eye })}
            </button>
            <button
                type="button"
                class="btn quiet icon"
                id="secret-copy"
                disabled=waiting
                aria-disabled=changing(busy_text)
                aria-label="Copy the secret"
                on:click=handler(copy_once)
            >
                {move || icon(if said.get() == super::copy::COPIED { Symbol::Check } else { Symbol::Copy })}
            </button>
        </span>
        <span class="copied" role="status">{said}</span>
    }
}
