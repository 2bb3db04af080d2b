//! The rules: who may do what, what is valid, what is recorded, all in one transaction.
//!
//! Owns: [`ConsoleService`], which implements [`app::port::Console`] for both doors, pages and programs. It must
//! not know HTTP, cookies or SQL.

mod account_admin;
mod administration;
mod audit;
mod audit_pages;
mod audit_verify;
mod audit_view;
mod authz;
mod bulk;
mod checkpoint;
mod console;
mod create;
mod draw;
mod error;
mod event_types;
mod export;
mod filter_names;
mod follow;
mod icons;
mod invitations;
mod keys;
mod known;
mod lifecycle;
mod many_tokens;
mod module_admin;
mod modules;
mod new_record;
mod new_token;
mod passwords;
mod places;
mod profile;
mod record_lists;
mod refusals;
mod restore;
mod reveal;
mod rotation;
mod sessions;
mod setup;
mod still;
mod throttle;
mod token_changes;
mod token_edit;
mod token_fields;
mod token_lists;
mod token_maker;
mod tokens;
mod user_admin;
mod users;
mod uses;
mod verify;
mod views;

pub use crate::repo::{Connections, UseCount, UseOutcome};
pub use audit_verify::{AuditFault, BadRecord, NotedRecord, WholeTrail, Wrong, verify_trail};
pub use checkpoint::NoCheckpoint;
pub use error::ServiceError;
pub use invitations::not_good as invitation_not_good;
pub use keys::{Keys, KeysError};
pub use places::{Place, Places};
pub use restore::{Proof, Replay, Replayed};
pub use rotation::{DropError, KeyState, KeySummary, Rotation, RotationError, list_keys};
pub use sessions::NewSession;
pub use setup::SetUpForm;
pub use users::{NewUser, UserSummary};
pub use verify::{Card, IndexFigures, Introspection, TokenSnapshot, Verdict, Wanted};

pub(crate) use audit::{Doer, Tail};
pub(crate) use authz::EVERY_TOKEN;
pub(crate) use create::CreateUser;
pub(crate) use export::{EXPORT_MAX, TokenExport};
#[cfg(test)]
pub(crate) use follow::PATIENCE as FOLLOW_PATIENCE;
pub(crate) use new_record::{Audience, check as check_record};
pub(crate) use token_maker::{CreateToken, MadeTokens, TokenMaker};
pub(crate) use users::email_key;
pub(crate) use uses::KEPT_DAYS;

use crate::{
    env::{Env, array},
    picture::Pictures,
    repo::{self, Db},
    secret::password::PasswordHasher,
};
use app::{
    domain::secret::RevealPolicy,
    error::{ApiError, ErrorCode},
    port::{Actor, Origin, Who},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use follow::Following;
use rotation::Moves;
use tokio::sync::Notify;
use uses::Uses;
use verify::{Index, Seldom};

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
    /// Bytes that tokens may take in memory, so that they are verified without the database.
    pub token_cache: u64,
}

/// How things stand.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Tokens in memory.
    pub index: IndexFigures,
    /// Secrets that are known to be somebody's.
    pub known_secrets: usize,
    /// Tokens with uses that are not written yet.
    pub waiting_uses: usize,
    /// How often uses could not be written.
    pub use_write_failures: u64,
    /// Connections to the database.
    pub connections: [Connections; 5],
    /// The last line of the audit trail that this process has read.
    pub audit_seq: i64,
    /// Whether changes that others make are heard of.
    pub certain: bool,
}

/// Long lists that are read at the same time: there are so many connections for them.
const LIST_READS: usize = 3;
/// Pictures that are received at the same time.
const UPLOADS: usize = 8;

/// The rules over one database.
pub struct ConsoleService {
    pub(crate) db: Db,
    keys: Keys,
    pub(crate) env: Env,
    settings: ServiceSettings,
    pub(crate) passwords: PasswordHasher,
    pictures: Pictures,
    /// Places for reading the audit trail and what programs list. A filter that fits few rows looks at many, and signing
    /// people in needs the same connections.
    list_reads: Places,
    /// Places for pictures that are being sent.
    uploads: Places,
    index: Index,
    verify_failures: Seldom,
    uses: Uses,
    moves: Moves,
    following: Following,
    /// Told of a change to several tokens that was begun.
    bulk_begun: Notify,
    bulk_failures: bulk::Failures,
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
        keys: impl Into<Keys>,
        env: Env,
        settings: ServiceSettings,
    ) -> Result<Self, ServiceError> {
        let keys = keys.into();
        let mut kids = repo::tokens::list_kids(db.read()).await?;
        kids.extend(repo::audit::list_kids(db.read()).await?);
        for kid in kids {
            if keys.now().get(&kid).is_none() {
                return Err(ServiceError::MissingKey(kid));
            }
        }
        let instance_id = name_instance(&db, &env).await?;
        // Before anything is remembered of the database.
        let (last, _) = repo::audit::find_head(db.find()).await?;
        let following = Following::after(last);
        let index = Index::new(settings.token_cache);
        let passwords = PasswordHasher::default();
        let service = Self {
            db,
            keys,
            env,
            settings,
            passwords,
            pictures: Pictures::default(),
            list_reads: Places::new(LIST_READS, LIST_READS - 1),
            uploads: Places::new(UPLOADS, 2),
            index,
            verify_failures: Seldom::default(),
            uses: Uses::default(),
            moves: Moves::default(),
            following,
            bulk_begun: Notify::new(),
            bulk_failures: bulk::Failures::default(),
            instance_id,
        };
        service.seed_event_types().await?;
        Ok(service)
    }

    /// What a token's secret begins with.
    pub(crate) fn token_prefix(&self) -> &str {
        &self.settings.token_prefix
    }

    /// Closes the database, for good. Whatever is asked afterwards fails.
    pub async fn close(&self) {
        self.write_uses().await;
        self.db.close().await;
    }

    /// The number of the last line of the audit trail that this process has heard of.
    #[must_use]
    pub fn last_record(&self) -> i64 {
        self.following.last_read()
    }

    /// How things stand, for whoever watches the server.
    #[must_use]
    pub fn figures(&self) -> Figures {
        Figures {
            index: self.index.figures(),
            known_secrets: self.db.memory().count(),
            waiting_uses: self.uses.waiting(),
            use_write_failures: self.uses.failures(),
            connections: self.db.connections(),
            audit_seq: self.following.last_read(),
            certain: self.following.is_certain(),
        }
    }

    /// Whether the store answers, and changes that others make are heard of.
    ///
    /// # Errors
    /// Unavailable or internal, when it does not.
    pub async fn ready(&self) -> Result<(), ApiError> {
        if !self.following.is_certain() {
            return Err(ApiError::new(
                ErrorCode::Unavailable,
                "Changes cannot be read from the database.",
            ));
        }
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
