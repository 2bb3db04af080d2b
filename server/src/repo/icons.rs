//! Pictures of tokens and accounts, each under the hash of its bytes.

use super::StoreError;
use crate::entity::{account, api_token, icon, user};
use app::domain::{account::AccountId, icon::IconId, time::Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};

/// Keeps a picture. One that is there already stays, and counts as this person's from now on.
pub(crate) async fn insert_icon(
    conn: &impl ConnectionTrait,
    id: &IconId,
    png: Vec<u8>,
    at: Timestamp,
    by: &str,
) -> Result<(), StoreError> {
    let row = icon::ActiveModel {
        id: Set(id.to_string()),
        png: Set(png),
        uploaded_at: Set(at.0),
        uploaded_by: Set(by.to_owned()),
    };
    let mut keep = OnConflict::column(icon::Column::Id);
    keep.update_columns([icon::Column::UploadedAt, icon::Column::UploadedBy]);
    icon::Entity::insert(row)
        .on_conflict(keep)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Whether a picture with this name is kept that this person or somebody of this account sent, or that the account or a
/// token of it shows: others do not exist for him.
pub(crate) async fn has_icon(
    conn: &impl ConnectionTrait,
    icon: &IconId,
    by: &str,
    account: AccountId,
) -> Result<bool, StoreError> {
    let mut shown = Query::select();
    shown
        .expr(Expr::val(1))
        .from(api_token::Entity)
        .and_where(Expr::col(api_token::Column::IconId).eq(icon.to_string()))
        .and_where(Expr::col(api_token::Column::AccountId).eq(account.to_string()));
    let mut logo = Query::select();
    logo.expr(Expr::val(1))
        .from(account::Entity)
        .and_where(Expr::col(account::Column::IconId).eq(icon.to_string()))
        .and_where(Expr::col(account::Column::Id).eq(account.to_string()));
    let colleagues = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::AccountId.eq(account.to_string()));
    let known = Condition::any()
        .add(icon::Column::UploadedBy.eq(by))
        .add(icon::Column::UploadedBy.in_subquery(colleagues.into_query()))
        .add(Expr::exists(shown))
        .add(Expr::exists(logo));
    let select = icon::Entity::find_by_id(icon.to_string())
        .select_only()
        .column(icon::Column::Id)
        .filter(known);
    Ok(select.into_tuple::<String>().one(conn).await?.is_some())
}

/// A picture's bytes.
pub(crate) async fn find_icon(
    conn: &impl ConnectionTrait,
    id: &IconId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = icon::Entity::find_by_id(id.to_string()).one(conn).await?;
    Ok(row.map(|row| row.png))
}

/// How many pictures of this person nothing shows.
pub(crate) async fn count_unused(conn: &impl ConnectionTrait, by: &str) -> Result<u64, StoreError> {
    let select = icon::Entity::find()
        .select_only()
        .column_as(Expr::col((icon::Entity, icon::Column::Id)).count(), "n")
        .filter(icon::Column::UploadedBy.eq(by))
        .filter(unused());
    let counted: Option<i64> = select.into_tuple().one(conn).await?;
    Ok(counted
        .and_then(|count| u64::try_from(count).ok())
        .unwrap_or(0))
}

/// Drops the pictures that nothing shows and that nobody sent since a moment.
pub(crate) async fn delete_unused_before(
    conn: &impl ConnectionTrait,
    moment: Timestamp,
) -> Result<(), StoreError> {
    icon::Entity::delete_many()
        .filter(icon::Column::UploadedAt.lt(moment.0))
        .filter(unused())
        .exec(conn)
        .await?;
    Ok(())
}

/// That no token, deleted ones included, and no account shows the picture.
fn unused() -> Condition {
    let mut shown = Query::select();
    shown.expr(Expr::val(1)).from(api_token::Entity).and_where(
        Expr::col((api_token::Entity, api_token::Column::IconId))
            .equals((icon::Entity, icon::Column::Id)),
    );
    let mut logo = Query::select();
    logo.expr(Expr::val(1)).from(account::Entity).and_where(
        Expr::col((account::Entity, account::Column::IconId))
            .equals((icon::Entity, icon::Column::Id)),
    );
    Condition::all()
        .add(Expr::exists(shown).not())
        .add(Expr::exists(logo).not())
}
