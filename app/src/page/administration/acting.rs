//! What the pages of administration share: what is asked or filled in over the list, and what comes of it.

use crate::{
    browser::Live,
    error::ApiError,
    ui::{Confirm, Erase as _, Toasts, handler},
};
use leptos::{prelude::*, task::spawn_local};

/// What is open over a list, the list behind it, and the place for messages. `A` is what can be asked.
pub(super) struct Acting<A: Send + Sync + 'static> {
    /// What is asked or filled in now.
    pub asked: RwSignal<Option<A>>,
    /// Rises whenever something in the list was changed.
    pub changes: RwSignal<u32>,
    /// Whether something that was agreed to is being done. What asked for it stays open meanwhile.
    pub running: RwSignal<bool>,
    toasts: Toasts,
}

impl<A: Send + Sync + 'static> Clone for Acting<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: Send + Sync + 'static> Copy for Acting<A> {}

/// What is asked before something is done.
pub(super) struct Question {
    pub title: String,
    /// What it means.
    pub text: String,
    /// The word on the button that does it.
    pub yes: &'static str,
    /// Whether it takes something away.
    pub danger: bool,
}

/// What comes after something was done.
pub(super) enum Next<A> {
    /// A message.
    Say(String),
    /// Something to be asked or shown.
    Ask(A),
}

impl<A: Send + Sync + 'static> Acting<A> {
    /// Nothing is asked.
    pub fn new() -> Self {
        Self {
            asked: RwSignal::new(None),
            changes: RwSignal::new(0),
            running: RwSignal::new(false),
            toasts: expect_context(),
        }
    }

    /// Asks.
    pub fn ask(self, what: A) {
        self.asked.set(Some(what));
    }

    /// Closes what is asked, unless it is just being done: that would go on unseen.
    pub fn close(self) -> Callback<()> {
        Callback::new(move |()| {
            if !self.running.get_untracked() {
                self.asked.set(None);
            }
        })
    }

    /// Closes it, and has the list fetched again.
    pub fn done(self) -> Callback<()> {
        Callback::new(move |()| {
            self.asked.set(None);
            self.changed();
        })
    }

    /// Has the list fetched again.
    pub fn changed(self) {
        self.changes.update(|count| *count += 1);
    }

    /// Does something, and goes on with what comes of it; `failed` tells why it was not done.
    pub fn run(
        self,
        act: impl Future<Output = Result<Next<A>, ApiError>> + 'static,
        failed: fn(ApiError) -> A,
    ) {
        if self.running.get_untracked() {
            return;
        }
        self.running.set(true);
        spawn_local(async move {
            let answer = act.await;
            let _ = self.running.try_set(false);
            let next = match answer {
                Ok(Next::Say(message)) => {
                    self.toasts.say(message);
                    self.changed();
                    None
                }
                Ok(Next::Ask(what)) => Some(what),
                Err(error) => Some(failed(error)),
            };
            let _ = self.asked.try_set(next);
        });
    }

    /// A question, open until what it asks about is done. `on_yes` does it, with [`run`](Self::run).
    pub fn question(self, question: Question, on_yes: Callback<()>) -> AnyView {
        let Question {
            title,
            text,
            yes,
            danger,
        } = question;
        view! { <Confirm title text yes no="Cancel" danger running=self.running on_yes on_no=self.close()/> }
            .into_any()
    }

    /// The button beside the title, which asks `what`.
    pub fn button(self, id: &'static str, words: &'static str, what: fn() -> A) -> AnyView {
        let waiting = Live::waiting();
        let ask = move |_| self.ask(what());
        view! { <button type="button" class="btn primary" id=id disabled=waiting aria-haspopup="dialog" on:click=handler(ask)>{words}</button> }.erased()
    }
}
