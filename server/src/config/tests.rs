use super::*;

fn load(env: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
    let env = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let flags = flags
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    Config::load(None, env, &flags)
}

fn load_file(text: &str) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(Some(&path), [], &BTreeMap::new())
}

fn complaint(name: &str, value: &str) -> String {
    let error = load(
        &[(&format!("LATCHKEY_{}", name.to_uppercase()), value)],
        &[],
    )
    .unwrap_err();
    assert!(
        matches!(error, ConfigError::Impossible { .. }),
        "{name}={value}: {error}"
    );
    let text = error.to_string();
    assert!(
        text.contains(name) && text.contains("the environment"),
        "{text}"
    );
    text
}

#[test]
fn without_settings_it_serves_this_machine_from_the_data_folder() {
    let config = load(&[], &[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url, "http://127.0.0.1:3000");
    assert_eq!(config.database_url, "sqlite://./data/latchkey.db");
    assert_eq!(config.lock_path(), Path::new("./data/latchkey.db.lock"));
    assert_eq!(
        (config.token_prefix.as_str(), config.log_format),
        ("lk", LogFormat::Text)
    );
    assert!(config.worker_threads >= 4);
    assert_eq!(config.shutdown_delay, Duration::ZERO);
}

#[test]
fn checkpoints_are_written_beside_the_keyring_unless_a_setting_says_otherwise() {
    let path = |env: &[(&str, &str)]| load(env, &[]).unwrap().audit_checkpoints;
    let usual = path(&[("LATCHKEY_DATA_DIR", "/srv/latchkey")]);
    let usual = usual.unwrap();
    assert_eq!(usual, Path::new("/srv/latchkey/audit-checkpoints.jsonl"));
    let elsewhere = path(&[("LATCHKEY_AUDIT_CHECKPOINTS", "/mnt/log/a.jsonl")]);
    assert_eq!(elsewhere.unwrap(), Path::new("/mnt/log/a.jsonl"));
    assert_eq!(path(&[("LATCHKEY_AUDIT_CHECKPOINTS", "off")]), None);
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(
        &path,
        "listen = '127.0.0.1:1'\nlog_format = 'json'\ntoken_prefix = 'ab'",
    )
    .unwrap();
    let env = [
        ("LATCHKEY_LISTEN", "127.0.0.1:2"),
        ("LATCHKEY_TOKEN_PREFIX", "cd"),
        ("OTHER", "x"),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let flags = BTreeMap::from([("listen", "127.0.0.1:3".to_owned())]);
    let config = Config::load(Some(&path), env, &flags).unwrap();
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.token_prefix, "cd");
    assert_eq!(config.log_format, LogFormat::Json);
}

#[test]
fn a_file_may_use_lists_numbers_and_truth_values() {
    let text =
        "trusted_proxies = ['127.0.0.1', '10.0.0.0/8']\nworker_threads = 6\ninsecure_http = true";
    let config = load_file(text).unwrap();
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!((config.worker_threads, config.insecure_http), (6, true));
}

#[test]
fn an_unknown_setting_stops_the_start_and_the_known_ones_are_named() {
    let error = load(&[("LATCHKEY_LISTN", "x")], &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("listn") && error.contains("listen, public_url"),
        "{error}"
    );
    let error = load_file("colour = 'red'").unwrap_err().to_string();
    assert!(
        error.contains("colour") && error.contains("settings.toml"),
        "{error}"
    );
}

#[test]
fn variables_that_others_set_and_empty_ones_are_no_settings() {
    let env = [
        ("LATCHKEY_PORT", "tcp://10.0.0.1:80"),
        ("LATCHKEY_PORT_3000_TCP", "x"),
        ("LATCHKEY_SERVICE_HOST", "10.0.0.1"),
        ("LATCHKEY_TOOLS", "/tools"),
        ("LATCHKEY_CONFIG", "x.toml"),
        ("LATCHKEY_LISTEN", ""),
    ];
    assert_eq!(load(&env, &[]), load(&[], &[]));
}

#[test]
fn every_impossible_value_is_refused_by_name() {
    for (name, value) in [
        ("listen", "localhost"),
        ("listen", "3000"),
        ("listen", "127.0.0.1:99999"),
        ("public_url", "tokens.example.com"),
        ("public_url", "ftp://tokens.example.com"),
        ("public_url", "https://user@tokens.example.com"),
        ("public_url", "https://tokens.example.com:x"),
        ("public_url", "https://tokens.example.com/console"),
        ("public_url", "https://tokens.example.com?x=1"),
        ("database_url", "mysql://x"),
        ("database_url", "sqlite:"),
        ("trusted_proxies", "10.0.0.0/8, everyone"),
        ("log_format", "xml"),
        ("log_level", "loud"),
        ("log_level", "3"),
        ("token_prefix", "LK"),
        ("token_prefix", "lks"),
        ("reveal", "sometimes"),
        ("reveal", "Always"),
        ("reauth_minutes", "-1"),
        ("reauth_minutes", "1441"),
        ("reauth_minutes", "15m"),
        ("insecure_http", "maybe"),
        ("worker_threads", "0"),
        ("worker_threads", "many"),
        ("shutdown_delay", "61"),
        ("shutdown_delay", "-1"),
    ] {
        complaint(name, value);
    }
    assert!(complaint("log_format", "xml").ends_with("Allowed: text, json."));
}

#[test]
fn postgresql_is_refused_with_the_reason_and_without_its_password() {
    for url in ["postgres://u:hunter2@db/x", "postgresql://u:hunter2@db/x"] {
        let text = complaint("database_url", url);
        assert!(
            text.contains("PostgreSQL comes later") && !text.contains("hunter2"),
            "{text}"
        );
    }
    assert!(complaint("database_url", "sqlite::memory:").contains("lost at every stop"));
}

#[test]
fn the_public_address_becomes_what_a_browser_calls_the_origin() {
    for (given, origin) in [
        ("https://Tokens.Example.com/", "https://tokens.example.com"),
        (
            "https://tokens.example.com:443",
            "https://tokens.example.com",
        ),
        (
            "https://tokens.example.com:8443",
            "https://tokens.example.com:8443",
        ),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ] {
        assert_eq!(
            load(&[], &[("public_url", given)]).unwrap().public_url,
            origin
        );
    }
}

#[test]
fn unencrypted_http_beyond_this_machine_needs_the_flag() {
    let open = [("LATCHKEY_LISTEN", "0.0.0.0:3000")];
    let error = load(&open, &[]).unwrap_err();
    assert!(
        error.to_string().contains("--i-know-this-is-insecure"),
        "{error}"
    );
    assert!(load(&open, &[("insecure_http", "true")]).is_ok());
    let config = load(&open, &[("public_url", "https://tokens.example.com")]).unwrap();
    assert_eq!(config.shutdown_delay, Duration::from_secs(5));
    assert!(load(&[], &[("listen", "[::1]:3000")]).is_ok());
}

#[test]
fn a_named_file_must_be_there_and_be_toml() {
    let missing = Config::load(Some(Path::new("/nowhere/x.toml")), [], &BTreeMap::new());
    assert!(missing.unwrap_err().to_string().contains("/nowhere/x.toml"));
    assert!(matches!(
        load_file("listen = ").unwrap_err(),
        ConfigError::File { .. }
    ));
    assert!(matches!(
        load_file("[listen]\nx = 1").unwrap_err(),
        ConfigError::Impossible { .. }
    ));
}

#[test]
fn a_proxy_that_nobody_named_and_too_few_threads_are_doubted() {
    let doubts = |flags: &[(&'static str, &str)]| {
        let flags = flags
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        Config::load(None, [], &flags.collect())
            .unwrap()
            .doubts()
            .len()
    };
    assert_eq!(doubts(&[]), 0);
    assert_eq!(doubts(&[("public_url", "https://t.example")]), 1);
    let named = [
        ("public_url", "https://t.example"),
        ("trusted_proxies", "10.0.0.1"),
    ];
    assert_eq!(doubts(&named), 0);
    assert_eq!(doubts(&[("worker_threads", "2")]), 1);
}

#[test]
fn secrets_can_be_seen_for_15_minutes_after_the_password_unless_it_is_set_otherwise() {
    let config = load(&[], &[]).unwrap();
    assert_eq!(
        (config.reveal, config.reauth_window.as_secs()),
        (RevealPolicy::Always, 900)
    );
    let env = [
        ("LATCHKEY_REVEAL", "once"),
        ("LATCHKEY_REAUTH_MINUTES", "0"),
    ];
    let config = load(&env, &[]).unwrap();
    assert_eq!(
        (config.reveal, config.reauth_window),
        (RevealPolicy::Once, Duration::ZERO)
    );
    let config = load_file("reveal = 'never'\nreauth_minutes = 1440").unwrap();
    assert_eq!(
        (config.reveal, config.reauth_window.as_secs()),
        (RevealPolicy::Never, 86_400)
    );
    let refused = complaint("reveal", "sometimes");
    assert!(
        refused.ends_with("Allowed: always, once, never."),
        "{refused}"
    );
}
