//! Signed checkpoints of the audit trail, and `latchkey audit verify FILE`.

use super::*;
use server::checkpoints::Checkpoints;

/// Writes a checkpoint, as a server does.
async fn note(host: &Host) -> String {
    let server = host.server().await;
    let path = host.config().audit_checkpoints.unwrap();
    let file = Checkpoints::new(path.clone());
    server.service.write_checkpoint(&file, 0).await.unwrap();
    server.close().await;
    path.display().to_string()
}

#[tokio::test]
async fn a_trail_that_has_grown_holds_what_its_checkpoints_were_signed_for() {
    let host = Host::new();
    note(&host).await;
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    let file = note(&host).await;
    assert_eq!(host.run(&["token", "enable", "TKN-1234-0001"]).code, 0);
    let said = host.run(&["audit", "verify", &file]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("what 2 checkpoints were signed for"),
        "{}",
        said.out
    );
    let json = host.json(&["audit", "verify", &file]);
    assert_eq!(
        (&json["verified"], &json["checkpoints"]),
        (&true.into(), &2.into())
    );
}

#[test]
fn a_server_signs_when_it_starts_after_a_thousand_records_and_when_it_stops() {
    let host = Host::new();
    let file = host.config().audit_checkpoints.unwrap();
    let lines = || fs::read_to_string(&file).map_or(0, |text| text.lines().count());
    let wait_for = |count: usize| {
        for _ in 0..300 {
            if lines() >= count {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{} lines, not {count}", lines());
    };
    let server = killed::Serving::begin(&host);
    wait_for(1);
    let tokens: Vec<_> = (0..1_000)
        .map(|number| {
            format!(r#"{{"id":"TKN-7000-{number:04}","account":"ACC-0001-0002","name":"Robot"}}"#)
        })
        .collect();
    let many = host.folder.path().join("many.json");
    fs::write(&many, format!(r#"{{"tokens":[{}]}}"#, tokens.join(","))).unwrap();
    let made = host.run(&["provision", &many.display().to_string()]);
    assert_eq!(made.code, 0, "{}", made.err);
    wait_for(2);
    server.stop();
    assert_eq!(lines(), 3);
    let said = host.json(&["audit", "verify", &file.display().to_string()]);
    assert_eq!(
        (&said["verified"], &said["checkpoints"]),
        (&true.into(), &3.into())
    );
    let (records, last) = (&said["noted"], &said["lastCheckpoint"]["record"]);
    assert_eq!(records, last, "nothing came after the end");
}

#[tokio::test]
async fn a_cut_tail_and_an_old_database_are_found_out() {
    let host = Host::new();
    let old = fs::read(host.data().join("latchkey.db")).unwrap();
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    let file = note(&host).await;
    let records = host.json(&["audit", "verify"])["records"].as_i64().unwrap();
    // Whoever can write to the database cuts its end off, and sets the head back.
    host.execute(
        "DROP TRIGGER audit_record_loses_none; DELETE FROM audit_record WHERE seq = (SELECT max(seq) FROM audit_record); \
         UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_record ORDER BY seq DESC LIMIT 1)",
    )
    .await;
    assert_eq!(
        host.run(&["audit", "verify"]).code,
        0,
        "the chain alone does not show it"
    );
    let json = host.json(&["audit", "verify", &file]);
    assert_eq!(
        (&json["seq"], &json["cutOff"]),
        (&records.into(), &true.into()),
        "{json}"
    );
    assert!(
        json["error"].as_str().unwrap().contains("was cut off"),
        "{json}"
    );
    fs::write(host.data().join("latchkey.db"), &old).unwrap();
    let json = host.json(&["audit", "verify", &file]);
    assert_eq!(
        (&json["seq"], &json["cutOff"]),
        (&records.into(), &true.into()),
        "{json}"
    );
    // Also when it goes on from there.
    for command in ["enable", "disable", "enable", "disable"] {
        host.run(&["token", command, "TKN-1234-0001"]);
    }
    let json = host.json(&["audit", "verify", &file]);
    assert_eq!(
        (&json["seq"], &json["wrong"]),
        (&records.into(), &"not-the-noted".into()),
        "{json}"
    );
}

#[tokio::test]
async fn a_restore_is_no_alarm() {
    let host = Host::new();
    let backup = host.folder.path().join("kept.db").display().to_string();
    assert_eq!(host.run(&["backup", &backup]).code, 0);
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    assert_eq!(host.run(&["token", "enable", "TKN-1234-0001"]).code, 0);
    let file = note(&host).await;
    assert_eq!(host.run(&["restore", &backup]).code, 0);
    let said = host.run(&["audit", "verify", &file]);
    assert_eq!(said.code, 0, "{}", said.err);
    note(&host).await;
    assert_eq!(host.json(&["audit", "verify", &file])["verified"], true);
}

#[tokio::test]
async fn a_database_that_is_older_than_its_checkpoints_proves_nothing_to_a_restore() {
    let host = Host::new();
    let backup = host.folder.path().join("kept.db").display().to_string();
    assert_eq!(host.run(&["backup", &backup]).code, 0);
    let old = fs::read(host.data().join("latchkey.db")).unwrap();
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    note(&host).await;
    fs::write(host.data().join("latchkey.db"), old).unwrap();
    let said = host.json(&["restore", &backup]);
    assert!(
        said["whyUnproven"]
            .as_str()
            .unwrap()
            .contains("a checkpoint knows record"),
        "{said}"
    );
}

#[tokio::test]
async fn without_a_database_a_restore_says_what_the_checkpoints_know() {
    let host = Host::new();
    let backup = host.folder.path().join("kept.db").display().to_string();
    assert_eq!(host.run(&["backup", &backup]).code, 0);
    note(&host).await;
    let says = || {
        fs::remove_file(host.data().join("latchkey.db")).unwrap();
        let said = host.json(&["restore", &backup, "--keep-unproven"]);
        said["checkpointsSay"].as_str().unwrap().to_owned()
    };
    assert!(says().contains("nothing came after the backup"));
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    note(&host).await;
    let said = says();
    assert!(said.contains("2 more record(s) had been written"), "{said}");
}

#[tokio::test]
async fn a_file_that_is_no_good_is_told() {
    let host = Host::new();
    let file = note(&host).await;
    let refused = host.run(&["audit", "verify", "none.jsonl"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("cannot be used"), "{}", refused.err);
    fs::write(host.folder.path().join("empty.jsonl"), "").unwrap();
    let refused = host.run(&["audit", "verify", "empty.jsonl"]);
    assert!(
        refused.err.contains("There is no checkpoint in"),
        "{}",
        refused.err
    );
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"seq\":", "\"seq\":1")).unwrap();
    let json = host.json(&["audit", "verify", &file]);
    assert_eq!(
        (&json["verified"], &json["checkpointLine"]),
        (&false.into(), &1.into())
    );
    assert!(
        json["error"]
            .as_str()
            .unwrap()
            .contains("signature is wrong"),
        "{json}"
    );
}
