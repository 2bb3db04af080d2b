//! Users.

use super::{StoreError, accounts::account_ref, id, word};
use crate::entity::{account, api_token, user};
use app::domain::{
    account::AccountRef,
    id::TokenId,
    text::fold,
    time::Timestamp,
    user::{CurrentUser, Role, UserId, UserStatus},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// A user as he is kept, with his account.
#[derive(Clone)]
pub(crate) struct UserRow {
    pub user: CurrentUser,
    pub status: UserStatus,
    pub password_hash: Option<String>,
    pub created_at: Timestamp,
    pub revision: i64,
}

/// A row of `user` with its account, under names that [`columns`] gives them.
#[derive(FromQueryResult)]
pub(super) struct RawUser {
    user_id: String,
    user_name: String,
    email: String,
    role: String,
    status: String,
    password_hash: Option<String>,
    user_created_at: i64,
    user_revision: i64,
    account_id: String,
    account_name: String,
    account_kind: String,
    account_status: String,
    account_icon: Option<String>,
}

impl TryFrom<RawUser> for UserRow {
    type Error = StoreError;

    fn try_from(raw: RawUser) -> Result<Self, StoreError> {
        let account = account_ref(
            &raw.account_id,
            raw.account_name,
            &raw.account_kind,
            &raw.account_status,
            raw.account_icon.as_deref(),
        )?;
        let user = CurrentUser {
            id: id("a user's id", &raw.user_id)?,
            name: raw.user_name,
            email: raw.email,
            role: word("a user's role", &raw.role)?,
            account,
        };
        let status = word("a user's status", &raw.status)?;
        let created_at = Timestamp(raw.user_created_at);
        Ok(Self {
            user,
            status,
            password_hash: raw.password_hash,
            created_at,
            revision: raw.user_revision,
        })
    }
}

/// `select`, which has joined `user`, with the account joined and the columns of [`RawUser`].
pub(super) fn columns<E: EntityTrait>(select: Select<E>) -> Select<E> {
    let account = user::Entity::belongs_to(account::Entity)
        .from(user::Column::AccountId)
        .to(account::Column::Id);
    select
        .join(JoinType::InnerJoin, account.into())
        .column_as(user::Column::Id, "user_id")
        .column_as(user::Column::Name, "user_name")
        .column_as(user::Column::CreatedAt, "user_created_at")
        .column_as(user::Column::Revision, "user_revision")
        .columns([
            user::Column::Email,
            user::Column::Role,
            user::Column::Status,
            user::Column::PasswordHash,
        ])
        .columns([user::Column::AccountId])
        .column_as(account::Column::Name, "account_name")
        .column_as(account::Column::Kind, "account_kind")
        .column_as(account::Column::Status, "account_status")
        .column_as(account::Column::IconId, "account_icon")
}

async fn one(
    conn: &impl ConnectionTrait,
    condition: Condition,
) -> Result<Option<UserRow>, StoreError> {
    let select = columns(user::Entity::find().select_only()).filter(condition);
    select
        .into_model::<RawUser>()
        .one(conn)
        .await?
        .map(UserRow::try_from)
        .transpose()
}

/// The user with this address, in its canonical form.
pub(crate) async fn find_by_email(
    conn: &impl ConnectionTrait,
    key: &str,
) -> Result<Option<UserRow>, StoreError> {
    one(conn, Condition::all().add(user::Column::EmailKey.eq(key))).await
}

/// The user with this id.
pub(crate) async fn find_user(
    conn: &impl ConnectionTrait,
    id: UserId,
) -> Result<Option<UserRow>, StoreError> {
    one(
        conn,
        Condition::all().add(user::Column::Id.eq(id.to_string())),
    )
    .await
}

/// Every user, by account and name.
pub(crate) async fn list_users(conn: &impl ConnectionTrait) -> Result<Vec<UserRow>, StoreError> {
    let select = columns(user::Entity::find().select_only())
        .order_by_asc(account::Column::NameFold)
        .order_by_asc(account::Column::Id)
        .order_by_asc(user::Column::NameFold)
        .order_by_asc(user::Column::Id);
    select
        .into_model::<RawUser>()
        .all(conn)
        .await?
        .into_iter()
        .map(UserRow::try_from)
        .collect()
}

/// The names of those of these ids that are users or tokens.
pub(crate) async fn list_names(
    conn: &impl ConnectionTrait,
    ids: Vec<String>,
) -> Result<HashMap<String, String>, StoreError> {
    let (tokens, users): (Vec<_>, Vec<_>) = ids
        .into_iter()
        .partition(|id| id.parse::<TokenId>().is_ok());
    let mut names = HashMap::new();
    if !users.is_empty() {
        let select = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::Name])
            .filter(user::Column::Id.is_in(users));
        names.extend(select.into_tuple::<(String, String)>().all(conn).await?);
    }
    if !tokens.is_empty() {
        let select = api_token::Entity::find()
            .select_only()
            .columns([api_token::Column::Id, api_token::Column::Name])
            .filter(api_token::Column::Id.is_in(tokens));
        names.extend(select.into_tuple::<(String, String)>().all(conn).await?);
    }
    Ok(names)
}

async fn count(conn: &impl ConnectionTrait, condition: Condition) -> Result<i64, StoreError> {
    let id = Expr::col((user::Entity, user::Column::Id));
    let select = user::Entity::find()
        .select_only()
        .column_as(id.count(), "n")
        .filter(condition);
    Ok(select.into_tuple().one(conn).await?.unwrap_or(0))
}

fn administrators() -> Condition {
    Condition::all().add(user::Column::Role.eq(Role::Administrator.as_str()))
}

/// Whether any account has an Administrator, disabled or not.
pub(crate) async fn has_administrator(conn: &impl ConnectionTrait) -> Result<bool, StoreError> {
    Ok(count(conn, administrators()).await? > 0)
}

/// A user to add.
pub(crate) struct NewUserRow<'a> {
    pub id: UserId,
    pub account: &'a AccountRef,
    pub name: &'a str,
    pub email: &'a str,
    pub email_key: &'a str,
    pub role: Role,
    pub password_hash: Option<String>,
    pub at: Timestamp,
}

/// Adds a user who may sign in.
pub(crate) async fn insert_user(
    conn: &impl ConnectionTrait,
    new: NewUserRow<'_>,
) -> Result<(), StoreError> {
    let row = user::ActiveModel {
        id: Set(new.id.to_string()),
        account_id: Set(new.account.id.to_string()),
        name: Set(new.name.to_owned()),
        name_fold: Set(fold(new.name)),
        email: Set(new.email.to_owned()),
        email_key: Set(new.email_key.to_owned()),
        role: Set(new.role.as_str().to_owned()),
        status: Set(UserStatus::Active.as_str().to_owned()),
        password_hash: Set(new.password_hash),
        created_at: Set(new.at.0),
        revision: Set(1),
    };
    user::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Gives a user another password.
pub(crate) async fn update_password(
    conn: &impl ConnectionTrait,
    id: UserId,
    hash: &str,
) -> Result<(), StoreError> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .filter(user::Column::Id.eq(id.to_string()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Lets a user sign in, or no longer, and raises his revision.
pub(crate) async fn update_status(
    conn: &impl ConnectionTrait,
    id: UserId,
    status: UserStatus,
) -> Result<(), StoreError> {
    use user::Column as Of;
    user::Entity::update_many()
        .col_expr(Of::Status, Expr::value(status.as_str()))
        .col_expr(Of::Revision, Expr::col(Of::Revision).add(1))
        .filter(Of::Id.eq(id.to_string()))
        .exec(conn)
        .await?;
    Ok(())
}
