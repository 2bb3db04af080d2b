//! What goes on in the edit form: what is wrong, whether it can be saved, what became of saving, whether something
//! would be lost by leaving.

use super::{conflict::Conflicts, draft::Draft};
use crate::{
    api::tokens::edit_token,
    browser::{self, Live},
    domain::token::{EditOutcome, TokenEdit, TokenField, TokenForm, TokenId},
    error::{ApiError, ErrorCode},
    href::EditStep,
    ui::Toasts,
};
use leptos::{prelude::*, task::spawn_local};

/// What became of the last attempt to save.
#[derive(Clone)]
pub enum Attempt {
    /// None was made, or it needs no word.
    None,
    /// The answer has not come yet.
    Running,
    /// Nothing was saved.
    Failed(ApiError),
}

/// The state of the form, as signals.
#[derive(Clone, Copy)]
pub struct EditState {
    /// What was typed.
    pub draft: Draft,
    /// What became of the last attempt to save.
    pub attempt: RwSignal<Attempt>,
    /// What somebody else changed meanwhile.
    pub conflicts: RwSignal<Option<Conflicts>>,
    /// Whether the question about unsaved changes is asked.
    pub leaving: RwSignal<bool>,
    /// Whether there is anything that leaving would lose.
    pub unsaved: Signal<bool>,
    id: TokenId,
    refused: RwSignal<Option<(TokenEdit, ApiError)>>,
    dirty: Signal<bool>,
    done: RwSignal<bool>,
    waiting: Signal<bool>,
    toasts: Toasts,
    saved: Callback<()>,
    close: Callback<()>,
}

impl EditState {
    /// The state of a form that has just been opened. `saved` and `close` take it out of the page.
    pub fn new(form: &TokenForm, saved: Callback<()>, close: Callback<()>) -> Self {
        let draft = Draft::new(form);
        let dirty = draft.dirty();
        let done = RwSignal::new(false);
        Self {
            draft,
            attempt: RwSignal::new(Attempt::None),
            conflicts: RwSignal::new(None),
            leaving: RwSignal::new(false),
            unsaved: Signal::derive(move || dirty.get() && !done.get()),
            id: form.token.id,
            refused: RwSignal::new(None),
            dirty,
            done,
            waiting: Live::waiting(),
            toasts: expect_context(),
            saved,
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
        self.attempt
            .with(|attempt| matches!(attempt, Attempt::Running))
    }

    /// Whether Save does anything: something changed, nothing is wrong, nothing waits for a decision.
    pub fn can_save(self) -> bool {
        let undecided = self
            .conflicts
            .with(|all| all.as_ref().is_some_and(|all| !all.decided()));
        !self.waiting.get()
            && self.dirty.get()
            && self.errors().is_empty()
            && !self.running()
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
            let outcome = edit_token(self.id, edit.clone()).await;
            // The dialog may have been closed while the answer was on its way.
            if !self.attempt.is_disposed() {
                self.attempt.set(Attempt::None);
                self.take(edit, outcome);
            }
        });
    }

    fn take(self, edit: TokenEdit, outcome: Result<EditOutcome, ApiError>) {
        match outcome {
            Ok(EditOutcome::Saved { token, over }) => {
                self.done.set(true);
                let beside = over.map_or_else(String::new, |stamp| {
                    format!(" beside a change by {}", stamp.by.name)
                });
                self.toasts
                    .say(format!("API token \"{}\" updated{beside}", token.name));
                self.saved.run(());
            }
            Ok(EditOutcome::Outdated { token, conflicts }) => {
                self.draft.base.set(*token.clone());
                self.conflicts
                    .set(Some(Conflicts::new(edit, *token, conflicts)));
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
        TokenField::Name => "token-name",
        TokenField::Description => "token-description",
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
        TokenField::Name | TokenField::Description => EditStep::General,
        TokenField::Modules => EditStep::Modules,
    }
}
