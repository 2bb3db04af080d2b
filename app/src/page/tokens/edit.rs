//! The edit dialog: fetches what the form starts from, and closes.

use super::edit_form::EditForm;
use crate::{
    api::tokens::get_token_form,
    href::{self, Behind, EditStep},
    page::{Viewer, address::Address},
    ui::{Dialog, Erase as _, Failure, handler, loading},
    wire,
};
use leptos::prelude::*;

/// The dialog for the token with this id, on the step that the address names.
#[component]
pub fn Edit(id: String, close: Callback<()>) -> impl IntoView {
    let search = Address::here().search;
    let behind = Memo::new(move |_| search.with(|search| Behind::from_search(search)));
    let step = Memo::new(move |_| {
        search.with(|search| EditStep::lenient(href::query_value(search, "step").as_deref()))
    });
    let form = wire::load(
        || (),
        move |()| {
            let id = id.clone();
            async move { get_token_form(id).await }
        },
    );
    view! {
        {loading(move || Box::pin(async move {
                let email = Viewer::get().map(|viewer| viewer.email).unwrap_or_default();
                match form.get().await {
                    Ok(form) => view! { <EditForm form email step behind close/> }.erased(),
                    Err(error) => view! {
                        <Dialog labelled_by="edit-failed" small=true addressed=true on_close=close>
                            <div class="dialog-inner">
                                <header><h2 id="edit-failed">"Edit API token"</h2></header>
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
