//! Changes to several tokens: those of the last time, and what became of each token of one.

mod progress;

pub(super) use progress::Following;

use crate::{
    api::bulk::{get_bulk_change, list_bulk_changes, list_bulk_results},
    domain::{
        bulk::{BulkChange, BulkState, RESULTS_KEPT_DAYS, TokenOutcome, TokenResult},
        text::grouped,
    },
    error::ErrorCode,
    href::{self, TokenTab},
    page::short_list::{ShortList, Source, short_list},
    ui::{
        Column, Erase as _, Failure, Moment, OptionalMoment, Stays, changing, loading, page_title,
    },
    wire,
};
use leptos::prelude::*;

const TITLE: &str = "Bulk changes";

/// The changes of the last time.
#[component]
pub fn BulkChanges() -> impl IntoView {
    let kept = format!(
        "What was done to several API tokens at once. Results are kept for {RESULTS_KEPT_DAYS} days; the audit trail keeps all."
    );
    let head = view! {
        {page_title(TITLE)}
        <p class="crumb">"Settings › "<a href=href::TOKENS>"API tokens"</a>" › "{TITLE}</p>
        <div class="head"><h1>{TITLE}</h1></div>
        <p class="remark">{kept}</p>
    };
    let list = ShortList {
        head: head.erased(),
        label: TITLE,
        path: href::BULK_CHANGES.to_owned(),
        searched: "Search bulk changes by id or by who started them",
        none: "Select API tokens in their list to disable, enable or delete them together, or to change their modules. Every such change is listed here.",
    };
    let source = Source {
        columns: Box::new(columns),
        class: |_| "",
        fetch: Box::new(|query| Box::pin(list_bulk_changes(query))),
        changes: RwSignal::new(0),
    };
    short_list(list, source)
}

fn columns() -> Vec<Column<BulkChange>> {
    let mut name = Column::free("name", "Change", |row: &BulkChange| {
        let address = href::bulk_change(&row.id.to_string());
        view! { <a href=address><bdi>{row.title()}</bdi></a><span class="sub">{row.id.to_string()}</span> }.erased()
    });
    name.stays = Stays::First;
    vec![
        name,
        Column::free("by", "Started by", |row: &BulkChange| {
            view! { <bdi>{row.by.name.clone()}</bdi> }.erased()
        }),
        Column::free("begun", "Started", |row: &BulkChange| {
            view! { <Moment at=row.created_at/> }.erased()
        }),
        Column::free("ended", "Ended", |row: &BulkChange| {
            view! { <OptionalMoment at=row.ended_at/> }.erased()
        }),
        Column::free("changed", "Changed", |row: &BulkChange| {
            grouped(row.changed).into_any()
        }),
        Column::free("leftAlone", "Left alone", |row: &BulkChange| {
            grouped(row.left_alone).into_any()
        }),
        Column::free("state", "State", |row: &BulkChange| chip(row.state)),
    ]
}

fn chip(state: BulkState) -> AnyView {
    let class = match state {
        BulkState::Running => "chip",
        BulkState::Completed => "chip ok",
        BulkState::Stopped => "chip off",
    };
    view! { <span class=class>{state.as_str()}</span> }.erased()
}

/// One change, and what became of each of its tokens. The id is whatever the address says.
#[component]
pub fn OneBulkChange(id: String) -> impl IntoView {
    let changes = RwSignal::new(0);
    let list = ShortList {
        head: head(id.clone(), changes),
        label: "API tokens of the change",
        path: href::bulk_change(&id),
        searched: "Search API tokens by name or id",
        none: "No API token belongs to this change.",
    };
    let source = Source {
        columns: Box::new(results),
        class: |_| "",
        fetch: Box::new(move |query| Box::pin(list_bulk_results(id.clone(), query))),
        changes,
    };
    short_list(list, source)
}

/// What the change is and how far it has come. `changes` rises when it has ended: the rows are then those of its end.
fn head(id: String, changes: RwSignal<u32>) -> AnyView {
    let asked = id.clone();
    let found = wire::load(|| (), move |()| get_bulk_change(asked.clone()));
    let told = loading(move || {
        let id = id.clone();
        Box::pin(async move {
            match found.get().await {
                Ok(change) => one(id, change, changes),
                // The list below says so.
                Err(error) if error.code == ErrorCode::NotFound => {
                    view! { <div class="head"><h1>"Bulk change"</h1></div> }.erased()
                }
                Err(error) => {
                    let retry = Callback::new(move |()| found.refetch());
                    view! { <Failure error retry/> }.erased()
                }
            }
        })
    });
    view! {
        {page_title("Bulk change")}
        <p class="crumb">"Settings › "<a href=href::TOKENS>"API tokens"</a>" › "<a href=href::BULK_CHANGES>{TITLE}</a></p>
        {told}
    }
    .erased()
}

fn one(id: String, change: BulkChange, changes: RwSignal<u32>) -> AnyView {
    let title = change.title();
    let (by, at) = (change.by.name.clone(), change.created_at);
    let following = Following::new(change);
    Effect::new(move |before: Option<bool>| {
        let over = following.has_ended();
        if over && before == Some(false) {
            changes.update(|count| *count += 1);
        }
        over
    });
    let state = move || following.change.try_with(|change| chip(change.state));
    let ended = move || {
        let at = following.change.try_with(|change| change.ended_at)??;
        Some(view! { <div><dt>"Ended"</dt><dd><Moment at/></dd></div> }.erased())
    };
    view! {
        <div class="head"><h1><bdi>{title}</bdi></h1>{changing(state)}</div>
        <section class="card change">
        <dl class="facts">
            <div><dt>"Started by"</dt><dd><bdi>{by}</bdi></dd></div>
            <div><dt>"Started"</dt><dd><Moment at/></dd></div>
            {changing(ended)}
            <div><dt>"Id"</dt><dd>{id}</dd></div>
        </dl>
        {following.view()}
        </section>
    }
    .erased()
}

fn results() -> Vec<Column<TokenResult>> {
    let mut name = Column::free("name", "API token", |row: &TokenResult| {
        let id = row.token.id.to_string();
        let name = row.token.name.clone();
        let name = if row.shown {
            view! { <a href=href::token(&id, TokenTab::General)><bdi>{name}</bdi></a> }.erased()
        } else {
            view! { <bdi>{name}</bdi> }.erased()
        };
        view! { {name}<span class="sub">{id}</span> }.erased()
    });
    name.stays = Stays::First;
    let result = Column::free("result", "Result", |row: &TokenResult| match row.outcome {
        TokenOutcome::Waiting => "Not reached".into_any(),
        TokenOutcome::Changed => "Changed".into_any(),
        TokenOutcome::LeftAlone(reason) => {
            view! { "Left alone"<span class="sub">{reason.words()}</span> }.erased()
        }
    });
    vec![name, result]
}
