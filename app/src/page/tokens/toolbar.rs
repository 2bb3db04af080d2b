//! What stands over the list: its tools, what it is narrowed by, and the count.

use super::{
    export::export, filter_chips::chips, filter_dialog, filter_state::ShownFilter, list::Shared,
    list_columns::names, list_count::Count,
};
use crate::{
    browser::Live,
    domain::token_query::{TokenColumn, TokenOrder, TokenOrders, TokenQuery},
    page::{Viewer, views},
    ui::{ColumnsDialog, Erase as _, SortDialog, SortKey, Symbol, changing, handler, icon, key_of},
};
use leptos::prelude::*;

/// A dialog of the toolbar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// By which columns the list is sorted.
    Sort,
    /// What the list is filtered by.
    Filter,
    /// Which columns are shown.
    Columns,
}

/// The row over the list, without a count where there is no list. So many of the rows were `changed` by others since
/// they were last seen.
pub(super) fn toolbar(
    shared: Shared,
    count: Option<Count>,
    changed: usize,
    refetch: Callback<()>,
) -> impl IntoView {
    let waiting = Live::waiting();
    let query = shared.query;
    let sorts = query.with_untracked(|query| query.order.chosen().len());
    let conditions = shared.filter.with_value(ShownFilter::count);
    let told = (changed > 0).then(|| match changed {
        1 => "1 row changed".to_owned(),
        _ => format!("{changed} rows changed"),
    });
    view! {
        <div class="bar">
            {views::menu(shared.views)}
            {tool(shared, Tool::Sort, "sort-tool", Symbol::Sort, "Sort", sorts)}
            {tool(shared, Tool::Filter, "filter-tool", Symbol::Filter, "Filter", conditions)}
            {tool(shared, Tool::Columns, "columns-tool", Symbol::Columns, "Columns", 0)}
            <button type="button" class="btn quiet" id="refresh" aria-keyshortcuts=key_of("refresh") disabled=waiting on:click=handler(move |_| refetch.run(()))>
                {icon(Symbol::Refresh)}"Refresh"
            </button>
            {export(query)}
            {move || query.with(|query| shared.filter.with_value(|filter| chips(query, filter)))}
            <span class="grow"></span>
            {told.map(|told| view! { <span class="mark" role="status">{told}</span> }.erased())}
            {count.map(counted)}
        </div>
    }
    .erased()
}

fn tool(
    shared: Shared,
    tool: Tool,
    id: &'static str,
    symbol: Symbol,
    label: &'static str,
    number: usize,
) -> AnyView {
    let waiting = Live::waiting();
    let number = (number > 0).then(|| view! { <span class="number">{number}</span> }.erased());
    view! {
        <button
            type="button"
            class="btn quiet"
            id=id
            disabled=waiting
            aria-haspopup="dialog"
            aria-keyshortcuts=key_of(id)
            on:click=handler(move |_| shared.tool.set(Some(tool)))
        >
            {icon(symbol)}{label}{number}
        </button>
    }
    .erased()
}

/// The count, with the way to have all of them counted where counting ended before.
fn counted(count: Count) -> AnyView {
    let waiting = Live::waiting();
    let words = move || {
        let counting = if count.is_counting() {
            ", counting"
        } else {
            ""
        };
        format!("{}{counting}", count.words())
    };
    let open = move || {
        count.is_open().then(|| {
            view! {
                <button type="button" class="btn quiet small" id="count-all" disabled=waiting on:click=handler(move |_| count.ask(true))>"Count all"</button>
            }
            .erased()
        })
    };
    view! { <span class="count" role="status">{changing(words)}</span>{changing(open)} }.erased()
}

/// The dialog of the tool that is open.
pub(super) fn tools(shared: Shared) -> impl IntoView {
    let close = Callback::new(move |()| shared.tool.set(None));
    changing(move || {
        shared.tool.get().map(|tool| match tool {
            Tool::Sort => sort(shared, close),
            Tool::Filter => filter_dialog::dialog(shared, close),
            Tool::Columns => columns(shared, close),
        })
    })
}

fn sort(shared: Shared, close: Callback<()>) -> AnyView {
    let query = shared.query.get_untracked();
    let place = |order: &TokenOrder| {
        let mut all = TokenColumn::ALL.into_iter();
        Some((
            all.position(|column| column == order.column)?,
            order.descending,
        ))
    };
    let chosen: Vec<SortKey> = query.order.chosen().iter().filter_map(place).collect();
    let on_sort = move |keys: Vec<SortKey>| {
        let orders = keys.into_iter().map(|(place, descending)| TokenOrder {
            column: TokenColumn::ALL[place],
            descending,
        });
        let query = shared.query.get_untracked();
        shared.tool.set(None);
        shared.go.run(TokenQuery {
            order: TokenOrders::new(orders),
            ..query.from_start()
        });
    };
    let columns = TokenColumn::ALL.map(TokenColumn::label).to_vec();
    view! { <SortDialog columns chosen on_sort on_close=close/> }.erased()
}

fn columns(shared: Shared, close: Callback<()>) -> AnyView {
    let Ok(viewer) = Viewer::get() else {
        return ().into_any();
    };
    let layout = shared.query.with_untracked(|query| query.layout.clone());
    let on_layout = move |layout| {
        let query = shared.query.get_untracked();
        shared.tool.set(None);
        shared.go.run(TokenQuery { layout, ..query });
    };
    let names = names(viewer.sees_all_accounts(), viewer.may_edit_tokens());
    view! { <ColumnsDialog names layout on_layout on_close=close/> }.erased()
}
