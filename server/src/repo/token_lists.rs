//! Lists of tokens as programs ask for them: filtered and sorted by any field.

use super::{
    StoreError, filter, id,
    listing::{ListError, count, ordered},
    tokens::{TokenRow, TokenScope, all, rows},
};
use crate::entity::api_token;
use app::domain::{
    listing::{ListQuery, Listing, Stretch},
    token::TokenId,
};
use futures_util::TryStreamExt as _;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, StreamTrait};

/// A stretch of the tokens that a program asks for, and how many there are in all.
pub(crate) async fn list_matching(
    conn: &impl ConnectionTrait,
    scope: TokenScope,
    query: &ListQuery,
    stretch: Stretch,
) -> Result<Listing<TokenRow>, ListError> {
    let condition = scope
        .condition()
        .add(filter::compile(filter::TOKENS, query.filter.as_ref())?);
    let orders = filter::orders(filter::TOKENS, &query.order)?;
    let counted = api_token::Entity::find().filter(condition.clone());
    let total = count(conn, counted, api_token::Column::Id).await?;
    if stretch.limit == 0 || stretch.offset >= total {
        return Ok(Listing {
            rows: Vec::new(),
            total,
        });
    }
    let select = ordered(rows().filter(condition), orders, api_token::Column::Id)
        .limit(stretch.limit)
        .offset(stretch.offset);
    let rows = all(conn, select).await?;
    Ok(Listing { rows, total })
}

/// The ids of the tokens that a program asks for, in its order, at most `most`. They come one by one, so that a hundred
/// thousand take a megabyte.
pub(crate) async fn list_ids(
    conn: &(impl ConnectionTrait + StreamTrait),
    scope: TokenScope,
    query: &ListQuery,
    most: u64,
) -> Result<Vec<TokenId>, ListError> {
    let condition = scope
        .condition()
        .add(filter::compile(filter::TOKENS, query.filter.as_ref())?);
    let orders = filter::orders(filter::TOKENS, &query.order)?;
    let select = api_token::Entity::find()
        .select_only()
        .column(api_token::Column::Id)
        .filter(condition)
        .limit(most);
    let mut found = ordered(select, orders, api_token::Column::Id)
        .into_tuple::<String>()
        .stream(conn)
        .await
        .map_err(StoreError::from)?;
    let mut ids = Vec::new();
    while let Some(text) = found.try_next().await.map_err(StoreError::from)? {
        ids.push(id("a token's id", &text)?);
    }
    Ok(ids)
}

/// Those of these tokens that exist for whoever asks, in any order.
pub(crate) async fn list_by_id(
    conn: &impl ConnectionTrait,
    scope: TokenScope,
    ids: &[TokenId],
) -> Result<Vec<TokenRow>, StoreError> {
    let among = api_token::Column::Id.is_in(ids.iter().map(TokenId::to_string));
    // An index of the account's tokens would be gone through for each batch.
    all(conn, rows().filter(among).filter(scope.looked_at())).await
}
