//! Saving the edit form of a token: what is valid, what somebody else changed meanwhile, what is written.

use super::{
    ConsoleService, ServiceError,
    audit::{Doer, Entry, Object},
    authz,
    refusals::Attempt,
    token_fields::{Bounds, Sent, Values, changes, checked},
    tokens::named,
};
use crate::repo::{self, WriteTx, audit::AuditRow, token_writes::TokenChange, tokens::TokenRow};
use app::{
    domain::{
        audit::{Change, Event},
        module::Module,
        secret::RevealPolicy,
        time::Timestamp,
        token::{EditOutcome, FieldConflict, Stamp, TokenEdit, TokenField, TokenId, TokenStatus},
        user::PersonRef,
    },
    error::ApiError,
    port::Actor,
};
use std::collections::BTreeMap;

/// What others did to a token since the form was opened.
enum Meanwhile {
    /// Nothing that stands in the way; the last change, if there was one.
    Clear(Option<Stamp>),
    /// Changes to fields in which the form now differs.
    Conflicts(Vec<FieldConflict>),
}

impl ConsoleService {
    /// Saves the form, or says what was changed meanwhile.
    pub(super) async fn save_token(
        &self,
        actor: &Actor,
        id: TokenId,
        edit: &TokenEdit,
    ) -> Result<EditOutcome, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let actor = &actor;
        repo::tokens::lock_token(&tx, id).await?;
        let row = living_token(&tx, actor, id).await?;
        self.save_row(tx, actor, row, edit).await
    }

    /// The same for a row that was read, and is locked, in this transaction.
    pub(super) async fn save_row(
        &self,
        tx: WriteTx,
        actor: &Actor,
        row: TokenRow,
        edit: &TokenEdit,
    ) -> Result<EditOutcome, ServiceError> {
        let id = row.id;
        if let Err(refusal) = authz::may_edit_token(actor, row.account.id) {
            let attempt = Attempt::on(&row, Event::TokenUpdated, "Updating");
            return Err(self.refuse(tx, actor, refusal, attempt).await?);
        }
        let held = repo::modules::list_of_token(&tx, id).await?;
        let offered = repo::modules::list_of_account(&tx, row.account.id).await?;
        let old = values_of(&row, &held);
        let (sent, bounds) = self
            .bounds(&tx, actor, &row, edit, [&held, &offered])
            .await?;
        let new = checked(&sent, bounds.on_revision(edit.revision == row.revision))?;
        let differing = new.differing(&old);
        let over = match meanwhile(&tx, &row, edit.revision, &differing).await? {
            Meanwhile::Clear(over) => over,
            Meanwhile::Conflicts(conflicts) => {
                let token = Box::new(self.details(&tx, actor, row).await?);
                return Ok(EditOutcome::Outdated { token, conflicts });
            }
        };
        if differing.is_empty() {
            let token = Box::new(self.details(&tx, actor, row).await?);
            return Ok(EditOutcome::Saved { token, over });
        }
        let new = checked(&sent, bounds)?;
        let added = |module: &&Module| {
            new.modules.contains(&module.id) && !old.modules.contains(&module.id)
        };
        if let Err(refusal) = authz::may_give(actor, offered.iter().filter(added)) {
            let attempt = Attempt::on(&row, Event::TokenUpdated, "Updating");
            return Err(self.refuse(tx, actor, refusal, attempt).await?);
        }
        write_token(&tx, actor, &row, &old, &new, self.env.clock.now()).await?;
        let changes = changes(&old, &new, &differing, &[&held[..], &offered].concat());
        self.record(&tx, &Doer::actor(actor), entry(&row, &new, changes))
            .await?;
        let row = living_token(&tx, actor, id).await?;
        let token = Box::new(self.details(&tx, actor, row).await?);
        tx.commit().await?;
        Ok(EditOutcome::Saved { token, over })
    }

    /// The form as it is to be read, and what it is checked against.
    async fn bounds<'a>(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        row: &TokenRow,
        edit: &'a TokenEdit,
        [held, offered]: [&'a [Module]; 2],
    ) -> Result<(Sent<'a>, Bounds<'a>), ServiceError> {
        let mut sent = Sent::from(edit);
        let policy = self.policy(row);
        // The form shows the installation's policy where that is the tighter one. Leaving it so changes nothing.
        if sent.reveal == policy {
            sent.reveal = row.reveal;
        }
        let kept = match sent.icon {
            Some(icon) if row.icon.as_ref() != Some(icon) => {
                let by = authz::actor_id(actor);
                repo::icons::has_icon(tx, icon, &by, row.account.id).await?
            }
            _ => true,
        };
        let unchanged = sent.reveal == row.reveal;
        let bounds = Bounds {
            held,
            offered,
            icon_kept: kept,
            reveal: if unchanged { row.reveal } else { policy },
        };
        Ok((sent, bounds))
    }
}

fn values_of(row: &TokenRow, held: &[Module]) -> Values {
    Values {
        icon: row.icon.clone(),
        reveal: row.reveal,
        name: row.name.clone(),
        description: row.description.clone(),
        modules: held.iter().map(|module| module.id).collect(),
    }
}

async fn living_token(tx: &WriteTx, actor: &Actor, id: TokenId) -> Result<TokenRow, ServiceError> {
    let row = repo::tokens::find_token(tx, authz::token_scope(actor)?, id).await?;
    Ok(row
        .filter(|row| row.status != TokenStatus::Deleted)
        .ok_or_else(ApiError::not_found)?)
}

/// What others did since `revision`, as far as it concerns the fields in which the form differs.
async fn meanwhile(
    tx: &WriteTx,
    row: &TokenRow,
    revision: i64,
    differing: &[TokenField],
) -> Result<Meanwhile, ServiceError> {
    if revision == row.revision {
        return Ok(Meanwhile::Clear(None));
    }
    let records = repo::audit::list_changes_after(tx, &row.id.to_string(), revision).await?;
    let last = records.last().map(stamp);
    if differing.is_empty() {
        return Ok(Meanwhile::Clear(last));
    }
    // The form comes from a revision that never was, or the trail does not reach back to it: every difference
    // may be somebody's change.
    let raised = row.revision.saturating_sub(revision);
    let known = raised > 0 && i64::try_from(records.len()).is_ok_and(|count| count == raised);
    let touched = last_changes(&records)?;
    let unknown = match (&last, known) {
        (_, true) => None,
        (Some(last), false) => Some(last.clone()),
        (None, false) => Some(last_stamp(tx, row).await?),
    };
    let conflict = |field: &TokenField| {
        let changed = touched
            .get(field.key())
            .cloned()
            .or_else(|| unknown.clone())?;
        Some(FieldConflict {
            field: *field,
            changed,
        })
    };
    let conflicts: Vec<_> = differing.iter().filter_map(conflict).collect();
    Ok(if conflicts.is_empty() {
        Meanwhile::Clear(last)
    } else {
        Meanwhile::Conflicts(conflicts)
    })
}

/// Who changed each field last.
fn last_changes(records: &[AuditRow]) -> Result<BTreeMap<String, Stamp>, ServiceError> {
    let mut last = BTreeMap::new();
    for record in records {
        for change in serde_json::from_str::<Vec<Change>>(&record.changes)? {
            last.insert(change.field, stamp(record));
        }
    }
    Ok(last)
}

/// When and by whom a line says that something was done.
pub(super) fn stamp(record: &AuditRow) -> Stamp {
    Stamp {
        at: record.at,
        by: PersonRef {
            id: record.actor_id.clone(),
            name: record.actor_name.clone(),
        },
    }
}

/// When and by whom the token was changed last, if not recorded then as it says itself.
async fn last_stamp(tx: &WriteTx, row: &TokenRow) -> Result<Stamp, ServiceError> {
    let stamp = row.updated.clone().unwrap_or_else(|| row.created.clone());
    let names = repo::users::list_names(tx, vec![stamp.1.clone()]).await?;
    Ok(named(stamp, &names))
}

async fn write_token(
    tx: &WriteTx,
    actor: &Actor,
    row: &TokenRow,
    old: &Values,
    new: &Values,
    at: Timestamp,
) -> Result<(), ServiceError> {
    let change = TokenChange {
        name: &new.name,
        description: &new.description,
        icon: new.icon.as_ref(),
        reveal: new.reveal,
        at,
        by: authz::actor_id(actor),
    };
    // The row is locked since before it was read, so the revision still holds.
    if !repo::token_writes::update_token(tx, row.id, row.revision, change).await? {
        return Err(ApiError::not_found().into());
    }
    if new.reveal == RevealPolicy::Never {
        repo::secrets::delete_secret(tx, row.id).await?;
    }
    let added: Vec<_> = new.modules.difference(&old.modules).copied().collect();
    let removed: Vec<_> = old.modules.difference(&new.modules).copied().collect();
    repo::modules::delete_token_modules(tx, row.id, &removed).await?;
    repo::modules::insert_token_modules(tx, row.id, &added).await?;
    Ok(())
}

fn entry<'a>(row: &TokenRow, new: &'a Values, changes: Vec<Change>) -> Entry<'a> {
    let fields: Vec<_> = changes.iter().map(|change| change.field.as_str()).collect();
    Entry {
        event: Event::TokenUpdated,
        object: Object {
            kind: "Token",
            id: row.id.to_string(),
            name: &new.name,
            revision: Some(row.revision + 1),
        },
        account: Some(row.account.id),
        refused: None,
        summary: format!("API token \"{}\" updated: {}", new.name, fields.join(", ")),
        changes,
    }
}
