//! Accounts and the modules they have.

use super::{StoreError, id, word};
use crate::entity::{account, account_module};
use app::domain::{
    account::{AccountId, AccountRef},
    icon::IconId,
    module::ModuleId,
    text::fold,
    time::Timestamp,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use std::collections::HashMap;

/// An account as other rows carry it.
pub(super) fn account_ref(
    id_text: &str,
    name: String,
    kind: &str,
    status: &str,
    icon: Option<&str>,
) -> Result<AccountRef, StoreError> {
    Ok(AccountRef {
        id: id("an account's id", id_text)?,
        name,
        kind: word("an account's type", kind)?,
        status: word("an account's status", status)?,
        icon: icon.map(|name| id("a picture's name", name)).transpose()?,
    })
}

pub(super) fn from_model(model: account::Model) -> Result<AccountRef, StoreError> {
    account_ref(
        &model.id,
        model.name,
        &model.kind,
        &model.status,
        model.icon_id.as_deref(),
    )
}

/// The account with this id.
pub(crate) async fn find_account(
    conn: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<AccountRef>, StoreError> {
    account::Entity::find_by_id(id.to_string())
        .one(conn)
        .await?
        .map(from_model)
        .transpose()
}

/// Those of these accounts that exist, in any order.
pub(crate) async fn list_by_id(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<Vec<AccountRef>, StoreError> {
    let ids: Vec<_> = ids.into_iter().map(|id| id.to_string()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = account::Entity::find().filter(account::Column::Id.is_in(ids));
    select
        .all(conn)
        .await?
        .into_iter()
        .map(from_model)
        .collect()
}

/// Every account, by name.
pub(crate) async fn list_accounts(
    conn: &impl ConnectionTrait,
) -> Result<Vec<AccountRef>, StoreError> {
    all(conn, by_name()).await
}

/// The first accounts by name, at most `most`.
pub(crate) async fn list_some(
    conn: &impl ConnectionTrait,
    most: usize,
) -> Result<Vec<AccountRef>, StoreError> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    all(conn, by_name().limit(most)).await
}

pub(super) fn by_name() -> Select<account::Entity> {
    account::Entity::find()
        .order_by_asc(account::Column::NameFold)
        .order_by_asc(account::Column::Id)
}

async fn all(
    conn: &impl ConnectionTrait,
    select: Select<account::Entity>,
) -> Result<Vec<AccountRef>, StoreError> {
    select
        .all(conn)
        .await?
        .into_iter()
        .map(from_model)
        .collect()
}

/// Which modules every account has, in any order.
pub(crate) async fn list_modules_of_all(
    conn: &impl ConnectionTrait,
) -> Result<HashMap<AccountId, Vec<ModuleId>>, StoreError> {
    let mut modules: HashMap<_, Vec<_>> = HashMap::new();
    for row in account_module::Entity::find().all(conn).await? {
        modules
            .entry(id("an account's id", &row.account_id)?)
            .or_default()
            .push(id("a module's id", &row.module_id)?);
    }
    Ok(modules)
}

/// Adds an account.
pub(crate) async fn insert_account(
    conn: &impl ConnectionTrait,
    new: &AccountRef,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = account::ActiveModel {
        id: Set(new.id.to_string()),
        name: Set(new.name.clone()),
        name_fold: Set(fold(&new.name)),
        kind: Set(new.kind.as_str().to_owned()),
        status: Set(new.status.as_str().to_owned()),
        created_at: Set(at.0),
        revision: Set(1),
        icon_id: Set(new.icon.as_ref().map(IconId::to_string)),
    };
    account::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Gives modules to an account.
pub(crate) async fn insert_account_modules(
    conn: &impl ConnectionTrait,
    account: AccountId,
    modules: &[ModuleId],
) -> Result<(), StoreError> {
    if modules.is_empty() {
        return Ok(());
    }
    let rows = modules.iter().map(|module| account_module::ActiveModel {
        account_id: Set(account.to_string()),
        module_id: Set(module.to_string()),
    });
    account_module::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}
