//! What the console's own list can be searched and sorted by.

use super::SYSTEM_NAME;
use crate::entity::{api_token, token_access, user};
use app::domain::{
    text::{fold, one_line},
    token::{TokenColumn, TokenOrder, TokenQuery, TokenStatus},
    validate::NAME_MAX,
};
use sea_orm::{
    ColumnTrait, Condition, Order, QueryOrder, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, NullOrdering, SimpleExpr},
};

const ESCAPE: char = '\\';

/// Rows that `query` asks for. Which of them there are for whoever asks is not said here; see `TokenScope`.
pub(in crate::repo) fn narrow(query: &TokenQuery) -> Condition {
    let status = match query.status {
        Some(status) => api_token::Column::Status.eq(status.as_str()),
        None => api_token::Column::Status.ne(TokenStatus::Deleted.as_str()),
    };
    let account = query
        .account
        .map(|account| api_token::Column::AccountId.eq(account.to_string()));
    Condition::all()
        .add(status)
        .add_option(account)
        .add(search(&query.search))
}

/// Rows whose name or id holds `search`, in any case; every row, when there is nothing to search.
fn search(search: &str) -> Condition {
    let text = fold(&one_line(search));
    if text.is_empty() {
        return Condition::all();
    }
    if !is_possible(&text) {
        return Condition::all().add(Expr::val(1).eq(0));
    }
    Condition::any()
        .add(api_token::Column::NameFold.like(contains(&text)))
        .add(api_token::Column::Id.like(contains(&text.to_uppercase())))
}

/// What a folded column is like that holds `text` in any case; `None` when no name does.
pub(in crate::repo) fn holds(text: &str) -> Option<LikeExpr> {
    let text = fold(&one_line(text));
    is_possible(&text).then(|| contains(&text))
}

/// Whether a name can hold this. A longer text and a control character are in none; and SQLite would cut a pattern at
/// NUL.
fn is_possible(text: &str) -> bool {
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

/// `select`, which has joined creator and last access, in this order. Never used counts as longest ago on every
/// database; equals stand by id.
pub(in crate::repo) fn sort(
    select: Select<api_token::Entity>,
    order: TokenOrder,
) -> Select<api_token::Entity> {
    let (direction, nulls) = if order.descending {
        (Order::Desc, NullOrdering::Last)
    } else {
        (Order::Asc, NullOrdering::First)
    };
    let select = match order.column {
        TokenColumn::LastAccess => {
            select.order_by_with_nulls(token_access::Column::LastAccessAt, direction.clone(), nulls)
        }
        column => select.order_by(sort_key(column), direction.clone()),
    };
    select.order_by(api_token::Column::Id, direction)
}

fn sort_key(column: TokenColumn) -> SimpleExpr {
    match column {
        TokenColumn::Name => api_token::Column::NameFold.into_expr(),
        TokenColumn::CreatedBy => Func::coalesce([
            user::Column::NameFold.into_expr(),
            Expr::val(fold(SYSTEM_NAME)),
        ])
        .into(),
        TokenColumn::CreatedAt => api_token::Column::CreatedAt.into_expr(),
        TokenColumn::LastAccess => token_access::Column::LastAccessAt.into_expr(),
        TokenColumn::Status => api_token::Column::Status.into_expr(),
    }
}
