//! `latchkey restore`: a drill, and everything that is refused.

use super::*;
use app::{
    domain::{lifecycle::TokenAction, secret::RevealPolicy, token::TokenEdit},
    port::{Console as _, Origin},
};
use server::service::system;

/// An installation, and a backup of it as it is made.
fn backed_up() -> (Host, String) {
    let host = Host::new();
    let file = host.folder.path().join("kept.db").display().to_string();
    let made = host.run(&["backup", &file]);
    assert_eq!(made.code, 0, "{}", made.err);
    (host, file)
}

fn status(host: &Host, id: &str) -> Option<String> {
    for status in ["active", "disabled", "deleted"] {
        let listed = host.json(&["token", "list", "--status", status]);
        let mut tokens = listed.as_array().unwrap().iter();
        if tokens.any(|token| token["id"] == id) {
            return Some(status.to_owned());
        }
    }
    None
}

fn kept(host: &Host) -> Vec<PathBuf> {
    let files = files(&host.data());
    let is_kept = |path: &PathBuf| path.display().to_string().contains(".replaced-");
    files.into_keys().filter(is_kept).collect()
}

#[tokio::test]
async fn a_restored_backup_revives_nothing_that_was_ended_since() {
    let host = Host::new();
    let file = r#"{"tokens":[
        {"id":"TKN-1234-0003","account":"ACC-0001-0002","name":"Stays","modules":["billing"],"secret":"lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"},
        {"id":"TKN-1234-0004","account":"ACC-0001-0002","name":"Goes","modules":["billing"]}]}"#;
    let path = host.folder.path().join("more.json");
    fs::write(&path, file).unwrap();
    assert_eq!(
        host.run(&["provision", &path.display().to_string()]).code,
        0
    );
    let backup = host.folder.path().join("kept.db").display().to_string();
    assert_eq!(host.run(&["backup", &backup]).code, 0);

    // What happens after the backup.
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    assert_eq!(
        host.run(&["user", "disable", "ada@example.com"]).code,
        1,
        "the last Administrator stays"
    );
    let server = host.server().await;
    let gone = "TKN-1234-0004".parse().unwrap();
    server
        .service
        .change_token_status(&system(), gone, TokenAction::Delete, None)
        .await
        .unwrap();
    let refused = host.run(&["restore", &backup]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(
        refused.err.contains("Another Latchkey uses this database"),
        "{}",
        refused.err
    );
    server.close().await;

    let said = host.json(&["restore", &backup]);
    assert_eq!(said["proven"], true, "{said}");
    let ended = said["ended"].as_array().unwrap();
    let expected = [
        serde_json::json!({"id": "TKN-1234-0001", "why": "disabled"}),
        serde_json::json!({"id": "TKN-1234-0004", "why": "deleted"}),
    ];
    assert_eq!(ended.as_slice(), expected);
    assert_eq!(status(&host, "TKN-1234-0001").as_deref(), Some("disabled"));
    assert_eq!(status(&host, "TKN-1234-0002").as_deref(), Some("active"));
    assert_eq!(status(&host, "TKN-1234-0004").as_deref(), Some("deleted"));
    assert_eq!(kept(&host).len(), 1);
    assert_eq!(host.run(&["audit", "verify"]).code, 0);
    let server = host.server().await;
    let wanted = server::service::Wanted::all(["billing"]);
    let secret = "lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
    let verdict = server.service.verify(secret, &wanted, None).await.unwrap();
    assert!(matches!(verdict, server::service::Verdict::Allowed(_)));
    server.close().await;
}

const PEOPLE_AND_TOKENS: &str = r#"{
    "users": [
        {"id":"USR-0001-0002","account":"ACC-0001-0002","name":"Bob","email":"bob@example.com","role":"Administrator","password":"tide lamp orbit 42"}],
    "tokens": [
        {"id":"TKN-1234-0005","account":"ACC-0001-0002","name":"Narrowed","modules":["billing"]},
        {"id":"TKN-1234-0006","account":"ACC-0001-0002","name":"Tightened","modules":["billing"]}]}"#;

#[tokio::test]
async fn people_passwords_sign_ins_modules_and_destroyed_secrets_do_not_come_back_either() {
    let host = Host::new();
    let path = host.folder.path().join("more.json");
    fs::write(&path, PEOPLE_AND_TOKENS).unwrap();
    assert_eq!(
        host.run(&["provision", &path.display().to_string()]).code,
        0
    );
    let origin = Origin::default();
    let core = host.server().await;
    let (old, new) = ("tide lamp orbit 42", "quiet harbour lantern 7");
    core.service
        .sign_in("bob@example.com", old.into(), &origin)
        .await
        .unwrap();
    core.close().await;
    host.execute("INSERT INTO invitation VALUES ('USR-0001-0001', x'01', 1, 1, '')")
        .await;
    let backup = host.folder.path().join("kept.db").display().to_string();
    assert_eq!(host.run(&["backup", &backup]).code, 0);

    let core = host.server().await;
    core.service
        .set_password("bob@example.com", new.into())
        .await
        .unwrap();
    core.service.disable_user("ada@example.com").await.unwrap();
    let narrowed = edit(&core, "TKN-1234-0005").await;
    let narrowed = TokenEdit {
        modules: Vec::new(),
        ..narrowed
    };
    let tightened = edit(&core, "TKN-1234-0006").await;
    let tightened = TokenEdit {
        reveal: RevealPolicy::Never,
        ..tightened
    };
    for (id, edit) in [("TKN-1234-0005", narrowed), ("TKN-1234-0006", tightened)] {
        let id = id.parse().unwrap();
        core.service.edit_token(&system(), id, &edit).await.unwrap();
    }
    core.close().await;

    let said = host.json(&["restore", &backup]);
    assert_eq!(said["proven"], true, "{said}");
    assert_eq!(
        said["ended"],
        serde_json::json!([{"id": "TKN-1234-0005", "why": "narrowed"}])
    );
    assert_eq!(said["secretsDestroyed"], 1);
    assert_eq!(
        said["usersDisabled"],
        serde_json::json!(["ada@example.com"])
    );
    assert_eq!(
        said["passwordsKept"],
        serde_json::json!(["bob@example.com"])
    );
    assert_eq!(said["signInsEnded"], 1);
    assert_eq!(status(&host, "TKN-1234-0005").as_deref(), Some("disabled"));
    let left = host.ask("SELECT count(*) FROM invitation").await;
    assert_eq!(left, 0);
    let core = host.server().await;
    assert!(
        core.service
            .sign_in("bob@example.com", old.into(), &origin)
            .await
            .is_err()
    );
    let users = core.service.list_users().await.unwrap();
    let ada = users
        .iter()
        .find(|user| user.email == "ada@example.com")
        .unwrap();
    assert_eq!(ada.status.as_str(), "Disabled");
    core.service.unlock_user("bob@example.com").await.unwrap();
    core.service
        .sign_in("bob@example.com", new.into(), &origin)
        .await
        .unwrap();
    core.service.verify_chain().await.unwrap();
    core.close().await;
}

/// The form of a token as it stands.
async fn edit(core: &Core, id: &str) -> TokenEdit {
    let token = core
        .service
        .get_token(&system(), id.parse().unwrap())
        .await
        .unwrap();
    TokenEdit {
        revision: token.revision,
        name: token.name,
        description: token.description,
        icon: token.icon,
        reveal: token.reveal,
        modules: token.modules.iter().map(|module| module.id).collect(),
    }
}

#[test]
fn without_a_newer_database_every_token_starts_disabled_and_is_listed() {
    let (host, file) = backed_up();
    fs::remove_file(host.data().join("latchkey.db")).unwrap();
    let said = host.run(&["restore", &file]);
    assert_eq!(said.code, 0, "{}", said.err);
    for part in [
        "Nothing proves what was revoked after the backup: there was no database to compare with",
        "TKN-1234-0001 disabled: nothing is known of it since",
        "TKN-1234-0002 disabled",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    assert_eq!(status(&host, "TKN-1234-0001").as_deref(), Some("disabled"));
    assert!(kept(&host).is_empty());
    // Whoever knows better says so.
    fs::remove_file(host.data().join("latchkey.db")).unwrap();
    let said = host.json(&["restore", &file, "--keep-unproven"]);
    assert_eq!(
        (&said["proven"], &said["ended"]),
        (&false.into(), &serde_json::json!([]))
    );
    assert_eq!(status(&host, "TKN-1234-0001").as_deref(), Some("active"));
}

#[tokio::test]
async fn a_database_that_cannot_be_read_or_was_tampered_with_proves_nothing_and_is_kept() {
    let (host, file) = backed_up();
    let database = host.data().join("latchkey.db");
    fs::write(
        &database,
        "no database at all, but somebody may want to look at it",
    )
    .unwrap();
    let said = host.json(&["restore", &file]);
    assert_eq!(said["proven"], false);
    assert!(
        said["whyUnproven"]
            .as_str()
            .unwrap()
            .contains("cannot be read"),
        "{said}"
    );
    let kept = kept(&host);
    assert_eq!(kept.len(), 1);
    assert!(
        fs::read_to_string(&kept[0])
            .unwrap()
            .starts_with("no database")
    );

    let (host, file) = backed_up();
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    host.execute("DROP TRIGGER audit_record_keeps_lines; UPDATE audit_record SET summary = 'x' WHERE seq = 2")
        .await;
    let said = host.json(&["restore", &file]);
    assert!(
        said["whyUnproven"].as_str().unwrap().contains("record 2"),
        "{said}"
    );
    assert_eq!(said["ended"].as_array().unwrap().len(), 2);

    let (host, file) = backed_up();
    host.execute("UPDATE instance SET instance_id = 'elsewhere'")
        .await;
    let said = host.json(&["restore", &file]);
    assert!(
        said["whyUnproven"]
            .as_str()
            .unwrap()
            .contains("belongs to another installation"),
        "{said}"
    );
}

#[test]
fn an_older_database_proves_nothing_of_a_newer_backup() {
    let (host, old) = backed_up();
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    let new = host.folder.path().join("newer.db").display().to_string();
    assert_eq!(host.run(&["backup", &new]).code, 0);
    fs::copy(&old, host.data().join("latchkey.db")).unwrap();
    let said = host.json(&["restore", &new]);
    assert!(
        said["whyUnproven"]
            .as_str()
            .unwrap()
            .contains("older than the backup"),
        "{said}"
    );
    assert_eq!(status(&host, "TKN-1234-0001").as_deref(), Some("disabled"));
    assert_eq!(status(&host, "TKN-1234-0002").as_deref(), Some("disabled"));
}

#[tokio::test]
async fn what_is_no_good_backup_is_refused_and_changes_nothing() {
    let (host, file) = backed_up();
    let before = fs::read(host.data().join("latchkey.db")).unwrap();
    let other = |name: &str| host.folder.path().join(name).display().to_string();
    let refused = |file: &str, part: &str| {
        let said = host.run(&["restore", file]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{file}");
        assert!(said.err.contains(part), "{part}: {}", said.err);
        assert_eq!(fs::read(host.data().join("latchkey.db")).unwrap(), before);
        assert!(!host.data().join("latchkey.db.restoring").exists());
    };
    refused(&other("none.db"), "There is no file");
    refused("data/latchkey.db", "is the database itself");
    fs::write(
        other("text.db"),
        "this is a text, and a long one, which is no database of anybody's at all",
    )
    .unwrap();
    refused(&other("text.db"), "no good backup");
    let change = async |name: &str, sql: &str| {
        let path = other(name);
        fs::copy(&file, &path).unwrap();
        let conn = Database::connect(format!("sqlite://{path}")).await.unwrap();
        conn.execute_unprepared(sql).await.unwrap();
        conn.close().await.unwrap();
        path
    };
    let path = change("empty.db", "DROP TABLE instance").await;
    refused(&path, "no database of Latchkey's");
    let path = change(
        "newer.db",
        "INSERT INTO seaql_migrations VALUES ('m9999_later', 0)",
    )
    .await;
    refused(&path, "newer version of Latchkey");
    let path = change("changed.db", "DROP TRIGGER audit_record_keeps_lines; UPDATE audit_record SET summary = 'x' WHERE seq = 2").await;
    refused(&path, "record 2");
    let path = change(
        "foreign.db",
        "UPDATE token_secret SET kek_kid = 'k-of-another'",
    )
    .await;
    refused(&path, "k-of-another");
    let whole = fs::read(&file).unwrap();
    fs::write(other("half.db"), &whole[..whole.len() / 2]).unwrap();
    refused(&other("half.db"), "no good backup");
    host.rename_key();
    refused(&file, "which the keyring does not have");
    fs::remove_file(host.data().join("keyring.json")).unwrap();
    refused(&file, "put the keyring that belongs to the backup");
    assert_eq!(host.run(&["restore"]).code, 2);
}

#[test]
fn a_backup_from_before_a_rotation_is_good_with_the_keyring_of_today() {
    let (host, file) = backed_up();
    assert_eq!(host.run(&["keys", "rotate"]).code, 0);
    let said = host.json(&["restore", &file]);
    assert_eq!(said["proven"], true, "{said}");
    assert_eq!(status(&host, "TKN-1234-0001").as_deref(), Some("active"));
    let moved = host.json(&["keys", "rotate", "--resume"]);
    assert_eq!(moved["moved"], 2);
}
