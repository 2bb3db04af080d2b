//! How far a change has come: looked at again and again while it goes on, with the way to stop it.

use crate::{
    api::bulk::{get_bulk_change, stop_bulk_change},
    browser::{self, Live},
    domain::{
        bulk::{BulkChange, BulkState, count},
        text::grouped,
    },
    error::{ApiError, ErrorCode},
    ui::{Erase as _, changing, handler},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// Between two looks; and when the last one saw nothing.
const PAUSE: Duration = Duration::from_millis(500);
const LONG_PAUSE: Duration = Duration::from_secs(5);

/// The id of the sentence that says how far it is.
const TOLD: &str = "change-told";

/// A change that is followed until it ends.
#[derive(Clone, Copy)]
pub(in crate::page) struct Following {
    /// The change as it was last seen.
    pub change: RwSignal<BulkChange>,
    /// Why it cannot be seen now; empty when it can.
    trouble: RwSignal<String>,
    /// Why it could not be stopped; empty when nobody tried in vain.
    unstopped: RwSignal<String>,
}

impl Following {
    /// Begins to look.
    pub fn new(change: BulkChange) -> Self {
        let following = Self {
            change: RwSignal::new(change),
            trouble: RwSignal::new(String::new()),
            unstopped: RwSignal::new(String::new()),
        };
        Effect::new(move |_| following.look_later());
        following
    }

    fn look_later(self) {
        if self.is_over() {
            return;
        }
        let look = move || {
            if let Some(id) = self.id() {
                spawn_local(async move { self.take(get_bulk_change(id).await) });
            }
        };
        let pause = if self.trouble.with_untracked(String::is_empty) {
            PAUSE
        } else {
            LONG_PAUSE
        };
        let later = set_timeout_with_handle(look, pause);
        on_cleanup(move || {
            if let Ok(later) = later {
                later.clear();
            }
        });
    }

    /// What was seen, or why nothing was. It is looked at again, unless it has ended or nobody is signed in any more.
    fn take(self, seen: Result<BulkChange, ApiError>) {
        if untrack(|| self.is_over()) {
            return;
        }
        let trouble = match &seen {
            Ok(_) => String::new(),
            Err(error) => error.message.clone(),
        };
        self.trouble.set(trouble);
        match seen {
            Ok(now) => self.change.set(now),
            Err(error) if error.code == ErrorCode::Unauthenticated => {}
            // As it was, so that it is looked at again.
            Err(_) => self.change.notify(),
        }
    }

    fn id(self) -> Option<String> {
        self.change
            .try_with_untracked(|change| change.id.to_string())
    }

    /// Whether there is nothing to be looked at: it has ended, or what showed it is gone. (Parts of that may run once more
    /// afterwards.)
    pub fn is_over(self) -> bool {
        self.runs() != Some(true)
    }

    /// Whether it has ended, where it can still be seen.
    pub fn has_ended(self) -> bool {
        self.runs() == Some(false)
    }

    fn runs(self) -> Option<bool> {
        self.change
            .try_with(|change| change.state == BulkState::Running)
    }

    fn stop(self) {
        let Some(id) = self.id() else {
            return;
        };
        spawn_local(async move {
            match stop_bulk_change(id).await {
                Ok(now) => {
                    self.take(Ok(now));
                    // The button that was pressed is gone.
                    browser::focus_id(TOLD);
                }
                Err(error) => {
                    let _ = self.unstopped.try_set(error.message);
                }
            }
        });
    }

    /// The bar, the numbers and the button.
    pub fn view(self) -> AnyView {
        let waiting = Live::waiting();
        let shown = move || {
            let change = self.change.try_get()?;
            let running = change.state == BulkState::Running;
            let bar = || {
                let looked_at = (change.total - change.waiting()).to_string();
                view! { <progress class="measure" aria-label="How far it is" max=change.total.to_string() value=looked_at></progress> }.erased()
            };
            let button = || {
                view! { <button type="button" class="btn small" id="stop-change" disabled=waiting on:click=handler(move |_| self.stop())>"Stop"</button> }.erased()
            };
            // Read aloud when it has ended: numbers that change twice a second would be read without end.
            let aloud = if running { "off" } else { "polite" };
            Some(
                view! {
                    {running.then(bar)}
                    <p id=TOLD tabindex="-1" aria-live=aloud>{words(&change)}</p>
                    {change.may_stop.then(button)}
                }
                .erased(),
            )
        };
        view! {
            <div class="progress">
                {changing(shown)}
                {notice("It was not stopped. ", self.unstopped)}
                {notice("How far it is cannot be seen now. ", self.trouble)}
            </div>
        }
        .erased()
    }
}

/// What went wrong, and why; nothing while `why` is empty.
fn notice(what: &'static str, why: RwSignal<String>) -> AnyView {
    let shown = move || {
        let why = why.try_get().filter(|why| !why.is_empty())?;
        Some(view! { <p class="notice warn" role="alert">{what}{why}</p> }.erased())
    };
    changing(shown).into_any()
}

/// What was done, and what was not.
fn words(change: &BulkChange) -> String {
    let mut said = vec![format!("{}.", change.done())];
    if change.left_alone > 0 {
        said.push(format!("{} left alone.", count(change.left_alone)));
    }
    match change.state {
        BulkState::Running => {
            said.push(format!("{} to go.", grouped(change.waiting())));
            if let Some(before) = change.waits_for {
                said.push(format!("This begins when {before} has ended."));
            }
        }
        BulkState::Completed => {}
        BulkState::Stopped => {
            said.push(format!(
                "Stopped before it was through: {} not reached. {}",
                count(change.waiting()),
                change.stopped
            ));
        }
    }
    said.join(" ")
}
