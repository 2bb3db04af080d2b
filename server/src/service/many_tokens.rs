//! One change to many tokens within one transaction: some hundred at a time, each with its own line in the trail.

use super::{
    ConsoleService, Doer, ServiceError,
    audit::{Entry, Object},
    authz,
    create::listed,
    follow, lifecycle,
};
use crate::repo::{
    self, WriteTx,
    token_batches::{self, Chosen, TOGETHER},
    tokens::TokenRow,
};
use app::{
    domain::{
        audit::{Change, Event},
        lifecycle::TokenAction,
        module::{Module, ModuleId},
        text::grouped,
        token::{TokenId, TokenStatus},
        user::PersonRef,
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};
use std::collections::{HashMap, HashSet};

/// The most tokens that are changed in one transaction. It keeps everybody else from writing, and the limit of a request
/// would end it: on a slow machine so many take half of that.
const MOST_IN_ONE_STEP: usize = 150_000;

/// What is done to each of the tokens that are chosen.
pub(super) enum ManyChange<'a> {
    /// It loses these modules.
    Take(&'a [Module]),
    /// It gets this module.
    Give(&'a Module),
    /// It takes this step in its life, if it stands where that begins.
    Step(TokenAction),
    /// It is this person's from now on.
    HandOver(&'a PersonRef),
}

impl ConsoleService {
    /// Changes every token that is chosen, and records each. Says how many there were.
    pub(super) async fn change_many(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        chosen: &Chosen,
        change: &ManyChange<'_>,
    ) -> Result<u64, ServiceError> {
        let all = token_batches::list_ids(tx, chosen).await?;
        if change.has_another_way() {
            fits(all.len())?;
        }
        let mut changed = 0;
        for ids in all.chunks(TOGETHER) {
            let mut rows = repo::tokens::list_by_id(tx, ids).await?;
            rows.retain(|row| change.concerns(row));
            if !rows.is_empty() {
                rows.sort_unstable_by_key(|row| row.id);
                self.change_some(tx, actor, &rows, change).await?;
                changed += rows.len() as u64;
            }
        }
        Ok(changed)
    }

    /// Changes these tokens, each of which the change concerns, and records each. Nobody else changes any of them while
    /// the transaction lasts.
    pub(super) async fn change_some(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        rows: &[TokenRow],
        change: &ManyChange<'_>,
    ) -> Result<(), ServiceError> {
        let ids: Vec<TokenId> = rows.iter().map(|row| row.id).collect();
        let held = match change {
            ManyChange::Take(_) | ManyChange::Give(_) => {
                repo::modules::list_whole_of_tokens(tx, &ids).await?
            }
            ManyChange::Step(_) | ManyChange::HandOver(_) => HashMap::new(),
        };
        let (doer, at) = (Doer::actor(actor), self.env.clock.now());
        let lines = self.free_audit_ids(tx, rows.len(), &HashSet::new()).await?;
        let mut tail = self.tail(tx).await?;
        let mut records = Vec::with_capacity(rows.len());
        for (row, id) in rows.iter().zip(lines) {
            let held = held.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            records.push(tail.add(change.entry(row, held).line(id, at, &doer)?));
            follow::note(tx, change.event(), &row.id.to_string(), &[]);
        }
        let mut statements = tx.statements();
        let by = authz::actor_id(actor);
        match change {
            ManyChange::Take(modules) => {
                let modules: Vec<ModuleId> = modules.iter().map(|module| module.id).collect();
                token_batches::take_modules(&mut statements, &ids, &modules, at, &by);
            }
            ManyChange::Give(module) => {
                token_batches::give_module(&mut statements, &ids, module.id, at, &by);
            }
            ManyChange::Step(step) => {
                let to = step.leads_to();
                token_batches::set_status(&mut statements, &ids, to, at, &by);
                if to == TokenStatus::Deleted {
                    repo::secrets::delete_secrets(&mut statements, &ids);
                }
            }
            ManyChange::HandOver(to) => {
                token_batches::hand_over(&mut statements, &ids, to, at, &by);
            }
        }
        repo::audit::insert_records(&mut statements, records);
        Ok(statements.run(tx).await?)
    }
}

/// Refuses to change more tokens than fit into one step, with the way that has no such limit.
fn fits(tokens: usize) -> Result<(), ApiError> {
    if tokens <= MOST_IN_ONE_STEP {
        return Ok(());
    }
    let message = format!(
        "This would change {} API tokens at once, and {} is the most. Nothing was changed. Select them in the list of API \
         tokens and disable them, or remove or add the module there (one that is not given by choice is to be made so \
         first): that goes on in the background and has no such limit. Then do this again.",
        grouped(tokens as u64),
        grouped(MOST_IN_ONE_STEP as u64)
    );
    Err(ApiError::new(ErrorCode::Conflict, message))
}

impl ManyChange<'_> {
    /// Whether the same can be done to the tokens in the list, several at once.
    const fn has_another_way(&self) -> bool {
        matches!(self, Self::Take(_) | Self::Give(_) | Self::Step(_))
    }

    fn concerns(&self, row: &TokenRow) -> bool {
        match self {
            Self::Step(step) => step.after(row.status).is_some(),
            Self::HandOver(to) => row.created.1 != to.id,
            Self::Take(_) | Self::Give(_) => true,
        }
    }

    const fn event(&self) -> Event {
        match self {
            Self::Step(step) => lifecycle::event(*step),
            Self::Take(_) | Self::Give(_) | Self::HandOver(_) => Event::TokenUpdated,
        }
    }

    fn entry<'r>(&self, row: &'r TokenRow, held: &[Module]) -> Entry<'r> {
        let name = &row.name;
        let (summary, change) = match self {
            Self::Step(step) => return lifecycle::entry(row, *step, step.leads_to()),
            Self::Take(modules) => {
                let lost = held.iter().filter(|held| is_in(modules, held));
                let left = held.iter().filter(|held| !is_in(modules, held));
                (
                    format!("API token \"{name}\" lost {}", names(lost)),
                    changed("modules", &listed(held), &listed(left)),
                )
            }
            Self::Give(module) => (
                format!("API token \"{name}\" got {}", module.name),
                changed(
                    "modules",
                    &listed(held),
                    &listed(held.iter().chain([*module])),
                ),
            ),
            Self::HandOver(to) => (
                format!("API token \"{name}\" handed over to {}", to.name),
                changed("createdBy", &row.created.1, &to.id),
            ),
        };
        Entry {
            event: self.event(),
            object: Object {
                kind: "Token",
                id: row.id.to_string(),
                name,
                revision: Some(row.revision + 1),
            },
            account: Some(row.account.id),
            refused: None,
            summary,
            changes: vec![change],
        }
    }
}

fn is_in(modules: &[Module], module: &Module) -> bool {
    modules.iter().any(|other| other.id == module.id)
}

fn names<'m>(modules: impl IntoIterator<Item = &'m Module>) -> String {
    let names = modules.into_iter().map(|module| module.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}

/// A field before and after.
pub(super) fn changed(field: &str, before: &str, after: &str) -> Change {
    Change {
        field: field.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_IN_ONE_STEP, fits};

    #[test]
    fn what_is_too_much_for_one_step_is_refused_with_another_way() {
        assert!(fits(MOST_IN_ONE_STEP).is_ok());
        let refusal = fits(MOST_IN_ONE_STEP + 1).unwrap_err();
        assert!(
            refusal.message.starts_with(
                "This would change 150,001 API tokens at once, and 150,000 is the most."
            )
        );
    }
}
