//! The form for somebody who leaves: what becomes of the tokens that he made.

use super::form::{FormDialog, FormState};
use crate::{
    api::administration::{change_user, list_user_rows},
    domain::{
        directory::DirectoryQuery,
        page::PageRequest,
        text::grouped,
        user::{TokensOfLeaver, UserChange, UserChanged, UserRow, UserStatus},
    },
    ui::{Erase as _, RadioChoice, RadioGroup, SelectField, Toasts, changing},
    wire,
};
use leptos::prelude::*;

const FIELDS: &[&str] = &["to"];
/// Colleagues that are offered.
const OFFERED: u32 = 100;

/// The form. `done` is called when he was disabled.
pub(super) fn leaving_form(user: UserRow, done: Callback<()>, close: Callback<()>) -> AnyView {
    let choice = RwSignal::new(0_usize);
    let to = RwSignal::new(None::<String>);
    let tokens = move || match (choice.get(), to.get()) {
        (0, _) => Some(TokensOfLeaver::Keep),
        (1, _) => Some(TokensOfLeaver::Disable),
        (_, to) => Some(TokensOfLeaver::HandOver(to?.parse().ok()?)),
    };
    let state = FormState::new(Signal::derive(move || tokens().is_some()), close);
    let toasts = expect_context::<Toasts>();
    let row = StoredValue::new(user.clone());
    let send = move |()| {
        let Some(tokens) = untrack(tokens) else {
            return;
        };
        state.send(|| {
            Box::pin(async move {
                let (id, name) = row.with_value(|row| (row.user.id, row.user.name.clone()));
                let kept = tokens == TokensOfLeaver::Keep;
                let disabled = tokens == TokensOfLeaver::Disable;
                let changed = match change_user(UserChange::Offboard(id, tokens)).await? {
                    UserChanged::Tokens(number) => grouped(number),
                    _ => String::new(),
                };
                let rest = match (kept, disabled) {
                    (true, _) => String::new(),
                    (_, true) => format!(", and {changed} API tokens with them"),
                    _ => format!(", and {changed} API tokens handed over"),
                };
                toasts.say(format!("User \"{name}\" disabled{rest}"));
                done.run(());
                Ok(())
            })
        });
    };
    FormDialog {
        title: format!("{} leaves", user.user.name),
        submit: "Disable the user",
        body: fields(&user, choice, to, state),
        fields: FIELDS,
        state,
        send: Callback::new(send),
    }
    .view()
}

fn fields(
    user: &UserRow,
    choice: RwSignal<usize>,
    to: RwSignal<Option<String>>,
    state: FormState,
) -> AnyView {
    let frozen = state.frozen();
    let one = |label, text| RadioChoice {
        label,
        text,
        offered: true.into(),
    };
    let choices = vec![
        one(
            "Keep them as they are",
            "Programs go on. You can decide later.",
        ),
        one(
            "Disable them",
            "Requests with them are refused from then on. Each can be enabled again.",
        ),
        one(
            "Hand them over",
            "They go on, and are listed under somebody else's name.",
        ),
    ];
    let made = match user.tokens {
        0 => "No API token of this user is left.".to_owned(),
        1 => "1 API token was made by this user.".to_owned(),
        number => format!(
            "{} API tokens were made by this user.",
            super::users::counted(number)
        ),
    };
    let account = user.user.account.id;
    let own = user.user.id;
    let colleagues = wire::load(
        || (),
        move |()| {
            list_user_rows(DirectoryQuery {
                account: Some(account),
                page: PageRequest {
                    number: 1,
                    size: OFFERED,
                },
                ..DirectoryQuery::default()
            })
        },
    );
    let colleague = move || {
        if choice.get() != 2 {
            return ().into_any();
        }
        let found = colleagues.now().and_then(Result::ok);
        let rows = found.map(|page| page.rows).unwrap_or_default().into_iter();
        let fit = rows.filter(|row| row.user.id != own && row.status == UserStatus::Active);
        let options = fit.map(|row| {
            let words = format!("{} · {}", row.user.name, row.user.email);
            (row.user.id.to_string(), words)
        });
        view! {
            <SelectField
                id="to"
                label="To whom"
                placeholder="Choose a user"
                options=options.collect()
                chosen=to
                choose=move |id| to.set(Some(id))
                frozen
                error=state.error("to")
            />
        }
        .into_any()
    };
    view! {
        <p>"The user can no longer sign in, and every sign-in ends now. "{made}</p>
        <RadioGroup
            id="tokens"
            label="What becomes of these API tokens"
            choices
            chosen=choice
            choose=move |index| choice.set(index)
            frozen
            note=""
            error=state.error("tokens")
        />
        {changing(colleague)}
    }
    .erased()
}
