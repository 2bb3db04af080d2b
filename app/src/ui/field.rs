//! Labelled text fields with their error and counter, and the summary of a form's errors.

use super::{Erase as _, changing, handler};
use leptos::prelude::*;

/// The sentence beside a field, announced when it appears.
pub(super) fn field_message(id: String, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <span class="error" id=id aria-live="polite">
            {move || error.get()}
        </span>
    }
    .erased()
}

/// A field of one line. `id` is unique on the page; `value` is what stands in it.
#[component]
pub fn TextField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    /// Nothing can be typed now.
    frozen: Signal<bool>,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let message = format!("{id}-error");
    view! {
        <div class="form-row">
            <label for=id>{label}</label>
            <input
                class="field"
                type="text"
                id=id
                autocomplete="off"
                autofocus=true
                readonly=frozen
                value=value.get_untracked()
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=message.clone()
            />
            <div class="row-foot">{field_message(message.clone(), error)}</div>
        </div>
    }
    .erased()
}

/// An optional field of several lines, with a counter against `max` characters.
#[component]
pub fn TextArea(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    /// Nothing can be typed now.
    frozen: Signal<bool>,
    max: usize,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let (message, counter) = (format!("{id}-error"), format!("{id}-counter"));
    let described_by = format!("{message} {counter}");
    // The text also stands in the element, for whoever reads the page without script.
    let initial = value.get_untracked();
    view! {
        <div class="form-row">
            <label for=id>{label}" "<span class="opt">"Optional"</span></label>
            <textarea
                class="field"
                id=id
                readonly=frozen
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described_by
            >{initial}</textarea>
            <div class="row-foot">
                {field_message(message.clone(), error)}
                <span class="count2" id=counter>
                    {move || value.with(|text| text.chars().count())}" / "{max}
                    <span class="visually-hidden">" characters"</span>
                </span>
            </div>
        </div>
    }
    .erased()
}

/// A choice of one among many. `options` are values with their words; `choose` is called with the value.
#[component]
pub fn SelectField(
    id: &'static str,
    label: &'static str,
    /// What stands there before anything is chosen.
    placeholder: &'static str,
    options: Vec<(String, String)>,
    #[prop(into)] chosen: Signal<Option<String>>,
    #[prop(into)] choose: Callback<String>,
    /// Nothing can be chosen now.
    frozen: Signal<bool>,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let message = format!("{id}-error");
    let option = move |(value, words): (String, String)| {
        let is_chosen = {
            let value = value.clone();
            move || chosen.with(|chosen| chosen.as_ref() == Some(&value))
        };
        view! { <option value=value selected=untrack(&is_chosen) prop:selected=changing(is_chosen)>{words}</option> }.erased()
    };
    let empty = move || chosen.with(Option::is_none);
    view! {
        <div class="form-row">
            <label for=id>{label}</label>
            <select
                class="field"
                id=id
                disabled=frozen
                on:change:target=move |event| choose.run(event.target().value())
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=message.clone()
            >
                <option value="" disabled=true selected=untrack(empty) prop:selected=changing(empty)>{placeholder}</option>
                {options.into_iter().map(option).collect_view()}
            </select>
            <div class="row-foot">{field_message(message.clone(), error)}</div>
        </div>
    }
    .erased()
}

/// All errors of a form, each a link to its field. `go` is called with the field's id.
#[component]
pub fn ErrorSummary(
    #[prop(into)] errors: Signal<Vec<(&'static str, String)>>,
    #[prop(into)] go: Callback<&'static str>,
) -> impl IntoView {
    view! {
        {move || (!errors.with(Vec::is_empty)).then(|| view! {
            <div class="summary" role="alert" id="error-summary" tabindex="-1">
                <h3>"Please check these fields"</h3>
                <ul>
                    {move || errors.get().into_iter().map(|(id, message)| view! {
                        <li>
                            <a href=format!("#{id}") on:click=handler(move |event: leptos::ev::MouseEvent| {
                                event.prevent_default();
                                go.run(id);
                            })>{message}</a>
                        </li>
                    }.erased()).collect_view()}
                </ul>
            </div>
        }.erased())}
    }
    .into_any()
}
