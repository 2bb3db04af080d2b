//! Sealed secrets of tokens, and how often a person had them opened. What comes out of here is as it is kept, sealed;
//! only `service::reveal` opens it.

use super::{Statements, StoreError, audit_read::recent_lines};
use crate::{
    entity::{audit_record, token_secret},
    secret::seal::Sealed,
};
use app::domain::{audit::Event, time::Timestamp, token::TokenId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Query,
};

/// A token's sealed secret, while it is stored.
pub(crate) async fn find_secret(
    conn: &impl ConnectionTrait,
    id: TokenId,
) -> Result<Option<Sealed>, StoreError> {
    let row = token_secret::Entity::find_by_id(id.to_string())
        .one(conn)
        .await?;
    Ok(row.map(|row| Sealed {
        alg: row.alg,
        kek_kid: row.kek_kid,
        dek_nonce: row.dek_nonce,
        dek_ct: row.dek_ct,
        nonce: row.nonce,
        ct: row.ct,
    }))
}

/// Destroys a token's stored secret for good (T-29, T-30), and says whether there was one.
pub(crate) async fn delete_secret(
    conn: &impl ConnectionTrait,
    id: TokenId,
) -> Result<bool, StoreError> {
    let result = token_secret::Entity::delete_by_id(id.to_string())
        .exec(conn)
        .await?;
    Ok(result.rows_affected > 0)
}

/// The same for several tokens.
pub(crate) fn delete_secrets(statements: &mut Statements, ids: &[TokenId]) {
    let mut delete = Query::delete();
    delete
        .from_table(token_secret::Entity)
        .and_where(token_secret::Column::TokenId.is_in(ids.iter().map(TokenId::to_string)));
    statements.push(&delete);
}

/// The row of a token's sealed secret.
pub(super) fn row(id: TokenId, sealed: Sealed) -> token_secret::ActiveModel {
    token_secret::ActiveModel {
        token_id: Set(id.to_string()),
        alg: Set(sealed.alg),
        kek_kid: Set(sealed.kek_kid),
        dek_nonce: Set(sealed.dek_nonce),
        dek_ct: Set(sealed.dek_ct),
        nonce: Set(sealed.nonce),
        ct: Set(sealed.ct),
    }
}

/// When a person or program had secrets shown or copied since a moment, the latest first, at most `limit` times.
pub(crate) async fn list_uses(
    conn: &impl ConnectionTrait,
    actor: &str,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<Timestamp>, StoreError> {
    use audit_record::Column as Line;
    let shown = recent_lines(conn, actor, since)
        .await?
        .column(Line::At)
        .filter(Line::Event.is_in([Event::TokenRevealed.key(), Event::TokenCopied.key()]))
        .filter(Line::Outcome.eq("done"))
        .limit(limit);
    let times: Vec<i64> = shown.into_tuple().all(conn).await?;
    Ok(times.into_iter().map(Timestamp).collect())
}
