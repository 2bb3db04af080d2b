//! What became of sending a form, and what is said about it in the form.

use crate::{
    error::{ApiError, ErrorCode},
    page::sign_in_again::SignInAgain,
    ui::{Erase as _, changing},
};
use leptos::prelude::*;

/// What became of the last attempt to send.
#[derive(Clone)]
pub enum Attempt {
    /// None was made, or it needs no word.
    None,
    /// The answer has not come yet.
    Running,
    /// Nothing was done.
    Failed(ApiError),
}

impl Attempt {
    /// Whether the answer has not come yet.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running)
    }
}

/// Why the last attempt did not go through, and what to do about it. `email` is whom to ask for the password when the
/// sign-in has ended; `again` then sends the form once more, for which `then` has the words that complete "Sign in
/// and …".
pub fn trouble(
    attempt: RwSignal<Attempt>,
    email: String,
    then: &'static str,
    again: Callback<()>,
) -> impl IntoView {
    changing(move || match attempt.get() {
        Attempt::None | Attempt::Running => ().into_any(),
        Attempt::Failed(error) if error.code == ErrorCode::Unauthenticated => {
            let signed_in = Callback::new(move |()| {
                attempt.set(Attempt::None);
                again.run(());
            });
            view! { <SignInAgain email=email.clone() signed_in then/> }.erased()
        }
        Attempt::Failed(error) => view! {
            <div class="notice danger" role="alert">
                <p>{error.message}</p>
                {error.request_id.map(|id| view! { <p class="sub">"Request "{id}</p> }.erased())}
            </div>
        }
        .erased(),
    })
}
