//! An installation in a temporary folder, with a clock that tests move and random numbers that repeat.

use app::{
    domain::{
        account::AccountId,
        icon::IconId,
        lifecycle::TokenAction,
        new_token::NewToken,
        page::Page,
        secret::RevealPolicy,
        time::Timestamp,
        token::{EditOutcome, TokenDetails, TokenEdit, TokenId, TokenSummary},
        token_query::{TokenColumn, TokenOrder, TokenOrders, TokenQuery},
        user::CurrentUser,
    },
    error::ApiError,
    port::{Actor, Console as _, Origin, Who},
};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement, TryGetable};
use server::{
    env::{Env, MockClock, SeededRandom},
    provision::{ProvisionError, ProvisionFile, ProvisionReport, provision},
    repo::{Db, DbSettings},
    secret::keyring::{Keyring, KeyringFile},
    service::{ConsoleService, Keys, NewSession, ServiceSettings},
};
use std::{path::PathBuf, sync::Arc};
use tempfile::TempDir;

/// Tuesday 24 November 2026, 12:00 UTC.
pub const NOON: Timestamp = Timestamp(1_795_521_600_000_000);
/// A password that every rule accepts.
pub const PASSWORD: &str = "tide lamp orbit 42";

/// Stark (Client) with an Administrator and a Viewer, Wayne (Vendor), and Operations. Stark has two modules to
/// choose from, one that every token has and one that none has; Wayne has another.
pub const SAMPLE: &str = r#"{
 "modules":[
  {"id":"MOD-0001","name":"Billing","code":"billing"},
  {"id":"MOD-0002","name":"Catalog","code":"catalog"},
  {"id":"MOD-0003","name":"Health","code":"health","settings":{"default":true,"configurable":false}},
  {"id":"MOD-0004","name":"Internals","code":"internals","settings":{"default":false,"configurable":false}},
  {"id":"MOD-0005","name":"Shipping","code":"shipping"}],
 "accounts":[
  {"id":"ACC-0000-0001","name":"Stark","type":"Client","modules":["billing","catalog","health","internals"]},
  {"id":"ACC-0000-0002","name":"Wayne","type":"Vendor","modules":["shipping"]},
  {"id":"ACC-0000-0003","name":"Platform","type":"Operations","modules":["MOD-1757"]}],
 "users":[
  {"id":"USR-0000-0001","account":"ACC-0000-0001","name":"Tony","email":"tony@stark.example","role":"Administrator"},
  {"id":"USR-0000-0002","account":"ACC-0000-0001","name":"Pepper","email":"pepper@stark.example","role":"Viewer"},
  {"id":"USR-0000-0003","account":"ACC-0000-0002","name":"Bruce","email":"bruce@wayne.example","role":"Administrator"},
  {"id":"USR-0000-0004","account":"ACC-0000-0003","name":"Olga","email":"olga@ops.example","role":"Administrator"},
  {"id":"USR-0000-0005","account":"ACC-0000-0003","name":"Oscar","email":"oscar@ops.example","role":"Viewer"},
  {"id":"USR-0000-0006","account":"ACC-0000-0001","name":"Happy","email":"happy@stark.example","role":"Administrator"}],
 "tokens":[
  {"id":"TKN-0000-0001","account":"ACC-0000-0001","name":"Robot 1","description":"first","modules":["billing"],
   "createdBy":"USR-0000-0001","createdAt":"2026-04-15T12:34:00.000Z","lastAccessAt":"2026-11-20T08:00:00Z"},
  {"id":"TKN-0000-0009","account":"ACC-0000-0002","name":"Bat","modules":["shipping"],
   "createdBy":"USR-0000-0003","createdAt":"2026-04-16T12:34:00.000Z"}]}"#;

pub struct World {
    pub service: Arc<ConsoleService>,
    pub clock: Arc<MockClock>,
    dir: TempDir,
}

impl World {
    /// An installation that nobody has set up.
    pub async fn empty() -> Self {
        Self::with(RevealPolicy::Always, 15 * 60).await
    }

    /// The same with this loosest reveal policy, which asks for the password again after so many seconds.
    pub async fn with(reveal: RevealPolicy, reauth_window: i64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(MockClock::new(NOON));
        let random = Arc::new(SeededRandom::new(1));
        Keyring::create(&dir.path().join("keyring.json"), &*random, &*clock).unwrap();
        let env = Env {
            clock: clock.clone(),
            random,
        };
        let service = service(&dir, env, reveal, reauth_window).await;
        Self {
            service: Arc::new(service),
            clock,
            dir,
        }
    }

    /// The same installation after a restart with another loosest reveal policy.
    pub async fn restarted(self, reveal: RevealPolicy) -> Self {
        self.service.close().await;
        let env = Env {
            clock: self.clock.clone(),
            random: Arc::new(SeededRandom::new(2)),
        };
        let service = service(&self.dir, env, reveal, 15 * 60).await;
        Self {
            service: Arc::new(service),
            ..self
        }
    }

    /// Another process on the same installation, which draws other random numbers.
    pub async fn beside(&self, seed: u64) -> Arc<ConsoleService> {
        let env = Env {
            clock: self.clock.clone(),
            random: Arc::new(SeededRandom::new(seed)),
        };
        let service = service(&self.dir, env, RevealPolicy::Always, 15 * 60).await;
        Arc::new(service)
    }

    /// Where the keyring is.
    pub fn keyring(&self) -> PathBuf {
        self.dir.path().join("keyring.json")
    }

    /// An installation with [`SAMPLE`].
    pub async fn sample() -> Self {
        let world = Self::empty().await;
        world.provision(SAMPLE).await.unwrap();
        world
    }

    pub async fn provision(&self, json: &str) -> Result<ProvisionReport, ProvisionError> {
        provision(&self.service, ProvisionFile::parse(json.to_owned())?).await
    }

    /// Where the database's file is.
    pub fn file(&self) -> PathBuf {
        self.dir.path().join("latchkey.db")
    }

    /// The database as somebody sees it who only speaks SQL.
    pub async fn sql(&self) -> DatabaseConnection {
        Database::connect(url(&self.dir)).await.unwrap()
    }

    pub async fn execute(&self, sql: &str) {
        self.sql().await.execute_unprepared(sql).await.unwrap();
    }

    /// The first column of the first row.
    pub async fn ask<T: TryGetable>(&self, sql: &str) -> T {
        let conn = self.sql().await;
        let statement = Statement::from_string(conn.get_database_backend(), sql);
        let row = conn.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// The user with this first name, acting without a sign-in.
    pub async fn user(&self, name: &str) -> Actor {
        let users = self.service.list_users().await.unwrap();
        let user = users.into_iter().find(|user| user.name == name).unwrap();
        acting(
            CurrentUser {
                id: user.id,
                name: user.name,
                email: user.email,
                role: user.role,
                account: user.account,
            },
            None,
        )
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<NewSession, ApiError> {
        self.service
            .sign_in(email, password.into(), &origin())
            .await
    }

    /// Gives the user a password and signs him in.
    pub async fn signed_in(&self, email: &str) -> (Actor, NewSession) {
        self.service
            .set_password(email, PASSWORD.into())
            .await
            .unwrap();
        let session = self.sign_in(email, PASSWORD).await.unwrap();
        (
            acting(session.user.clone(), Some(session.secret.handle())),
            session,
        )
    }

    pub async fn token(&self, actor: &Actor, id: &str) -> TokenDetails {
        self.service.get_token(actor, token_id(id)).await.unwrap()
    }

    pub async fn edit(&self, actor: &Actor, id: &str, edit: &TokenEdit) -> EditOutcome {
        self.service
            .edit_token(actor, token_id(id), edit)
            .await
            .unwrap()
    }

    pub async fn refused(&self, actor: &Actor, id: &str, edit: &TokenEdit) -> ApiError {
        self.service
            .edit_token(actor, token_id(id), edit)
            .await
            .unwrap_err()
    }

    /// Takes a step in a token's life.
    pub async fn step(&self, actor: &Actor, id: &str, action: TokenAction) -> Result<(), ApiError> {
        self.service
            .change_token_status(actor, token_id(id), action, None)
            .await
    }

    /// A picture that was uploaded, as far as tokens ask.
    pub async fn icon(&self, digit: char) -> IconId {
        let id = digit.to_string().repeat(64);
        self.execute(&format!(
            "INSERT INTO icon (id, png, uploaded_at, uploaded_by) VALUES ('{id}', x'00', {}, 'USR-0000-0001')",
            NOON.0
        ))
        .await;
        id.parse().unwrap()
    }

    /// The last line of the trail: event, outcome, actor, object, revision.
    pub async fn last_line(&self) -> String {
        self.ask(
            "SELECT event || ' ' || outcome || ' ' || actor_name || ' ' || object_id || ' ' || \
             coalesce(object_revision, '-') FROM audit_record ORDER BY seq DESC LIMIT 1",
        )
        .await
    }

    /// A page of a list.
    pub async fn page(&self, actor: &Actor, query: &TokenQuery) -> Page<TokenSummary> {
        self.service.list_tokens(actor, query).await.unwrap().page
    }

    /// All rows of a list, page by page.
    pub async fn rows(&self, actor: &Actor, query: &TokenQuery) -> Vec<TokenSummary> {
        let mut query = query.clone();
        let mut rows = Vec::new();
        loop {
            let page = self.page(actor, &query).await;
            rows.extend(page.rows);
            if !page.more {
                return rows;
            }
            query.page.number += 1;
        }
    }

    pub async fn ids(&self, actor: &Actor, query: &TokenQuery) -> Vec<String> {
        self.rows(actor, query)
            .await
            .into_iter()
            .map(|row| row.id.to_string())
            .collect()
    }
}

async fn service(
    dir: &TempDir,
    env: Env,
    reveal: RevealPolicy,
    reauth_window: i64,
) -> ConsoleService {
    let keys = Keys::of(KeyringFile::new(dir.path().join("keyring.json"))).unwrap();
    let db = Db::open(&DbSettings { url: url(dir) }).await.unwrap();
    db.migrate().await.unwrap();
    let settings = ServiceSettings {
        public_url: "http://127.0.0.1:3000".into(),
        token_prefix: "lk".into(),
        reveal,
        reauth_window,
        token_cache: 1_000_000,
    };
    ConsoleService::new(db, keys, env, settings).await.unwrap()
}

fn url(dir: &TempDir) -> String {
    format!("sqlite://{}", dir.path().join("latchkey.db").display())
}

pub fn acting(user: CurrentUser, sign_in: Option<String>) -> Actor {
    Actor {
        who: Who::User(user),
        sign_in,
        origin: origin(),
    }
}

pub fn origin() -> Origin {
    Origin {
        ip: Some("192.0.2.1".parse().unwrap()),
        peer_ip: Some("192.0.2.2".parse().unwrap()),
        user_agent: Some("a browser".into()),
        request_id: "request-1".into(),
    }
}

pub fn token_id(text: &str) -> TokenId {
    text.parse().unwrap()
}

/// The form as it opens on this token.
pub fn form(token: &TokenDetails) -> TokenEdit {
    TokenEdit {
        revision: token.revision,
        name: token.name.clone(),
        description: token.description.clone(),
        icon: token.icon.clone(),
        reveal: token.reveal,
        modules: token.modules.iter().map(|module| module.id).collect(),
    }
}

/// A filled-in form for a new token of Stark's.
pub fn new_token(key: &str) -> NewToken {
    NewToken {
        account: AccountId::from_number(1).unwrap(),
        name: "Robot 7".into(),
        description: "seventh".into(),
        icon: None,
        reveal: RevealPolicy::Always,
        modules: vec!["MOD-0002".parse().unwrap()],
        key: key.into(),
    }
}

pub fn by(column: TokenColumn, descending: bool) -> TokenQuery {
    TokenQuery {
        order: TokenOrders::new([TokenOrder { column, descending }]),
        ..TokenQuery::default()
    }
}

/// The tokens that this filter lets through.
pub fn filtered(filter: &str) -> TokenQuery {
    TokenQuery {
        filter: filter.into(),
        ..TokenQuery::default()
    }
}

pub fn search(text: &str) -> TokenQuery {
    TokenQuery {
        search: text.into(),
        ..TokenQuery::default()
    }
}
