//! What goes on in the form for a new token: what is wrong, what became of adding it, what leaving would lose.

use super::{
    Changes, add_draft::AddDraft, add_offer::Offer, attempt::Attempt,
    edit_state::element_id as token_element_id,
};
use crate::{
    api::tokens::create_token,
    browser::{self, Live},
    domain::{
        account::AccountId,
        new_token::{CreatedToken, NewToken, NewTokenForm},
        secret::{SecretAccess, SecretText},
        token::{TokenDetails, TokenField},
        user::UserId,
        validate,
    },
    error::{ApiError, ErrorCode},
    href::AddStep,
    ui::{Logo, Toasts},
};
use leptos::{prelude::*, task::spawn_local};

/// A field of the form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AddField {
    /// Whose the token is to be.
    Account,
    /// What a token has in any form.
    Token(TokenField),
}

impl AddField {
    /// Every field, in the order of the form.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Account).chain(TokenField::ALL.map(Self::Token))
    }

    /// The id of its element.
    pub const fn element_id(self) -> &'static str {
        match self {
            Self::Account => "token-account",
            Self::Token(field) => token_element_id(field),
        }
    }

    /// The step that it stands in.
    pub const fn step(self) -> AddStep {
        match self {
            Self::Token(TokenField::Modules) => AddStep::Modules,
            Self::Account | Self::Token(_) => AddStep::General,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Token(field) => field.key(),
        }
    }
}

/// The state of the form, as signals. `secret` is the only one that holds a secret, from the answer to the dialog's
/// end or for ten minutes: nothing else in the browser keeps it (T-28).
#[derive(Clone, Copy)]
pub struct AddState {
    /// What was entered.
    pub draft: AddDraft,
    /// The picture that is being chosen.
    pub logo: Logo,
    /// The modules of the chosen account.
    pub offer: Offer,
    /// What became of the last attempt to add.
    pub attempt: RwSignal<Attempt>,
    /// The token that was added.
    pub created: RwSignal<Option<TokenDetails>>,
    /// Its secret.
    pub secret: RwSignal<Option<SecretText>>,
    /// Whether the secret was seen or copied.
    pub taken: RwSignal<bool>,
    /// Whether the question about what would be lost is asked.
    pub leaving: RwSignal<bool>,
    /// Whether nothing can be entered: the page is not live yet, or an answer is awaited.
    pub frozen: Signal<bool>,
    /// Whether there is anything that leaving would lose.
    pub unsaved: Signal<bool>,
    /// Whether the person went on, so that empty fields are wrong and not just empty yet.
    tried: RwSignal<bool>,
    refused: RwSignal<Option<(NewToken, ApiError)>>,
    entered: Signal<bool>,
    /// Whether the person let go what would be lost.
    done: RwSignal<bool>,
    user: UserId,
    toasts: Toasts,
    changes: Changes,
    go: Callback<AddStep>,
    close: Callback<()>,
}

impl AddState {
    /// The state of a form that has just been opened. `go` shows another step; `close` takes the form out of the page.
    pub fn new(
        form: &NewTokenForm,
        user: UserId,
        go: Callback<AddStep>,
        close: Callback<()>,
    ) -> Self {
        let draft = AddDraft::new(form);
        let offer = Offer::new(form);
        let created = RwSignal::new(None::<TokenDetails>);
        let (secret, taken) = (RwSignal::new(None::<SecretText>), RwSignal::new(false));
        let dirty = draft.dirty(form, offer.given);
        let done = RwSignal::new(false);
        let entered =
            Signal::derive(move || dirty.get() && created.with(Option::is_none) && !done.get());
        // A secret that this person can never have shown again.
        let last_chance = move || {
            let others = |token: &TokenDetails| token.secret != SecretAccess::Open;
            created.with(|token| token.as_ref().is_some_and(others))
                && secret.with(Option::is_some)
                && !taken.get()
                && !done.get()
        };
        let attempt = RwSignal::new(Attempt::None);
        let waiting = Live::waiting();
        Self {
            draft,
            logo: Logo::new(draft.icon),
            offer,
            attempt,
            created,
            secret,
            taken,
            leaving: RwSignal::new(false),
            frozen: Signal::derive(move || waiting.get() || attempt.with(Attempt::is_running)),
            unsaved: Signal::derive(move || entered.get() || last_chance()),
            tried: RwSignal::new(false),
            refused: RwSignal::new(None),
            entered,
            done,
            user,
            toasts: expect_context(),
            changes: expect_context(),
            go,
            close,
        }
    }

    /// Takes up what was entered before a reload, and from then on keeps what is entered for the next one.
    pub fn outlive_reload(self, form: NewTokenForm) {
        Effect::new(move |begun: Option<()>| {
            if begun.is_none() {
                self.begin(&form);
            }
            if self.entered.get() {
                self.draft.keep(self.user);
            } else {
                AddDraft::forget();
            }
        });
    }

    fn begin(self, form: &NewTokenForm) {
        if self.draft.restore(self.user, form) {
            let account = self.draft.account.get_untracked();
            let offered = form.account.as_ref().map(|account| account.id);
            match account.filter(|_| account != offered) {
                Some(account) => self.offer.fetch(account, self.draft, false),
                None => self.draft.fit_modules(&form.choices),
            }
        }
        self.draft.draw_key();
    }

    /// Takes another account, whose modules it fetches.
    pub fn choose_account(self, account: AccountId) {
        self.draft.account.set(Some(account));
        self.offer.fetch(account, self.draft, true);
    }

    /// Fetches the modules of the chosen account once more.
    pub fn fetch_again(self) {
        if let Some(account) = self.draft.account.get_untracked() {
            self.offer.fetch(account, self.draft, false);
        }
    }

    /// What is wrong with a field, as far as the person should hear of it yet.
    pub fn error(self, field: AddField) -> Option<String> {
        let empty = match field {
            AddField::Account => self.draft.account.with(Option::is_none),
            AddField::Token(TokenField::Name) => self.draft.name.with(String::is_empty),
            AddField::Token(_) => false,
        };
        (!empty || self.tried.get()).then(|| self.complaint(field))?
    }

    /// What is wrong with a field: by our own check, or by the server's of just these values.
    fn complaint(self, field: AddField) -> Option<String> {
        let own = match field {
            AddField::Account if self.draft.account.with(Option::is_none) => {
                Some("Choose the account that the token is for.".to_owned())
            }
            AddField::Account => self.offer.complaint(),
            AddField::Token(TokenField::Name) => {
                let check = |name: &String| validate::name("The name", name).err();
                self.draft.name.with(check)
            }
            AddField::Token(TokenField::Description) => {
                let check = |text: &String| validate::description(text).err();
                self.draft.description.with(check)
            }
            AddField::Token(_) => None,
        };
        own.or_else(|| {
            self.refused.with(|refused| {
                let (sent, error) = refused.as_ref()?;
                let unchanged = self.draft.new_token().as_ref() == Some(sent);
                unchanged.then(|| error.field(field.key()).map(str::to_owned))?
            })
        })
    }

    /// All that is wrong, with the ids of the fields' elements.
    pub fn errors(self) -> Vec<(&'static str, String)> {
        AddField::all()
            .filter_map(|field| Some((field.element_id(), self.error(field)?)))
            .collect()
    }

    /// Whether a step has an error in it. In the overview nothing can be wrong.
    pub fn wrong(self, step: AddStep) -> bool {
        AddField::all().any(|field| field.step() == step && self.error(field).is_some())
    }

    /// Whether an answer is awaited.
    pub fn running(self) -> bool {
        self.attempt.with(Attempt::is_running)
    }

    /// Whether something is still on its way that adding has to wait for.
    pub fn waits(self) -> bool {
        self.frozen.get() || self.logo.sending.get() || self.offer.fetching.get()
    }

    /// From one step to the next, unless something is wrong in it; then to what is wrong.
    pub fn next(self, from: AddStep) {
        self.tried.set(true);
        if untrack(|| self.wrong(from)) {
            browser::focus_id("error-summary");
            return;
        }
        let (to, element) = match from {
            AddStep::General => (AddStep::Modules, "module-search"),
            _ => (AddStep::Overview, "add-overview"),
        };
        self.go.run(to);
        browser::focus_id(element);
    }

    /// To any step. From here on empty fields are wrong.
    pub fn go_to(self, step: AddStep) {
        if step != AddStep::General {
            self.tried.set(true);
        }
        self.go.run(step);
    }

    /// Sends the form, once; or goes to what is wrong.
    pub fn add(self) {
        self.tried.set(true);
        if untrack(|| self.waits()) || self.created.with_untracked(Option::is_some) {
            return;
        }
        let right = untrack(|| self.errors()).is_empty();
        let Some(new) = untrack(|| self.draft.new_token()).filter(|_| right) else {
            browser::focus_id("error-summary");
            return;
        };
        self.attempt.set(Attempt::Running);
        spawn_local(async move {
            let outcome = create_token(new.clone()).await;
            self.take(new, outcome);
        });
    }

    /// What an answer means to the list behind, and to the dialog unless that was closed meanwhile.
    fn take(self, new: NewToken, outcome: Result<CreatedToken, ApiError>) {
        if let Ok(created) = &outcome {
            self.toasts
                .say(format!("API token \"{}\" added", created.token.name));
            self.changes.raise();
        }
        if self.attempt.is_disposed() {
            return;
        }
        self.attempt.set(Attempt::None);
        match outcome {
            Ok(CreatedToken { token, secret }) => {
                AddDraft::forget();
                self.leaving.set(false);
                self.secret.set(secret);
                self.created.set(Some(token));
                self.go.run(AddStep::Summary);
                browser::focus_id("add-done");
            }
            Err(error) if error.code == ErrorCode::Invalid => {
                let wrong = |field: &AddField| error.field(field.key()).is_some();
                let step = AddField::all().find(wrong).map(AddField::step);
                match step {
                    Some(step) => {
                        self.refused.set(Some((new, error)));
                        self.go.run(step);
                        browser::focus_id("error-summary");
                    }
                    None => self.attempt.set(Attempt::Failed(error)),
                }
            }
            Err(error) => self.attempt.set(Attempt::Failed(error)),
        }
    }

    /// Closes, or asks first when something would be lost.
    pub fn ask_to_close(self) {
        if self.unsaved.get_untracked() {
            self.leaving.set(true);
        } else {
            self.close.run(());
        }
    }

    /// Closes and lets go what was entered, or the secret.
    pub fn discard(self) {
        AddDraft::forget();
        self.done.set(true);
        self.leaving.set(false);
        self.close.run(());
    }
}
