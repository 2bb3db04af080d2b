//! The text of a form in the query language. The browser writes it, so this knows nothing of trees.

use super::{Condition, FilterEntry, FilterFault, FilterForm, Join, Operator, Property, TEXT_MAX};

/// The last moment of a day, behind its date; moments are kept in microseconds.
pub(super) const DAY_END: &str = "T23:59:59.999999Z";

impl FilterForm {
    /// The filter as text of the query language; no text, when there are no conditions.
    ///
    /// # Errors
    /// Everything that keeps the form from being used, with its place.
    pub fn to_rql(&self) -> Result<String, Vec<FilterFault>> {
        let faults = self.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let text = self.print();
        if length_in_address(&text) > TEXT_MAX {
            return Err(vec![FilterFault::too_long()]);
        }
        Ok(text)
    }

    fn print(&self) -> String {
        let entries = self.entries.iter().map(|entry| match entry {
            FilterEntry::Condition(condition) => condition.print(),
            FilterEntry::Group(group) => {
                joined(group.join, group.conditions.iter().map(Condition::print))
            }
        });
        joined(self.join, entries)
    }
}

impl Condition {
    fn print(&self) -> String {
        let path = self.property.path();
        let values: Vec<&str> = self.taken().collect();
        let value = values.first().copied().unwrap_or_default();
        match (self.property, self.operator) {
            (Property::Modules, operator) => modules(operator, path, value, &values),
            (Property::Name, Operator::Is) => like(path, "", value, ""),
            (Property::Name, Operator::IsNot) => format!("not({})", like(path, "", value, "")),
            (_, Operator::Contains) => like(path, "*", value, "*"),
            (_, Operator::StartsWith) => like(path, "", value, "*"),
            (_, Operator::EndsWith) => like(path, "*", value, ""),
            (_, Operator::Is) => call("eq", path, &quoted(value)),
            (_, Operator::IsNot) => call("ne", path, &quoted(value)),
            (_, Operator::IsOneOf) => call("in", path, &list(&values)),
            (_, Operator::IsEmpty) => call("eq", path, "null()"),
            (_, Operator::IsNotEmpty) => call("ne", path, "null()"),
            (_, Operator::Before) => call("lt", path, &quoted(value)),
            (_, Operator::After) => call("gt", path, &day_end(value)),
            (_, Operator::Between) => {
                let last = values.get(1).copied().unwrap_or_default();
                let from = call("ge", path, &quoted(value));
                let to = call("le", path, &day_end(last));
                call("and", &from, &to)
            }
        }
    }
}

fn modules(operator: Operator, path: &str, value: &str, values: &[&str]) -> String {
    match operator {
        Operator::IsNot => format!("not({})", modules(Operator::Is, path, value, values)),
        Operator::IsOneOf => call("any", path, &call("in", "id", &list(values))),
        Operator::IsEmpty => format!("not(any({path}))"),
        _ => call("any", path, &call("eq", "id", &quoted(value))),
    }
}

/// What there is of `terms` as one; one alone needs no word around it.
fn joined(join: Join, terms: impl Iterator<Item = String>) -> String {
    let mut terms: Vec<String> = terms.filter(|term| !term.is_empty()).collect();
    if terms.len() < 2 {
        return terms.pop().unwrap_or_default();
    }
    let name = match join {
        Join::All => "and",
        Join::Any => "or",
    };
    format!("{name}({})", terms.join(","))
}

fn call(name: &str, left: &str, right: &str) -> String {
    [name, "(", left, ",", right, ")"].concat()
}

fn like(path: &str, before: &str, text: &str, after: &str) -> String {
    let text = text.replace('*', "\\*");
    call("ilike", path, &quoted(&[before, &text, after].concat()))
}

fn list(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("({})", values.join(","))
}

fn day_end(day: &str) -> String {
    quoted(&[day, DAY_END].concat())
}

/// Nothing can be escaped inside quotes: they are of the kind that the value has not.
fn quoted(value: &str) -> String {
    let quote = if value.contains('\'') { "\"" } else { "'" };
    [quote, value, quote].concat()
}

/// How many bytes an address needs for the text at most. All but letters and digits may be written as `%XX`.
pub(super) fn length_in_address(text: &str) -> usize {
    let bytes = text.bytes();
    bytes
        .map(|byte| if byte.is_ascii_alphanumeric() { 1 } else { 3 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::{CONDITIONS_MAX, Group};
    use super::*;

    fn condition(property: Property, operator: Operator, values: &[&str]) -> Condition {
        Condition {
            property,
            operator,
            values: values.iter().map(|&value| value.to_owned()).collect(),
        }
    }

    fn text(entries: Vec<FilterEntry>) -> String {
        let join = Join::All;
        FilterForm { join, entries }.to_rql().unwrap()
    }

    /// Operators with their values, and the text that the condition has.
    type Texts<'a> = &'a [(Operator, &'a [&'a str], &'a str)];

    fn check(property: Property, texts: Texts<'_>) {
        for (operator, values, expected) in texts {
            let condition = condition(property, *operator, values);
            assert_eq!(text(vec![FilterEntry::Condition(condition)]), *expected);
        }
    }

    #[test]
    fn names_are_searched_in_any_case_and_stars_in_them_are_stars() {
        let texts: Texts<'_> = &[
            (Operator::Is, &["CRM robot"], "ilike(name,'CRM robot')"),
            (Operator::Is, &["a*b"], r"ilike(name,'a\*b')"),
            (Operator::IsNot, &["x"], "not(ilike(name,'x'))"),
            (Operator::Contains, &["50%_"], "ilike(name,'*50%_*')"),
            (Operator::StartsWith, &["it's"], "ilike(name,\"it's*\")"),
            (Operator::EndsWith, &["\"a\""], "ilike(name,'*\"a\"')"),
        ];
        check(Property::Name, texts);
        let texts: Texts<'_> = &[
            (Operator::Is, &[" TKN-1 "], "eq(id,'TKN-1')"),
            (Operator::Contains, &["12"], "ilike(id,'*12*')"),
            (Operator::StartsWith, &["TKN"], "ilike(id,'TKN*')"),
            (Operator::EndsWith, &["34"], "ilike(id,'*34')"),
        ];
        check(Property::Id, texts);
    }

    #[test]
    fn what_is_chosen_from_a_list_is_compared_exactly() {
        let texts: Texts<'_> = &[
            (Operator::Is, &["Active"], "eq(status,'Active')"),
            (Operator::IsNot, &["Active"], "ne(status,'Active')"),
            (
                Operator::IsOneOf,
                &["Active", "Disabled"],
                "in(status,('Active','Disabled'))",
            ),
        ];
        check(Property::Status, texts);
        let texts: Texts<'_> = &[
            (Operator::Is, &["USR-1"], "eq(audit.created.by.id,'USR-1')"),
            (Operator::IsNot, &["A"], "ne(audit.created.by.id,'A')"),
            (Operator::IsOneOf, &["A"], "in(audit.created.by.id,('A'))"),
            (Operator::IsEmpty, &[], "eq(audit.created.by.id,null())"),
        ];
        check(Property::CreatedBy, texts);
        let texts: Texts<'_> = &[
            (Operator::Is, &["ACC-1"], "eq(account.id,'ACC-1')"),
            (Operator::IsNot, &["ACC-1"], "ne(account.id,'ACC-1')"),
            (Operator::IsOneOf, &["A", "B"], "in(account.id,('A','B'))"),
        ];
        check(Property::Account, texts);
    }

    #[test]
    fn a_token_has_many_modules() {
        let texts: Texts<'_> = &[
            (Operator::Is, &["MOD-1"], "any(modules,eq(id,'MOD-1'))"),
            (Operator::IsNot, &["A"], "not(any(modules,eq(id,'A')))"),
            (
                Operator::IsOneOf,
                &["A", "B"],
                "any(modules,in(id,('A','B')))",
            ),
            (Operator::IsEmpty, &["left over"], "not(any(modules))"),
        ];
        check(Property::Modules, texts);
    }

    #[test]
    fn a_day_lasts_to_its_last_microsecond() {
        let (first, last) = ("2026-01-01", "2026-01-31");
        let texts: Texts<'_> = &[
            (
                Operator::Before,
                &[first],
                "lt(audit.created.at,'2026-01-01')",
            ),
            (
                Operator::After,
                &[last],
                "gt(audit.created.at,'2026-01-31T23:59:59.999999Z')",
            ),
            (
                Operator::Between,
                &[first, last],
                "and(ge(audit.created.at,'2026-01-01'),le(audit.created.at,'2026-01-31T23:59:59.999999Z'))",
            ),
        ];
        check(Property::CreatedAt, texts);
        let texts: Texts<'_> = &[
            (Operator::Before, &[first], "lt(lastAccessAt,'2026-01-01')"),
            (Operator::IsEmpty, &[], "eq(lastAccessAt,null())"),
            (Operator::IsNotEmpty, &[], "ne(lastAccessAt,null())"),
        ];
        check(Property::LastAccess, texts);
    }

    #[test]
    fn only_what_is_joined_has_a_word_around_it() {
        let status = |word| condition(Property::Status, Operator::Is, &[word]);
        let one = || FilterEntry::Condition(status("Active"));
        let group = |words: &[&'static str]| {
            FilterEntry::Group(Group {
                join: Join::Any,
                conditions: words.iter().map(|word| status(word)).collect(),
            })
        };
        assert_eq!(text(vec![]), "");
        assert_eq!(text(vec![group(&[])]), "");
        assert_eq!(text(vec![one(), group(&[])]), "eq(status,'Active')");
        assert_eq!(text(vec![group(&["Deleted"])]), "eq(status,'Deleted')");
        assert_eq!(
            text(vec![one(), group(&["Active", "Deleted"])]),
            "and(eq(status,'Active'),or(eq(status,'Active'),eq(status,'Deleted')))"
        );
    }

    #[test]
    fn as_many_conditions_as_there_may_be_fit_whatever_they_are() {
        let between = condition(
            Property::CreatedAt,
            Operator::Between,
            &["2026-01-01", "2026-01-31"],
        );
        text(vec![FilterEntry::Condition(between); CONDITIONS_MAX]);
    }

    #[test]
    fn a_text_too_long_for_an_address_is_a_fault_of_the_whole() {
        let ids: Vec<String> = (1000..1400).map(|number| format!("MOD-{number}")).collect();
        let condition = Condition {
            property: Property::Modules,
            operator: Operator::IsOneOf,
            values: ids,
        };
        let form = FilterForm {
            join: Join::All,
            entries: vec![FilterEntry::Condition(condition)],
        };
        assert_eq!(form.to_rql(), Err(vec![FilterFault::too_long()]));
    }
}
