//! The secret on the details page: shown and copied when somebody asks, and forgotten soon.
//!
//! It is held in one signal of this page and nowhere else (T-28), and only ever comes in the answer to a click.

#![expect(
    clippy::disallowed_methods,
    reason = "a secret that was answered is put on the clipboard here"
)]

use super::{Changes, password_again::PasswordAgain};
use crate::{
    api::secret::{note_secret_copied, reveal_secret},
    browser,
    domain::{
        secret::{RevealPolicy, SecretAccess, SecretText, SecretUse},
        token::{TokenDetails, TokenStatus},
    },
    error::{ApiError, ErrorCode},
    page::{Viewer, sign_in_again::SignInAgain},
    ui::{
        COPIED, Confirm, Dialog, Erase as _, SECRET_TEXT, SELECTED, SecretLine, announce, changing,
        handler,
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, rc::Rc, time::Duration};

/// How long a secret is shown (T-28).
const SHOWN: Duration = Duration::from_mins(1);

/// Said when copying has to be asked for once more.
const READY: &str = "Ready. Copy again.";

/// What stands in the way of a secret that was asked for.
#[derive(Clone, Copy)]
enum Hurdle {
    /// It can be seen only this once.
    Once(SecretUse),
    /// The password was not entered lately.
    Password(SecretUse),
    /// The sign-in has ended.
    SignIn(SecretUse),
}

/// What goes on around the secret.
#[derive(Clone, Copy)]
struct State {
    id: StoredValue<String>,
    policy: RevealPolicy,
    value: RwSignal<Option<SecretText>>,
    busy: RwSignal<bool>,
    said: RwSignal<&'static str>,
    problem: RwSignal<Option<ApiError>>,
    hurdle: RwSignal<Option<Hurdle>>,
    /// How often it was shown, so that each showing ends by its own clock.
    showings: StoredValue<u32>,
    changes: Changes,
}

impl State {
    fn new(token: &TokenDetails) -> Self {
        Self {
            id: StoredValue::new(token.id.to_string()),
            policy: token.reveal,
            value: RwSignal::new(None),
            busy: RwSignal::new(false),
            said: RwSignal::new(""),
            problem: RwSignal::new(None),
            hurdle: RwSignal::new(None),
            showings: StoredValue::new(0),
            changes: expect_context(),
        }
    }

    /// Somebody asks for the secret.
    fn ask(self, purpose: SecretUse) {
        if self.policy == RevealPolicy::Once {
            self.hurdle.set(Some(Hurdle::Once(purpose)));
        } else {
            self.fetch(purpose);
        }
    }

    /// Asks the server. To copy, this has to be called by the click itself.
    fn fetch(self, purpose: SecretUse) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        let answer = Rc::new(RefCell::new(None));
        let id = self.id.get_value();
        let asked = {
            let answer = Rc::clone(&answer);
            async move {
                let secret = reveal_secret(id, purpose).await;
                let text = secret
                    .as_ref()
                    .ok()
                    .map(|secret| secret.expose().to_owned());
                answer.replace(Some(secret));
                text
            }
        };
        match purpose {
            SecretUse::Show => spawn_local(async move {
                asked.await;
                self.take(purpose, answer.take(), false);
            }),
            SecretUse::Copy => {
                let copied = browser::copy_promised(asked);
                spawn_local(async move {
                    let copied = copied.await;
                    self.take(purpose, answer.take(), copied);
                });
            }
        }
    }

    /// What an answer means, unless the page was left meanwhile; then the secret is dropped with it.
    fn take(self, purpose: SecretUse, answer: Option<Result<SecretText, ApiError>>, copied: bool) {
        if self.value.is_disposed() {
            return;
        }
        self.busy.set(false);
        match answer {
            None => {}
            Some(Err(error)) => self.refused(purpose, error),
            Some(Ok(secret)) => {
                if copied {
                    announce(self.said, COPIED);
                }
                // One that is gone by now is better seen, too, by the person who copied it.
                if !copied || self.policy == RevealPolicy::Once {
                    self.show(secret);
                }
                if purpose == SecretUse::Copy && !copied {
                    self.select();
                }
            }
        }
    }

    fn refused(self, purpose: SecretUse, error: ApiError) {
        match error.code {
            ErrorCode::PasswordNeeded => self.hurdle.set(Some(Hurdle::Password(purpose))),
            ErrorCode::Unauthenticated => self.hurdle.set(Some(Hurdle::SignIn(purpose))),
            ErrorCode::Conflict | ErrorCode::NotFound | ErrorCode::Forbidden => {
                self.problem.set(Some(error));
                self.changes.raise();
            }
            _ => self.problem.set(Some(error)),
        }
    }

    /// Shows it for a while.
    fn show(self, secret: SecretText) {
        self.value.set(Some(secret));
        self.showings.update_value(|count| *count += 1);
        let showing = self.showings.get_value();
        set_timeout(
            move || {
                if self.showings.try_get_value() == Some(showing) {
                    self.hide();
                }
            },
            SHOWN,
        );
    }

    /// Forgets it. One that could be seen only once is then gone, as the page says once it is fetched anew.
    fn hide(self) {
        self.forget();
        self.value.try_set(None);
    }

    /// The same when the page goes: nothing that still shows it may be told, since it goes too.
    fn forget(self) {
        let shown = self.value.try_update_untracked(Option::take).flatten();
        if shown.is_some() && self.policy == RevealPolicy::Once {
            self.changes.raise();
        }
    }

    /// Copies it: from the screen, if it is there.
    fn copy(self) {
        let shown = self
            .value
            .with_untracked(|value| value.as_ref().map(|secret| secret.expose().to_owned()));
        let Some(text) = shown else {
            return self.ask(SecretUse::Copy);
        };
        spawn_local(async move {
            if browser::copy(&text, None).await {
                announce(self.said, COPIED);
                self.note();
            } else if !self.value.is_disposed() {
                self.select();
            }
        });
    }

    /// Selects what is shown, where the browser gave no clipboard.
    fn select(self) {
        announce(self.said, SELECTED);
        request_animation_frame(|| {
            if let Some(text) = browser::element_by_id(SECRET_TEXT) {
                browser::select(&text);
            }
        });
    }

    /// Has it recorded that what is shown was copied.
    fn note(self) {
        let Some(id) = self.id.try_get_value() else {
            return;
        };
        spawn_local(async move {
            if let Err(error) = note_secret_copied(id).await {
                self.problem.try_set(Some(error));
            }
        });
    }

    /// Goes on after a hurdle was taken.
    fn resume(self, purpose: SecretUse) {
        self.hurdle.set(None);
        if purpose == SecretUse::Copy && !browser::click_counts() {
            announce(self.said, READY);
        } else {
            self.fetch(purpose);
        }
    }
}

/// The rows about the secret, as far as the person who looks may see it.
pub fn rows(token: &TokenDetails) -> impl IntoView {
    let secret = match token.secret {
        SecretAccess::Open => open(token).into_any(),
        SecretAccess::Others => {
            let account = token.account.name.clone();
            let why = view! { "Only Administrators of "<bdi>{account}</bdi>" can see it." };
            closed(&token.hint, why.into_any())
        }
        SecretAccess::Gone => closed(&token.hint, gone(token).into_any()),
    };
    view! {
        <div><dt>"API token"</dt><dd>{secret}</dd></div>
        <div><dt>"Who may see it"</dt><dd>{token.reveal.label()}</dd></div>
    }
    .erased()
}

fn closed(hint: &str, why: AnyView) -> AnyView {
    view! {
        <span class="secret masked">{hint.to_owned()}<span aria-hidden="true">"••••••••"</span></span>
        <p class="sub">{why}</p>
    }
    .erased()
}

/// Why nobody can see it any more, and what helps who has lost it.
const fn gone(token: &TokenDetails) -> &'static str {
    match (token.status, token.reveal) {
        (TokenStatus::Deleted, _) => {
            "It is no longer stored: it was destroyed when the token was deleted."
        }
        (_, RevealPolicy::Never) => {
            "It is no longer stored, since nobody may see it. Whoever has lost it needs a new token."
        }
        (_, RevealPolicy::Once) => {
            "It is no longer stored: it has been shown once. Whoever has lost it needs a new token."
        }
        (_, RevealPolicy::Always) => {
            "It is no longer stored. Whoever has lost it needs a new token."
        }
    }
}

fn open(token: &TokenDetails) -> impl IntoView {
    let state = State::new(token);
    browser::on_leaving(move || state.hide());
    on_cleanup(move || state.forget());
    view! {
        <div on:copy=handler(move |_| if state.value.with_untracked(Option::is_some) { state.note() })>
            <SecretLine
                hint=token.hint.clone()
                value=state.value
                show=Callback::new(move |()| state.ask(SecretUse::Show))
                hide=Callback::new(move |()| state.hide())
                copy=Callback::new(move |()| state.copy())
                busy=state.busy
                said=state.said
            />
        </div>
        {move || state.problem.get().map(|error| view! {
            <p class="error" role="alert">{error.message}</p>
        }.erased())}
        {hurdles(state)}
    }
    .erased()
}

/// The dialog about what stands in the way.
fn hurdles(state: State) -> impl IntoView {
    let email = Viewer::get().map(|viewer| viewer.email).unwrap_or_default();
    let cancel = Callback::new(move |()| state.hurdle.set(None));
    changing(move || {
        let email = email.clone();
        let hurdle = state.hurdle.get()?;
        Some(match hurdle {
            Hurdle::Once(purpose) => view! {
                <Confirm
                    title="See this secret once?"
                    text="This secret can be seen only this once. As soon as you see it, Latchkey destroys what it has \
                          stored, and after a minute, or when you leave the page, nobody can see it again. Have the \
                          place at hand where you will keep it."
                    yes="See it now"
                    no="Not now"
                    on_yes=Callback::new(move |()| {
                        state.hurdle.set(None);
                        state.fetch(purpose);
                    })
                    on_no=cancel
                />
            }
            .erased(),
            Hurdle::Password(purpose) => {
                let done = Callback::new(move |()| state.resume(purpose));
                view! { <PasswordAgain email done cancel/> }.erased()
            }
            Hurdle::SignIn(purpose) => sign_in(email, Callback::new(move |()| state.resume(purpose)), cancel),
        })
    })
}

fn sign_in(email: String, signed_in: Callback<()>, cancel: Callback<()>) -> AnyView {
    view! {
        <Dialog labelled_by="again-title" small=true on_close=cancel>
            <div class="dialog-inner">
                <header><h2 id="again-title">"Sign in again"</h2></header>
                <div class="body"><SignInAgain email signed_in then="go on"/></div>
                <footer><button type="button" class="btn quiet" on:click=handler(move |_| cancel.run(()))>"Cancel"</button></footer>
            </div>
        </Dialog>
    }
    .erased()
}
