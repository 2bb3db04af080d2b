//! Accepting an invitation: the first password, behind a one-time address.

use super::notice::{FormNotice, NoticeMessage, PlainField};
use crate::{
    href,
    ui::{Erase as _, Symbol, icon, page_title},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page; its address holds the one-time code.
#[component]
pub fn Invitation() -> impl IntoView {
    let notice = FormNotice::of_page();
    let code =
        href::query_value(&use_location().search.get_untracked(), "code").unwrap_or_default();
    let (name, email) = (notice.value("name"), notice.value("email"));
    let account = notice.value("account");
    view! {
        {page_title("Invitation")}
        <main class="entry" id="main">
            <p class="brand">{icon(Symbol::Key)}"Latchkey"</p>
            <div class="card">
                <form class="form" method="post" action=href::INVITATION>
                    <h1>"Welcome, "<bdi>{name}</bdi></h1>
                    <p>"Choose a password for "<bdi>{account}</bdi>". From then on you sign in with it and your e-mail address, "<bdi>{email.clone()}</bdi>"."</p>
                    <NoticeMessage notice=notice.clone()/>
                    <input type="email" name="username" autocomplete="username" value=email hidden=true/>
                    <PlainField
                        notice
                        name="password"
                        label="Password"
                        kind="password"
                        autocomplete="new-password"
                        autofocus=true
                        hint="At least 12 characters; several words are good."
                    />
                    <input type="hidden" name="code" value=code/>
                    <button class="btn primary" type="submit">"Set password and sign in"</button>
                </form>
            </div>
        </main>
    }
    .erased()
}
