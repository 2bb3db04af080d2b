//! A condition as a person says it, for the chips over the list.

use super::{Condition, Kind, Operator, Property};

impl Condition {
    /// The condition in words, as in "Status is Active or Disabled". `names` knows what the things are called that ids of
    /// the property name; an id that it does not know stands for itself.
    #[must_use]
    pub fn words(&self, names: &dyn Fn(Property, &str) -> Option<String>) -> String {
        let (kind, subject) = (self.property.kind(), self.property.short());
        let verb = self.operator.label(kind);
        let values = self.values_in_words(names);
        match (kind, self.operator) {
            (Kind::Modules, Operator::IsEmpty) => "No modules".to_owned(),
            (Kind::People, Operator::IsEmpty) => format!("{subject} Latchkey itself"),
            (Kind::People, Operator::IsNot) => format!("Not created by {values}"),
            (Kind::People, _) => format!("{subject} {values}"),
            (_, Operator::IsEmpty | Operator::IsNotEmpty) => format!("{subject} {verb}"),
            (Kind::Days, _) => format!("{subject} {verb} {values} (UTC)"),
            (_, Operator::IsOneOf) => {
                let verb = Operator::Is.label(kind);
                format!("{subject} {verb} {values}")
            }
            _ => format!("{subject} {verb} {values}"),
        }
    }

    fn values_in_words(&self, names: &dyn Fn(Property, &str) -> Option<String>) -> String {
        let kind = self.property.kind();
        let mut words: Vec<String> = self
            .taken()
            .map(|value| match kind {
                Kind::Text => format!("“{value}”"),
                Kind::Status | Kind::Days => value.to_owned(),
                Kind::Modules | Kind::People | Kind::Accounts => {
                    names(self.property, value).unwrap_or_else(|| value.to_owned())
                }
            })
            .collect();
        let last = words.pop().unwrap_or_default();
        if words.is_empty() {
            return last;
        }
        let joiner = if self.operator == Operator::Between {
            "and"
        } else {
            "or"
        };
        format!("{} {joiner} {last}", words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(property: Property, id: &str) -> Option<String> {
        let name = match (property, id) {
            (Property::Modules, "MOD-1756") => "Access Management",
            (Property::Modules, "MOD-1758") => "Audit Trail",
            (Property::CreatedBy, "USR-1") => "Sarah Lee",
            (Property::Account, "ACC-1") => "Northwind",
            _ => return None,
        };
        Some(name.to_owned())
    }

    #[test]
    fn a_condition_reads_as_a_person_says_it() {
        use Operator as O;
        use Property as P;
        for (property, operator, values, expected) in [
            (P::Name, O::Is, &["CRM robot"][..], "Name is “CRM robot”"),
            (P::Name, O::IsNot, &["x"], "Name is not “x”"),
            (P::Name, O::Contains, &["robot"], "Name contains “robot”"),
            (P::Id, O::StartsWith, &["TKN-1"], "Id starts with “TKN-1”"),
            (P::Status, O::Is, &["Active"], "Status is Active"),
            (P::Status, O::IsNot, &["Deleted"], "Status is not Deleted"),
            (
                P::Status,
                O::IsOneOf,
                &["Active", "Disabled"],
                "Status is Active or Disabled",
            ),
            (
                P::Modules,
                O::Is,
                &["MOD-1756"],
                "Modules include Access Management",
            ),
            (
                P::Modules,
                O::IsNot,
                &["MOD-9999"],
                "Modules do not include MOD-9999",
            ),
            (
                P::Modules,
                O::IsOneOf,
                &["MOD-1756", "MOD-1758", "MOD-9999"],
                "Modules include Access Management, Audit Trail or MOD-9999",
            ),
            (P::Modules, O::IsEmpty, &[], "No modules"),
            (P::CreatedBy, O::Is, &["USR-1"], "Created by Sarah Lee"),
            (
                P::CreatedBy,
                O::IsNot,
                &["USR-1"],
                "Not created by Sarah Lee",
            ),
            (
                P::CreatedBy,
                O::IsOneOf,
                &["USR-1", "USR-2"],
                "Created by Sarah Lee or USR-2",
            ),
            (P::CreatedBy, O::IsEmpty, &[], "Created by Latchkey itself"),
            (P::Account, O::Is, &["ACC-1"], "Account is Northwind"),
            (
                P::CreatedAt,
                O::Between,
                &["2026-01-01", "2026-01-31"],
                "Created between 2026-01-01 and 2026-01-31 (UTC)",
            ),
            (
                P::LastAccess,
                O::Before,
                &["2026-01-01"],
                "Last access before 2026-01-01 (UTC)",
            ),
            (P::LastAccess, O::IsEmpty, &[], "Last access never"),
            (
                P::LastAccess,
                O::IsNotEmpty,
                &[],
                "Last access at least once",
            ),
        ] {
            let condition = Condition {
                property,
                operator,
                values: values.iter().map(|&value| value.to_owned()).collect(),
            };
            assert_eq!(condition.words(&names), expected);
        }
    }
}
