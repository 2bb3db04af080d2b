//! The form in the edit dialog: two steps, and a word on whatever came in between.

use super::{
    attempt::trouble,
    conflict::ConflictBox,
    edit_state::{EditState, step_of_element},
    general_fields::{GeneralFields, general_fields},
};
use crate::{
    browser::{self, Live},
    domain::{
        secret::RevealPolicy,
        token::{TokenField, TokenForm},
    },
    href::{self, Behind, EditStep},
    ui::{
        CheckboxList, Confirm, Dialog, Erase as _, ErrorSummary, Step, Stepper, Symbol, changing,
        handler, icon, truth,
    },
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The steps, in order.
const STEPS: [(&str, EditStep); 2] = [
    ("General", EditStep::General),
    ("Modules", EditStep::Modules),
];

/// The dialog with its form. `email` is whom to ask for the password when the sign-in has ended.
#[component]
pub fn EditForm(
    form: TokenForm,
    email: String,
    step: Memo<EditStep>,
    behind: Memo<Behind>,
    close: Callback<()>,
) -> impl IntoView {
    let state = EditState::new(&form, close);
    let waiting = Live::waiting();
    let id = StoredValue::new(form.token.id.to_string());
    let address_of = move |step| id.with_value(|id| href::edit_token(id, step, &behind.get()));
    browser::guard_leaving(
        state.unsaved,
        Signal::derive(move || address_of(step.get())),
        Callback::new(move |()| state.leaving.set(true)),
    );

    let navigate = use_navigate();
    let go_to_step = Callback::new(move |step: EditStep| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&untrack(|| address_of(step)), options);
    });
    let go_to_field = Callback::new(move |element: &'static str| {
        go_to_step.run(step_of_element(element));
        browser::focus_id(element);
    });
    let current = Signal::derive(move || {
        STEPS
            .iter()
            .position(|(_, other)| *other == step.get())
            .unwrap_or(0)
    });
    let error = move |field| Signal::derive(move || state.error(field));
    view! {
        <Dialog labelled_by="edit-title" addressed=true on_close=Callback::new(move |()| state.ask_to_close())>
            <form class="dialog-inner" method="post" novalidate=true on:submit=handler(move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                state.save();
            })>
                <header>
                    <h2 id="edit-title">"Edit API token"</h2>
                    <a class="btn quiet icon" href=href::HELP_EDIT_TOKEN target="_blank" aria-label="Help, in a new tab">
                        {icon(Symbol::Help)}
                    </a>
                </header>
                <div class="body">
                    <Stepper
                        steps=STEPS.map(|(label, step)| Step { label, wrong: Signal::derive(move || state.wrong(step)), open: true.into() }).to_vec()
                        current
                        go=Callback::new(move |index: usize| go_to_step.run(STEPS[index].1))
                    />
                    <div class="form">
                        {trouble(state.attempt, email, "save", Callback::new(move |()| state.save()))}
                        <ConflictBox conflicts=state.conflicts draft=state.draft unsaved=state.unsaved choices=form.choices.clone()/>
                        <ErrorSummary errors=Memo::new(move |_| state.errors()) go=go_to_field/>
                        {general(state, step)}
                        <div class="step-fields" hidden=move || step.get() != EditStep::Modules>
                            <CheckboxList choices=form.choices chosen=state.draft.modules frozen=state.frozen error=error(TokenField::Modules)/>
                        </div>
                    </div>
                </div>
                <footer>
                    <button type="button" class="btn quiet" disabled=waiting on:click=handler(move |_| state.ask_to_close())>"Close"</button>
                    <button
                        type="submit"
                        class="btn primary"
                        disabled=move || !state.can_save()
                        aria-busy=move || truth(state.running())
                    >
                        {move || if state.running() { "Saving…" } else { "Save" }}
                    </button>
                </footer>
            </form>
        </Dialog>
        {question(state)}
    }
    .erased()
}

/// Logo, name, description, and who may see the secret later.
fn general(state: EditState, step: Memo<EditStep>) -> impl IntoView {
    let error = move |field| Signal::derive(move || state.error(field));
    let base = state.draft.base;
    let stored = move || {
        base.with(|base| {
            let icon = base.icon.clone()?;
            let address = href::icon(base.id, &icon);
            Some((icon, address))
        })
    };
    let reveal_note = move || match (base.with(|base| base.reveal), state.draft.reveal.get()) {
        (RevealPolicy::Never, _) => "The secret is not stored, and this cannot be undone.",
        (_, RevealPolicy::Never) => {
            "When you save, the stored secret is destroyed. Nobody can see it from then on."
        }
        _ => "This can only be made stricter.",
    };
    let fields = GeneralFields {
        logo: state.logo,
        name: state.draft.name,
        description: state.draft.description,
        reveal: state.draft.reveal,
        frozen: state.frozen,
        stored_logo: Signal::derive(stored),
        loosest: Signal::derive(move || base.with(|base| base.reveal)),
        reveal_note: Signal::derive(reveal_note),
    };
    view! {
        <div class="step-fields" hidden=move || step.get() != EditStep::General>
            {general_fields(fields, error)}
        </div>
    }
    .erased()
}

/// The question before unsaved changes are lost.
fn question(state: EditState) -> impl IntoView {
    changing(move || {
        state.leaving.get().then(|| {
            view! {
                <Confirm
                    title="Discard your changes?"
                    text="What you changed in this token is not saved yet. If you leave now, it is lost."
                    yes="Discard changes"
                    no="Keep editing"
                    addressed=true
                    on_yes=Callback::new(move |()| state.discard())
                    on_no=Callback::new(move |()| state.leaving.set(false))
                />
            }
            .erased()
        })
    })
}
