//! What the list is narrowed by, each with the way to take that away.

use super::filter_state::ShownFilter;
use crate::{
    domain::{
        filter::{Condition, FilterEntry, FilterForm, Join},
        token_query::TokenQuery,
    },
    href,
    ui::{Erase as _, Symbol, icon},
};
use leptos::prelude::*;

/// The chips. Their ways lead to the list as `query` has it otherwise.
pub(super) fn chips(query: &TokenQuery, filter: &ShownFilter) -> AnyView {
    let to = |filter: String| TokenQuery {
        filter,
        ..query.from_start()
    };
    let mut chips = Vec::new();
    if !query.search.is_empty() {
        let text = view! { "Name or id contains “"<bdi>{query.search.clone()}</bdi>"”" }.into_any();
        let without = TokenQuery {
            search: String::new(),
            ..query.from_start()
        };
        chips.push(chip(0, text, "Clear search".to_owned(), &without));
    }
    match &filter.form {
        Some(form) => {
            for (entry, held) in form.entries.iter().enumerate() {
                let joiner = (entry > 0).then(|| word(form.join));
                let joiner =
                    joiner.map(|word| view! { <span class="filter-joiner">{word}</span> }.erased());
                chips.extend(joiner);
                let words = words(held, filter);
                let label = format!("Remove: {words}");
                let without = to(text_without(form, entry));
                let text = view! { <bdi>{words}</bdi> }.erased();
                chips.push(chip(entry + 1, text, label, &without));
            }
        }
        None if !filter.text.is_empty() => {
            let text = view! { <code><bdi>{filter.text.clone()}</bdi></code> }.erased();
            let clear = "Clear filter".to_owned();
            chips.push(chip(1, text, clear, &to(String::new())));
        }
        None => {}
    }
    // Several stand with a joiner or another chip between them.
    let all = (chips.len() > 1).then(|| {
        let none = TokenQuery {
            search: String::new(),
            ..to(String::new())
        };
        view! { <a class="btn quiet small" id="chip-all" href=href::tokens(&none)>"Clear all"</a> }
            .erased()
    });
    view! { {chips}{all} }.into_any()
}

/// The text of the form without this entry. What is left of a form that could be used can be used.
fn text_without(form: &FilterForm, entry: usize) -> String {
    form.without(entry).to_rql().unwrap_or_default()
}

const fn word(join: Join) -> &'static str {
    match join {
        Join::All => "and",
        Join::Any => "or",
    }
}

fn words(entry: &FilterEntry, filter: &ShownFilter) -> String {
    let say = |condition: &Condition| condition.words(&|_, id| filter.name(id));
    match entry {
        FilterEntry::Condition(condition) => say(condition),
        FilterEntry::Group(group) => {
            let words: Vec<String> = group.conditions.iter().map(say).collect();
            format!("({})", words.join(&format!(" {} ", word(group.join))))
        }
    }
}

fn chip(place: usize, text: AnyView, clear: String, without: &TokenQuery) -> AnyView {
    view! {
        <span class="filterchip">
            <span>{text}</span>
            <a id=format!("chip-{place}") href=href::tokens(without) aria-label=clear>{icon(Symbol::Close)}</a>
        </span>
    }
    .erased()
}
