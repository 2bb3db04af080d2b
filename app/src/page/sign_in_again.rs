//! Signing in again inside a dialog, so that what was typed in it stays.

use crate::{
    browser,
    error::ApiError,
    href, json,
    ui::{Erase as _, handler},
};
use leptos::{prelude::*, task::spawn_local};

/// Asks for the password of `email`; `signed_in` goes on with what was interrupted.
#[component]
pub fn SignInAgain(
    email: String,
    signed_in: Callback<()>,
    /// What was interrupted, in the words that complete "Sign in and …".
    #[prop(default = "save")]
    then: &'static str,
) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let running = RwSignal::new(false);
    let who = email.clone();
    let submit = Callback::new(move |()| {
        if running.get_untracked() {
            return;
        }
        running.set(true);
        let email = email.clone();
        spawn_local(async move {
            let typed = password.get_untracked();
            let answer =
                browser::post_form(href::SIGN_IN, &[("email", &email), ("password", &typed)]).await;
            running.set(false);
            match answer {
                Some((204, _)) => signed_in.run(()),
                Some((_, body)) => problem.set(Some(message(&body))),
                None => problem.set(Some(
                    "Latchkey could not be reached. Check the connection and try again.".into(),
                )),
            }
        });
    });
    browser::focus_id("again-password");
    view! {
        <div class="notice warn" role="alert">
            <p>"Your sign-in has ended. Nothing is lost: enter the password of "<b>{who}</b>" to go on."</p>
            <div class="form-row">
                <label for="again-password">"Password"</label>
                <input
                    class="field"
                    type="password"
                    id="again-password"
                    autocomplete="current-password"
                    aria-describedby="again-problem"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    on:input:target=move |event| password.set(event.target().value())
                    on:keydown=handler(move |event: leptos::ev::KeyboardEvent| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            submit.run(());
                        }
                    })
                />
                <div class="row-foot"><span class="error" id="again-problem" role="alert">{problem}</span></div>
            </div>
            <button type="button" class="btn" disabled=running on:click=handler(move |_| submit.run(()))>{format!("Sign in and {then}")}</button>
        </div>
    }
    .erased()
}

fn message(body: &str) -> String {
    let error = json::read::<ApiError>(body.as_bytes());
    error.map_or_else(
        |_| "Signing in did not work. Try again, or open Latchkey in another tab.".into(),
        |error| error.message,
    )
}
