//! The list of API tokens.

use super::{
    Changes, bulk_dialog,
    filter_state::ShownFilter,
    lifecycle::{Asked, question},
    list_columns::{ListRow, Seen, columns},
    list_count::Count,
    list_pages::pages,
    list_views::{begin_with_default, beside_default, open},
    remarks::remarks,
    selection::{self, Selection},
    toolbar::{Tool, toolbar, tools},
};
use crate::{
    api::tokens::list_tokens,
    browser::{self, KeptFocus, Live},
    chosen_rows::ChosenRows,
    domain::{
        token::{TokenId, TokenList, TokenStatus},
        token_query::TokenQuery,
        user::CurrentUser,
        view::ListName,
    },
    error::{ApiError, ErrorCode},
    href::{self, AddStep},
    page::{
        Viewer,
        address::Address,
        latest::Latest,
        views::{Views, dialogs},
    },
    ui::{
        Empty, Erase as _, Failure, Grid, changing, handler, key_of, loading, not_refreshed,
        page_title, truth,
    },
    wire::{self, Loaded},
};
use leptos::prelude::*;
use std::time::Duration;

/// How long a list may take before that is said.
const PATIENCE: Duration = Duration::from_millis(800);

/// What the parts of the list share.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    /// What the address asks for.
    pub query: Memo<TokenQuery>,
    /// The raw query string of the address.
    pub search: Memo<String>,
    /// The saved views.
    pub views: Views,
    /// Led to another list.
    pub go: Callback<TokenQuery>,
    /// The token that a dialog asks about.
    pub asked: Asked,
    /// The dialog of the toolbar that is open.
    pub tool: RwSignal<Option<Tool>>,
    /// The rows as they were last seen.
    pub seen: Seen,
    /// What is selected.
    pub selection: Selection,
    /// The filter as it was last seen.
    pub filter: StoredValue<ShownFilter>,
}

/// The list that the address asks for, with as many rows on a page as were chosen.
pub(super) fn list_query() -> Memo<TokenQuery> {
    let (search, rows) = (Address::here().search, expect_context::<ChosenRows>());
    Memo::new(move |_| rows.apply(search.with(|search| href::token_query(search))))
}

/// The list.
#[component]
pub fn List() -> impl IntoView {
    let query = list_query();
    let changes = expect_context::<Changes>();
    let wanted = Memo::new(move |_| query.with(TokenQuery::rows));
    let page = wire::load(
        move || (wanted.get(), changes.0.get()),
        |(query, _)| list_tokens(query),
    );
    let busy = page.busy;
    let (search, open) = (Address::here().search, open());
    // A dialog that leads on is closed first.
    let to = Callback::new(move |address: String| {
        let open = open.clone();
        browser::after_question(move || open(&address, false));
    });
    let views = Views::new(ListName::Tokens, search, href::kept_tokens, to);
    begin_with_default(views);
    let query = beside_default(query, views);
    let shared = Shared {
        query,
        search,
        views,
        go: Callback::new(move |query: TokenQuery| to.run(href::tokens(&query))),
        asked: Asked::new(),
        tool: RwSignal::new(None),
        seen: Seen::new(),
        selection: Selection::new(),
        filter: StoredValue::default(),
    };
    let refetch = Callback::new(move |()| {
        shared.seen.compare();
        changes.raise();
    });
    let stopped = RwSignal::new(false);
    Effect::new(move |_| {
        if busy.get() {
            stopped.set(false);
        }
    });
    let focus = KeptFocus::new();
    let latest = Latest::new();
    let may_add = Viewer::get().is_ok_and(|viewer| viewer.may_edit_tokens());
    view! {
        {page_title("API tokens")}
        <p class="crumb">"Settings › API tokens"</p>
        <div class="head">
            <h1>"API tokens"</h1>
            <span class="grow"></span>
            {may_add.then(|| add_link(query, Some("add-token")))}
        </div>
        <section class="card" node_ref=focus.part class:busy=busy aria-busy=move || truth(busy.get()) on:focusin=handler(move |event: leptos::ev::FocusEvent| focus.note(&event))>
            {move || busy.get().then(|| view! { <progress class="loading" aria-label="Loading"></progress> }.erased())}
            {waiting(page, stopped)}
            {loading(move || Box::pin(async move {
                    let (viewer, found) = (Viewer::get(), page.get().await);
                    views.arrive().await;
                    match (viewer, found) {
                        (Ok(viewer), Ok(list)) => {
                            focus.keep();
                            latest.came(wanted.try_get_untracked(), &list);
                            shown(shared, &viewer, list, refetch)
                        }
                        (Ok(viewer), Err(error)) if error.code == ErrorCode::BadRequest => {
                            focus.keep();
                            wrong_filter(shared, &viewer, &error, refetch)
                        }
                        (Ok(_), Err(error)) if error.code == ErrorCode::Unavailable => {
                            focus.keep();
                            not_in_time(shared, error, refetch)
                        }
                        (viewer, Err(error)) => {
                            match (viewer, latest.instead_of(&error, wanted.try_get_untracked())) {
                                (Ok(viewer), Some(list)) => {
                                    focus.keep();
                                    let rows = shown(shared, &viewer, list, refetch);
                                    view! { {not_refreshed(error, refetch)}{rows} }.erased()
                                }
                                _ => view! { <Failure error retry=refetch/> }.erased(),
                            }
                        }
                        (Err(error), _) => view! { <Failure error retry=refetch/> }.erased(),
                    }
                }))}
        </section>
        {tools(shared)}
        {dialogs(views)}
        {question(shared.asked, None)}
        {bulk_dialog::question(shared)}
    }
    .erased()
}

/// What is said of a list that takes long, with the way not to wait for it; and afterwards, that these are not its rows.
fn waiting(page: Loaded<Result<TokenList, ApiError>>, stopped: RwSignal<bool>) -> AnyView {
    let long = RwSignal::new(false);
    Effect::new(move |_| {
        long.set(false);
        if page.busy.get() {
            let later = set_timeout_with_handle(
                move || {
                    let _ = long.try_set(true);
                },
                PATIENCE,
            );
            on_cleanup(move || {
                if let Ok(later) = later {
                    later.clear();
                }
            });
        }
    });
    let stop = move |_| {
        page.stop();
        stopped.set(true);
    };
    let again = move |_| page.refetch();
    view! {
        {move || (page.busy.get() && long.get()).then(|| view! {
            <p class="notice slow" role="status">
                "The list is still on its way. Looking through very many tokens is ended after five seconds. "
                <button type="button" class="btn small" id="stop-looking" on:click=handler(stop)>"Stop"</button>
            </p>
        }.erased())}
        {move || stopped.get().then(|| view! {
            <p class="notice warn" role="status">
                "Stopped. The rows below are those from before, not what the address asks for. "
                <button type="button" class="btn small" id="look-again" on:click=handler(again)>"Look again"</button>
            </p>
        }.erased())}
    }
    .erased()
}

/// The way to the form for a new token, over the list as it is.
fn add_link(query: Memo<TokenQuery>, id: Option<&'static str>) -> AnyView {
    let add = move || href::add_token(AddStep::General, &query.get());
    view! { <a class="btn primary" id=id aria-keyshortcuts=id.and_then(key_of) href=changing(add) data-noscroll="">"Add"</a> }.erased()
}

/// The list that was found.
fn shown(shared: Shared, viewer: &CurrentUser, list: TokenList, refetch: Callback<()>) -> AnyView {
    let query = shared.query;
    shared.filter.set_value(ShownFilter {
        text: query.try_get_untracked().unwrap_or_default().filter,
        form: list.form,
        names: list.names,
        faults: Vec::new(),
    });
    let count = Count::of(query, list.page.total);
    let asked = query.try_get_untracked().unwrap_or_default();
    shared.selection.belongs_to(&asked);
    let rows: Vec<ListRow> = shared.seen.mark(list.page.rows.clone());
    let changed = rows.iter().filter(|row| row.changed).count();
    let bar = toolbar(shared, Some(count), changed, refetch);
    let table = if rows.is_empty() {
        nothing(viewer, query)
    } else {
        let more = list.page.more || list.page.number > 1;
        let picks = viewer
            .may_edit_tokens()
            .then(|| selection::bar(shared, selectable(&rows), count, more));
        let viewer = viewer.clone();
        let layout = Memo::new(move |_| query.with(|query| query.layout.clone()));
        let table = move || grid(shared, &viewer, rows.clone(), layout.get());
        view! {
            {picks}
            {changing(table)}
            {pages(shared, &list.page, count)}
        }
        .erased()
    };
    let remarks = remarks(shared, viewer, list.page.number);
    let goes_on = list.several_change.then(|| {
        view! {
            <p class="notice info">
                "Several API tokens are being changed at once. "<a href=href::BULK_CHANGES>"See how far it is"</a>
            </p>
        }
        .erased()
    });
    view! { {bar}{remarks}{goes_on}{table} }.erased()
}

/// The tokens of the page that can be selected.
fn selectable(rows: &[ListRow]) -> Vec<TokenId> {
    let living = rows
        .iter()
        .filter(|row| row.token.status != TokenStatus::Deleted);
    living.map(|row| row.token.id).collect()
}

fn grid(
    shared: Shared,
    viewer: &CurrentUser,
    rows: Vec<ListRow>,
    layout: crate::domain::grid::Layout,
) -> AnyView {
    let class = |row: &ListRow| match (row.token.status, row.changed) {
        (TokenStatus::Deleted, _) => "gone",
        (_, true) => "changed",
        _ => "",
    };
    Grid {
        label: "API tokens",
        columns: columns(shared, viewer),
        rows: rows
            .into_iter()
            .map(|row| {
                let class = class(&row);
                (row, class)
            })
            .collect(),
        layout,
        on_layout: Callback::new(move |layout| {
            let query = shared.query.get_untracked();
            shared.go.run(TokenQuery { layout, ..query });
        }),
    }
    .view()
}

/// What stands in place of the list when the filter in the address is none: what is wrong, and the ways to change it.
fn wrong_filter(
    shared: Shared,
    viewer: &CurrentUser,
    error: &ApiError,
    refetch: Callback<()>,
) -> AnyView {
    let asked = shared.query.try_get_untracked().unwrap_or_default();
    let faults = error.fields.iter();
    let faults: Vec<_> = faults
        // A fault of the text as a whole stands under a name that means nothing to a person.
        .map(|fault| {
            if fault.field.starts_with("rql_") {
                fault.message.clone()
            } else {
                format!("{}: {}", fault.field, fault.message)
            }
        })
        .collect();
    let text = format!("“{}” cannot be used. {}", asked.filter, faults.join(" "));
    let without = href::tokens(&TokenQuery {
        filter: String::new(),
        ..asked.from_start()
    });
    shared.filter.set_value(ShownFilter {
        text: asked.filter,
        faults,
        ..ShownFilter::default()
    });
    // Nobody knows how many pages there would be.
    let remarks = remarks(shared, viewer, asked.page.number);
    let waiting = Live::waiting();
    let change = move |_| shared.tool.set(Some(Tool::Filter));
    view! {
        {toolbar(shared, None, 0, refetch)}
        {remarks}
        <Empty title="The filter is wrong" text>
            <button type="button" class="btn" id="filter-change" disabled=waiting aria-haspopup="dialog" on:click=handler(change)>"Change the filter"</button>
            <a class="btn" href=without>"Clear the filter"</a>
        </Empty>
    }
    .into_any()
}

/// What stands in place of the list when it was not found in time: with the tools by which it can be narrowed otherwise.
fn not_in_time(shared: Shared, error: ApiError, refetch: Callback<()>) -> AnyView {
    let text = shared.query.try_get_untracked().unwrap_or_default().filter;
    shared.filter.set_value(ShownFilter {
        text,
        ..ShownFilter::default()
    });
    view! {
        {toolbar(shared, None, 0, refetch)}
        <Failure error retry=refetch/>
    }
    .into_any()
}

/// What stands in place of rows when there are none.
fn nothing(viewer: &CurrentUser, query: Memo<TokenQuery>) -> AnyView {
    let asked = query.try_get_untracked().unwrap_or_default();
    let all = href::tokens(&TokenQuery {
        search: String::new(),
        filter: String::new(),
        ..asked.from_start()
    });
    if !asked.is_narrowed() {
        let text = "An API token lets a program use your platform in your account's name. Each token opens only the \
                    modules that you choose for it, and you can see when it was last used.";
        let add = viewer.may_edit_tokens().then(|| add_link(query, None));
        return view! { <Empty title="No API tokens yet" text>{add}</Empty> }.erased();
    }
    let (text, label) = if asked.filter.is_empty() {
        let text = format!(
            "No token of yours has “{}” in its name or id.",
            asked.search
        );
        (text, "Show all tokens")
    } else {
        let text = "No token fits everything that the list is narrowed by.".to_owned();
        (text, "Clear filters")
    };
    view! { <Empty title="No match" text><a class="btn" href=all>{label}</a></Empty> }.erased()
}
