//! Saved views of lists, and which of them each person's list begins with.

use super::{StoreError, id, listing::count, word};
use crate::entity::{list_view, list_view_default, user};
use app::domain::{
    account::AccountId,
    text::fold,
    time::Timestamp,
    user::UserId,
    view::{ListName, ViewId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order,
    QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, IntoCondition, OnConflict},
};

/// The views that exist for a person: his own, and those shared with his account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ViewScope {
    pub user: UserId,
    pub account: AccountId,
}

/// A view as it is kept, and what it is to the person who asks.
#[derive(Debug, Clone)]
pub(crate) struct ViewRow {
    pub id: ViewId,
    pub list: ListName,
    pub owner: UserId,
    pub owner_name: String,
    pub name: String,
    pub query: String,
    pub shared: bool,
    pub revision: i64,
    /// When it was changed last, and by whom.
    pub updated: (Timestamp, String),
    /// Whether the asker's list begins with it.
    pub is_default: bool,
}

/// A row of `list_view` with its owner's name, under names that [`shown`] gives them.
#[derive(FromQueryResult)]
struct Raw {
    id: String,
    list: String,
    owner_id: String,
    owner_name: String,
    name: String,
    query: String,
    shared: bool,
    revision: i64,
    updated_at: i64,
    updated_by: String,
    chosen_by: Option<String>,
}

impl TryFrom<Raw> for ViewRow {
    type Error = StoreError;

    fn try_from(raw: Raw) -> Result<Self, StoreError> {
        Ok(Self {
            id: id("a view's id", &raw.id)?,
            list: word("a view's list", &raw.list)?,
            owner: id("a user's id", &raw.owner_id)?,
            owner_name: raw.owner_name,
            name: raw.name,
            query: raw.query,
            shared: raw.shared,
            revision: raw.revision,
            updated: (Timestamp(raw.updated_at), raw.updated_by),
            is_default: raw.chosen_by.is_some(),
        })
    }
}

/// The views in `scope`, as [`Raw`] has them.
fn shown(scope: ViewScope) -> Select<list_view::Entity> {
    let user = scope.user.to_string();
    let asker = user.clone();
    let owner = list_view::Entity::belongs_to(user::Entity)
        .from(list_view::Column::OwnerId)
        .to(user::Column::Id);
    let chosen = list_view::Entity::belongs_to(list_view_default::Entity)
        .from(list_view::Column::Id)
        .to(list_view_default::Column::ViewId)
        .on_condition(move |_, _| {
            list_view_default::Column::UserId
                .eq(asker.clone())
                .into_condition()
        });
    let shared = Condition::all()
        .add(list_view::Column::AccountId.eq(scope.account.to_string()))
        .add(list_view::Column::Shared.eq(true));
    let seen = Condition::any()
        .add(list_view::Column::OwnerId.eq(user))
        .add(shared);
    list_view::Entity::find()
        .join(JoinType::InnerJoin, owner.into())
        .join(JoinType::LeftJoin, chosen.into())
        .filter(seen)
        .column_as(user::Column::Name, "owner_name")
        .column_as(list_view_default::Column::UserId, "chosen_by")
}

async fn one(
    conn: &impl ConnectionTrait,
    select: Select<list_view::Entity>,
) -> Result<Option<ViewRow>, StoreError> {
    let found = select.into_model::<Raw>().one(conn).await?;
    found.map(ViewRow::try_from).transpose()
}

/// The views of a list in `scope`: the person's own, then the others, each by name.
pub(crate) async fn list_views(
    conn: &impl ConnectionTrait,
    scope: ViewScope,
    list: ListName,
) -> Result<Vec<ViewRow>, StoreError> {
    let own = list_view::Column::OwnerId.eq(scope.user.to_string());
    let select = shown(scope)
        .filter(list_view::Column::List.eq(list.as_str()))
        .order_by(own, Order::Desc)
        .order_by_asc(list_view::Column::NameFold)
        .order_by_asc(list_view::Column::Id);
    let found = select.into_model::<Raw>().all(conn).await?;
    found.into_iter().map(ViewRow::try_from).collect()
}

/// The view with this id, if it is in `scope`.
pub(crate) async fn find_view(
    conn: &impl ConnectionTrait,
    scope: ViewScope,
    id: ViewId,
) -> Result<Option<ViewRow>, StoreError> {
    let select = shown(scope).filter(list_view::Column::Id.eq(id.to_string()));
    one(conn, select).await
}

/// The view that the person's list begins with, if it is still in `scope`.
pub(crate) async fn find_default(
    conn: &impl ConnectionTrait,
    scope: ViewScope,
    list: ListName,
) -> Result<Option<ViewRow>, StoreError> {
    let select = shown(scope).filter(list_view_default::Column::List.eq(list.as_str()));
    one(conn, select).await
}

/// Whether there is a view with this id.
pub(crate) async fn has_id(conn: &impl ConnectionTrait, id: ViewId) -> Result<bool, StoreError> {
    let found = list_view::Entity::find_by_id(id.to_string());
    Ok(found.one(conn).await?.is_some())
}

/// Whether a person has a view of this list and name, in any case, other than `except`.
pub(crate) async fn has_name(
    conn: &impl ConnectionTrait,
    owner: UserId,
    list: ListName,
    name: &str,
    except: Option<ViewId>,
) -> Result<bool, StoreError> {
    let mut select = list_view::Entity::find()
        .filter(list_view::Column::OwnerId.eq(owner.to_string()))
        .filter(list_view::Column::List.eq(list.as_str()))
        .filter(list_view::Column::NameFold.eq(fold(name)));
    if let Some(except) = except {
        select = select.filter(list_view::Column::Id.ne(except.to_string()));
    }
    Ok(select.one(conn).await?.is_some())
}

/// How many views a person has.
pub(crate) async fn count_own(
    conn: &impl ConnectionTrait,
    owner: UserId,
) -> Result<u64, StoreError> {
    let select = list_view::Entity::find().filter(list_view::Column::OwnerId.eq(owner.to_string()));
    count(conn, select, list_view::Column::Id).await
}

/// How many views are shared in an account.
pub(crate) async fn count_shared(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<u64, StoreError> {
    let select = list_view::Entity::find()
        .filter(list_view::Column::AccountId.eq(account.to_string()))
        .filter(list_view::Column::Shared.eq(true));
    count(conn, select, list_view::Column::Id).await
}

/// What of a view can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ViewValues {
    pub name: String,
    pub query: String,
    pub shared: bool,
}

/// Adds a view of the person of `scope`, at revision 1.
pub(crate) async fn insert_view(
    conn: &impl ConnectionTrait,
    id: ViewId,
    scope: ViewScope,
    list: ListName,
    new: &ViewValues,
    at: Timestamp,
) -> Result<(), StoreError> {
    let owner = scope.user.to_string();
    let row = list_view::ActiveModel {
        id: Set(id.to_string()),
        account_id: Set(scope.account.to_string()),
        owner_id: Set(owner.clone()),
        list: Set(list.as_str().to_owned()),
        name: Set(new.name.clone()),
        name_fold: Set(fold(&new.name)),
        query: Set(new.query.clone()),
        shared: Set(new.shared),
        revision: Set(1),
        created_at: Set(at.0),
        updated_at: Set(at.0),
        updated_by: Set(owner),
    };
    list_view::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Changes a view, which is at `revision`.
pub(crate) async fn update_view(
    conn: &impl ConnectionTrait,
    id: ViewId,
    revision: i64,
    new: &ViewValues,
    (at, by): (Timestamp, UserId),
) -> Result<(), StoreError> {
    use list_view::Column;
    list_view::Entity::update_many()
        .col_expr(Column::Name, Expr::value(new.name.clone()))
        .col_expr(Column::NameFold, Expr::value(fold(&new.name)))
        .col_expr(Column::Query, Expr::value(new.query.clone()))
        .col_expr(Column::Shared, Expr::value(new.shared))
        .col_expr(Column::Revision, Expr::value(revision + 1))
        .col_expr(Column::UpdatedAt, Expr::value(at.0))
        .col_expr(Column::UpdatedBy, Expr::value(by.to_string()))
        .filter(Column::Id.eq(id.to_string()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes a view. Whoever's list began with it has none then.
pub(crate) async fn delete_view(conn: &impl ConnectionTrait, id: ViewId) -> Result<(), StoreError> {
    list_view::Entity::delete_by_id(id.to_string())
        .exec(conn)
        .await?;
    Ok(())
}

/// Makes a person's list begin with this view.
pub(crate) async fn update_default(
    conn: &impl ConnectionTrait,
    user: UserId,
    list: ListName,
    view: ViewId,
) -> Result<(), StoreError> {
    use list_view_default::Column;
    let row = list_view_default::ActiveModel {
        user_id: Set(user.to_string()),
        list: Set(list.as_str().to_owned()),
        view_id: Set(view.to_string()),
    };
    let mut replace = OnConflict::columns([Column::UserId, Column::List]);
    replace.update_column(Column::ViewId);
    list_view_default::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Makes a person's list begin with none.
pub(crate) async fn delete_default(
    conn: &impl ConnectionTrait,
    user: UserId,
    list: ListName,
) -> Result<(), StoreError> {
    let key = (user.to_string(), list.as_str().to_owned());
    list_view_default::Entity::delete_by_id(key)
        .exec(conn)
        .await?;
    Ok(())
}

/// Makes the list of everybody but `owner` that begins with this view begin with none.
pub(crate) async fn delete_other_defaults(
    conn: &impl ConnectionTrait,
    view: ViewId,
    owner: UserId,
) -> Result<(), StoreError> {
    list_view_default::Entity::delete_many()
        .filter(list_view_default::Column::ViewId.eq(view.to_string()))
        .filter(list_view_default::Column::UserId.ne(owner.to_string()))
        .exec(conn)
        .await?;
    Ok(())
}
