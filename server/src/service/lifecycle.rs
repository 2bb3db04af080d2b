//! Steps in the life of a token (rule 1). Whether one can be taken is asked here of the row as it stands, again by the
//! statement that takes it, and once more by the database, which lets no deleted token go.

use super::{
    ConsoleService, ServiceError,
    audit::{Doer, Entry, Object},
    authz,
    many_tokens::changed,
    refusals::Attempt,
    tokens::named,
};
use crate::repo::{self, WriteTx, token_writes::StatusChange, tokens::TokenRow};
use app::{
    domain::{
        audit::Event,
        lifecycle::TokenAction,
        token::{TokenId, TokenStatus},
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};

impl ConsoleService {
    /// Takes the step, or says who was first.
    pub(super) async fn take_step(
        &self,
        actor: &Actor,
        id: TokenId,
        action: TokenAction,
        revision: Option<i64>,
    ) -> Result<(), ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let actor = &actor;
        repo::tokens::lock_token(&tx, id).await?;
        let row = repo::tokens::find_token(&tx, authz::token_scope(actor)?, id).await?;
        let row = row.ok_or_else(ApiError::not_found)?;
        if let Err(refusal) = authz::may_edit_token(actor, row.account.id) {
            let attempt = Attempt::on(&row, event(action), doing(action));
            return Err(self.refuse(tx, actor, refusal, attempt).await?);
        }
        if action == TokenAction::Enable {
            let held = repo::modules::list_of_token(&tx, id).await?;
            if let Err(refusal) = authz::may_give(actor, &held) {
                let attempt = Attempt::on(&row, event(action), doing(action));
                return Err(self.refuse(tx, actor, refusal, attempt).await?);
            }
        }
        if revision.is_some_and(|revision| revision != row.revision) {
            return Err(outdated(row.revision).into());
        }
        let Some(to) = action.after(row.status) else {
            return Err(already(&tx, &row).await?);
        };
        let change = StatusChange {
            from: row.status,
            to,
            at: self.env.clock.now(),
            by: authz::actor_id(actor),
        };
        if !repo::token_writes::update_status(&tx, id, row.revision, change).await? {
            return Err(already(&tx, &row).await?);
        }
        if to == TokenStatus::Deleted {
            // What recognises the secret stays, so that the same value can never be given again (T-30).
            repo::secrets::delete_secret(&tx, id).await?;
        }
        self.record(&tx, &Doer::actor(actor), entry(&row, action, to))
            .await?;
        Ok(tx.commit().await?)
    }
}

/// The change is meant for another revision than this one (H-5).
pub(super) fn outdated(revision: i64) -> ApiError {
    let message = format!(
        "The API token was changed meanwhile: its revision is {revision} now. Nothing was done. Read it again, and \
         decide anew."
    );
    ApiError::new(ErrorCode::Outdated, message)
}

/// Why a step cannot be taken from where the token stands: who took it there, and when.
pub(super) async fn already(tx: &WriteTx, row: &TokenRow) -> Result<ServiceError, ServiceError> {
    let (word, stamp) = match row.status {
        TokenStatus::Active => ("enabled", &row.enabled),
        TokenStatus::Disabled => ("disabled", &row.disabled),
        TokenStatus::Deleted => ("deleted", &row.deleted),
    };
    let mut sentences = vec![format!("This API token is already {word}.")];
    if let Some(stamp) = stamp.clone() {
        let names = repo::users::list_names(tx, vec![stamp.1.clone()]).await?;
        let stamp = named(stamp, &names);
        let (name, at) = (stamp.by.name, stamp.at);
        let (day, time) = (at.utc_day(), at.utc_time());
        sentences.push(format!("{name} {word} it on {day} at {time}."));
    }
    sentences.push("Nothing was changed.".to_owned());
    Ok(ApiError::new(ErrorCode::Conflict, sentences.join(" ")).into())
}

pub(super) const fn event(action: TokenAction) -> Event {
    match action {
        TokenAction::Enable => Event::TokenEnabled,
        TokenAction::Disable => Event::TokenDisabled,
        TokenAction::Delete => Event::TokenDeleted,
    }
}

const fn doing(action: TokenAction) -> &'static str {
    match action {
        TokenAction::Enable => "Enabling",
        TokenAction::Disable => "Disabling",
        TokenAction::Delete => "Deleting",
    }
}

/// The line in the trail for a step.
pub(super) fn entry(row: &TokenRow, action: TokenAction, to: TokenStatus) -> Entry<'_> {
    Entry {
        event: event(action),
        object: Object {
            kind: "Token",
            id: row.id.to_string(),
            name: &row.name,
            revision: Some(row.revision + 1),
        },
        account: Some(row.account.id),
        refused: None,
        summary: format!("API token \"{}\" {}", row.name, action.done()),
        changes: vec![changed("status", row.status.as_str(), to.as_str())],
    }
}
