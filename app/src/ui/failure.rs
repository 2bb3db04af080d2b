//! What stands in place of a page or a part of one that could not be had.

use super::{Dialog, Erase as _, handler};
use crate::{
    browser::{self, Live},
    error::{ApiError, ErrorCode},
    href,
};
use leptos::prelude::*;

fn sign_in() -> AnyView {
    let waiting = Live::waiting();
    let go = |_| browser::load(&href::sign_in(&browser::current_address()));
    view! { <button type="button" class="btn primary" disabled=waiting on:click=handler(go)>"Sign in"</button> }
        .erased()
}

/// What happened and what to do next, with the request's id for the operator.
#[component]
pub fn Failure(
    error: ApiError,
    #[prop(optional, into)] retry: Option<Callback<()>>,
    /// Whether it stands for the whole page, whose heading its title then is.
    #[prop(optional)]
    whole_page: bool,
) -> impl IntoView {
    let waiting = Live::waiting();
    let title = match error.code {
        ErrorCode::Unauthenticated => "Sign in again",
        ErrorCode::Forbidden => "You may not do this",
        ErrorCode::NotFound => "Not found",
        ErrorCode::Unreachable => "No connection",
        _ => "Something went wrong",
    };
    let signed_out = error.code == ErrorCode::Unauthenticated;
    let again = (!signed_out && error.code != ErrorCode::NotFound)
        .then_some(retry)
        .flatten();
    view! {
        <section class="empty failure" role="alert">
            {if whole_page { view! { <h1>{title}</h1> }.erased() } else { view! { <h2>{title}</h2> }.erased() }}
            <p>{error.message}</p>
            <p class="actions">
                {signed_out.then(sign_in)}
                {again.map(|retry| view! {
                    <button class="btn primary" disabled=waiting on:click=handler(move |_| retry.run(()))>"Try again"</button>
                }.erased())}
                <a class="btn" href=href::TOKENS>"Go to API tokens"</a>
            </p>
            {error.request_id.map(|id| view! { <p class="sub">"Request "{id}</p> }.erased())}
        </section>
    }
    .erased()
}

/// What is said over rows that are from before, since they could not be fetched anew.
pub fn not_refreshed(error: ApiError, retry: Callback<()>) -> AnyView {
    view! {
        <p class="notice warn" role="alert">
            "This is how it was before, for it could not be refreshed. "{error.message}" "
            <button type="button" class="btn small" on:click=handler(move |_| retry.run(()))>"Try again"</button>
        </p>
    }
    .erased()
}

/// What is wrong, where no field says it.
pub fn sentence(error: &ApiError) -> String {
    let first = error.fields.first();
    first.map_or_else(|| error.message.clone(), |field| field.message.clone())
}

/// Why something was not done, in a dialog over the page.
pub fn failure_dialog(title: &'static str, error: ApiError, close: Callback<()>) -> AnyView {
    let signed_out = error.code == ErrorCode::Unauthenticated;
    view! {
        <Dialog labelled_by="failure-title" small=true on_close=close>
            <div class="dialog-inner">
                <header><h2 id="failure-title">{title}</h2></header>
                <div class="body">
                    <p role="alert">{sentence(&error)}</p>
                    {error.request_id.map(|id| view! { <p class="sub">"Request "{id}</p> }.erased())}
                </div>
                <footer>
                    <button type="button" class="btn primary" autofocus=true on:click=handler(move |_| close.run(()))>"Close"</button>
                    {signed_out.then(sign_in)}
                </footer>
            </div>
        </Dialog>
    }
    .erased()
}
