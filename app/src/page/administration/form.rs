//! A form in a dialog: what it says about itself, what is wrong with it, and the question before something is lost.

use crate::{
    browser::{self, Live},
    error::{ApiError, ErrorCode},
    page::{Viewer, sign_in_again::SignInAgain},
    ui::{Confirm, Dialog, Erase as _, changing, handler, truth},
};
use leptos::{prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin};

/// What a form does when it is sent. `None` when nothing more is to be done here.
pub(super) type Sent = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

/// The id of what is wrong with a form as a whole.
const PROBLEM: &str = "form-problem";

/// The state of a form.
#[derive(Clone, Copy)]
pub(super) struct FormState {
    /// Whether it is being sent.
    pub running: RwSignal<bool>,
    /// Why it was not accepted.
    pub problem: RwSignal<Option<ApiError>>,
    /// Whether something in it differs from what it began with.
    pub changed: Signal<bool>,
    /// Whether it can be sent as it stands.
    pub complete: Signal<bool>,
    /// Whether somebody is about to lose what was changed.
    leaving: RwSignal<bool>,
    close: Callback<()>,
}

impl FormState {
    /// A form that is just opened.
    pub fn new(changed: Signal<bool>, close: Callback<()>) -> Self {
        browser::guard_unload(changed);
        Self {
            running: RwSignal::new(false),
            problem: RwSignal::new(None),
            changed,
            complete: changed,
            leaving: RwSignal::new(false),
            close,
        }
    }

    /// What is wrong with a field.
    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.problem
                .with(|error| error.as_ref()?.field(field).map(str::to_owned))
        })
    }

    /// Whether nothing can be entered now.
    pub fn frozen(self) -> Signal<bool> {
        let waiting = Live::waiting();
        Signal::derive(move || self.running.get() || waiting.get())
    }

    /// Sends it.
    pub fn send(self, sent: impl FnOnce() -> Sent) {
        if self.running.get_untracked() {
            return;
        }
        self.running.set(true);
        self.problem.set(None);
        let sent = sent();
        spawn_local(async move {
            let answer = sent.await;
            if self.running.is_disposed() {
                return;
            }
            self.running.set(false);
            if let Err(error) = answer {
                let first = error.fields.first();
                browser::focus_id(first.map_or(PROBLEM, |field| &field.field));
                self.problem.set(Some(error));
            }
        });
    }

    /// Closes it, unless it is just being sent. Somebody who would lose something is asked.
    fn ask_to_close(self) {
        if self.running.get_untracked() {
            return;
        }
        if self.changed.get_untracked() {
            self.leaving.set(true);
        } else {
            self.close.run(());
        }
    }
}

/// A form in a dialog.
pub(super) struct FormDialog {
    /// Its title.
    pub title: String,
    /// The word on its button.
    pub submit: &'static str,
    /// Its fields.
    pub body: AnyView,
    /// The names of its fields, by which it says what is wrong.
    pub fields: &'static [&'static str],
    /// Its state.
    pub state: FormState,
    /// What it does when it is sent.
    pub send: Callback<()>,
}

impl FormDialog {
    /// The dialog.
    pub fn view(self) -> AnyView {
        let Self {
            title,
            submit,
            body,
            fields,
            state,
            send,
        } = self;
        let close = Callback::new(move |()| state.ask_to_close());
        let frozen = state.frozen();
        let ready = move || state.complete.get() && !frozen.get();
        let email = Viewer::get().map(|viewer| viewer.email).unwrap_or_default();
        // What no field says.
        let other = move || {
            let error = state.problem.get()?;
            if error.code == ErrorCode::Unauthenticated {
                let signed_in = Callback::new(move |()| {
                    state.problem.set(None);
                    send.run(());
                });
                return Some(view! { <SignInAgain email=email.clone() signed_in/> }.into_any());
            }
            let mut named = error.fields.iter();
            let told = named.any(|error| fields.contains(&error.field.as_str()));
            (!told).then(|| {
                view! { <p class="notice danger" role="alert" id=PROBLEM tabindex="-1">{error.message}</p> }
                    .erased()
            })
        };
        let leaving = move || {
            state.leaving.get().then(|| {
                view! {
                    <Confirm
                        title="Discard your changes?"
                        text="What you entered here is not saved yet. If you leave now, it is lost."
                        yes="Discard changes"
                        no="Keep editing"
                        on_yes=move |()| {
                            state.leaving.set(false);
                            state.close.run(());
                        }
                        on_no=move |()| state.leaving.set(false)
                    />
                }
                .erased()
            })
        };
        view! {
            <Dialog labelled_by="form-title" on_close=close>
                <form class="dialog-inner" method="post" novalidate=true on:submit=handler(move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    if untrack(ready) {
                        send.run(());
                    }
                })>
                    <header><h2 id="form-title">{title}</h2></header>
                    <div class="body">
                        {changing(other)}
                        <div class="form">{body}</div>
                    </div>
                    <footer>
                        <button type="button" class="btn quiet" disabled=frozen on:click=handler(move |_| close.run(()))>"Close"</button>
                        <button type="submit" class="btn primary" disabled=move || !ready() aria-busy=move || truth(state.running.get())>{submit}</button>
                    </footer>
                </form>
            </Dialog>
            {changing(leaving)}
        }
        .erased()
    }
}

/// A box to tick.
pub(super) fn check(
    id: &'static str,
    label: &'static str,
    text: &'static str,
    value: RwSignal<bool>,
    frozen: Signal<bool>,
) -> AnyView {
    let note = format!("{id}-note");
    view! {
        <label class="check">
            <input
                type="checkbox"
                id=id
                checked=value.get_untracked()
                prop:checked=value
                disabled=frozen
                aria-label=label
                aria-describedby=note.clone()
                on:change:target=move |event| value.set(event.target().checked())
            />
            <span>{label}<span class="sub" id=note>{text}</span></span>
        </label>
    }
    .erased()
}
