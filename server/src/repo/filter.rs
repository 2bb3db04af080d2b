//! What the list of tokens can be searched and sorted by: the only place that ties a column on the screen to one
//! in the database (I-29).

use crate::entity::{api_token, token_access, user};
use app::domain::{
    text::{fold, one_line},
    token::{TokenColumn, TokenOrder},
    validate::NAME_MAX,
};
use sea_orm::{
    ColumnTrait, Condition, Order, QueryOrder, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, NullOrdering, SimpleExpr},
};

/// The name under which Latchkey itself appears where a person could stand.
pub(crate) const SYSTEM_NAME: &str = "Latchkey";

const ESCAPE: char = '\\';

/// Rows whose name or id holds `search`, in any case; every row, when there is nothing to search.
pub(super) fn search(search: &str) -> Condition {
    let text = fold(&one_line(search));
    if text.is_empty() {
        return Condition::all();
    }
    // A name holds neither of these, so nothing can match; and SQLite would cut a pattern at NUL.
    if text.chars().count() > NAME_MAX || text.chars().any(char::is_control) {
        return Condition::all().add(Expr::val(1).eq(0));
    }
    Condition::any()
        .add(api_token::Column::NameFold.like(contains(&text)))
        .add(api_token::Column::Id.like(contains(&text.to_uppercase())))
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
pub(super) fn sort(
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
