//! Putting the server together: data folder, lock, database, keyring, rules, provisioning, router.
//!
//! Owns the order of these steps and what each refuses. It must not know HTTP beyond the finished router.

pub(crate) mod files;
mod housekeeping;

use crate::{
    checkpoints::Checkpoints,
    config::Config,
    env::Env,
    http::{self, serve},
    provision::{self, ProvisionError, ProvisionFile, ProvisionReport},
    repo::{Db, DbSettings, ReadOnlyDb, StoreError},
    secret::keyring::{Keyring, KeyringError, KeyringFile},
    service::{ConsoleService, Keys, ServiceError, ServiceSettings},
    state::AppState,
};
use app::{error::ApiError, href};
use files::{lock, make_folder, make_private, write_private};
use housekeeping::{Housekeeping, note_the_end};
use std::{
    fs::{self, File},
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};
use zeroize::Zeroizing;

/// Why the server does not start, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// A file or folder cannot be used.
    #[error("{path} cannot be used: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Another server has the database.
    #[error(
        "Another Latchkey uses this database (its lock is {0}). Stop it first; two servers on one SQLite file would \
         not see each other's changes."
    )]
    Locked(PathBuf),
    /// The database is bound to a keyring that is not there (T-23).
    #[error(
        "The database was made with a keyring, but {0} does not exist. Put the keyring back from its backup. A new one \
         could not open the secrets in the database, so none was made."
    )]
    KeyringLost(PathBuf),
    /// A command was given a place where nothing is.
    #[error(
        "There is no installation here: {0} does not exist. Check --data-dir; a server or `latchkey user add` makes \
         a new one."
    )]
    NotThere(PathBuf),
    /// The keyring cannot be used.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rules cannot work with this database and keyring.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// A rule refused.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// The provisioning file is wrong.
    #[error("The provisioning file {path} was not applied: {source}")]
    Provision {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        source: ProvisionError,
    },
    /// The address is taken or not ours.
    #[error("Latchkey cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// A task that never ends has ended.
    #[error(
        "A part of Latchkey that hears of changes or writes them down has ended by a fault, and nothing would be certain \
         without it, so the server ends too. Start it again, and report the panic in the log."
    )]
    Housekeeping,
    /// The figures cannot be counted.
    #[error("The figures for Prometheus cannot be counted: {0}")]
    Metrics(#[from] prometheus::Error),
    /// The public address is no origin.
    #[error("The public address cannot be used: {0}")]
    Origin(#[from] tower_http::csrf::ConfigError),
}

/// The rules over the open database, and the lock while this process has it.
pub struct Core {
    /// The rules.
    pub service: ConsoleService,
    _lock: Option<File>,
}

impl Core {
    /// Lets a server start meanwhile, if this process has the lock: for a command that takes long, and does nothing that a
    /// server must not see.
    #[must_use]
    pub fn beside_a_server(self) -> Self {
        Self {
            _lock: None,
            ..self
        }
    }

    /// Closes the database, and then lets the lock go.
    pub async fn close(self) {
        self.service.close().await;
    }
}

/// Opens everything for a server, which must be the only one on its database.
///
/// # Errors
/// [`BootError`]: locked, or anything that [`open_beside`] refuses.
pub async fn open_alone(config: &Config, env: &Env) -> Result<Core, BootError> {
    open(config, env, Some(lock_alone(config)?)).await
}

pub(crate) fn lock_alone(config: &Config) -> Result<File, BootError> {
    make_folder(&config.data_dir)?;
    lock(&config.lock_path())?.ok_or_else(|| BootError::Locked(config.lock_path()))
}

/// Opens everything for a command, which may run beside a server. The schema is brought up to date only when no
/// server runs: one that runs has done it.
///
/// # Errors
/// [`BootError`]: a file, the database or the keyring cannot be used.
pub async fn open_beside(config: &Config, env: &Env) -> Result<Core, BootError> {
    make_folder(&config.data_dir)?;
    let lock = lock(&config.lock_path())?;
    open(config, env, lock).await
}

/// The same for a command that needs an installation to work on: nothing is made, so that a mistyped folder is told
/// and does not become a second installation.
///
/// # Errors
/// [`BootError`]: there is none, or anything that [`open_beside`] refuses.
pub async fn open_existing(config: &Config, env: &Env) -> Result<Core, BootError> {
    must_exist(config)?;
    open_beside(config, env).await
}

/// The database and the keyring for a command that only looks. It changes nothing and makes nothing, and neither waits
/// for a server nor is in its way.
///
/// # Errors
/// [`BootError`]: there is no installation, or the database or the keyring cannot be used.
pub async fn open_to_read(config: &Config) -> Result<(ReadOnlyDb, Keyring), BootError> {
    must_exist(config)?;
    let keyring = Keyring::load(&config.keyring_path())?;
    let url = config.database_url.clone();
    Ok((ReadOnlyDb::open(&DbSettings { url }).await?, keyring))
}

/// Refuses a place where there is no database, or none of its keyring.
pub(crate) fn must_exist(config: &Config) -> Result<(), BootError> {
    if let Some(path) = config.database_path().filter(|path| !path.exists()) {
        return Err(BootError::NotThere(path));
    }
    if !config.keyring_path().exists() {
        return Err(BootError::KeyringLost(config.keyring_path()));
    }
    Ok(())
}

async fn open(config: &Config, env: &Env, lock: Option<File>) -> Result<Core, BootError> {
    if let Some(path) = config.database_path() {
        make_private(&path).map_err(|source| BootError::File { path, source })?;
    }
    let db = Db::open(&DbSettings {
        url: config.database_url.clone(),
    })
    .await?;
    let keys = keys(config, env, &db).await?;
    if lock.is_some() {
        db.migrate().await?;
    }
    let service = ConsoleService::new(db, keys, env.clone(), rules(config)).await?;
    Ok(Core {
        service,
        _lock: lock,
    })
}

/// What the rules take from the settings.
pub(crate) fn rules(config: &Config) -> ServiceSettings {
    ServiceSettings {
        public_url: config.public_url.clone(),
        token_prefix: config.token_prefix.clone(),
        reveal: config.reveal,
        reauth_window: i64::try_from(config.reauth_window.as_secs()).unwrap_or(i64::MAX),
        token_cache: config.token_cache,
    }
}

/// The keyring; a new one only for a database that knows none yet.
async fn keys(config: &Config, env: &Env, db: &Db) -> Result<Keys, BootError> {
    let path = config.keyring_path();
    match Keys::of(KeyringFile::new(path.clone())) {
        Err(KeyringError::Missing(_)) if db.has_instance().await? => {
            Err(BootError::KeyringLost(path))
        }
        Err(KeyringError::Missing(_)) => {
            Keyring::create(&path, &*env.random, &*env.clock)?;
            tracing::info!(path = %path.display(), "made a keyring; back it up, apart from the database");
            Ok(Keys::of(KeyringFile::new(path))?)
        }
        other => Ok(other?),
    }
}

/// Applies a provisioning file.
///
/// # Errors
/// The file cannot be read, or an entry is wrong; nothing of it was applied.
pub async fn apply(service: &ConsoleService, path: &Path) -> Result<ProvisionReport, BootError> {
    // The file may hold passwords and secrets.
    let text = fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|source| BootError::File {
        path: path.into(),
        source,
    })?;
    let wrong = |source| BootError::Provision {
        path: path.into(),
        source,
    };
    let file = ProvisionFile::parse(text).map_err(wrong)?;
    provision::provision(service, file).await.map_err(wrong)
}

/// Serves until the process is told to stop.
///
/// # Errors
/// [`BootError`], before the first request is taken.
pub async fn serve(config: Config, env: Env) -> Result<(), BootError> {
    let lock = lock_alone(&config)?;
    // Before anything is changed: a port that is taken is no reason to change the database.
    let listener = listen(config.listen).await?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    for doubt in config.doubts() {
        tracing::warn!("{doubt}");
    }
    let Core { service, _lock } = open(&config, &env, Some(lock)).await?;
    let service = Arc::new(service);
    let end = serve_on(listener, metrics, Arc::clone(&service), config, env).await;
    service.close().await;
    end
}

async fn listen(address: SocketAddr) -> Result<TcpListener, BootError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| BootError::Listen { address, source })
}

async fn serve_on(
    listener: TcpListener,
    metrics: Option<TcpListener>,
    service: Arc<ConsoleService>,
    config: Config,
    env: Env,
) -> Result<(), BootError> {
    if let Some(path) = &config.provision {
        let report = apply(&service, path).await?;
        report_provisioning(&report);
    }
    let pending = service.setup_needed().await?;
    tracing::info!(listen = %config.listen, "serving {}", config.public_url);
    if pending {
        announce_setup(&service, &config).await?;
    } else {
        forget_setup(&config)?;
    }
    let options = serve::Options {
        trusted_proxies: config.trusted_proxies.clone(),
        delay: config.shutdown_delay,
        ..serve::Options::default()
    };
    let state = AppState::new(Arc::clone(&service), Arc::new(config), env, pending)?;
    let checkpoints = state.config.audit_checkpoints.clone().map(Checkpoints::new);
    let mut housekeeping = Housekeeping::begin(&service, &state.rates, checkpoints.clone());
    let scraping = metrics.map(|listener| tokio::spawn(serve_metrics(listener, state.clone())));
    let readiness = Arc::clone(&state.readiness);
    let router = http::router(state)?;
    let on_stop = move || readiness.stop();
    let end = tokio::select! {
        () = serve::serve(listener, router, options, on_stop, signals()) => Ok(()),
        () = housekeeping.ended() => Err(BootError::Housekeeping),
    };
    housekeeping.finish().await;
    if let Some(file) = checkpoints {
        note_the_end(&service, &file).await;
    }
    if let Some(scraping) = scraping {
        scraping.abort();
    }
    end
}

/// Serves figures until it is ended with everything else.
async fn serve_metrics(listener: TcpListener, state: AppState) {
    let (_never, stop) = mpsc::channel(1);
    let router = http::metrics::router(state);
    serve::serve(listener, router, serve::Options::default(), || {}, stop).await;
}

fn report_provisioning(report: &ProvisionReport) {
    let ProvisionReport {
        modules,
        accounts,
        users,
        tokens,
        records,
        ..
    } = report;
    tracing::info!(
        modules,
        accounts,
        users,
        tokens,
        records,
        "applied the provisioning file; counted is what was made"
    );
    for difference in &report.differences {
        tracing::warn!("left alone: {difference}");
    }
}

/// Prints the one-time address, and keeps it in a file for whoever cannot see the log.
async fn announce_setup(service: &ConsoleService, config: &Config) -> Result<(), BootError> {
    let code = service.issue_setup_code().await?;
    let address = format!(
        "{}{}?code={}",
        config.public_url,
        href::SETUP,
        code.expose().as_str()
    );
    let path = config.setup_path();
    write_private(&path, &address).map_err(|source| BootError::File { path, source })?;
    tracing::warn!("Nobody has set Latchkey up yet. Open this address within an hour: {address}");
    Ok(())
}

fn forget_setup(config: &Config) -> Result<(), BootError> {
    let path = config.setup_path();
    match fs::remove_file(&path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(BootError::File { path, source })
        }
        _ => Ok(()),
    }
}

/// A message for each signal to stop: SIGTERM from a service manager, SIGINT from the keyboard.
fn signals() -> mpsc::Receiver<()> {
    let (send, receive) = mpsc::channel(2);
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        match signal(kind) {
            Ok(mut signals) => {
                let send = send.clone();
                tokio::spawn(async move {
                    while signals.recv().await.is_some() {
                        // Full means that two are waiting, which is as urgent as it gets.
                        let _ = send.try_send(());
                    }
                });
            }
            Err(error) => tracing::warn!(%error, "a signal to stop will not be heard"),
        }
    }
    receive
}

#[cfg(test)]
mod tests;
