//! Changes to many tokens: which ones, and the statements that change some hundred of them at once.

use super::{Statements, StoreError, id, modules, token_writes::stamped};
use crate::entity::{account_module, api_token, token_access, token_module};
use app::domain::{
    account::AccountId,
    directory::{LOSERS, Loser, Loss},
    module::ModuleId,
    text::fold,
    time::Timestamp,
    token::{TokenId, TokenStatus},
    user::{PersonRef, UserId},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr},
};

/// Tokens that are changed together.
pub(crate) const TOGETHER: usize = 500;

/// Tokens that are not deleted, chosen for a change.
#[derive(Debug, Clone)]
pub(crate) enum Chosen {
    /// Those that have one of these modules; of this account only, or of all.
    WithModules(Option<AccountId>, Vec<ModuleId>),
    /// Those that lack this module though their account has it; of this account only, or of all.
    WithoutModule(Option<AccountId>, ModuleId),
    /// Those that this person made; all, or those that stand so.
    MadeBy(UserId, Option<TokenStatus>),
}

/// The ids of the tokens that have one of these modules.
fn having(modules: &[ModuleId]) -> SelectStatement {
    let modules = modules.iter().map(ModuleId::to_string);
    token_module::Entity::find()
        .select_only()
        .column(token_module::Column::TokenId)
        .filter(token_module::Column::ModuleId.is_in(modules))
        .into_query()
}

impl Chosen {
    fn condition(&self) -> Condition {
        let alive = Condition::all().add(api_token::Column::Alive.eq(true));
        let of = |account: &Option<AccountId>| {
            account.map(|account| api_token::Column::AccountId.eq(account.to_string()))
        };
        match self {
            Self::WithModules(account, modules) => {
                let having = api_token::Column::Id.in_subquery(having(modules));
                alive.add(having).add_option(of(account))
            }
            Self::WithoutModule(account, module) => {
                let held = account_module::Entity::find()
                    .select_only()
                    .column(account_module::Column::AccountId)
                    .filter(account_module::Column::ModuleId.eq(module.to_string()));
                alive
                    .add(api_token::Column::Id.not_in_subquery(having(&[*module])))
                    .add(api_token::Column::AccountId.in_subquery(held.into_query()))
                    .add_option(of(account))
            }
            Self::MadeBy(user, status) => alive
                .add(api_token::Column::CreatedBy.eq(user.to_string()))
                .add_option(status.map(|status| api_token::Column::Status.eq(status.as_str()))),
        }
    }

    fn select(&self) -> Select<api_token::Entity> {
        api_token::Entity::find()
            .select_only()
            .filter(self.condition())
    }
}

/// The ids of the chosen tokens, in their order.
pub(crate) async fn list_ids(
    conn: &impl ConnectionTrait,
    chosen: &Chosen,
) -> Result<Vec<TokenId>, StoreError> {
    let select = chosen
        .select()
        .column(api_token::Column::Id)
        .order_by_asc(api_token::Column::Id);
    let found: Vec<String> = select.into_tuple().all(conn).await?;
    found.iter().map(|text| id("a token's id", text)).collect()
}

/// What the chosen tokens would lose: how many they are, and which were used last.
pub(crate) async fn find_loss(
    conn: &impl ConnectionTrait,
    chosen: &Chosen,
) -> Result<Loss, StoreError> {
    let number = chosen.select().column_as(
        Expr::col((api_token::Entity, api_token::Column::Id)).count(),
        "n",
    );
    let number: Option<i64> = number.into_tuple().one(conn).await?;
    let access = api_token::Entity::belongs_to(token_access::Entity)
        .from(api_token::Column::Id)
        .to(token_access::Column::TokenId);
    let used = (token_access::Entity, token_access::Column::LastAccessAt);
    let select = chosen
        .select()
        .join(sea_orm::JoinType::LeftJoin, access.into())
        .columns([api_token::Column::Id, api_token::Column::Name])
        .column(token_access::Column::LastAccessAt)
        .order_by_desc(Expr::col(used).is_not_null())
        .order_by_desc(Expr::col(used))
        .order_by_asc(api_token::Column::Id)
        .limit(LOSERS as u64);
    let found: Vec<(String, String, Option<i64>)> = select.into_tuple().all(conn).await?;
    let first = found.into_iter().map(|(token, name, at)| {
        Ok(Loser {
            id: id("a token's id", &token)?,
            name,
            last_access_at: at.map(Timestamp),
        })
    });
    let first: Vec<_> = first.collect::<Result<_, StoreError>>()?;
    Ok(Loss {
        tokens: u64::try_from(number.unwrap_or(0)).unwrap_or(0),
        last_access_at: first.first().and_then(|loser| loser.last_access_at),
        first,
    })
}

fn of(ids: &[TokenId], column: SimpleExpr) -> Condition {
    column
        .is_in(ids.iter().map(TokenId::to_string))
        .into_condition()
}

/// Raises the revision of tokens that were changed at this moment.
fn raised(ids: &[TokenId]) -> sea_orm::sea_query::UpdateStatement {
    use api_token::Column as Token;
    let mut update = Query::update();
    update
        .table(api_token::Entity)
        .value(Token::Revision, Expr::col(Token::Revision).add(1))
        .cond_where(of(ids, Expr::col(Token::Id)));
    update
}

/// Takes modules from tokens.
pub(crate) fn take_modules(
    statements: &mut Statements,
    ids: &[TokenId],
    modules: &[ModuleId],
    at: Timestamp,
    by: &str,
) {
    use api_token::Column as Token;
    let mut delete = Query::delete();
    delete
        .from_table(token_module::Entity)
        .cond_where(of(ids, Expr::col(token_module::Column::TokenId)))
        .and_where(
            Expr::col(token_module::Column::ModuleId)
                .is_in(modules.iter().map(ModuleId::to_string)),
        );
    statements.push(&delete);
    let mut update = raised(ids);
    update
        .value(Token::UpdatedAt, at.0)
        .value(Token::UpdatedBy, by);
    statements.push(&update);
}

/// Gives tokens a module that they lack.
pub(crate) fn give_module(
    statements: &mut Statements,
    ids: &[TokenId],
    module: ModuleId,
    at: Timestamp,
    by: &str,
) {
    use api_token::Column as Token;
    statements.insert(ids.iter().map(|id| modules::given(*id, module)));
    let mut update = raised(ids);
    update
        .value(Token::UpdatedAt, at.0)
        .value(Token::UpdatedBy, by);
    statements.push(&update);
}

/// Takes tokens to this place in their life.
pub(crate) fn set_status(
    statements: &mut Statements,
    ids: &[TokenId],
    to: TokenStatus,
    at: Timestamp,
    by: &str,
) {
    use api_token::Column as Token;
    let (at_column, by_column) = stamped(to);
    let mut update = raised(ids);
    update
        .value(Token::Status, to.as_str())
        .value(at_column, at.0)
        .value(by_column, by);
    statements.push(&update);
}

/// Makes tokens somebody else's.
pub(crate) fn hand_over(
    statements: &mut Statements,
    ids: &[TokenId],
    to: &PersonRef,
    at: Timestamp,
    by: &str,
) {
    use api_token::Column as Token;
    let mut update = raised(ids);
    update
        .value(Token::CreatedBy, &*to.id)
        .value(Token::CreatorFold, fold(&to.name))
        .value(Token::UpdatedAt, at.0)
        .value(Token::UpdatedBy, by);
    statements.push(&update);
}
