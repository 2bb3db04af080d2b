//! The list of modules.

use super::{
    acting::{Acting, Next, Question},
    loss::loss_dialog,
    module_form::module_form,
};
use crate::{
    api::administration::{change_module, list_module_rows},
    domain::{
        account::type_list,
        directory::{Loss, Outcome},
        module::{ModuleChange, ModuleRow},
        text::grouped,
        token_query::TokenQuery,
        user::CurrentUser,
    },
    error::ApiError,
    href,
    page::{
        Viewer,
        short_list::{ShortList, Source, short_list, titled},
    },
    ui::{Column, Erase as _, Menu, Stays, Symbol, changing, failure_dialog, handler, icon},
};
use leptos::prelude::*;

/// What is asked or filled in.
#[derive(Clone)]
enum Asked {
    Form(Option<ModuleRow>),
    Retire(ModuleRow),
    BringBack(ModuleRow),
    Loss(ModuleRow, Loss),
    Failed(ApiError),
}

type Shared = Acting<Asked>;

/// The page.
#[component]
pub fn Modules() -> impl IntoView {
    let shared = Shared::new();
    let viewer = Viewer::get().ok();
    let all = viewer.as_ref().is_some_and(CurrentUser::sees_all_accounts);
    let defines = all && viewer.is_some_and(|viewer| viewer.may_edit_tokens());
    let add = defines.then(|| shared.button("add-module", "Add", || Asked::Form(None)));
    let list = ShortList {
        head: titled("Modules", add),
        label: "Modules",
        path: href::MODULES.to_owned(),
        searched: "Search modules by name, code or id",
        none: "Your account has no modules, so its API tokens open nothing yet. Ask whoever runs the platform.",
    };
    let source = Source {
        columns: Box::new(move || columns(shared, all)),
        class: |row| if row.retired { "gone" } else { "" },
        fetch: Box::new(|query| Box::pin(list_module_rows(query))),
        changes: shared.changes,
    };
    view! {
        {short_list(list, source)}
        {dialogs(shared)}
    }
    .erased()
}

fn columns(shared: Shared, all: bool) -> Vec<Column<ModuleRow>> {
    let mut name = Column::free("name", "Module", name);
    name.stays = Stays::First;
    let mut columns = vec![
        name,
        Column::free("description", "Description", |row: &ModuleRow| {
            let text = row.form.description.clone();
            view! { <bdi>{text}</bdi> }.erased()
        }),
        Column::free("given", "Given", given),
    ];
    if all {
        columns.push(Column::free("types", "For accounts", types));
        columns.push(Column::free("accounts", "Accounts", |row: &ModuleRow| {
            grouped(row.accounts).into_any()
        }));
    }
    columns.push(Column::free("tokens", "API tokens", tokens));
    if all {
        columns.push(Column::free("status", "Status", status));
        let mut actions = Column::free("actions", "Actions", move |row: &ModuleRow| {
            actions(row, shared)
        });
        actions.stays = Stays::Last;
        columns.push(actions);
    }
    columns
}

fn name(row: &ModuleRow) -> AnyView {
    let form = &row.form;
    let (name, below) = (form.name.clone(), format!("{} · {}", row.id, form.code));
    view! { <bdi>{name}</bdi><span class="sub">{below}</span> }.erased()
}

fn given(row: &ModuleRow) -> AnyView {
    let settings = row.form.settings;
    let text = match (settings.configurable, settings.default) {
        (true, false) => "By choice",
        (true, true) => "By choice, ticked at first",
        (false, true) => "To every token",
        (false, false) => "To no token",
    };
    let paid = settings
        .paid
        .then(|| view! { <span class="sub">"Charged for"</span> }.erased());
    view! { {text}{paid} }.erased()
}

fn types(row: &ModuleRow) -> AnyView {
    type_list(&row.form.account_types).into_any()
}

/// How many tokens have it, and the way to them.
fn tokens(row: &ModuleRow) -> AnyView {
    if row.tokens == 0 {
        return "0".into_any();
    }
    let query = TokenQuery {
        filter: format!("any(modules,eq(id,'{}'))", row.id),
        ..TokenQuery::default()
    };
    view! { <a href=href::tokens(&query)>{grouped(row.tokens)}</a> }.erased()
}

fn status(row: &ModuleRow) -> AnyView {
    let (class, text) = if row.retired {
        ("chip gone", "Retired")
    } else {
        ("chip ok", "Active")
    };
    view! { <span class=class>{text}</span> }.erased()
}

fn actions(row: &ModuleRow, shared: Shared) -> AnyView {
    if !row.may_change {
        return ().into_any();
    }
    let row = StoredValue::new(row.clone());
    let (id, retired) = row.with_value(|row| (row.id.to_string(), row.retired));
    let label = row.with_value(|row| format!("Actions for {}", row.form.name));
    let edit = move |_| shared.ask(Asked::Form(Some(row.get_value())));
    let retire = move |_| {
        let row = row.get_value();
        shared.ask(if retired {
            Asked::BringBack(row)
        } else {
            Asked::Retire(row)
        });
    };
    view! {
        <Menu label id=format!("actions-{id}") class="btn quiet icon" trigger=Box::new(|| icon(Symbol::More).into_any())>
            <button type="button" role="menuitem" tabindex="-1" on:click=handler(edit)>"Edit"</button>
            <button type="button" role="menuitem" tabindex="-1" class=(!retired).then_some("del") on:click=handler(retire)>
                {if retired { "Bring back" } else { "Retire" }}
            </button>
        </Menu>
    }
    .erased()
}

/// Retires a module or brings it back, and says what came of it.
fn take(row: ModuleRow, retired: bool, agreed: u64, shared: Shared) {
    let change = if retired {
        ModuleChange::Retire(row.id, agreed)
    } else {
        ModuleChange::BringBack(row.id)
    };
    let act = async move {
        Ok(match change_module(change).await? {
            Outcome::Loses(loss) => Next::Ask(Asked::Loss(row, loss)),
            Outcome::Done => {
                let what = if retired { "retired" } else { "brought back" };
                Next::Say(format!("Module \"{}\" {what}", row.form.name))
            }
        })
    };
    shared.run(act, Asked::Failed);
}

fn dialogs(shared: Shared) -> impl IntoView {
    let (close, done) = (shared.close(), shared.done());
    changing(move || {
        shared.asked.get().map(|what| match what {
            Asked::Form(module) => module_form(module, done, close),
            Asked::Retire(row) => {
                let question = Question {
                    title: format!("Retire {}?", row.form.name),
                    text: "It can be given to no account and no API token any more. Accounts and API tokens that have it \
                           lose it: you are shown which before it happens."
                        .to_owned(),
                    yes: "Retire",
                    danger: true,
                };
                shared.question(question, Callback::new(move |()| take(row.clone(), true, 0, shared)))
            }
            Asked::BringBack(row) => {
                let question = Question {
                    title: format!("Bring {} back?", row.form.name),
                    text: "Accounts and API tokens can be given this module again. Those that lost it do not get it back \
                           by themselves."
                        .to_owned(),
                    yes: "Bring back",
                    danger: false,
                };
                shared.question(question, Callback::new(move |()| take(row.clone(), false, 0, shared)))
            }
            Asked::Loss(row, loss) => {
                let name = row.form.name.clone();
                let on_yes =
                    Callback::new(move |agreed| take(row.clone(), true, agreed, shared));
                loss_dialog(loss, name, "Retire", shared.running.into(), on_yes, close)
            }
            Asked::Failed(error) => failure_dialog("That was not done", error, close),
        })
    })
}
