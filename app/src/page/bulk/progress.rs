//! How far a change has come: looked at again and again while it goes on, with the way to stop it.

use crate::{
    api::bulk::{get_bulk_change, stop_bulk_change},
    browser::Live,
    domain::{
        bulk::{BulkChange, BulkState, count},
        text::grouped,
    },
    error::ApiError,
    ui::{Erase as _, changing, handler},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// A change that is followed until it ends.
#[derive(Clone, Copy)]
pub(in crate::page) struct Following {
    /// The change as it was last seen.
    pub change: RwSignal<BulkChange>,
    /// Why it cannot be seen now; empty when it can.
    trouble: RwSignal<String>,
}

impl Following {
    /// Begins to look.
    pub fn new(change: BulkChange) -> Self {
        let following = Self {
            change: RwSignal::new(change),
            trouble: RwSignal::new(String::new()),
        };
        Effect::new(move |_| following.look_later());
        following
    }

    fn look_later(self) {
        if self.is_over() {
            return;
        }
        let look = move || {
            let id = self.change.with_untracked(|change| change.id.to_string());
            spawn_local(async move { self.take(get_bulk_change(id).await) });
        };
        let later = set_timeout_with_handle(look, PAUSE);
        on_cleanup(move || {
            if let Ok(later) = later {
                later.clear();
            }
        });
    }

    /// What was seen, or why nothing was. Either way it is looked at again.
    fn take(self, seen: Result<BulkChange, ApiError>) {
        let trouble = match &seen {
            Ok(_) => String::new(),
            Err(error) => error.message.clone(),
        };
        let _ = self.trouble.try_set(trouble);
        let _ = self.change.try_update(|change| {
            if let Ok(now) = seen {
                *change = now;
            }
        });
    }

    /// Whether it has ended.
    pub fn is_over(self) -> bool {
        self.change
            .with(|change| change.state != BulkState::Running)
    }

    /// The bar, the numbers and the button.
    pub fn view(self) -> AnyView {
        let waiting = Live::waiting();
        let stop = move |_| {
            let id = self.change.with_untracked(|change| change.id.to_string());
            spawn_local(async move { self.take(stop_bulk_change(id).await) });
        };
        let bar = move || {
            self.change.with(|change| {
                let looked_at = (change.total - change.waiting()).to_string();
                let (total, running) = (change.total.to_string(), change.state == BulkState::Running);
                running.then(|| view! { <progress class="measure" aria-label="How far it is" max=total value=looked_at></progress> }.erased())
            })
        };
        let button = move || {
            let stops = self.change.with(|change| change.may_stop);
            stops.then(|| view! { <button type="button" class="btn small" id="stop-change" disabled=waiting on:click=handler(stop)>"Stop"</button> }.erased())
        };
        view! {
            <div class="progress">
                {changing(bar)}
                <p role="status">{changing(move || self.change.with(words))}</p>
                {changing(button)}
                {move || {
                    let trouble = self.trouble.get();
                    (!trouble.is_empty()).then(|| view! { <p class="notice warn" role="alert">"How far it is cannot be seen now. "{trouble}</p> }.erased())
                }}
            </div>
        }
        .erased()
    }
}

/// What was done, and what was not.
fn words(change: &BulkChange) -> String {
    let mut said = vec![format!("{}.", change.done())];
    if change.left_alone > 0 {
        said.push(format!("{} left alone.", count(change.left_alone)));
    }
    match change.state {
        BulkState::Running => said.push(format!("{} to go.", grouped(change.waiting()))),
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
