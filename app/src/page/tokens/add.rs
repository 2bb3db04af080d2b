//! The dialog for a new token: fetches what the form starts from, and closes.

use super::add_form::AddForm;
use crate::{
    api::tokens::get_new_token_form,
    domain::token_query::TokenQuery,
    href::AddStep,
    page::Viewer,
    ui::{Dialog, Erase as _, Failure, WayBack, handler, loading},
    wire,
};
use leptos::prelude::*;

/// The dialog, over the list as `list` has it. `step` is what the address says; nothing once it leads elsewhere.
#[component]
pub fn Add(step: Memo<Option<AddStep>>, list: Memo<TokenQuery>, way: WayBack) -> impl IntoView {
    let form = wire::load(|| (), |()| get_new_token_form(None));
    let close = way.close;
    view! {
        {loading(move || Box::pin(async move {
                match (Viewer::get(), form.get().await) {
                    (Ok(viewer), Ok(form)) => view! { <AddForm form viewer step list way/> }.erased(),
                    (Err(error), _) | (_, Err(error)) => view! {
                        <Dialog labelled_by="add-failed" small=true addressed=true on_close=close>
                            <div class="dialog-inner">
                                <header><h2 id="add-failed">"Add API token"</h2></header>
                                <div class="body"><Failure error retry=Callback::new(move |()| form.refetch())/></div>
                                <footer><button type="button" class="btn" on:click=handler(move |_| close.run(()))>"Close"</button></footer>
                            </div>
                        </Dialog>
                    }
                    .erased(),
                }
            }))}
    }
}
