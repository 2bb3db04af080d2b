//! Sign-ins. A row is found by the hash of the cookie's value; the value itself is nowhere.

use super::{
    StoreError,
    users::{RawUser, UserRow, columns},
};
use crate::entity::{session, user};
use app::domain::{time::Timestamp, user::UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    JoinType, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

/// A sign-in as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct SessionRow {
    pub handle: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

#[derive(FromQueryResult)]
struct RawSession {
    handle: String,
    created_at: i64,
    last_seen_at: i64,
    ip: Option<String>,
    user_agent: Option<String>,
    #[sea_orm(nested)]
    user: RawUser,
}

fn from_model(model: session::Model) -> SessionRow {
    SessionRow {
        handle: model.handle,
        created_at: Timestamp(model.created_at),
        last_seen_at: Timestamp(model.last_seen_at),
        ip: model.ip,
        user_agent: model.user_agent,
    }
}

/// The sign-in with this hash and its user, in one query.
pub(crate) async fn find_session(
    conn: &impl ConnectionTrait,
    id_hash: [u8; 32],
) -> Result<Option<(SessionRow, UserRow)>, StoreError> {
    let relation = session::Entity::belongs_to(user::Entity)
        .from(session::Column::UserId)
        .to(user::Column::Id);
    let select = session::Entity::find()
        .select_only()
        .columns([
            session::Column::Handle,
            session::Column::CreatedAt,
            session::Column::LastSeenAt,
        ])
        .columns([session::Column::Ip, session::Column::UserAgent])
        .join(JoinType::InnerJoin, relation.into())
        .filter(session::Column::IdHash.eq(id_hash.to_vec()));
    let Some(raw) = columns(select).into_model::<RawSession>().one(conn).await? else {
        return Ok(None);
    };
    let session = SessionRow {
        handle: raw.handle,
        created_at: Timestamp(raw.created_at),
        last_seen_at: Timestamp(raw.last_seen_at),
        ip: raw.ip,
        user_agent: raw.user_agent,
    };
    Ok(Some((session, raw.user.try_into()?)))
}

/// A user's sign-ins, the latest first.
pub(crate) async fn list_sessions(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<SessionRow>, StoreError> {
    let select = session::Entity::find()
        .filter(session::Column::UserId.eq(user.to_string()))
        .order_by_desc(session::Column::CreatedAt)
        .order_by_asc(session::Column::Handle);
    Ok(select
        .all(conn)
        .await?
        .into_iter()
        .map(from_model)
        .collect())
}

/// A sign-in to add.
pub(crate) struct NewSessionRow {
    pub id_hash: [u8; 32],
    pub handle: String,
    pub user: UserId,
    pub at: Timestamp,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// Adds a sign-in. Fails when its hash is there already, and leaves that one alone.
pub(crate) async fn insert_session(
    conn: &impl ConnectionTrait,
    new: NewSessionRow,
) -> Result<(), StoreError> {
    let row = session::ActiveModel {
        id_hash: Set(new.id_hash.to_vec()),
        handle: Set(new.handle),
        user_id: Set(new.user.to_string()),
        created_at: Set(new.at.0),
        last_seen_at: Set(new.at.0),
        authenticated_at: Set(new.at.0),
        ip: Set(new.ip),
        user_agent: Set(new.user_agent),
    };
    session::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Notes that a sign-in was used.
pub(crate) async fn update_last_seen(
    conn: &impl ConnectionTrait,
    id_hash: [u8; 32],
    at: Timestamp,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(at.0))
        .filter(session::Column::IdHash.eq(id_hash.to_vec()))
        .filter(session::Column::LastSeenAt.lt(at.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// When the password was last entered in this sign-in of a user, while it lasts.
pub(crate) async fn find_authenticated_at(
    conn: &impl ConnectionTrait,
    user: UserId,
    handle: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let select = session::Entity::find()
        .select_only()
        .column(session::Column::AuthenticatedAt)
        .filter(session::Column::UserId.eq(user.to_string()))
        .filter(session::Column::Handle.eq(handle));
    let at: Option<i64> = select.into_tuple().one(conn).await?;
    Ok(at.map(Timestamp))
}

/// Notes that the password was entered in this sign-in of a user, and says whether there is one.
pub(crate) async fn update_authenticated_at(
    conn: &impl ConnectionTrait,
    user: UserId,
    handle: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let result = session::Entity::update_many()
        .col_expr(session::Column::AuthenticatedAt, Expr::value(at.0))
        .filter(session::Column::UserId.eq(user.to_string()))
        .filter(session::Column::Handle.eq(handle))
        .exec(conn)
        .await?;
    Ok(result.rows_affected == 1)
}

/// Ends these of a user's sign-ins and says how many there were.
pub(crate) async fn delete_sessions(
    conn: &impl ConnectionTrait,
    user: UserId,
    handles: &[String],
) -> Result<u64, StoreError> {
    if handles.is_empty() {
        return Ok(0);
    }
    let condition = session::Column::Handle.is_in(handles.iter().map(String::as_str));
    delete(
        conn,
        Condition::all()
            .add(session::Column::UserId.eq(user.to_string()))
            .add(condition),
    )
    .await
}

/// Ends all of a user's sign-ins and says how many there were.
pub(crate) async fn delete_all(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<u64, StoreError> {
    delete(
        conn,
        Condition::all().add(session::Column::UserId.eq(user.to_string())),
    )
    .await
}

/// Clears away sign-ins that began before one moment or were last used before the other.
pub(crate) async fn delete_expired(
    conn: &impl ConnectionTrait,
    begun: Timestamp,
    seen: Timestamp,
) -> Result<u64, StoreError> {
    let begun = session::Column::CreatedAt.lte(begun.0);
    delete(
        conn,
        Condition::any()
            .add(begun)
            .add(session::Column::LastSeenAt.lte(seen.0)),
    )
    .await
}

/// That a sign-in was begun and used after these moments.
pub(super) fn alive(begun: Timestamp, used: Timestamp) -> Condition {
    Condition::all()
        .add(session::Column::CreatedAt.gt(begun.0))
        .add(session::Column::LastSeenAt.gt(used.0))
}

async fn delete(conn: &impl ConnectionTrait, condition: Condition) -> Result<u64, StoreError> {
    Ok(session::Entity::delete_many()
        .filter(condition)
        .exec(conn)
        .await?
        .rows_affected)
}
