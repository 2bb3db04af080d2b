//! The form for somebody who leaves: what becomes of the tokens that he made.

use super::form::{FormDialog, FormState};
use crate::{
    api::administration::{change_user, list_user_rows},
    domain::{
        bulk::count,
        directory::DirectoryQuery,
        page::PageRequest,
        user::{TokensOfLeaver, UserChange, UserChanged, UserRow, UserStatus},
    },
    ui::{Erase as _, Failure, RadioChoice, RadioGroup, SelectField, TextField, Toasts, changing},
    wire,
};
use leptos::prelude::*;

const FIELDS: &[&str] = &["to"];
/// Colleagues that are offered at once.
const OFFERED: u32 = 100;

/// What can become of the tokens; the place of each in the form.
const KEEP: usize = 0;
const DISABLE: usize = 1;
const HAND_OVER: usize = 2;

/// The form. `done` is called when it was done. Somebody who is disabled already has only tokens left.
pub(super) fn leaving_form(user: UserRow, done: Callback<()>, close: Callback<()>) -> AnyView {
    let active = user.status == UserStatus::Active;
    let first = if active { KEEP } else { DISABLE };
    let choice = RwSignal::new(first);
    let to = RwSignal::new(None::<String>);
    let tokens = move || match (choice.get(), to.get()) {
        (KEEP, _) => Some(TokensOfLeaver::Keep),
        (DISABLE, _) => Some(TokensOfLeaver::Disable),
        (_, to) => Some(TokensOfLeaver::HandOver(to?.parse().ok()?)),
    };
    let changed = Signal::derive(move || choice.get() != first || to.with(Option::is_some));
    let mut state = FormState::new(changed, close);
    state.complete = Signal::derive(move || tokens().is_some());
    let toasts = expect_context::<Toasts>();
    let row = StoredValue::new(user.clone());
    let send = move |()| {
        let Some(tokens) = untrack(tokens) else {
            return;
        };
        state.send(|| {
            Box::pin(async move {
                let (id, name) = row.with_value(|row| (row.user.id, row.user.name.clone()));
                let what = match tokens {
                    TokensOfLeaver::HandOver(_) => "handed over",
                    TokensOfLeaver::Keep | TokensOfLeaver::Disable => "disabled",
                };
                let number = match change_user(UserChange::Offboard(id, tokens)).await? {
                    UserChanged::Tokens(number) => number,
                    _ => 0,
                };
                let mut said = Vec::new();
                if active {
                    said.push(format!("User \"{name}\" disabled"));
                }
                if number > 0 {
                    said.push(format!("{} {what}", count(number)));
                }
                if said.is_empty() {
                    said.push(format!("No API token of {name} was changed"));
                }
                toasts.say(said.join(", "));
                done.run(());
                Ok(())
            })
        });
    };
    let name = &user.user.name;
    FormDialog {
        title: if active {
            format!("Disable {name}")
        } else {
            format!("API tokens of {name}")
        },
        submit: if active { "Disable" } else { "Save" },
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
    let active = user.status == UserStatus::Active;
    let ends = active.then_some("The user can no longer sign in, and every sign-in ends now. ");
    if user.tokens == 0 {
        return view! { <p>{ends}"No API token was made by this user."</p> }.erased();
    }
    let one = |label, text, offered: bool| RadioChoice {
        label,
        text,
        offered: offered.into(),
    };
    let choices = vec![
        one(
            "Keep them as they are",
            "Programs go on. You can decide later.",
            active,
        ),
        one(
            "Disable them",
            "Requests with them are refused from then on. Each can be enabled again.",
            true,
        ),
        one(
            "Hand them over",
            "They go on, and are listed under somebody else's name.",
            true,
        ),
    ];
    let made = match user.tokens {
        1 => "1 API token was made by this user.".to_owned(),
        number => format!(
            "{} API tokens were made by this user.",
            super::users::counted(number)
        ),
    };
    view! {
        <p>{ends}{made}</p>
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
        <div class="later" hidden=move || choice.get() != HAND_OVER>{colleagues(user, to, state)}</div>
    }
    .erased()
}

/// The choice of whom the tokens are handed to: of those of the account who can sign in.
fn colleagues(user: &UserRow, to: RwSignal<Option<String>>, state: FormState) -> AnyView {
    let frozen = state.frozen();
    let (account, own) = (user.user.account.id, user.user.id);
    let sought = RwSignal::new(String::new());
    let found = wire::load(
        move || sought.get(),
        move |search| {
            list_user_rows(DirectoryQuery {
                search,
                account: Some(account),
                page: PageRequest {
                    number: 1,
                    size: OFFERED,
                },
                ..DirectoryQuery::default()
            })
        },
    );
    // Who was chosen before may not be among those that are found.
    Effect::new(move |before: Option<()>| {
        sought.track();
        if before.is_some() {
            to.set(None);
        }
    });
    let choice = move || match found.now() {
        None => view! { <progress class="loading" aria-label="Loading"></progress> }.erased(),
        Some(Err(error)) => {
            view! { <Failure error retry=Callback::new(move |()| found.refetch())/> }.erased()
        }
        Some(Ok(page)) => {
            let rows = page.rows.into_iter();
            let fit = rows.filter(|row| row.user.id != own && row.status == UserStatus::Active);
            let options = fit.map(|row| {
                let words = format!("{} · {}", row.user.name, row.user.email);
                (row.user.id.to_string(), words)
            });
            let options: Vec<_> = options.collect();
            if options.is_empty() {
                let why = if sought.with_untracked(String::is_empty) {
                    "Nobody else in this account can sign in, so there is nobody to hand them to."
                } else {
                    "Nobody who can sign in matches."
                };
                return view! { <p class="notice">{why}</p> }.erased();
            }
            view! {
                <SelectField
                    id="to"
                    label="To whom"
                    placeholder="Choose a user"
                    options
                    chosen=to
                    choose=move |id| to.set(Some(id))
                    frozen
                    error=state.error("to")
                />
            }
            .into_any()
        }
    };
    // Those of a large account are not all offered at once.
    let few = move || {
        let more = matches!(found.now(), Some(Ok(page)) if page.more);
        !more && sought.with(String::is_empty)
    };
    view! {
        <div hidden=few>
            <TextField id="colleague" label="Search users by name, e-mail or id" value=sought frozen error=Signal::stored(None::<String>)/>
        </div>
        {changing(choice)}
    }
    .erased()
}
