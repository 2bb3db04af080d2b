//! First start: the first administrator and his account, by a one-time address.

use super::notice::{FormNotice, NoticeMessage, PlainField};
use crate::{
    href,
    ui::{Symbol, icon, page_title},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page; its address holds the one-time code.
#[component]
pub fn Setup() -> impl IntoView {
    let notice = FormNotice::of_page();
    let code =
        href::query_value(&use_location().search.get_untracked(), "code").unwrap_or_default();
    let field = {
        let notice = notice.clone();
        move |name, label, kind, autocomplete, hint| {
            view! { <PlainField notice=notice.clone() name label kind autocomplete hint/> }
                .into_any()
        }
    };
    view! {
        {page_title("Set up")}
        <main class="entry" id="main">
            <p class="brand">{icon(Symbol::Key)}"Latchkey"</p>
            <div class="card">
                <form class="form" method="post" action=href::SETUP>
                    <h1>"Set up Latchkey"</h1>
                    <p>"This makes the first administrator and the account that runs this installation. You can do it once."</p>
                    <NoticeMessage notice/>
                    {field("name", "Your name", "text", "name", "")}
                    {field("email", "E-mail", "email", "username", "You sign in with it.")}
                    {field("password", "Password", "password", "new-password", "At least 12 characters; several words are good.")}
                    {field("account", "Account name", "text", "organization", "The company or team that operates the platform.")}
                    <input type="hidden" name="code" value=code/>
                    <button class="btn primary" type="submit">"Set up"</button>
                </form>
            </div>
        </main>
    }
}
