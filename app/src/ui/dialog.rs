//! A dialog over the page, and the small one that asks before something is lost.

use super::{Erase as _, handler, truth};
use crate::browser::{self, Live};
use leptos::{html, prelude::*};

/// A native dialog. It opens over the page as soon as that is live; before, and without script, it is simply
/// there. Escape and the browser's Back call `on_close`; whoever uses it takes it out of the page. The focus goes back to
/// where it was.
#[component]
pub fn Dialog(
    /// The id of the element with the dialog's title.
    labelled_by: &'static str,
    /// Small, for a question.
    #[prop(optional)]
    small: bool,
    /// Whether Back leaves it by itself, since it has an address of its own or lies over a dialog that has one.
    #[prop(optional)]
    addressed: bool,
    /// Asked to close, by Escape or Back.
    #[prop(into)]
    on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    if !addressed {
        browser::hear_back(on_close);
    }
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            // All in the effect, since only a browser has a focus to give back.
            let opener = StoredValue::new_local(None);
            // Not before: a menu that the dialog was opened from gives the focus back to its button first.
            browser::show_modal(dialog, move |focused| {
                opener.try_set_value(focused);
            });
            on_cleanup(move || browser::restore_focus(opener.try_get_value().flatten()));
        }
    });
    view! {
        <dialog
            class="dialog"
            class:small=small
            node_ref=node
            open=true
            aria-labelledby=labelled_by
            on:keydown=handler(move |event: leptos::ev::KeyboardEvent| {
                if event.key() == "Escape" {
                    event.prevent_default();
                    event.stop_propagation();
                    on_close.run(());
                }
            })
            on:cancel=handler(move |event: leptos::ev::Event| {
                event.prevent_default();
                on_close.run(());
            })
        >
            {children()}
        </dialog>
    }
    .erased()
}

/// A question with a way to go on and a way to stay.
#[component]
pub fn Confirm(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// The button that goes on.
    yes: &'static str,
    /// The button that stays; it has the focus.
    no: &'static str,
    /// Whether going on takes something away.
    #[prop(default = true)]
    danger: bool,
    /// Whether the answer to going on has not come yet.
    #[prop(optional, into)]
    running: Signal<bool>,
    /// Whether it lies over a dialog with an address of its own.
    #[prop(optional)]
    addressed: bool,
    #[prop(into)] on_yes: Callback<()>,
    #[prop(into)] on_no: Callback<()>,
) -> impl IntoView {
    let waiting = Live::waiting();
    let held = move || waiting.get() || running.get();
    let class = if danger { "btn danger" } else { "btn primary" };
    view! {
        <Dialog labelled_by="confirm-title" small=true addressed on_close=on_no>
            <div class="dialog-inner">
                <header><h2 id="confirm-title">{title}</h2></header>
                <div class="body"><p>{text}</p></div>
                <footer>
                    <button type="button" class="btn quiet" autofocus=true disabled=waiting on:click=handler(move |_| on_no.run(()))>{no}</button>
                    <button type="button" class=class disabled=held aria-busy=move || truth(running.get()) on:click=handler(move |_| on_yes.run(()))>{yes}</button>
                </footer>
            </div>
        </Dialog>
    }
}
