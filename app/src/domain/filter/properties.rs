//! What holds for any form that can be built, and for any filter that can be written.

use super::{Arity, Condition, FilterEntry, FilterForm, Group, Join, Kind, Operator, Property};
use crate::rql::parse;
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        r"[^'\p{Cc}]{1,12}",
        r#"[^"\p{Cc}]{1,12}"#,
        r"[*\\%_' a]{1,8}",
        r#"[*\\%_" a(),&=;|]{1,8}"#,
        "\\PC{1,12}",
    ]
}

fn id(prefix: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        9 => (0..10_000_u32, 0..10_000_u32)
            .prop_map(move |(one, other)| format!("{prefix}-{one:04}-{other:04}")),
        1 => text(),
    ]
}

fn value(kind: Kind) -> BoxedStrategy<String> {
    match kind {
        Kind::Text => text().boxed(),
        Kind::Status => prop::sample::select(vec!["Active", "Disabled", "Deleted"])
            .prop_map(str::to_owned)
            .boxed(),
        Kind::Modules => id("MOD").boxed(),
        Kind::People => id("USR").boxed(),
        Kind::Accounts => id("ACC").boxed(),
        Kind::Days => (1970..2100_u32, 1..=12_u32, 1..=28_u32)
            .prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"))
            .boxed(),
    }
}

/// A condition of one of these properties, with all that it needs; sometimes with more, and with blanks around it.
fn condition(properties: &'static [Property]) -> impl Strategy<Value = Condition> {
    let operator = prop::sample::select(properties)
        .prop_flat_map(|it| (Just(it), prop::sample::select(it.operators())));
    operator.prop_flat_map(|(property, operator)| {
        let count = match operator.arity() {
            Arity::None => 0..=1,
            Arity::One => 1..=2,
            Arity::Two => 2..=3,
            Arity::Many => 1..=4,
        };
        let padded = (value(property.kind()), prop::bool::weighted(0.1))
            .prop_map(|(value, blanks)| if blanks { format!(" {value}\t") } else { value });
        prop::collection::vec(padded, count).prop_map(move |mut values| {
            if operator == Operator::Between {
                values[..2].sort_by(|one, other| one.trim().cmp(other.trim()));
            }
            Condition {
                property,
                operator,
                values,
            }
        })
    })
}

fn join() -> impl Strategy<Value = Join> {
    prop::sample::select(&Join::ALL[..])
}

/// A form of at most so many entries, with groups of at most so many conditions.
fn form(
    properties: &'static [Property],
    entries: usize,
    in_group: usize,
) -> impl Strategy<Value = FilterForm> {
    let conditions = prop::collection::vec(condition(properties), 0..=in_group);
    let group = (join(), conditions).prop_map(|(join, conditions)| Group { join, conditions });
    let entry = prop_oneof![
        3 => condition(properties).prop_map(FilterEntry::Condition),
        2 => group.prop_map(FilterEntry::Group),
    ];
    let entries = prop::collection::vec(entry, 0..=entries);
    (join(), entries).prop_map(|(join, entries)| FilterForm { join, entries })
}

fn found(text: &str) -> Option<FilterForm> {
    match parse(text).unwrap() {
        Some(tree) => FilterForm::from_tree(&tree),
        None => Some(FilterForm::default()),
    }
}

/// The form with every value made one that can be written.
fn writable(mut form: FilterForm) -> FilterForm {
    for entry in &mut form.entries {
        let conditions = match entry {
            FilterEntry::Condition(condition) => std::slice::from_mut(condition),
            FilterEntry::Group(group) => &mut group.conditions,
        };
        for value in conditions.iter_mut().flat_map(|it| &mut it.values) {
            if value.contains('\'') {
                *value = value.replace('"', "”");
            }
            if value.trim().is_empty() || value.trim().ends_with('\\') {
                *value = format!("{}x", value.trim_end());
            }
        }
    }
    form
}

/// Text of the parts that filters by hand are made of, some of which no form has.
fn by_hand() -> impl Strategy<Value = String> {
    let term = prop::sample::select(vec![
        "status=Active",
        "status='deleted'",
        "ne(status,Active)",
        "in(status,(Active,DELETED))",
        "ilike(name,*a*)",
        "ilike(name,'it*')",
        "ilike(name,a*b)",
        "like(name,a)",
        "name=a",
        "id=TKN-1",
        "id=name",
        "any(modules)",
        "any(modules,id=MOD-1)",
        "any(modules,in(id,(MOD-1)))",
        "audit.created.by.id=null()",
        "account.id='ACC-1'",
        "lastAccessAt=null()",
        "lt(lastAccessAt,2026-01-01)",
        "gt(lastAccessAt,2026-01-31T23:59:59.999999Z)",
        "ge(lastAccessAt,2026-01-01)",
        "le(lastAccessAt,2026-01-31T23:59:59.999999Z)",
        "and(ge(lastAccessAt,2026-01-01),le(lastAccessAt,2026-01-31T23:59:59.999999Z))",
        "gt(revision,3)",
    ]);
    term.prop_map(str::to_owned)
        .prop_recursive(3, 12, 3, |inner| {
            let terms = prop::collection::vec(inner.clone(), 1..=3);
            let group = (terms, prop::sample::select(vec!["and", "or"]));
            prop_oneof![
                4 => group.prop_map(|(terms, name)| format!("{name}({})", terms.join(","))),
                1 => inner.prop_map(|inner| format!("not({inner})")),
            ]
        })
}

proptest! {
    #[test]
    fn a_filter_form_is_found_again_in_its_text(form in form(&Property::ALL, 4, 2)) {
        let form = writable(form);
        let text = form.to_rql().unwrap();
        let again = found(&text).unwrap();
        prop_assert_eq!(again.to_rql().unwrap(), text.as_str());
        prop_assert_eq!(again, form.normalised(), "{}", text);
    }

    #[test]
    fn a_filter_form_of_anything_is_refused_or_found_again(form in form(&Property::ALL, 12, 4)) {
        if let Ok(text) = form.to_rql() {
            prop_assert_eq!(found(&text), Some(form.normalised()), "{}", text);
        }
    }

    #[test]
    fn a_long_filter_form_is_found_again_or_told_to_be_too_long(
        form in form(&Property::ALL[2..], 50, 3),
    ) {
        let form = writable(form);
        match form.to_rql() {
            Ok(text) => {
                prop_assert!(form.count() <= super::CONDITIONS_MAX);
                prop_assert_eq!(found(&text), Some(form.normalised()));
            }
            Err(faults) => prop_assert!(faults.iter().all(|fault| fault.place.is_none())),
        }
    }

    #[test]
    fn a_filter_by_hand_that_becomes_a_form_stays_that_form(text in by_hand()) {
        if let Some(form) = found(&text) {
            let printed = form.to_rql().unwrap();
            prop_assert_eq!(form.clone().normalised(), form.clone());
            prop_assert_eq!(found(&printed), Some(form));
        }
    }
}
