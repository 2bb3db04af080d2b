//! A choice of one among a few, each with a sentence that says what it means.

use super::{Erase as _, changing, field::field_message, handler};
use leptos::prelude::*;

/// One thing to choose.
#[derive(Clone)]
pub struct RadioChoice {
    /// Its name.
    pub label: &'static str,
    /// What choosing it means.
    pub text: &'static str,
    /// Whether it can be chosen now; otherwise it is not there.
    pub offered: Signal<bool>,
}

/// The group; `chosen` counts from 0. `id` is unique on the page.
#[component]
pub fn RadioGroup(
    id: &'static str,
    label: &'static str,
    choices: Vec<RadioChoice>,
    #[prop(into)] chosen: Signal<usize>,
    #[prop(into)] choose: Callback<usize>,
    /// Nothing can be chosen now.
    frozen: Signal<bool>,
    /// A sentence under the choices, if there is one.
    #[prop(into)]
    note: Signal<&'static str>,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let (message, note_id) = (format!("{id}-error"), format!("{id}-note"));
    let described_by = format!("{note_id} {message}");
    let radio = move |(index, choice): (usize, RadioChoice)| {
        let text_id = format!("{id}-{index}");
        let is_chosen = move || chosen.get() == index;
        view! {
            <label hidden=move || !choice.offered.get()>
                <input
                    type="radio"
                    name=id
                    value=index
                    checked=untrack(is_chosen)
                    prop:checked=changing(is_chosen)
                    disabled=frozen
                    aria-label=choice.label
                    aria-describedby=text_id.clone()
                    on:change=handler(move |_| choose.run(index))
                />
                <span>{choice.label}<span class="sub" id=text_id.clone()>{choice.text}</span></span>
            </label>
        }
        .erased()
    };
    view! {
        <fieldset class="choices" id=id tabindex=move || error.with(Option::is_some).then_some("-1") aria-describedby=described_by>
            <legend>{label}</legend>
            {choices.into_iter().enumerate().map(radio).collect_view()}
            <span class="sub" id=note_id>{note}</span>
            {field_message(message, error)}
        </fieldset>
    }
    .erased()
}
