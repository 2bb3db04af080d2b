//! What the short lists of modules, accounts and users share: a page of rows that hold a text, and counts by some id.

use super::{StoreError, filter, listing::count};
use app::domain::page::{self, DEFAULT_PAGE_SIZE, PAGE_SIZES, Page, PageRequest, Total};
use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, FromQueryResult, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, IntoColumnRef, LikeExpr},
};
use std::{collections::HashMap, hash::Hash};

/// That one of these folded columns holds the text in any case, or this id the text as a part.
pub(super) fn holds<C: IntoColumnRef>(
    text: &str,
    folded: impl IntoIterator<Item = C>,
    id: impl IntoColumnRef,
) -> Condition {
    if text.trim().is_empty() {
        return Condition::all();
    }
    let Some(pattern) = filter::holds(text) else {
        // No text is like this.
        return Condition::all().add(Expr::val(false));
    };
    let part: String = text.trim().to_uppercase();
    let is_part = part
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let folded = folded.into_iter();
    let any = folded.fold(Condition::any(), |any, column| {
        any.add(Expr::col(column).like(pattern.clone()))
    });
    let of_id = is_part.then(|| Expr::col(id).like(LikeExpr::new(format!("%{part}%"))));
    any.add_option(of_id)
}

/// A page of the rows of `select`, which is sorted. `key` is a column that each of them has.
pub(super) async fn page<E: EntityTrait, R: FromQueryResult>(
    conn: &impl ConnectionTrait,
    select: Select<E>,
    key: E::Column,
    asked: PageRequest,
) -> Result<Page<R>, StoreError> {
    let size = if PAGE_SIZES.contains(&asked.size) {
        asked.size
    } else {
        DEFAULT_PAGE_SIZE
    };
    let total = count(conn, select.clone(), key).await?;
    let last = page::pages(total, size);
    let number = asked.number.clamp(1, last);
    let select = select
        .limit(u64::from(size))
        .offset(u64::from(number - 1) * u64::from(size));
    Ok(Page {
        rows: select.into_model::<R>().all(conn).await?,
        number,
        size,
        total: Total::Exact(total),
        more: number < last,
    })
}

/// Pairs of an id and a number, by id.
pub(super) fn by_id<I: Hash + Eq>(
    pairs: Vec<(String, i64)>,
    id: impl Fn(&str) -> Result<I, StoreError>,
) -> Result<HashMap<I, u64>, StoreError> {
    let pairs = pairs.into_iter();
    pairs
        .map(|(text, number)| Ok((id(&text)?, u64::try_from(number).unwrap_or(0))))
        .collect()
}
