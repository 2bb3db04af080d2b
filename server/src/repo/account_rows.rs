//! Accounts as they are administered: a page of them, what each has, and changes.

use super::{
    StoreError,
    accounts::{by_name, from_model},
    directory::{by_id, holds, page},
    id,
};
use crate::entity::{account, account_module, token_tally, user};
use app::domain::{
    account::{AccountId, AccountRef, AccountStatus},
    icon::IconId,
    module::ModuleId,
    page::{Page, PageRequest},
    text::fold,
    time::Timestamp,
    token::TokenStatus,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// An account as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct StoredAccount {
    pub account: AccountRef,
    pub revision: i64,
    pub created_at: Timestamp,
}

fn stored(model: account::Model) -> Result<StoredAccount, StoreError> {
    let (revision, created_at) = (model.revision, Timestamp(model.created_at));
    Ok(StoredAccount {
        account: from_model(model)?,
        revision,
        created_at,
    })
}

/// A page of all accounts, by name.
pub(crate) async fn list_page(
    conn: &impl ConnectionTrait,
    search: &str,
    asked: PageRequest,
) -> Result<Page<StoredAccount>, StoreError> {
    use account::Column as Of;
    let select = by_name().filter(holds(search, [Of::NameFold], Of::Id));
    let found = page::<_, account::Model>(conn, select, Of::Id, asked).await?;
    found.try_map(stored)
}

/// The account with this id.
pub(crate) async fn find_stored(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<StoredAccount>, StoreError> {
    let found = account::Entity::find_by_id(account.to_string())
        .one(conn)
        .await?;
    found.map(stored).transpose()
}

/// The modules of each of these accounts.
pub(crate) async fn list_modules_of(
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, Vec<ModuleId>>, StoreError> {
    let select = account_module::Entity::find()
        .filter(account_module::Column::AccountId.is_in(accounts.iter().map(AccountId::to_string)));
    let mut modules: HashMap<_, Vec<_>> = HashMap::new();
    for row in select.all(conn).await? {
        modules
            .entry(account_id(&row.account_id)?)
            .or_default()
            .push(id("a module's id", &row.module_id)?);
    }
    Ok(modules)
}

/// How many people each of these accounts has.
pub(crate) async fn count_users(
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, u64>, StoreError> {
    let key = Expr::col((user::Entity, user::Column::Id));
    let select = user::Entity::find()
        .select_only()
        .column(user::Column::AccountId)
        .column_as(key.count(), "n")
        .filter(user::Column::AccountId.is_in(accounts.iter().map(AccountId::to_string)))
        .group_by(user::Column::AccountId);
    by_id(select.into_tuple().all(conn).await?, account_id)
}

/// How many tokens each of these accounts has that are not deleted.
pub(crate) async fn count_tokens(
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, u64>, StoreError> {
    use token_tally::Column as Tally;
    let select = token_tally::Entity::find()
        .select_only()
        .column(Tally::AccountId)
        .column_as(Tally::Tokens.sum(), "n")
        // Of all modules together.
        .filter(Tally::ModuleId.eq(""))
        .filter(Tally::AccountId.is_in(accounts.iter().map(AccountId::to_string)))
        .filter(Tally::Status.ne(TokenStatus::Deleted.as_str()))
        .group_by(Tally::AccountId);
    by_id(select.into_tuple().all(conn).await?, account_id)
}

fn account_id(text: &str) -> Result<AccountId, StoreError> {
    id("an account's id", text)
}

/// Gives an account that still has this revision this name and picture, and raises it. Says whether it had.
pub(crate) async fn update_account(
    conn: &impl ConnectionTrait,
    account: &AccountRef,
    revision: i64,
) -> Result<bool, StoreError> {
    let result = account::Entity::update_many()
        .col_expr(account::Column::Name, Expr::value(&*account.name))
        .col_expr(account::Column::NameFold, Expr::value(fold(&account.name)))
        .col_expr(
            account::Column::IconId,
            Expr::value(account.icon.as_ref().map(IconId::to_string)),
        )
        .col_expr(account::Column::Revision, Expr::value(revision + 1))
        .filter(account::Column::Id.eq(account.id.to_string()))
        .filter(account::Column::Revision.eq(revision))
        .exec(conn)
        .await?;
    Ok(result.rows_affected == 1)
}

/// Lets an account's people sign in, or no longer, and raises its revision.
pub(crate) async fn update_status(
    conn: &impl ConnectionTrait,
    account: AccountId,
    status: AccountStatus,
) -> Result<(), StoreError> {
    use account::Column as Of;
    account::Entity::update_many()
        .col_expr(Of::Status, Expr::value(status.as_str()))
        .col_expr(Of::Revision, Expr::col(Of::Revision).add(1))
        .filter(Of::Id.eq(account.to_string()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Takes modules from an account, or from all when none is named.
pub(crate) async fn delete_modules(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    modules: &[ModuleId],
) -> Result<(), StoreError> {
    use account_module::Column as Held;
    let mut delete = account_module::Entity::delete_many()
        .filter(Held::ModuleId.is_in(modules.iter().map(ModuleId::to_string)));
    if let Some(account) = account {
        delete = delete.filter(Held::AccountId.eq(account.to_string()));
    }
    delete.exec(conn).await?;
    Ok(())
}

/// The accounts that have a module.
pub(crate) async fn list_with_module(
    conn: &impl ConnectionTrait,
    module: ModuleId,
) -> Result<Vec<AccountId>, StoreError> {
    let select = account_module::Entity::find()
        .select_only()
        .column(account_module::Column::AccountId)
        .filter(account_module::Column::ModuleId.eq(module.to_string()));
    let found: Vec<String> = select.into_tuple().all(conn).await?;
    found.iter().map(|text| account_id(text)).collect()
}
