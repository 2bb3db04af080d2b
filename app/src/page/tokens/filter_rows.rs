//! The conditions of a filter as rows, and groups of them.

use super::{
    filter_state::{Draft, Offer},
    filter_value::editor,
};
use crate::{
    domain::filter::{
        CONDITIONS_MAX, FilterEntry, FilterForm, FilterPlace, Join, Operator, Property,
    },
    ui::{Erase as _, Symbol, changing, handler, icon},
};
use leptos::prelude::*;

/// A menu that is labelled for those who do not see where it stands.
pub struct Choice {
    /// Its id on the page.
    pub id: String,
    /// What is chosen by it.
    pub label: String,
    /// Values with their words; an empty value stands for none.
    pub options: Signal<Vec<(String, String)>>,
    /// The value that is chosen.
    pub chosen: Signal<String>,
    /// Told of another one.
    pub choose: Callback<String>,
    /// The id of the sentence that says what is wrong with it, and whether something is.
    pub fault: Option<(String, Signal<bool>)>,
}

impl Choice {
    /// The menu.
    pub fn view(self) -> AnyView {
        let Self {
            options,
            chosen,
            choose,
            ..
        } = self;
        let (described_by, invalid) = self.fault.unzip();
        let option = move |(value, words): (String, String)| {
            let none = value.is_empty();
            let is_chosen = {
                let value = value.clone();
                move || chosen.with(|chosen| *chosen == value)
            };
            view! { <option value=value disabled=none prop:selected=changing(is_chosen)>{words}</option> }
                .erased()
        };
        view! {
            <select
                class="field"
                id=self.id
                aria-label=self.label
                aria-describedby=described_by
                aria-invalid=move || invalid.is_some_and(|invalid| invalid.get()).then_some("true")
                on:change=handler(move |event: leptos::ev::Event| choose.run(event_target_value(&event)))
            >
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        }
        .erased()
    }
}

/// All rows, with the ways to add some.
pub fn rows(draft: Draft) -> AnyView {
    // Rows are made anew when there are others, not when something in them changes.
    let shape = Memo::new(move |_| draft.form.with(shape));
    let entries = move || {
        let (mut number, mut groups) = (0, 0);
        let entries = shape.get().into_iter().enumerate();
        let entry = |(entry, conditions): (usize, Option<usize>)| {
            let first = number + 1;
            number += conditions.unwrap_or(1);
            match conditions {
                None => row(
                    draft,
                    FilterPlace {
                        entry,
                        condition: None,
                    },
                    first,
                ),
                Some(conditions) => {
                    groups += 1;
                    group(draft, entry, groups, first..first + conditions)
                }
            }
        };
        entries.map(entry).collect_view()
    };
    let full = move || draft.form.with(FilterForm::is_full);
    view! {
        <div class="filter-match"><span aria-hidden="true">"Match"</span>{match_of(draft, None, 0)}</div>
        <ul class="filter-list">{changing(entries)}</ul>
        {move || shape.with(Vec::is_empty).then(|| view! { <p>"No conditions yet, so the list has every token."</p> }.erased())}
        {move || matches!(draft.offer.get(), Offer::Failed).then(|| failed(draft))}
        <div class="filter-adds">
            <button type="button" class="btn" id="filter-add" disabled=changing(full) on:click=handler(move |_| draft.add(None))>"Add a condition"</button>
            <button type="button" class="btn" id="filter-add-group" disabled=changing(full) on:click=handler(move |_| draft.add_group())>"Add a conditional group"</button>
        </div>
        <p class="sub" role="status">
            {move || full().then(|| format!("A filter can have {CONDITIONS_MAX} conditions, and this one has them."))}
        </p>
    }
    .erased()
}

/// For each entry, how many conditions there are if it is a group.
fn shape(form: &FilterForm) -> Vec<Option<usize>> {
    let entries = form.entries.iter().map(|entry| match entry {
        FilterEntry::Condition(_) => None,
        FilterEntry::Group(group) => Some(group.conditions.len()),
    });
    entries.collect()
}

fn failed(draft: Draft) -> AnyView {
    view! {
        <div class="notice warn" role="alert">
            <p>"The names of modules, people and accounts could not be loaded. Try again, or enter ids."</p>
            <button type="button" class="btn small" on:click=handler(move |_| draft.load())>"Load the names again"</button>
        </div>
    }
    .erased()
}

/// The menu by which all or any are chosen, of the form or of the group with this ordinal.
fn match_of(draft: Draft, group: Option<usize>, ordinal: usize) -> AnyView {
    let (id, label) = match group {
        None => ("filter-match".to_owned(), "Match".to_owned()),
        Some(_) => (
            format!("filter-match-{ordinal}"),
            format!("Match in group {ordinal}"),
        ),
    };
    let options = Join::ALL.map(|join| {
        let label = join.label();
        (label.to_owned(), format!("{label} of these"))
    });
    Choice {
        id,
        label,
        options: Signal::stored(options.to_vec()),
        chosen: Signal::derive(move || draft.join(group).label().to_owned()),
        choose: Callback::new(move |word: String| {
            let mut joins = Join::ALL.into_iter();
            let join = joins.find(|join| join.label() == word).unwrap_or_default();
            draft.set_join(group, join);
        }),
        fault: None,
    }
    .view()
}

fn group(draft: Draft, entry: usize, ordinal: usize, numbers: std::ops::Range<usize>) -> AnyView {
    let rows = numbers.enumerate().map(|(index, number)| {
        let condition = Some(index);
        row(draft, FilterPlace { entry, condition }, number)
    });
    let full = move || draft.form.with(FilterForm::is_full);
    let named = format!(" (group {ordinal})");
    let hidden = |text: String| view! { <span class="visually-hidden">{text}</span> }.erased();
    view! {
        <li>
            <fieldset class="filter-group">
                <legend>{format!("Group {ordinal}")}</legend>
                <div class="filter-match"><span aria-hidden="true">"Match"</span>{match_of(draft, Some(entry), ordinal)}</div>
                <ul class="filter-list">{rows.collect_view()}</ul>
                <div class="filter-adds">
                    <button type="button" class="btn small" disabled=changing(full) on:click=handler(move |_| draft.add(Some(entry)))>
                        "Add a condition to this group"{hidden(named.clone())}
                    </button>
                    <button type="button" class="btn small" on:click=handler(move |_| draft.remove_group(entry))>
                        "Remove group"{hidden(named)}
                    </button>
                </div>
            </fieldset>
        </li>
    }
    .erased()
}

fn row(draft: Draft, place: FilterPlace, number: usize) -> AnyView {
    let asked = Memo::new(move |_| {
        draft.form.with(|form| {
            let condition = form.at(place)?;
            Some((condition.property, condition.operator))
        })
    });
    let value = move || {
        let (property, operator) = asked.get()?;
        Some(editor(draft, place, number, property, operator))
    };
    view! {
        <li class="filter-row">
            {properties(draft, place, number, asked)}
            {operators(draft, place, number, asked)}
            <div class="filter-value">{changing(value)}</div>
            <button
                type="button"
                class="btn quiet icon"
                aria-label=format!("Remove condition {number}")
                on:click=handler(move |_| draft.remove(place))
            >
                {icon(Symbol::Close)}
            </button>
            <span class="error" id=format!("filter-fault-{number}") aria-live="polite">{move || draft.fault(place)}</span>
        </li>
    }
    .erased()
}

/// What a row looks at, and how it compares.
type Asked = Memo<Option<(Property, Operator)>>;

fn properties(draft: Draft, place: FilterPlace, number: usize, asked: Asked) -> AnyView {
    let now = move || asked.get().map(|(property, _)| property);
    let offered = move || {
        let mut all = Property::ALL.to_vec();
        let now = now();
        all.retain(|property| {
            draft.all_accounts || *property != Property::Account || now == Some(*property)
        });
        let options = all.into_iter().map(|property| {
            let label = property.label();
            (property.key().to_owned(), label.to_owned())
        });
        options.collect()
    };
    Choice {
        id: format!("filter-property-{number}"),
        label: format!("Condition {number}: property"),
        options: Signal::derive(offered),
        chosen: Signal::derive(move || now().map_or("", Property::key).to_owned()),
        choose: Callback::new(move |key: String| {
            if let Some(property) = Property::from_key(&key) {
                draft.edit(place, &|condition| {
                    *condition = condition.clone().with_property(property);
                });
            }
        }),
        fault: None,
    }
    .view()
}

fn operators(draft: Draft, place: FilterPlace, number: usize, asked: Asked) -> AnyView {
    let offered = move || {
        let property = asked.get().map(|(property, _)| property);
        let operators = property.map_or(&[] as &[_], Property::operators);
        let kind = property.map(Property::kind);
        let options = operators.iter().filter_map(|operator| {
            let label = operator.label(kind?);
            Some((operator.key().to_owned(), label.to_owned()))
        });
        options.collect()
    };
    Choice {
        id: format!("filter-operator-{number}"),
        label: format!("Condition {number}: comparison"),
        options: Signal::derive(offered),
        chosen: Signal::derive(move || {
            let operator = asked.get().map(|(_, operator)| operator);
            operator.map_or("", Operator::key).to_owned()
        }),
        choose: Callback::new(move |key: String| {
            if let Some(operator) = Operator::from_key(&key) {
                draft.edit(place, &|condition| condition.operator = operator);
            }
        }),
        fault: None,
    }
    .view()
}
