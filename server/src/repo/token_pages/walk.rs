//! Going through tokens in an order that an index has, from the nearest place that is known.

use super::tokens;
use crate::{
    entity::{api_token, token_access},
    repo::{
        StoreError,
        anchors::Anchor,
        filter::{Narrowed, Wanted, looked_at, names, sort_key},
        id,
        memory::Memory,
    },
};
use app::domain::{
    token::{TokenId, TokenStatus},
    token_query::{TokenColumn, TokenOrder},
};
use futures_util::TryStreamExt as _;
use sea_orm::{
    ColumnTrait, ConnectionTrait, Order, QueryResult, StreamTrait, Value,
    sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement, SimpleExpr},
};
use std::pin::pin;

/// A way through all tokens that are wanted.
pub(super) struct Walk<'a> {
    narrowed: &'a Narrowed,
    orders: &'a [TokenOrder],
}

/// Tokens that are met on the way.
pub(super) struct Steps<'a> {
    walk: &'a Walk<'a>,
    select: SelectStatement,
    backward: bool,
}

/// A token that is met, and what it is sorted by.
pub(super) struct Met {
    pub id: TokenId,
    key: Option<Value>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(narrowed: &'a Narrowed, orders: &'a [TokenOrder]) -> Self {
        Self { narrowed, orders }
    }

    /// The one column whose values never change without a change of the token, if it is sorted by such a one alone.
    fn anchored(&self) -> Option<TokenOrder> {
        match self.orders {
            [order] if order.column != TokenColumn::LastAccess => Some(*order),
            _ => None,
        }
    }

    /// From `start`, or the first token, `skip` tokens on.
    pub(super) fn forward(&self, start: Option<&Anchor>, skip: u64, take: u64) -> Steps<'_> {
        self.steps(false, start, skip, take)
    }

    /// Towards the first token, from before `start` or from the last token, `skip` tokens on.
    fn backward(&self, start: Option<&Anchor>, skip: u64, take: u64) -> Steps<'_> {
        self.steps(true, start, skip, take)
    }

    fn steps(&self, backward: bool, start: Option<&Anchor>, skip: u64, take: u64) -> Steps<'_> {
        let mut select = self.source();
        if let Some(order) = self.anchored() {
            select.expr(sort_key(order.column));
            if let Some(anchor) = start {
                select.and_where(beyond(order, anchor, backward));
            }
        }
        sort(&mut select, self.orders, self.by_use(), backward);
        select.limit(take).offset(skip);
        Steps {
            walk: self,
            select,
            backward,
        }
    }

    /// Whether the order begins with the last access, which another table has.
    fn by_use(&self) -> bool {
        let first = self.orders.first();
        first.is_some_and(|order| order.column == TokenColumn::LastAccess)
    }

    /// The ids of all tokens that are wanted, from the table that has the order.
    fn source(&self) -> SelectStatement {
        let mut select = if self.by_use() {
            let mut select = Query::select()
                .from(token_access::Entity)
                .column((token_access::Entity, token_access::Column::TokenId))
                .take();
            if self.narrowed.rest.is_some() || self.orders.len() > 1 {
                select.join(JoinType::InnerJoin, api_token::Entity, same_token());
            }
            select.and_where(used_in_lists(self.narrowed));
            select
        } else {
            let mut select = tokens();
            select.column((api_token::Entity, api_token::Column::Id));
            if self
                .orders
                .iter()
                .any(|order| order.column == TokenColumn::LastAccess)
            {
                select.join(JoinType::InnerJoin, token_access::Entity, same_token());
            }
            select.and_where(in_lists(self.narrowed));
            select
        };
        select.and_where_option(self.bounds());
        if let Some(rest) = self.narrowed.rest.clone() {
            select.and_where(looked_at(rest));
        }
        select
    }

    /// Where in the order rows begin and end, if it goes by a moment of which the filter says so.
    fn bounds(&self) -> Option<SimpleExpr> {
        match self.orders.first()?.column {
            TokenColumn::CreatedAt => self.narrowed.created.clone(),
            TokenColumn::LastAccess => self.narrowed.used.clone(),
            _ => None,
        }
    }
}

impl Steps<'_> {
    /// The tokens, in the order of the list.
    pub(super) async fn all(self, conn: &impl ConnectionTrait) -> Result<Vec<Met>, StoreError> {
        let order = self.walk.anchored();
        let found = conn.query_all(&self.select).await?;
        let mut met = Vec::with_capacity(found.len());
        for row in found {
            let text: String = row.try_get_by_index(0)?;
            met.push(Met {
                id: id("a token's id", &text)?,
                key: order.map(|order| key(&row, order.column)).transpose()?,
            });
        }
        if self.backward {
            met.reverse();
        }
        Ok(met)
    }
}

impl Steps<'_> {
    /// The ids alone, of however many tokens.
    pub(super) async fn ids(self, conn: &impl StreamTrait) -> Result<Vec<TokenId>, StoreError> {
        let mut found = pin!(conn.stream(&self.select).await?);
        let mut ids = Vec::new();
        while let Some(row) = found.try_next().await? {
            ids.push(id("a token's id", &row.try_get_by_index::<String>(0)?)?);
        }
        Ok(ids)
    }
}

fn key(row: &QueryResult, column: TokenColumn) -> Result<Value, StoreError> {
    Ok(match column {
        TokenColumn::CreatedAt | TokenColumn::LastAccess => row.try_get_by_index::<i64>(1)?.into(),
        TokenColumn::Name | TokenColumn::CreatedBy | TokenColumn::Status => {
            row.try_get_by_index::<String>(1)?.into()
        }
    })
}

/// Tokens from `at` on, as many as are wanted, by the shortest way; where they lie is remembered.
pub(super) async fn stretch(
    conn: &impl ConnectionTrait,
    memory: &Memory,
    wanted: &Wanted<'_>,
    walk: &Walk<'_>,
    total: Option<u64>,
    (at, take): (u64, u64),
) -> Result<Vec<TokenId>, StoreError> {
    let now = memory.stamps.now();
    let list = walk.anchored().and_then(|order| list_name(wanted, order));
    let take = total.map_or(take, |total| Ord::min(take, total.saturating_sub(at)));
    let around = match &list {
        Some(list) => memory.anchors.around(list, now, at, at + take),
        None => [None, None],
    };
    let met = nearest(walk, around, total, at, take).all(conn).await?;
    if let Some(list) = list {
        let known = |index: usize| {
            let met = met.get(index)?;
            let key = (met.key.clone()?, met.id.to_string().into());
            let at = at + index as u64;
            Some(Anchor { at, key })
        };
        let ends = [known(0), known(met.len().saturating_sub(1))];
        memory
            .anchors
            .remember(&list, now, ends.into_iter().flatten());
    }
    Ok(met.into_iter().map(|met| met.id).collect())
}

/// From which known place the way is shortest: the beginning, the end, or a row before or behind.
fn nearest<'a>(
    walk: &'a Walk<'a>,
    [before, after]: [Option<Anchor>; 2],
    total: Option<u64>,
    at: u64,
    take: u64,
) -> Steps<'a> {
    let ahead = at - before.as_ref().map_or(0, |anchor| anchor.at);
    let end = after.as_ref().map(|anchor| anchor.at).or(total);
    match end.map(|end| end.saturating_sub(at + take)) {
        Some(back) if back < ahead => walk.backward(after.as_ref(), back, take),
        _ => walk.forward(before.as_ref(), ahead, take),
    }
}

/// The name under which places of this list are remembered; none, when rows come and go in it without a change of a token.
fn list_name(wanted: &Wanted<'_>, order: TokenOrder) -> Option<String> {
    if wanted
        .filter
        .is_some_and(|tree| names(tree, "lastAccessAt"))
    {
        return None;
    }
    let filter = wanted.filter.map(ToString::to_string).unwrap_or_default();
    let TokenOrder { column, descending } = order;
    Some(format!(
        "{:?} {column:?} {descending} {:?} {filter}",
        wanted.scope, wanted.search
    ))
}

/// Rows from the anchor on, or those before it.
fn beyond(order: TokenOrder, anchor: &Anchor, backward: bool) -> SimpleExpr {
    let place = Expr::tuple([sort_key(order.column), api_token::Column::Id.into_expr()]);
    let (key, id) = anchor.key.clone();
    let there = Expr::tuple([Expr::val(key), Expr::val(id)]);
    match (order.descending, backward) {
        (false, false) => place.gte(there),
        (false, true) => place.lt(there),
        (true, false) => place.lte(there),
        (true, true) => place.gt(there),
    }
}

fn sort(select: &mut SelectStatement, orders: &[TokenOrder], by_use: bool, backward: bool) {
    let direction = |descending: bool| {
        if descending == backward {
            Order::Asc
        } else {
            Order::Desc
        }
    };
    for order in orders {
        select.order_by_expr(sort_key(order.column), direction(order.descending));
    }
    let last = orders.last().is_some_and(|order| order.descending);
    let id = if by_use {
        token_access::Column::TokenId.into_expr()
    } else {
        api_token::Column::Id.into_expr()
    };
    select.order_by_expr(id, direction(last));
}

/// The ids of tokens in these orders, for few of them.
pub(super) fn sorted(orders: &[TokenOrder]) -> SelectStatement {
    let mut select = tokens();
    select.column((api_token::Entity, api_token::Column::Id));
    if orders
        .iter()
        .any(|order| order.column == TokenColumn::LastAccess)
    {
        select.join(JoinType::InnerJoin, token_access::Entity, same_token());
    }
    sort(&mut select, orders, false, false);
    select
}

fn same_token() -> SimpleExpr {
    token_access::Column::TokenId
        .into_expr()
        .eq(api_token::Column::Id.into_expr())
}

/// What every index of the list begins with.
pub(super) fn in_lists(narrowed: &Narrowed) -> SimpleExpr {
    let account = narrowed
        .account
        .map(|account| api_token::Column::AccountId.eq(account.to_string()));
    let alive = match narrowed.alive {
        Some(alive) => api_token::Column::Alive.eq(alive),
        None => api_token::Column::Status.is_in(TokenStatus::ALL.map(TokenStatus::as_str)),
    };
    match account {
        Some(account) => account.and(alive),
        None => alive,
    }
}

pub(super) fn used_in_lists(narrowed: &Narrowed) -> SimpleExpr {
    let account = narrowed
        .account
        .map(|account| token_access::Column::AccountId.eq(account.to_string()));
    let alive = narrowed
        .alive
        .map(|alive| token_access::Column::Alive.eq(alive));
    match (account, alive) {
        (Some(account), Some(alive)) => account.and(alive),
        (account, alive) => account.or(alive).unwrap_or_else(|| Expr::val(1).eq(1)),
    }
}

/// Counts up to `most` tokens, in whatever way the database likes.
pub(super) fn counted(narrowed: &Narrowed, most: u64) -> SelectStatement {
    let mut some = tokens();
    some.expr(Expr::val(1))
        .and_where(in_lists(narrowed))
        .limit(most);
    if let Some(rest) = narrowed.rest.clone() {
        some.and_where(looked_at(rest));
    }
    Query::select()
        .expr(Expr::val(1).count())
        .from_subquery(some, Alias::new("some"))
        .take()
}
