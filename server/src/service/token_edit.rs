//! Saving the edit form of a token: what is valid, what somebody else changed meanwhile, what is written.

use super::{
    ConsoleService, ServiceError,
    audit::{Doer, Entry, Object},
    authz,
    tokens::named,
};
use crate::repo::{
    self, WriteTx,
    audit::AuditRow,
    tokens::{TokenChange, TokenRow},
};
use app::{
    domain::{
        audit::{Change, Event},
        icon::IconId,
        module::{Module, ModuleId},
        secret::RevealPolicy,
        token::{EditOutcome, FieldConflict, Stamp, TokenEdit, TokenField, TokenId, TokenStatus},
        user::PersonRef,
        validate,
    },
    error::{ApiError, ErrorCode, FieldError},
    port::{Actor, Who},
};
use std::collections::{BTreeMap, BTreeSet};

/// The fields of the form, in the form in which they are stored.
#[derive(PartialEq, Eq)]
struct Values {
    icon: Option<IconId>,
    reveal: RevealPolicy,
    name: String,
    description: String,
    modules: BTreeSet<ModuleId>,
}

impl Values {
    fn of(row: &TokenRow, modules: &[Module]) -> Self {
        let modules = modules.iter().map(|module| module.id).collect();
        Self {
            icon: row.icon.clone(),
            reveal: row.reveal,
            name: row.name.clone(),
            description: row.description.clone(),
            modules,
        }
    }

    /// The fields in which these values and `other` differ, in the form's order.
    fn differing(&self, other: &Self) -> Vec<TokenField> {
        let differs = |field: &TokenField| match field {
            TokenField::Icon => self.icon != other.icon,
            TokenField::Reveal => self.reveal != other.reveal,
            TokenField::Name => self.name != other.name,
            TokenField::Description => self.description != other.description,
            TokenField::Modules => self.modules != other.modules,
        };
        TokenField::ALL.into_iter().filter(differs).collect()
    }
}

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
        let tx = self.db.begin_write().await?;
        repo::tokens::lock_token(&tx, id).await?;
        let row = living_token(&tx, actor, id).await?;
        if let Err(refusal) = authz::may_edit_token(actor, row.account.id) {
            self.record_refusal(tx, actor, &row, &refusal).await?;
            return Err(refusal.into());
        }
        let current = repo::modules::list_of_token(&tx, id).await?;
        let offered = repo::modules::list_of_account(&tx, row.account.id).await?;
        let old = Values::of(&row, &current);
        let new = checked(edit, &current, &offered)?;
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
        write_token(&tx, actor, &row, &old, &new, self.env.clock.now()).await?;
        let changes = changes(&old, &new, &differing, &[current, offered].concat());
        self.record(&tx, &Doer::actor(actor), entry(&row, &new, changes))
            .await?;
        let row = living_token(&tx, actor, id).await?;
        let token = Box::new(self.details(&tx, actor, row).await?);
        tx.commit().await?;
        Ok(EditOutcome::Saved { token, over })
    }

    /// Records that somebody tried to edit a token that he may only look at (L-1). What is not there for him leaves
    /// no line: it would tell his account of another's token.
    async fn record_refusal(
        &self,
        tx: WriteTx,
        actor: &Actor,
        row: &TokenRow,
        refusal: &ApiError,
    ) -> Result<(), ServiceError> {
        if refusal.code != ErrorCode::Forbidden {
            return Ok(());
        }
        let entry = Entry {
            event: Event::TokenUpdated,
            object: Object {
                kind: "Token",
                id: row.id.to_string(),
                name: &row.name,
                revision: None,
            },
            account: Some(row.account.id),
            refused: Some("not allowed"),
            summary: format!("Updating the API token \"{}\" refused", row.name),
            changes: Vec::new(),
        };
        self.record(&tx, &Doer::actor(actor), entry).await?;
        Ok(tx.commit().await?)
    }
}

async fn living_token(tx: &WriteTx, actor: &Actor, id: TokenId) -> Result<TokenRow, ServiceError> {
    let row = repo::tokens::find_token(tx, authz::token_scope(actor), id).await?;
    Ok(row
        .filter(|row| row.status != TokenStatus::Deleted)
        .ok_or_else(ApiError::not_found)?)
}

/// The form's values, or the sentences for every field that is wrong.
fn checked(edit: &TokenEdit, current: &[Module], offered: &[Module]) -> Result<Values, ApiError> {
    let mut errors = Vec::new();
    let mut complain = |field: TokenField, message| {
        errors.push(FieldError {
            field: field.key().to_owned(),
            message,
        });
    };
    let name = validate::name("The name", &edit.name);
    let description = validate::description(&edit.description);
    let modules = checked_modules(&edit.modules, current, offered);
    match (name, description, modules) {
        (Ok(name), Ok(description), Ok(modules)) => Ok(Values {
            icon: edit.icon.clone(),
            reveal: edit.reveal,
            name,
            description,
            modules,
        }),
        (name, description, modules) => {
            name.err()
                .into_iter()
                .for_each(|message| complain(TokenField::Name, message));
            description
                .err()
                .into_iter()
                .for_each(|message| complain(TokenField::Description, message));
            modules
                .err()
                .into_iter()
                .for_each(|message| complain(TokenField::Modules, message));
            Err(ApiError::invalid(errors))
        }
    }
}

/// The chosen modules: all of them the account's, and those without a choice as they are or by their default.
fn checked_modules(
    chosen: &[ModuleId],
    current: &[Module],
    offered: &[Module],
) -> Result<BTreeSet<ModuleId>, validate::Complaint> {
    let chosen: BTreeSet<_> = chosen.iter().copied().collect();
    let foreign: Vec<_> = chosen
        .iter()
        .filter(|id| !offered.iter().any(|module| module.id == **id))
        .map(ModuleId::to_string)
        .collect();
    if !foreign.is_empty() {
        return Err(format!(
            "{} cannot be given, because the account does not have it. Choose among the modules that are listed.",
            foreign.join(", ")
        ));
    }
    for module in offered
        .iter()
        .filter(|module| !module.settings.configurable)
    {
        let wanted = chosen.contains(&module.id);
        let held = current.iter().any(|held| held.id == module.id);
        if wanted != held && wanted != module.settings.default {
            let name = &module.name;
            return Err(if wanted {
                format!("The module {name} cannot be given to a token. Take it out of the choice.")
            } else {
                format!(
                    "The module {name} belongs to every token and cannot be taken away. Put it back into the choice."
                )
            });
        }
    }
    Ok(chosen)
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

fn stamp(record: &AuditRow) -> Stamp {
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
    at: app::domain::time::Timestamp,
) -> Result<(), ServiceError> {
    let by = match &actor.who {
        Who::User(user) => user.id.to_string(),
        Who::System => String::new(),
    };
    let change = TokenChange {
        name: &new.name,
        description: &new.description,
        at,
        by,
    };
    // The row is locked since before it was read, so the revision still holds.
    if !repo::tokens::update_token(tx, row.id, row.revision, change).await? {
        return Err(ApiError::not_found().into());
    }
    let added: Vec<_> = new.modules.difference(&old.modules).copied().collect();
    let removed: Vec<_> = old.modules.difference(&new.modules).copied().collect();
    repo::modules::delete_token_modules(tx, row.id, &removed).await?;
    repo::modules::insert_token_modules(tx, row.id, &added).await?;
    Ok(())
}

fn changes(old: &Values, new: &Values, differing: &[TokenField], known: &[Module]) -> Vec<Change> {
    let text = |values: &Values, field: TokenField| match field {
        TokenField::Icon => values
            .icon
            .as_ref()
            .map(IconId::to_string)
            .unwrap_or_default(),
        TokenField::Reveal => values.reveal.as_str().to_owned(),
        TokenField::Name => values.name.clone(),
        TokenField::Description => values.description.clone(),
        TokenField::Modules => module_list(&values.modules, known),
    };
    let change = |field: &TokenField| Change {
        field: field.key().to_owned(),
        before: Some(text(old, *field)),
        after: Some(text(new, *field)),
    };
    differing.iter().map(change).collect()
}

/// Modules as the trail names them, `MOD-0478 Billing`, by id.
pub(super) fn module_list(ids: &BTreeSet<ModuleId>, known: &[Module]) -> String {
    let named = |id: &ModuleId| {
        let module = known.iter().find(|module| module.id == *id);
        module.map_or_else(|| id.to_string(), |module| format!("{id} {}", module.name))
    };
    ids.iter().map(named).collect::<Vec<_>>().join(", ")
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
