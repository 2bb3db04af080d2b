//! Kinds of events: Latchkey's own from the start, others as soon as a record names them. Each account may call them what
//! it likes; what Operations call them, everybody does who says nothing else.

use super::{
    ConsoleService, Doer, ServiceError,
    audit::{Entry, Object},
    authz,
    draw::draw,
    passwords::field,
};
use crate::repo::{self, WriteTx};
use app::{
    domain::{
        account::AccountId,
        audit::{Change, Event},
        event_type::{EventType, EventTypeEdit, EventTypeId},
        listing::{ListQuery, Listing, Stretch},
        validate,
    },
    error::ApiError,
    port::Actor,
};
use std::collections::HashSet;

/// So many kinds of events an account may record: each is a row for ever.
const MOST: u64 = 200;

impl ConsoleService {
    pub(super) async fn event_types_matching(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<EventType>, ServiceError> {
        let scope = authz::audit_scope(actor)?;
        let _place = self.list_place(actor).await;
        Ok(repo::event_types::list_matching(self.db.list(), scope, query, stretch).await?)
    }

    pub(super) async fn event_type(
        &self,
        actor: &Actor,
        id: EventTypeId,
    ) -> Result<EventType, ServiceError> {
        let scope = authz::audit_scope(actor)?;
        let found = repo::event_types::find_event_type(self.db.read(), scope, id).await?;
        Ok(found.ok_or_else(ApiError::not_found)?)
    }

    /// Names a kind of event: for the actor's account, or for all when he acts for all.
    pub(super) async fn rename_event_type(
        &self,
        actor: &Actor,
        id: EventTypeId,
        edit: &EventTypeEdit,
    ) -> Result<EventType, ServiceError> {
        let edit = checked(edit)?;
        let (tx, actor) = self.begin_write_as(actor).await?;
        let actor = &actor;
        let scope = authz::audit_scope(actor)?;
        let found = repo::event_types::find_event_type(&tx, scope, id).await?;
        let old = found.ok_or_else(ApiError::not_found)?;
        let new = EventType {
            name: edit.name.clone().unwrap_or_else(|| old.name.clone()),
            description: edit
                .description
                .clone()
                .unwrap_or_else(|| old.description.clone()),
            ..old.clone()
        };
        if new == old {
            return Ok(old);
        }
        repo::event_types::update_event_type(&tx, scope.account, id, &edit).await?;
        let entry = Entry {
            event: Event::EventTypeUpdated,
            object: Object {
                kind: "EventType",
                id: id.to_string(),
                name: &new.name,
                revision: None,
            },
            account: scope.account,
            refused: None,
            summary: format!("Events {} are now called \"{}\"", new.key, new.name),
            changes: changes(&old, &new),
        };
        self.record(&tx, &Doer::actor(actor), entry).await?;
        tx.commit().await?;
        Ok(new)
    }

    /// Makes the kinds of Latchkey's own events that are not there yet.
    pub(super) async fn seed_event_types(&self) -> Result<(), ServiceError> {
        let known: HashSet<_> = repo::event_types::list_keys(self.db.read())
            .await?
            .into_iter()
            .collect();
        let missing: Vec<_> = Event::ALL
            .into_iter()
            .filter(|event| !known.contains(event.key()))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let tx = self.db.begin_write().await?;
        for event in missing {
            self.add_event_type(&tx, event.key(), event.label()).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Sees to it that there is a kind of event with this key. An account that acts for itself may have so many.
    pub(crate) async fn know_event(
        &self,
        tx: &WriteTx,
        account: Option<AccountId>,
        key: &str,
    ) -> Result<(), ServiceError> {
        if let Some(account) = account {
            // Counted by account: what others recorded must not show in the answer.
            let (many, used) = repo::event_types::find_uses(tx, account, key).await?;
            if !used && many >= MOST {
                let message = format!(
                    "Your account has recorded {MOST} kinds of events, which is the most there may be. Use one of them."
                );
                return Err(ApiError::invalid(vec![field("event", &message)]).into());
            }
            if !used {
                repo::event_types::insert_use(tx, account, key).await?;
            }
        }
        if repo::event_types::has_key(tx, key).await? {
            return Ok(());
        }
        self.add_event_type(tx, key, key).await
    }

    async fn add_event_type(
        &self,
        tx: &WriteTx,
        key: &str,
        name: &str,
    ) -> Result<(), ServiceError> {
        let taken = |id| async move { repo::event_types::has_id(tx, id).await };
        let id = draw(
            &*self.env.random,
            EventTypeId::SPACE,
            EventTypeId::from_number,
            taken,
        )
        .await?;
        let new = EventType {
            id,
            key: key.to_owned(),
            name: name.to_owned(),
            description: String::new(),
        };
        Ok(repo::event_types::insert_event_type(tx, &new).await?)
    }
}

/// The edit in the form in which it is stored.
fn checked(edit: &EventTypeEdit) -> Result<EventTypeEdit, ApiError> {
    let mut errors = Vec::new();
    let mut take = |name: &str, checked: Option<Result<String, String>>| match checked? {
        Ok(text) if text.is_empty() => {
            errors.push(field(
                name,
                "This cannot be empty. Leave it out to keep what is there.",
            ));
            None
        }
        Ok(text) => Some(text),
        Err(message) => {
            errors.push(field(name, &message));
            None
        }
    };
    let name = edit
        .name
        .as_ref()
        .map(|text| validate::name("The name", text));
    let description = edit
        .description
        .as_ref()
        .map(|text| validate::description(text));
    let edit = EventTypeEdit {
        name: take("name", name),
        description: take("description", description),
    };
    if errors.is_empty() {
        Ok(edit)
    } else {
        Err(ApiError::invalid(errors))
    }
}

fn changes(old: &EventType, new: &EventType) -> Vec<Change> {
    let fields = [
        ("name", &old.name, &new.name),
        ("description", &old.description, &new.description),
    ];
    fields
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(field, before, after)| Change {
            field: field.to_owned(),
            before: Some(before.clone()),
            after: Some(after.clone()),
        })
        .collect()
}
