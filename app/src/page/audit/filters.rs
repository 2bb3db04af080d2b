//! What the audit trail is narrowed to: a plain form, so that it works without script too.

use crate::{
    browser::Live,
    domain::{
        audit::{AuditQuery, Event},
        text::looks_like_secret,
    },
    href,
    page::frame::NO_SECRET,
    ui::{Erase as _, handler},
};
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The form, with what the address says in its fields.
pub fn filters(query: Memo<AuditQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let refused = RwSignal::new(false);
    let waiting = Live::waiting();
    let (object, actor, from, to) = (node(), node(), node(), node());
    let event = NodeRef::<html::Select>::new();
    let submit = move |submitted: leptos::ev::SubmitEvent| {
        submitted.prevent_default();
        let [object, actor, from, to] = [object, actor, from, to].map(typed);
        let event = event.get_untracked().map(|select| select.value());
        refused.set(looks_like_secret(&object) || looks_like_secret(&actor));
        if !refused.get_untracked() {
            let query = AuditQuery {
                object,
                actor,
                event: event.unwrap_or_default(),
                from,
                to,
                layout: query.with_untracked(|query| query.layout.clone()),
                ..AuditQuery::default()
            };
            let options = NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&href::audit_trail(&query), options);
        }
    };
    // The fields say what the address says, also after Back and when the filters are cleared. What was typed before
    // the page was live stays.
    Effect::new(move |before: Option<()>| {
        let query = query.get();
        if before.is_some() {
            refused.set(false);
            let values = [query.object, query.actor, query.from, query.to];
            for (field, value) in [object, actor, from, to].into_iter().zip(values) {
                if let Some(field) = field.get_untracked() {
                    field.set_value(&value);
                }
            }
            if let Some(field) = event.get_untracked() {
                field.set_value(&query.event);
            }
        }
    });
    let asked = query.get_untracked();
    // For whoever sends it without script.
    let layout = href::layout_pairs(&asked.layout).into_iter();
    let layout =
        layout.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }.erased());
    view! {
        <form class="filters" method="get" action=href::AUDIT_TRAIL aria-label="Filters" novalidate=move || !waiting.get() on:submit=handler(submit)>
            {layout.collect_view()}
            {text("object", "Object", "Name or id", object, asked.object)}
            {text("actor", "Actor", "Name, e-mail or id", actor, asked.actor)}
            <div class="form-row wide">
                <label for="filter-event">"Event"</label>
                <select class="field" id="filter-event" name="event" autocomplete="off" node_ref=event>{events(&asked.event)}</select>
            </div>
            {day("from", "From day (UTC)", from, asked.from)}
            {day("to", "To day (UTC)", to, asked.to)}
            <button type="submit" class="btn">"Apply filters"</button>
            {move || refused.get().then(|| view! {
                <p class="notice warn" role="alert">
                    "This looks like a token's secret, so it was not sent. Filter by the token's name or id instead."
                </p>
            }.erased())}
        </form>
    }
    .erased()
}

fn node() -> NodeRef<html::Input> {
    NodeRef::new()
}

fn typed(field: NodeRef<html::Input>) -> String {
    let value = field.get_untracked().map(|field| field.value());
    value.unwrap_or_default().trim().to_owned()
}

/// The choices of events; also one that this version does not know, if the address asks for it.
fn events(chosen: &str) -> impl IntoView {
    let choice = |key: &str, label: &str| {
        let selected = key == chosen;
        view! { <option value=key.to_owned() selected=selected>{label.to_owned()}</option> }
            .erased()
    };
    let known = Event::from_key(chosen).is_some() || chosen.is_empty();
    let all = Event::ALL.map(|event| choice(event.key(), event.label()));
    view! {
        {choice("", "All events")}
        {all.into_iter().collect_view()}
        {(!known).then(|| choice(chosen, chosen))}
    }
    .erased()
}

fn text(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    node: NodeRef<html::Input>,
    value: String,
) -> impl IntoView {
    let id = format!("filter-{name}");
    view! {
        <div class="form-row">
            <label for=id.clone()>{label}</label>
            <input
                class="field"
                type="text"
                id=id
                name=name
                node_ref=node
                placeholder=hint
                autocomplete="off"
                pattern=NO_SECRET
                title="A name or an id, not a token's secret"
                value=value
            />
        </div>
    }
    .erased()
}

fn day(
    name: &'static str,
    label: &'static str,
    node: NodeRef<html::Input>,
    value: String,
) -> impl IntoView {
    let id = format!("filter-{name}");
    view! {
        <div class="form-row">
            <label for=id.clone()>{label}</label>
            <input class="field" type="date" id=id name=name node_ref=node autocomplete="off" value=value/>
        </div>
    }
    .erased()
}
