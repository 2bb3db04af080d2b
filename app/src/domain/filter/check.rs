//! What is wrong with a form, and where: sentences for the person who filled it in. Whether the things that its ids name
//! exist is not known here.

use super::{
    Arity, CONDITIONS_MAX, Condition, FilterEntry, FilterForm, Kind, Operator, PATTERNS_MAX,
    TEXT_MAX, VALUE_MAX, print::length_in_address,
};
use crate::domain::{text::looks_like_secret, token::TokenStatus, validate::Complaint};
use time::{Date, Month};

/// Something that keeps a form from being used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterFault {
    /// The condition that it is about; without it, the form as a whole.
    pub place: Option<FilterPlace>,
    /// What is wrong, and what to do.
    pub message: Complaint,
}

/// Where a condition stands in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FilterPlace {
    /// Which entry, from 0.
    pub entry: usize,
    /// Which condition of a group, from 0; without it, the entry is a condition.
    pub condition: Option<usize>,
}

const TOO_LONG: &str =
    "The filter is too long to stand in an address. Take values or conditions out of it.";

impl FilterFault {
    pub(super) fn too_long() -> Self {
        Self {
            place: None,
            message: TOO_LONG.to_owned(),
        }
    }
}

/// What keeps the text of a filter, as somebody wrote it, from standing in an address. Whether it is one of the query
/// language, only the server can tell.
#[must_use]
pub fn text_fault(text: &str) -> Option<&'static str> {
    if looks_like_secret(text) {
        return Some(
            "This holds what looks like a token's secret, so it was not sent. A filter stands in the address. Filter by the token's name or id.",
        );
    }
    (length_in_address(text) > TEXT_MAX).then_some(TOO_LONG)
}

impl FilterForm {
    /// Every condition with its place.
    pub fn placed(&self) -> impl Iterator<Item = (FilterPlace, &Condition)> {
        let entries = self.entries.iter().enumerate();
        entries.flat_map(|(entry, held)| {
            let in_group = matches!(held, FilterEntry::Group(_));
            let conditions = held.conditions().iter().enumerate();
            conditions.map(move |(index, asked)| {
                let condition = in_group.then_some(index);
                (FilterPlace { entry, condition }, asked)
            })
        })
    }

    /// Everything that is wrong but for the length of the text, which only writing it tells.
    pub(super) fn faults(&self) -> Vec<FilterFault> {
        let mut faults: Vec<_> = self
            .placed()
            .filter_map(|(place, condition)| {
                let message = condition.fault()?;
                Some(FilterFault {
                    place: Some(place),
                    message,
                })
            })
            .collect();
        faults.extend(self.too_many_conditions());
        faults.extend(self.too_many_patterns());
        faults
    }

    fn too_many_conditions(&self) -> Option<FilterFault> {
        let count = self.count();
        (count > CONDITIONS_MAX).then(|| FilterFault {
            place: None,
            message: format!(
                "The filter has {count} conditions, and {CONDITIONS_MAX} are allowed. Remove {}.",
                count - CONDITIONS_MAX
            ),
        })
    }

    fn too_many_patterns(&self) -> Option<FilterFault> {
        let mut patterns = self
            .placed()
            .filter(|(_, condition)| condition.is_pattern());
        let (place, _) = patterns.nth(PATTERNS_MAX)?;
        Some(FilterFault {
            place: Some(place),
            message: format!(
                "A filter can search in names and ids {PATTERNS_MAX} times, and this is once more. Remove this condition or another one like it."
            ),
        })
    }
}

impl Condition {
    /// What keeps the condition from being used: a sentence to stand beside it.
    #[must_use]
    pub fn fault(&self) -> Option<Complaint> {
        let (property, operator) = (self.property, self.operator);
        if !property.operators().contains(&operator) {
            let label = property.label();
            return Some(format!(
                "{label} cannot be compared in this way. Choose another one."
            ));
        }
        let values: Vec<&str> = self.taken().collect();
        let fewest = operator.arity().least();
        if values.len() < fewest || values.contains(&"") {
            return Some(missing(property.kind(), operator.arity()).to_owned());
        }
        let found = values.iter().find_map(|value| self.fault_of(value));
        found
            .or_else(|| {
                let backwards = operator == Operator::Between && values[0] > values[1];
                backwards.then_some("The first day lies after the last one. Swap them.")
            })
            .map(str::to_owned)
            .or_else(|| values.iter().find_map(|value| too_long(value)))
    }

    fn fault_of(&self, value: &str) -> Option<&'static str> {
        if looks_like_secret(value) {
            return Some(
                "This looks like a token's secret, and a filter stands in the address. Filter by the token's name or id.",
            );
        }
        if value.contains(char::is_control) {
            return Some("This has a control character in it. Remove it, or type the text anew.");
        }
        if value.contains('\'') && value.contains('"') {
            return Some(
                "This has both kinds of quotes in it, ' and \", and a filter can hold only one. Look for a part of it.",
            );
        }
        let open = matches!(self.operator, Operator::Contains | Operator::StartsWith);
        if open && value.ends_with('\\') {
            return Some(
                "A filter cannot look for a backslash at the end of a text. Leave it out.",
            );
        }
        match self.property.kind() {
            Kind::Status if status(value).is_none() => {
                Some("There is no such status. Choose one of the list.")
            }
            Kind::Days if !is_day(value) => {
                Some("This is no day of the calendar. Enter one like 2026-01-31.")
            }
            _ => None,
        }
    }
}

const fn missing(kind: Kind, arity: Arity) -> &'static str {
    match (kind, arity) {
        (Kind::Text, _) => "The text is missing. Enter some, or remove the condition.",
        (Kind::Status, _) => "The status is missing. Choose one, or remove the condition.",
        (Kind::Modules, _) => "The module is missing. Choose one, or remove the condition.",
        (Kind::People, _) => "The person is missing. Choose one, or remove the condition.",
        (Kind::Accounts, _) => "The account is missing. Choose one, or remove the condition.",
        (Kind::Days, Arity::Two) => "A day is missing. Enter both, or remove the condition.",
        (Kind::Days, _) => "The day is missing. Enter one, or remove the condition.",
    }
}

fn too_long(value: &str) -> Option<Complaint> {
    let length = value.chars().count();
    (length > VALUE_MAX).then(|| {
        format!(
            "This has {length} characters, {} more than the {VALUE_MAX} allowed. Shorten it.",
            length - VALUE_MAX
        )
    })
}

/// The status of this word, exactly as it is written.
fn status(word: &str) -> Option<TokenStatus> {
    let mut states = TokenStatus::ALL.into_iter();
    states.find(|status| status.as_str() == word)
}

/// Whether this is a day as `2026-01-31`.
fn is_day(text: &str) -> bool {
    let dashed = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == "2026-01-31".len() && text.bytes().enumerate().all(dashed) && date(text).is_some()
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{Group, Join, Property};
    use super::*;

    fn fault(property: Property, operator: Operator, values: &[&str]) -> String {
        let condition = Condition {
            property,
            operator,
            values: values.iter().map(|&value| value.to_owned()).collect(),
        };
        condition.fault().unwrap_or_default()
    }

    #[test]
    fn what_cannot_be_written_is_told_and_what_can_is_not() {
        use Operator as O;
        use Property as P;
        let long = "🤖".repeat(201);
        let secret = format!("lk_{}", "a1".repeat(18));
        for (property, operator, value, part) in [
            (P::Name, O::Is, "it's \"a\"", "both kinds of quotes"),
            (P::Name, O::Is, "a\tb", "control character"),
            (P::Name, O::Is, "a\0b", "control character"),
            (P::Name, O::Contains, "a\\", "backslash at the end"),
            (P::Name, O::StartsWith, "a\\ ", "backslash at the end"),
            (
                P::Name,
                O::Is,
                long.as_str(),
                "201 characters, 1 more than the 200",
            ),
            (P::Id, O::EndsWith, long.as_str(), "201 characters"),
            (P::Name, O::Contains, secret.as_str(), "token's secret"),
            (P::Name, O::Is, " ", "text is missing"),
            (P::Status, O::Is, "active", "no such status"),
            (P::CreatedAt, O::Before, "2026-02-29", "no day"),
            (P::CreatedAt, O::Before, "2026-1-31", "no day"),
            (P::CreatedAt, O::Before, "+026-01-31", "no day"),
            (P::CreatedAt, O::After, "yesterday", "no day"),
            (P::Status, O::Contains, "A", "Status cannot be compared"),
        ] {
            let fault = fault(property, operator, &[value]);
            assert!(fault.contains(part), "{value:?}: {fault}");
        }
        for (property, operator, value) in [
            (P::Name, O::Is, "a\\"),
            (P::Name, O::EndsWith, "a\\"),
            (P::Name, O::Contains, "*\\*"),
            (P::Name, O::Contains, "it's"),
            (P::Name, O::StartsWith, &"🤖".repeat(200)),
            (P::CreatedAt, O::Before, "2028-02-29"),
        ] {
            assert_eq!(fault(property, operator, &[value]), "", "{value:?}");
        }
    }

    #[test]
    fn a_text_with_a_secret_or_without_end_goes_into_no_address() {
        let secret = format!("eq(name,'lk_{}')", "a1".repeat(18));
        assert!(text_fault(&secret).unwrap().contains("token's secret"));
        let long = |count: usize| "a".repeat(count);
        assert_eq!(text_fault(&long(TEXT_MAX)), None);
        assert_eq!(text_fault(&long(TEXT_MAX + 1)), Some(TOO_LONG));
        assert_eq!(text_fault(&"'".repeat(TEXT_MAX / 3 + 1)), Some(TOO_LONG));
        for good in ["", "eq(status,'Active')", "nonsense("] {
            assert_eq!(text_fault(good), None);
        }
    }

    #[test]
    fn a_missing_value_is_asked_for_by_what_it_is() {
        for (property, operator, values, part) in [
            (Property::Name, Operator::Is, &[][..], "The text"),
            (Property::Status, Operator::IsOneOf, &[], "The status"),
            (
                Property::Modules,
                Operator::IsOneOf,
                &["MOD-1756", ""],
                "The module",
            ),
            (Property::CreatedBy, Operator::Is, &[], "The person"),
            (Property::Account, Operator::Is, &[], "The account"),
            (Property::LastAccess, Operator::After, &[], "The day"),
            (
                Property::LastAccess,
                Operator::Between,
                &["2026-01-31"],
                "Enter both",
            ),
        ] {
            let fault = fault(property, operator, values);
            assert!(fault.contains(part), "{fault}");
        }
        assert_eq!(fault(Property::LastAccess, Operator::IsEmpty, &[]), "");
    }

    #[test]
    fn days_in_the_wrong_order_are_told() {
        let (first, last) = ("2026-01-01", "2026-01-31");
        let between = |days: &[&str]| fault(Property::CreatedAt, Operator::Between, days);
        assert!(between(&[last, first]).contains("Swap them"));
        assert_eq!(between(&[first, last]), "");
        assert_eq!(between(&[first, first]), "");
    }

    #[test]
    fn each_fault_says_where_it_is() {
        let empty = || Condition::new(Property::Status);
        let never = Condition {
            operator: Operator::IsEmpty,
            ..Condition::new(Property::LastAccess)
        };
        let form = FilterForm {
            join: Join::All,
            entries: vec![
                FilterEntry::Condition(empty()),
                FilterEntry::Group(Group {
                    join: Join::Any,
                    conditions: vec![never, empty()],
                }),
            ],
        };
        let faults = form.to_rql().unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.place).collect();
        let place = |entry, condition| Some(FilterPlace { entry, condition });
        assert_eq!(places, [place(0, None), place(1, Some(1))]);
    }

    #[test]
    fn more_conditions_and_more_patterns_than_allowed_are_told() {
        let of = |property, operator, value: &str, count| {
            let condition = Condition {
                property,
                operator,
                values: vec![value.to_owned()],
            };
            let entries = vec![FilterEntry::Condition(condition); count];
            let join = Join::Any;
            FilterForm { join, entries }.to_rql()
        };
        let states = |count| of(Property::Status, Operator::Is, "Active", count);
        assert!(states(50).is_ok());
        let faults = states(52).unwrap_err();
        assert!(faults[0].place.is_none() && faults[0].message.ends_with("Remove 2."));

        let names = |count| of(Property::Name, Operator::Is, "x", count);
        assert!(names(8).is_ok());
        let faults = names(10).unwrap_err();
        assert_eq!((faults.len(), faults[0].place.unwrap().entry), (1, 8));
        assert!(of(Property::Id, Operator::Is, "TKN-1", 9).is_ok());
    }
}
