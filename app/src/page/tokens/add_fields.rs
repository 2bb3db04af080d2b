//! The two steps of the form for a new token in which something is entered.

use super::{
    add_state::{AddField, AddState},
    general_fields::{GeneralFields, general_fields},
};
use crate::{
    domain::{account::AccountStatus, new_token::NewTokenForm, token::TokenField},
    href::AddStep,
    ui::{CheckboxList, Erase as _, SelectField, handler},
};
use leptos::prelude::*;

/// Account, logo, name, description, and who may see the secret later.
pub fn general(state: AddState, form: NewTokenForm, shown: Memo<AddStep>) -> impl IntoView {
    let error = move |field| Signal::derive(move || state.error(AddField::Token(field)));
    let fields = GeneralFields {
        logo: state.logo,
        name: state.draft.name,
        description: state.draft.description,
        reveal: state.draft.reveal,
        frozen: state.frozen,
        stored_logo: Signal::stored(None),
        loosest: Signal::stored(form.reveal),
        reveal_note: Signal::stored(
            "You see the secret once after adding, whatever you choose here. Later this can only be made stricter.",
        ),
    };
    view! {
        <div class="step-fields" hidden=move || shown.get() != AddStep::General>
            {chooses_account(&form).then(|| account(state, form))}
            {general_fields(fields, error)}
        </div>
    }
    .erased()
}

/// Whether the person adds tokens to more accounts than his own.
pub fn chooses_account(form: &NewTokenForm) -> bool {
    form.account.is_none() || form.accounts.len() > 1
}

fn account(state: AddState, form: NewTokenForm) -> AnyView {
    let options = form.accounts.into_iter().map(|account| {
        let disabled = match account.status {
            AccountStatus::Active => "",
            AccountStatus::Disabled => " · Disabled",
        };
        let id = account.id.to_string();
        (id.clone(), format!("{} · {id}{disabled}", account.name))
    });
    let choose = move |id: String| {
        if let Ok(id) = id.parse() {
            state.choose_account(id);
        }
    };
    view! {
        <SelectField
            id=AddField::Account.element_id()
            label="Account"
            placeholder="Choose an account"
            options=options.collect()
            chosen=Signal::derive(move || state.draft.account.get().map(|id| id.to_string()))
            choose=Callback::new(choose)
            frozen=state.frozen
            error=Signal::derive(move || state.error(AddField::Account))
        />
    }
    .erased()
}

/// The modules of the account.
pub fn modules(state: AddState, shown: Memo<AddStep>) -> impl IntoView {
    let error = Signal::derive(move || state.error(AddField::Token(TokenField::Modules)));
    view! {
        <div class="step-fields" hidden=move || shown.get() != AddStep::Modules>
            {move || if state.offer.fetching.get() {
                view! { <progress class="loading" aria-label="Loading the modules"></progress> }.erased()
            } else if state.offer.is_missing() {
                view! {
                    <button type="button" class="btn" disabled=state.frozen on:click=handler(move |_| state.fetch_again())>
                        "Load the modules again"
                    </button>
                }.erased()
            } else if state.draft.account.with(Option::is_none) {
                view! { <p>"Choose an account first: its modules are what the token can get."</p> }.erased()
            } else {
                view! {
                    <CheckboxList choices=state.offer.choices.get() chosen=state.draft.modules frozen=state.frozen error/>
                }.erased()
            }}
        </div>
    }
    .erased()
}
