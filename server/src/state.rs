//! What every handler can reach. Owns nothing but the handles; it must not know any route.

use crate::{
    config::Config,
    env::Env,
    http::{
        export::Exports,
        rest::{RateLimits, Streams},
    },
    metrics::Metrics,
    service::ConsoleService,
};
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// How long an answer of the database counts.
const FRESH: Duration = Duration::from_secs(1);

/// The state of the router; cloning it clones handles only.
#[derive(Clone)]
pub struct AppState {
    /// The rules.
    pub service: Arc<ConsoleService>,
    /// The settings.
    pub config: Arc<Config>,
    /// Time and randomness.
    pub env: Env,
    /// How Leptos names the files of the browser's half. Compiled in: the binary needs no file beside it.
    pub leptos: LeptosOptions,
    /// How many requests programs may send.
    pub rates: Arc<RateLimits>,
    /// Places for lists that are sent whole.
    pub streams: Arc<Streams>,
    /// Places for lists that become files.
    pub exports: Arc<Exports>,
    /// What Prometheus scrapes.
    pub metrics: Arc<Metrics>,
    /// Whether the server is ready for traffic.
    pub readiness: Arc<Readiness>,
    setup_pending: Arc<AtomicBool>,
}

impl AppState {
    /// The state around these rules and settings. `setup_pending` says that nobody has set Latchkey up yet.
    ///
    /// # Errors
    /// A figure has a wrong name, which tests rule out.
    pub fn new(
        service: Arc<ConsoleService>,
        config: Arc<Config>,
        env: Env,
        setup_pending: bool,
    ) -> Result<Self, prometheus::Error> {
        let leptos = LeptosOptions::builder()
            .output_name("latchkey")
            .site_root("target/site")
            .site_pkg_dir("pkg")
            .build();
        let rates = RateLimits::new(config.rate_limit_token, config.rate_limit_address);
        let setup_pending = Arc::new(AtomicBool::new(setup_pending));
        Ok(Self {
            service,
            config,
            env,
            leptos,
            rates: Arc::new(rates),
            streams: Arc::default(),
            exports: Arc::default(),
            metrics: Arc::new(Metrics::new()?),
            readiness: Arc::default(),
            setup_pending,
        })
    }

    /// Whether set-up is still to be done, as far as this process knows.
    #[must_use]
    pub fn is_setup_pending(&self) -> bool {
        self.setup_pending.load(Ordering::Acquire)
    }

    /// Notes that set-up is done. There is no way back.
    pub fn set_up_done(&self) {
        self.setup_pending.store(false, Ordering::Release);
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

/// Whether the server should get traffic. Schema and keyring were checked before there was a router at all.
#[derive(Debug, Default)]
pub struct Readiness {
    stopping: AtomicBool,
    last: Mutex<Option<(Instant, bool)>>,
}

impl Readiness {
    /// From now on `/readyz` says no.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether the server should get traffic now. Many who ask at once make one question to the database.
    pub async fn is_ready(&self, service: &ConsoleService) -> bool {
        if self.stopping.load(Ordering::Acquire) {
            return false;
        }
        // Held while the database is asked.
        let mut last = self.last.lock().await;
        match *last {
            Some((at, ready)) if at.elapsed() < FRESH => ready,
            _ => {
                let ready = service.ready().await.is_ok();
                *last = Some((Instant::now(), ready));
                ready
            }
        }
    }
}
