//! A short list: a search, rows in the grid, and pages. Whatever it lists.

use super::{address::Address, frame::NO_SECRET, latest::Latest};
use crate::{
    browser::{KeptFocus, Live, after_question},
    domain::{
        directory::DirectoryQuery,
        grid::Layout,
        page::{Page, PageRequest, Total, pages},
        text::{grouped, looks_like_secret},
    },
    error::ApiError,
    href,
    ui::{
        Column, ColumnName, ColumnsDialog, Empty, Erase as _, Failure, Grid, Pager, Symbol,
        changing, handler, icon, loading, not_refreshed, page_title, truth,
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin, sync::Arc};

/// A page of rows on its way.
pub(super) type Fetched<R> = Pin<Box<dyn Future<Output = Result<Page<R>, ApiError>> + Send>>;

/// What one of the lists has of its own.
pub(super) struct ShortList {
    /// What stands over it: [`titled`], or more.
    pub head: AnyView,
    /// Its name, for those who do not see it.
    pub label: &'static str,
    /// Its address.
    pub path: String,
    /// What the search is for, as in "Search modules by name, code or id".
    pub searched: &'static str,
    /// What there is none of, when there is none at all.
    pub none: &'static str,
}

/// Where rows of one kind come from, and how they are shown.
pub(super) struct Source<R: 'static> {
    /// The columns, with what stands in them.
    pub columns: Box<dyn Fn() -> Vec<Column<R>> + Send + Sync>,
    /// The class of a row's line.
    pub class: fn(&R) -> &'static str,
    /// Fetches a page.
    pub fetch: Box<dyn Fn(DirectoryQuery) -> Fetched<R> + Send + Sync>,
    /// Rises whenever something was changed.
    pub changes: RwSignal<u32>,
}

/// What the parts of a list share.
#[derive(Clone, Copy)]
struct Shared {
    path: StoredValue<String>,
    query: Memo<DirectoryQuery>,
    go: Callback<DirectoryQuery>,
    choosing: RwSignal<bool>,
}

impl Shared {
    fn address(self, query: &DirectoryQuery) -> String {
        self.path.with_value(|path| href::directory(path, query))
    }
}

/// The head of a list with this title, and a button beside it.
pub(super) fn titled(title: &'static str, add: Option<AnyView>) -> AnyView {
    view! {
        {page_title(title)}
        <p class="crumb">"Settings › "{title}</p>
        <div class="head"><h1>{title}</h1><span class="grow"></span>{add}</div>
    }
    .erased()
}

/// A table of rows of any kind, in a layout.
type Table = Arc<dyn Fn(Layout, Callback<Layout>) -> AnyView + Send + Sync>;
/// A page of rows, each taken for nothing, and the table of them.
type Rowed = (Page<()>, Table);
type Shown = Result<Rowed, ApiError>;

/// The rows of a list without their kind: the rest is then the same for all, and the browser loads it once.
struct Rows {
    names: Arc<[ColumnName]>,
    busy: RwSignal<bool>,
    refetch: Callback<()>,
    get: Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Shown> + Send>> + Send + Sync>,
}

impl<R> Source<R>
where
    R: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn rows(self, label: &'static str, query: Memo<DirectoryQuery>) -> Rows {
        let Self {
            columns,
            class,
            fetch,
            changes,
        } = self;
        let columns: Arc<dyn Fn() -> Vec<Column<R>> + Send + Sync> = columns.into();
        let loaded = wire::load(
            move || (query.get(), changes.get()),
            move |(query, _)| fetch(query),
        );
        let names = columns().iter().map(Column::name).collect();
        let get = move || -> Pin<Box<dyn Future<Output = Shown> + Send>> {
            let columns = Arc::clone(&columns);
            Box::pin(async move {
                let mut page = loaded.get().await?;
                let rows = std::mem::take(&mut page.rows);
                let place = Page {
                    rows: vec![(); rows.len()],
                    number: page.number,
                    size: page.size,
                    total: page.total,
                    more: page.more,
                };
                let table: Table = Arc::new(move |layout, on_layout| {
                    Grid {
                        label,
                        columns: columns(),
                        rows: rows.iter().map(|row| (row.clone(), class(row))).collect(),
                        layout,
                        on_layout,
                    }
                    .view()
                });
                Ok((place, table))
            })
        };
        Rows {
            names,
            busy: loaded.busy,
            refetch: Callback::new(move |()| loaded.refetch()),
            get: Arc::new(get),
        }
    }
}

/// The list as its address has it.
pub(super) fn short_list<R>(list: ShortList, source: Source<R>) -> AnyView
where
    R: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let search = Address::here().search;
    let query = Memo::new(move |_| search.with(|search| href::directory_query(search)));
    let wanted = Memo::new(move |_| query.with(DirectoryQuery::rows));
    let rows = source.rows(list.label, wanted);
    page(list, query, rows)
}

fn page(list: ShortList, query: Memo<DirectoryQuery>, rows: Rows) -> AnyView {
    let ShortList {
        head,
        label: _,
        path,
        searched,
        none,
    } = list;
    let Rows {
        names,
        busy,
        refetch,
        get,
    } = rows;
    let (navigate, path) = (use_navigate(), StoredValue::new(path));
    let go = move |query: DirectoryQuery| {
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        let address = path.with_value(|path| href::directory(path, &query));
        let navigate = navigate.clone();
        after_question(move || navigate(&address, options));
    };
    let shared = Shared {
        path,
        query,
        go: Callback::new(go),
        choosing: RwSignal::new(false),
    };
    let focus = KeptFocus::new();
    let told = RwSignal::new(String::new());
    let asked = move || query.try_with_untracked(DirectoryQuery::rows);
    let latest = Latest::new();
    let shown = move |(page, table): Rowed| -> AnyView {
        let words = rows_in_words(&page);
        Effect::new(move |_| {
            let _ = told.try_set(words.clone());
        });
        if page.rows.is_empty() {
            return nothing(shared, none);
        }
        let foot = foot(shared, &page);
        let grid = move || {
            let layout = query.with(|query| query.layout.clone());
            table(layout, on_layout(shared))
        };
        view! { {changing(grid)}{foot} }.erased()
    };
    view! {
        {head}
        <section class="card" class:busy=busy aria-busy=move || truth(busy.get())>
            {move || busy.get().then(|| view! { <progress class="loading" aria-label="Loading"></progress> }.erased())}
            {bar(shared, searched, refetch, told)}
            // The search is not part of it: it stays, and so does the focus of somebody who types while rows arrive.
            <section node_ref=focus.part on:focusin=handler(move |event: leptos::ev::FocusEvent| focus.note(&event))>
                {loading(move || {
                    let rows = get();
                    Box::pin(async move {
                        match rows.await {
                            Ok(rows) => {
                                focus.keep();
                                latest.came(asked(), &rows);
                                shown(rows)
                            }
                            Err(error) => match latest.instead_of(&error, asked()) {
                                Some(rows) => {
                                    focus.keep();
                                    view! { {not_refreshed(error, refetch)}{shown(rows)} }.erased()
                                }
                                None => view! { <Failure error retry=refetch/> }.erased(),
                            },
                        }
                    })
                })}
            </section>
        </section>
        {chooser(shared, names)}
    }
    .erased()
}

fn on_layout(shared: Shared) -> Callback<Layout> {
    Callback::new(move |layout| {
        shared.choosing.set(false);
        let query = shared.query.get_untracked();
        shared.go.run(DirectoryQuery { layout, ..query });
    })
}

fn chooser(shared: Shared, names: Arc<[ColumnName]>) -> impl IntoView {
    let dialog = move || {
        shared.choosing.get().then(|| {
            let layout = shared.query.with_untracked(|query| query.layout.clone());
            let names = Arc::clone(&names);
            let on_close = move |()| shared.choosing.set(false);
            view! { <ColumnsDialog names layout on_layout=on_layout(shared) on_close/> }.erased()
        })
    };
    changing(dialog)
}

/// The search, a plain form that works without script, and the tools.
fn bar(
    shared: Shared,
    searched: &'static str,
    refetch: Callback<()>,
    told: RwSignal<String>,
) -> impl IntoView {
    let waiting = Live::waiting();
    let field = NodeRef::<leptos::html::Input>::new();
    let refused = RwSignal::new(false);
    let typed = move || shared.query.with(|query| query.search.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked();
        let search = typed.map(|field| field.value()).unwrap_or_default();
        refused.set(looks_like_secret(&search));
        if !refused.get_untracked() {
            let query = shared.query.get_untracked();
            shared.go.run(DirectoryQuery {
                search: search.trim().to_owned(),
                page: PageRequest {
                    number: 1,
                    ..query.page
                },
                ..query
            });
        }
    };
    view! {
        <div class="bar">
            <form class="find" role="search" aria-label=searched method="get" action=shared.path.get_value() on:submit=handler(submit)>
                <input
                    class="field"
                    type="search"
                    name="search"
                    id="directory-search"
                    node_ref=field
                    placeholder=searched
                    aria-label=searched
                    autocomplete="off"
                    pattern=NO_SECRET
                    value=typed()
                    prop:value=changing(typed)
                    aria-invalid=move || refused.get().then_some("true")
                />
            </form>
            <button type="button" class="btn quiet" id="columns-tool" disabled=waiting aria-haspopup="dialog" on:click=handler(move |_| shared.choosing.set(true))>
                {icon(Symbol::Columns)}"Columns"
            </button>
            <button type="button" class="btn quiet" id="refresh" disabled=waiting on:click=handler(move |_| refetch.run(()))>
                {icon(Symbol::Refresh)}"Refresh"
            </button>
            {move || shared.query.with(|query| query.account).map(|account| {
                let all = DirectoryQuery { account: None, ..shared.query.get() };
                let all = shared.address(&all);
                let label = format!("Account {account}: show those of all accounts");
                view! { <a class="btn quiet" href=all aria-label=label>"Account "{account.to_string()}{icon(Symbol::Close)}</a> }.erased()
            })}
            <span class="grow"></span>
            <span class="count" role="status">{told}</span>
            {move || refused.get().then(|| view! {
                <p class="notice warn" role="alert">"This looks like a token's secret, so it was not sent. Search for a name or an id instead."</p>
            }.erased())}
        </div>
    }
    .erased()
}

/// "37 rows", "1,000+ rows".
fn rows_in_words(page: &Page<()>) -> String {
    match page.total {
        Total::Exact(1) => "1 row".to_owned(),
        Total::Exact(total) => format!("{} rows", grouped(total)),
        Total::AtLeast(total) => format!("{}+ rows", grouped(total)),
    }
}

fn nothing(shared: Shared, none: &'static str) -> AnyView {
    let query = shared.query.get_untracked();
    if query.search.is_empty() && query.account.is_none() {
        return view! { <Empty title="Nothing here yet" text=none/> }.erased();
    }
    let all = DirectoryQuery {
        search: String::new(),
        account: None,
        page: PageRequest {
            number: 1,
            ..query.page
        },
        ..query.clone()
    };
    let text = match query.search.as_str() {
        "" => "This account has none.".to_owned(),
        search => format!("Nothing here matches “{search}”."),
    };
    let all = shared.address(&all);
    view! { <Empty title="No match" text><a class="btn" href=all>"Show all"</a></Empty> }.erased()
}

fn foot(shared: Shared, page: &Page<()>) -> AnyView {
    let (number, size) = (page.number, page.size);
    let total = page.total.at_least();
    let place = match page.span() {
        Some((first, last)) => {
            format!("{}–{} of {}", grouped(first), grouped(last), grouped(total))
        }
        None => String::new(),
    };
    let at = move |number: u32, size: u32| {
        let query = shared.query.get();
        DirectoryQuery {
            page: PageRequest { number, size },
            ..query
        }
    };
    let address = move |number| shared.address(&at(number, size));
    let more = page.more;
    let go = move |(typed, chosen): (String, String)| {
        let asked = PageRequest::lenient(Some(&typed), Some(&chosen));
        let number = if asked.size == size { asked.number } else { 1 };
        shared.go.run(untrack(|| at(number, asked.size)));
    };
    let query = shared.query.get_untracked();
    let hidden = [
        (!query.search.is_empty()).then_some(("search", query.search)),
        query
            .account
            .map(|account| ("account", account.to_string())),
    ];
    view! {
        <Pager
            number
            size
            pages=format!("of {}", pages(total, size))
            place
            action=shared.path.get_value()
            hidden=hidden.into_iter().flatten().collect()
            previous=Signal::derive(move || (number > 1).then(|| address(number - 1)))
            next=Signal::derive(move || more.then(|| address(number + 1)))
            go=Callback::new(go)
        />
    }
    .erased()
}
