//! The browser's Back while something is open that it must not leave: a form with unsaved changes, or a question.

use super::current_address;
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    time::Duration,
};
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
    Question { on_back: Callback<()>, entry: bool },
}

/// What the entry of a question is marked with.
const QUESTION: &str = "question";

thread_local! {
    /// What is open, each over the one before.
    static GUARDS: RefCell<Vec<Open>> = const { RefCell::new(Vec::new()) };
    static LAST: Cell<u32> = const { Cell::new(0) };
    /// Entries of questions that are about to be taken away, together.
    static LEAVING: Cell<u32> = const { Cell::new(0) };
    /// How often the history is just going back to take some away, which takes a moment each time.
    static RETURNING: Cell<u32> = const { Cell::new(0) };
    /// What waits for that.
    static NEXT: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

/// Something that is open, with the address of the page under it.
struct Open {
    id: u32,
    guard: Guard,
    address: String,
}

fn open(guard: Guard) -> u32 {
    let id = LAST.get() + 1;
    LAST.set(id);
    let address = current_address();
    GUARDS.with_borrow_mut(|guards| guards.push(Open { id, guard, address }));
    id
}

fn close(id: u32) -> Option<Guard> {
    GUARDS.with_borrow_mut(|guards| {
        let place = guards.iter().position(|open| open.id == id)?;
        Some(guards.remove(place).guard)
    })
}

/// Whether entries are being taken away, or about to be.
fn is_returning() -> bool {
    LEAVING.get() + RETURNING.get() > 0
}

/// Gives every open question the entry that it has not.
fn add_entries() {
    GUARDS.with_borrow_mut(|guards| {
        for open in guards {
            if let Guard::Question { entry, .. } = &mut open.guard
                && !std::mem::replace(entry, true)
            {
                push(&open.address, QUESTION);
            }
        }
    });
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
    if RETURNING.get() > 0 {
        RETURNING.set(RETURNING.get() - 1);
        if !is_returning() {
            add_entries();
            for next in NEXT.take() {
                next();
            }
        }
        return true;
    }
    let top = GUARDS.with_borrow_mut(|guards| {
        let open = guards.last_mut()?;
        let top = open.guard;
        if let Guard::Question { entry, .. } = &mut open.guard {
            *entry = false;
        }
        Some(top)
    });
    match top {
        None => false,
        Some(Guard::Question { on_back, .. }) => {
            on_back.run(());
            // What stays open all the same, or opened another question, has something to take away again.
            set_timeout(
                || {
                    if !is_returning() {
                        add_entries();
                    }
                },
                Duration::ZERO,
            );
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
            push(&address, "");
            on_back.run(());
            true
        }
    }
}

fn path(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

fn push(address: &str, mark: &str) {
    if let Ok(history) = window().history() {
        let mark = JsValue::from_str(mark);
        let _ = history.push_state_with_url(&mark, "", Some(address));
    }
}

/// Whether the entry on top is a question's: it is not, when another page was gone to meanwhile.
fn is_at_question() -> bool {
    let state = window().history().and_then(|history| history.state());
    state.is_ok_and(|state| state.as_string().as_deref() == Some(QUESTION))
}

/// While `dirty`, closing the tab and reloading ask first: the browser's own question.
pub fn guard_unload(dirty: Signal<bool>) {
    Effect::new(move |_| {
        let unload = window_event_listener(leptos::ev::beforeunload, move |event| {
            if dirty.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || unload.remove());
    });
}

/// While `dirty`, closing the tab and reloading ask first, and Back stays at `address` and calls `on_back` instead. Ends
/// with the component that calls it.
pub fn guard_leaving(dirty: Signal<bool>, address: Signal<String>, on_back: Callback<()>) {
    guard_unload(dirty);
    Effect::new(move |_| {
        let id = open(Guard::Form {
            dirty,
            address,
            on_back,
        });
        on_cleanup(move || {
            close(id);
        });
    });
}

/// For a dialog without an address of its own: Back stays at the page and calls `on_back` instead. Ends with the
/// component that calls it.
pub fn hear_back(on_back: Callback<()>) {
    Effect::new(move |_| {
        let id = open(Guard::Question {
            on_back,
            entry: false,
        });
        if !is_returning() {
            add_entries();
        }
        on_cleanup(move || {
            if let Some(Guard::Question { entry: true, .. }) = close(id)
                && is_at_question()
            {
                take_entry_away();
            }
        });
    });
}

/// Takes away the entry of a question that was closed, together with those of others that are closed with it.
fn take_entry_away() {
    LEAVING.set(LEAVING.get() + 1);
    if LEAVING.get() == 1 {
        queue_microtask(|| {
            RETURNING.set(RETURNING.get() + 1);
            super::go_back(LEAVING.take());
        });
    }
}

/// Whether an entry of the history is a question's, or is just being taken away.
fn is_questioned() -> bool {
    let open = GUARDS.with_borrow(|guards| {
        let mut guards = guards.iter();
        guards.any(|open| matches!(open.guard, Guard::Question { entry: true, .. }))
    });
    open || is_returning()
}

/// Calls `next` once the history is as it was before the question that was just closed.
pub fn after_question(next: impl FnOnce() + 'static) {
    if is_questioned() {
        NEXT.with_borrow_mut(|waiting| waiting.push(Box::new(next)));
    } else {
        next();
    }
}
