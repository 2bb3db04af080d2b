//! The settings as flags. Owns their names on the command line; what they mean is `config`'s.

use clap::Args;
use std::{collections::BTreeMap, path::PathBuf};

/// Every setting, and the file that holds the others.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub(super) struct Settings {
    /// The settings file [default: latchkey.toml, if there]
    #[arg(long, global = true, env = "LATCHKEY_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:3000]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The address people type [default: http:// and the listen address]
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// The folder of the database and the keyring [default: ./data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// The database [default: latchkey.db in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, separated by commas [default: none]
    #[arg(long, global = true, value_name = "NETWORKS")]
    trusted_proxies: Option<String>,
    /// A provisioning file to apply at start [default: none]
    #[arg(long, global = true, value_name = "FILE")]
    provision: Option<String>,
    /// How log lines look: text or json [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
    /// The least severe log lines to write: error, warn, info, debug or trace [default: info]
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
    /// What a token's secret begins with, before the underscore [default: lk]
    #[arg(long, global = true, value_name = "PREFIX")]
    token_prefix: Option<String>,
    /// Who may see a secret later, at most: always, once or never [default: always]
    #[arg(long, global = true, value_name = "POLICY")]
    reveal: Option<String>,
    /// Minutes after which seeing a secret needs the password again, 0 for never [default: 15]
    #[arg(long, global = true, value_name = "MINUTES")]
    reauth_minutes: Option<String>,
    /// Threads that serve requests [default: one for each core, at least 4]
    #[arg(long, global = true, value_name = "NUMBER")]
    worker_threads: Option<String>,
    /// Seconds between "not ready" and the end of accepting [default: 5, on this machine alone 0]
    #[arg(long, global = true, value_name = "SECONDS")]
    shutdown_delay: Option<String>,
    /// Requests a minute that one API token may send, 0 for no limit [default: 6000]
    #[arg(long, global = true, value_name = "NUMBER")]
    rate_limit_token: Option<String>,
    /// Requests a minute that programs of one address may send, 0 for no limit [default: 12000]
    #[arg(long, global = true, value_name = "NUMBER")]
    rate_limit_address: Option<String>,
    /// Megabytes of memory for tokens that are in use [default: 80]
    #[arg(long, global = true, value_name = "MEGABYTES")]
    token_cache: Option<String>,
    /// Where figures are served for Prometheus, apart from everything else, or off [default: off]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    metrics_listen: Option<String>,
    /// The file of the audit trail's signed checkpoints, or off [default: audit-checkpoints.jsonl in the data folder]
    #[arg(long, global = true, value_name = "FILE")]
    audit_checkpoints: Option<String>,
    /// Serve unencrypted HTTP beyond this machine, passwords and secrets included
    #[arg(long = "i-know-this-is-insecure", global = true)]
    insecure_http: bool,
}

impl Settings {
    /// The settings that were given, by name.
    pub(super) fn flags(&self) -> BTreeMap<&'static str, String> {
        let given = [
            ("listen", &self.listen),
            ("public_url", &self.public_url),
            ("data_dir", &self.data_dir),
            ("database_url", &self.database_url),
            ("trusted_proxies", &self.trusted_proxies),
            ("provision", &self.provision),
            ("log_format", &self.log_format),
            ("log_level", &self.log_level),
            ("token_prefix", &self.token_prefix),
            ("reveal", &self.reveal),
            ("reauth_minutes", &self.reauth_minutes),
            ("worker_threads", &self.worker_threads),
            ("shutdown_delay", &self.shutdown_delay),
            ("rate_limit_token", &self.rate_limit_token),
            ("rate_limit_address", &self.rate_limit_address),
            ("token_cache", &self.token_cache),
            ("metrics_listen", &self.metrics_listen),
            ("audit_checkpoints", &self.audit_checkpoints),
        ];
        let given = given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)));
        given
            .chain(
                self.insecure_http
                    .then(|| ("insecure_http", "true".to_owned())),
            )
            .collect()
    }
}
