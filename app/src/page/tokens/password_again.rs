//! Asking for one's password once more, before a secret is shown (T-27).

use crate::{
    api::secret::confirm_password,
    browser::{self, Live},
    domain::secret::SecretText,
    error::ErrorCode,
    ui::{Dialog, Erase as _, handler, truth},
};
use leptos::{html, prelude::*, task::spawn_local};

/// The small dialog. `email` is whose password it asks for; `done` goes on with what was interrupted.
#[component]
pub fn PasswordAgain(email: String, done: Callback<()>, cancel: Callback<()>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let problem = RwSignal::new(None::<String>);
    let running = RwSignal::new(false);
    let waiting = Live::waiting();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = field.get_untracked().filter(|_| !running.get_untracked()) else {
            return;
        };
        running.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = confirm_password(SecretText::new(input.value())).await;
            if running.is_disposed() {
                return;
            }
            running.set(false);
            match answer {
                Ok(()) => done.run(()),
                // What was interrupted then asks to sign in.
                Err(error) if error.code == ErrorCode::Unauthenticated => done.run(()),
                Err(error) => {
                    let sentence = error.field("password").unwrap_or(&error.message);
                    problem.set(Some(sentence.to_owned()));
                    browser::focus_id("again-password");
                }
            }
        });
    };
    view! {
        <Dialog labelled_by="again-title" small=true on_close=cancel>
            <form method="post" novalidate=true on:submit=handler(submit)>
                <header><h2 id="again-title">"Enter your password again"</h2></header>
                <div class="body">
                    <p>"It is some time since you entered it, and a secret opens whatever its token may use."</p>
                    <input type="text" name="username" autocomplete="username" value=email readonly=true hidden=true/>
                    <div class="form-row">
                        <label for="again-password">"Password"</label>
                        <input
                            class="field"
                            type="password"
                            id="again-password"
                            name="password"
                            autocomplete="current-password"
                            autofocus=true
                            node_ref=field
                            readonly=running
                            aria-describedby="again-problem"
                            aria-invalid=move || problem.with(Option::is_some).then_some("true")
                        />
                        <div class="row-foot"><span class="error" id="again-problem" role="alert">{problem}</span></div>
                    </div>
                </div>
                <footer>
                    <button type="button" class="btn quiet" disabled=waiting on:click=handler(move |_| cancel.run(()))>"Cancel"</button>
                    <button
                        type="submit"
                        class="btn primary"
                        disabled=move || waiting.get() || running.get()
                        aria-busy=move || truth(running.get())
                    >
                        "Continue"
                    </button>
                </footer>
            </form>
        </Dialog>
    }
    .erased()
}
