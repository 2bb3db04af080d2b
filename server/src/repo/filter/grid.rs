//! What the console's own list is narrowed and sorted by.

use super::value::moment;
use crate::{
    entity::{api_token, token_access},
    repo::tokens::TokenScope,
};
use app::{
    domain::{
        account::AccountId,
        text::{fold, one_line},
        token::TokenStatus,
        token_query::{TokenColumn, TokenOrders, TokenQuery},
        validate::NAME_MAX,
    },
    rql::{Comparison, Expr as Tree, Item, Operand, Path, RqlError},
};
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr},
};

const ESCAPE: char = '\\';

/// Which tokens the console's list is asked for, and in which order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Which there are for whoever asks.
    pub scope: TokenScope,
    /// Text that the name or the id holds, in any case; empty for all.
    pub search: &'a str,
    /// A filter. Deleted tokens are left out unless it says something of the status.
    pub filter: Option<&'a Tree>,
    /// By what they are sorted.
    pub orders: &'a TokenOrders,
}

impl<'a> Wanted<'a> {
    /// What a list asks for, with its filter as it was read.
    pub(crate) fn of(scope: TokenScope, query: &'a TokenQuery, filter: Option<&'a Tree>) -> Self {
        Self {
            scope,
            search: &query.search,
            filter,
            orders: &query.order,
        }
    }
}

/// The same as conditions: those that an index of the list begins with, and the others.
#[derive(Debug, Clone)]
pub(in crate::repo) struct Narrowed {
    /// Only this account's.
    pub account: Option<AccountId>,
    /// Only those that are not deleted, or only deleted ones.
    pub alive: Option<bool>,
    /// What else a row has to meet.
    pub rest: Option<SimpleExpr>,
    /// Between which moments it was made, as far as the rest says so for every row.
    pub created: Option<SimpleExpr>,
    /// The same of its last access.
    pub used: Option<SimpleExpr>,
}

/// Rows that are asked for.
///
/// # Errors
/// As [`compile`](super::compile).
pub(in crate::repo) fn narrow(wanted: &Wanted<'_>) -> Result<Narrowed, Vec<RqlError>> {
    let filter = wanted
        .filter
        .map(|tree| super::compile(super::TOKENS, Some(tree)))
        .transpose()?;
    let search = searched(wanted.search);
    let rest = match (filter, search) {
        (Some(filter), Some(search)) => Some(filter.and(search)),
        (filter, search) => filter.or(search),
    };
    let terms = terms(wanted.filter);
    let account = terms.iter().find_map(|term| match *term {
        Tree::Compare { left, op, right } => account_of(left, *op, right),
        _ => None,
    });
    let (made, used) = (
        api_token::Column::CreatedAt,
        token_access::Column::LastAccessAt,
    );
    Ok(Narrowed {
        account: wanted.scope.account.or(account),
        alive: alive(wanted, &terms),
        rest,
        created: range(&terms, "audit.created.at", &made.into_expr()),
        used: range(&terms, "lastAccessAt", &used.into_expr()),
    })
}

/// The bounds that all terms together set to a moment.
fn range(terms: &[&Tree], name: &str, column: &SimpleExpr) -> Option<SimpleExpr> {
    let bounds = terms.iter().filter_map(|term| {
        let Tree::Compare { left, op, right } = term else {
            return None;
        };
        let at = is(left, name).then(|| moment(value(right)?)).flatten()?.0;
        let column = column.clone();
        match op {
            Comparison::Eq => Some(column.eq(at)),
            Comparison::Ne => None,
            Comparison::Gt => Some(column.gt(at)),
            Comparison::Ge => Some(column.gte(at)),
            Comparison::Lt => Some(column.lt(at)),
            Comparison::Le => Some(column.lte(at)),
        }
    });
    bounds.reduce(SimpleExpr::and)
}

/// What all has to hold at once, groups of that kind taken apart.
pub(in crate::repo) fn terms(tree: Option<&Tree>) -> Vec<&Tree> {
    match tree {
        None => Vec::new(),
        Some(Tree::And(parts)) => parts.iter().flat_map(|part| terms(Some(part))).collect(),
        Some(other) => vec![other],
    }
}

fn account_of(left: &Path, op: Comparison, right: &Operand) -> Option<AccountId> {
    let is_account = is(left, "account.id") && op == Comparison::Eq;
    is_account.then(|| value(right)?.parse().ok()).flatten()
}

/// Whether a path is this one, in any case.
pub(in crate::repo) fn is(path: &Path, name: &str) -> bool {
    path.to_string().eq_ignore_ascii_case(name)
}

/// The value of an operand that cannot be taken for the name of a property.
pub(in crate::repo) fn value(operand: &Operand) -> Option<&str> {
    match operand {
        Operand::Quoted(text) => Some(text),
        Operand::Bare(text) if text.contains('-') || status(text).is_some() => Some(text),
        _ => None,
    }
}

/// The status of this name.
fn status(text: &str) -> Option<TokenStatus> {
    let mut all = TokenStatus::ALL.into_iter();
    all.find(|status| status.as_str().eq_ignore_ascii_case(text))
}

/// The states that a term asks for, when it asks for nothing else.
pub(in crate::repo) fn states(term: &Tree) -> Option<Vec<TokenStatus>> {
    match term {
        Tree::Compare {
            left,
            op: Comparison::Eq,
            right,
        } if is(left, "status") => Some(vec![status(value(right)?)?]),
        Tree::In {
            left,
            values,
            negated: false,
        } if is(left, "status") => {
            let each = values.iter().map(|item| match item {
                Item::Value(text) => status(text),
                Item::Empty => None,
            });
            let mut states: Vec<_> = each.collect::<Option<_>>()?;
            states.sort_by_key(|status| status.as_str());
            states.dedup();
            Some(states)
        }
        _ => None,
    }
}

/// Whether only living tokens can meet it, or only deleted ones.
fn alive(wanted: &Wanted<'_>, terms: &[&Tree]) -> Option<bool> {
    if !wanted.scope.deleted || !wanted.filter.is_some_and(says_status) {
        return Some(true);
    }
    let states = terms.iter().find_map(|term| states(term))?;
    let deleted = |status: &TokenStatus| *status == TokenStatus::Deleted;
    if states.iter().all(deleted) {
        return Some(false);
    }
    (!states.iter().any(deleted)).then_some(true)
}

/// Whether a filter says something of the status.
pub(crate) fn says_status(tree: &Tree) -> bool {
    names(tree, "status")
}

/// Whether a filter names this property of a token, anywhere.
pub(in crate::repo) fn names(tree: &Tree, name: &str) -> bool {
    match tree {
        Tree::And(parts) | Tree::Or(parts) => parts.iter().any(|part| names(part, name)),
        Tree::Not(part) => names(part, name),
        Tree::Compare { left, right, .. } => {
            let other = match right {
                Operand::Bare(text) => text.eq_ignore_ascii_case(name),
                Operand::Property(path) => is(path, name),
                _ => false,
            };
            other || is(left, name)
        }
        Tree::Like { left, .. } | Tree::In { left, .. } => is(left, name),
        // Of another thing than the token.
        Tree::Any { .. } | Tree::All { .. } => false,
    }
}

/// Rows whose name or id holds `search`, in any case; nothing, when there is nothing to search.
fn searched(search: &str) -> Option<SimpleExpr> {
    let text = searched_text(search);
    if text.is_empty() {
        return None;
    }
    if !is_possible(&text) {
        return Some(Expr::val(1).eq(0));
    }
    let name = api_token::Column::NameFold.like(contains(&text));
    let id = api_token::Column::Id.like(contains(&text.to_uppercase()));
    Some(name.or(id))
}

/// The text that is searched for, folded as names are.
pub(in crate::repo) fn searched_text(search: &str) -> String {
    fold(&one_line(search))
}

/// What a folded column is like that holds `text` in any case; `None` when no name does.
pub(in crate::repo) fn holds(text: &str) -> Option<LikeExpr> {
    let text = searched_text(text);
    is_possible(&text).then(|| contains(&text))
}

/// Whether a name can hold this. A longer text and a control character are in none; and SQLite would cut a pattern at
/// NUL.
pub(in crate::repo) fn is_possible(text: &str) -> bool {
    text.chars().count() <= NAME_MAX && !text.chars().any(char::is_control)
}

fn contains(text: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape(ESCAPE)
}

/// A condition that no index is chosen for: a row is found otherwise, and then looked at. What cannot be said of a row
/// because something is missing does not hold.
pub(in crate::repo) fn looked_at(condition: SimpleExpr) -> SimpleExpr {
    Func::coalesce([condition, Expr::val(false)]).into()
}

/// What a column is sorted by. Nothing counts as smallest, as SQLite has it by itself.
pub(in crate::repo) fn sort_key(column: TokenColumn) -> SimpleExpr {
    match column {
        TokenColumn::Name => api_token::Column::NameFold.into_expr(),
        TokenColumn::CreatedBy => api_token::Column::CreatorFold.into_expr(),
        TokenColumn::CreatedAt => api_token::Column::CreatedAt.into_expr(),
        TokenColumn::LastAccess => token_access::Column::LastAccessAt.into_expr(),
        TokenColumn::Status => api_token::Column::Status.into_expr(),
    }
}
