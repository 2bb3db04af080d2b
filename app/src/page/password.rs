//! Changing one's own password: a plain form without script, as everything is that takes a password.

use super::{
    Viewer,
    notice::{FormNotice, NoticeMessage, PlainField},
};
use crate::{
    href,
    ui::{Symbol, icon, page_title},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Password() -> impl IntoView {
    let notice = FormNotice::of_page();
    // Password managers look for the name that the password belongs to.
    let email = Viewer::provide().user().map(|user| user.email);
    view! {
        {page_title("Password")}
        <main class="entry" id="main">
            <p class="brand">{icon(Symbol::Key)}"Latchkey"</p>
            <div class="card">
                <form class="form" method="post" action=href::PASSWORD>
                    <h1>"Change your password"</h1>
                    <NoticeMessage notice=notice.clone()/>
                    <p>"A new password ends your sign-ins on all other devices."</p>
                    <input type="email" autocomplete="username" value=email hidden=true/>
                    <PlainField
                        notice=notice.clone()
                        name="current"
                        label="Current password"
                        kind="password"
                        autocomplete="current-password"
                        autofocus=true
                    />
                    <PlainField
                        notice
                        name="password"
                        label="New password"
                        kind="password"
                        autocomplete="new-password"
                        hint="At least 12 characters; several words are good."
                    />
                    <button class="btn primary" type="submit">"Change password"</button>
                </form>
            </div>
            <p class="entry-links"><a href=href::TOKENS>"Back to API tokens"</a></p>
        </main>
    }
}
