//! Tokens as they are presented: who a secret belongs to, and that it was used.

use super::{StoreError, accounts::account_ref, id, word};
use crate::entity::{account, api_token, module, token_access, token_module};
use app::domain::{
    account::AccountRef,
    program::HeldModule,
    time::Timestamp,
    token::{TokenId, TokenStatus},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
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
    pub account: AccountRef,
    pub modules: Vec<HeldModule>,
    /// What its secret is found by (T-10), for a second comparison (T-11).
    pub lookup: Vec<u8>,
    /// Whether it was ever used before.
    pub used: bool,
}

#[derive(FromQueryResult)]
struct Raw {
    id: String,
    name: String,
    status: String,
    lookup: Vec<u8>,
    account_id: String,
    account_name: String,
    account_kind: String,
    account_status: String,
    last_access_at: Option<i64>,
    module_id: Option<String>,
    module_code: Option<String>,
}

/// The token that is found by one of these values, with its modules: one question.
pub(crate) async fn find_bearer(
    conn: &impl ConnectionTrait,
    lookups: &[[u8; 32]],
) -> Result<Option<BearerRow>, StoreError> {
    let found = api_token::Column::Lookup.is_in(lookups.iter().map(|lookup| lookup.to_vec()));
    bearer(conn, found).await
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
        .columns([Token::Id, Token::Name, Token::Status, Token::Lookup])
        .column(Token::AccountId)
        .column_as(account::Column::Name, "account_name")
        .column_as(account::Column::Kind, "account_kind")
        .column_as(account::Column::Status, "account_status")
        .column(token_access::Column::LastAccessAt)
        .column_as(module::Column::Id, "module_id")
        .column_as(module::Column::Code, "module_code")
        .filter(found);
    let rows = select.into_model::<Raw>().all(conn).await?;
    let mut modules = Vec::with_capacity(rows.len());
    for row in &rows {
        if let (Some(module), Some(code)) = (&row.module_id, &row.module_code) {
            modules.push(HeldModule {
                id: id("a module's id", module)?,
                code: code.clone(),
            });
        }
    }
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(BearerRow {
        id: id("a token's id", &row.id)?,
        name: row.name,
        status: word("a token's status", &row.status)?,
        account: account_ref(
            &row.account_id,
            row.account_name,
            &row.account_kind,
            &row.account_status,
        )?,
        modules,
        lookup: row.lookup,
        used: row.last_access_at.is_some(),
    }))
}

/// When a token was used last, from where, and how often since it was noted before.
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
        Expr::case(later, new).finally(Expr::col((token_access::Entity, column)))
    };
    for some in rows.chunks(TOGETHER) {
        let models = some.iter().map(|row| token_access::ActiveModel {
            token_id: Set(row.token.to_string()),
            last_access_at: Set(row.at.0),
            last_access_ip: Set(row.ip.clone()),
            uses: Set(row.uses),
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
