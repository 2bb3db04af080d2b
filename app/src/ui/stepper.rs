//! The steps of a dialog: all can be reached at any time.

use leptos::prelude::*;

/// One step.
#[derive(Clone)]
pub struct Step {
    /// Its name.
    pub label: &'static str,
    /// Whether it has an error in it.
    pub wrong: Signal<bool>,
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
                    disabled=waiting
                    aria-current=move || (current.get() == index).then_some("step")
                    on:click=move |_| go.run(index)
                >
                    <b aria-hidden="true">{number}</b>
                    {step.label}
                    {move || step.wrong.get().then(|| view! { <span class="visually-hidden">" has errors"</span> }.into_any())}
                </button>
            </li>
        }.into_any()
    };
    view! { <ol class="steps">{steps.into_iter().enumerate().map(entry).collect_view()}</ol> }
}
