//! The columns of the list of tokens, and which rows changed since they were last seen.

use super::{
    lifecycle::{Subject, entries},
    list::Shared,
    selection::pick,
};
use crate::{
    domain::{
        module::ModuleRef,
        token::{TokenId, TokenSummary},
        token_query::{TokenColumn, TokenOrder, TokenOrders, TokenQuery},
        user::CurrentUser,
    },
    href::{self, Behind, EditStep, TokenTab},
    ui::{
        Avatar, Column, ColumnName, Erase as _, Menu, Moment, OptionalMoment, Sorted, StatusChip,
        Stays, Symbol, changing, icon,
    },
};
use leptos::prelude::*;
use std::{collections::HashMap, sync::Arc};

/// A row of the list.
#[derive(Clone)]
pub struct ListRow {
    /// The token.
    pub token: TokenSummary,
    /// Whether somebody changed it, or made it, since the list was last seen.
    pub changed: bool,
}

/// The revisions of the rows as they were last seen.
#[derive(Clone, Copy)]
pub struct Seen {
    revisions: StoredValue<HashMap<TokenId, i64>>,
    comparing: StoredValue<bool>,
}

impl Seen {
    /// Nothing was seen yet.
    pub fn new() -> Self {
        Self {
            revisions: StoredValue::default(),
            comparing: StoredValue::new(false),
        }
    }

    /// What comes next is the same list again.
    pub fn compare(self) {
        self.comparing.set_value(true);
    }

    /// Marks the rows that are others than they were, if this is the same list again.
    pub fn mark(self, tokens: Vec<TokenSummary>) -> Vec<ListRow> {
        let comparing = self.comparing.try_update_value(std::mem::take) == Some(true);
        let before = self.revisions.try_get_value().unwrap_or_default();
        let now = tokens.iter().map(|token| (token.id, token.revision));
        self.revisions.set_value(now.collect());
        let row = |token: TokenSummary| ListRow {
            changed: comparing && before.get(&token.id) != Some(&token.revision),
            token,
        };
        tokens.into_iter().map(row).collect()
    }
}

/// What a cell shows of a row.
type Cell = Box<dyn Fn(&ListRow) -> AnyView + Send + Sync>;

/// All columns, without their rows; those who see one account only have none for it.
pub fn names(all_accounts: bool, actions: bool) -> Arc<[ColumnName]> {
    let column = |key, label, stays| ColumnName { key, label, stays };
    [
        Some(column("name", "API token", Stays::First)),
        all_accounts.then_some(column("account", "Account", Stays::Free)),
        Some(column("modules", "Modules", Stays::Free)),
        Some(column("createdBy", "Created by", Stays::Free)),
        Some(column("created", "Date created", Stays::Free)),
        Some(column("lastAccess", "Last access", Stays::Free)),
        Some(column("status", "Status", Stays::Free)),
        actions.then_some(column("actions", "Actions", Stays::Last)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The same with what stands in them.
pub(super) fn columns(shared: Shared, viewer: &CurrentUser) -> Vec<Column<ListRow>> {
    let (query, asked) = (shared.query, shared.asked);
    let may_edit = viewer.may_edit_tokens();
    let named = names(viewer.sees_all_accounts(), may_edit);
    let cell = move |key: &'static str| -> Option<Cell> {
        Some(match key {
            "name" => Box::new(move |row: &ListRow| {
                let pick = may_edit.then(|| pick(shared.selection, &row.token));
                name(row, pick)
            }),
            "account" => Box::new(move |row: &ListRow| account(&row.token, query)),
            "modules" => Box::new(|row: &ListRow| modules(row.token.modules.clone()).into_any()),
            "createdBy" => Box::new(creator),
            "created" => {
                Box::new(|row: &ListRow| view! { <Moment at=row.token.created_at/> }.erased())
            }
            "lastAccess" => Box::new(|row: &ListRow| {
                view! { <OptionalMoment at=row.token.last_access_at/> }.erased()
            }),
            "status" => {
                Box::new(|row: &ListRow| view! { <StatusChip status=row.token.status/> }.erased())
            }
            "actions" => {
                Box::new(move |row: &ListRow| actions(&row.token, query, asked).into_any())
            }
            _ => return None,
        })
    };
    let columns = named.iter().filter_map(|name| {
        let mut column = Column::free(name.key, name.label, cell(name.key)?);
        column.stays = name.stays;
        column.sorted = sorting(name.key).map(|sorting| sorted(query, sorting));
        Some(column)
    });
    columns.collect()
}

fn sorting(key: &str) -> Option<TokenColumn> {
    Some(match key {
        "name" => TokenColumn::Name,
        "createdBy" => TokenColumn::CreatedBy,
        "created" => TokenColumn::CreatedAt,
        "lastAccess" => TokenColumn::LastAccess,
        "status" => TokenColumn::Status,
        _ => return None,
    })
}

/// How the list is sorted by this column, and the way to have it sorted by it alone.
fn sorted(query: Memo<TokenQuery>, column: TokenColumn) -> Sorted {
    let orders = query.with_untracked(|query| query.order.sorted());
    let place = orders.iter().position(|order| order.column == column);
    let address = move |descending| {
        Signal::derive(move || {
            query.with(|query| {
                href::tokens(&TokenQuery {
                    order: TokenOrders::new([TokenOrder { column, descending }]),
                    ..query.from_start()
                })
            })
        })
    };
    Sorted {
        now: place.map(|place| (place + 1, orders[place].descending)),
        of: orders.len(),
        ascending: address(false),
        descending: address(true),
    }
}

fn name(row: &ListRow, pick: Option<AnyView>) -> AnyView {
    let token = &row.token;
    let id = token.id.to_string();
    let picture = token.icon.as_ref().map(|icon| href::icon(token.id, icon));
    let changed = row
        .changed
        .then(|| view! { <span class="mark">"Changed"</span> }.erased());
    view! {
        <div class="id">
            {pick}
            <Avatar name=token.name.clone() seed=token.id.number() icon=picture/>
            <div>
                <a href=href::token(&id, TokenTab::General)><bdi>{token.name.clone()}</bdi></a>
                <span class="sub">{id.clone()}</span>
                {changed}
            </div>
        </div>
    }
    .erased()
}

fn creator(row: &ListRow) -> AnyView {
    let creator = row.token.created_by.clone();
    let seed = creator.seed();
    view! {
        <div class="id">
            <Avatar name=creator.name.clone() seed size="sm"/>
            <div><bdi>{creator.name}</bdi><span class="sub">{creator.id}</span></div>
        </div>
    }
    .erased()
}

/// The account's name leads to the list of its tokens.
fn account(token: &TokenSummary, query: Memo<TokenQuery>) -> AnyView {
    let account = token.account.clone();
    let id = account.id;
    let only = move || {
        query.with(|query| {
            let only = format!("eq(account.id,'{id}')");
            let filter = if query.filter.is_empty() {
                only
            } else {
                format!("and(({}),{only})", query.filter)
            };
            href::tokens(&TokenQuery {
                filter,
                ..query.from_start()
            })
        })
    };
    view! {
        <a href=changing(only) title="Only tokens of this account"><bdi>{account.name}</bdi></a>
        <span class="sub">{id.to_string()}</span>
    }
    .erased()
}

fn actions(
    token: &TokenSummary,
    query: Memo<TokenQuery>,
    asked: super::lifecycle::Asked,
) -> Option<AnyView> {
    let subject = Subject::from(token);
    let id = token.id.to_string();
    subject.has_menu().then(|| {
        let label = format!("Actions for {}", subject.name());
        view! {
            <Menu label id=subject.menu_id() class="btn quiet icon" trigger=Box::new(|| icon(Symbol::More).into_any())>
                {
                    let list = Behind::List(query.get_untracked());
                    entries(&subject, href::edit_token(&id, EditStep::General, &list), asked)
                }
            </Menu>
        }
        .erased()
    })
}

/// One module with its id; of several the number, and the first names below.
fn modules(modules: Vec<ModuleRef>) -> impl IntoView {
    const NAMED: usize = 3;
    let (main, below) = match modules.as_slice() {
        [] => ("No modules".to_owned(), String::new()),
        [only] => (only.name.clone(), only.id.to_string()),
        several => {
            let names = several
                .iter()
                .take(NAMED)
                .map(|module| module.name.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            let more = several.len().saturating_sub(NAMED);
            let below = if more > 0 {
                format!("{names} +{more}")
            } else {
                names
            };
            (format!("{} modules", several.len()), below)
        }
    };
    view! { <bdi>{main}</bdi><span class="sub">{below}</span> }.erased()
}
