//! A form from the tree of a filter, whoever wrote its text. What the builder cannot show is no form: a filter is never
//! shown as something that it is not.

use super::print::DAY_END;
use super::{Condition, FilterEntry, FilterForm, Group, Join, Kind, Operator, Property};
use crate::domain::token::TokenStatus;
use crate::rql::{Comparison, Expr, Item, Operand, Path, Pattern, Piece};

impl FilterForm {
    /// The form that means this tree; `None` where the builder has no words for it.
    #[must_use]
    pub fn from_tree(tree: &Expr) -> Option<Self> {
        let tree = peeled(tree);
        let form = if let Some(condition) = condition(tree) {
            Self {
                join: Join::All,
                entries: vec![FilterEntry::Condition(condition)],
            }
        } else {
            let (join, terms) = terms(tree)?;
            let entries = terms.iter().map(entry).collect::<Option<_>>()?;
            Self { join, entries }
        };
        // The parts below only say what a term would be: whether the builder offers that, and would write it as it
        // stands, is said here for all of them.
        let shown = form.to_rql().is_ok() && form.clone().normalised() == form;
        shown.then_some(form)
    }
}

/// The tree without groups of one around it.
fn peeled(mut tree: &Expr) -> &Expr {
    while let Expr::And(terms) | Expr::Or(terms) = tree {
        let [only] = terms.as_slice() else {
            break;
        };
        tree = only;
    }
    tree
}

fn terms(tree: &Expr) -> Option<(Join, &[Expr])> {
    match tree {
        Expr::And(terms) if !terms.is_empty() => Some((Join::All, terms)),
        Expr::Or(terms) if !terms.is_empty() => Some((Join::Any, terms)),
        _ => None,
    }
}

fn entry(tree: &Expr) -> Option<FilterEntry> {
    let tree = peeled(tree);
    if let Some(condition) = condition(tree) {
        return Some(FilterEntry::Condition(condition));
    }
    let (join, terms) = terms(tree)?;
    let conditions = terms.iter().map(|term| condition(peeled(term)));
    let conditions = conditions.collect::<Option<_>>()?;
    Some(FilterEntry::Group(Group { join, conditions }))
}

fn condition(tree: &Expr) -> Option<Condition> {
    match tree {
        Expr::Compare { left, op, right } => compared(left, *op, right),
        Expr::Like {
            left,
            pattern,
            fold: true,
        } => matched(left, pattern),
        Expr::In {
            left,
            values,
            negated: false,
        } => {
            let property = property(left)?;
            let values = items(property, values)?;
            Some(made(property, Operator::IsOneOf, values))
        }
        Expr::Any {
            collection,
            condition,
        } if is_at(collection, Property::Modules.path()) => with_module(condition.as_deref()),
        Expr::Not(inner) => negated(peeled(inner)),
        Expr::And(terms) => between(terms),
        _ => None,
    }
}

const fn made(property: Property, operator: Operator, values: Vec<String>) -> Condition {
    Condition {
        property,
        operator,
        values,
    }
}

/// The property whose values have this path. Modules have none themselves.
fn property(path: &Path) -> Option<Property> {
    let mut properties = Property::ALL.into_iter();
    properties.find(|property| *property != Property::Modules && is_at(path, property.path()))
}

fn is_at(path: &Path, names: &str) -> bool {
    path.to_string().eq_ignore_ascii_case(names)
}

fn compared(left: &Path, op: Comparison, right: &Operand) -> Option<Condition> {
    let property = property(left)?;
    // Comparing names minds the case of letters, which no condition of the builder does.
    if property == Property::Name {
        return None;
    }
    if *right == Operand::Null {
        let operator = match op {
            Comparison::Eq => Operator::IsEmpty,
            Comparison::Ne => Operator::IsNotEmpty,
            _ => return None,
        };
        return Some(made(property, operator, Vec::new()));
    }
    let value = value(property, right)?;
    let (operator, value) = match op {
        Comparison::Eq => (Operator::Is, value),
        Comparison::Ne => (Operator::IsNot, value),
        Comparison::Lt => (Operator::Before, value),
        Comparison::Gt => (Operator::After, day_of_end(&value)?),
        Comparison::Ge | Comparison::Le => return None,
    };
    Some(made(property, operator, vec![value]))
}

fn matched(left: &Path, pattern: &Pattern) -> Option<Condition> {
    let property = property(left).filter(|property| property.kind() == Kind::Text)?;
    let (operator, text) = match pattern.0.as_slice() {
        // An id is compared letter by letter.
        [Piece::Text(text)] if property == Property::Name => (Operator::Is, text),
        [Piece::Any, Piece::Text(text), Piece::Any] => (Operator::Contains, text),
        [Piece::Text(text), Piece::Any] => (Operator::StartsWith, text),
        [Piece::Any, Piece::Text(text)] => (Operator::EndsWith, text),
        _ => return None,
    };
    Some(made(property, operator, vec![text.clone()]))
}

/// A token that has a module for which `condition` holds, or any at all.
fn with_module(condition: Option<&Expr>) -> Option<Condition> {
    let property = Property::Modules;
    let (operator, values) = match condition.map(peeled) {
        None => (Operator::IsNotEmpty, Vec::new()),
        Some(Expr::Compare {
            left,
            op: Comparison::Eq,
            right,
        }) if is_at(left, "id") => (Operator::Is, vec![value(property, right)?]),
        Some(Expr::In {
            left,
            values,
            negated: false,
        }) if is_at(left, "id") => (Operator::IsOneOf, items(property, values)?),
        Some(_) => return None,
    };
    Some(made(property, operator, values))
}

fn negated(inner: &Expr) -> Option<Condition> {
    match inner {
        Expr::Compare {
            left,
            op: Comparison::Eq,
            right,
        } => compared(left, Comparison::Ne, right),
        Expr::Like { .. } | Expr::Any { .. } => {
            let condition = condition(inner)?;
            let operator = match condition.operator {
                Operator::Is => Operator::IsNot,
                Operator::IsNotEmpty => Operator::IsEmpty,
                _ => return None,
            };
            Some(Condition {
                operator,
                ..condition
            })
        }
        _ => None,
    }
}

fn between(terms: &[Expr]) -> Option<Condition> {
    let [from, to] = terms else {
        return None;
    };
    let (property, first) = bound(from, Comparison::Ge)?;
    let (other, last) = bound(to, Comparison::Le)?;
    let days = vec![first, day_of_end(&last)?];
    (property == other).then(|| made(property, Operator::Between, days))
}

fn bound(tree: &Expr, comparison: Comparison) -> Option<(Property, String)> {
    match peeled(tree) {
        Expr::Compare { left, op, right } if *op == comparison => {
            let property = property(left)?;
            Some((property, value(property, right)?))
        }
        _ => None,
    }
}

/// The day whose last moment this is.
fn day_of_end(moment: &str) -> Option<String> {
    moment.strip_suffix(DAY_END).map(str::to_owned)
}

fn value(property: Property, operand: &Operand) -> Option<String> {
    match operand {
        Operand::Quoted(text) => word(property, text),
        Operand::Bare(text) if property == Property::Status => word(property, text),
        Operand::Bare(text) if !may_be_field(text) => Some(text.clone()),
        _ => None,
    }
}

fn items(property: Property, items: &[Item]) -> Option<Vec<String>> {
    let words = items.iter().map(|item| match item {
        Item::Value(text) => word(property, text),
        Item::Empty => None,
    });
    words.collect()
}

/// The value as the builder has it: a status is meant in any case of letters.
fn word(property: Property, text: &str) -> Option<String> {
    if property != Property::Status {
        return Some(text.to_owned());
    }
    let mut states = TokenStatus::ALL.into_iter().map(TokenStatus::as_str);
    let state = states.find(|state| state.eq_ignore_ascii_case(text));
    state.map(str::to_owned)
}

/// Whether a bare word can name a field, in which case it means that field and no value. Fields have names of letters,
/// none of which is a status.
fn may_be_field(text: &str) -> bool {
    text.chars().all(|character| {
        character == '.' || character.is_ascii_alphabetic() || character.is_ascii_whitespace()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rql::parse;

    fn form(text: &str) -> Option<FilterForm> {
        FilterForm::from_tree(&parse(text).unwrap().unwrap())
    }

    #[test]
    fn what_people_and_programs_write_becomes_the_form_that_means_it() {
        for (written, printed) in [
            ("status=Active", "eq(status,'Active')"),
            ("Status='aCTIVE'", "eq(status,'Active')"),
            ("not(status=Active)", "ne(status,'Active')"),
            ("in(status,deleted)", "in(status,('Deleted'))"),
            ("and(or(and(status=Active)))", "eq(status,'Active')"),
            (
                "and(eq(status,Active),ilike(name,*robot*))",
                "and(eq(status,'Active'),ilike(name,'*robot*'))",
            ),
            (
                "status=Active&ilike(name,robot)|id=TKN-1",
                "or(and(eq(status,'Active'),ilike(name,'robot')),eq(id,'TKN-1'))",
            ),
            (
                "and(status=Active,and(status=Deleted,status=Disabled))",
                "and(eq(status,'Active'),and(eq(status,'Deleted'),eq(status,'Disabled')))",
            ),
            (r"ilike(name,The\**)", r"ilike(name,'The\**')"),
            (
                "any(modules,id=\"MOD-1756\")",
                "any(modules,eq(id,'MOD-1756'))",
            ),
            ("not(and(any(modules)))", "not(any(modules))"),
            (
                "AUDIT.created.by.id=USR-1",
                "eq(audit.created.by.id,'USR-1')",
            ),
            ("lastAccessAt=null()", "eq(lastAccessAt,null())"),
            ("not(lastAccessAt=null())", "ne(lastAccessAt,null())"),
            (
                "lt(audit.created.at,2026-01-31)",
                "lt(audit.created.at,'2026-01-31')",
            ),
            (
                "ge(lastAccessAt,2026-01-01)&le(lastAccessAt,2026-01-31T23:59:59.999999Z)",
                "and(ge(lastAccessAt,'2026-01-01'),le(lastAccessAt,'2026-01-31T23:59:59.999999Z'))",
            ),
        ] {
            let form = form(written).unwrap();
            assert_eq!(form.to_rql().unwrap(), printed);
        }
    }

    #[test]
    fn days_between_two_are_one_condition_and_no_group() {
        let form = form(
            "and(ge(lastAccessAt,'2026-01-01'),le(lastAccessAt,'2026-01-31T23:59:59.999999Z'))",
        )
        .unwrap();
        let operators: Vec<_> = form.conditions().map(|it| it.operator).collect();
        assert_eq!(operators, [Operator::Between]);
    }

    #[test]
    fn what_the_builder_has_no_words_for_is_no_form() {
        for text in [
            "gt(revision,3)",
            "status=Active&gt(revision,3)",
            "name=robot",
            "ne(name,robot)",
            "like(name,*robot*)",
            "ilike(name,a*b)",
            "ilike(name,*)",
            "ilike(name,'')",
            "ilike(name,'*robot *')",
            "not(ilike(name,*robot*))",
            "ilike(id,TKN-1)",
            "ne(id,TKN-1)",
            "id=name",
            "id=account . id",
            "id=self(name)",
            "id=empty()",
            "id=null()",
            "eq(id,' TKN-1')",
            "in(id,(TKN-1,TKN-2))",
            "ilike(status,Active)",
            "status=Broken",
            "out(status,(Active))",
            "in(status,(Active,empty()))",
            "gt(status,Active)",
            "any(modules)",
            "all(modules,id=MOD-1756)",
            "any(modules,code=audit-trail)",
            "any(modules,ne(id,MOD-1756))",
            "any(modules,id=code)",
            "not(any(modules,in(id,(MOD-1756))))",
            "modules=MOD-1756",
            "ne(audit.created.by.id,null())",
            "audit.created.by.name=Sarah",
            "audit.updated.by.id=USR-1",
            "audit.created.at=null()",
            "audit.created.at=2026-01-31",
            "gt(audit.created.at,2026-01-31)",
            "ge(audit.created.at,2026-01-31)",
            "lt(audit.created.at,2026-02-30)",
            "lt(audit.created.at,2026-01-31T00:00:00Z)",
            "lt(audit.created.at,lastAccessAt)",
            "ge(audit.created.at,2026-01-01)&le(lastAccessAt,2026-01-31T23:59:59.999999Z)",
            "ge(lastAccessAt,2026-02-01)&le(lastAccessAt,2026-01-31T23:59:59.999999Z)",
            "ge(lastAccessAt,2026-01-01)&le(lastAccessAt,2026-01-31)",
            "not(and(status=Active,id=TKN-1))",
            "not(not(status=Active))",
            "(status=Active|(id=TKN-1&(id=TKN-2|id=TKN-3)))",
        ] {
            assert_eq!(form(text), None, "{text}");
        }
    }

    #[test]
    fn a_tree_made_by_hand_without_terms_is_no_form() {
        assert_eq!(FilterForm::from_tree(&Expr::And(vec![])), None);
        assert_eq!(
            FilterForm::from_tree(&Expr::Or(vec![Expr::Or(vec![])])),
            None
        );
    }

    #[test]
    fn more_than_a_form_may_hold_is_no_form() {
        let many = |term: &str, count| form(&vec![term; count].join("&"));
        assert!(many("status=Active", 50).is_some());
        assert_eq!(many("status=Active", 51), None);
        assert!(many("ilike(name,a)", 8).is_some());
        assert_eq!(many("ilike(name,a)", 9), None);
        let long = format!("ilike(name,{})", "a".repeat(201));
        assert_eq!(form(&long), None);
    }
}
