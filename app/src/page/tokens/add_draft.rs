//! What a person has entered into the form for a new token, and how it outlives a reload.

use crate::{
    browser,
    domain::{
        account::AccountId,
        icon::IconId,
        module::ModuleId,
        new_token::{NewToken, NewTokenForm},
        secret::RevealPolicy,
        token::ModuleChoice,
        user::UserId,
    },
    json,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Under which name the browser keeps the draft.
const KEPT: &str = "new-api-token";

/// The fields of the form as signals. None holds a secret.
#[derive(Clone, Copy)]
pub struct AddDraft {
    /// Whose the token is to be.
    pub account: RwSignal<Option<AccountId>>,
    /// The picture.
    pub icon: RwSignal<Option<IconId>>,
    /// The name.
    pub name: RwSignal<String>,
    /// The description.
    pub description: RwSignal<String>,
    /// Who may see the secret later.
    pub reveal: RwSignal<RevealPolicy>,
    /// The ids of the modules that are ticked.
    pub modules: RwSignal<BTreeSet<ModuleId>>,
    /// Drawn once, so that the form sent twice adds one token.
    key: RwSignal<String>,
}

/// A draft as the browser keeps it, for the person who entered it.
#[derive(Serialize, Deserialize)]
struct Kept {
    user: UserId,
    account: Option<AccountId>,
    icon: Option<IconId>,
    name: String,
    description: String,
    reveal: RevealPolicy,
    modules: BTreeSet<ModuleId>,
    key: String,
}

impl AddDraft {
    /// A draft in which nothing was entered yet.
    pub fn new(form: &NewTokenForm) -> Self {
        Self {
            account: RwSignal::new(form.account.as_ref().map(|account| account.id)),
            icon: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            reveal: RwSignal::new(form.reveal),
            modules: RwSignal::new(form.given.iter().copied().collect()),
            key: RwSignal::new(String::new()),
        }
    }

    /// The draft as it would be sent; nothing while the account is open.
    pub fn new_token(self) -> Option<NewToken> {
        Some(NewToken {
            account: self.account.get()?,
            name: self.name.get(),
            description: self.description.get(),
            icon: self.icon.get(),
            reveal: self.reveal.get(),
            modules: self.modules.get().into_iter().collect(),
            key: self.key.get(),
        })
    }

    /// Whether anything was entered that leaving would lose. `given` are the modules that nobody ticked.
    pub fn dirty(self, form: &NewTokenForm, given: RwSignal<BTreeSet<ModuleId>>) -> Signal<bool> {
        let account = form.account.as_ref().map(|account| account.id);
        let reveal = form.reveal;
        let blank = |text: &String| text.trim().is_empty();
        Memo::new(move |_| {
            !self.name.with(blank)
                || !self.description.with(blank)
                || self.icon.with(Option::is_some)
                || self.account.get() != account
                || self.reveal.get() != reveal
                || self.modules.get() != given.get()
        })
        .into()
    }

    /// Makes sure that the form has its key. Called in the browser only, which alone draws one.
    pub fn draw_key(self) {
        if self.key.with_untracked(String::is_empty) {
            self.key.set(browser::random_key());
        }
    }

    /// Keeps the draft for a reload of the page.
    pub fn keep(self, user: UserId) {
        let kept = Kept {
            user,
            account: self.account.get(),
            icon: self.icon.get(),
            name: self.name.get(),
            description: self.description.get(),
            reveal: self.reveal.get(),
            modules: self.modules.get(),
            key: self.key.get(),
        };
        if let Ok(text) = serde_json::to_string(&kept) {
            browser::keep(KEPT, &text);
        }
    }

    /// Takes what was kept before the page was loaded again, if it is this person's. What the form no longer offers is
    /// for the caller to leave out. True when there was something.
    pub fn restore(self, user: UserId, form: &NewTokenForm) -> bool {
        let kept = browser::kept(KEPT);
        let kept = kept.and_then(|text| json::read::<Kept>(text.as_bytes()).ok());
        let Some(kept) = kept.filter(|kept| kept.user == user) else {
            return false;
        };
        let offered = |id: &AccountId| form.accounts.iter().any(|account| account.id == *id);
        if let Some(account) = kept.account.filter(offered) {
            self.account.set(Some(account));
        }
        self.icon.set(kept.icon);
        self.name.set(kept.name);
        self.description.set(kept.description);
        self.reveal.set(kept.reveal.max(form.reveal));
        self.modules.set(kept.modules);
        self.key.set(kept.key);
        true
    }

    /// Keeps nothing for a reload.
    pub fn forget() {
        browser::forget(KEPT);
    }

    /// Leaves of the ticked modules those that are offered, and ticks what every token has.
    pub fn fit_modules(self, choices: &[ModuleChoice]) {
        self.modules.update(|ticked| {
            ticked.retain(|id| choices.iter().any(|choice| choice.module.id == *id));
            let fixed = choices.iter().filter(|choice| choice.fixed);
            ticked.extend(fixed.map(|choice| choice.module.id));
        });
    }
}
