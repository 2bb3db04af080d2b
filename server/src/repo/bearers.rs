//! Tokens as they are presented: who a secret belongs to, and that it was used.

use super::{StoreError, accounts::account_ref, id, memory::fingerprint, word};
use crate::entity::{account, api_token, module, token_access, token_module};
use app::domain::{
    account::AccountRef,
    program::{CurrentToken, HeldModule},
    time::Timestamp,
    token::{TokenId, TokenStatus},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, SimpleExpr},
};

/// Rows that are written in one statement.
const TOGETHER: usize = 500;

/// A token as whoever presents its secret needs it.
#[derive(Debug, Clone)]
pub(crate) struct BearerRow {
    pub id: TokenId,
    pub name: String,
    pub status: TokenStatus,
    pub created_at: Timestamp,
    pub account: AccountRef,
    pub modules: Vec<HeldModule>,
    /// What its secret is found by (T-10), for a second comparison (T-11).
    pub lookup: [u8; 32],
    /// Whether it was ever used before.
    pub used: bool,
}

impl BearerRow {
    /// The token by which a program acts.
    pub(crate) fn into_token(self) -> CurrentToken {
        CurrentToken {
            id: self.id,
            name: self.name,
            account: self.account,
            modules: self.modules,
        }
    }
}

#[derive(FromQueryResult)]
struct Raw {
    id: String,
    name: String,
    status: String,
    created_at: i64,
    lookup: Vec<u8>,
    account_id: String,
    account_name: String,
    account_kind: String,
    account_status: String,
    last_access_at: Option<i64>,
    module_id: Option<String>,
    module_code: Option<String>,
}

/// The token that is found by this value, with its modules: one question.
pub(crate) async fn find_bearer(
    conn: &impl ConnectionTrait,
    lookup: &[u8; 32],
) -> Result<Option<BearerRow>, StoreError> {
    bearer(conn, api_token::Column::Lookup.eq(lookup.to_vec())).await
}

/// Fingerprints of what tokens are found by, `limit` at most, in the order of those values, after one of them; and the value
/// to go on from, when there may be more.
pub(crate) async fn list_fingerprints(
    conn: &impl ConnectionTrait,
    after: &[u8],
    limit: u64,
) -> Result<(Vec<u64>, Option<Vec<u8>>), StoreError> {
    use api_token::Column as Token;
    let lookups: Vec<Vec<u8>> = api_token::Entity::find()
        .select_only()
        .column(Token::Lookup)
        .filter(Token::Lookup.gt(after))
        .order_by_asc(Token::Lookup)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    let more = lookups.len() as u64 == limit;
    let last = lookups.last().filter(|_| more).cloned();
    Ok((lookups.into_iter().filter_map(known).collect(), last))
}

/// The same in the order of the tokens' ids, after one of them. Slower; but what a token is found by may change meanwhile,
/// and its id does not.
pub(crate) async fn list_fingerprints_by_id(
    conn: &impl ConnectionTrait,
    after: &str,
    limit: u64,
) -> Result<(Vec<u64>, Option<String>), StoreError> {
    use api_token::Column as Token;
    let tokens: Vec<(String, Vec<u8>)> = api_token::Entity::find()
        .select_only()
        .columns([Token::Id, Token::Lookup])
        .filter(Token::Id.gt(after))
        .order_by_asc(Token::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    let more = tokens.len() as u64 == limit;
    let last = tokens.last().filter(|_| more).map(|(id, _)| id.clone());
    let lookups = tokens.into_iter().map(|(_, lookup)| lookup);
    Ok((lookups.filter_map(known).collect(), last))
}

/// Fingerprints of what these tokens are found by.
pub(crate) async fn list_fingerprints_of(
    conn: &impl ConnectionTrait,
    ids: &[TokenId],
) -> Result<Vec<u64>, StoreError> {
    let mut fingerprints = Vec::with_capacity(ids.len());
    for some in ids.chunks(TOGETHER) {
        let lookups: Vec<Vec<u8>> = api_token::Entity::find()
            .select_only()
            .column(api_token::Column::Lookup)
            .filter(api_token::Column::Id.is_in(some.iter().map(TokenId::to_string)))
            .into_tuple()
            .all(conn)
            .await?;
        fingerprints.extend(lookups.into_iter().filter_map(known));
    }
    Ok(fingerprints)
}

/// A row with something else there is nobody's: no secret finds it, and it must not stop the others.
fn known(lookup: Vec<u8>) -> Option<u64> {
    whole(lookup)
        .inspect_err(|error| tracing::error!(%error, "a token can never be presented"))
        .ok()
        .map(|lookup| fingerprint(&lookup))
}

fn whole(lookup: Vec<u8>) -> Result<[u8; 32], StoreError> {
    lookup.try_into().map_err(|_| StoreError::Corrupt {
        what: "what a token is found by",
        value: "something of another length".to_owned(),
    })
}

/// The token with this id, with its modules.
pub(crate) async fn find_bearer_by_id(
    conn: &impl ConnectionTrait,
    id: TokenId,
) -> Result<Option<BearerRow>, StoreError> {
    bearer(conn, api_token::Column::Id.eq(id.to_string())).await
}

async fn bearer(
    conn: &impl ConnectionTrait,
    found: SimpleExpr,
) -> Result<Option<BearerRow>, StoreError> {
    use api_token::Column as Token;
    let account = api_token::Entity::belongs_to(account::Entity)
        .from(Token::AccountId)
        .to(account::Column::Id);
    let access = api_token::Entity::belongs_to(token_access::Entity)
        .from(Token::Id)
        .to(token_access::Column::TokenId);
    let given = api_token::Entity::belongs_to(token_module::Entity)
        .from(Token::Id)
        .to(token_module::Column::TokenId);
    let module = token_module::Entity::belongs_to(module::Entity)
        .from(token_module::Column::ModuleId)
        .to(module::Column::Id);
    let select = api_token::Entity::find()
        .join(JoinType::InnerJoin, account.into())
        .join(JoinType::LeftJoin, access.into())
        .join(JoinType::LeftJoin, given.into())
        .join(JoinType::LeftJoin, module.into())
        .select_only()
        .columns([
            Token::Id,
            Token::Name,
            Token::Status,
            Token::CreatedAt,
            Token::Lookup,
            Token::AccountId,
        ])
        .column_as(account::Column::Name, "account_name")
        .column_as(account::Column::Kind, "account_kind")
        .column_as(account::Column::Status, "account_status")
        .column(token_access::Column::LastAccessAt)
        .column_as(module::Column::Id, "module_id")
        .column_as(module::Column::Code, "module_code")
        .filter(found);
    joined(select.into_model::<Raw>().all(conn).await?)
}

/// One token of rows that differ in their modules only.
fn joined(rows: Vec<Raw>) -> Result<Option<BearerRow>, StoreError> {
    let mut modules = Vec::with_capacity(rows.len());
    for row in &rows {
        if let (Some(module), Some(code)) = (&row.module_id, &row.module_code) {
            modules.push(HeldModule {
                id: id("a module's id", module)?,
                code: code.clone(),
            });
        }
    }
    modules.sort_unstable_by_key(|module| module.id);
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(BearerRow {
        id: id("a token's id", &row.id)?,
        name: row.name,
        status: word("a token's status", &row.status)?,
        created_at: Timestamp(row.created_at),
        account: account_ref(
            &row.account_id,
            row.account_name,
            &row.account_kind,
            &row.account_status,
            // Nobody who verifies is shown a picture, and a million of these are kept in memory.
            None,
        )?,
        modules,
        lookup: whole(row.lookup)?,
        used: row.last_access_at.is_some(),
    }))
}

/// When a token was good last, from where, and how often since it was noted before.
#[derive(Debug, Clone)]
pub(crate) struct AccessRow {
    pub token: TokenId,
    pub at: Timestamp,
    pub ip: Option<String>,
    pub uses: i64,
}

/// Notes uses. One that is noted already as later stays the last.
pub(crate) async fn note_access(
    conn: &impl ConnectionTrait,
    rows: Vec<AccessRow>,
) -> Result<(), StoreError> {
    use token_access::Column as Access;
    let newer = |column: Access| {
        let new = Expr::col(("excluded", column));
        let later = Expr::col(("excluded", Access::LastAccessAt))
            .gte(Expr::col((token_access::Entity, Access::LastAccessAt)));
        let first = Expr::col((token_access::Entity, Access::LastAccessAt)).is_null();
        Expr::case(first.or(later), new).finally(Expr::col((token_access::Entity, column)))
    };
    for some in rows.chunks(TOGETHER) {
        let models = some.iter().map(|row| token_access::ActiveModel {
            token_id: Set(row.token.to_string()),
            last_access_at: Set(Some(row.at.0)),
            last_access_ip: Set(row.ip.clone()),
            uses: Set(row.uses),
            ..Default::default()
        });
        let sum = Expr::col((token_access::Entity, Access::Uses))
            .add(Expr::col(("excluded", Access::Uses)));
        let mut merge = OnConflict::column(Access::TokenId);
        // The address first: which one counts is decided by the moments before either is written.
        merge
            .value(Access::LastAccessIp, newer(Access::LastAccessIp))
            .value(Access::LastAccessAt, newer(Access::LastAccessAt))
            .value(Access::Uses, sum);
        token_access::Entity::insert_many(models)
            .on_conflict(merge)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}
