//! Modules as they are administered: a page of them, how often each is given, and changes.

use super::{
    StoreError,
    directory::{by_id, holds, page},
    id,
    modules::{by_name, from_model, scoped, types_text},
};
use crate::entity::{account_module, module, token_tally};
use app::domain::{
    account::AccountId,
    module::{Module, ModuleId},
    page::{Page, PageRequest},
    text::fold,
    time::Timestamp,
    token::TokenStatus,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// A module with its revision.
pub(crate) type Revised = (Module, i64);

fn revised(model: module::Model) -> Result<Revised, StoreError> {
    let revision = model.revision;
    Ok((from_model(model)?, revision))
}

/// A page of the modules that exist for whoever asks, by name: an account's, or all.
pub(crate) async fn list_page(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    search: &str,
    asked: PageRequest,
) -> Result<Page<Revised>, StoreError> {
    use module::Column as Of;
    let found = holds(search, [Of::NameFold, Of::Code], Of::Id);
    let select = by_name(scoped(account).filter(found));
    let found = page::<_, module::Model>(conn, select, Of::Id, asked).await?;
    found.try_map(revised)
}

/// The module with this id.
pub(crate) async fn find_revised(
    conn: &impl ConnectionTrait,
    module: ModuleId,
) -> Result<Option<Revised>, StoreError> {
    let found = module::Entity::find_by_id(module.to_string())
        .one(conn)
        .await?;
    found.map(revised).transpose()
}

/// Whether a module has this code.
pub(crate) async fn has_code(conn: &impl ConnectionTrait, code: &str) -> Result<bool, StoreError> {
    let select = module::Entity::find()
        .select_only()
        .column(module::Column::Id)
        .filter(module::Column::Code.eq(code));
    Ok(select.into_tuple::<String>().one(conn).await?.is_some())
}

/// How many accounts have each of these modules; of this account only, or of all.
pub(crate) async fn count_accounts(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    modules: &[ModuleId],
) -> Result<HashMap<ModuleId, u64>, StoreError> {
    use account_module::Column as Held;
    let mut select = account_module::Entity::find()
        .select_only()
        .column(Held::ModuleId)
        .column_as(Held::AccountId.into_expr().count(), "n")
        .filter(Held::ModuleId.is_in(modules.iter().map(ModuleId::to_string)))
        .group_by(Held::ModuleId);
    if let Some(account) = account {
        select = select.filter(Held::AccountId.eq(account.to_string()));
    }
    by_id(select.into_tuple().all(conn).await?, module_id)
}

/// How many tokens that are not deleted have each of these modules; of this account only, or of all.
pub(crate) async fn count_tokens(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    modules: &[ModuleId],
) -> Result<HashMap<ModuleId, u64>, StoreError> {
    use token_tally::Column as Tally;
    let mut select: Select<token_tally::Entity> = token_tally::Entity::find()
        .select_only()
        .column(Tally::ModuleId)
        .column_as(Tally::Tokens.sum(), "n")
        .filter(Tally::ModuleId.is_in(modules.iter().map(ModuleId::to_string)))
        .filter(Tally::Status.ne(TokenStatus::Deleted.as_str()))
        .group_by(Tally::ModuleId);
    if let Some(account) = account {
        select = select.filter(Tally::AccountId.eq(account.to_string()));
    }
    by_id(select.into_tuple().all(conn).await?, module_id)
}

fn module_id(text: &str) -> Result<ModuleId, StoreError> {
    id("a module's id", text)
}

/// The accounts that have a module, of a type for which it is meant to be no more.
pub(crate) async fn count_accounts_of_other_types(
    conn: &impl ConnectionTrait,
    module: &Module,
) -> Result<u64, StoreError> {
    use crate::entity::account;
    use sea_orm::QueryTrait as _;
    let types = module.account_types.iter().map(|kind| kind.as_str());
    let others = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Kind.is_not_in(types));
    let held = account_module::Entity::find()
        .filter(account_module::Column::ModuleId.eq(module.id.to_string()))
        .filter(account_module::Column::AccountId.in_subquery(others.into_query()));
    super::listing::count(conn, held, account_module::Column::AccountId).await
}

/// Changes a module that still has this revision, and raises it. Says whether it had.
pub(crate) async fn update_module(
    conn: &impl ConnectionTrait,
    module: &Module,
    revision: i64,
) -> Result<bool, StoreError> {
    use module::Column as Of;
    let result = module::Entity::update_many()
        .col_expr(Of::Name, Expr::value(&*module.name))
        .col_expr(Of::NameFold, Expr::value(fold(&module.name)))
        .col_expr(Of::Description, Expr::value(&*module.description))
        .col_expr(Of::AccountTypes, Expr::value(types_text(module)))
        .col_expr(Of::IsDefault, Expr::value(module.settings.default))
        .col_expr(
            Of::IsConfigurable,
            Expr::value(module.settings.configurable),
        )
        .col_expr(Of::IsPaid, Expr::value(module.settings.paid))
        .col_expr(Of::Revision, Expr::value(revision + 1))
        .filter(Of::Id.eq(module.id.to_string()))
        .filter(Of::Revision.eq(revision))
        .exec(conn)
        .await?;
    Ok(result.rows_affected == 1)
}

/// Retires a module at this moment, or brings it back, and raises its revision.
pub(crate) async fn update_retired(
    conn: &impl ConnectionTrait,
    module: ModuleId,
    retired: Option<Timestamp>,
) -> Result<(), StoreError> {
    use module::Column as Of;
    module::Entity::update_many()
        .col_expr(Of::RetiredAt, Expr::value(retired.map(|at| at.0)))
        .col_expr(Of::Revision, Expr::col(Of::Revision).add(1))
        .filter(Of::Id.eq(module.to_string()))
        .exec(conn)
        .await?;
    Ok(())
}
