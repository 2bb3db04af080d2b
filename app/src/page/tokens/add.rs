//! The dialog for a new token: fetches what the form starts from, and closes.

use super::{add_form::AddForm, list::list_query};
use crate::{
    api::tokens::get_new_token_form,
    href::{self, AddStep},
    page::{Viewer, address::Address},
    ui::{Dialog, Erase as _, Failure, WayBack, handler, loading},
    wire,
};
use leptos::prelude::*;

/// The dialog, on the step and over the list that the address names.
#[component]
pub fn Add(way: WayBack) -> impl IntoView {
    let (search, list) = (Address::here().search, list_query());
    let step = Memo::new(move |_| {
        search.with(|search| AddStep::lenient(href::query_value(search, "step").as_deref()))
    });
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
