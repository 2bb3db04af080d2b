//! Users as they are administered: a page of them, what each has, and changes.

use super::{
    StoreError,
    directory::{by_id, holds, page},
    id,
    sessions::alive,
    users::{RawUser, UserRow, columns},
};
use crate::entity::{account, api_token, invitation, session, user};
use app::domain::{
    account::AccountId,
    page::{Page, PageRequest},
    text::fold,
    time::Timestamp,
    user::{Role, TOKENS_COUNTED, UserId, UserStatus},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// A page of the people of an account, or of all, by name.
pub(crate) async fn list_page(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    search: &str,
    asked: PageRequest,
) -> Result<Page<UserRow>, StoreError> {
    use user::Column as Of;
    let column = |column| (user::Entity, column);
    let found = holds(
        search,
        [column(Of::NameFold), column(Of::EmailKey)],
        column(Of::Id),
    );
    let mut select = columns(user::Entity::find().select_only()).filter(found);
    if let Some(account) = account {
        select = select.filter(Of::AccountId.eq(account.to_string()));
    }
    let select = select
        .order_by_asc(Of::NameFold)
        .order_by_asc(account::Column::NameFold)
        .order_by_asc(Of::Id);
    let found = page::<_, RawUser>(conn, select, Of::Id, asked).await?;
    found.try_map(UserRow::try_from)
}

/// In how many places each of these people is signed in, of those sign-ins that were begun and used after these moments.
pub(crate) async fn count_sign_ins(
    conn: &impl ConnectionTrait,
    users: &[UserId],
    (begun, used): (Timestamp, Timestamp),
) -> Result<HashMap<UserId, u64>, StoreError> {
    let key = Expr::col((session::Entity, session::Column::Handle));
    let select = session::Entity::find()
        .select_only()
        .column(session::Column::UserId)
        .column_as(key.count(), "n")
        .filter(session::Column::UserId.is_in(users.iter().map(UserId::to_string)))
        .filter(alive(begun, used))
        .group_by(session::Column::UserId);
    by_id(select.into_tuple().all(conn).await?, |text| {
        id("a user's id", text)
    })
}

/// How many tokens a person made that are not deleted, as far as [`TOKENS_COUNTED`] and one more.
pub(crate) async fn count_tokens(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<u64, StoreError> {
    let some = api_token::Entity::find()
        .select_only()
        .column(api_token::Column::Id)
        .filter(api_token::Column::CreatedBy.eq(user.to_string()))
        .filter(api_token::Column::Alive.eq(true))
        .limit(TOKENS_COUNTED + 1);
    let found: Vec<String> = some.into_tuple().all(conn).await?;
    Ok(found.len() as u64)
}

/// How many Administrators of an account may sign in, other than this person. Whoever was invited and has not come yet does
/// not count.
pub(crate) async fn count_other_administrators(
    conn: &impl ConnectionTrait,
    account: AccountId,
    user: UserId,
) -> Result<u64, StoreError> {
    use user::Column as Of;
    let invited = invitation::Entity::find()
        .select_only()
        .column(invitation::Column::UserId);
    let select = user::Entity::find()
        .filter(Of::Role.eq(Role::Administrator.as_str()))
        .filter(Of::Status.eq(UserStatus::Active.as_str()))
        .filter(Of::AccountId.eq(account.to_string()))
        .filter(Of::Id.ne(user.to_string()))
        .filter(Of::Id.not_in_subquery(invited.into_query()));
    super::listing::count(conn, select, Of::Id).await
}

/// What an edit makes of a person.
pub(crate) struct UserChange<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub email_key: &'a str,
    pub role: Role,
}

/// Changes a person who still has this revision, and raises it; his tokens are sorted under his name. Says whether he had.
pub(crate) async fn update_user(
    conn: &impl ConnectionTrait,
    user: UserId,
    revision: i64,
    change: &UserChange<'_>,
) -> Result<bool, StoreError> {
    use user::Column as Of;
    let result = user::Entity::update_many()
        .col_expr(Of::Name, Expr::value(change.name))
        .col_expr(Of::NameFold, Expr::value(fold(change.name)))
        .col_expr(Of::Email, Expr::value(change.email))
        .col_expr(Of::EmailKey, Expr::value(change.email_key))
        .col_expr(Of::Role, Expr::value(change.role.as_str()))
        .col_expr(Of::Revision, Expr::value(revision + 1))
        .filter(Of::Id.eq(user.to_string()))
        .filter(Of::Revision.eq(revision))
        .exec(conn)
        .await?;
    if result.rows_affected == 1 {
        super::token_writes::rename_maker(conn, &user.to_string(), change.name).await?;
    }
    Ok(result.rows_affected == 1)
}

/// Ends every sign-in of an account's people.
pub(crate) async fn delete_sign_ins_of_account(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<u64, StoreError> {
    let people = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::AccountId.eq(account.to_string()));
    let result = session::Entity::delete_many()
        .filter(session::Column::UserId.in_subquery(people.into_query()))
        .exec(conn)
        .await?;
    Ok(result.rows_affected)
}
