//! Changing one's own password: a plain form that works without script.

use super::notice::{FormNotice, NoticeMessage, PlainField};
use crate::href;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn Password() -> impl IntoView {
    let notice = FormNotice::of_page();
    view! {
        <Title text="Password"/>
        <div class="head"><h1>"Password"</h1></div>
        <section class="card narrow">
            <form class="form" method="post" action=href::PASSWORD>
                <NoticeMessage notice=notice.clone()/>
                <p>"A new password ends your sign-ins on all other devices."</p>
                <PlainField notice=notice.clone() name="current" label="Current password" kind="password" autocomplete="current-password"/>
                <PlainField
                    notice
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters; several words are good."
                />
                <div><button class="btn primary" type="submit">"Change password"</button></div>
            </form>
        </section>
    }
}
