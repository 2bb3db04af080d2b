//! `latchkey backup`.

use super::*;

fn target(host: &Host) -> String {
    host.folder.path().join("kept.db").display().to_string()
}

#[tokio::test]
async fn a_backup_is_made_beside_a_server_and_says_what_is_in_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let host = Host::new();
    let server = host.server().await;
    let file = target(&host);
    let said = host.run(&["backup", &file]);
    assert_eq!(said.code, 0, "{}", said.err);
    for part in ["2 API tokens", "up to record", "The keyring is not in it"] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let json = host.json(&["backup", &file, "--force"]);
    assert_eq!(json["tokens"], 2);
    assert_eq!(json["keyringIncluded"], false);
    assert_eq!(json["bytes"], fs::metadata(&file).unwrap().len());
    let trail = host.json(&["audit", "verify"]);
    assert_eq!(json["auditSeq"], trail["records"]);
    server.close().await;
    let key = fs::read_to_string(host.data().join("keyring.json")).unwrap();
    let key: Value = serde_json::from_str(&key).unwrap();
    let key = key[0]["key"].as_str().unwrap().as_bytes().to_vec();
    let bytes = fs::read(&file).unwrap();
    assert!(!bytes.windows(key.len()).any(|window| window == key));
    assert!(!Path::new(&format!("{file}.partial")).exists());
}

#[test]
fn a_file_that_exists_is_replaced_only_when_that_is_asked_for() {
    let host = Host::new();
    let file = target(&host);
    fs::write(&file, "kept").unwrap();
    let refused = host.run(&["backup", &file]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains("--force"), "{}", refused.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), "kept");
    assert_eq!(host.run(&["backup", &file, "--force"]).code, 0);
    assert!(fs::read(&file).unwrap().starts_with(b"SQLite format 3"));
}

#[test]
fn the_installation_itself_is_never_written_over() {
    let host = Host::new();
    let before = files(&host.data());
    for name in [
        "latchkey.db",
        "latchkey.db-wal",
        "keyring.json",
        "latchkey.db.lock",
    ] {
        let file = format!("data/../data/{name}");
        let refused = host.run(&["backup", &file, "--force"]);
        assert_eq!(refused.code, 1, "{name}");
        assert!(
            refused.err.contains("belongs to the installation itself"),
            "{}",
            refused.err
        );
    }
    assert_eq!(files(&host.data()).len(), before.len());
    assert_eq!(host.run(&["token", "list"]).code, 0);
}

#[tokio::test]
async fn a_place_that_cannot_be_written_and_a_broken_trail_fail_and_leave_nothing() {
    let host = Host::new();
    let nowhere = host.folder.path().join("none/kept.db");
    let refused = host.run(&["backup", &nowhere.display().to_string()]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.err.contains("No backup was made"),
        "{}",
        refused.err
    );
    host.execute("DROP TRIGGER audit_record_keeps_lines; UPDATE audit_record SET summary = 'x' WHERE seq = 2")
        .await;
    let file = target(&host);
    let refused = host.run(&["backup", &file]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("record 2"), "{}", refused.err);
    assert!(!Path::new(&file).exists());
    assert!(!Path::new(&format!("{file}.partial")).exists());
    assert_eq!(host.run(&["backup"]).code, 2);
}
