//! The form for a new token: what to enter, all of it once more, and at the end the token with its secret.

use super::{
    add_fields::{general, modules},
    add_overview::overview,
    add_state::{AddField, AddState},
    add_summary::{Summary, summary_footer},
    attempt::trouble,
};
use crate::{
    browser::{self, Live},
    domain::{new_token::NewTokenForm, token_query::TokenQuery, user::CurrentUser},
    href::{self, AddStep},
    ui::{
        Confirm, Dialog, Erase as _, ErrorSummary, Step, Stepper, Symbol, WayBack, changing,
        handler, icon, truth,
    },
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The steps, in order.
const STEPS: [(&str, AddStep); 4] = [
    ("General", AddStep::General),
    ("Modules", AddStep::Modules),
    ("Overview", AddStep::Overview),
    ("Summary", AddStep::Summary),
];

/// The dialog with its form, for `viewer`.
#[component]
pub fn AddForm(
    form: NewTokenForm,
    viewer: CurrentUser,
    step: Memo<AddStep>,
    list: Memo<TokenQuery>,
    way: WayBack,
) -> impl IntoView {
    let state = AddState::new(&form, viewer.id, go_to_step(step, list, way), way.close);
    state.outlive_reload(form.clone());
    leave_summary(state, step, way);
    let shown = Memo::new(move |_| match step.get() {
        _ if state.created.with(Option::is_some) => AddStep::Summary,
        // There is nothing to sum up: the form is about to close.
        AddStep::Summary => AddStep::General,
        step => step,
    });
    let summing = Memo::new(move |_| shown.get() == AddStep::Summary);
    browser::guard_leaving(
        state.unsaved,
        Signal::derive(move || href::add_token(shown.get(), &list.get())),
        Callback::new(move |()| state.leaving.set(true)),
    );
    let is_open = move |step| Signal::derive(move || summing.get() == (step == AddStep::Summary));
    let steps = STEPS.map(|(label, step)| Step {
        label,
        wrong: Signal::derive(move || state.wrong(step)),
        open: is_open(step),
    });
    let current = Signal::derive(move || {
        STEPS
            .iter()
            .position(|(_, s)| *s == shown.get())
            .unwrap_or(0)
    });
    let go_to_field = Callback::new(move |element: &'static str| {
        let field = AddField::all().find(|field| field.element_id() == element);
        state.go_to(field.map_or(AddStep::General, AddField::step));
        browser::focus_id(element);
    });
    let again = Callback::new(move |()| state.add());
    let form = StoredValue::new(form);
    view! {
        <Dialog labelled_by="add-title" addressed=true on_close=Callback::new(move |()| state.ask_to_close())>
            <form class="dialog-inner" method="post" novalidate=true on:submit=handler(move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                match shown.get_untracked() {
                    AddStep::Summary => {}
                    AddStep::Overview => state.add(),
                    from => state.next(from),
                }
            })>
                <header>
                    <h2 id="add-title">"Add API token"</h2>
                    <a class="btn quiet icon" href=href::HELP_ADD_TOKEN target="_blank" aria-label="Help, in a new tab">
                        {icon(Symbol::Help)}
                    </a>
                </header>
                <div class="body">
                    <Stepper steps=steps.to_vec() current go=Callback::new(move |index: usize| state.go_to(STEPS[index].1))/>
                    <div class="form">
                        {move || if summing.get() {
                            view! { <Summary state/> }.erased()
                        } else {
                            let form = form.get_value();
                            view! {
                                {trouble(state.attempt, viewer.email.clone(), "add", again)}
                                <ErrorSummary errors=Memo::new(move |_| state.errors()) go=go_to_field/>
                                {general(state, form.clone(), shown)}
                                {modules(state, shown)}
                                {overview(state, form, shown, list)}
                            }.erased()
                        }}
                    </div>
                </div>
                {footer(state, shown, summing)}
            </form>
        </Dialog>
        {question(state)}
    }
    .erased()
}

/// Shows another step: the next entry of the history, so that Back leads to where one was. The summary takes the place
/// of the overview, since there is no way back to before the token was added.
fn go_to_step(step: Memo<AddStep>, list: Memo<TokenQuery>, way: WayBack) -> Callback<AddStep> {
    let navigate = use_navigate();
    Callback::new(move |to: AddStep| {
        if step.get_untracked() == to {
            return;
        }
        let replace = to == AddStep::Summary;
        let options = NavigateOptions {
            replace,
            scroll: false,
            state: way.mark(u32::from(!replace)),
            ..NavigateOptions::default()
        };
        navigate(&href::add_token(to, &list.get_untracked()), options);
    })
}

/// The summary stands alone: without a token that was just added there is none, and from it Back leads to the list.
fn leave_summary(state: AddState, step: Memo<AddStep>, way: WayBack) {
    Effect::new(move |was_there: Option<bool>| {
        let created = state.created.with(Option::is_some);
        let there = step.get() == AddStep::Summary;
        if there && !created {
            way.close.run(());
        } else if created && !there && was_there == Some(true) {
            if state.unsaved.get_untracked() {
                state.go_to(AddStep::Summary);
            }
            state.ask_to_close();
        }
        created && (there || was_there == Some(true))
    });
}

fn footer(state: AddState, shown: Memo<AddStep>, summing: Memo<bool>) -> impl IntoView {
    let waiting = Live::waiting();
    let previous = move || match shown.get() {
        AddStep::Modules => Some(AddStep::General),
        AddStep::Overview => Some(AddStep::Modules),
        AddStep::General | AddStep::Summary => None,
    };
    let last = move || shown.get() == AddStep::Overview;
    let buttons = move || {
        view! {
            <button type="button" class="btn" hidden=move || previous().is_none() disabled=state.frozen on:click=handler(move |_| {
                if let Some(step) = untrack(previous) {
                    state.go_to(step);
                }
            })>"Back"</button>
            <button
                type="submit"
                class="btn primary"
                disabled=move || if last() { state.waits() } else { state.frozen.get() }
                aria-busy=move || truth(state.running())
                on:click=handler(|event: leptos::ev::MouseEvent| {
                    // The second half of a double click on Next would add the token unseen.
                    if event.detail() > 1 {
                        event.prevent_default();
                    }
                })
            >
                {move || match (last(), state.running()) {
                    (_, true) => "Adding…",
                    (true, false) => "Add",
                    (false, false) => "Next",
                }}
            </button>
        }
    };
    view! {
        <footer>
            <button type="button" class="btn quiet" disabled=waiting on:click=handler(move |_| state.ask_to_close())>"Close"</button>
            {move || if summing.get() {
                summary_footer(state).into_any()
            } else {
                buttons().into_any()
            }}
        </footer>
    }
    .erased()
}

/// The question before something is lost: what was entered, or the secret.
fn question(state: AddState) -> impl IntoView {
    let confirm = move |title, text, yes, no| {
        view! {
            <Confirm
                title
                text
                yes
                no
                addressed=true
                on_yes=Callback::new(move |()| state.discard())
                on_no=Callback::new(move |()| state.leaving.set(false))
            />
        }
        .erased()
    };
    changing(move || {
        state.leaving.get().then(|| {
            if state.created.with_untracked(Option::is_some) {
                let text = "You have neither seen nor copied this token's secret, and you cannot have it shown again.";
                confirm("Close without the secret?", text, "Close", "Stay here")
            } else if state.running() {
                let text = "This token is being added right now. If you leave, it may be added without you seeing its secret.";
                confirm("Leave while the token is being added?", text, "Leave", "Stay here")
            } else {
                let text = "The token is not added yet. If you leave now, what you entered is lost.";
                confirm("Discard this API token?", text, "Discard", "Keep editing")
            }
        })
    })
}
