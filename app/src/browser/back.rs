//! The browser's Back while something is open that it must not leave: a form with unsaved changes, or a question.

use super::current_address;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// What keeps a person on the page.
#[derive(Clone, Copy)]
enum Guard {
    /// A form with an address of its own, which Back would leave.
    Form {
        dirty: Signal<bool>,
        address: Signal<String>,
        on_back: Callback<()>,
    },
    /// A question without an address. It has an entry of the history for itself, so that Back has something to take
    /// away also where the entry before is another page.
    Question(Callback<()>),
}

thread_local! {
    static GUARD: Cell<Option<Guard>> = const { Cell::new(None) };
    /// Whether the entry on top is a question's.
    static ADDED: Cell<bool> = const { Cell::new(false) };
    /// Whether that entry is being taken away, which takes a moment.
    static RETURNING: Cell<bool> = const { Cell::new(false) };
    /// What waits for that.
    static NEXT: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// Hears Back before the router does, which would leave the page: both listen on the window, where the first to
/// listen is the first to hear. So this is called before anything else.
pub fn hear_back_first() {
    let listener = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
        if keeps() {
            event.stop_immediate_propagation();
        }
    });
    let function = listener.as_ref().unchecked_ref();
    let _ = window().add_event_listener_with_callback("popstate", function);
    // It listens as long as the page lives.
    listener.forget();
}

/// Does what Back means here. True when the page stays as it is.
fn keeps() -> bool {
    if RETURNING.take() {
        if let Some(Guard::Question(_)) = GUARD.get() {
            add_entry();
        }
        if let Some(next) = NEXT.take() {
            next();
        }
        return true;
    }
    match GUARD.get() {
        None => false,
        Some(Guard::Question(on_back)) => {
            ADDED.set(false);
            on_back.run(());
            true
        }
        Some(Guard::Form {
            dirty,
            address,
            on_back,
        }) => {
            if dirty.try_get_untracked() != Some(true) {
                return false;
            }
            let address = address.get_untracked();
            // From one step of a form to another nothing is lost.
            if path(&address) == path(&current_address()) {
                return false;
            }
            push(&address);
            on_back.run(());
            true
        }
    }
}

fn path(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

fn push(address: &str) {
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

fn add_entry() {
    push(&current_address());
    ADDED.set(true);
}

/// While `dirty`, closing the tab and reloading ask first (the browser's own question), and Back stays at `address`
/// and calls `on_back` instead. Ends with the component that calls it.
pub fn guard_leaving(dirty: Signal<bool>, address: Signal<String>, on_back: Callback<()>) {
    Effect::new(move |_| {
        let unload = window_event_listener(leptos::ev::beforeunload, move |event| {
            if dirty.get_untracked() {
                event.prevent_default();
            }
        });
        GUARD.set(Some(Guard::Form {
            dirty,
            address,
            on_back,
        }));
        on_cleanup(move || {
            unload.remove();
            GUARD.set(None);
        });
    });
}

/// For a dialog without an address of its own: Back stays at the page and calls `on_back` instead. Ends with the
/// component that calls it.
pub fn hear_back(on_back: Callback<()>) {
    Effect::new(move |_| {
        GUARD.set(Some(Guard::Question(on_back)));
        if !RETURNING.get() {
            add_entry();
        }
        on_cleanup(|| {
            GUARD.set(None);
            if ADDED.take() {
                RETURNING.set(true);
                super::go_back(1);
            }
        });
    });
}

/// Calls `next` once the history is as it was before the question that was just closed.
pub fn after_question(next: impl FnOnce() + 'static) {
    if ADDED.get() || RETURNING.get() {
        NEXT.set(Some(Box::new(next)));
    } else {
        next();
    }
}
