//! Adding and changing tokens as programs do: a draft becomes the form that people send, a change of some fields the
//! whole edit, so that one set of rules holds for both.

use super::{
    ConsoleService, ServiceError, authz,
    icons::UNUSED,
    lifecycle::{already, outdated},
    passwords::field,
};
use crate::{
    env::array,
    hex,
    repo::{self, WriteTx, tokens::TokenRow},
};
use app::{
    domain::{
        module::Module,
        new_token::NewToken,
        token::{EditOutcome, TokenDetails, TokenEdit, TokenId, TokenStatus},
        token_change::{DraftedToken, TokenDelta, TokenDraft},
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};
use sha2::{Digest, Sha256};

impl ConsoleService {
    /// Adds a token.
    pub(super) async fn add_draft(
        &self,
        actor: &Actor,
        draft: &TokenDraft,
    ) -> Result<DraftedToken, ServiceError> {
        authz::may_add_token(actor, None)?;
        if let Some(own) = authz::only_account(actor)
            && own.id != draft.account
        {
            // Whether there is such an account, another one's programs do not hear.
            let message = format!(
                "The token that you presented acts for its own account only, {}.",
                own.id
            );
            return Err(ApiError {
                fields: vec![field("account.id", &message)],
                ..ApiError::new(ErrorCode::Forbidden, message)
            }
            .into());
        }
        let conn = self.db.read();
        let account = repo::accounts::find_account(conn, draft.account).await?;
        if account.is_none() {
            let message = format!("There is no account {}.", draft.account);
            return Err(ApiError::invalid(vec![field("account.id", &message)]).into());
        }
        let modules = if let Some(modules) = &draft.modules {
            modules.clone()
        } else {
            let offered = repo::modules::list_of_account(conn, draft.account).await?;
            let given = offered.iter().filter(|module| module.settings.default);
            given.map(|module| module.id).collect()
        };
        let new = NewToken {
            account: draft.account,
            name: draft.name.clone(),
            description: draft.description.clone(),
            icon: None,
            reveal: self.settings.reveal,
            modules,
            key: self.request_key(draft.key.as_deref())?,
        };
        let made = self.add_token(actor, &new).await?;
        Ok(DraftedToken {
            token: made.token,
            secret: made.secret,
        })
    }

    /// The key under which a request is known again: of any text a name of one length, and without one a fresh one.
    fn request_key(&self, key: Option<&str>) -> Result<String, ServiceError> {
        Ok(match key {
            Some(key) => hex::encode(&Sha256::digest(key)),
            None => hex::encode(&array::<16>(&*self.env.random)?),
        })
    }

    /// Changes what `delta` names.
    pub(super) async fn apply_delta(
        &self,
        actor: &Actor,
        id: TokenId,
        delta: &TokenDelta,
    ) -> Result<TokenDetails, ServiceError> {
        let (tx, actor) = self.begin_write_as(actor).await?;
        let actor = &actor;
        let (row, held) = changeable(&tx, actor, id, delta.revision).await?;
        let fixed = held.iter().filter(|module| !module.settings.configurable);
        let fixed: Vec<_> = fixed.map(|module| module.id).collect();
        let mut edit = self.as_it_is(&row, &held);
        if let Some(name) = &delta.name {
            edit.name.clone_from(name);
        }
        if let Some(description) = &delta.description {
            edit.description.clone_from(description);
        }
        if delta.no_icon {
            edit.icon = None;
        }
        if let Some(modules) = &delta.modules {
            // Those without a choice need not be named.
            let fixed = edit.modules.drain(..).filter(|id| fixed.contains(id));
            edit.modules = fixed.chain(modules.iter().copied()).collect();
        }
        self.saved(tx, actor, row, &edit).await
    }

    /// Gives a token a picture.
    pub(super) async fn give_icon(
        &self,
        actor: &Actor,
        id: TokenId,
        file: Vec<u8>,
        revision: Option<i64>,
    ) -> Result<TokenDetails, ServiceError> {
        let (icon, png) = self.prepared(file).await?;
        let (tx, actor) = self.begin_write_as(actor).await?;
        let actor = &actor;
        let (row, held) = changeable(&tx, actor, id, revision).await?;
        let (by, now) = (authz::actor_id(actor), self.env.clock.now());
        repo::icons::delete_unused_before(&tx, now.plus_seconds(-UNUSED)).await?;
        repo::icons::insert_icon(&tx, &icon, png, now, &by).await?;
        let edit = TokenEdit {
            icon: Some(icon),
            ..self.as_it_is(&row, &held)
        };
        self.saved(tx, actor, row, &edit).await
    }

    /// The edit that changes nothing.
    fn as_it_is(&self, row: &TokenRow, held: &[Module]) -> TokenEdit {
        TokenEdit {
            revision: row.revision,
            name: row.name.clone(),
            description: row.description.clone(),
            icon: row.icon.clone(),
            reveal: self.policy(row),
            modules: held.iter().map(|module| module.id).collect(),
        }
    }

    async fn saved(
        &self,
        tx: WriteTx,
        actor: &Actor,
        row: TokenRow,
        edit: &TokenEdit,
    ) -> Result<TokenDetails, ServiceError> {
        match self.save_row(tx, actor, row, edit).await? {
            EditOutcome::Saved { token, .. } => Ok(*token),
            // The edit is made from the row as it is in this transaction.
            EditOutcome::Outdated { token, .. } => Err(outdated(token.revision).into()),
        }
    }
}

/// The token and its modules, if it exists for the actor, stands at `revision` and can be changed at all.
async fn changeable(
    tx: &WriteTx,
    actor: &Actor,
    id: TokenId,
    revision: Option<i64>,
) -> Result<(TokenRow, Vec<Module>), ServiceError> {
    repo::tokens::lock_token(tx, id).await?;
    let row = repo::tokens::find_token(tx, authz::token_scope(actor)?, id).await?;
    let row = row.ok_or_else(ApiError::not_found)?;
    if revision.is_some_and(|revision| revision != row.revision) {
        return Err(outdated(row.revision).into());
    }
    if row.status == TokenStatus::Deleted {
        return Err(already(tx, &row).await?);
    }
    let held = repo::modules::list_of_token(tx, id).await?;
    Ok((row, held))
}
