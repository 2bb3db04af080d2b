//! The columns of the audit trail. It has no order but its own: the newest records come first.

use super::{
    Shown,
    rows::{actor, actor_name, event_key, event_label, object, refused},
};
use crate::{
    domain::{audit::AuditSummary, user::PersonRef},
    ui::{Avatar, Column, ColumnName, Erase as _, Moment, Stays},
};
use leptos::prelude::*;
use std::sync::Arc;

/// What a cell shows of a record.
type Cell = Box<dyn Fn(&AuditSummary) -> AnyView + Send + Sync>;

/// All columns without their rows. In the tab of a token there is none for the object, which is always that token.
pub fn names(whole: bool) -> Arc<[ColumnName]> {
    let column = |key, label, stays| ColumnName { key, label, stays };
    [
        Some(column("date", "Date", Stays::First)),
        whole.then_some(column("object", "Object", Stays::Free)),
        Some(column("event", "Event", Stays::Free)),
        Some(column("summary", "Summary", Stays::Free)),
        Some(column("actor", "Actor", Stays::Free)),
        Some(column("actions", "Actions", Stays::Last)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The same with what stands in them.
pub(super) fn columns(shown: &Shown) -> Vec<Column<AuditSummary>> {
    let names = names(matches!(shown, Shown::All(_)));
    let columns = names.iter().map(|name| {
        let mut column = Column::free(name.key, name.label, cell(name.key, shown));
        column.stays = name.stays;
        column
    });
    columns.collect()
}

fn cell(key: &str, shown: &Shown) -> Cell {
    match key {
        "date" => Box::new(|record| view! { <Moment at=record.at/> }.erased()),
        "object" => Box::new(|record| object(record.object.clone()).into_any()),
        "event" => Box::new(event),
        "summary" => Box::new(summary),
        "actor" => Box::new(|record| doer(record.actor.clone())),
        _ => {
            let shown = shown.clone();
            Box::new(move |record| details(&shown, record))
        }
    }
}

fn event(record: &AuditSummary) -> AnyView {
    let label = event_label(&record.event);
    view! { {label}{event_key(&record.event)} }.erased()
}

fn summary(record: &AuditSummary) -> AnyView {
    let text = record.summary.clone();
    view! { <bdi>{text}</bdi>" "{refused(record.refused)} }.erased()
}

fn doer(person: PersonRef) -> AnyView {
    view! {
        <div class="id">
            <Avatar name=actor_name(&person) seed=person.seed() size="sm"/>
            <div>{actor(person)}</div>
        </div>
    }
    .erased()
}

/// The way to all that is known of a record.
fn details(shown: &Shown, record: &AuditSummary) -> AnyView {
    view! {
        <a class="btn small" href=shown.record(record.id) data-noscroll="">
            "View details"<span class="visually-hidden">" of "{record.id.to_string()}</span>
        </a>
    }
    .erased()
}
