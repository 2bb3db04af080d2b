//! Short messages that something was done, seen in a corner and read aloud.

use super::{Icon, Symbol};
use leptos::prelude::*;
use std::time::Duration;

/// How long a message stays unless it is closed.
const STAYS: Duration = Duration::from_secs(8);

/// The messages now shown. In the context of every page.
#[derive(Clone, Copy)]
pub struct Toasts(RwSignal<Vec<(u32, String)>>);

impl Toasts {
    /// Puts an empty list into the context.
    pub fn provide() {
        provide_context(Self(RwSignal::new(Vec::new())));
    }

    /// Shows a message. Does nothing outside a page.
    pub fn say(message: String) {
        let Some(Self(list)) = use_context() else {
            return;
        };
        let key = list.with_untracked(|list| list.last().map_or(0, |(key, _)| key + 1));
        list.update(|list| list.push((key, message)));
        set_timeout(move || Self::remove(list, key), STAYS);
    }

    fn remove(list: RwSignal<Vec<(u32, String)>>, key: u32) {
        list.try_update(|list| list.retain(|(other, _)| *other != key));
    }
}

/// The corner where messages appear. It is always in the page, so that assistive technology hears of each.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let Some(Toasts(list)) = use_context() else {
        return ().into_any();
    };
    view! {
        <div class="toasts" role="status">
            <For each=move || list.get() key=|(key, _)| *key let((key, message))>
                <div class="toast">
                    <Icon symbol=Symbol::Check/>
                    <span>{message}</span>
                    <button class="btn icon" aria-label="Close message" on:click=move |_| Toasts::remove(list, key)>
                        <Icon symbol=Symbol::Close/>
                    </button>
                </div>
            </For>
        </div>
    }
    .into_any()
}
