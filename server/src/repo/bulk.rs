//! Changes to several tokens at once, and how far each has come.

use super::{
    StoreError,
    directory::{holds, page},
    id, word,
};
use crate::entity::{bulk_change, module, user};
use app::domain::{
    account::AccountId,
    bulk::{BulkAction, BulkChange, BulkChangeId, BulkState},
    lifecycle::TokenAction,
    page::{Page, PageRequest},
    time::Timestamp,
    token::TokenId,
    user::{PersonRef, UserId},
};
use app::port::Origin;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A change as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct StoredBulk {
    /// What is told of it. Whether it may be stopped is for the rules to say.
    pub change: BulkChange,
    /// The account of whoever began it.
    pub account: AccountId,
    pub user: UserId,
    pub sign_in: Option<String>,
    pub origin: Origin,
    /// The last token that it has come to.
    pub reached: Option<TokenId>,
}

/// A change that begins.
pub(crate) struct NewBulk<'a> {
    pub id: BulkChangeId,
    pub account: AccountId,
    pub action: BulkAction,
    pub user: UserId,
    pub sign_in: Option<&'a str>,
    pub origin: &'a Origin,
    pub at: Timestamp,
    pub total: u64,
    /// Those of them that it leaves alone from the beginning.
    pub left_alone: u64,
}

/// From where a change was begun, as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptOrigin {
    ip: Option<IpAddr>,
    peer_ip: Option<IpAddr>,
    user_agent: Option<String>,
    request_id: String,
}

#[derive(FromQueryResult)]
struct RawBulk {
    #[sea_orm(nested)]
    change: bulk_change::Model,
    user_name: String,
    module_name: Option<String>,
}

impl TryFrom<RawBulk> for StoredBulk {
    type Error = StoreError;

    fn try_from(raw: RawBulk) -> Result<Self, StoreError> {
        let RawBulk {
            change,
            user_name,
            module_name,
        } = raw;
        let KeptOrigin {
            ip,
            peer_ip,
            user_agent,
            request_id,
        } = serde_json::from_str(&change.origin).map_err(|_| StoreError::Corrupt {
            what: "where a change came from",
            value: change.origin.clone(),
        })?;
        Ok(Self {
            account: id("an account's id", &change.account_id)?,
            user: id("a user's id", &change.created_by)?,
            reached: change.reached.parse().ok(),
            origin: Origin {
                ip,
                peer_ip,
                user_agent,
                request_id,
            },
            change: BulkChange {
                id: id("a change's id", &change.id)?,
                action: action(&change)?,
                module: module_name.unwrap_or_default(),
                by: PersonRef {
                    id: change.created_by,
                    name: user_name,
                },
                created_at: Timestamp(change.created_at),
                ended_at: change.ended_at.map(Timestamp),
                state: word("a change's state", &change.state)?,
                stopped: change.stopped,
                total: number(change.total),
                changed: number(change.changed),
                left_alone: number(change.left_alone),
                may_stop: false,
                waits_for: None,
            },
            sign_in: change.sign_in,
        })
    }
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn number(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

const GIVE: &str = "Give";
const TAKE: &str = "Take";

fn action(change: &bulk_change::Model) -> Result<BulkAction, StoreError> {
    let corrupt = || StoreError::Corrupt {
        what: "what a change does",
        value: change.action.clone(),
    };
    let module = change.module_id.as_deref();
    let module = module
        .map(|text| id("a module's id", text))
        .transpose()?
        .ok_or_else(corrupt);
    match change.action.as_str() {
        GIVE => module.map(BulkAction::Give),
        TAKE => module.map(BulkAction::Take),
        step => {
            let mut all = TokenAction::ALL.into_iter();
            let action = all.find(|action| action.label() == step);
            action.map(BulkAction::Step).ok_or_else(corrupt)
        }
    }
}

const fn action_word(action: BulkAction) -> &'static str {
    match action {
        BulkAction::Step(step) => step.label(),
        BulkAction::Give(_) => GIVE,
        BulkAction::Take(_) => TAKE,
    }
}

fn changes() -> Select<bulk_change::Entity> {
    let by = bulk_change::Entity::belongs_to(user::Entity)
        .from(bulk_change::Column::CreatedBy)
        .to(user::Column::Id);
    let about = bulk_change::Entity::belongs_to(module::Entity)
        .from(bulk_change::Column::ModuleId)
        .to(module::Column::Id);
    bulk_change::Entity::find()
        .join(JoinType::InnerJoin, by.into())
        .join(JoinType::LeftJoin, about.into())
        .column_as(user::Column::Name, "user_name")
        .column_as(module::Column::Name, "module_name")
}

/// Keeps a change that begins.
pub(crate) async fn insert_change(
    conn: &impl ConnectionTrait,
    new: NewBulk<'_>,
) -> Result<(), StoreError> {
    let origin = KeptOrigin {
        ip: new.origin.ip,
        peer_ip: new.origin.peer_ip,
        user_agent: new.origin.user_agent.clone(),
        request_id: new.origin.request_id.clone(),
    };
    let origin = serde_json::to_string(&origin).map_err(|_| StoreError::Corrupt {
        what: "where a change comes from",
        value: origin.request_id,
    })?;
    let row = bulk_change::ActiveModel {
        id: Set(new.id.to_string()),
        account_id: Set(new.account.to_string()),
        action: Set(action_word(new.action).to_owned()),
        module_id: Set(new.action.module().map(|module| module.to_string())),
        created_by: Set(new.user.to_string()),
        sign_in: Set(new.sign_in.map(str::to_owned)),
        origin: Set(origin),
        created_at: Set(new.at.0),
        state: Set(BulkState::Running.as_str().to_owned()),
        ended_at: Set(None),
        stopped: Set(String::new()),
        total: Set(count(new.total)),
        changed: Set(0),
        left_alone: Set(count(new.left_alone)),
        reached: Set(String::new()),
    };
    bulk_change::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Whether a change has this id.
pub(crate) async fn exists(
    conn: &impl ConnectionTrait,
    id: BulkChangeId,
) -> Result<bool, StoreError> {
    let found = bulk_change::Entity::find_by_id(id.to_string());
    Ok(found.one(conn).await?.is_some())
}

/// A change that exists for the people of this account, or for those who see all.
pub(crate) async fn find_change(
    conn: &impl ConnectionTrait,
    scope: Option<AccountId>,
    id: BulkChangeId,
) -> Result<Option<StoredBulk>, StoreError> {
    let found = within(changes(), scope).filter(bulk_change::Column::Id.eq(id.to_string()));
    let found = found.into_model::<RawBulk>().one(conn).await?;
    found.map(StoredBulk::try_from).transpose()
}

fn within(
    select: Select<bulk_change::Entity>,
    scope: Option<AccountId>,
) -> Select<bulk_change::Entity> {
    match scope {
        Some(account) => select.filter(bulk_change::Column::AccountId.eq(account.to_string())),
        None => select,
    }
}

/// A page of the changes, the latest first. `search` is a part of the name of whoever began it, or of the id.
pub(crate) async fn list_page(
    conn: &impl ConnectionTrait,
    scope: Option<AccountId>,
    search: &str,
    asked: PageRequest,
) -> Result<Page<StoredBulk>, StoreError> {
    let found = holds(
        search,
        [(user::Entity, user::Column::NameFold)],
        (bulk_change::Entity, bulk_change::Column::Id),
    );
    let select = within(changes(), scope)
        .filter(found)
        .order_by_desc(bulk_change::Column::CreatedAt)
        .order_by_asc(bulk_change::Column::Id);
    let found = page::<_, RawBulk>(conn, select, bulk_change::Column::Id, asked).await?;
    found.try_map(StoredBulk::try_from)
}

/// The changes that go on, the earliest first, each with the account of whoever began it.
pub(crate) async fn list_running(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(BulkChangeId, AccountId)>, StoreError> {
    use bulk_change::Column as Of;
    let select = bulk_change::Entity::find()
        .select_only()
        .columns([Of::Id, Of::AccountId])
        .filter(Of::State.eq(BulkState::Running.as_str()))
        .order_by_asc(Of::CreatedAt)
        .order_by_asc(Of::Id);
    let found: Vec<(String, String)> = select.into_tuple().all(conn).await?;
    let found = found.into_iter();
    found
        .map(|(change, account)| {
            Ok((
                id("a change's id", &change)?,
                id("an account's id", &account)?,
            ))
        })
        .collect()
}

/// How far a change has come with some more tokens.
pub(crate) struct Progress {
    pub changed: u64,
    pub left_alone: u64,
    pub reached: TokenId,
}

/// Counts some more tokens of a change.
pub(crate) async fn add_progress(
    conn: &impl ConnectionTrait,
    change: BulkChangeId,
    progress: Progress,
) -> Result<(), StoreError> {
    use bulk_change::Column as Of;
    bulk_change::Entity::update_many()
        .col_expr(
            Of::Changed,
            Expr::col(Of::Changed).add(count(progress.changed)),
        )
        .col_expr(
            Of::LeftAlone,
            Expr::col(Of::LeftAlone).add(count(progress.left_alone)),
        )
        .col_expr(Of::Reached, Expr::value(progress.reached.to_string()))
        .filter(Of::Id.eq(change.to_string()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends a change that goes on, and says whether it did.
pub(crate) async fn end_change(
    conn: &impl ConnectionTrait,
    change: BulkChangeId,
    state: BulkState,
    at: Timestamp,
    why: &str,
) -> Result<bool, StoreError> {
    let ended = ending(state, at, why)
        .filter(bulk_change::Column::Id.eq(change.to_string()))
        .exec(conn)
        .await?;
    Ok(ended.rows_affected == 1)
}

fn ending(state: BulkState, at: Timestamp, why: &str) -> sea_orm::UpdateMany<bulk_change::Entity> {
    use bulk_change::Column as Of;
    bulk_change::Entity::update_many()
        .col_expr(Of::State, Expr::value(state.as_str()))
        .col_expr(Of::EndedAt, Expr::value(at.0))
        .col_expr(Of::Stopped, Expr::value(why))
        .filter(Of::State.eq(BulkState::Running.as_str()))
}

/// A change that ended before this moment.
pub(crate) async fn find_ended_before(
    conn: &impl ConnectionTrait,
    before: Timestamp,
) -> Result<Option<BulkChangeId>, StoreError> {
    use bulk_change::Column as Of;
    let select = bulk_change::Entity::find()
        .select_only()
        .column(Of::Id)
        .filter(Of::State.ne(BulkState::Running.as_str()))
        .filter(Of::EndedAt.lt(before.0));
    let found: Option<String> = select.into_tuple().one(conn).await?;
    found.map(|text| id("a change's id", &text)).transpose()
}

/// Forgets a change that has no tokens any more.
pub(crate) async fn delete_change(
    conn: &impl ConnectionTrait,
    change: BulkChangeId,
) -> Result<(), StoreError> {
    bulk_change::Entity::delete_by_id(change.to_string())
        .exec(conn)
        .await?;
    Ok(())
}
