//! The list of API tokens.

use super::Changes;
use crate::{
    api::tokens::list_tokens,
    browser::Live,
    domain::{
        module::ModuleRef,
        page::{Page, PageRequest},
        token::{TokenColumn, TokenOrder, TokenQuery, TokenSummary},
        user::CurrentUser,
    },
    href::{self, Behind, EditStep, TokenTab},
    page::Viewer,
    ui::{
        Avatar, Empty, Failure, Menu, Moment, OptionalMoment, Pager, SortHeader, StatusChip,
        Symbol, icon, loading, page_title,
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The columns that sort, under their headings.
const SORTABLE: [(&str, TokenColumn); 5] = [
    ("API token", TokenColumn::Name),
    ("Created by", TokenColumn::CreatedBy),
    ("Date created", TokenColumn::CreatedAt),
    ("Last access", TokenColumn::LastAccess),
    ("Status", TokenColumn::Status),
];

/// The list as `query` has it.
#[component]
pub fn List(query: Memo<TokenQuery>) -> impl IntoView {
    let changes = expect_context::<Changes>();
    let page = wire::load(
        move || (query.get(), changes.0.get()),
        |(query, _)| list_tokens(query),
    );
    let busy = page.busy;
    let refetch = Callback::new(move |()| changes.raise());
    view! {
        {page_title("API tokens")}
        <p class="crumb">"Settings › API tokens"</p>
        <div class="head"><h1>"API tokens"</h1></div>
        <section class="card" class:busy=busy aria-busy=move || busy.get().to_string()>
            {move || busy.get().then(|| view! { <progress class="loading" aria-label="Loading"></progress> }.into_any())}
            {loading(move || Box::pin(async move {
                    let viewer = Viewer::get();
                    match (viewer, page.get().await) {
                        (Ok(viewer), Ok(page)) => view! { {toolbar(query, page.total, refetch)}{rows(viewer, query.try_get_untracked().unwrap_or_default(), page)} }.into_any(),
                        (Err(error), _) | (_, Err(error)) => view! { <Failure error retry=refetch/> }.into_any(),
                    }
                }))}
        </section>
    }
}

fn toolbar(query: Memo<TokenQuery>, total: u64, refetch: Callback<()>) -> impl IntoView {
    let waiting = Live::waiting();
    let count = if total == 1 {
        "1 token".to_owned()
    } else {
        format!("{total} tokens")
    };
    view! {
        <div class="bar">
            <button type="button" class="btn quiet" disabled=waiting on:click=move |_| refetch.run(())>
                {icon(Symbol::Refresh)}"Refresh"
            </button>
            {sort_menu(query)}
            {search_chip(query)}
            <span class="grow"></span>
            <span class="count" role="status">{count}</span>
        </div>
    }
}

/// What the list is narrowed by, and the way to take that away.
fn search_chip(query: Memo<TokenQuery>) -> impl IntoView {
    move || {
        let query = query.get();
        (!query.search.is_empty()).then(|| {
            let all = href::tokens(&TokenQuery {
                search: String::new(),
                page: first_page(&query),
                ..query.clone()
            });
            view! {
                <span class="filterchip">
                    <span>"Name or id contains “"<bdi>{query.search}</bdi>"”"</span>
                    <a href=all aria-label="Clear search">{icon(Symbol::Close)}</a>
                </span>
            }
            .into_any()
        })
    }
}

/// Sorting where there are no headings: rows are cards on narrow screens.
fn sort_menu(query: Memo<TokenQuery>) -> impl IntoView {
    view! {
        <Menu label="Sort" class="btn quiet" start=true trigger=Box::new(|| view! { {icon(Symbol::Sort)}"Sort" }.into_any())>
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
                    }.into_any()
                }).collect_view()
            }}
        </Menu>
    }
}

fn first_page(query: &TokenQuery) -> PageRequest {
    PageRequest {
        number: 1,
        ..query.page
    }
}

fn rows(viewer: CurrentUser, query: TokenQuery, page: Page<TokenSummary>) -> impl IntoView {
    if page.total == 0 && query.search.is_empty() {
        let text = "An API token lets a program use your platform in your account's name. Each token opens only the \
                    modules that you choose for it, and you can see when it was last used.";
        return view! { <Empty title="No API tokens yet" text/> }.into_any();
    }
    if page.total == 0 {
        let text = format!(
            "No token of yours has “{}” in its name or id.",
            query.search
        );
        let all = href::tokens(&TokenQuery::default());
        return view! { <Empty title="No match" text><a class="btn" href=all>"Show all tokens"</a></Empty> }.into_any();
    }
    let all_accounts = viewer.sees_all_accounts();
    let may_edit = viewer.may_edit_tokens();
    let header = {
        let query = query.clone();
        move |index: usize| {
            let (label, column) = SORTABLE[index];
            let sorted = (query.order.column == column).then_some(query.order.descending);
            let order = TokenOrder {
                column,
                descending: sorted == Some(false),
            };
            let href = href::tokens(&TokenQuery {
                order,
                page: first_page(&query),
                ..query.clone()
            });
            view! { <SortHeader label href sorted/> }.into_any()
        }
    };
    let behind = Behind::List(TokenQuery {
        page: PageRequest {
            number: page.number,
            ..query.page
        },
        ..query.clone()
    });
    let row =
        move |token: &TokenSummary| row(token.clone(), behind.clone(), all_accounts, may_edit);
    view! {
        <table class="grid" role="table">
            <thead>
                <tr>
                    {header(0)}
                    {all_accounts.then(|| view! { <th scope="col">"Account"</th> }.into_any())}
                    <th scope="col">"Modules"</th>
                    {header(1)}
                    {header(2)}
                    {header(3)}
                    {header(4)}
                    {may_edit.then(|| view! { <th scope="col">"Actions"</th> }.into_any())}
                </tr>
            </thead>
            <tbody role="rowgroup">{page.rows.iter().map(row).collect_view()}</tbody>
        </table>
        {pages(query, page)}
    }
    .into_any()
}

fn row(token: TokenSummary, behind: Behind, all_accounts: bool, may_edit: bool) -> impl IntoView {
    let id = token.id.to_string();
    let creator = token.created_by;
    let seed = creator.seed();
    let edit = href::edit_token(&id, EditStep::General, &behind);
    view! {
        <tr role="row">
            <td role="cell">
                <div class="id">
                    <Avatar name=token.name.clone() seed=token.id.number()/>
                    <div>
                        <a href=href::token(&id, TokenTab::General)><bdi>{token.name.clone()}</bdi></a>
                        <span class="sub">{id}</span>
                    </div>
                </div>
            </td>
            {all_accounts.then(|| view! {
                <td role="cell" data-l="Account"><bdi>{token.account.name}</bdi><span class="sub">{token.account.id.to_string()}</span></td>
            }.into_any())}
            <td role="cell" data-l="Modules">{modules(token.modules)}</td>
            <td role="cell" data-l="Created by">
                <div class="id">
                    <Avatar name=creator.name.clone() seed size="sm"/>
                    <div><bdi>{creator.name}</bdi><span class="sub">{creator.id}</span></div>
                </div>
            </td>
            <td role="cell" data-l="Date created"><Moment at=token.created_at/></td>
            <td role="cell" data-l="Last access"><OptionalMoment at=token.last_access_at/></td>
            <td role="cell" data-l="Status"><StatusChip status=token.status/></td>
            {may_edit.then(|| view! {
                <td role="cell" class="act">
                    <Menu label=format!("Actions for {}", token.name) class="btn quiet icon" trigger=Box::new(|| icon(Symbol::More).into_any())>
                        <a role="menuitem" tabindex="-1" href=edit.clone() data-noscroll="">"Edit"</a>
                    </Menu>
                </td>
            }.into_any())}
        </tr>
    }
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
    view! { <bdi>{main}</bdi><span class="sub">{below}</span> }
}

fn pages(query: TokenQuery, page: Page<TokenSummary>) -> impl IntoView {
    let navigate = use_navigate();
    let at = {
        let query = query.clone();
        move |number: u32| {
            href::tokens(&TokenQuery {
                page: PageRequest {
                    number,
                    ..query.page
                },
                ..query.clone()
            })
        }
    };
    let kept = [
        (!query.search.is_empty()).then(|| ("search", query.search.clone())),
        (query.order != TokenOrder::default()).then(|| ("order", query.order.to_text())),
    ];
    let kept = kept.into_iter().flatten().collect::<Vec<_>>();
    let size = query.page.size;
    let go = move |(number, chosen): (String, String)| {
        let mut page = PageRequest::lenient(Some(&number), Some(&chosen));
        if page.size != size {
            page.number = 1;
        }
        navigate(
            &href::tokens(&TokenQuery {
                page,
                ..query.clone()
            }),
            NavigateOptions::default(),
        );
    };
    view! {
        <Pager
            number=page.number
            pages=page.pages()
            size=page.size
            span=page.span()
            total=page.total
            action=href::TOKENS
            hidden=kept
            previous=(page.number > 1).then(|| at(page.number - 1))
            next=(page.number < page.pages()).then(|| at(page.number + 1))
            go=Callback::new(go)
        />
    }
}
