//! Keyboard shortcuts: the one listener of the page, and the dialog that lists the keys and turns them off.

use crate::{
    browser,
    ui::{Dialog, Erase as _, KEYS, SEARCH_BOX, handler},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlInputElement, KeyboardEvent};

/// Under this name the browser remembers that single keys are off.
const SETTING: &str = "single-keys";
const OFF: &str = "off";

/// Whether the dialog is shown, and whether single keys do anything.
#[derive(Clone, Copy)]
pub(crate) struct Shortcuts {
    /// Whether the dialog is shown.
    pub shown: RwSignal<bool>,
    on: RwSignal<bool>,
}

impl Shortcuts {
    /// Listens as long as the page lives.
    pub(crate) fn provide() -> Self {
        let shortcuts = Self {
            shown: RwSignal::new(false),
            on: RwSignal::new(true),
        };
        Effect::new(move |_| {
            shortcuts
                .on
                .set(browser::remembered(SETTING).as_deref() != Some(OFF));
            let listener =
                window_event_listener(leptos::ev::keydown, move |event| shortcuts.hear(&event));
            on_cleanup(move || listener.remove());
        });
        shortcuts
    }

    fn hear(self, event: &KeyboardEvent) {
        let with_others = event.ctrl_key() || event.meta_key() || event.alt_key();
        // Off is off for every one of them (WCAG 2.1.4); the person's menu opens the dialog too.
        if with_others || event.repeat() || !self.on.get_untracked() || is_taken() {
            return;
        }
        let key = event.key();
        if key == "?" {
            event.prevent_default();
            self.shown.set(true);
        } else if let Some(shortcut) = KEYS.iter().find(|shortcut| shortcut.key == key) {
            event.prevent_default();
            press(shortcut.id);
        }
    }

    fn turn(self, on: bool) {
        self.on.set(on);
        browser::remember(SETTING, if on { "on" } else { OFF });
    }
}

/// Whether a key means something to what has the focus, or a dialog is open. (One that has just opened has no focus
/// yet.)
fn is_taken() -> bool {
    let open = document().query_selector("dialog[open]").ok().flatten();
    open.is_some()
        || browser::focused().is_some_and(|element| {
            let taker = element.closest("input, textarea, select, [role=menu], [contenteditable]");
            taker.ok().flatten().is_some()
        })
}

fn press(id: &str) {
    if id != SEARCH_BOX {
        browser::press(id);
    } else if let Some(element) = browser::element_by_id(id) {
        let _ = element.focus();
        if let Ok(field) = element.dyn_into::<HtmlInputElement>() {
            field.select();
        }
    }
}

/// The dialog.
#[component]
pub(crate) fn ShortcutsDialog(shortcuts: Shortcuts) -> impl IntoView {
    let close = move || shortcuts.shown.set(false);
    let line = |key: &'static str, does: &'static str| {
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div> }.erased()
    };
    view! {
        <Dialog labelled_by="keys-title" small=true on_close=move |()| close()>
            <div class="dialog-inner">
                <header><h2 id="keys-title">"Keyboard shortcuts"</h2></header>
                <div class="body">
                    <dl class="keys">
                        {KEYS.iter().map(|shortcut| line(shortcut.key, shortcut.does)).collect_view()}
                        {line("?", "Keyboard shortcuts")}
                    </dl>
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=shortcuts.on
                            aria-describedby="keys-note"
                            on:change:target=move |event| shortcuts.turn(event.target().checked())
                        />
                        "Use single-key shortcuts"
                    </label>
                    <p class="sub" id="keys-note">
                        "Turn them off if you press keys by accident or speak to your computer. Your menu still opens \
                         this list. This browser remembers it."
                    </p>
                </div>
                <footer>
                    <button type="button" class="btn primary" autofocus=true on:click=handler(move |_| close())>"Close"</button>
                </footer>
            </div>
        </Dialog>
    }
    .erased()
}
