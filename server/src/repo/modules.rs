//! Modules: all of them, an account's, a token's.

use super::{
    StoreError, filter, id,
    listing::{ListError, count, ordered},
    word,
};
use crate::entity::{account_module, module, token_module};
use app::domain::{
    account::{AccountId, AccountType},
    id::TokenId,
    listing::{ListQuery, Listing, Stretch},
    module::{Module, ModuleId, ModuleRef, ModuleSettings},
    text::fold,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::HashMap;

pub(super) fn from_model(model: module::Model) -> Result<Module, StoreError> {
    let types = model
        .account_types
        .split(',')
        .filter(|word| !word.is_empty());
    Ok(Module {
        id: id("a module's id", &model.id)?,
        name: model.name,
        code: model.code,
        description: model.description,
        account_types: types
            .map(|text| word("an account's type", text))
            .collect::<Result<_, _>>()?,
        settings: ModuleSettings {
            default: model.is_default,
            configurable: model.is_configurable,
            paid: model.is_paid,
        },
        retired: model.retired_at.is_some(),
    })
}

pub(super) fn by_name(select: Select<module::Entity>) -> Select<module::Entity> {
    select
        .order_by_asc(module::Column::NameFold)
        .order_by_asc(module::Column::Id)
}

async fn all(
    conn: &impl ConnectionTrait,
    select: Select<module::Entity>,
) -> Result<Vec<Module>, StoreError> {
    by_name(select)
        .all(conn)
        .await?
        .into_iter()
        .map(from_model)
        .collect()
}

/// Which modules there are for whoever asks: an account's, or all.
pub(super) fn scoped(account: Option<AccountId>) -> Select<module::Entity> {
    let Some(account) = account else {
        return module::Entity::find();
    };
    let held = account_module::Entity::find()
        .select_only()
        .column(account_module::Column::ModuleId)
        .filter(account_module::Column::AccountId.eq(account.to_string()));
    module::Entity::find().filter(module::Column::Id.in_subquery(held.into_query()))
}

/// A stretch of the modules that can still be given and a program asks for, and how many there are in all; of one account, or of every.
pub(crate) async fn list_matching(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    query: &ListQuery,
    stretch: Stretch,
) -> Result<Listing<Module>, ListError> {
    let condition = filter::compile(filter::MODULES, query.filter.as_ref())?;
    let orders = filter::orders(filter::MODULES, &query.order)?;
    let select = scoped(account)
        .filter(condition)
        .filter(module::Column::RetiredAt.is_null());
    let total = count(conn, select.clone(), module::Column::Id).await?;
    if stretch.limit == 0 || stretch.offset >= total {
        return Ok(Listing {
            rows: Vec::new(),
            total,
        });
    }
    let select = ordered(select, orders, module::Column::Id)
        .limit(stretch.limit)
        .offset(stretch.offset);
    let models = select.all(conn).await?;
    let rows = models
        .into_iter()
        .map(from_model)
        .collect::<Result<_, _>>()?;
    Ok(Listing { rows, total })
}

/// The module with this id, if it exists for whoever asks and can still be given.
pub(crate) async fn find_module(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    id: ModuleId,
) -> Result<Option<Module>, StoreError> {
    let select = scoped(account)
        .filter(module::Column::Id.eq(id.to_string()))
        .filter(module::Column::RetiredAt.is_null());
    select.one(conn).await?.map(from_model).transpose()
}

/// Every module, by name.
pub(crate) async fn list_modules(conn: &impl ConnectionTrait) -> Result<Vec<Module>, StoreError> {
    all(conn, module::Entity::find()).await
}

/// The names of those of these modules that exist for whoever asks, by id.
pub(crate) async fn list_names(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    ids: &[ModuleId],
) -> Result<Vec<(String, String)>, StoreError> {
    let select = scoped(account)
        .select_only()
        .columns([module::Column::Id, module::Column::Name])
        .filter(module::Column::Id.is_in(ids.iter().map(ModuleId::to_string)));
    Ok(select.into_tuple().all(conn).await?)
}

/// The modules of an account, by name.
pub(crate) async fn list_of_account(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Module>, StoreError> {
    let relation = module::Entity::belongs_to(account_module::Entity)
        .from(module::Column::Id)
        .to(account_module::Column::ModuleId);
    let select = module::Entity::find()
        .join(JoinType::InnerJoin, relation.into())
        .filter(account_module::Column::AccountId.eq(account.to_string()));
    all(conn, select).await
}

/// The modules of a token, by name.
pub(crate) async fn list_of_token(
    conn: &impl ConnectionTrait,
    token: TokenId,
) -> Result<Vec<Module>, StoreError> {
    let select = with_tokens().filter(token_module::Column::TokenId.eq(token.to_string()));
    all(conn, select).await
}

fn with_tokens() -> Select<module::Entity> {
    let relation = module::Entity::belongs_to(token_module::Entity)
        .from(module::Column::Id)
        .to(token_module::Column::ModuleId);
    module::Entity::find().join(JoinType::InnerJoin, relation.into())
}

#[derive(FromQueryResult)]
struct TokenModule {
    token_id: String,
    id: String,
    name: String,
}

#[derive(FromQueryResult)]
struct WholeTokenModule {
    token_id: String,
    #[sea_orm(nested)]
    module: module::Model,
}

/// All that is known of the modules of each of these tokens, by name, in one query.
pub(crate) async fn list_whole_of_tokens(
    conn: &impl ConnectionTrait,
    tokens: &[TokenId],
) -> Result<HashMap<TokenId, Vec<Module>>, StoreError> {
    let mut modules: HashMap<TokenId, Vec<Module>> = HashMap::with_capacity(tokens.len());
    if tokens.is_empty() {
        return Ok(modules);
    }
    let select = with_tokens()
        .column(token_module::Column::TokenId)
        .filter(token_module::Column::TokenId.is_in(tokens.iter().map(TokenId::to_string)));
    for row in by_name(select)
        .into_model::<WholeTokenModule>()
        .all(conn)
        .await?
    {
        let token = id("a token's id", &row.token_id)?;
        modules
            .entry(token)
            .or_default()
            .push(from_model(row.module)?);
    }
    Ok(modules)
}

/// The modules of each of these tokens, by name, in one query.
pub(crate) async fn list_of_tokens(
    conn: &impl ConnectionTrait,
    tokens: &[TokenId],
) -> Result<HashMap<TokenId, Vec<ModuleRef>>, StoreError> {
    let mut modules: HashMap<TokenId, Vec<ModuleRef>> = HashMap::with_capacity(tokens.len());
    if tokens.is_empty() {
        return Ok(modules);
    }
    let select = with_tokens()
        .select_only()
        .column(token_module::Column::TokenId)
        .columns([module::Column::Id, module::Column::Name])
        .filter(token_module::Column::TokenId.is_in(tokens.iter().map(TokenId::to_string)));
    for row in by_name(select)
        .into_model::<TokenModule>()
        .all(conn)
        .await?
    {
        let module = ModuleRef {
            id: id("a module's id", &row.id)?,
            name: row.name,
        };
        modules
            .entry(id("a token's id", &row.token_id)?)
            .or_default()
            .push(module);
    }
    Ok(modules)
}

/// The types of account that a module is for, as they are kept.
pub(super) fn types_text(module: &Module) -> String {
    let types = module.account_types.iter().copied();
    types.map(AccountType::as_str).collect::<Vec<_>>().join(",")
}

/// Adds a module.
pub(crate) async fn insert_module(
    conn: &impl ConnectionTrait,
    new: &Module,
) -> Result<(), StoreError> {
    let row = module::ActiveModel {
        id: Set(new.id.to_string()),
        code: Set(new.code.clone()),
        name: Set(new.name.clone()),
        name_fold: Set(fold(&new.name)),
        description: Set(new.description.clone()),
        account_types: Set(types_text(new)),
        is_default: Set(new.settings.default),
        is_configurable: Set(new.settings.configurable),
        is_paid: Set(new.settings.paid),
        revision: Set(1),
        retired_at: Set(None),
    };
    module::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The row that gives a module to a token.
pub(super) fn given(token: TokenId, module: ModuleId) -> token_module::ActiveModel {
    token_module::ActiveModel {
        token_id: Set(token.to_string()),
        module_id: Set(module.to_string()),
    }
}

/// Gives modules to a token.
pub(crate) async fn insert_token_modules(
    conn: &impl ConnectionTrait,
    token: TokenId,
    modules: &[ModuleId],
) -> Result<(), StoreError> {
    if modules.is_empty() {
        return Ok(());
    }
    let rows = modules.iter().map(|module| given(token, *module));
    token_module::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Takes modules from a token.
pub(crate) async fn delete_token_modules(
    conn: &impl ConnectionTrait,
    token: TokenId,
    modules: &[ModuleId],
) -> Result<(), StoreError> {
    token_module::Entity::delete_many()
        .filter(token_module::Column::TokenId.eq(token.to_string()))
        .filter(token_module::Column::ModuleId.is_in(modules.iter().map(ModuleId::to_string)))
        .exec(conn)
        .await?;
    Ok(())
}
