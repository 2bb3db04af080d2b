//! What every handler can reach. Owns nothing but the handles; it must not know any route.

use crate::{config::Config, env::Env, http::health::Readiness, service::ConsoleService};
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

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
    /// Whether the server is ready for traffic.
    pub readiness: Arc<Readiness>,
    setup_pending: Arc<AtomicBool>,
}

impl AppState {
    /// The state around these rules and settings. `setup_pending` says that nobody has set Latchkey up yet.
    #[must_use]
    pub fn new(
        service: Arc<ConsoleService>,
        config: Arc<Config>,
        env: Env,
        setup_pending: bool,
    ) -> Self {
        let leptos = LeptosOptions::builder()
            .output_name("latchkey")
            .site_root("target/site")
            .site_pkg_dir("pkg")
            .build();
        let setup_pending = Arc::new(AtomicBool::new(setup_pending));
        Self {
            service,
            config,
            env,
            leptos,
            readiness: Arc::default(),
            setup_pending,
        }
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
