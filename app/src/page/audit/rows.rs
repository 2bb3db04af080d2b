//! The rows of a part of the audit trail, and the way to other parts.

use super::{Shown, Trail};
use crate::{
    browser::Live,
    domain::{
        audit::{AuditCursor, AuditPage, AuditQuery, AuditSummary, Event, ObjectRef},
        token::TokenId,
        user::PersonRef,
    },
    href::{self, TokenTab},
    ui::{Avatar, Empty, Erase as _, Failure, Moment, Symbol, icon, turn},
};
use leptos::prelude::*;

/// The rows, under a bar for fetching them again.
pub fn trail(trail: Trail) -> AnyView {
    let busy = trail.page.busy;
    let line = || view! { <progress class="loading" aria-label="Loading"></progress> }.erased();
    view! {
        <div class="trail" class:busy=busy aria-busy=move || busy.get().to_string()>
            {move || busy.get().then(line)}
            {bar(trail)}
            {move || match trail.page.now() {
                Some(Some(Ok(page))) => rows(&trail.shown.get_untracked(), page),
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

fn bar(trail: Trail) -> impl IntoView {
    let waiting = Live::waiting();
    let filtered = move || matches!(trail.shown.get(), Shown::All(query) if is_filtered(&query));
    view! {
        <div class="bar">
            <button type="button" class="btn quiet" disabled=waiting on:click=move |_| trail.page.refetch()>
                {icon(Symbol::Refresh)}"Refresh"
            </button>
            {move || filtered().then(|| view! { <a class="btn quiet" href=href::AUDIT_TRAIL>{icon(Symbol::Close)}"Clear filters"</a> }.erased())}
        </div>
    }
    .erased()
}

/// Whether the query narrows the trail to anything.
fn is_filtered(query: &AuditQuery) -> bool {
    let fields = [
        &query.object,
        &query.actor,
        &query.event,
        &query.from,
        &query.to,
    ];
    fields.into_iter().any(|field| !field.is_empty())
}

fn rows(shown: &Shown, page: AuditPage) -> AnyView {
    if page.rows.is_empty() {
        return nothing(shown);
    }
    let all = matches!(shown, Shown::All(_));
    let row = |record: &AuditSummary| row(shown, record.clone(), all).into_any();
    view! {
        <table class="grid audit" role="table">
            <thead>
                <tr>
                    <th scope="col">"Date"</th>
                    {all.then(|| view! { <th scope="col">"Object"</th> }.erased())}
                    <th scope="col">"Event"</th>
                    <th scope="col">"Summary"</th>
                    <th scope="col">"Actor"</th>
                    <th scope="col">"Actions"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{page.rows.iter().map(row).collect_view()}</tbody>
        </table>
        {turns(shown, &page)}
    }
    .erased()
}

/// What to say when there are no rows, which has three reasons.
fn nothing(shown: &Shown) -> AnyView {
    let newest = shown.at(AuditCursor::Newest);
    match shown {
        _ if shown.cursor() != AuditCursor::Newest => {
            let text = "There are no records on this side. Go back to the newest ones.";
            view! { <Empty title="No more records" text><a class="btn" href=newest>"Newest records"</a></Empty> }.erased()
        }
        Shown::All(query) if is_filtered(query) => {
            let text = "No record fits all of the filters together. Loosen one of them, or clear them all. Days are those of UTC.";
            view! { <Empty title="No match" text><a class="btn" href=href::AUDIT_TRAIL>"Clear filters"</a></Empty> }.erased()
        }
        _ => {
            let text = "As soon as somebody changes something or looks at a secret, it is recorded here: who did it, when and from where.";
            view! { <Empty title="Nothing recorded yet" text/> }.erased()
        }
    }
}

fn row(shown: &Shown, record: AuditSummary, all: bool) -> impl IntoView {
    let details = shown.record(record.id);
    let label = event_label(&record.event);
    view! {
        <tr role="row">
            <td role="cell"><Moment at=record.at/></td>
            {all.then(|| view! { <td role="cell" data-l="Object">{object(record.object)}</td> }.erased())}
            <td role="cell" data-l="Event">{label}{event_key(&record.event)}</td>
            <td role="cell" data-l="Summary"><bdi>{record.summary}</bdi>" "{refused(record.refused)}</td>
            <td role="cell" data-l="Actor">
                <div class="id">
                    <Avatar name=actor_name(&record.actor) seed=record.actor.seed() size="sm"/>
                    <div>{actor(record.actor)}</div>
                </div>
            </td>
            <td role="cell" class="act">
                <a class="btn small" href=details data-noscroll="">
                    "View details"<span class="visually-hidden">" of "{record.id.to_string()}</span>
                </a>
            </td>
        </tr>
    }
    .erased()
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

/// What something happened to: its name, or its id for want of one, and below its kind and id. A token has a page.
pub fn object(object: ObjectRef) -> impl IntoView {
    let kind = match object.kind.as_str() {
        "Token" => "API token".to_owned(),
        _ => object.kind.clone(),
    };
    let is_token = object.kind == "Token" && object.id.parse::<TokenId>().is_ok();
    let (main, id) = match (object.name.as_str(), object.id.as_str()) {
        ("", "") => ("Unknown".to_owned(), String::new()),
        ("", id) => (id.to_owned(), String::new()),
        (name, id) => (name.to_owned(), id.to_owned()),
    };
    let main = if is_token {
        let address = href::token(&object.id, TokenTab::General);
        view! { <a href=address><bdi>{main}</bdi></a> }.erased()
    } else {
        view! { <bdi>{main}</bdi> }.erased()
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
    let begins = shown.cursor() == AuditCursor::Newest;
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
