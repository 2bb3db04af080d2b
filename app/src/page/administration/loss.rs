//! What tokens would lose, shown before it is taken from them.

use crate::{
    domain::{directory::Loss, text::grouped},
    href::{self, TokenTab},
    ui::{Dialog, Erase as _, OptionalMoment, changing, handler, truth},
};
use leptos::prelude::*;

/// The question before a form is saved that costs tokens something: asked while `loss` says what. `what` is what they lose,
/// and `save` saves for so many.
pub(super) fn question(
    loss: RwSignal<Option<Loss>>,
    what: Signal<String>,
    running: Signal<bool>,
    save: Callback<u64>,
) -> AnyView {
    let asked = move || {
        loss.get().map(|told| {
            let what = what.get_untracked();
            let on_yes = Callback::new(move |agreed| {
                loss.set(None);
                save.run(agreed);
            });
            let on_no = Callback::new(move |()| loss.set(None));
            loss_dialog(told, what, "Save and remove", running, on_yes, on_no)
        })
    };
    changing(asked).into_any()
}

/// The dialog: how many tokens lose `what`, and which of them were used last. `yes` goes on.
pub(super) fn loss_dialog(
    loss: Loss,
    what: String,
    yes: &'static str,
    running: Signal<bool>,
    on_yes: Callback<u64>,
    on_no: Callback<()>,
) -> AnyView {
    let agreed = loss.tokens;
    let said = if agreed == 1 {
        "1 API token will lose ".to_owned()
    } else {
        format!("{} API tokens will lose ", grouped(agreed))
    };
    let more = agreed.saturating_sub(loss.first.len() as u64);
    let last = if loss.last_access_at.is_some() {
        "Most recently used first:"
    } else {
        "None of them was ever used."
    };
    let rows = loss.first.into_iter().map(|token| {
        let address = href::token(&token.id.to_string(), TokenTab::Modules);
        view! {
            <tr>
                <td><a href=address target="_blank"><bdi>{token.name}</bdi></a><span class="sub">{token.id.to_string()}</span></td>
                <td data-l="Last access"><OptionalMoment at=token.last_access_at/></td>
            </tr>
        }
        .erased()
    });
    view! {
        <Dialog labelled_by="loss-title" on_close=on_no>
            <div class="dialog-inner">
                <header><h2 id="loss-title">{said}<bdi>{what}</bdi></h2></header>
                <div class="body">
                    <p>"Programs with these API tokens are then refused what needs it. It happens to all at once, and the audit trail has a record for each. "{last}</p>
                    <table class="plain">
                        <thead><tr><th scope="col">"API token"</th><th scope="col">"Last access"</th></tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                    {(more > 0).then(|| view! { <p class="sub">"And "{grouped(more)}" more."</p> }.erased())}
                </div>
                <footer>
                    <button type="button" class="btn quiet" autofocus=true on:click=handler(move |_| on_no.run(()))>"Cancel"</button>
                    <button type="button" class="btn danger" disabled=running aria-busy=move || truth(running.get()) on:click=handler(move |_| on_yes.run(agreed))>{yes}</button>
                </footer>
            </div>
        </Dialog>
    }
    .erased()
}
