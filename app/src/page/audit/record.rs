//! A record of the audit trail, in a dialog over the page.

use super::{
    Shown, Trail,
    diff::{Stretch, compare},
    rows::{actor, actor_name, event_key, event_label, object, refused},
};
use crate::{
    domain::{
        audit::{AuditDetails, Change},
        text::upper_case,
        token::TokenField,
    },
    href,
    ui::{CopyButton, Dialog, Erase as _, Failure, Moment, Symbol, changing, handler, icon},
};
use leptos::prelude::*;
use std::fmt::Write as _;

/// From this many characters on, both values of a change stand below each other.
const LONG: usize = 120;

/// The dialog with the record that the address opens, if it opens one.
pub fn over(trail: Trail) -> AnyView {
    // While a page is on its way that begins with a record, the dialog would open outside of it, and so not at all.
    let arrived = Memo::new(move |_| trail.record.now().is_some());
    let opened = move || trail.wanted.get().filter(|_| arrived.get());
    view! { {move || opened().map(|id| dialog(id, trail))} }.into_any()
}

fn dialog(id: String, trail: Trail) -> AnyView {
    let back = move || trail.shown.with(Shown::address);
    let body = move || {
        match trail.record.now().flatten() {
        Some((of, Ok(record))) if of == id => body(record),
        Some((of, Err(error))) if of == id => {
            let retry = Callback::new(move |()| trail.record.refetch());
            view! { <div class="body"><Failure error retry/></div> }.erased()
        }
        _ => view! { <div class="body"><progress class="loading" aria-label="Loading"></progress></div> }.erased(),
    }
    };
    view! {
        <Dialog labelled_by="record-title" addressed=true on_close=trail.close>
            <div class="dialog-inner">
                <header>
                    <h2 id="record-title" tabindex="-1" autofocus=true>"Audit record"</h2>
                    <a class="btn quiet icon" href=href::HELP_AUDIT_TRAIL target="_blank" aria-label="Help, in a new tab">
                        {icon(Symbol::Help)}
                    </a>
                </header>
                {changing(body)}
                <footer>
                    <a class="btn" href=changing(back) on:click=handler(move |event: leptos::ev::MouseEvent| {
                        event.prevent_default();
                        trail.close.run(());
                    })>"Close"</a>
                </footer>
            </div>
        </Dialog>
    }
    .erased()
}

fn body(record: AuditDetails) -> AnyView {
    let summary = record.row.summary.clone();
    let details = as_text(&record);
    let json = record.json.clone();
    view! {
        <div class="body record">
            {part("Summary", "summary", summary.clone(), "record-summary")}
            <p id="record-summary"><bdi>{summary}</bdi></p>
            {part("Details", "details", details, "record-details")}
            <div id="record-details">
                {facts(&record)}
                {changes(&record)}
            </div>
            {part("JSON", "JSON", json.clone(), "record-json")}
            <pre class="json" id="record-json" tabindex="0" role="region" aria-label="The record as JSON">{json}</pre>
        </div>
    }
    .erased()
}

/// The head of a part of the record, with the button that copies it.
fn part(
    title: &'static str,
    what: &'static str,
    text: String,
    source: &'static str,
) -> impl IntoView {
    view! { <div class="part"><h3>{title}</h3><CopyButton what text source/></div> }.erased()
}

fn facts(record: &AuditDetails) -> impl IntoView {
    let row = record.row.clone();
    let fact = |label: &'static str, value: AnyView| {
        view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.erased()
    };
    let text =
        |label: &'static str, value: String| fact(label, view! { <bdi>{value}</bdi> }.erased());
    let event = view! { {event_label(&row.event)}{event_key(&row.event)} };
    let reason = record
        .reason
        .clone()
        .map(|reason| text("Reason", sentence(&reason)));
    view! {
        <dl class="facts-list">
            {text("Record", row.id.to_string())}
            {fact("Date", view! { <Moment at=row.at exactly=true/> }.erased())}
            {fact("Event", event.into_any())}
            {fact("Object", object(row.object).into_any())}
            {fact("Outcome", if row.refused { refused(true) } else { "Done".into_any() })}
            {reason}
            {fact("Actor", actor(row.actor).into_any())}
            {text("Signed in by", signed_in(record.auth_method.as_deref()))}
            {text("Address", known(record.ip.as_deref()))}
            {text("User agent", known(record.user_agent.as_deref()))}
            {text("Request", known(Some(&record.request_id)))}
        </dl>
    }
    .erased()
}

/// What is known of something, in words.
fn known(value: Option<&str>) -> String {
    value
        .filter(|value| !value.is_empty())
        .unwrap_or("Unknown")
        .to_owned()
}

/// How the actor had proved who he is.
fn signed_in(method: Option<&str>) -> String {
    match method {
        Some("session") => "Browser sign-in",
        Some("password") => "Password",
        Some("setup-code") => "Set-up code",
        Some(other) => other,
        None => "Not needed: Latchkey itself",
    }
    .to_owned()
}

/// With its first letter large.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().collect();
    upper_case(&first) + letters.as_str()
}

/// What people call the field with this key.
fn field_label(key: &str) -> String {
    let named = [TokenField::Icon, TokenField::Reveal];
    let field = named.into_iter().find(|field| field.key() == key);
    field.map_or_else(|| sentence(key), |field| field.label().to_owned())
}

fn changes(record: &AuditDetails) -> AnyView {
    if record.changes.is_empty() {
        return ().into_any();
    }
    view! {
        <table class="changes" role="table" aria-label="Changes">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Field"</th>
                    <th role="columnheader" scope="col">"Before"</th>
                    <th role="columnheader" scope="col">"After"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{record.changes.iter().map(change).collect_view()}</tbody>
        </table>
    }
    .erased()
}

fn change(change: &Change) -> AnyView {
    let [before, after] = [&change.before, &change.after].map(|value| value.as_deref());
    let [old, new] = compare(before.unwrap_or_default(), after.unwrap_or_default());
    let long = [before, after].into_iter().flatten();
    let long = long
        .map(|value| value.chars().count())
        .any(|count| count > LONG);
    view! {
        <tr role="row" class:long=long>
            <th role="rowheader" scope="row">{field_label(&change.field)}</th>
            <td role="cell" data-l="Before">{value(old, |text| view! { <del>{text}</del> }.erased())}</td>
            <td role="cell" data-l="After">{value(new, |text| view! { <ins>{text}</ins> }.erased())}</td>
        </tr>
    }
    .erased()
}

/// A value with what only it has marked, by `mark`; a dash for nothing.
fn value(stretches: Vec<Stretch>, mark: fn(String) -> AnyView) -> AnyView {
    if stretches.is_empty() {
        return view! { <span aria-hidden="true">"—"</span><span class="visually-hidden">"nothing"</span> }.erased();
    }
    let stretch = |stretch: Stretch| {
        if stretch.common {
            stretch.text.into_any()
        } else {
            mark(stretch.text)
        }
    };
    view! { <bdi>{stretches.into_iter().map(stretch).collect_view()}</bdi> }.erased()
}

/// The details as plain text, one line each, for copying.
fn as_text(record: &AuditDetails) -> String {
    let row = &record.row;
    let known = |value: &Option<String>| known(value.as_deref());
    let mut lines = vec![
        ("Record", row.id.to_string()),
        ("Date", row.at.to_string()),
        (
            "Event",
            format!("{} {}", event_label(&row.event), row.event),
        ),
        (
            "Object",
            [&row.object.kind, &row.object.name, &row.object.id]
                .map(String::as_str)
                .join(" "),
        ),
        (
            "Outcome",
            if row.refused { "Refused" } else { "Done" }.to_owned(),
        ),
    ];
    lines.extend(
        record
            .reason
            .iter()
            .map(|reason| ("Reason", sentence(reason))),
    );
    lines.extend([
        (
            "Actor",
            format!("{} {}", actor_name(&row.actor), row.actor.id),
        ),
        ("Signed in by", signed_in(record.auth_method.as_deref())),
        ("Address", known(&record.ip)),
        ("User agent", known(&record.user_agent)),
        ("Request", self::known(Some(&record.request_id))),
    ]);
    let mut text = String::new();
    for (label, value) in lines {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{label}: {}", value.trim());
    }
    for change in &record.changes {
        let [before, after] = [&change.before, &change.after].map(|value| {
            value
                .as_deref()
                .filter(|value| !value.is_empty())
                .unwrap_or("—")
        });
        let _ = writeln!(text, "{}: {before} → {after}", field_label(&change.field));
    }
    text
}
