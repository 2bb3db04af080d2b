//! The list of API tokens.

use super::{
    Changes,
    lifecycle::{Asked, Subject, entries, question},
    toolbar::{SORTABLE, first_page, toolbar},
};
use crate::{
    api::tokens::list_tokens,
    browser::KeptFocus,
    domain::{
        account::AccountRef,
        module::ModuleRef,
        page::{Page, PageRequest},
        token::{TokenOrder, TokenQuery, TokenStatus, TokenSummary},
        user::CurrentUser,
    },
    error::{ApiError, ErrorCode},
    href::{self, AddStep, Behind, EditStep, TokenTab},
    page::Viewer,
    ui::{
        Avatar, Empty, Erase as _, Failure, Menu, Moment, OptionalMoment, Pager, SortHeader,
        StatusChip, Symbol, icon, loading, page_title,
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

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
    let (asked, focus) = (Asked::new(), KeptFocus::new());
    let may_add = Viewer::get().is_ok_and(|viewer| viewer.may_edit_tokens());
    view! {
        {page_title("API tokens")}
        <p class="crumb">"Settings › API tokens"</p>
        <div class="head">
            <h1>"API tokens"</h1>
            <span class="grow"></span>
            {may_add.then(|| add_link(query))}
        </div>
        <section class="card" class:busy=busy aria-busy=move || busy.get().to_string() on:focusin=move |event| focus.note(&event)>
            {move || busy.get().then(|| view! { <progress class="loading" aria-label="Loading"></progress> }.erased())}
            {loading(move || Box::pin(async move {
                    let viewer = Viewer::get();
                    match (viewer, page.get().await) {
                        (Ok(viewer), Ok(page)) => {
                            focus.keep();
                            view! {
                                {toolbar(query, &page, viewer.sees_all_accounts(), refetch)}
                                {rows(viewer, query, page, asked)}
                            }
                            .erased()
                        }
                        (Ok(_), Err(error)) if error.code == ErrorCode::BadRequest => wrong_filter(query, &error),
                        (Err(error), _) | (_, Err(error)) => view! { <Failure error retry=refetch/> }.erased(),
                    }
                }))}
        </section>
        {question(asked, None)}
    }
    .erased()
}

/// The way to the form for a new token, over the list as it is.
fn add_link(query: Memo<TokenQuery>) -> AnyView {
    let add = move || href::add_token(AddStep::General, &query.get());
    view! { <a class="btn primary" href=add data-noscroll="">"Add"</a> }.erased()
}

/// What stands in place of the list when the filter in the address is none.
fn wrong_filter(query: Memo<TokenQuery>, error: &ApiError) -> AnyView {
    let asked = query.try_get_untracked().unwrap_or_default();
    let faults = error.fields.iter();
    let faults: Vec<_> = faults
        .map(|fault| format!("{}: {}", fault.field, fault.message))
        .collect();
    let text = format!("“{}” cannot be used. {}", asked.filter, faults.join(" "));
    let without = href::tokens(&TokenQuery {
        filter: String::new(),
        page: first_page(&asked),
        ..asked
    });
    view! { <Empty title="The filter is wrong" text><a class="btn" href=without>"Clear the filter"</a></Empty> }
        .erased()
}

/// What stands in place of rows when there are none.
fn nothing(viewer: &CurrentUser, query: Memo<TokenQuery>) -> AnyView {
    let asked = query.try_get_untracked().unwrap_or_default();
    let unfiltered = TokenQuery {
        page: first_page(&asked),
        order: asked.order,
        ..TokenQuery::default()
    };
    let narrowed = asked.status.is_some() || asked.account.is_some() || !asked.filter.is_empty();
    if asked.search.is_empty() && !narrowed {
        let text = "An API token lets a program use your platform in your account's name. Each token opens only the \
                    modules that you choose for it, and you can see when it was last used.";
        let add = viewer.may_edit_tokens().then(|| add_link(query));
        return view! { <Empty title="No API tokens yet" text>{add}</Empty> }.erased();
    }
    let text = if narrowed {
        "No token fits everything that the list is narrowed by.".to_owned()
    } else {
        format!(
            "No token of yours has “{}” in its name or id.",
            asked.search
        )
    };
    let all = href::tokens(&unfiltered);
    let label = if narrowed {
        "Clear filters"
    } else {
        "Show all tokens"
    };
    view! { <Empty title="No match" text><a class="btn" href=all>{label}</a></Empty> }.erased()
}

fn rows(
    viewer: CurrentUser,
    query: Memo<TokenQuery>,
    page: Page<TokenSummary>,
    asked: Asked,
) -> impl IntoView {
    if page.total == 0 {
        return nothing(&viewer, query);
    }
    let query = query.try_get_untracked().unwrap_or_default();
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
            view! { <SortHeader label href sorted/> }.erased()
        }
    };
    let shown = TokenQuery {
        page: PageRequest {
            number: page.number,
            ..query.page
        },
        ..query.clone()
    };
    let row = move |token: &TokenSummary| row(token, &shown, asked, all_accounts, may_edit);
    view! {
        <table class="grid" role="table">
            <thead>
                <tr>
                    {header(0)}
                    {all_accounts.then(|| view! { <th scope="col">"Account"</th> }.erased())}
                    <th scope="col">"Modules"</th>
                    {header(1)}
                    {header(2)}
                    {header(3)}
                    {header(4)}
                    {may_edit.then(|| view! { <th scope="col">"Actions"</th> }.erased())}
                </tr>
            </thead>
            <tbody role="rowgroup">{page.rows.iter().map(row).collect_view()}</tbody>
        </table>
        {pages(query, page)}
    }
    .erased()
}

fn row(
    token: &TokenSummary,
    list: &TokenQuery,
    asked: Asked,
    all_accounts: bool,
    may_edit: bool,
) -> AnyView {
    let id = token.id.to_string();
    let creator = token.created_by.clone();
    let seed = creator.seed();
    let picture = token.icon.as_ref().map(|icon| href::icon(token.id, icon));
    view! {
        <tr role="row" class:gone=token.status == TokenStatus::Deleted>
            <td role="cell">
                <div class="id">
                    <Avatar name=token.name.clone() seed=token.id.number() icon=picture/>
                    <div>
                        <a href=href::token(&id, TokenTab::General)><bdi>{token.name.clone()}</bdi></a>
                        <span class="sub">{id.clone()}</span>
                    </div>
                </div>
            </td>
            {all_accounts.then(|| account_cell(token.account.clone(), list))}
            <td role="cell" data-l="Modules">{modules(token.modules.clone())}</td>
            <td role="cell" data-l="Created by">
                <div class="id">
                    <Avatar name=creator.name.clone() seed size="sm"/>
                    <div><bdi>{creator.name}</bdi><span class="sub">{creator.id}</span></div>
                </div>
            </td>
            <td role="cell" data-l="Date created"><Moment at=token.created_at/></td>
            <td role="cell" data-l="Last access"><OptionalMoment at=token.last_access_at/></td>
            <td role="cell" data-l="Status"><StatusChip status=token.status/></td>
            {may_edit.then(|| {
                let edit = href::edit_token(&id, EditStep::General, &Behind::List(list.clone()));
                view! { <td role="cell" class="act">{actions(token.into(), edit, asked)}</td> }.erased()
            })}
        </tr>
    }
    .erased()
}

/// The account's name leads to the list of its tokens.
fn account_cell(account: AccountRef, list: &TokenQuery) -> AnyView {
    let only = href::tokens(&TokenQuery {
        account: Some(account.id),
        page: first_page(list),
        ..list.clone()
    });
    view! {
        <td role="cell" data-l="Account">
            <a href=only title="Only tokens of this account"><bdi>{account.name}</bdi></a>
            <span class="sub">{account.id.to_string()}</span>
        </td>
    }
    .erased()
}

fn actions(token: Subject, edit: String, asked: Asked) -> Option<AnyView> {
    token.has_menu().then(|| {
        let label = format!("Actions for {}", token.name());
        view! {
            <Menu label id=token.menu_id() class="btn quiet icon" trigger=Box::new(|| icon(Symbol::More).into_any())>
                {entries(&token, edit.clone(), asked)}
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
    let kept = href::narrowing(&query);
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
    .erased()
}
