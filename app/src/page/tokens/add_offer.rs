//! What the account that a new token is for has to offer: its modules.

use super::add_draft::AddDraft;
use crate::{
    api::tokens::get_new_token_form,
    domain::{account::AccountId, module::ModuleId, new_token::NewTokenForm, token::ModuleChoice},
    error::ApiError,
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeSet;

/// The modules of the chosen account, as signals.
#[derive(Clone, Copy)]
pub struct Offer {
    /// The modules to choose from.
    pub choices: RwSignal<Vec<ModuleChoice>>,
    /// Those that a token begins with.
    pub given: RwSignal<BTreeSet<ModuleId>>,
    /// Whether they are on their way.
    pub fetching: RwSignal<bool>,
    /// Why they are not there.
    problem: RwSignal<Option<ApiError>>,
}

impl Offer {
    /// What the form begins with.
    pub fn new(form: &NewTokenForm) -> Self {
        Self {
            choices: RwSignal::new(form.choices.clone()),
            given: RwSignal::new(form.given.iter().copied().collect()),
            fetching: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    /// Whether the modules could not be had.
    pub fn is_missing(self) -> bool {
        self.problem.with(Option::is_some)
    }

    /// The sentence for when they could not be had.
    pub fn complaint(self) -> Option<String> {
        self.problem.with(|problem| {
            let reason = &problem.as_ref()?.message;
            Some(format!(
                "The modules of this account could not be had. {reason}"
            ))
        })
    }

    /// Fetches what `account` offers and fits the draft to it. `anew` when the account was only just chosen, so that
    /// what its tokens begin with is ticked.
    pub fn fetch(self, account: AccountId, draft: AddDraft, anew: bool) {
        self.fetching.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = get_new_token_form(Some(account)).await;
            // The dialog was closed, or another account is chosen by now.
            if draft.account.try_get_untracked().flatten() != Some(account) {
                return;
            }
            self.fetching.set(false);
            match answer {
                Ok(form) => {
                    if anew {
                        draft
                            .modules
                            .update(|ticked| ticked.extend(form.given.iter().copied()));
                    }
                    draft.fit_modules(&form.choices);
                    self.given.set(form.given.into_iter().collect());
                    self.choices.set(form.choices);
                }
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }
}
