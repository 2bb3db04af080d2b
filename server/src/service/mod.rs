//! The rules: who may do what, what is valid, what is recorded, all in one transaction.
//!
//! Owns: [`ConsoleService`], which implements [`app::port::Console`] for both doors, pages and programs. It must
//! not know HTTP, cookies or SQL.

mod audit;
mod audit_pages;
mod audit_verify;
mod audit_view;
mod authz;
mod create;
mod draw;
mod error;
mod icons;
mod lifecycle;
mod new_token;
mod passwords;
mod refusals;
mod reveal;
mod sessions;
mod setup;
mod throttle;
mod token_edit;
mod token_fields;
mod tokens;
mod users;

pub use audit_verify::{AuditFault, BadRecord, NotedRecord, WholeTrail, Wrong, verify_trail};
pub use error::ServiceError;
pub use sessions::NewSession;
pub use setup::SetUpForm;
pub use users::{NewUser, UserSummary};

pub(crate) use audit::Doer;
pub(crate) use authz::EVERY_TOKEN;
pub(crate) use create::{CreateToken, CreateUser};
pub(crate) use users::email_key;

use crate::{
    env::{Env, array},
    picture::Pictures,
    repo::{self, Db},
    secret::{keyring::Keyring, password::PasswordHasher, token::TokenSecret},
};
use app::{
    domain::{
        account::AccountId,
        audit::{AuditDetails, AuditId, AuditPage, AuditQuery},
        icon::IconId,
        lifecycle::TokenAction,
        new_token::{CreatedToken, NewToken, NewTokenForm},
        page::Page,
        secret::{RevealPolicy, SecretText, SecretUse},
        sign_in::SignIn,
        token::{
            EditOutcome, TokenDetails, TokenEdit, TokenForm, TokenId, TokenQuery, TokenSummary,
        },
    },
    error::ApiError,
    port::{Actor, Console, Origin, Who},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What the rules take from the settings.
#[derive(Debug, Clone)]
pub struct ServiceSettings {
    /// The address under which people reach Latchkey, without a slash at its end.
    pub public_url: String,
    /// What a token's secret begins with, without the `_` (T-3).
    pub token_prefix: String,
    /// The loosest reveal policy that a token may have (T-29).
    pub reveal: RevealPolicy,
    /// For how many seconds after entering his password a person may see secrets; 0 asks never (T-27).
    pub reauth_window: i64,
}

/// Pages of the audit trail that are read at the same time: half of the connections that read.
const AUDIT_READS: usize = 2;

/// The rules over one database.
pub struct ConsoleService {
    pub(crate) db: Db,
    keyring: Arc<Keyring>,
    pub(crate) env: Env,
    settings: ServiceSettings,
    pub(crate) passwords: PasswordHasher,
    pictures: Pictures,
    /// Places for reading pages of the audit trail. A filter that fits few lines looks at many, and signing people in
    /// needs the same connections.
    audit_reads: Semaphore,
    /// This installation's name for itself, bound into every sealed secret (T-21).
    instance_id: String,
}

impl ConsoleService {
    /// The rules over `db`, which is migrated already. Names the installation when it has no name yet.
    ///
    /// # Errors
    /// Rows name a key that the keyring does not hold (T-23); the store or the source of randomness failed.
    pub async fn new(
        db: Db,
        keyring: Arc<Keyring>,
        env: Env,
        settings: ServiceSettings,
    ) -> Result<Self, ServiceError> {
        let mut kids = repo::tokens::list_kids(db.read()).await?;
        kids.extend(repo::audit::list_kids(db.read()).await?);
        for kid in kids {
            if keyring.get(&kid).is_none() {
                return Err(ServiceError::MissingKey(kid));
            }
        }
        let instance_id = name_instance(&db, &env).await?;
        let passwords = PasswordHasher::default();
        Ok(Self {
            db,
            keyring,
            env,
            settings,
            passwords,
            pictures: Pictures::default(),
            audit_reads: Semaphore::new(AUDIT_READS),
            instance_id,
        })
    }

    /// What a token's secret begins with.
    pub(crate) fn token_prefix(&self) -> &str {
        &self.settings.token_prefix
    }

    /// What a secret may be found by, under each key (T-12).
    pub(crate) fn lookup_values(&self, secret: &TokenSecret) -> Vec<[u8; 32]> {
        let keys = self.keyring.kids().filter_map(|kid| self.keyring.get(kid));
        keys.map(|key| key.lookup_value(secret)).collect()
    }

    /// Closes the database, for good. Whatever is asked afterwards fails.
    pub async fn close(&self) {
        self.db.close().await;
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// Unavailable or internal, when it does not.
    pub async fn ready(&self) -> Result<(), ApiError> {
        self.db
            .ping()
            .await
            .map_err(|error| ServiceError::from(error).into_api(""))
    }
}

async fn name_instance(db: &Db, env: &Env) -> Result<String, ServiceError> {
    let tx = db.begin_write().await?;
    if let Some(id) = repo::setup::find_instance(&tx).await? {
        return Ok(id);
    }
    let random: [u8; 16] = array(&*env.random)?;
    let id = URL_SAFE_NO_PAD.encode(random);
    repo::setup::insert_instance(&tx, &id, env.clock.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Latchkey itself as an actor: for provisioning, and for whoever may run its command on the host.
#[must_use]
pub fn system() -> Actor {
    Actor {
        who: Who::System,
        sign_in: None,
        origin: Origin::default(),
    }
}

/// What the caller sees of a failure.
fn seen<T>(result: Result<T, ServiceError>, origin: &Origin) -> Result<T, ApiError> {
    result.map_err(|error| error.into_api(&origin.request_id))
}

#[async_trait::async_trait]
impl Console for ConsoleService {
    async fn list_tokens(
        &self,
        actor: &Actor,
        query: &TokenQuery,
    ) -> Result<Page<TokenSummary>, ApiError> {
        seen(self.tokens_page(actor, query).await, &actor.origin)
    }

    async fn get_token(&self, actor: &Actor, id: TokenId) -> Result<TokenDetails, ApiError> {
        seen(self.token(actor, id).await, &actor.origin)
    }

    async fn get_token_form(&self, actor: &Actor, id: TokenId) -> Result<TokenForm, ApiError> {
        seen(self.token_form(actor, id).await, &actor.origin)
    }

    async fn edit_token(
        &self,
        actor: &Actor,
        id: TokenId,
        edit: &TokenEdit,
    ) -> Result<EditOutcome, ApiError> {
        seen(self.save_token(actor, id, edit).await, &actor.origin)
    }

    async fn get_new_token_form(
        &self,
        actor: &Actor,
        account: Option<AccountId>,
    ) -> Result<NewTokenForm, ApiError> {
        seen(self.new_token_form(actor, account).await, &actor.origin)
    }

    async fn create_token(&self, actor: &Actor, new: &NewToken) -> Result<CreatedToken, ApiError> {
        seen(self.add_token(actor, new).await, &actor.origin)
    }

    async fn change_token_status(
        &self,
        actor: &Actor,
        id: TokenId,
        action: TokenAction,
    ) -> Result<(), ApiError> {
        seen(self.take_step(actor, id, action).await, &actor.origin)
    }

    async fn reveal_secret(
        &self,
        actor: &Actor,
        id: TokenId,
        purpose: SecretUse,
    ) -> Result<SecretText, ApiError> {
        seen(self.reveal(actor, id, purpose).await, &actor.origin)
    }

    async fn note_secret_copied(&self, actor: &Actor, id: TokenId) -> Result<(), ApiError> {
        seen(self.note_copied(actor, id).await, &actor.origin)
    }

    async fn confirm_password(&self, actor: &Actor, password: &SecretText) -> Result<(), ApiError> {
        seen(self.reauthenticate(actor, password).await, &actor.origin)
    }

    async fn upload_icon(&self, actor: &Actor, file: Vec<u8>) -> Result<IconId, ApiError> {
        seen(self.keep_icon(actor, file).await, &actor.origin)
    }

    async fn get_icon(
        &self,
        actor: &Actor,
        id: TokenId,
        icon: &IconId,
    ) -> Result<Vec<u8>, ApiError> {
        seen(self.icon(actor, id, icon).await, &actor.origin)
    }

    async fn list_audit(&self, actor: &Actor, query: &AuditQuery) -> Result<AuditPage, ApiError> {
        seen(self.audit_page(actor, query).await, &actor.origin)
    }

    async fn list_token_audit(
        &self,
        actor: &Actor,
        id: TokenId,
        query: &AuditQuery,
    ) -> Result<AuditPage, ApiError> {
        seen(self.token_audit_page(actor, id, query).await, &actor.origin)
    }

    async fn get_audit_record(&self, actor: &Actor, id: AuditId) -> Result<AuditDetails, ApiError> {
        seen(self.audit_record(actor, id).await, &actor.origin)
    }

    async fn list_sign_ins(&self, actor: &Actor) -> Result<Vec<SignIn>, ApiError> {
        seen(self.sign_ins(actor).await, &actor.origin)
    }
}
