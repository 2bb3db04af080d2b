//! Who may see the secret later: what each choice means, and the choice itself.

use crate::{
    domain::{secret::RevealPolicy, token::TokenField},
    ui::{Erase as _, RadioChoice, RadioGroup},
};
use leptos::prelude::*;

/// What a policy means, in a sentence or two.
const fn meaning(policy: RevealPolicy) -> &'static str {
    match policy {
        RevealPolicy::Always => {
            "Administrators of the account can show and copy it at any time. Each time is recorded."
        }
        RevealPolicy::Once => {
            "It can be shown one more time, to whichever Administrator of the account asks first. Then it is destroyed."
        }
        RevealPolicy::Never => {
            "It is shown once, right after the token was added, and is not stored. Whoever loses it needs a new token."
        }
    }
}

/// The choice, among the policies that are not looser than `loosest`.
#[component]
pub fn RevealField(
    id: &'static str,
    value: RwSignal<RevealPolicy>,
    #[prop(into)] loosest: Signal<RevealPolicy>,
    /// Nothing can be chosen now.
    frozen: Signal<bool>,
    /// A sentence under the choices, if there is one.
    #[prop(into)]
    note: Signal<&'static str>,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let choices = RevealPolicy::ALL.map(|policy| RadioChoice {
        label: policy.label(),
        text: meaning(policy),
        offered: Signal::derive(move || policy >= loosest.get()),
    });
    let position = move |policy| {
        let mut all = RevealPolicy::ALL.into_iter();
        all.position(|other| other == policy).unwrap_or(0)
    };
    view! {
        <RadioGroup
            id=id
            label=TokenField::Reveal.label()
            choices=choices.to_vec()
            chosen=Signal::derive(move || position(value.get()))
            choose=Callback::new(move |index: usize| value.set(RevealPolicy::ALL[index]))
            frozen=frozen
            note=note
            error=error
        />
    }
    .erased()
}
