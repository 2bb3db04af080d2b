//! The last look at a new token before it is added.

use super::{add_fields::chooses_account, add_state::AddState};
use crate::{
    domain::{new_token::NewTokenForm, token::TokenField, token_query::TokenQuery, validate},
    href::{self, AddStep},
    ui::{Erase as _, changing, handler},
};
use leptos::prelude::*;

/// What will be added, each part with a way back to its step.
pub fn overview(
    state: AddState,
    form: NewTokenForm,
    shown: Memo<AddStep>,
    list: Memo<TokenQuery>,
) -> impl IntoView {
    let accounts = chooses_account(&form).then_some(form.accounts);
    let change = move |step: AddStep, what: &'static str| {
        view! {
            <a href=move || href::add_token(step, &list.get()) aria-label=format!("Change {what}") on:click=handler(move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                state.go_to(step);
            })>"Change"</a>
        }
        .erased()
    };
    changing(move || {
        (shown.get() == AddStep::Overview).then(|| {
            view! {
                <div class="step-fields overview">
                    <h3 id="add-overview" tabindex="-1">"This token will be added"</h3>
                    <section>
                        <header><h4>"General"</h4>{change(AddStep::General, "the general part")}</header>
                        <dl class="dl">
                            {accounts.clone().map(|accounts| {
                                let chosen = state.draft.account.get();
                                let account = accounts.into_iter().find(|account| Some(account.id) == chosen);
                                let words = account.map_or_else(
                                    || ("Not chosen yet".to_owned(), String::new()),
                                    |account| (account.name, account.id.to_string()),
                                );
                                part("Account", view! { <bdi>{words.0}</bdi><span class="sub">{words.1}</span> }.erased())
                            })}
                            {part(TokenField::Icon.label(), logo(state))}
                            {part(TokenField::Name.label(), name(state))}
                            {part(TokenField::Description.label(), description(state))}
                            {part(TokenField::Reveal.label(), state.draft.reveal.get().label().into_any())}
                        </dl>
                    </section>
                    <section>
                        <header><h4>"Modules"</h4>{change(AddStep::Modules, "the modules")}</header>
                        {modules(state)}
                    </section>
                </div>
            }
            .erased()
        })
    })
}

fn part(label: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.erased()
}

fn logo(state: AddState) -> AnyView {
    let refused = state
        .logo
        .problem()
        .map(|problem| view! { <p class="error">{problem}</p> });
    view! { {chosen_logo(state)}{refused} }.erased()
}

fn chosen_logo(state: AddState) -> AnyView {
    if let Some(address) = state.logo.source(Signal::stored(None)) {
        return view! { <img class="avatar lg" src=address alt="The chosen logo"/> }.erased();
    }
    if state.logo.sending.get() {
        "On its way…".into_any()
    } else if state.draft.icon.with(Option::is_some) {
        "The logo you chose".into_any()
    } else {
        "None: the initials of the name".into_any()
    }
}

/// The name as it will be stored.
fn name(state: AddState) -> AnyView {
    let typed = state.draft.name.get();
    let name = validate::name("", &typed).unwrap_or(typed);
    view! { <b><bdi>{name}</bdi></b> }.erased()
}

fn description(state: AddState) -> AnyView {
    let typed = state.draft.description.get();
    let text = validate::description(&typed).unwrap_or(typed);
    if text.is_empty() {
        view! { <span class="sub">"No description"</span> }.erased()
    } else {
        view! { <p class="pre"><bdi>{text}</bdi></p> }.erased()
    }
}

fn modules(state: AddState) -> AnyView {
    if state.offer.fetching.get() {
        return view! { <progress class="loading" aria-label="Loading the modules"></progress> }
            .erased();
    }
    let chosen = state.draft.modules.get();
    let names = state.offer.choices.with(|choices| {
        let chosen = choices.iter().filter(|choice| chosen.contains(&choice.module.id));
        let entry = |module: &crate::domain::module::Module| {
            view! { <li><bdi>{module.name.clone()}</bdi><span class="sub">{module.id.to_string()}</span></li> }.erased()
        };
        chosen.map(|choice| entry(&choice.module)).collect::<Vec<_>>()
    });
    if names.is_empty() {
        return view! { <p>"None. The token will open nothing until you give it a module."</p> }
            .erased();
    }
    view! { <ul>{names}</ul> }.erased()
}
