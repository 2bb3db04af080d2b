//! The command line, as a person or a program uses it: the built binary on a folder of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy.toml allows these in tests, but does not see that helpers of tests are tests"
)]

#[path = "cli/backup.rs"]
mod backup;
#[path = "cli/checkpoints.rs"]
mod checkpoints;
#[path = "cli/keys.rs"]
mod keys;
#[path = "cli/killed.rs"]
mod killed;
#[path = "cli/killed_bulk.rs"]
mod killed_bulk;
#[path = "cli/restore.rs"]
mod restore;

use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::Value;
use server::{
    boot::{self, Core},
    config::Config,
    env::Env,
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

const PEOPLE: &str = r#"{
    "modules": [{"id": "MOD-0478", "name": "Billing", "code": "billing"}],
    "accounts": [
        {"id": "ACC-0001-0002", "name": "Stark Industries", "type": "Client", "modules": ["billing"]},
        {"id": "ACC-0001-0003", "name": "Wayne", "type": "Client"}
    ],
    "users": [{"id": "USR-0001-0001", "account": "ACC-0001-0002", "name": "Ada", "email": "ada@example.com", "role": "Administrator"}],
    "tokens": [
        {"id": "TKN-1234-0001", "account": "ACC-0001-0002", "name": "Robot 1", "modules": ["billing"],
         "createdBy": "USR-0001-0001", "createdAt": "2026-04-15T12:34:00.000Z", "lastAccessAt": "2026-04-20T08:00:00.000Z"},
        {"id": "TKN-1234-0002", "account": "ACC-0001-0003", "name": "Bat", "createdAt": "2026-04-16T12:34:00.000Z"}
    ]
}"#;

/// A folder with an installation, and what its commands say.
struct Host {
    folder: TempDir,
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    fn json(&self) -> Value {
        let text = if self.code == 0 { &self.out } else { &self.err };
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

impl Host {
    fn new() -> Self {
        let host = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let file = host.folder.path().join("people.json");
        fs::write(&file, PEOPLE).unwrap();
        let made = host.run(&["provision", &file.display().to_string()]);
        assert_eq!(made.code, 0, "{}", made.err);
        host
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Begins to run the binary.
    fn begin(&self, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_latchkey"))
            .args(arguments)
            .env_clear()
            .env("LATCHKEY_DATA_DIR", self.data())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Runs the binary to its end. One that does not end is stopped: none of these commands waits for anything.
    fn run(&self, arguments: &[&str]) -> Said {
        let said = tempfile::tempdir().unwrap();
        let (out, err) = (said.path().join("out"), said.path().join("err"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_latchkey"))
            .args(arguments)
            .env_clear()
            .env("LATCHKEY_DATA_DIR", self.data())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            // Files, since a pipe that nobody empties stops a command that says much.
            .stdout(fs::File::create(&out).unwrap())
            .stderr(fs::File::create(&err).unwrap())
            .spawn()
            .unwrap();
        for _ in 0..1_500 {
            if let Some(status) = child.try_wait().unwrap() {
                return Said {
                    code: status.code().unwrap(),
                    out: fs::read_to_string(&out).unwrap(),
                    err: fs::read_to_string(&err).unwrap(),
                };
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        panic!("{arguments:?} does not end");
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).json()
    }

    fn config(&self) -> Config {
        let data = self.data().display().to_string();
        Config::load(None, [], &BTreeMap::from([("data_dir", data)])).unwrap()
    }

    /// What a server has open while it runs, its lock included.
    async fn server(&self) -> Core {
        boot::open_alone(&self.config(), &Env::real())
            .await
            .unwrap()
    }

    async fn execute(&self, sql: &str) {
        let url = format!("sqlite://{}", self.data().join("latchkey.db").display());
        let conn = Database::connect(url).await.unwrap();
        conn.execute_unprepared(sql).await.unwrap();
        conn.close().await.unwrap();
    }

    /// The first column of the first row, a number.
    async fn ask(&self, sql: &str) -> i64 {
        let url = format!("sqlite://{}", self.data().join("latchkey.db").display());
        let conn = Database::connect(url).await.unwrap();
        let statement = Statement::from_string(conn.get_database_backend(), sql);
        let row = conn.query_one_raw(statement).await.unwrap().unwrap();
        conn.close().await.unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// The name of the one key, in the file and nowhere else, becomes another.
    fn rename_key(&self) -> String {
        let path = self.data().join("keyring.json");
        let text = fs::read_to_string(&path).unwrap();
        let keyring: Value = serde_json::from_str(&text).unwrap();
        let kid = keyring[0]["kid"].as_str().unwrap().to_owned();
        fs::write(&path, text.replace(&kid, "k-of-another")).unwrap();
        kid
    }
}

/// Every file of a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn tokens_are_listed_in_columns_for_people() {
    let host = Host::new();
    let listed = host.run(&["token", "list"]);
    assert_eq!(listed.code, 0, "{}", listed.err);
    assert_eq!(
        listed.out,
        "ID             STATUS    ACCOUNT        CREATED     LAST USED   NAME\n\
         TKN-1234-0001  Active    ACC-0001-0002  2026-04-15  2026-04-20  Robot 1\n\
         TKN-1234-0002  Active    ACC-0001-0003  2026-04-16  never       Bat\n"
    );
    let none = host.run(&["token", "list", "--status", "deleted"]);
    assert_eq!(
        (none.code, none.out.as_str()),
        (0, "No API token is like that.\n")
    );
}

#[test]
fn tokens_are_listed_in_json_for_programs() {
    let host = Host::new();
    let listed = host.json(&["token", "list", "--account", "ACC-0001-0002"]);
    let expected = serde_json::json!([{
        "id": "TKN-1234-0001", "name": "Robot 1", "status": "Active",
        "account": {"id": "ACC-0001-0002", "name": "Stark Industries", "type": "Client", "status": "Active"},
        "modules": [{"id": "MOD-0478", "name": "Billing"}],
        "createdBy": {"id": "USR-0001-0001", "name": "Ada"},
        "createdAt": "2026-04-15T12:34:00.000Z", "lastAccessAt": "2026-04-20T08:00:00.000Z",
    }]);
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn more_tokens_than_a_page_are_all_listed() {
    let host = Host::new();
    host.execute(
        "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 250) \
         INSERT INTO api_token (id, account_id, name, name_fold, description, status, reveal, revision, hint, lookup, \
         pepper_kid, created_at, created_by) \
         SELECT printf('TKN-9999-%04d', n), account_id, name, name_fold, '', status, reveal, 1, hint, \
         CAST('lookup ' || n AS BLOB), pepper_kid, created_at, created_by \
         FROM more, (SELECT * FROM api_token WHERE id = 'TKN-1234-0001')",
    )
    .await;
    let listed = host.json(&["token", "list"]);
    let mut ids: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|token| token["id"].to_string())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 252);
}

#[tokio::test]
async fn a_token_is_disabled_and_enabled_beside_a_running_server_and_recorded() {
    let host = Host::new();
    let server = host.server().await;
    let disabled = host.run(&["token", "disable", "TKN-1234-0001"]);
    assert_eq!(disabled.code, 0, "{}", disabled.err);
    assert_eq!(
        disabled.out,
        "API token \"Robot 1\" (TKN-1234-0001) disabled.\n"
    );
    let listed = host.json(&["token", "list", "--status", "disabled"]);
    assert_eq!(listed[0]["id"], "TKN-1234-0001");
    let again = host.run(&["token", "disable", "TKN-1234-0001"]);
    assert_eq!((again.code, again.out.as_str()), (1, ""));
    assert!(again.err.contains("disabled"), "{}", again.err);
    let enabled = host.json(&["token", "enable", "TKN-1234-0001"]);
    assert_eq!(enabled["status"], "Active");
    assert!(server.service.verify_chain().await.is_ok());
    server.close().await;
    let events = host.json(&["audit", "verify"]);
    assert_eq!(events["verified"], true);
}

#[tokio::test]
async fn the_uses_of_a_token_are_shown_by_day_and_by_hour() {
    let host = Host::new();
    let none = host.run(&["token", "uses", "TKN-1234-0001"]);
    assert_eq!(none.code, 0);
    assert!(
        none.out.contains("was not used in this time"),
        "{}",
        none.out
    );
    let secret = "lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
    let file = format!(
        r#"{{"accounts":[{{"id":"ACC-0009-0009","name":"Late","type":"Client","modules":["access-management"]}}],
            "tokens":[{{"id":"TKN-0009-0009","account":"ACC-0009-0009","name":"Late","modules":["access-management"],"secret":"{secret}"}}]}}"#
    );
    let server = host.server().await;
    let file = server::provision::ProvisionFile::parse(file).unwrap();
    server::provision::provision(&server.service, file)
        .await
        .unwrap();
    for module in ["access-management", "access-management", "audit-trail"] {
        let wanted = server::service::Wanted::all([module]);
        server.service.verify(secret, &wanted, None).await.unwrap();
    }
    server.service.write_uses().await;
    let said = host.run(&["token", "uses", "TKN-0009-0009", "--days", "2"]);
    for part in [
        "allowed",
        " 2  access-management",
        "module_missing",
        " 1  audit-trail",
    ] {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
    let uses = host.json(&["token", "uses", "TKN-0009-0009"]);
    assert_eq!(uses[0]["uses"], 2);
    assert_eq!(uses[0]["outcome"], "allowed");
    assert_eq!(uses[0]["module"]["code"], "access-management");
    assert!(uses[0]["hour"].as_str().unwrap().ends_with(":00:00.000Z"));
    server.close().await;
    assert_eq!(host.run(&["token", "uses", "TKN-9999-9999"]).code, 1);
    assert_eq!(
        host.run(&["token", "uses", "TKN-0009-0009", "--days", "0"])
            .code,
        2
    );
}

#[test]
fn a_token_that_does_not_exist_fails_and_a_text_that_is_no_id_is_wrong_use() {
    let host = Host::new();
    for command in ["disable", "enable"] {
        let nothing = host.run(&["token", command, "TKN-9999-9999"]);
        assert_eq!((nothing.code, nothing.out.as_str()), (1, ""));
        assert!(nothing.err.contains("does not exist"), "{}", nothing.err);
        assert_eq!(host.run(&["token", command, "Robot 1"]).code, 2);
        assert_eq!(host.run(&["token", command]).code, 2);
    }
    assert_eq!(host.run(&["token", "list", "--status", "gone"]).code, 2);
    assert_eq!(host.run(&["token", "list", "--account", "Stark"]).code, 2);
    assert_eq!(host.run(&["audit"]).code, 2);
    assert_eq!(host.run(&["audit", "verify", "--noted", "12"]).code, 2);
    assert_eq!(host.run(&["audit", "verify", "--help"]).code, 0);
}

#[test]
fn a_mistyped_folder_is_told_and_stays_empty() {
    let host = Host::new();
    let elsewhere = host.folder.path().join("elsewhere");
    for command in [["token", "list"], ["audit", "verify"]] {
        let path = elsewhere.display().to_string();
        let refused = host.run(&[&command, ["--data-dir", &path].as_slice()].concat());
        assert_eq!(refused.code, 1);
        assert!(
            refused.err.contains("There is no installation here"),
            "{}",
            refused.err
        );
        assert!(!elsewhere.exists());
    }
}

#[tokio::test]
async fn a_whole_trail_is_told_with_its_length_and_head() {
    let host = Host::new();
    let told = host.run(&["audit", "verify"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let json = host.json(&["audit", "verify"]);
    let (records, head) = (
        json["records"].as_i64().unwrap(),
        json["head"].as_str().unwrap(),
    );
    assert_eq!(
        told.out,
        format!(
            "The audit trail is whole: {records} records.\nIts end, to be noted elsewhere: {records}:{head}\n"
        )
    );
    // The line of today is good tomorrow, when the trail has grown.
    let noted = json["noted"].as_str().unwrap();
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    let grown = host.json(&["audit", "verify", "--noted", noted]);
    assert_eq!(grown["records"], records + 1);
    let other = format!("{records}:{}", "0".repeat(64));
    let refused = host.json(&["audit", "verify", "--noted", &other]);
    assert_eq!(
        (&refused["seq"], &refused["wrong"]),
        (&json["records"], &"not-the-noted".into())
    );
}

#[tokio::test]
async fn verifying_changes_no_file_and_runs_beside_a_server() {
    let host = Host::new();
    let before = files(&host.data());
    assert_eq!(host.run(&["audit", "verify"]).code, 0);
    let kept = |files: BTreeMap<PathBuf, Vec<u8>>| {
        // SQLite makes its working files where none are; they stay empty of changes.
        let is_working = |path: &Path| {
            let name = path.display().to_string();
            name.ends_with("-shm") || name.ends_with("-wal")
        };
        files
            .into_iter()
            .filter(|(path, _)| !is_working(path))
            .collect::<BTreeMap<_, _>>()
    };
    let after = files(&host.data());
    let log = after
        .iter()
        .find(|(path, _)| path.ends_with("latchkey.db-wal"));
    assert!(log.is_none_or(|(_, log)| log.is_empty()));
    assert_eq!(kept(after), kept(before));
    let server = host.server().await;
    server
        .service
        .unlock_address("192.0.2.7".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(host.run(&["audit", "verify"]).code, 0);
    server.close().await;
}

#[tokio::test]
async fn a_broken_trail_fails_and_names_the_first_bad_record() {
    let host = Host::new();
    host.execute(
        "DROP TRIGGER audit_record_keeps_lines; \
         UPDATE audit_record SET summary = 'nothing happened' WHERE seq IN (3, 5)",
    )
    .await;
    let told = host.run(&["audit", "verify"]);
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    let json = host.json(&["audit", "verify"]);
    assert_eq!(
        (&json["verified"], &json["seq"], &json["wrong"]),
        (&false.into(), &3.into(), &"changed".into())
    );
    let id = json["id"].as_str().unwrap();
    assert!(id.starts_with("AUD-"), "{json}");
    let begins = format!("The audit trail is broken: record 3 ({id}) is not what was written");
    assert!(told.err.starts_with(&begins), "{}", told.err);
    assert_eq!(json["error"], told.err.trim_end());
}

#[test]
fn a_start_without_a_key_that_the_database_needs_is_refused_and_says_what_to_do() {
    let host = Host::new();
    let kid = host.rename_key();
    for command in [
        ["serve", "--listen=127.0.0.1:0"].as_slice(),
        &["migrate"],
        &["token", "list"],
    ] {
        let refused = host.run(command);
        assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{command:?}");
        assert!(
            refused.err.contains(&format!("no key \"{kid}\"")),
            "{}",
            refused.err
        );
        assert!(
            refused
                .err
                .contains("put back the keyring that belongs to this database"),
            "{}",
            refused.err
        );
    }
    // Verifying names the record, since that is what it is asked for.
    let json = host.json(&["audit", "verify"]);
    assert_eq!(
        (&json["seq"], &json["wrong"]),
        (&1.into(), &"unknown-key".into())
    );
    assert!(json["error"].as_str().unwrap().contains(&kid));
}

#[test]
fn a_start_without_the_keyring_is_refused_says_what_to_do_and_makes_none() {
    let host = Host::new();
    let path = host.data().join("keyring.json");
    fs::remove_file(&path).unwrap();
    for command in [
        ["serve", "--listen=127.0.0.1:0"].as_slice(),
        &["migrate"],
        &["token", "list"],
        &["audit", "verify"],
    ] {
        let refused = host.run(command);
        assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{command:?}");
        assert!(
            refused.err.contains("Put the keyring back from its backup"),
            "{}",
            refused.err
        );
        assert!(!path.exists(), "{command:?}");
    }
}
