//! The tokens of a change to several, what became of each, and how tokens stand before one begins.

use super::{
    Statements, StoreError,
    directory::{holds, page},
    filter::looked_at,
    id,
    tokens::TokenScope,
    word,
};
use crate::entity::{api_token, bulk_item, token_access, token_module};
use app::domain::{
    account::AccountId,
    bulk::{BulkChangeId, NamedToken, Reason, TokenOutcome, TokenResult},
    module::ModuleId,
    page::{Page, PageRequest},
    time::Timestamp,
    token::{TokenId, TokenStatus},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use std::collections::HashSet;

/// What is kept of a token that was changed; of the others, why they were not.
const CHANGED: &str = "changed";

/// How a token stands before a change.
#[derive(Debug, Clone)]
pub(crate) struct Before {
    pub id: TokenId,
    pub name: String,
    pub account: AccountId,
    pub status: TokenStatus,
    pub last_access_at: Option<Timestamp>,
}

/// How those of these tokens stand that exist for whoever asks.
pub(crate) async fn list_before(
    conn: &impl ConnectionTrait,
    scope: TokenScope,
    ids: &[TokenId],
) -> Result<Vec<Before>, StoreError> {
    use api_token::Column as Token;
    let used = api_token::Entity::belongs_to(token_access::Entity)
        .from(Token::Id)
        .to(token_access::Column::TokenId);
    let select = api_token::Entity::find()
        .select_only()
        .join(JoinType::LeftJoin, used.into())
        .columns([Token::Id, Token::Name, Token::AccountId, Token::Status])
        .column(token_access::Column::LastAccessAt)
        .filter(Token::Id.is_in(ids.iter().map(TokenId::to_string)))
        // The ids alone find them: an index of all tokens of an account would be gone through for each.
        .filter(scope.looked_at());
    let found: Vec<(String, String, String, String, Option<i64>)> =
        select.into_tuple().all(conn).await?;
    let found = found.into_iter();
    found
        .map(|(token, name, account, status, used)| {
            Ok(Before {
                id: id("a token's id", &token)?,
                name,
                account: id("an account's id", &account)?,
                status: word("a token's status", &status)?,
                last_access_at: used.map(Timestamp),
            })
        })
        .collect()
}

/// Those of these tokens that have a module.
pub(crate) async fn list_holding(
    conn: &impl ConnectionTrait,
    module: ModuleId,
    ids: &[TokenId],
) -> Result<HashSet<TokenId>, StoreError> {
    use token_module::Column as Given;
    let select = token_module::Entity::find()
        .select_only()
        .column(Given::TokenId)
        .filter(Given::TokenId.is_in(ids.iter().map(TokenId::to_string)))
        .filter(looked_at(Given::ModuleId.eq(module.to_string())));
    let found: Vec<String> = select.into_tuple().all(conn).await?;
    found.iter().map(|text| id("a token's id", text)).collect()
}

/// Makes these the tokens of a change; those with a reason it leaves alone.
pub(crate) fn insert_items(
    statements: &mut Statements,
    change: BulkChangeId,
    tokens: &[(TokenId, Option<Reason>)],
) {
    let change = change.to_string();
    let rows = tokens.iter().map(|(token, reason)| bulk_item::ActiveModel {
        change_id: Set(change.clone()),
        token_id: Set(token.to_string()),
        outcome: Set(reason.map(|reason| reason.key().to_owned())),
    });
    statements.insert(rows);
}

/// The next tokens that a change has not come to, after this one in the order of ids.
pub(crate) async fn list_waiting(
    conn: &impl ConnectionTrait,
    change: BulkChangeId,
    after: Option<TokenId>,
    most: u64,
) -> Result<Vec<TokenId>, StoreError> {
    use bulk_item::Column as Of;
    let mut select = bulk_item::Entity::find()
        .select_only()
        .column(Of::TokenId)
        .filter(Of::ChangeId.eq(change.to_string()));
    if let Some(after) = after {
        select = select.filter(Of::TokenId.gt(after.to_string()));
    }
    let select = select
        .filter(Of::Outcome.is_null())
        .order_by_asc(Of::TokenId)
        .limit(most);
    let found: Vec<String> = select.into_tuple().all(conn).await?;
    found.iter().map(|text| id("a token's id", text)).collect()
}

/// Notes what became of some tokens of a change: changed without a reason, else left as they were.
pub(crate) fn note_outcome(
    statements: &mut Statements,
    change: BulkChangeId,
    ids: &[TokenId],
    reason: Option<Reason>,
) {
    use bulk_item::Column as Of;
    if ids.is_empty() {
        return;
    }
    let mut update = Query::update();
    update
        .table(bulk_item::Entity)
        .value(Of::Outcome, reason.map_or(CHANGED, Reason::key))
        .and_where(Expr::col(Of::ChangeId).eq(change.to_string()))
        .and_where(Expr::col(Of::TokenId).is_in(ids.iter().map(TokenId::to_string)));
    statements.push(&update);
}

#[derive(FromQueryResult)]
struct RawResult {
    token_id: String,
    outcome: Option<String>,
    name: Option<String>,
    status: Option<String>,
}

/// A page of what became of the tokens of a change: those left as they were first, those that wait last. `search` is a part
/// of a name or an id; a deleted token is shown to those who see such. A token that does not exist for whoever asks looks
/// like none at all (rule 7).
pub(crate) async fn list_results(
    conn: &impl ConnectionTrait,
    scope: TokenScope,
    change: BulkChangeId,
    search: &str,
    asked: PageRequest,
) -> Result<Page<TokenResult>, StoreError> {
    use bulk_item::Column as Of;
    let token = bulk_item::Entity::belongs_to(api_token::Entity)
        .from(Of::TokenId)
        .to(api_token::Column::Id)
        .on_condition(move |_, _| {
            let own = scope.account.map(|account| {
                Expr::col((api_token::Entity, api_token::Column::AccountId)).eq(account.to_string())
            });
            let is_there = (!scope.deleted).then(|| {
                Expr::col((api_token::Entity, api_token::Column::Alive))
                    .eq(true)
                    .or(Expr::col((bulk_item::Entity, Of::Outcome)).eq(CHANGED))
            });
            Condition::all().add_option(own).add_option(is_there)
        });
    let found = holds(
        search,
        [(api_token::Entity, api_token::Column::NameFold)],
        (bulk_item::Entity, Of::TokenId),
    );
    let changed = Expr::col((bulk_item::Entity, Of::Outcome)).eq(CHANGED);
    let select = bulk_item::Entity::find()
        .select_only()
        .join(JoinType::LeftJoin, token.into())
        .columns([Of::TokenId, Of::Outcome])
        .columns([api_token::Column::Name, api_token::Column::Status])
        .filter(Of::ChangeId.eq(change.to_string()))
        .filter(found)
        .order_by(
            Expr::col((bulk_item::Entity, Of::Outcome)).is_null(),
            Order::Asc,
        )
        .order_by(changed, Order::Asc)
        .order_by_asc(Of::TokenId);
    let found = page::<_, RawResult>(conn, select, Of::TokenId, asked).await?;
    found.try_map(|raw| {
        let deleted = raw.status.as_deref() == Some(TokenStatus::Deleted.as_str());
        let outcome = match raw.outcome.as_deref() {
            None => TokenOutcome::Waiting,
            Some(CHANGED) => TokenOutcome::Changed,
            Some(key) => {
                let reason = Reason::ALL.into_iter().find(|reason| reason.key() == key);
                TokenOutcome::LeftAlone(reason.ok_or_else(|| StoreError::Corrupt {
                    what: "what became of a token",
                    value: key.to_owned(),
                })?)
            }
        };
        Ok(TokenResult {
            token: NamedToken {
                id: id("a token's id", &raw.token_id)?,
                name: raw.name.unwrap_or_default(),
            },
            shown: raw.status.is_some() && (scope.deleted || !deleted),
            outcome,
        })
    })
}

/// Forgets some tokens of a change, and says how many.
pub(crate) async fn delete_some(
    conn: &impl ConnectionTrait,
    change: BulkChangeId,
    most: u64,
) -> Result<u64, StoreError> {
    use bulk_item::Column as Of;
    let some: Vec<String> = bulk_item::Entity::find()
        .select_only()
        .column(Of::TokenId)
        .filter(Of::ChangeId.eq(change.to_string()))
        .order_by_asc(Of::TokenId)
        .limit(most)
        .into_tuple()
        .all(conn)
        .await?;
    let Some(last) = some.last() else {
        return Ok(0);
    };
    bulk_item::Entity::delete_many()
        .filter(Of::ChangeId.eq(change.to_string()))
        .filter(Of::TokenId.lte(last))
        .exec(conn)
        .await?;
    Ok(some.len() as u64)
}
