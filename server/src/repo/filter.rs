//! What lists can be filtered and sorted by: the only place that ties a word of a program, or a column on the screen,
//! to a column of the database (I-29).
//!
//! Owns the compiler from the tree of [`app::rql`] to a condition. The tables of fields stand in `fields` and
//! `audit_fields`; what may stand beside a field, in `value`; the console's own search and orders, in `grid`. No text of
//! a caller becomes SQL: names are looked up, values are bound.

mod audit_fields;
mod fields;
mod grid;
mod value;

pub(super) use audit_fields::{EVENT_TYPES, RECORDS, event_type_text, seen_by};
pub(super) use fields::{MODULES, TOKENS};
pub(super) use grid::{
    Narrowed, holds, is, is_possible, looked_at, names, narrow, searched_text, sort_key, states,
    terms, value as plain,
};
pub(crate) use grid::{Wanted, says_status};

use app::rql::{Comparison, Expr as Tree, Item, Operand, OrderKey, Path, Pattern, RqlError};
use sea_orm::{
    Order,
    sea_query::{Expr, ExprTrait, Func, NullOrdering, SelectStatement, SimpleExpr},
};
use std::collections::HashSet;
use value::{Kind, Wanted as Value};

/// The name under which Latchkey itself appears where a person could stand.
pub(crate) const SYSTEM_NAME: &str = "Latchkey";

/// A name that a caller can write, and what it means.
pub(super) struct Field {
    name: &'static str,
    what: What,
}

/// What a name means.
enum What {
    /// A value of a kind, in a column. With a second column, that holds the folded text, it is searched and sorted by
    /// that.
    Value(Kind, fn() -> SimpleExpr, Option<fn() -> SimpleExpr>),
    /// An object: its parts can be named, itself can not be compared.
    Object(&'static [Field]),
    /// Many objects: rows of other tables, chosen by this.
    Many(fn() -> SelectStatement, &'static [Field]),
    /// Many words out of these; says whether one is there.
    Words(&'static [&'static str], fn(&'static str) -> SimpleExpr),
    /// There is such a thing, but nobody may search for it.
    Barred,
}

/// What stands for a path in a condition.
struct Column {
    kind: Kind,
    expr: SimpleExpr,
    folded: Option<SimpleExpr>,
}

/// Where names are looked up: the fields, or within `any` over words, the word itself.
#[derive(Clone, Copy)]
enum Scope {
    Fields(&'static [Field]),
    Word(&'static [&'static str], &'static str),
}

/// The condition that `tree` says for rows with these fields.
///
/// # Errors
/// Every name that is unknown and every value that does not fit.
pub(super) fn compile(
    fields: &'static [Field],
    tree: Option<&Tree>,
) -> Result<SimpleExpr, Vec<RqlError>> {
    let Some(tree) = tree else {
        return Ok(Expr::val(1).eq(1));
    };
    let mut compiler = Compiler {
        errors: Vec::new(),
        prefix: String::new(),
        patterns: 0,
    };
    let condition = compiler.condition(Scope::Fields(fields), tree);
    if compiler.errors.is_empty() {
        Ok(condition)
    } else {
        Err(compiler.errors)
    }
}

/// The orders that `keys` say, for rows with these fields. Nothing counts as smallest on every database.
///
/// # Errors
/// Every name that is unknown, or no value to sort by.
pub(super) fn orders(
    fields: &'static [Field],
    keys: &[OrderKey],
) -> Result<Vec<(SimpleExpr, Order, NullOrdering)>, Vec<RqlError>> {
    let mut orders = Vec::with_capacity(keys.len());
    let mut errors = Vec::new();
    let mut seen = HashSet::new();
    for key in keys {
        // Sorted by once, another time changes nothing.
        if !seen.insert(key.path.to_string().to_lowercase()) {
            continue;
        }
        let found = look_up(fields, &key.path, "", "Ordering");
        match found {
            Ok(What::Value(_, column, folded)) => {
                let (order, nulls) = if key.descending {
                    (Order::Desc, NullOrdering::Last)
                } else {
                    (Order::Asc, NullOrdering::First)
                };
                orders.push((folded.unwrap_or(*column)(), order, nulls));
            }
            Ok(_) => errors.push(error(&key.path.to_string(), "Ordering is not permitted.")),
            Err(wrong) => errors.push(wrong),
        }
    }
    if errors.is_empty() {
        Ok(orders)
    } else {
        Err(errors)
    }
}

fn error(key: &str, message: &str) -> RqlError {
    RqlError {
        key: key.to_owned(),
        message: message.to_owned(),
    }
}

fn invalid(message: &str) -> RqlError {
    error("rql_validation", message)
}

/// What a path means. The path is written from the object around it, `prefix`.
fn look_up(
    fields: &'static [Field],
    path: &Path,
    prefix: &str,
    doing: &str,
) -> Result<&'static What, RqlError> {
    let mut fields = fields;
    let mut found: Option<&'static What> = None;
    let mut walked = prefix.to_owned();
    for segment in path.segments() {
        if !walked.is_empty() {
            walked.push('.');
        }
        walked.push_str(segment);
        if found.is_some_and(|found| !matches!(found, What::Object(_))) {
            return Err(error(&walked, "Invalid property path."));
        }
        let field = fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(segment));
        let Some(field) = field else {
            return Err(error(&walked, "Invalid property path."));
        };
        if let What::Object(parts) = &field.what {
            fields = parts;
        }
        if matches!(field.what, What::Barred) {
            return Err(error(&walked, &format!("{doing} is not permitted.")));
        }
        found = Some(&field.what);
    }
    found.ok_or_else(|| invalid("Invalid property path."))
}

/// Joins conditions two by two, so that a thousand of them nest ten deep: SQLite reads no tree deeper than a thousand.
fn balanced(
    mut conditions: Vec<SimpleExpr>,
    join: fn(SimpleExpr, SimpleExpr) -> SimpleExpr,
) -> SimpleExpr {
    while conditions.len() > 1 {
        let mut pairs = Vec::with_capacity(conditions.len().div_ceil(2));
        let mut rest = conditions.into_iter();
        while let Some(one) = rest.next() {
            pairs.push(match rest.next() {
                Some(other) => join(one, other),
                None => one,
            });
        }
        conditions = pairs;
    }
    conditions.pop().unwrap_or_else(|| Expr::val(1).eq(1))
}

/// Not, where what cannot be said because something is missing counts as false first (rule N of the query language).
fn not(condition: SimpleExpr) -> SimpleExpr {
    SimpleExpr::from(Func::coalesce([condition, Expr::val(false)])).not()
}

struct Compiler {
    errors: Vec<RqlError>,
    /// The collection around what is compiled, as the caller wrote it.
    prefix: String,
    /// Patterns so far.
    patterns: usize,
}

impl Compiler {
    fn condition(&mut self, scope: Scope, tree: &Tree) -> SimpleExpr {
        match tree {
            Tree::And(terms) => balanced(self.each(scope, terms), SimpleExpr::and),
            Tree::Or(terms) => balanced(self.each(scope, terms), SimpleExpr::or),
            Tree::Not(term) => not(self.condition(scope, term)),
            Tree::Compare { left, op, right } => {
                self.checked(|it| it.compare(scope, left, *op, right))
            }
            Tree::Like {
                left,
                pattern,
                fold,
            } => {
                self.patterns += 1;
                if self.patterns > value::PATTERNS_MAX {
                    let most = value::PATTERNS_MAX;
                    let message = format!("A query can have at most {most} patterns.");
                    return self.checked(|_| Err(invalid(&message)));
                }
                self.checked(|it| it.like(scope, left, pattern, *fold))
            }
            Tree::In {
                left,
                values,
                negated,
            } => self.among(scope, left, values, *negated),
            Tree::Any {
                collection,
                condition,
            } => self.any(scope, collection, condition.as_deref(), false),
            Tree::All {
                collection,
                condition,
            } => not(self.any(scope, collection, Some(condition), true)),
        }
    }

    fn each(&mut self, scope: Scope, terms: &[Tree]) -> Vec<SimpleExpr> {
        terms
            .iter()
            .map(|term| self.condition(scope, term))
            .collect()
    }

    /// The condition, or its error noted and anything in its place, so that the next error is found too.
    fn checked(&mut self, work: impl FnOnce(&Self) -> Result<SimpleExpr, RqlError>) -> SimpleExpr {
        work(self).unwrap_or_else(|wrong| {
            self.errors.push(wrong);
            Expr::val(1).eq(0)
        })
    }

    /// What a path on the left means as a column; an operator for objects and collections there is none.
    fn column(&self, scope: Scope, path: &Path, operator: &str) -> Result<Column, RqlError> {
        let not_permitted = || invalid(&format!("Operator '{operator}' is not permitted"));
        match scope {
            Scope::Word(words, word) if path.is_element() => Ok(Column {
                kind: Kind::Word(words),
                expr: Expr::val(word),
                folded: None,
            }),
            Scope::Word(..) => {
                let path = format!("{}.{path}", self.prefix);
                Err(error(&path, "Invalid property path."))
            }
            Scope::Fields(_) if path.is_element() && !self.prefix.is_empty() => {
                Err(not_permitted())
            }
            Scope::Fields(fields) => match look_up(fields, path, &self.prefix, "Filtering")? {
                What::Value(kind, column, folded) => Ok(Column {
                    kind: *kind,
                    expr: column(),
                    folded: folded.map(|column| column()),
                }),
                _ => Err(not_permitted()),
            },
        }
    }

    fn compare(
        &self,
        scope: Scope,
        left: &Path,
        op: Comparison,
        right: &Operand,
    ) -> Result<SimpleExpr, RqlError> {
        let name = value::operator_name(op);
        let column = self.column(scope, left, name)?;
        let value = match right {
            Operand::Null => return value::compare_null(column.expr, op),
            Operand::Property(path) => self.column(scope, path, name)?.expr,
            Operand::Empty => column.kind.convert("")?,
            Operand::Quoted(text) => column.kind.convert(text)?,
            Operand::Bare(text) => match self.property(scope, text, column.kind) {
                Some(other) => other,
                None => column.kind.convert(text)?,
            },
        };
        Ok(value::compare(column.expr, op, value))
    }

    /// The column that an unquoted word on the right means, when it is the name of one of the same kind.
    fn property(&self, scope: Scope, text: &str, kind: Kind) -> Option<SimpleExpr> {
        let Scope::Fields(fields) = scope else {
            return None;
        };
        let path = Path::read(text).ok()?;
        match look_up(fields, &path, &self.prefix, "Filtering") {
            Ok(What::Value(other, column, _)) if other.is_like(kind) => Some(column()),
            _ => None,
        }
    }

    fn like(
        &self,
        scope: Scope,
        left: &Path,
        pattern: &Pattern,
        fold: bool,
    ) -> Result<SimpleExpr, RqlError> {
        let operator = if fold { "ilike" } else { "like" };
        let column = self.column(scope, left, operator)?;
        if !matches!(column.kind, Kind::Text | Kind::Word(_)) {
            return Err(invalid(&format!("Operator '{operator}' is not permitted")));
        }
        value::check_pattern(pattern)?;
        Ok(match (fold, column.folded) {
            (true, Some(folded)) => value::like_folded(folded, pattern),
            (true, None) => value::like_any_case(column.expr, pattern),
            (false, _) => value::like(column.expr, pattern),
        })
    }

    fn among(&mut self, scope: Scope, left: &Path, values: &[Item], negated: bool) -> SimpleExpr {
        let column = match self.column(scope, left, if negated { "out" } else { "in" }) {
            Ok(column) => column,
            Err(wrong) => {
                self.errors.push(wrong);
                return Expr::val(1).eq(0);
            }
        };
        let mut list: Vec<Value> = Vec::with_capacity(values.len());
        for item in values {
            let text = match item {
                Item::Value(text) => text.as_str(),
                Item::Empty => "",
            };
            match column.kind.wanted(text) {
                Ok(value) => list.push(value),
                // Each wrong value is told.
                Err(wrong) => self.errors.push(wrong),
            }
        }
        let within = column.expr.is_in(list);
        if negated { not(within) } else { within }
    }

    /// Whether some element of the collection meets the condition, or with `unmet`, does not.
    fn any(
        &mut self,
        scope: Scope,
        collection: &Path,
        condition: Option<&Tree>,
        unmet: bool,
    ) -> SimpleExpr {
        let found = match scope {
            Scope::Fields(fields) => look_up(fields, collection, &self.prefix, "Filtering"),
            Scope::Word(..) => Err(invalid("Collection property has incompatible type")),
        };
        let before = self.prefix.clone();
        let path = collection.to_string();
        self.prefix = if before.is_empty() {
            path
        } else {
            format!("{before}.{path}")
        };
        let result = match found {
            Ok(What::Many(rows, fields)) => {
                let mut rows = rows();
                if let Some(condition) = condition {
                    let met = self.condition(Scope::Fields(fields), condition);
                    rows.and_where(if unmet { not(met) } else { met });
                }
                Expr::exists(rows)
            }
            Ok(What::Words(words, has)) => {
                let each = words.iter().map(|word| {
                    let met = condition.map(|tree| self.condition(Scope::Word(words, word), tree));
                    let met = met.map(|met| if unmet { not(met) } else { met });
                    match met {
                        Some(met) => has(word).and(met),
                        None => has(word),
                    }
                });
                let each = each.collect();
                // A wrong value is wrong for every word; it is told once.
                self.errors.dedup();
                balanced(each, SimpleExpr::or)
            }
            Ok(_) => {
                self.errors
                    .push(invalid("Collection property has incompatible type"));
                Expr::val(1).eq(0)
            }
            Err(wrong) => {
                self.errors.push(wrong);
                Expr::val(1).eq(0)
            }
        };
        self.prefix = before;
        result
    }
}

#[cfg(test)]
mod tests;
