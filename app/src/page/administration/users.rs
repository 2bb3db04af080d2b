//! The list of users, for Administrators and for people of Operations.

use super::{
    acting::{Acting, Next, Question},
    user_forms::{invitation_dialog, invite_form, user_form},
    user_leaving::leaving_form,
};
use crate::{
    api::administration::{change_user, list_user_rows},
    domain::{
        text::grouped,
        token_query::TokenQuery,
        user::{
            CurrentUser, Invitation, TOKENS_COUNTED, UserAction, UserChange, UserChanged, UserRow,
            UserStatus,
        },
    },
    error::ApiError,
    href,
    page::{
        Viewer,
        address::Address,
        short_list::{ShortList, Source, short_list, titled},
    },
    ui::{
        Avatar, Column, Erase as _, Menu, Moment, Stays, Symbol, changing, failure_dialog, handler,
        icon,
    },
};
use leptos::prelude::*;

/// What is asked or filled in.
#[derive(Clone)]
enum Asked {
    Invite,
    Invited(String, Invitation),
    Form(UserRow),
    Leaving(UserRow),
    InviteAgain(UserRow),
    Take(UserRow, UserAction),
    Failed(ApiError),
}

type Shared = Acting<Asked>;

/// The page.
#[component]
pub fn Users() -> impl IntoView {
    let viewer = Viewer::get().ok();
    let all = viewer.as_ref().is_some_and(CurrentUser::sees_all_accounts);
    let shared = Shared::new();
    let invites = viewer.is_some_and(|viewer| viewer.may_edit_tokens());
    let add = invites.then(|| shared.button("invite", "Invite", || Asked::Invite));
    let list = ShortList {
        head: titled("Users", add),
        label: "Users",
        path: href::USERS.to_owned(),
        searched: "Search users by name, e-mail or id",
        none: "There is no user.",
    };
    let source = Source {
        columns: Box::new(move || columns(shared, all)),
        class: |_| "",
        fetch: Box::new(|query| Box::pin(list_user_rows(query))),
        changes: shared.changes,
    };
    view! {
        {short_list(list, source)}
        {dialogs(shared, all)}
    }
    .erased()
}

fn columns(shared: Shared, all: bool) -> Vec<Column<UserRow>> {
    let mut name = Column::free("name", "User", name);
    name.stays = Stays::First;
    let mut actions = Column::free("actions", "Actions", move |row: &UserRow| {
        actions(row, shared)
    });
    actions.stays = Stays::Last;
    let account = all.then(|| Column::free("account", "Account", account));
    let others = [
        Column::free("role", "Role", |row: &UserRow| {
            view! { <span class="whole">{row.user.role.as_str()}</span> }.erased()
        }),
        Column::free("tokens", "API tokens", tokens),
        Column::free("signIns", "Signed in", |row: &UserRow| {
            match row.sign_ins {
                0 => "—".to_owned(),
                1 => "In 1 place".to_owned(),
                places => format!("In {places} places"),
            }
            .into_any()
        }),
        Column::free("created", "Date added", |row: &UserRow| {
            view! { <Moment at=row.created_at/> }.erased()
        }),
        Column::free("status", "Status", status),
        actions,
    ];
    std::iter::once(name).chain(account).chain(others).collect()
}

fn name(row: &UserRow) -> AnyView {
    let user = row.user.clone();
    let own = row
        .own
        .then(|| view! { <span class="mark">"You"</span> }.erased());
    view! {
        <div class="id">
            <Avatar name=user.name.clone() seed=user.id.number()/>
            <div><bdi>{user.name}</bdi>" "{own}<span class="sub">{user.email}</span></div>
        </div>
    }
    .erased()
}

fn account(row: &UserRow) -> AnyView {
    let account = row.user.account.clone();
    view! { <bdi>{account.name}</bdi><span class="sub">{account.id.to_string()}</span> }.erased()
}

/// A number of tokens that was counted only so far.
pub(super) fn counted(number: u64) -> String {
    if number > TOKENS_COUNTED {
        format!("More than {}", grouped(TOKENS_COUNTED))
    } else {
        grouped(number)
    }
}

fn tokens(row: &UserRow) -> AnyView {
    if row.tokens == 0 {
        return "0".into_any();
    }
    let query = TokenQuery {
        filter: format!("eq(audit.created.by.id,'{}')", row.user.id),
        ..TokenQuery::default()
    };
    view! { <a href=href::tokens(&query)>{counted(row.tokens)}</a> }.erased()
}

fn status(row: &UserRow) -> AnyView {
    let until = row.invited_until;
    let (class, text) = match (row.status, until, row.invitation_over) {
        (UserStatus::Disabled, ..) => ("chip off", "Disabled"),
        (_, Some(_), true) => ("chip gone", "Invitation over"),
        (_, Some(_), false) => ("chip", "Invited"),
        (_, None, _) => ("chip ok", "Active"),
    };
    let until = until.filter(|_| row.status == UserStatus::Active && !row.invitation_over);
    view! {
        <span class=class>{text}</span>
        {until.map(|at| view! { <span class="sub">"until"</span><Moment at=at/> }.erased())}
    }
    .erased()
}

fn actions(row: &UserRow, shared: Shared) -> AnyView {
    if !row.may_change {
        return ().into_any();
    }
    let label = format!("Actions for {}", row.user.name);
    let id = format!("actions-{}", row.user.id);
    let kept = StoredValue::new(row.clone());
    let ask = move |what: fn(UserRow) -> Asked| {
        handler(move |_: leptos::ev::MouseEvent| shared.ask(what(kept.get_value())))
    };
    let active = row.status == UserStatus::Active;
    let entry = |words: &'static str, class: Option<&'static str>, act| {
        view! { <button type="button" role="menuitem" tabindex="-1" class=class on:click=act>{words}</button> }.erased()
    };
    let (own, invited, signed_in) = (row.own, row.invited_until.is_some(), row.sign_ins > 0);
    let has_tokens = row.tokens > 0;
    view! {
        <Menu label id class="btn quiet icon" trigger=Box::new(|| icon(Symbol::More).into_any())>
            {entry("Edit", None, ask(Asked::Form))}
            {(active && invited).then(|| entry("Invite again", None, ask(Asked::InviteAgain)))}
            {(signed_in && !own).then(|| entry("End sign-ins", None, ask(|row| Asked::Take(row, UserAction::EndSignIns))))}
            {(!active).then(|| entry("Enable", None, ask(|row| Asked::Take(row, UserAction::Enable))))}
            {(!own && (active || has_tokens)).then(|| {
                let words = if active { "Disable" } else { "API tokens of this user" };
                entry(words, active.then_some("del"), ask(Asked::Leaving))
            })}
        </Menu>
    }
    .erased()
}

fn invite(row: UserRow, shared: Shared) {
    let act = async move {
        let changed = change_user(UserChange::InviteAgain(row.user.id)).await?;
        Ok(match changed {
            UserChanged::Invited(invitation) => {
                shared.changed();
                Next::Ask(Asked::Invited(row.user.name, invitation))
            }
            _ => Next::Say(format!("User \"{}\" invited", row.user.name)),
        })
    };
    shared.run(act, Asked::Failed);
}

fn take(row: UserRow, action: UserAction, shared: Shared) {
    let act = async move {
        change_user(UserChange::Access(row.user.id, action)).await?;
        let name = row.user.name;
        Ok(Next::Say(match action {
            UserAction::Enable => format!("User \"{name}\" enabled"),
            UserAction::Disable => format!("User \"{name}\" disabled"),
            UserAction::EndSignIns => format!("All sign-ins of \"{name}\" ended"),
        }))
    };
    shared.run(act, Asked::Failed);
}

fn asked(row: &UserRow, action: UserAction) -> Question {
    let name = &row.user.name;
    let ends = action == UserAction::EndSignIns;
    let (title, text) = if ends {
        (
            format!("End all sign-ins of {name}?"),
            format!("{name} is signed out everywhere and can sign in again at once."),
        )
    } else {
        (
            format!("Enable {name}?"),
            format!("{name} can sign in again, with the same password."),
        )
    };
    Question {
        title,
        text,
        yes: if ends { "End sign-ins" } else { "Enable" },
        danger: ends,
    }
}

fn dialogs(shared: Shared, all: bool) -> impl IntoView {
    let (close, done) = (shared.close(), shared.done());
    let search = Address::here().search;
    let invited = Callback::new(move |(name, invitation)| {
        shared.changed();
        shared.ask(Asked::Invited(name, invitation));
    });
    changing(move || {
        shared.asked.get().map(|what| match what {
            Asked::Invite => {
                let listed = search.with_untracked(|search| href::directory_query(search).account);
                invite_form(all, listed, invited, close)
            }
            Asked::Invited(name, invitation) => invitation_dialog(name, invitation, close),
            Asked::Form(row) => user_form(row, done, close),
            Asked::Leaving(row) => leaving_form(row, done, close),
            Asked::InviteAgain(row) => {
                let question = Question {
                    title: format!("Invite {} again?", row.user.name),
                    text: "You are shown a new link to send. The old link stops working."
                        .to_owned(),
                    yes: "Invite again",
                    danger: false,
                };
                shared.question(
                    question,
                    Callback::new(move |()| invite(row.clone(), shared)),
                )
            }
            Asked::Take(row, action) => {
                let question = asked(&row, action);
                shared.question(
                    question,
                    Callback::new(move |()| take(row.clone(), action, shared)),
                )
            }
            Asked::Failed(error) => failure_dialog("That was not done", error, close),
        })
    })
}
