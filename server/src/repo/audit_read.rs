//! Reading the audit trail: a page of it, one line, and which ids the words of a filter mean.
//!
//! Every question goes along an index that ends in `seq`, so that a page takes no longer in a long trail than in a
//! short one.

use super::{
    StoreError,
    audit::{AuditRow, from_model},
    filter,
};
use crate::entity::{account, api_token, audit_record, audit_viewer, module, user};
use app::domain::{
    account::{AccountId, AccountType},
    audit::{AuditCursor, AuditId},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Query, SelectStatement, UnionType},
};

/// How many things of a kind a name can mean at most.
const NAMED: u64 = 200;
/// Ids that are asked for in one statement. SQLite joins at most 500 questions.
const TOGETHER: usize = 50;
/// The word for lines of somebody unknown.
const ANONYMOUS: &str = "anonymous";

/// Which lines there are for whoever asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AuditScope {
    /// Only those of this account; `None` for every line.
    pub account: Option<AccountId>,
}

/// Which lines are wanted. `None` is no condition; an empty list is one that no line meets.
#[derive(Debug, Clone)]
pub(crate) struct AuditFilter {
    /// Those there are for whoever asks.
    pub scope: AuditScope,
    /// Whether records that concern other accounts name the asker's as one that sees them.
    pub named: bool,
    /// Of these objects.
    pub objects: Option<Vec<String>>,
    /// Done by these persons; an empty id is Latchkey itself.
    pub actors: Option<Vec<String>>,
    /// This event.
    pub event: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl AuditFilter {
    /// The conditions of which a line meets one. Each names at most one id of the kind whose index it goes along,
    /// since an index yields its lines in order for a single id only.
    fn branches(&self) -> Vec<Condition> {
        use audit_record::Column as Line;
        let Some(account) = self.scope.account else {
            return self.branches_within(Condition::all());
        };
        let public = Condition::all().add(Line::Visibility.is_null());
        let own = public.clone().add(Line::AccountId.eq(account.to_string()));
        let mut branches = self.branches_within(own);
        if self.named {
            let named = audit_viewer::Entity::find()
                .select_only()
                .column(audit_viewer::Column::Seq)
                .filter(audit_viewer::Column::AccountId.eq(account.to_string()));
            let named = public.add(Line::Seq.in_subquery(named.into_query()));
            branches.extend(self.branches_within(named));
        }
        branches
    }

    fn branches_within(&self, scope: Condition) -> Vec<Condition> {
        use audit_record::Column as Line;
        let common = scope
            .add_option(self.event.as_ref().map(|event| Line::Event.eq(event)))
            .add_option(self.from.map(|from| Line::At.gte(from.0)))
            .add_option(self.until.map(|until| Line::At.lt(until.0)));
        // Lines of nobody who is known have no actor's id either, and are not Latchkey's.
        let known = common.clone().add(Line::ActorKind.ne(ANONYMOUS));
        match (&self.objects, &self.actors) {
            (None, None) => vec![common],
            (None, Some(actors)) => each(actors, |id| known.clone().add(Line::ActorId.eq(id))),
            (Some(objects), None) => each(objects, |id| common.clone().add(Line::ObjectId.eq(id))),
            (Some(objects), Some(actors)) => {
                let known = known.add(Line::ActorId.is_in(actors));
                each(objects, |id| known.clone().add(Line::ObjectId.eq(id)))
            }
        }
    }
}

fn each(ids: &[String], condition: impl Fn(&str) -> Condition) -> Vec<Condition> {
    ids.iter().map(|id| condition(id)).collect()
}

/// At most `limit` lines, from the cursor's place outwards: newest first, but oldest first after a place.
pub(crate) async fn list_records(
    conn: &impl ConnectionTrait,
    filter: &AuditFilter,
    cursor: AuditCursor,
    limit: u64,
) -> Result<Vec<AuditRow>, StoreError> {
    let branches = filter.branches();
    if let [only] = branches.as_slice() {
        return rows(conn, stretch(only.clone(), cursor, limit)).await;
    }
    let mut places = Vec::new();
    for some in branches.chunks(TOGETHER) {
        if let Some(places_of) = union(some, cursor, limit) {
            for row in conn.query_all(&places_of).await? {
                places.push(row.try_get_by_index::<i64>(0)?);
            }
        }
    }
    if is_forwards(cursor) {
        places.sort_unstable();
    } else {
        places.sort_unstable_by(|one, other| other.cmp(one));
    }
    places.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let listed = Condition::all().add(audit_record::Column::Seq.is_in(places));
    rows(conn, stretch(listed, cursor, limit)).await
}

/// Whether records that concern other accounts name this one as one that sees them.
pub(crate) async fn is_named(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
) -> Result<bool, StoreError> {
    let Some(account) = scope.account else {
        return Ok(false);
    };
    let select = audit_viewer::Entity::find()
        .filter(audit_viewer::Column::AccountId.eq(account.to_string()))
        .limit(1);
    Ok(select.one(conn).await?.is_some())
}

/// The line with this id, if it exists for whoever asks.
pub(crate) async fn find_record(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
    id: AuditId,
) -> Result<Option<AuditRow>, StoreError> {
    let condition = Condition::all()
        .add(audit_record::Column::Id.eq(id.to_string()))
        .add_option(scope.account.map(filter::seen_by));
    let found = audit_record::Entity::find().filter(condition);
    Ok(found.one(conn).await?.map(|model| from_model(model).0))
}

/// The lines of a person or program since a moment, the latest first. Numbers rise with time: what comes after the last line before the
/// moment is recent, and nothing else has to be looked at.
pub(super) async fn recent_lines(
    conn: &impl ConnectionTrait,
    actor: &str,
    since: Timestamp,
) -> Result<Select<audit_record::Entity>, StoreError> {
    use audit_record::Column as Line;
    let lines = audit_record::Entity::find()
        .select_only()
        .filter(Line::ActorId.eq(actor))
        .order_by_desc(Line::Seq);
    let before = lines
        .clone()
        .column(Line::Seq)
        .filter(Line::At.lte(since.0))
        .limit(1);
    let before: Option<i64> = before.into_tuple().one(conn).await?;
    Ok(lines.filter(Line::Seq.gt(before.unwrap_or(0))))
}

/// How many tries of a person or program were refused since a moment, counted up to `limit`.
pub(crate) async fn count_refused(
    conn: &impl ConnectionTrait,
    actor: &str,
    since: Timestamp,
    limit: u64,
) -> Result<u64, StoreError> {
    use audit_record::Column as Line;
    let refused = recent_lines(conn, actor, since)
        .await?
        .column(Line::Seq)
        .filter(Line::Outcome.ne("done"))
        .limit(limit);
    let lines: Vec<i64> = refused.into_tuple().all(conn).await?;
    Ok(lines.len() as u64)
}

async fn rows(
    conn: &impl ConnectionTrait,
    select: Select<audit_record::Entity>,
) -> Result<Vec<AuditRow>, StoreError> {
    let models = select.all(conn).await?;
    Ok(models
        .into_iter()
        .map(|model| from_model(model).0)
        .collect())
}

const fn is_forwards(cursor: AuditCursor) -> bool {
    matches!(cursor, AuditCursor::After(_))
}

/// Lines that meet `condition`, from the cursor's place outwards.
fn stretch(condition: Condition, cursor: AuditCursor, limit: u64) -> Select<audit_record::Entity> {
    use audit_record::Column as Line;
    let place = match cursor {
        AuditCursor::Newest => None,
        AuditCursor::Before(seq) => Some(Line::Seq.lt(seq)),
        AuditCursor::After(seq) => Some(Line::Seq.gt(seq)),
    };
    let order = if is_forwards(cursor) {
        Order::Asc
    } else {
        Order::Desc
    };
    audit_record::Entity::find()
        .filter(condition.add_option(place))
        .order_by(Line::Seq, order)
        .limit(limit)
}

/// The places of the same lines for each of these conditions. Each part stands in a question of its own, since SQLite
/// takes an order and a limit only there.
fn union(conditions: &[Condition], cursor: AuditCursor, limit: u64) -> Option<SelectStatement> {
    let part = |condition: &Condition| {
        let lines = stretch(condition.clone(), cursor, limit)
            .select_only()
            .column(audit_record::Column::Seq);
        Query::select()
            .column("seq")
            .from_subquery(lines.into_query(), Alias::new("part"))
            .take()
    };
    let parts = conditions.iter().map(part);
    parts.reduce(|mut all, part| all.union(UnionType::All, part).take())
}

/// The ids of tokens, users, accounts and modules whose name holds `text`. Somebody behind an account's wall finds
/// what is behind it only; modules stand outside every account.
pub(crate) async fn list_objects_named(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
    text: &str,
) -> Result<Vec<String>, StoreError> {
    let Some(holds) = filter::holds(text) else {
        return Ok(Vec::new());
    };
    let account = scope.account.map(|account| account.to_string());
    let within = |column: &dyn Fn(&str) -> sea_orm::sea_query::SimpleExpr| {
        Condition::all().add_option(account.as_deref().map(column))
    };
    let tokens = api_token::Entity::find()
        .filter(api_token::Column::NameFold.like(holds.clone()))
        .filter(within(&|id| api_token::Column::AccountId.eq(id)));
    let users = user::Entity::find()
        .filter(user::Column::NameFold.like(holds.clone()))
        .filter(within(&|id| user::Column::AccountId.eq(id)));
    let accounts = account::Entity::find()
        .filter(account::Column::NameFold.like(holds.clone()))
        .filter(within(&|id| account::Column::Id.eq(id)));
    let mut found = ids(conn, tokens, api_token::Column::Id).await?;
    found.extend(ids(conn, users, user::Column::Id).await?);
    found.extend(ids(conn, accounts, account::Column::Id).await?);
    if scope.account.is_none() {
        let modules = module::Entity::find().filter(module::Column::NameFold.like(holds));
        found.extend(ids(conn, modules, module::Column::Id).await?);
    }
    Ok(found)
}

/// The ids of users whose name or e-mail address holds `text`. Somebody behind an account's wall also finds Operations
/// people, who act in his account, but only by the name that his trail shows him.
pub(crate) async fn list_actors_named(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
    text: &str,
) -> Result<Vec<String>, StoreError> {
    let Some(holds) = filter::holds(text) else {
        return Ok(Vec::new());
    };
    let by_name = user::Column::NameFold.like(holds.clone());
    let by_either = Condition::any()
        .add(by_name.clone())
        .add(user::Column::EmailKey.like(holds));
    let Some(account) = scope.account else {
        return ids(
            conn,
            user::Entity::find().filter(by_either),
            user::Column::Id,
        )
        .await;
    };
    let own = by_either_within(by_either, user::Column::AccountId.eq(account.to_string()));
    let operations = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Kind.eq(AccountType::Operations.as_str()));
    let operators = Condition::all()
        .add(by_name)
        .add(user::Column::AccountId.in_subquery(operations.into_query()));
    let users = user::Entity::find().filter(Condition::any().add(own).add(operators));
    ids(conn, users, user::Column::Id).await
}

fn by_either_within(condition: Condition, within: sea_orm::sea_query::SimpleExpr) -> Condition {
    Condition::all().add(condition).add(within)
}

async fn ids<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    select: Select<E>,
    column: E::Column,
) -> Result<Vec<String>, StoreError> {
    let select = select
        .select_only()
        .column(column)
        .order_by_asc(column)
        .limit(NAMED);
    Ok(select.into_tuple().all(conn).await?)
}

#[cfg(test)]
mod tests;
