//! A small world behind the real router: two accounts, people of each kind, a token, a clock that stands still.

mod answer;

pub use answer::Answer;

use app::{domain::time::Timestamp, port::Origin};
use axum::{
    Router,
    body::Body,
    http::{
        Request,
        header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST},
        request::Builder,
    },
};
use server::{
    boot::{self, Core},
    config::Config,
    env::{Env, MockClock, SeededRandom},
    http,
    metrics::Metrics,
    provision::{ProvisionFile, provision},
    service::ConsoleService,
    state::AppState,
};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The address of the world's server.
pub const ORIGIN: &str = "http://127.0.0.1:3000";
/// Everybody's password.
pub const PASSWORD: &str = "tide lamp orbit 42";
/// A token of the Client account.
pub const TOKEN: &str = "TKN-1234-1234";

const FORM: &str = "application/x-www-form-urlencoded";

const PEOPLE: &str = r#"{
    "modules": [{"id": "MOD-0478", "name": "Billing", "code": "billing", "description": "Invoices"}],
    "accounts": [
        {"id": "ACC-0001-0001", "name": "Operations", "type": "Operations", "modules": ["access-management"]},
        {"id": "ACC-0001-0002", "name": "Stark Industries", "type": "Client", "modules": ["access-management", "billing"]}
    ],
    "users": [
        {"id": "USR-0001-0001", "account": "ACC-0001-0002", "name": "Ada", "email": "admin@example.com", "role": "Administrator", "password": "tide lamp orbit 42"},
        {"id": "USR-0001-0002", "account": "ACC-0001-0002", "name": "Vic", "email": "viewer@example.com", "role": "Viewer", "password": "tide lamp orbit 42"},
        {"id": "USR-0001-0003", "account": "ACC-0001-0001", "name": "Olga", "email": "operator@example.com", "role": "Administrator", "password": "tide lamp orbit 42"}
    ],
    "tokens": [{"id": "TKN-1234-1234", "account": "ACC-0001-0002", "name": "Robot 1", "modules": ["billing"]}]
}"#;

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nobody.
    Anonymous,
    /// An Administrator of the Client account.
    Admin,
    /// A Viewer of the Client account.
    Viewer,
    /// An Administrator of the Operations account.
    Operator,
}

impl Caller {
    pub const ALL: [Self; 4] = [Self::Anonymous, Self::Admin, Self::Viewer, Self::Operator];

    pub const fn email(self) -> &'static str {
        match self {
            Self::Anonymous => "nobody@example.com",
            Self::Admin => "admin@example.com",
            Self::Viewer => "viewer@example.com",
            Self::Operator => "operator@example.com",
        }
    }
}

/// The server, whole, in this process.
pub struct World {
    pub router: Router,
    pub service: Arc<ConsoleService>,
    pub clock: Arc<MockClock>,
    pub metrics: Arc<Metrics>,
    pub data: PathBuf,
    _folder: TempDir,
}

impl World {
    /// With people and a token.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With people and a token, and these settings.
    pub async fn with(settings: &[(&'static str, &str)]) -> Self {
        Self::provisioned(PEOPLE, settings).await
    }

    /// With what this file says, and these settings.
    pub async fn provisioned(file: &str, settings: &[(&'static str, &str)]) -> Self {
        let (folder, config, env, clock) = parts(settings);
        let core = boot::open_alone(&config, &env).await.unwrap();
        provision(
            &core.service,
            ProvisionFile::parse(file.to_owned()).unwrap(),
        )
        .await
        .unwrap();
        Self::around(folder, config, env, clock, core, false)
    }

    /// As it is before set-up; with the code of the set-up address.
    pub async fn empty() -> (Self, String) {
        let (folder, config, env, clock) = parts(&[]);
        let opened = boot::open_alone(&config, &env).await.unwrap();
        let code = opened
            .service
            .issue_setup_code()
            .await
            .unwrap()
            .expose()
            .to_string();
        (Self::around(folder, config, env, clock, opened, true), code)
    }

    fn around(
        folder: TempDir,
        config: Config,
        env: Env,
        clock: Arc<MockClock>,
        core: Core,
        pending: bool,
    ) -> Self {
        let data = config.data_dir.clone();
        let service = Arc::new(core.service);
        let state = AppState::new(Arc::clone(&service), Arc::new(config), env, pending).unwrap();
        Self {
            metrics: Arc::clone(&state.metrics),
            router: http::router(state).unwrap(),
            service,
            clock,
            data,
            _folder: folder,
        }
    }

    /// The cookie header of a fresh sign-in; nothing for nobody.
    pub async fn cookie(&self, caller: Caller) -> Option<String> {
        if caller == Caller::Anonymous {
            return None;
        }
        let session = self
            .service
            .sign_in(caller.email(), PASSWORD.into(), &Origin::default())
            .await
            .unwrap();
        Some(format!("sid={}", session.secret.expose().as_str()))
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Answer::read(response).await
    }

    /// A page, as a browser asks for it after a click on our own site.
    pub async fn get(&self, path: &str, cookie: Option<&str>) -> Answer {
        self.send(with_cookie(page(path), cookie).body(Body::empty()).unwrap())
            .await
    }

    /// A plain form, as a browser sends it from our own page.
    pub async fn post(&self, path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path, cookie, fields)).await
    }

    /// A picture, as our own script sends it.
    pub async fn upload(&self, cookie: Option<&str>, kind: &str, file: Vec<u8>) -> Answer {
        let request = Request::post("/uploads/icon")
            .header(HOST, "127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, kind)
            .header(ACCEPT, "application/json");
        self.send(with_cookie(request, cookie).body(Body::from(file)).unwrap())
            .await
    }

    /// A server function, as our own script calls it.
    pub async fn call(&self, path: &str, cookie: Option<&str>, json: &str) -> Answer {
        let request = Request::post(path)
            .header(HOST, "127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json");
        self.send(
            with_cookie(request, cookie)
                .body(Body::from(json.to_owned()))
                .unwrap(),
        )
        .await
    }
}

fn parts(settings: &[(&'static str, &str)]) -> (TempDir, Config, Env, Arc<MockClock>) {
    let folder = tempfile::tempdir().unwrap();
    let mut flags =
        BTreeMap::from([("data_dir", folder.path().join("data").display().to_string())]);
    flags.extend(
        settings
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    let config = Config::load(None, [], &flags).unwrap();
    let clock = Arc::new(MockClock::new(Timestamp(1_776_256_440_000_000)));
    let env = Env {
        clock: Arc::clone(&clock) as _,
        random: Arc::new(SeededRandom::new(1)),
    };
    (folder, config, env, clock)
}

/// The request for a page, still without a cookie.
pub fn page(path: &str) -> Builder {
    Request::get(path)
        .header(HOST, "127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin")
        .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
}

/// A plain form, as a browser sends it from our own page.
pub fn form(path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Request<Body> {
    let request = Request::post(path)
        .header(HOST, "127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin")
        .header("origin", ORIGIN)
        .header(CONTENT_TYPE, FORM)
        .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
    with_cookie(request, cookie)
        .body(Body::from(encode(fields)))
        .unwrap()
}

pub fn with_cookie(request: Builder, cookie: Option<&str>) -> Builder {
    match cookie {
        Some(cookie) => request.header(COOKIE, cookie),
        None => request,
    }
}

/// Fields as a browser writes them into a body.
pub fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect::<String>()
    };
    fields
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect::<Vec<_>>()
        .join("&")
}
