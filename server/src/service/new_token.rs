//! Adding a token: what the form starts from, what is valid, and that the same form sent twice adds one.

use super::{
    ConsoleService, CreateToken, Doer, ServiceError, authz,
    refusals::Attempt,
    token_fields::{Bounds, Sent, Values, checked},
};
use crate::{
    repo::{self, WriteTx, token_requests::RequestRow},
    secret::token::TokenSecret,
};
use app::{
    domain::{
        account::{AccountId, AccountRef},
        audit::Event,
        icon::IconId,
        module::{Module, ModuleId},
        new_token::{CreatedToken, NewToken, NewTokenForm},
        secret::SecretText,
        token::{ModuleChoice, TokenDetails, TokenId, TokenStatus},
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// For how many seconds a form that was sent is known again.
const REMEMBERED: i64 = 24 * 3_600;
/// For how many seconds a form sent again is answered with the secret too: long enough for an answer that was lost on
/// its way. It is recorded and counted. Later the secret is shown like any other, to whom may see it and with his
/// password (T-27).
const SECRET_AGAIN: i64 = 600;

impl ConsoleService {
    /// The accounts to choose from, and for one of them what a token can be given.
    pub(super) async fn new_token_form(
        &self,
        actor: &Actor,
        account: Option<AccountId>,
    ) -> Result<NewTokenForm, ServiceError> {
        let conn = self.db.read();
        let own = authz::only_account(actor);
        let accounts = match own {
            Some(account) => vec![account.clone()],
            None => repo::accounts::list_accounts(conn).await?,
        };
        // Where there is only one, there is no choice.
        let only = match accounts.as_slice() {
            [only] => Some(only.id),
            _ => None,
        };
        let chosen = account.or(only);
        let account = match chosen {
            Some(id) => Some(among(&accounts, id)?),
            None => None,
        };
        authz::may_add_token(actor, chosen)?;
        let modules = match &account {
            Some(account) => repo::modules::list_of_account(conn, account.id).await?,
            None => Vec::new(),
        };
        let given = modules.iter().filter(|module| module.settings.default);
        Ok(NewTokenForm {
            accounts,
            account,
            given: given.map(|module| module.id).collect(),
            choices: modules
                .into_iter()
                .filter(|module| module.settings.configurable || module.settings.default)
                .map(|module| ModuleChoice {
                    fixed: !module.settings.configurable,
                    module,
                })
                .collect(),
            reveal: self.settings.reveal,
        })
    }

    /// Adds the token, unless this form has added it already.
    #[expect(
        clippy::disallowed_methods,
        reason = "one of the two answers with a secret: to whoever adds the token"
    )]
    pub(super) async fn add_token(
        &self,
        actor: &Actor,
        new: &NewToken,
    ) -> Result<CreatedToken, ServiceError> {
        check_key(&new.key)?;
        let (tx, actor) = self.begin_write_as(actor).await?;
        let actor = &actor;
        let account = repo::accounts::find_account(&tx, new.account).await?;
        let account = account.ok_or_else(ApiError::not_found)?.id;
        if let Err(refusal) = authz::may_add_token(actor, Some(account)) {
            return Err(self.refuse(tx, actor, refusal, adding(account)).await?);
        }
        let forgotten = self.env.clock.now().plus_seconds(-REMEMBERED);
        repo::token_requests::delete_requests_before(&tx, forgotten).await?;
        let by = authz::actor_id(actor);
        if let Some(sent) = repo::token_requests::find_request(&tx, &by, &new.key).await? {
            return self.added_before(tx, actor, new, sent).await;
        }
        let (id, secret) = match self.insert_new(&tx, actor, new).await {
            Ok(made) => made,
            Err(ServiceError::Refused(refusal)) => {
                return Err(self.refuse(tx, actor, refusal, adding(account)).await?);
            }
            Err(error) => return Err(error),
        };
        let token = self.living(&tx, actor, id).await?;
        tx.commit().await?;
        Ok(CreatedToken {
            token: token.ok_or_else(ApiError::not_found)?,
            secret: Some(SecretText::new(secret.expose().to_owned())),
        })
    }

    /// Makes the token, and remembers the form.
    async fn insert_new(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        new: &NewToken,
    ) -> Result<(TokenId, TokenSecret), ServiceError> {
        let offered = repo::modules::list_of_account(tx, new.account).await?;
        let values = self.checked_new(tx, actor, new, &offered).await?;
        let given = offered.iter().filter(|it| values.modules.contains(&it.id));
        authz::may_give(actor, given.clone())?;
        let secret = TokenSecret::generate(self.token_prefix(), &*self.env.random)?;
        let (id, now) = (self.free_token_id(tx).await?, self.env.clock.now());
        let token = CreateToken {
            id,
            account: new.account,
            name: &values.name,
            description: &values.description,
            status: TokenStatus::Active,
            modules: &given.collect::<Vec<_>>(),
            secret: &secret,
            created_by: authz::actor_ref(actor),
            created_at: now,
            last_access_at: None,
            icon: values.icon.as_ref(),
            reveal: values.reveal,
            line: self.free_audit_id(tx).await?,
        };
        self.create_token(tx, &Doer::actor(actor), token).await?;
        let request = RequestRow {
            by: authz::actor_id(actor),
            key: new.key.clone(),
            digest: digest(new),
            token: id,
            at: now,
        };
        repo::token_requests::insert_request(tx, request).await?;
        Ok((id, secret))
    }

    /// The form's values, with the modules that every token has.
    async fn checked_new(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        new: &NewToken,
        offered: &[Module],
    ) -> Result<Values, ServiceError> {
        let mut sent = Sent::from(new);
        let fixed = offered
            .iter()
            .filter(|module| !module.settings.configurable && module.settings.default);
        sent.modules.extend(fixed.map(|module| module.id));
        let icon_kept = match &new.icon {
            Some(icon) => {
                let by = authz::actor_id(actor);
                repo::icons::has_icon(tx, icon, &by, new.account).await?
            }
            None => true,
        };
        let bounds = Bounds {
            held: &[],
            offered,
            icon_kept,
            reveal: self.settings.reveal,
        };
        Ok(checked(&sent, bounds)?)
    }

    /// What came of the form when it was sent before.
    async fn added_before(
        &self,
        tx: WriteTx,
        actor: &Actor,
        new: &NewToken,
        sent: RequestRow,
    ) -> Result<CreatedToken, ServiceError> {
        // People send forms, programs a key with their request.
        let (what, anew) = match authz::person(actor) {
            Ok(_) => ("This form", "open the form anew"),
            Err(_) => ("This Idempotency-Key", "send another key"),
        };
        let Some(token) = self.living(&tx, actor, sent.token).await? else {
            return Err(sent_before(&format!(
                "{what} was sent before, and the API token that it added was deleted since. Nothing was added. To add \
                 another one, {anew}.",
            )));
        };
        if sent.digest != digest(new) {
            return Err(sent_before(&format!(
                "{what} was sent before with other entries, and added the API token \"{}\", {}. Nothing was added \
                 now. Edit that one, or {anew} to add another.",
                token.name, token.id
            )));
        }
        let age = self.env.clock.now().seconds_since(sent.at);
        let secret = if (0..=SECRET_AGAIN).contains(&age) {
            self.reveal_again(tx, actor, sent.token).await?
        } else {
            None
        };
        Ok(CreatedToken { token, secret })
    }

    async fn living(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        id: TokenId,
    ) -> Result<Option<TokenDetails>, ServiceError> {
        let row = repo::tokens::find_token(tx, authz::token_scope(actor)?, id).await?;
        match row.filter(|row| row.status != TokenStatus::Deleted) {
            Some(row) => Ok(Some(self.details(tx, actor, row).await?)),
            None => Ok(None),
        }
    }
}

fn sent_before(sentence: &str) -> ServiceError {
    ApiError::new(ErrorCode::KeyReused, sentence).into()
}

fn adding(account: AccountId) -> Attempt<'static> {
    Attempt {
        event: Event::TokenCreated,
        token: String::new(),
        name: "",
        account,
        summary: "Adding an API token refused".to_owned(),
    }
}

fn among(accounts: &[AccountRef], id: AccountId) -> Result<AccountRef, ApiError> {
    let found = accounts.iter().find(|account| account.id == id);
    found.cloned().ok_or_else(ApiError::not_found)
}

/// A key is the form's own business, but for its length and what may stand in it.
fn check_key(key: &str) -> Result<(), ApiError> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if (16..=64).contains(&key.len()) && key.bytes().all(good) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::BadRequest,
        "The form was not sent as Latchkey made it. Reload the page and try again.",
    ))
}

/// What tells one form from another under the same key: a hash over its fields, each after its length.
fn digest(new: &NewToken) -> [u8; 32] {
    let modules: BTreeSet<_> = new.modules.iter().map(ModuleId::to_string).collect();
    let modules: Vec<_> = modules.into_iter().collect();
    let icon = new.icon.as_ref().map(IconId::to_string);
    let mut hash = Sha256::new();
    for part in [
        &*new.account.to_string(),
        &new.name,
        &new.description,
        &icon.unwrap_or_default(),
        new.reveal.as_str(),
        &modules.join(","),
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
