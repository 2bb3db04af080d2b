//! Disabling, enabling and deleting a token: the entries of its menus, and the dialog that asks first.

use super::{
    Changes,
    attempt::{Attempt, trouble},
};
use crate::{
    api::tokens::change_token_status,
    browser::{self, Live},
    domain::{
        lifecycle::{RECENT_DAYS, TokenAction},
        text::one_line,
        token::{Allowed, TokenDetails, TokenId, TokenSummary},
    },
    error::{ApiError, ErrorCode},
    href,
    page::Viewer,
    ui::{Avatar, Dialog, Erase as _, Symbol, Toasts, changing, handler, icon, truth},
};
use leptos::{prelude::*, task::spawn_local};

/// What the menu and the dialog show of a token.
#[derive(Clone)]
pub struct Subject {
    id: TokenId,
    name: String,
    icon: Option<String>,
    allowed: Allowed,
}

impl From<&TokenSummary> for Subject {
    fn from(token: &TokenSummary) -> Self {
        Self {
            id: token.id,
            name: token.name.clone(),
            icon: token.icon.as_ref().map(|icon| href::icon(token.id, icon)),
            allowed: token.allowed.clone(),
        }
    }
}

impl From<&TokenDetails> for Subject {
    fn from(token: &TokenDetails) -> Self {
        Self {
            id: token.id,
            name: token.name.clone(),
            icon: token.icon.as_ref().map(|icon| href::icon(token.id, icon)),
            allowed: token.allowed.clone(),
        }
    }
}

impl Subject {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether there is anything for a menu to offer.
    pub fn has_menu(&self) -> bool {
        self.allowed.edit || !self.allowed.actions.is_empty()
    }

    /// The id of the button that opens its menu.
    pub fn menu_id(&self) -> String {
        format!("actions-{}", self.id)
    }
}

/// The step that is being asked about, if one is. It outlives the rows, which are made anew when the list is fetched
/// again.
#[derive(Clone, Copy)]
pub struct Asked(RwSignal<Option<(Subject, TokenAction)>>);

impl Asked {
    /// Nothing is asked.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }
}

/// The entries of a token's menu; `edit` is the address of the form.
pub fn entries(subject: &Subject, edit: String, asked: Asked) -> AnyView {
    let Allowed {
        edit: may_edit,
        actions,
        ..
    } = subject.allowed.clone();
    let (last, first): (Vec<_>, Vec<_>) = actions
        .into_iter()
        .partition(|action| *action == TokenAction::Delete);
    let line = !first.is_empty() && (may_edit || !last.is_empty());
    let entry = |action: TokenAction| {
        let subject = subject.clone();
        let class = (action == TokenAction::Delete).then_some("del");
        view! {
            <button type="button" role="menuitem" tabindex="-1" class=class on:click=handler(move |_| asked.0.set(Some((subject.clone(), action))))>
                {action.label()}
            </button>
        }
        .erased()
    };
    view! {
        {first.into_iter().map(entry).collect_view()}
        {line.then(|| view! { <hr/> }.erased())}
        {may_edit.then(|| view! { <a role="menuitem" tabindex="-1" href=edit data-noscroll="">"Edit"</a> }.erased())}
        {last.into_iter().map(entry).collect_view()}
    }
    .erased()
}

/// The dialog, while something is asked. `deleted` says what follows when the token is gone; without it the page
/// fetches its data anew, as after any other step.
pub fn question(asked: Asked, deleted: Option<Callback<()>>) -> impl IntoView {
    changing(move || {
        asked
            .0
            .get()
            .map(|(subject, action)| view! { <Question subject action asked deleted/> }.erased())
    })
}

/// What goes on in the dialog.
#[derive(Clone, Copy)]
struct State {
    subject: StoredValue<Subject>,
    action: TokenAction,
    attempt: RwSignal<Attempt>,
    asked: Asked,
    deleted: Option<Callback<()>>,
    changes: Changes,
    toasts: Toasts,
}

impl State {
    fn close(self) {
        self.asked.0.set(None);
    }

    /// Takes the step, once.
    fn go(self) {
        if self.attempt.with_untracked(Attempt::is_running) {
            return;
        }
        self.attempt.set(Attempt::Running);
        let Subject { id, name, .. } = self.subject.get_value();
        spawn_local(async move {
            let outcome = change_token_status(id.to_string(), self.action).await;
            self.take(&name, outcome);
        });
    }

    /// What an answer means to the page behind, and to the dialog unless that was closed meanwhile.
    fn take(self, name: &str, outcome: Result<(), ApiError>) {
        let closed = self.attempt.is_disposed();
        match outcome {
            Ok(()) => {
                let done = self.action.done();
                self.toasts.say(format!("API token \"{name}\" {done}"));
                if !closed {
                    self.close();
                }
                match self.deleted {
                    Some(deleted)
                        if self.action == TokenAction::Delete && !self.asked.0.is_disposed() =>
                    {
                        browser::after_question(move || {
                            deleted.try_run(());
                        });
                    }
                    _ => self.changes.raise(),
                }
            }
            Err(error) => {
                if hopeless(error.code) {
                    self.changes.raise();
                }
                if closed {
                    let done = self.action.done();
                    self.toasts.say(format!(
                        "API token \"{name}\" was not {done}. {}",
                        error.message
                    ));
                } else {
                    if error.code != ErrorCode::Unauthenticated {
                        browser::focus_id("life-close");
                    }
                    self.attempt.set(Attempt::Failed(error));
                }
            }
        }
    }

    /// Whether trying again cannot help.
    fn over(self) -> bool {
        self.attempt
            .with(|attempt| matches!(attempt, Attempt::Failed(error) if hopeless(error.code)))
    }
}

/// Whether a failure says that the page no longer shows how things stand.
const fn hopeless(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Conflict | ErrorCode::NotFound | ErrorCode::Forbidden
    )
}

#[component]
fn Question(
    subject: Subject,
    action: TokenAction,
    asked: Asked,
    deleted: Option<Callback<()>>,
) -> impl IntoView {
    let Subject {
        id,
        name,
        icon: picture,
        allowed,
    } = subject.clone();
    let state = State {
        subject: StoredValue::new(subject),
        action,
        attempt: RwSignal::new(Attempt::None),
        asked,
        deleted,
        changes: expect_context(),
        toasts: expect_context(),
    };
    let typed = RwSignal::new(String::new());
    let asks_name = action == TokenAction::Delete && allowed.name_to_delete;
    let wanted = one_line(&name);
    let ready = Memo::new(move |_| !asks_name || typed.with(|typed| one_line(typed) == wanted));
    let waiting = Live::waiting();
    let running = Signal::derive(move || state.attempt.with(Attempt::is_running));
    let email = Viewer::get().map(|viewer| viewer.email).unwrap_or_default();
    let again = Callback::new(move |()| state.go());
    let close = Callback::new(move |()| state.close());
    let title = format!("{} API token", action.label());
    let class = if action == TokenAction::Delete {
        "btn danger"
    } else {
        "btn primary"
    };
    view! {
        <Dialog labelled_by="life-title life-name" small=true on_close=close>
            <form method="post" novalidate=true on:submit=handler(move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                if ready.get_untracked() && !untrack(|| state.over()) {
                    state.go();
                }
            })>
                <header>
                    <h2 id="life-title">{title}</h2>
                    <a class="btn quiet icon" href=href::HELP_LIFECYCLE target="_blank" aria-label="Help, in a new tab">
                        {icon(Symbol::Help)}
                    </a>
                </header>
                <div class="body">
                    <div class="id">
                        <Avatar name=name.clone() seed=id.number() icon=picture/>
                        <div><b id="life-name"><bdi>{name}</bdi></b><span class="sub">{id.to_string()}</span></div>
                    </div>
                    <p>{words(action).0}</p>
                    {asks_name.then(|| name_field(typed, running))}
                    {trouble(state.attempt, email, words(action).1, again)}
                </div>
                <footer>
                    <button type="button" class="btn quiet" id="life-close" autofocus=!asks_name disabled=waiting on:click=handler(move |_| state.close())>
                        {move || if state.attempt.with(|attempt| matches!(attempt, Attempt::Failed(_))) { "Close" } else { "Cancel" }}
                    </button>
                    <button
                        type="submit"
                        class=class
                        hidden=move || state.over()
                        disabled=move || waiting.get() || running.get() || !ready.get()
                        aria-busy=move || truth(running.get())
                    >
                        {action.label()}
                    </button>
                </footer>
            </form>
        </Dialog>
    }
    .erased()
}

/// What will happen from then on, and the words that complete "Sign in and …".
const fn words(action: TokenAction) -> (&'static str, &'static str) {
    match action {
        TokenAction::Disable => (
            "Requests with this token will be refused until you enable it again.",
            "disable the token",
        ),
        TokenAction::Enable => (
            "Requests with this token will be accepted again from now on.",
            "enable the token",
        ),
        TokenAction::Delete => (
            "This cannot be undone. Requests with this token will be refused from now on.",
            "delete the token",
        ),
    }
}

/// Asks for the name of a token that programs seem to rely on.
fn name_field(typed: RwSignal<String>, frozen: Signal<bool>) -> AnyView {
    view! {
        <div class="form-row">
            <label for="life-typed">"Type the token's name to delete it"</label>
            <input
                class="field"
                type="text"
                id="life-typed"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                autofocus=true
                readonly=frozen
                prop:value=typed
                on:input:target=move |event| typed.set(event.target().value())
                aria-describedby="life-why"
            />
            <span class="sub" id="life-why">
                {format!("This token was used in the last {RECENT_DAYS} days, so something may still depend on it.")}
            </span>
        </div>
    }
    .erased()
}
