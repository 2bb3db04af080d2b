//! The token that was just added, with its secret: the one place where everybody who adds a token sees it.

#![expect(
    clippy::disallowed_methods,
    reason = "a secret that was answered is put on the clipboard here"
)]

use super::add_state::AddState;
use crate::{
    api::secret::note_secret_copied,
    browser,
    domain::{
        secret::{RevealPolicy, SecretAccess, SecretText},
        token::TokenDetails,
    },
    href::{self, TokenTab},
    ui::{COPIED, Erase as _, SECRET_TEXT, SELECTED, SecretLine, announce, changing, handler},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long a secret stays on the screen (T-28).
const SHOWN_FOR: Duration = Duration::from_mins(1);
/// How long it can be had here at all: whoever finds a forgotten page finds no secret in it.
const KEPT_FOR: Duration = Duration::from_mins(10);

/// What was added, and the secret, masked until it is asked for.
#[component]
pub fn Summary(state: AddState) -> impl IntoView {
    let Some(token) = state.created.get_untracked() else {
        return ().into_any();
    };
    let came = state.secret.with_untracked(Option::is_some);
    let has_secret = Memo::new(move |_| state.secret.with(Option::is_some));
    let drop_secret = move || {
        if state.secret.try_set(None).is_none() {
            state.taken.try_set(true);
        }
    };
    set_timeout(drop_secret, KEPT_FOR);
    browser::on_leaving(drop_secret);
    let added = StoredValue::new(token.clone());
    let secret = move || {
        has_secret.get().then(|| {
            let line = secret_line(state, added.get_value());
            view! { <div><dt>"API token"</dt><dd>{line}</dd></div> }.erased()
        })
    };
    let advice = move || {
        let (class, text) = match (has_secret.get(), came) {
            (false, true) => added.with_value(dropped),
            (has, _) => added.with_value(|token| advice(token, has)),
        };
        view! { <p class=class>{text}</p> }.erased()
    };
    view! {
        <div class="step-fields">
            <h3 id="add-done" tabindex="-1">"API token “"<bdi>{token.name}</bdi>"” is added"</h3>
            {changing(advice)}
            <dl class="dl">
                {changing(secret)}
                <div><dt>"Id"</dt><dd>{token.id.to_string()}</dd></div>
                <div><dt>"Account"</dt><dd><bdi>{token.account.name}</bdi><span class="sub">{token.account.id.to_string()}</span></dd></div>
            </dl>
        </div>
    }
    .erased()
}

/// What to do once the secret was here for long enough, and how the sentence looks.
fn dropped(token: &TokenDetails) -> (&'static str, String) {
    let text = if token.secret == SecretAccess::Open {
        "The secret is not kept here for longer than ten minutes. It can be shown on the token's page."
    } else {
        "The secret is not kept here for longer than ten minutes, and you cannot have it shown any more. If nobody has \
         copied it, delete the token and add another one."
    };
    ("notice warn", text.into())
}

/// What to do about the secret now, and how the sentence looks.
fn advice(token: &TokenDetails, has_secret: bool) -> (&'static str, String) {
    let account = &token.account.name;
    if !has_secret && token.secret == SecretAccess::Open {
        let text = "This token was added when the form was sent before. Its secret can be shown on the token's page.";
        return ("notice info", text.into());
    }
    if !has_secret {
        let text = "This token was added when the form was sent before, and you cannot have its secret shown \
                    any more. If nobody has copied it, delete the token and add another one.";
        return ("notice warn", text.into());
    }
    let text = match (token.secret, token.reveal) {
        (SecretAccess::Gone, _) | (_, RevealPolicy::Never) => {
            "Copy the secret now and keep it in a safe place. This is the only time it is shown: it is not stored."
                .into()
        }
        (SecretAccess::Others, RevealPolicy::Always) => format!(
            "Copy the secret now. You cannot have it shown again; Administrators of {account} can, whenever they ask."
        ),
        (SecretAccess::Others, RevealPolicy::Once) => format!(
            "Copy the secret now. You cannot have it shown again; the first Administrator of {account} who asks can, once."
        ),
        (SecretAccess::Open, RevealPolicy::Once) => format!(
            "Copy the secret now. Later it can be shown one more time, to the first Administrator of {account} who asks."
        ),
        (SecretAccess::Open, RevealPolicy::Always) => {
            return (
                "notice info",
                format!("Copy the secret for your program. Administrators of {account} can see it again later, on the token's page."),
            );
        }
    };
    ("notice warn", text)
}

fn secret_line(state: AddState, token: TokenDetails) -> impl IntoView {
    let id = StoredValue::new(token.id.to_string());
    let value = RwSignal::new(None::<SecretText>);
    let (said, busy) = (RwSignal::new(""), RwSignal::new(false));
    let unrecorded = RwSignal::new(None::<String>);
    let times_shown = StoredValue::new(0_u32);
    let show = move || {
        value.set(state.secret.get_untracked());
        state.taken.set(true);
        times_shown.update_value(|times| *times += 1);
        let time = times_shown.get_value();
        set_timeout(
            move || {
                if times_shown.try_get_value() == Some(time) {
                    value.try_set(None);
                }
            },
            SHOWN_FOR,
        );
    };
    let copy = move || {
        let Some(secret) = state.secret.get_untracked() else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let copied = browser::copy(secret.expose(), None).await;
            if copied {
                state.taken.try_set(true);
                let id = id.try_get_value().unwrap_or_default();
                let noted = note_secret_copied(id).await;
                unrecorded.try_set(noted.err().map(|error| error.message));
            }
            busy.try_set(false);
            if copied {
                announce(said, COPIED);
            } else if !said.is_disposed() {
                show();
                select_shown();
                announce(said, SELECTED);
            }
        });
    };
    view! {
        <SecretLine
            hint=token.hint
            value
            show=Callback::new(move |()| show())
            hide=Callback::new(move |()| value.set(None))
            copy=Callback::new(move |()| copy())
            busy
            said
        />
        {move || unrecorded.get().map(|reason| view! {
            <p class="error" role="alert">"The secret is copied, but this could not be recorded in the audit trail. "{reason}</p>
        }.erased())}
    }
    .erased()
}

/// Selects the secret, once it stands in the page.
fn select_shown() {
    request_animation_frame(|| {
        if let Some(element) = browser::element_by_id(SECRET_TEXT) {
            browser::select(&element);
        }
    });
}

/// The ways on from the summary.
pub fn summary_footer(state: AddState) -> impl IntoView {
    let id = state
        .created
        .with_untracked(|token| token.as_ref().map(|token| token.id.to_string()));
    let address = href::token(&id.unwrap_or_default(), TokenTab::General);
    view! {
        <a class="btn primary" href=address on:click=handler(move |event: leptos::ev::MouseEvent| {
            if state.unsaved.get_untracked() {
                event.prevent_default();
                state.leaving.set(true);
            }
        })>"View details"</a>
    }
    .erased()
}
