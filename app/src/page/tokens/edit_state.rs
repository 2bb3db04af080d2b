//! What goes on in the edit form: what is wrong, whether it can be saved, what became of saving, whether something
//! would be lost by leaving.

use super::{Changes, attempt::Attempt, conflict::Conflicts, draft::Draft};
use crate::{
    api::tokens::edit_token,
    browser::{self, Live},
    domain::token::{EditOutcome, TokenEdit, TokenField, TokenForm, TokenId},
    error::{ApiError, ErrorCode},
    href::EditStep,
    ui::{Logo, Toasts},
};
use leptos::{prelude::*, task::spawn_local};

/// The state of the form, as signals.
#[derive(Clone, Copy)]
pub struct EditState {
    /// What was typed.
    pub draft: Draft,
    /// The picture that is being chosen.
    pub logo: Logo,
    /// What became of the last attempt to save.
    pub attempt: RwSignal<Attempt>,
    /// What somebody else changed meanwhile.
    pub conflicts: RwSignal<Option<Conflicts>>,
    /// Whether the question about unsaved changes is asked.
    pub leaving: RwSignal<bool>,
    /// Whether nothing can be typed: the page is not live yet, or an answer is awaited.
    pub frozen: Signal<bool>,
    /// Whether there is anything that leaving would lose.
    pub unsaved: Signal<bool>,
    id: TokenId,
    refused: RwSignal<Option<(TokenEdit, ApiError)>>,
    dirty: Signal<bool>,
    done: RwSignal<bool>,
    toasts: Toasts,
    changes: Changes,
    close: Callback<()>,
}

impl EditState {
    /// The state of a form that has just been opened. `close` takes it out of the page.
    pub fn new(form: &TokenForm, close: Callback<()>) -> Self {
        let draft = Draft::new(form);
        let dirty = draft.dirty();
        let done = RwSignal::new(false);
        let attempt = RwSignal::new(Attempt::None);
        let waiting = Live::waiting();
        Self {
            draft,
            logo: Logo::new(draft.icon),
            attempt,
            conflicts: RwSignal::new(None),
            leaving: RwSignal::new(false),
            frozen: Signal::derive(move || waiting.get() || attempt.with(Attempt::is_running)),
            unsaved: Signal::derive(move || dirty.get() && !done.get()),
            id: form.token.id,
            refused: RwSignal::new(None),
            dirty,
            done,
            toasts: expect_context(),
            changes: expect_context(),
            close,
        }
    }

    /// What is wrong with a field: by our own check, or by the server's of just these values.
    pub fn error(self, field: TokenField) -> Option<String> {
        self.draft.error(field).or_else(|| {
            self.refused.with(|refused| {
                let (edit, error) = refused.as_ref()?;
                let unchanged = *edit == self.draft.edit();
                unchanged.then(|| error.field(field.key()).map(str::to_owned))?
            })
        })
    }

    /// All that is wrong, with the ids of the fields' elements.
    pub fn errors(self) -> Vec<(&'static str, String)> {
        let fields = TokenField::ALL.into_iter();
        fields
            .filter_map(|field| Some((element_id(field), self.error(field)?)))
            .collect()
    }

    /// Whether a step has an error in it.
    pub fn wrong(self, step: EditStep) -> bool {
        let mut fields = TokenField::ALL.into_iter();
        fields.any(|field| step_of(field) == step && self.error(field).is_some())
    }

    /// Whether an answer is awaited.
    pub fn running(self) -> bool {
        self.attempt.with(Attempt::is_running)
    }

    /// Whether Save does anything: something changed, nothing is wrong, nothing waits for a decision or a file.
    pub fn can_save(self) -> bool {
        let undecided = self
            .conflicts
            .with(|all| all.as_ref().is_some_and(|all| !all.decided()));
        !self.frozen.get()
            && !self.logo.sending.get()
            && self.dirty.get()
            && self.errors().is_empty()
            && !undecided
    }

    /// Sends the draft, once.
    pub fn save(self) {
        if !untrack(|| self.can_save()) {
            return;
        }
        self.attempt.set(Attempt::Running);
        spawn_local(async move {
            let edit = untrack(|| self.draft.edit());
            let outcome = edit_token(self.id.to_string(), edit.clone()).await;
            self.take(edit, outcome);
        });
    }

    /// What an answer means to the page behind, and to the dialog unless that was closed meanwhile.
    fn take(self, edit: TokenEdit, outcome: Result<EditOutcome, ApiError>) {
        if let Ok(EditOutcome::Saved { token, over }) = &outcome {
            let beside = over.as_ref().map_or_else(String::new, |stamp| {
                format!(" beside a change by {}", stamp.by.name)
            });
            self.toasts
                .say(format!("API token \"{}\" updated{beside}", token.name));
        }
        if outcome.is_ok() {
            self.changes.raise();
        }
        if self.attempt.is_disposed() {
            return;
        }
        self.attempt.set(Attempt::None);
        match outcome {
            Ok(EditOutcome::Saved { .. }) => {
                self.done.set(true);
                self.close.run(());
            }
            Ok(EditOutcome::Outdated { token, conflicts }) => {
                let before = self.draft.base.get_untracked();
                self.draft.base.set(*token.clone());
                let conflicts = Conflicts::new(edit, &before, *token, conflicts);
                conflicts.take_untouched(self.draft);
                self.conflicts.set(Some(conflicts));
                browser::focus_id("conflicts");
            }
            Err(error) if error.code == ErrorCode::Invalid => self.refused.set(Some((edit, error))),
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

    /// Closes and lets the changes go.
    pub fn discard(self) {
        self.done.set(true);
        self.leaving.set(false);
        self.close.run(());
    }
}

/// The id of a field's element.
pub const fn element_id(field: TokenField) -> &'static str {
    match field {
        TokenField::Icon => "token-icon",
        TokenField::Name => "token-name",
        TokenField::Description => "token-description",
        TokenField::Reveal => "token-reveal",
        TokenField::Modules => "modules",
    }
}

/// The step of the element with this id.
pub fn step_of_element(element: &str) -> EditStep {
    let field = TokenField::ALL
        .into_iter()
        .find(|field| element_id(*field) == element);
    field.map_or(EditStep::General, step_of)
}

const fn step_of(field: TokenField) -> EditStep {
    match field {
        TokenField::Icon | TokenField::Name | TokenField::Description | TokenField::Reveal => {
            EditStep::General
        }
        TokenField::Modules => EditStep::Modules,
    }
}
