//! The filter as text, in the language that programs use too. Whether it is right, only the server can tell.

use super::filter_state::{Draft, ShownFilter};
use crate::{
    browser,
    domain::filter::text_fault,
    href,
    ui::{Erase as _, changing, handler},
};
use leptos::prelude::*;

/// The text as it is being written.
#[derive(Clone, Copy)]
pub struct Written {
    /// Whether it is shown in place of the conditions.
    pub shown: RwSignal<bool>,
    /// Whether there are conditions to go back to.
    pub has_form: bool,
    text: RwSignal<String>,
    /// The text before it was changed.
    before: RwSignal<String>,
    faults: RwSignal<Vec<String>>,
    hint: &'static str,
}

impl Written {
    /// Begins with the text of the list's filter; shown at once when there is no form of it.
    pub fn new(filter: &ShownFilter, has_form: bool) -> Self {
        let hint = if !filter.faults.is_empty() {
            "This filter cannot be used as it is. Change the text, or clear the filter."
        } else if has_form || filter.text.is_empty() {
            "What is applied is this text. The conditions follow it as far as they can show it."
        } else {
            "This filter was written by hand; it can be changed here as text."
        };
        Self {
            shown: RwSignal::new(!has_form),
            has_form,
            text: RwSignal::new(filter.text.clone()),
            before: RwSignal::new(filter.text.clone()),
            faults: RwSignal::new(filter.faults.clone()),
            hint,
        }
    }

    /// Shows the text of the conditions, unless something is wrong with them.
    pub fn show(self, draft: Draft) {
        match draft.form.with_untracked(|form| form.clone().to_rql()) {
            Ok(text) => {
                self.before.set(text.clone());
                self.text.set(text);
                self.faults.set(Vec::new());
                self.shown.set(true);
                browser::focus_id("filter-text");
            }
            Err(faults) => draft.refuse(faults),
        }
    }

    /// Whether somebody changed the text.
    pub fn is_changed(self) -> bool {
        self.text
            .with(|text| self.before.with(|before| text != before))
    }

    /// The text to be applied, on one line; `None` when it cannot stand in an address, which is then said.
    pub fn taken(self) -> Option<String> {
        let text = self.text.get_untracked();
        let text = text.replace(['\n', '\r'], " ").trim().to_owned();
        let Some(fault) = text_fault(&text) else {
            return Some(text);
        };
        self.faults.set(vec![fault.to_owned()]);
        browser::focus_id("filter-text");
        None
    }

    fn hide(self) {
        self.text.set(self.before.get_untracked());
        self.shown.set(false);
        browser::focus_id("filter-as-text");
    }
}

/// The text with what is wrong with it.
pub fn text(written: Written) -> AnyView {
    let Written { text, faults, .. } = written;
    let put = move |event| {
        text.set(event_target_value(&event));
        faults.set(Vec::new());
    };
    let back = move || {
        let words = if written.is_changed() {
            "Undo the changes and show conditions"
        } else {
            "Show as conditions"
        };
        let hide = move |_| written.hide();
        written.has_form.then(|| {
            view! { <div><button type="button" class="btn" id="filter-as-conditions" on:click=handler(hide)>{words}</button></div> }
                .erased()
        })
    };
    let wrong = move || {
        let faults = faults.get().into_iter();
        let lines = faults.map(|fault| view! { <p class="error">{fault}</p> }.erased());
        lines.collect_view()
    };
    view! {
        <div class="form-row filter-text">
            <label for="filter-text">"Filter as text"</label>
            <p class="sub" id="filter-text-hint">{written.hint}</p>
            <textarea
                class="field"
                id="filter-text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby="filter-text-hint filter-text-faults"
                aria-invalid=move || (!faults.with(Vec::is_empty)).then_some("true")
                prop:value=text
                on:input=handler(put)
            ></textarea>
            <div id="filter-text-faults" role="alert">{changing(wrong)}</div>
            <a href=href::DOCS_FILTERS rel="external" target="_blank">"How filters are written (opens in a new tab)"</a>
        </div>
        {changing(back)}
    }
    .erased()
}
