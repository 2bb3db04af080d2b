//! Kinds of events, under the name that an account gave them or under everybody's.

use super::{
    StoreError,
    audit_read::AuditScope,
    filter, id,
    listing::{ListError, count, ordered},
};
use crate::entity::{audit_record, event_type, event_type_label, event_type_use};
use app::domain::{
    account::AccountId,
    event_type::{EventType, EventTypeEdit, EventTypeId},
    listing::{ListQuery, Listing, Stretch},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait, IntoCondition, OnConflict, Query},
};

/// What keys of Latchkey's own events begin with; everybody knows these.
const OWN: &str = "platform.%";

#[derive(FromQueryResult)]
struct Raw {
    id: String,
    key: String,
    label: String,
    meaning: String,
}

impl TryFrom<Raw> for EventType {
    type Error = StoreError;

    fn try_from(raw: Raw) -> Result<Self, StoreError> {
        Ok(Self {
            id: id("the id of a kind of event", &raw.id)?,
            key: raw.key,
            name: raw.label,
            description: raw.meaning,
        })
    }
}

/// The kinds that exist for whoever asks: Latchkey's own, and those of which he sees a record.
fn scoped(scope: AuditScope) -> Select<event_type::Entity> {
    let account = scope.account.map(|account| account.to_string());
    let own = account.clone().unwrap_or_default();
    let label = event_type::Entity::belongs_to(event_type_label::Entity)
        .from(event_type::Column::Id)
        .to(event_type_label::Column::EventTypeId)
        .on_condition(move |_, _| {
            event_type_label::Column::AccountId
                .eq(own.clone())
                .into_condition()
        });
    let select = event_type::Entity::find().join(JoinType::LeftJoin, label.into());
    let Some(account) = scope.account else {
        return select;
    };
    let recorded = Query::select()
        .expr(Expr::val(1))
        .from(audit_record::Entity)
        .and_where(
            Expr::col((audit_record::Entity, audit_record::Column::Event))
                .equals((event_type::Entity, event_type::Column::Key)),
        )
        .and_where(filter::seen_by(account))
        .take();
    select.filter(
        Condition::any()
            .add(event_type::Column::Key.like(OWN))
            .add(Expr::exists(recorded)),
    )
}

fn shown(select: Select<event_type::Entity>) -> Select<event_type::Entity> {
    let name = filter::event_type_text(event_type_label::Column::Name, event_type::Column::Name);
    let description = filter::event_type_text(
        event_type_label::Column::Description,
        event_type::Column::Description,
    );
    select
        .select_only()
        .columns([event_type::Column::Id, event_type::Column::Key])
        .column_as(name, "label")
        .column_as(description, "meaning")
}

/// A stretch of the kinds of events that a program asks for, and how many there are in all.
pub(crate) async fn list_matching(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
    query: &ListQuery,
    stretch: Stretch,
) -> Result<Listing<EventType>, ListError> {
    let condition = filter::compile(filter::EVENT_TYPES, query.filter.as_ref())?;
    let orders = filter::orders(filter::EVENT_TYPES, &query.order)?;
    let select = scoped(scope).filter(condition);
    let total = count(conn, select.clone(), event_type::Column::Id).await?;
    let select = ordered(shown(select), orders, event_type::Column::Id)
        .limit(stretch.limit)
        .offset(stretch.offset);
    let found = select.into_model::<Raw>().all(conn).await?;
    let rows = found
        .into_iter()
        .map(EventType::try_from)
        .collect::<Result<_, _>>()?;
    Ok(Listing { rows, total })
}

/// The kind of event with this id, if it exists for whoever asks.
pub(crate) async fn find_event_type(
    conn: &impl ConnectionTrait,
    scope: AuditScope,
    id: EventTypeId,
) -> Result<Option<EventType>, StoreError> {
    let select = shown(scoped(scope)).filter(event_type::Column::Id.eq(id.to_string()));
    let found = select.into_model::<Raw>().one(conn).await?;
    found.map(EventType::try_from).transpose()
}

/// Whether there is a kind of event with this key.
pub(crate) async fn has_key(conn: &impl ConnectionTrait, key: &str) -> Result<bool, StoreError> {
    let select = event_type::Entity::find().filter(event_type::Column::Key.eq(key));
    Ok(select.one(conn).await?.is_some())
}

/// Whether there is a kind of event with this id.
pub(crate) async fn has_id(
    conn: &impl ConnectionTrait,
    id: EventTypeId,
) -> Result<bool, StoreError> {
    let found = event_type::Entity::find_by_id(id.to_string());
    Ok(found.one(conn).await?.is_some())
}

/// Every key there is.
pub(crate) async fn list_keys(conn: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let select = event_type::Entity::find()
        .select_only()
        .column(event_type::Column::Key);
    Ok(select.into_tuple().all(conn).await?)
}

/// How many kinds of events this account has recorded, and whether this one is among them.
pub(crate) async fn find_uses(
    conn: &impl ConnectionTrait,
    account: AccountId,
    key: &str,
) -> Result<(u64, bool), StoreError> {
    use event_type_use::{Column, Entity};
    let of_account = Entity::find().filter(Column::AccountId.eq(account.to_string()));
    let used = of_account
        .clone()
        .filter(Column::Key.eq(key))
        .one(conn)
        .await?;
    let many = count(conn, of_account, Column::Key).await?;
    Ok((many, used.is_some()))
}

/// Notes that this account has recorded this kind of event.
pub(crate) async fn insert_use(
    conn: &impl ConnectionTrait,
    account: AccountId,
    key: &str,
) -> Result<(), StoreError> {
    let row = event_type_use::ActiveModel {
        account_id: Set(account.to_string()),
        key: Set(key.to_owned()),
    };
    event_type_use::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Adds a kind of event.
pub(crate) async fn insert_event_type(
    conn: &impl ConnectionTrait,
    new: &EventType,
) -> Result<(), StoreError> {
    let row = event_type::ActiveModel {
        id: Set(new.id.to_string()),
        key: Set(new.key.clone()),
        name: Set(new.name.clone()),
        description: Set(new.description.clone()),
    };
    event_type::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Names a kind of event for everybody, or with an account for that one.
pub(crate) async fn update_event_type(
    conn: &impl ConnectionTrait,
    account: Option<AccountId>,
    id: EventTypeId,
    edit: &EventTypeEdit,
) -> Result<(), StoreError> {
    let Some(account) = account else {
        let mut update =
            event_type::Entity::update_many().filter(event_type::Column::Id.eq(id.to_string()));
        if let Some(name) = &edit.name {
            update = update.col_expr(event_type::Column::Name, Expr::value(name.clone()));
        }
        if let Some(description) = &edit.description {
            let value = Expr::value(description.clone());
            update = update.col_expr(event_type::Column::Description, value);
        }
        update.exec(conn).await?;
        return Ok(());
    };
    let row = event_type_label::ActiveModel {
        event_type_id: Set(id.to_string()),
        account_id: Set(account.to_string()),
        name: Set(edit.name.clone()),
        description: Set(edit.description.clone()),
    };
    let key = [
        event_type_label::Column::EventTypeId,
        event_type_label::Column::AccountId,
    ];
    let mut replace = OnConflict::columns(key);
    if edit.name.is_some() {
        replace.update_column(event_type_label::Column::Name);
    }
    if edit.description.is_some() {
        replace.update_column(event_type_label::Column::Description);
    }
    event_type_label::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}
