//! The dialog in which the list's filter is built from conditions, or written as text.

use super::{
    filter_rows::rows,
    filter_state::{Draft, ShownFilter},
    filter_text::{Written, text},
    list::Shared,
};
use crate::{
    domain::{
        filter::{FilterFault, FilterForm},
        token_query::TokenQuery,
    },
    page::Viewer,
    ui::{Dialog, Erase as _, changing, handler},
};
use leptos::prelude::*;

/// The dialog, on the filter that the address has.
pub(super) fn dialog(shared: Shared, close: Callback<()>) -> AnyView {
    let Ok(viewer) = Viewer::get() else {
        return ().into_any();
    };
    let filter = present(shared);
    let form = filter.form.clone();
    let written = Written::new(&filter, form.is_some());
    let draft = Draft::new(
        form.unwrap_or_default(),
        filter.names,
        viewer.sees_all_accounts(),
    );
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        apply(shared, draft, written);
    };
    let as_text = move || {
        let show = move |_| written.show(draft);
        view! { <div><button type="button" class="btn quiet" id="filter-as-text" on:click=handler(show)>"Show as text"</button></div> }.erased()
    };
    let body = move || {
        if written.shown.get() {
            text(written)
        } else {
            view! { {rows(draft)}{as_text()} }.into_any()
        }
    };
    view! {
        <Dialog labelled_by="filter-title" on_close=close>
            <form class="dialog-inner filter" novalidate=true on:submit=handler(on_submit)>
                <header><h2 id="filter-title">"Filter"</h2></header>
                <div class="body">
                    <div class="filter-body">{whole(draft)}{body}</div>
                </div>
                <footer>
                    <button type="button" class="btn quiet" on:click=handler(move |_| lead(shared, String::new()))>"Clear"</button>
                    <button type="button" class="btn" on:click=handler(move |_| close.run(()))>"Cancel"</button>
                    <button type="submit" class="btn primary">"Apply"</button>
                </footer>
            </form>
        </Dialog>
    }
    .erased()
}

/// The filter that the address has, with its form as far as it is known: that of other rows says nothing of it.
fn present(shared: Shared) -> ShownFilter {
    let text = shared.query.with_untracked(|query| query.filter.clone());
    let shown = shared.filter.get_value();
    if shown.text == text {
        return shown;
    }
    ShownFilter {
        form: text.is_empty().then(FilterForm::default),
        text,
        ..ShownFilter::default()
    }
}

/// What is wrong with the form as a whole.
fn whole(draft: Draft) -> AnyView {
    let of_whole = move || {
        draft.faults.with(|faults| {
            let whole = faults.iter().filter(|fault| fault.place.is_none());
            let messages = whole.map(|fault: &FilterFault| fault.message.clone());
            messages.collect::<Vec<_>>().join(" ")
        })
    };
    let told = move || {
        let told = of_whole();
        (!told.is_empty()).then(|| {
            view! { <p class="summary" role="alert" id="filter-faults" tabindex="-1">{told}</p> }
                .erased()
        })
    };
    view! { {changing(told)} }.into_any()
}

/// Leads to the list as it was built or written, or shows what is wrong.
fn apply(shared: Shared, draft: Draft, written: Written) {
    if !written.has_form || untrack(|| written.is_changed()) {
        if let Some(text) = written.taken() {
            lead(shared, text);
        }
        return;
    }
    let form = draft.form.get_untracked();
    match form.to_rql() {
        Ok(text) => {
            // What was built is known before the rows have come.
            shared.filter.update_value(|shown| {
                shown.text.clone_from(&text);
                shown.form = Some(form.normalised());
                shown.faults.clear();
            });
            lead(shared, text);
        }
        Err(faults) => {
            written.shown.set(false);
            draft.refuse(faults);
        }
    }
}

/// Closes the dialog, and leads to the list with this filter.
fn lead(shared: Shared, filter: String) {
    shared.tool.set(None);
    let query = shared.query.get_untracked();
    if query.filter != filter {
        shared.go.run(TokenQuery {
            filter,
            ..query.from_start()
        });
    }
}
