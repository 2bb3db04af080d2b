//! What stands over the list: refresh, status filter and sorting, what the list is narrowed by, and the count.

use crate::{
    browser::Live,
    domain::{
        page::{Page, PageRequest},
        token::{TokenColumn, TokenOrder, TokenQuery, TokenStatus, TokenSummary},
    },
    href,
    ui::{Erase as _, Menu, Symbol, icon},
};
use leptos::prelude::*;

/// The columns that sort, under their headings.
pub const SORTABLE: [(&str, TokenColumn); 5] = [
    ("API token", TokenColumn::Name),
    ("Created by", TokenColumn::CreatedBy),
    ("Date created", TokenColumn::CreatedAt),
    ("Last access", TokenColumn::LastAccess),
    ("Status", TokenColumn::Status),
];

/// The row over the list. `deleted` tells whether Deleted tokens can be asked for.
pub fn toolbar(
    query: Memo<TokenQuery>,
    page: &Page<TokenSummary>,
    deleted: bool,
    refetch: Callback<()>,
) -> impl IntoView {
    let waiting = Live::waiting();
    let count = if page.total == 1 {
        "1 token".to_owned()
    } else {
        format!("{} tokens", page.total)
    };
    let account = page.rows.first().map(|token| token.account.clone());
    view! {
        <div class="bar">
            <button type="button" class="btn quiet" id="refresh" disabled=waiting on:click=move |_| refetch.run(())>
                {icon(Symbol::Refresh)}"Refresh"
            </button>
            {status_menu(query, deleted)}
            {sort_menu(query)}
            {move || {
                let query = query.get();
                let name = account.clone().filter(|account| Some(account.id) == query.account).map(|account| account.name);
                chips(&query, name).into_any()
            }}
            <span class="grow"></span>
            <span class="count" role="status">{count}</span>
        </div>
    }
    .erased()
}

/// What the list is narrowed by, each with the way to take that away.
fn chips(query: &TokenQuery, account_name: Option<String>) -> impl IntoView {
    let base = TokenQuery {
        page: first_page(query),
        ..query.clone()
    };
    let search = (!query.search.is_empty()).then(|| {
        let text = view! { "Name or id contains “"<bdi>{query.search.clone()}</bdi>"”" }.erased();
        let without = TokenQuery {
            search: String::new(),
            ..base.clone()
        };
        chip(text, "Clear search", &without)
    });
    let status = query.status.map(|status| {
        let without = TokenQuery {
            status: None,
            ..base.clone()
        };
        chip(
            format!("Status is {}", status.as_str()).into_any(),
            "Clear status filter",
            &without,
        )
    });
    let account = query.account.map(|id| {
        let name = account_name.unwrap_or_else(|| id.to_string());
        let text = view! { "Account is "<bdi>{name}</bdi> }.erased();
        let without = TokenQuery {
            account: None,
            ..base.clone()
        };
        chip(text, "Clear account filter", &without)
    });
    let filter = (!query.filter.is_empty()).then(|| {
        let text = view! { <code><bdi>{query.filter.clone()}</bdi></code> }.erased();
        let without = TokenQuery {
            filter: String::new(),
            ..base.clone()
        };
        chip(text, "Clear filter", &without)
    });
    view! { {search}{filter}{status}{account} }.erased()
}

fn chip(text: AnyView, clear: &'static str, without: &TokenQuery) -> AnyView {
    view! {
        <span class="filterchip">
            <span>{text}</span>
            <a href=href::tokens(without) aria-label=clear>{icon(Symbol::Close)}</a>
        </span>
    }
    .erased()
}

fn status_menu(query: Memo<TokenQuery>, deleted: bool) -> impl IntoView {
    view! {
        <Menu label="Status" class="btn quiet" id="status-menu" start=true trigger=Box::new(|| view! { {icon(Symbol::Filter)}"Status" }.erased())>
            {move || {
                let query = query.get();
                let all = if deleted { "All but Deleted" } else { "All" };
                let choices = TokenStatus::ALL.into_iter().filter(|status| deleted || *status != TokenStatus::Deleted);
                let choices = choices.map(|status| (status.as_str(), Some(status)));
                std::iter::once((all, None)).chain(choices).map(|(label, status)| {
                    let chosen = query.status == status;
                    let href = href::tokens(&TokenQuery { status, page: first_page(&query), ..query.clone() });
                    view! {
                        <a role="menuitemradio" tabindex="-1" aria-checked=chosen.to_string() href=href data-noscroll="">{label}</a>
                    }.erased()
                }).collect_view()
            }}
        </Menu>
    }
    .erased()
}

/// Sorting where there are no headings: rows are cards on narrow screens.
fn sort_menu(query: Memo<TokenQuery>) -> impl IntoView {
    view! {
        <Menu label="Sort" class="btn quiet" id="sort-menu" start=true trigger=Box::new(|| view! { {icon(Symbol::Sort)}"Sort" }.erased())>
            {move || {
                let query = query.get();
                SORTABLE.map(|(label, column)| {
                    let current = query.order.column == column;
                    let order = TokenOrder { column, descending: current && !query.order.descending };
                    let href = href::tokens(&TokenQuery { order, page: first_page(&query), ..query.clone() });
                    let direction = current.then_some(if query.order.descending { Symbol::Down } else { Symbol::Up });
                    view! {
                        <a role="menuitem" tabindex="-1" href=href data-noscroll="">
                            {label}
                            {direction.map(icon)}
                        </a>
                    }.erased()
                }).collect_view()
            }}
        </Menu>
    }
    .erased()
}

/// The first page of the same size.
pub fn first_page(query: &TokenQuery) -> PageRequest {
    PageRequest {
        number: 1,
        ..query.page
    }
}
