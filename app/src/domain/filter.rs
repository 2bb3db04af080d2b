//! The filter of the token list as its builder holds it: conditions, and how they are joined.
//!
//! Owns what a person can build, what is wrong with it, its words and its text in the query language; the server finds
//! the form again in the tree of a text. Which fields there are beyond the builder, and how a filter is run, is not
//! known here. The rooms: `property` and `operator` are the menus, `choices` what values are offered, `edit` changes a
//! form, `check` finds faults, `print` writes the text, `words` the chips, and `read` (server only) takes a tree apart.

mod check;
mod choices;
mod edit;
mod operator;
mod print;
mod property;
#[cfg(feature = "ssr")]
mod read;
mod words;

#[cfg(feature = "ssr")]
#[cfg(test)]
mod properties;

pub use check::{FilterFault, FilterPlace, text_fault};
pub use choices::{FilterChoices, Named};
pub use operator::{Arity, Operator};
pub use property::{Kind, Property};

use serde::{Deserialize, Serialize};

/// The most conditions of a filter, those in groups included.
pub const CONDITIONS_MAX: usize = 50;
/// The most conditions of a filter that search in texts: each costs the server a look at every name or id.
pub const PATTERNS_MAX: usize = 8;
/// The longest value, in characters: as long as a name can be.
pub const VALUE_MAX: usize = super::validate::NAME_MAX;
/// The longest text of a filter, in bytes as an address holds them. An address has 8 KiB; the rest is for all else.
pub const TEXT_MAX: usize = 7 * 1024;

/// What a filter builder holds: conditions, all or any of which a row has to meet. Without entries every row does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FilterForm {
    /// Whether a row has to meet all entries or any.
    pub join: Join,
    /// The entries, in the order in which they were added.
    pub entries: Vec<FilterEntry>,
}

/// How many of some conditions have to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Join {
    /// All of them.
    #[default]
    All,
    /// At least one.
    Any,
}

/// A row of the builder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilterEntry {
    /// A condition of its own.
    Condition(Condition),
    /// Several that count as one.
    Group(Group),
}

/// Conditions that count as one. A group holds no groups.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Group {
    /// Whether a row has to meet all of them or any.
    pub join: Join,
    /// The conditions, in the order in which they were added.
    pub conditions: Vec<Condition>,
}

/// One thing that is asked of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What is looked at.
    pub property: Property,
    /// How it is compared; one that [`Property::operators`] has.
    pub operator: Operator,
    /// What it is compared with. Blanks around a value, and values that the operator does not take, count for nothing.
    pub values: Vec<String>,
}

impl Join {
    /// Both, in the order of the menu.
    pub const ALL: [Self; 2] = [Self::All, Self::Any];

    /// The words for people, as in "all of these".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
        }
    }
}

impl FilterForm {
    /// Every condition, those in groups included, in the order of the form.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.entries.iter().flat_map(FilterEntry::conditions)
    }

    /// How many conditions there are, those in groups included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.conditions().count()
    }

    /// The form as it is found again in its text: what makes no difference is gone.
    ///
    /// A group of one is its condition, an empty group is nothing, and a group alone is the form itself.
    #[must_use]
    pub fn normalised(self) -> Self {
        let entries = self.entries.into_iter().filter_map(FilterEntry::normalised);
        let mut entries: Vec<_> = entries.collect();
        match entries.pop() {
            Some(FilterEntry::Group(group)) if entries.is_empty() => Self {
                join: group.join,
                entries: group
                    .conditions
                    .into_iter()
                    .map(FilterEntry::Condition)
                    .collect(),
            },
            last => {
                entries.extend(last);
                let join = if entries.len() > 1 {
                    self.join
                } else {
                    Join::All
                };
                Self { join, entries }
            }
        }
    }
}

impl FilterEntry {
    /// Its conditions.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        match self {
            Self::Condition(condition) => std::slice::from_ref(condition),
            Self::Group(group) => &group.conditions,
        }
    }

    fn normalised(self) -> Option<Self> {
        match self.map(Condition::normalised) {
            Self::Group(group) if group.conditions.len() < 2 => {
                group.conditions.into_iter().next().map(Self::Condition)
            }
            entry => Some(entry),
        }
    }

    fn map(self, change: fn(Condition) -> Condition) -> Self {
        match self {
            Self::Condition(condition) => Self::Condition(change(condition)),
            Self::Group(group) => Self::Group(Group {
                join: group.join,
                conditions: group.conditions.into_iter().map(change).collect(),
            }),
        }
    }
}

impl Condition {
    /// A condition to be filled in: the property's first operator and no value.
    #[must_use]
    pub const fn new(property: Property) -> Self {
        Self {
            property,
            operator: property.operators()[0],
            values: Vec::new(),
        }
    }

    /// The same operator on another property where that has it, else its first. The values stay only among properties
    /// of one kind.
    #[must_use]
    pub fn with_property(self, property: Property) -> Self {
        let mut other = Self::new(property);
        if property.operators().contains(&self.operator) {
            other.operator = self.operator;
        }
        if property.kind() == self.property.kind() {
            other.values = self.values;
        }
        other
    }

    /// Whether the server has to look through texts for this; see [`PATTERNS_MAX`].
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        self.property.kind() == Kind::Text
            && (self.property, self.operator) != (Property::Id, Operator::Is)
    }

    /// The values that count, as they count.
    fn taken(&self) -> impl Iterator<Item = &str> {
        let most = self.operator.arity().most();
        self.values.iter().take(most).map(|value| value.trim())
    }

    fn normalised(self) -> Self {
        Self {
            values: self.taken().map(str::to_owned).collect(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(word: &str) -> Condition {
        Condition {
            values: vec![word.to_owned()],
            ..Condition::new(Property::Status)
        }
    }

    fn any(words: &[&str]) -> FilterEntry {
        FilterEntry::Group(Group {
            join: Join::Any,
            conditions: words.iter().map(|word| status(word)).collect(),
        })
    }

    #[test]
    fn groups_that_make_no_difference_are_gone_from_the_normal_form() {
        let one = |word| FilterEntry::Condition(status(word));
        for (join, entries, normal_join, normal) in [
            (Join::Any, vec![], Join::All, vec![]),
            (Join::Any, vec![any(&[])], Join::All, vec![]),
            (Join::Any, vec![any(&["A"])], Join::All, vec![one("A")]),
            (
                Join::All,
                vec![any(&[]), any(&["A", "B"])],
                Join::Any,
                vec![one("A"), one("B")],
            ),
            (
                Join::All,
                vec![any(&["A"]), any(&["B"])],
                Join::All,
                vec![one("A"), one("B")],
            ),
            (
                Join::All,
                vec![one("A"), any(&["B", "C"])],
                Join::All,
                vec![one("A"), any(&["B", "C"])],
            ),
        ] {
            let form = FilterForm { join, entries };
            let normal = FilterForm {
                join: normal_join,
                entries: normal,
            };
            assert_eq!(form.normalised(), normal);
            assert_eq!(normal.clone().normalised(), normal);
        }
    }

    #[test]
    fn values_lose_their_blanks_and_what_the_operator_does_not_take() {
        let mut condition = Condition::new(Property::LastAccess);
        condition.values = vec![" 2026-01-01 ".to_owned(), "2026-01-31".to_owned()];
        assert_eq!(condition.clone().normalised().values, ["2026-01-01"]);
        condition.operator = Operator::Between;
        assert_eq!(condition.clone().normalised().values.len(), 2);
        condition.operator = Operator::IsEmpty;
        assert!(condition.normalised().values.is_empty());
    }

    #[test]
    fn conditions_in_groups_are_counted_too() {
        let form = FilterForm {
            join: Join::All,
            entries: vec![
                any(&["A", "B"]),
                FilterEntry::Condition(status("C")),
                any(&[]),
            ],
        };
        let words = form.conditions().map(|condition| &condition.values[0]);
        assert_eq!(words.collect::<Vec<_>>(), ["A", "B", "C"]);
        assert_eq!(form.count(), 3);
    }

    #[test]
    fn another_property_keeps_what_it_can_use() {
        let mut condition = Condition::new(Property::Name);
        condition.operator = Operator::Contains;
        condition.values.push("robot".to_owned());
        let id = condition.clone().with_property(Property::Id);
        assert_eq!((id.operator, id.values.len()), (Operator::Contains, 1));
        let status = condition.with_property(Property::Status);
        assert_eq!(status, Condition::new(Property::Status));
    }

    #[test]
    fn a_form_travels_as_it_is() {
        let form = FilterForm {
            join: Join::Any,
            entries: vec![any(&["A", "B"]), FilterEntry::Condition(status("C"))],
        };
        let text = serde_json::to_string(&form).unwrap();
        assert_eq!(serde_json::from_str::<FilterForm>(&text).unwrap(), form);
    }
}
