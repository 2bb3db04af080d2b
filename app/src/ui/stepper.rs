//! The steps of a dialog: those that are open can be reached at any time.

use super::{Erase as _, handler};
use leptos::prelude::*;

/// One step.
#[derive(Clone)]
pub struct Step {
    /// Its name.
    pub label: &'static str,
    /// Whether it has an error in it.
    pub wrong: Signal<bool>,
    /// Whether it can be gone to now.
    pub open: Signal<bool>,
}

/// The list of steps; `current` counts from 0.
#[component]
pub fn Stepper(
    steps: Vec<Step>,
    #[prop(into)] current: Signal<usize>,
    #[prop(into)] go: Callback<usize>,
) -> impl IntoView {
    let waiting = crate::browser::Live::waiting();
    let entry = move |(index, step): (usize, Step)| {
        let number = index + 1;
        view! {
            <li>
                <button
                    type="button"
                    class="step"
                    class:wrong=step.wrong
                    disabled=move || waiting.get() || !step.open.get()
                    aria-current=move || (current.get() == index).then_some("step")
                    on:click=handler(move |_| go.run(index))
                >
                    <b aria-hidden="true">{number}</b>
                    <span class="step-label">{step.label}</span>
                    {move || step.wrong.get().then(|| view! { <span class="visually-hidden">" has errors"</span> }.erased())}
                </button>
            </li>
        }.erased()
    };
    view! { <ol class="steps">{steps.into_iter().enumerate().map(entry).collect_view()}</ol> }
        .erased()
}
