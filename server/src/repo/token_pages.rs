//! Pages of the console's list of tokens, for a million of them as for ten.
//!
//! Rows are found in one of two ways. When an index says that only few can match, these few are looked at and sorted
//! ([`few`]). Otherwise the index that has the order is gone through, from the nearest place that is known, until the page
//! is full ([`walk`]). The database never chooses: conditions that an index must not be chosen for are written so.

mod few;
mod tally;
mod walk;

use super::{
    StoreError,
    filter::{Narrowed, Wanted, looked_at, narrow},
    id,
    listing::ListError,
    memory::Memory,
    tokens::{TokenRow, TokenScope, all, rows},
};
use crate::entity::api_token;
use app::domain::{
    page::{Page, PageRequest, Total, pages},
    token::TokenId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, QueryFilter, StreamTrait,
    sea_query::{ExprTrait, Query, SelectStatement},
};
use std::collections::HashMap;
use walk::Walk;

/// Up to so many tokens are looked at one by one.
const FEW: u64 = 2_000;
/// Up to so many tokens are counted.
pub(crate) const COUNTED: u64 = 100_000;

/// A page of tokens. A page beyond the end is the last one.
pub(crate) async fn list_page(
    conn: &impl ConnectionTrait,
    memory: &Memory,
    wanted: Wanted<'_>,
    page: PageRequest,
) -> Result<Page<TokenRow>, ListError> {
    let found = page_of_ids(conn, memory, &wanted, page, FEW).await?;
    let rows = list_by_id(conn, wanted.scope, &found.rows).await?;
    let place = found.map(|_| ());
    Ok(Page {
        rows,
        number: place.number,
        size: place.size,
        total: place.total,
        more: place.more,
    })
}

/// The same as ids. Up to `few` tokens are looked at one by one.
async fn page_of_ids(
    conn: &impl ConnectionTrait,
    memory: &Memory,
    wanted: &Wanted<'_>,
    page: PageRequest,
    few: u64,
) -> Result<Page<TokenId>, ListError> {
    let narrowed = narrow(wanted)?;
    let total = tally::find(conn, wanted).await?;
    let found = if is_soon_met(conn, wanted, total, page, few).await? {
        None
    } else {
        few_ids(conn, wanted, &narrowed, few).await?
    };
    match found {
        Some(found) => Ok(slice(found, page)),
        None => walk_to(conn, memory, wanted, &narrowed, total, page).await,
    }
}

/// How many tokens there are, counted up to `most`.
pub(crate) async fn count(
    conn: &impl ConnectionTrait,
    wanted: Wanted<'_>,
    most: u64,
) -> Result<Total, ListError> {
    let narrowed = narrow(&wanted)?;
    if let Some(total) = tally::find(conn, &wanted).await? {
        return Ok(Total::Exact(total));
    }
    if let Some(found) = few_ids(conn, &wanted, &narrowed, FEW).await? {
        return Ok(Total::Exact(found.len() as u64));
    }
    let counted = walk::counted(&narrowed, most + 1);
    let row = conn.query_one(&counted).await?;
    let found = row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
    let found = u64::try_from(found).unwrap_or(0);
    Ok(if found > most {
        Total::AtLeast(most)
    } else {
        Total::Exact(found)
    })
}

/// Whether going through the order meets the page sooner than looking at all tokens that match, of which there are so many.
async fn is_soon_met(
    conn: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
    total: Option<u64>,
    page: PageRequest,
    few: u64,
) -> Result<bool, StoreError> {
    let Some(total) = total else {
        return Ok(false);
    };
    let all = Wanted {
        filter: None,
        ..*wanted
    };
    let all = tally::find(conn, &all).await?.unwrap_or(0);
    let until = u64::from(page.number) * u64::from(page.size);
    Ok(total > few || until.saturating_mul(all) < total.saturating_mul(total))
}

/// The ids of all tokens in their order, as it is at this moment, at most `most`. They come one by one, so that a million
/// take eight megabytes.
pub(crate) async fn list_ids(
    conn: &(impl ConnectionTrait + StreamTrait),
    wanted: Wanted<'_>,
    most: u64,
) -> Result<Vec<TokenId>, ListError> {
    let narrowed = narrow(&wanted)?;
    if let Some(mut few) = few_ids(conn, &wanted, &narrowed, FEW).await? {
        few.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        return Ok(few);
    }
    let orders = wanted.orders.sorted();
    let walk = Walk::new(&narrowed, &orders);
    Ok(walk.forward(None, 0, most).ids(conn).await?)
}

/// Those of these tokens that exist for whoever asks, in this order.
pub(crate) async fn list_by_id(
    conn: &impl ConnectionTrait,
    scope: TokenScope,
    ids: &[TokenId],
) -> Result<Vec<TokenRow>, StoreError> {
    let mut found = rows_of(conn, scope, ids).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Every token that matches, in order, when an index says that there are few.
async fn few_ids(
    conn: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
    narrowed: &Narrowed,
    few: u64,
) -> Result<Option<Vec<TokenId>>, StoreError> {
    let Some(rest) = narrowed.rest.clone() else {
        return Ok(None);
    };
    let Some(candidates) = few::find(conn, wanted, narrowed, few).await? else {
        return Ok(None);
    };
    if candidates.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let mut select = walk::sorted(&wanted.orders.sorted());
    select
        .and_where(api_token::Column::Id.is_in(candidates.iter().map(TokenId::to_string)))
        .and_where(looked_at(walk::in_lists(narrowed).and(rest)));
    ids(conn, &select).await.map(Some)
}

fn slice(found: Vec<TokenId>, page: PageRequest) -> Page<TokenId> {
    let total = found.len() as u64;
    let size = Ord::max(page.size, 1);
    let number = Ord::clamp(page.number, 1, pages(total, size));
    let (skip, take) = ((number - 1) as usize * size as usize, size as usize);
    Page {
        rows: found.into_iter().skip(skip).take(take).collect(),
        number,
        size,
        total: Total::Exact(total),
        more: number < pages(total, size),
    }
}

/// The page of the order that holds all rows.
async fn walk_to(
    conn: &impl ConnectionTrait,
    memory: &Memory,
    wanted: &Wanted<'_>,
    narrowed: &Narrowed,
    total: Option<u64>,
    page: PageRequest,
) -> Result<Page<TokenId>, ListError> {
    let size = Ord::max(page.size, 1);
    let last = total.map_or(u32::MAX, |total| pages(total, size));
    let number = Ord::clamp(page.number, 1, last);
    let orders = wanted.orders.sorted();
    let walk = Walk::new(narrowed, &orders);
    let mut found = walk::stretch(conn, memory, wanted, &walk, total, place(number, size)).await?;
    let mut number = number;
    if found.is_empty() && number > 1 && total.is_none() {
        // Beyond the end, as far as that can be told.
        let counted = count(conn, *wanted, COUNTED).await?;
        number = counted.exact().map_or(1, |total| pages(total, size));
        found = walk::stretch(conn, memory, wanted, &walk, None, place(number, size)).await?;
    }
    let shown = place(number, size).0 + Ord::min(found.len(), size as usize) as u64;
    let more = found.len() > size as usize;
    found.truncate(size as usize);
    Ok(Page {
        rows: found,
        number,
        size,
        total: match total {
            Some(total) => Total::Exact(total),
            None if more => Total::AtLeast(shown + 1),
            None => Total::Exact(shown),
        },
        more: total.map_or(more, |total| shown < total),
    })
}

/// The place of a page's first row, and how many rows are wanted: one more than it shows, to tell whether there are more.
fn place(number: u32, size: u32) -> (u64, u64) {
    (u64::from(number - 1) * u64::from(size), u64::from(size) + 1)
}

async fn rows_of(
    conn: &impl ConnectionTrait,
    scope: TokenScope,
    ids: &[TokenId],
) -> Result<HashMap<TokenId, TokenRow>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let among = api_token::Column::Id.is_in(ids.iter().map(TokenId::to_string));
    let select = rows().filter(among).filter(scope.looked_at());
    let found = all(conn, select).await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}

/// The ids that a question yields in its first column.
async fn ids(
    conn: &impl ConnectionTrait,
    select: &SelectStatement,
) -> Result<Vec<TokenId>, StoreError> {
    let rows = conn.query_all(select).await?;
    let texts = rows.iter().map(|row| row.try_get_by_index::<String>(0));
    texts.map(|text| id("a token's id", &text?)).collect()
}

/// A question to the table of tokens.
fn tokens() -> SelectStatement {
    Query::select().from(api_token::Entity).take()
}

#[cfg(test)]
mod tests;
