//! The rows of a part of the audit trail, and the way to other parts.

use super::{
    Shown, Trail,
    columns::{columns, names},
};
use crate::{
    browser::{self, Live},
    domain::{
        audit::{AuditCursor, AuditPage, Event, ObjectRef},
        grid::Layout,
        token::TokenId,
        user::PersonRef,
    },
    href::{self, TokenTab},
    ui::{
        ColumnsDialog, Empty, Erase as _, Failure, Grid, Symbol, changing, handler, icon, truth,
        turn,
    },
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The rows, under a bar for fetching them again and for what is shown of them.
pub fn trail(trail: Trail) -> AnyView {
    let busy = trail.page.busy;
    let line = || view! { <progress class="loading" aria-label="Loading"></progress> }.erased();
    let navigate = use_navigate();
    let choosing = RwSignal::new(false);
    let on_layout = Callback::new(move |layout: Layout| {
        let shown = trail.shown.get_untracked();
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        choosing.set(false);
        let navigate = navigate.clone();
        browser::after_question(move || navigate(&shown.laid_out(layout), options));
    });
    let layout = Memo::new(move |_| trail.shown.with(|shown| shown.query().layout.clone()));
    let chooser = move || {
        choosing.get().then(|| {
            let names = names(is_whole(&trail.shown.get_untracked()));
            let layout = layout.get_untracked();
            let on_close = move |()| choosing.set(false);
            view! { <ColumnsDialog names layout on_layout on_close/> }.erased()
        })
    };
    view! {
        <div class="trail" class:busy=busy aria-busy=move || truth(busy.get())>
            {move || busy.get().then(line)}
            {changing(chooser)}
            {bar(trail, choosing)}
            {move || match trail.page.now() {
                Some(Some(Ok(page))) => rows(trail, page, layout, on_layout),
                Some(Some(Err(error))) => {
                    view! { <Failure error retry=Callback::new(move |()| trail.page.refetch())/> }.erased()
                }
                // Out of sight, or on its way; the line above says so.
                Some(None) => ().into_any(),
                None => line(),
            }}
        </div>
    }
    .erased()
}

fn bar(trail: Trail, choosing: RwSignal<bool>) -> impl IntoView {
    let waiting = Live::waiting();
    let clear = move || match trail.shown.get() {
        Shown::All(query) if query.is_narrowed() => Some(clear_filters(&query.layout, true)),
        _ => None,
    };
    view! {
        <div class="bar">
            <button type="button" class="btn quiet" disabled=waiting on:click=handler(move |_| trail.page.refetch())>
                {icon(Symbol::Refresh)}"Refresh"
            </button>
            <button type="button" class="btn quiet" disabled=waiting aria-haspopup="dialog" on:click=handler(move |_| choosing.set(true))>
                {icon(Symbol::Columns)}"Columns"
            </button>
            {changing(clear)}
        </div>
    }
    .erased()
}

/// The way to the whole trail, with what is shown of it as it is.
fn clear_filters(layout: &Layout, quiet: bool) -> AnyView {
    let class = if quiet { "btn quiet" } else { "btn" };
    let address = href::whole_audit_trail(layout);
    view! { <a class=class href=address>{quiet.then(|| icon(Symbol::Close))}"Clear filters"</a> }
        .erased()
}

/// Whether it is the trail of everything.
const fn is_whole(shown: &Shown) -> bool {
    matches!(shown, Shown::All(_))
}

fn rows(
    trail: Trail,
    page: AuditPage,
    layout: Memo<Layout>,
    on_layout: Callback<Layout>,
) -> AnyView {
    if page.rows.is_empty() {
        return nothing(&trail.shown.get_untracked());
    }
    // Made anew for another layout, the links too: they keep what is shown.
    let table = move || {
        let layout = layout.get();
        let shown = trail.shown.get_untracked();
        let rows = page.rows.iter().map(|row| (row.clone(), ""));
        let grid = Grid {
            label: "Audit trail",
            rows: rows.collect(),
            columns: columns(&shown),
            layout,
            on_layout,
        };
        view! {
            {grid.view()}
            {turns(&shown, &page)}
        }
        .erased()
    };
    changing(table).into_any()
}

/// What to say when there are no rows, which has three reasons.
fn nothing(shown: &Shown) -> AnyView {
    let newest = shown.at(AuditCursor::Newest);
    match shown {
        _ if shown.query().cursor != AuditCursor::Newest => {
            let text = "There are no records on this side. Go back to the newest ones.";
            view! { <Empty title="No more records" text><a class="btn" href=newest>"Newest records"</a></Empty> }.erased()
        }
        Shown::All(query) if query.is_narrowed() => {
            let text = "No record fits all of the filters together. Loosen one of them, or clear them all. Days are those of UTC.";
            let clear = clear_filters(&query.layout, false);
            view! { <Empty title="No match" text>{clear}</Empty> }.erased()
        }
        _ => {
            let text = "As soon as somebody changes something or looks at a secret, it is recorded here: who did it, when and from where.";
            view! { <Empty title="Nothing recorded yet" text/> }.erased()
        }
    }
}

/// What people call the event with this key; for one that this version does not know, nothing.
pub fn event_label(key: &str) -> &'static str {
    Event::from_key(key).map_or("", Event::label)
}

/// An event's key, which may break after its dots.
pub fn event_key(key: &str) -> AnyView {
    let part = |part: &str| view! { {part.to_owned()}<wbr/> }.erased();
    view! { <span class="sub">{key.split_inclusive('.').map(part).collect_view()}</span> }.erased()
}

/// The word that something was tried and not done.
pub fn refused(refused: bool) -> AnyView {
    let chip = || view! { <span class="chip gone">"Refused"</span> }.erased();
    refused.then(chip).into_any()
}

/// What something happened to: its name, or its id for want of one, and below its kind and id. A token and
/// a bulk change have a page.
pub fn object(object: ObjectRef) -> impl IntoView {
    let kind = match object.kind.as_str() {
        "Token" => "API token".to_owned(),
        "BulkChange" => "Bulk change".to_owned(),
        _ => object.kind.clone(),
    };
    let address = match object.kind.as_str() {
        "Token" if object.id.parse::<TokenId>().is_ok() => {
            Some(href::token(&object.id, TokenTab::General))
        }
        "BulkChange" => Some(href::bulk_change(&object.id)),
        _ => None,
    };
    let (main, id) = match (object.name.as_str(), object.id.as_str()) {
        ("", "") => ("Unknown".to_owned(), String::new()),
        ("", id) => (id.to_owned(), String::new()),
        (name, id) => (name.to_owned(), id.to_owned()),
    };
    let main = match address {
        Some(address) => view! { <a href=address><bdi>{main}</bdi></a> }.erased(),
        None => view! { <bdi>{main}</bdi> }.erased(),
    };
    view! { {main}<span class="sub">{kind}" "<span class="whole">{id}</span></span> }.erased()
}

/// The name of whoever did it.
pub fn actor_name(actor: &PersonRef) -> String {
    let nobody = actor.name.is_empty() && actor.id.is_empty();
    if nobody {
        "Unknown".to_owned()
    } else {
        actor.name.clone()
    }
}

/// Whoever did it: the name he had, and his id unless it was Latchkey itself or nobody who is known.
pub fn actor(actor: PersonRef) -> impl IntoView {
    let name = actor_name(&actor);
    let id = (!actor.id.is_empty()).then_some(actor.id);
    view! { <bdi>{name}</bdi>{id.map(|id| view! { <span class="sub">{id}</span> }.erased())} }
        .erased()
}

/// The way to newer and older records; nothing when all are in sight.
fn turns(shown: &Shown, page: &AuditPage) -> AnyView {
    let begins = shown.query().cursor == AuditCursor::Newest;
    if begins && page.newer.is_none() && page.older.is_none() {
        return ().into_any();
    }
    let newest = shown.at(AuditCursor::Newest);
    let [newer, older] = [page.newer, page.older].map(|cursor| cursor.map(|at| shown.at(at)));
    view! {
        <nav class="pager" aria-label="Pages">
            {(!begins).then(|| view! { <a class="btn quiet" href=newest>"Newest"</a> }.erased())}
            {turn(newer, "Newer", false)}
            {turn(older, "Older", true)}
        </nav>
    }
    .erased()
}
