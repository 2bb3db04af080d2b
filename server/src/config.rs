//! The settings: from a file, the environment and flags, the later over the earlier.
//!
//! Owns their names, defaults and limits, and the sentence that stops the start when one is unknown or impossible.
//! It must not open, bind or create anything.

mod source;
mod value;

use app::domain::secret::RevealPolicy;
use figment::{Metadata, value::Value};
use ipnet::IpNet;
use source::{Layer, env_settings, from_file};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    num::NonZero,
    path::{Path, PathBuf},
    time::Duration,
};

/// The file that is read when it is there and `--config` names no other.
pub const DEFAULT_FILE: &str = "latchkey.toml";
/// What the names of environment variables begin with.
pub(crate) const ENV_PREFIX: &str = "LATCHKEY_";
/// Fewer worker threads can make a page wait for ever (leptos issue 4647).
const WORKERS_MIN: usize = 4;
/// How long one entry of the password lasts, unless a setting says otherwise (T-27).
const REAUTH_WINDOW: Duration = Duration::from_mins(15);

/// Requests a minute, unless settings say otherwise (H-7): more than any program needs that does not run wild.
const RATE_TOKEN: u32 = 6_000;
const RATE_ADDRESS: u32 = 12_000;
/// Bytes for tokens that are in use, unless a setting says otherwise: more than 100,000 of the usual kind.
const TOKEN_CACHE: u64 = 80_000_000;

/// Every setting by name, with what is allowed.
const SETTINGS: [(&str, &str); 19] = [
    (
        "listen",
        "Give an address and a port, as in 127.0.0.1:3000 or [::1]:3000.",
    ),
    (
        "public_url",
        "Give the address people type, without a path, as in https://tokens.example.com.",
    ),
    (
        "data_dir",
        "Give a folder, as in ./data or /var/lib/latchkey.",
    ),
    (
        "database_url",
        "Give an SQLite file, as in sqlite:///var/lib/latchkey/latchkey.db.",
    ),
    (
        "trusted_proxies",
        "Give addresses or networks, separated by commas, as in 127.0.0.1, 10.0.0.0/8.",
    ),
    (
        "provision",
        "Give the path of a provisioning file, as in ./provision.json.",
    ),
    ("log_format", "Allowed: text, json."),
    ("log_level", "Allowed: error, warn, info, debug, trace."),
    (
        "token_prefix",
        "Allowed: 2 to 10 lower-case letters and digits that begin with a letter, but not lks.",
    ),
    ("reveal", "Allowed: always, once, never."),
    (
        "reauth_minutes",
        "Allowed: minutes from 0 to 1440; with 0 nobody is asked for his password again.",
    ),
    ("insecure_http", "Allowed: true, false."),
    (
        "worker_threads",
        "Allowed: a number from 2 to 512; 4 or more are recommended.",
    ),
    ("shutdown_delay", "Allowed: seconds from 0 to 60."),
    (
        "rate_limit_token",
        "Allowed: requests a minute of one API token, from 1 to 1000000; 0 for no limit.",
    ),
    (
        "rate_limit_address",
        "Allowed: requests a minute of programs from one address, from 1 to 1000000; 0 for no limit.",
    ),
    (
        "token_cache",
        "Allowed: megabytes of memory for tokens that are in use, from 8 to 65536.",
    ),
    (
        "metrics_listen",
        "Give an address and a port of its own, as in 127.0.0.1:9464, or off.",
    ),
    (
        "audit_checkpoints",
        "Give a file, as in /var/log/latchkey/audit-checkpoints.jsonl, or off.",
    ),
];

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for programs.
    Json,
}

/// Why the start is refused. The text tells the operator what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// There is no setting of this name.
    #[error("There is no setting {name} (found in {found_in}). The settings are: {known}.")]
    Unknown {
        /// The name that was found.
        name: String,
        /// Where.
        found_in: String,
        /// Every name that is allowed.
        known: String,
    },
    /// A setting cannot have this value.
    #[error("The setting {name} (from {found_in}) cannot be {value}. {allowed}")]
    Impossible {
        /// The setting.
        name: &'static str,
        /// Where it was found.
        found_in: String,
        /// What it was, unless it may hold a password.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// The file cannot be read or is not TOML.
    #[error("The settings file {path} cannot be used: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Passwords and secrets would travel readable.
    #[error(
        "Latchkey would listen on {listen} for {public_url}, so passwords and secrets would cross the network \
         unencrypted. Put a proxy with TLS in front and set public_url to its https address, listen on 127.0.0.1, or, \
         for a network you trust fully, start with --i-know-this-is-insecure."
    )]
    Insecure {
        /// Where it would listen.
        listen: SocketAddr,
        /// For which address.
        public_url: String,
    },
}

/// The settings, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address under which people reach it: scheme and host as a browser sends them in `Origin`.
    pub public_url: String,
    /// The folder of the SQLite file, the keyring and the lock.
    pub data_dir: PathBuf,
    /// The database.
    pub database_url: String,
    /// Whose `X-Forwarded-For` is believed (I-34).
    pub trusted_proxies: Vec<IpNet>,
    /// A provisioning file that is applied at start.
    pub provision: Option<PathBuf>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// The least severe lines that are written.
    pub log_level: tracing::Level,
    /// What stands before the `_` of a secret (T-3).
    pub token_prefix: String,
    /// The loosest reveal policy that a token may have (T-29).
    pub reveal: RevealPolicy,
    /// For how long after entering his password a person may see secrets; zero asks never (T-27).
    pub reauth_window: Duration,
    /// Unencrypted HTTP beyond this machine is wanted.
    pub insecure_http: bool,
    /// Threads that serve requests.
    pub worker_threads: usize,
    /// How long `/readyz` says no before the server stops accepting.
    pub shutdown_delay: Duration,
    /// Requests a minute that one API token may send; 0 for no limit (H-7).
    pub rate_limit_token: u32,
    /// Requests a minute that programs of one address may send; 0 for no limit (H-7).
    pub rate_limit_address: u32,
    /// Bytes of memory for tokens that are in use.
    pub token_cache: u64,
    /// Where figures are served for Prometheus; nowhere without it.
    pub metrics_listen: Option<SocketAddr>,
    /// Where checkpoints of the audit trail are written; nowhere without it (L-3).
    pub audit_checkpoints: Option<PathBuf>,
}

impl Config {
    /// The settings from `file` (or the default file, when there is one), `env` and `flags`.
    ///
    /// # Errors
    /// [`ConfigError`], with a sentence for the operator.
    pub fn load(
        file: Option<&Path>,
        env: impl IntoIterator<Item = (String, String)>,
        flags: &BTreeMap<&'static str, String>,
    ) -> Result<Self, ConfigError> {
        let flags = flags
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let figment = from_file(file)?
            .merge(Layer::new("the environment", env_settings(env)))
            .merge(Layer::new("a flag", flags));
        let found: BTreeMap<String, Value> =
            figment.extract().map_err(|error| ConfigError::File {
                path: file.unwrap_or(Path::new(DEFAULT_FILE)).into(),
                reason: error.to_string(),
            })?;
        let found_in = |name: &str| {
            figment
                .find_metadata(name)
                .map(describe)
                .unwrap_or_default()
        };
        if let Some(name) = found
            .keys()
            .find(|name| !SETTINGS.iter().any(|(known, _)| known == name))
        {
            let known: Vec<_> = SETTINGS.iter().map(|(name, _)| *name).collect();
            let known = known.join(", ");
            return Err(ConfigError::Unknown {
                name: name.clone(),
                found_in: found_in(name),
                known,
            });
        }
        Self::check(&Found {
            values: &found,
            found_in: &found_in,
        })
    }

    fn check(found: &Found<'_>) -> Result<Self, ConfigError> {
        let listen = found.get("listen", value::listen)?;
        let listen = listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 3000)));
        let data_dir = found
            .get("data_dir", value::path)?
            .unwrap_or_else(|| "./data".into());
        let local = listen.ip().is_loopback();
        let config = Self {
            listen,
            public_url: found
                .get("public_url", value::public_url)?
                .unwrap_or_else(|| format!("http://{listen}")),
            database_url: found
                .get("database_url", value::database_url)?
                .unwrap_or_else(|| format!("sqlite://{}", data_dir.join("latchkey.db").display())),
            audit_checkpoints: found
                .get("audit_checkpoints", value::path_or_off)?
                .unwrap_or_else(|| Some(data_dir.join("audit-checkpoints.jsonl"))),
            data_dir,
            trusted_proxies: found
                .get("trusted_proxies", value::networks)?
                .unwrap_or_default(),
            provision: found.get("provision", value::path)?,
            log_format: found
                .get("log_format", value::log_format)?
                .unwrap_or(LogFormat::Text),
            log_level: found
                .get("log_level", value::log_level)?
                .unwrap_or(tracing::Level::INFO),
            token_prefix: found
                .get("token_prefix", value::token_prefix)?
                .unwrap_or_else(|| "lk".to_owned()),
            reveal: found.get("reveal", value::reveal)?.unwrap_or_default(),
            reauth_window: found
                .get("reauth_minutes", |text| value::number(text, 0..=1_440))?
                .map_or(REAUTH_WINDOW, |minutes| Duration::from_mins(minutes as u64)),
            insecure_http: found.get("insecure_http", value::switch)?.unwrap_or(false),
            worker_threads: found
                .get("worker_threads", |text| value::number(text, 2..=512))?
                .unwrap_or_else(default_workers),
            shutdown_delay: found
                .get("shutdown_delay", |text| value::number(text, 0..=60))?
                .map_or(Duration::from_secs(if local { 0 } else { 5 }), |seconds| {
                    Duration::from_secs(seconds as u64)
                }),
            rate_limit_token: rate(found, "rate_limit_token", RATE_TOKEN)?,
            rate_limit_address: rate(found, "rate_limit_address", RATE_ADDRESS)?,
            token_cache: found
                .get("token_cache", |text| value::number(text, 8..=65_536))?
                .map_or(TOKEN_CACHE, |megabytes| megabytes as u64 * 1_000_000),
            metrics_listen: found
                .get("metrics_listen", value::other_listen(listen))?
                .flatten(),
        };
        if !config.is_https() && !local && !config.insecure_http {
            let public_url = config.public_url;
            return Err(ConfigError::Insecure { listen, public_url });
        }
        Ok(config)
    }

    /// The database's file; none for a database that is no file.
    #[must_use]
    pub fn database_path(&self) -> Option<PathBuf> {
        value::sqlite_path(&self.database_url)
    }

    /// What is allowed and yet seldom meant, a sentence each.
    #[must_use]
    pub fn doubts(&self) -> Vec<&'static str> {
        let proxy = self.is_https() && self.trusted_proxies.is_empty();
        let workers = self.worker_threads < WORKERS_MIN;
        let metrics = self
            .metrics_listen
            .is_some_and(|address| !address.ip().is_loopback());
        let doubts = [
            metrics.then_some(
                "metrics_listen can be reached from other machines, and no credential is asked for there: keep it on a private \
                 network.",
            ),
            proxy.then_some(
                "public_url is https, so a proxy stands in front, but trusted_proxies is empty: everybody seems to come \
                 from the proxy's address, and the failed tries of one slow down all. Name the proxy.",
            ),
            workers.then_some(
                "worker_threads is below 4: with so few, pages that wait for one another can wait for ever.",
            ),
        ];
        doubts.into_iter().flatten().collect()
    }

    /// Whether people reach Latchkey over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The keyring's file.
    #[must_use]
    pub fn keyring_path(&self) -> PathBuf {
        self.data_dir.join("keyring.json")
    }

    /// The file that holds the set-up address until set-up is done.
    #[must_use]
    pub fn setup_path(&self) -> PathBuf {
        self.data_dir.join("setup-address.txt")
    }

    /// The file whose lock says that a server uses the database.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.database_path().map_or_else(
            || self.data_dir.join("latchkey.lock"),
            |path| {
                let mut name = path.into_os_string();
                name.push(".lock");
                name.into()
            },
        )
    }
}

fn rate(found: &Found<'_>, name: &'static str, usual: u32) -> Result<u32, ConfigError> {
    let given = found.get(name, |text| value::number(text, 0..=1_000_000))?;
    Ok(given.map_or(usual, |rate| u32::try_from(rate).unwrap_or(u32::MAX)))
}

fn default_workers() -> usize {
    std::thread::available_parallelism()
        .map_or(WORKERS_MIN, NonZero::get)
        .max(WORKERS_MIN)
}

fn describe(metadata: &Metadata) -> String {
    metadata.name.to_string()
}

/// What was found, and where.
struct Found<'a> {
    values: &'a BTreeMap<String, Value>,
    found_in: &'a dyn Fn(&str) -> String,
}

impl Found<'_> {
    fn get<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Option<String>>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.values.get(name) else {
            return Ok(None);
        };
        let text = value::text(value);
        let parsed = text.as_deref().ok_or(None).and_then(parse);
        parsed.map(Some).map_err(|reason| ConfigError::Impossible {
            name,
            found_in: (self.found_in)(name),
            value: shown(name, text),
            allowed: reason.unwrap_or_else(|| allowed(name).to_owned()),
        })
    }
}

/// The value for the message. A database address may hold a password, so that is never shown.
fn shown(name: &str, text: Option<String>) -> String {
    match text {
        Some(text) if name != "database_url" => format!("{text:?}"),
        _ => "what it is".to_owned(),
    }
}

fn allowed(name: &str) -> &'static str {
    SETTINGS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, allowed)| allowed)
}

#[cfg(test)]
mod tests;
