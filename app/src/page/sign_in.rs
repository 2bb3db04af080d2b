//! Signing in: a plain form that works without script.

use super::notice::{FormNotice, NoticeMessage, PlainField};
use crate::{
    href,
    ui::{Symbol, icon, page_title},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page; `next` in its address is where the person wanted to go.
#[component]
pub fn SignIn() -> impl IntoView {
    let notice = FormNotice::of_page();
    let next =
        href::query_value(&use_location().search.get_untracked(), "next").unwrap_or_default();
    view! {
        {page_title("Sign in")}
        <main class="entry" id="main">
            <p class="brand">{icon(Symbol::Key)}"Latchkey"</p>
            <div class="card">
                <form class="form" method="post" action=href::SIGN_IN>
                    <h1>"Sign in"</h1>
                    <NoticeMessage notice=notice.clone()/>
                    <PlainField notice=notice.clone() name="email" label="E-mail" kind="email" autocomplete="username" autofocus=true/>
                    <PlainField notice name="password" label="Password" kind="password" autocomplete="current-password"/>
                    <input type="hidden" name="next" value=next/>
                    <button class="btn primary" type="submit">"Sign in"</button>
                </form>
            </div>
        </main>
    }
}
