//! The list of accounts, for people of Operations.

use super::{
    account_form::account_form,
    acting::{Acting, Next, Question},
};
use crate::{
    api::administration::{change_account, list_account_rows},
    domain::{
        account::{AccountChange, AccountRow, AccountStatus},
        directory::DirectoryQuery,
        text::grouped,
        token_query::TokenQuery,
    },
    error::ApiError,
    href,
    page::{
        Viewer,
        short_list::{ShortList, Source, short_list, titled},
    },
    ui::{
        AccountChip, Avatar, Column, Erase as _, Menu, Moment, Stays, Symbol, changing,
        failure_dialog, handler, icon,
    },
};
use leptos::prelude::*;

/// What is asked or filled in.
#[derive(Clone)]
enum Asked {
    Form(Option<AccountRow>),
    Status(AccountRow, AccountStatus),
    Failed(ApiError),
}

type Shared = Acting<Asked>;

/// The page.
#[component]
pub fn Accounts() -> impl IntoView {
    let shared = Shared::new();
    let may_add =
        Viewer::get().is_ok_and(|viewer| viewer.sees_all_accounts() && viewer.may_edit_tokens());
    let add = may_add.then(|| shared.button("add-account", "Add", || Asked::Form(None)));
    let list = ShortList {
        head: titled("Accounts", add),
        label: "Accounts",
        path: href::ACCOUNTS.to_owned(),
        searched: "Search accounts by name or id",
        none: "There is no account.",
    };
    let source = Source {
        columns: Box::new(move || columns(shared)),
        class: |_| "",
        fetch: Box::new(|query| Box::pin(list_account_rows(query))),
        changes: shared.changes,
    };
    view! {
        {short_list(list, source)}
        {dialogs(shared)}
    }
    .erased()
}

fn columns(shared: Shared) -> Vec<Column<AccountRow>> {
    let mut name = Column::free("name", "Account", name);
    name.stays = Stays::First;
    let mut actions = Column::free("actions", "Actions", move |row: &AccountRow| {
        actions(row, shared)
    });
    actions.stays = Stays::Last;
    vec![
        name,
        Column::free("type", "Type", |row: &AccountRow| {
            row.account.kind.as_str().into_any()
        }),
        Column::free("modules", "Modules", |row: &AccountRow| {
            row.modules.len().into_any()
        }),
        Column::free("users", "Users", users),
        Column::free("tokens", "API tokens", tokens),
        Column::free("created", "Date created", |row: &AccountRow| {
            view! { <Moment at=row.created_at/> }.erased()
        }),
        Column::free("status", "Status", |row: &AccountRow| {
            view! { <AccountChip status=row.account.status/> }.erased()
        }),
        actions,
    ]
}

fn name(row: &AccountRow) -> AnyView {
    let account = row.account.clone();
    let id = account.id;
    let logo = href::account_icon(&account);
    view! {
        <div class="id">
            <Avatar name=account.name.clone() seed=id.number() icon=logo/>
            <div><bdi>{account.name}</bdi><span class="sub">{id.to_string()}</span></div>
        </div>
    }
    .erased()
}

fn users(row: &AccountRow) -> AnyView {
    if row.users == 0 {
        return "0".into_any();
    }
    let query = DirectoryQuery {
        account: Some(row.account.id),
        ..DirectoryQuery::default()
    };
    let address = href::directory(href::USERS, &query);
    view! { <a href=address>{grouped(row.users)}</a> }.erased()
}

fn tokens(row: &AccountRow) -> AnyView {
    if row.tokens == 0 {
        return "0".into_any();
    }
    let query = TokenQuery {
        filter: format!("eq(account.id,'{}')", row.account.id),
        ..TokenQuery::default()
    };
    view! { <a href=href::tokens(&query)>{grouped(row.tokens)}</a> }.erased()
}

fn actions(row: &AccountRow, shared: Shared) -> AnyView {
    if !row.may_change {
        return ().into_any();
    }
    let row = StoredValue::new(row.clone());
    let (id, own, status) =
        row.with_value(|row| (row.account.id.to_string(), row.own, row.account.status));
    let label = row.with_value(|row| format!("Actions for {}", row.account.name));
    let edit = move |_| shared.ask(Asked::Form(Some(row.get_value())));
    let to = match status {
        AccountStatus::Active => AccountStatus::Disabled,
        AccountStatus::Disabled => AccountStatus::Active,
    };
    let change = move |_| shared.ask(Asked::Status(row.get_value(), to));
    view! {
        <Menu label id=format!("actions-{id}") class="btn quiet icon" trigger=Box::new(|| icon(Symbol::More).into_any())>
            {(!own).then(|| view! {
                <button type="button" role="menuitem" tabindex="-1" on:click=handler(change)>
                    {if status == AccountStatus::Active { "Disable" } else { "Enable" }}
                </button>
                <hr/>
            }.erased())}
            <button type="button" role="menuitem" tabindex="-1" on:click=handler(edit)>"Edit"</button>
        </Menu>
    }
    .erased()
}

fn take(row: AccountRow, status: AccountStatus, shared: Shared) {
    let act = async move {
        change_account(AccountChange::Status(row.account.id, status)).await?;
        let what = match status {
            AccountStatus::Active => "enabled",
            AccountStatus::Disabled => "disabled",
        };
        Ok(Next::Say(format!(
            "Account \"{}\" {what}",
            row.account.name
        )))
    };
    shared.run(act, Asked::Failed);
}

fn dialogs(shared: Shared) -> impl IntoView {
    let (close, done) = (shared.close(), shared.done());
    changing(move || {
        shared.asked.get().map(|what| match what {
            Asked::Form(account) => account_form(account, done, close),
            Asked::Status(row, to) => {
                let (name, danger) = (&row.account.name, to == AccountStatus::Disabled);
                let question = if danger {
                    Question {
                        title: format!("Disable {name}?"),
                        text: "Nobody of this account can sign in until you enable it again, and whoever is signed in is \
                               signed out. Its API tokens go on."
                            .to_owned(),
                        yes: "Disable",
                        danger,
                    }
                } else {
                    Question {
                        title: format!("Enable {name}?"),
                        text: "The people of this account can sign in again.".to_owned(),
                        yes: "Enable",
                        danger,
                    }
                };
                shared.question(question, Callback::new(move |()| take(row.clone(), to, shared)))
            }
            Asked::Failed(error) => failure_dialog("That was not done", error, close),
        })
    })
}
