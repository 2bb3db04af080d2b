//! Putting the server together: data folder, lock, database, keyring, rules, provisioning, router.
//!
//! Owns the order of these steps and what each refuses. It must not know HTTP beyond the finished router.

use crate::{
    config::Config,
    env::Env,
    http::{self, serve},
    provision::{self, ProvisionError, ProvisionFile, ProvisionReport},
    repo::{Db, DbSettings, StoreError},
    secret::keyring::{Keyring, KeyringError},
    service::{ConsoleService, ServiceError, ServiceSettings},
    state::AppState,
};
use app::{error::ApiError, href};
use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

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
        address: std::net::SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
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

/// Opens everything for a server, which must be the only one on its database.
///
/// # Errors
/// [`BootError`]: locked, or anything that [`open_beside`] refuses.
pub async fn open_alone(config: &Config, env: &Env) -> Result<Core, BootError> {
    make_folder(&config.data_dir)?;
    let lock = lock(&config.lock_path())?.ok_or_else(|| BootError::Locked(config.lock_path()))?;
    open(config, env, Some(lock)).await
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

async fn open(config: &Config, env: &Env, lock: Option<File>) -> Result<Core, BootError> {
    let db = Db::open(&DbSettings {
        url: config.database_url.clone(),
    })
    .await?;
    let keyring = keyring(config, env, &db).await?;
    if lock.is_some() {
        db.migrate().await?;
    }
    let settings = ServiceSettings {
        public_url: config.public_url.clone(),
        token_prefix: config.token_prefix.clone(),
    };
    let service = ConsoleService::new(db, Arc::new(keyring), env.clone(), settings).await?;
    Ok(Core {
        service,
        _lock: lock,
    })
}

/// The keyring; a new one only for a database that knows none yet.
async fn keyring(config: &Config, env: &Env, db: &Db) -> Result<Keyring, BootError> {
    let path = config.keyring_path();
    match Keyring::load(&path) {
        Err(KeyringError::Missing(_)) if db.has_instance().await? => {
            Err(BootError::KeyringLost(path))
        }
        Err(KeyringError::Missing(_)) => {
            let keyring = Keyring::create(&path, &*env.random, &*env.clock)?;
            tracing::info!(path = %path.display(), "made a keyring; back it up, apart from the database");
            Ok(keyring)
        }
        other => Ok(other?),
    }
}

/// Applies a provisioning file.
///
/// # Errors
/// The file cannot be read, or an entry is wrong; nothing of it was applied.
pub async fn apply(service: &ConsoleService, path: &Path) -> Result<ProvisionReport, BootError> {
    let text = fs::read_to_string(path).map_err(|source| BootError::File {
        path: path.into(),
        source,
    })?;
    let wrong = |source| BootError::Provision {
        path: path.into(),
        source,
    };
    let file = ProvisionFile::parse(&text).map_err(wrong)?;
    provision::provision(service, file).await.map_err(wrong)
}

/// Serves until the process is told to stop.
///
/// # Errors
/// [`BootError`], before the first request is taken.
pub async fn serve(config: Config, env: Env) -> Result<(), BootError> {
    let Core { service, _lock } = open_alone(&config, &env).await?;
    if let Some(path) = &config.provision {
        let report = apply(&service, path).await?;
        report_provisioning(&report);
    }
    let pending = service.setup_needed().await?;
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.map_err(|source| BootError::Listen {
        address: config.listen,
        source,
    })?;
    tracing::info!(listen = %config.listen, "serving {}", config.public_url);
    if pending {
        announce_setup(&service, &config).await?;
    } else {
        forget_setup(&config)?;
    }
    let options = serve::Options {
        trusted_proxies: config.trusted_proxies.clone(),
        delay: config.shutdown_delay,
    };
    let state = AppState::new(Arc::new(service), Arc::new(config), env, pending);
    let readiness = Arc::clone(&state.readiness);
    let router = http::router(state)?;
    serve::serve(
        listener,
        router,
        options,
        move || readiness.stop(),
        signals(),
    )
    .await;
    Ok(())
}

fn report_provisioning(report: &ProvisionReport) {
    let ProvisionReport {
        modules,
        accounts,
        users,
        tokens,
        ..
    } = report;
    tracing::info!(
        modules,
        accounts,
        users,
        tokens,
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

/// Makes the data folder, closed to other users of the machine. One that is there keeps its rights.
fn make_folder(path: &Path) -> Result<(), BootError> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path);
    made.map_err(|source| BootError::File {
        path: path.into(),
        source,
    })
}

/// The lock, unless another process has it. It goes with the process, however that ends.
fn lock(path: &Path) -> Result<Option<File>, BootError> {
    let failed = |source| BootError::File {
        path: path.into(),
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Writes a file that only its owner can read, in place of an older one.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{text}")
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
mod tests {
    use super::*;
    use crate::env::{MockClock, SeededRandom};
    use app::domain::time::Timestamp;
    use std::collections::BTreeMap;

    fn config(folder: &Path) -> Config {
        let flags = BTreeMap::from([("data_dir", folder.join("data").display().to_string())]);
        Config::load(None, [], &flags).unwrap()
    }

    fn env() -> Env {
        let clock = Arc::new(MockClock::new(Timestamp(1_776_256_440_000_000)));
        Env {
            clock,
            random: Arc::new(SeededRandom::new(1)),
        }
    }

    #[tokio::test]
    async fn a_second_server_is_refused_and_a_command_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let first = open_alone(&config, &env()).await.unwrap();
        let second = open_alone(&config, &env()).await;
        assert!(matches!(second, Err(BootError::Locked(_))));
        assert!(open_beside(&config, &env()).await.is_ok());
        drop(first);
        assert!(open_alone(&config, &env()).await.is_ok());
    }

    #[tokio::test]
    async fn a_database_whose_keyring_is_lost_gets_no_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        drop(open_alone(&config, &env()).await.unwrap());
        fs::remove_file(config.keyring_path()).unwrap();
        let again = open_alone(&config, &env()).await;
        assert!(matches!(again, Err(BootError::KeyringLost(_))));
        assert!(!config.keyring_path().exists());
    }

    #[tokio::test]
    async fn the_set_up_address_is_kept_where_only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let core = open_alone(&config, &env()).await.unwrap();
        announce_setup(&core.service, &config).await.unwrap();
        let first = fs::read_to_string(config.setup_path()).unwrap();
        assert!(
            first.starts_with("http://127.0.0.1:3000/setup?code=lks_") && first.ends_with('\n'),
            "{first}"
        );
        assert_eq!(
            fs::metadata(config.setup_path())
                .unwrap()
                .permissions()
                .mode()
                & 0o777,
            0o600
        );
        assert_eq!(
            fs::metadata(&config.data_dir).unwrap().permissions().mode() & 0o777,
            0o700
        );
        announce_setup(&core.service, &config).await.unwrap();
        assert_ne!(fs::read_to_string(config.setup_path()).unwrap(), first);
        forget_setup(&config).unwrap();
        assert!(!config.setup_path().exists());
    }
}
