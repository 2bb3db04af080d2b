use super::*;

const AT: Timestamp = Timestamp(1_776_256_440_000_000);

fn keyring(digit: char) -> Keyring {
    Keyring::from_json(&format!(
        r#"[{{"kid":"a","key":"{}{digit}=","state":"active"}}]"#,
        "A".repeat(42)
    ))
    .unwrap()
}

fn record(seq: i64) -> NotedRecord {
    let hash = [u8::try_from(seq).unwrap(); 32];
    NotedRecord { seq, hash }
}

fn line(kind: Kind, seq: i64) -> String {
    signed(&keyring('A'), kind, "one", AT, record(seq))
}

/// A file with these lines.
fn file(lines: &[String]) -> (tempfile::TempDir, Checkpoints) {
    let folder = tempfile::tempdir().unwrap();
    let file = Checkpoints::new(folder.path().join("checkpoints.jsonl"));
    for line in lines {
        file.add(line).unwrap();
    }
    (folder, file)
}

fn seqs(found: &[Checkpoint]) -> Vec<i64> {
    found.iter().map(|checkpoint| checkpoint.end.seq).collect()
}

#[test]
fn what_was_signed_is_read_back() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, file) = file(&[line(Kind::Checkpoint, 3), line(Kind::Checkpoint, 9)]);
    let found = file.read(&keyring('A'), "one").unwrap();
    assert_eq!(seqs(&found), [3, 9]);
    assert_eq!(found[1].end, record(9));
    assert_eq!(found[1].at, "2026-04-15T12:34:00.000Z");
    let mode = fs::metadata(file.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_line_that_is_changed_in_any_part_is_named() {
    let good = line(Kind::Checkpoint, 9);
    let changes = [
        ("\"seq\":9", "\"seq\":8"),
        ("checkpoint", "restored"),
        ("12:34", "12:35"),
        ("0909", "0908"),
        ("\"one\"", "\"two\""),
        ("\"key\":\"a\"", "\"key\":\"b\""),
        ("\"v\":1", "\"v\":2"),
        ("\"mac\":\"", "\"mac\":\"0"),
        ("}", ",\"more\":1}"),
        ("{", "["),
    ];
    for (from, to) in changes {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let (_folder, file) = file(&[good.clone(), bad, good.clone()]);
        let error = file.read(&keyring('A'), "one").unwrap_err();
        assert!(
            matches!(error, CheckpointError::Line { line: 2, .. }),
            "{to}: {error}"
        );
    }
    let (_folder, file) = file(&[good]);
    let other = file.read(&keyring('E'), "one").unwrap_err();
    assert!(other.to_string().contains("signature is wrong"), "{other}");
}

#[test]
fn a_line_that_was_cut_short_while_it_was_written_is_passed_over() {
    let (_folder, file) = file(&[line(Kind::Checkpoint, 3)]);
    let half = line(Kind::Checkpoint, 5);
    let mut raw = fs::OpenOptions::new()
        .append(true)
        .open(file.path())
        .unwrap();
    raw.write_all(&half.as_bytes()[..60]).unwrap();
    assert_eq!(seqs(&file.read(&keyring('A'), "one").unwrap()), [3]);
    file.add(&line(Kind::Checkpoint, 7)).unwrap();
    assert_eq!(seqs(&file.read(&keyring('A'), "one").unwrap()), [3, 7]);
}

#[test]
fn after_a_restore_later_records_that_were_noted_before_count_no_more() {
    let (_folder, file) = file(&[
        line(Kind::Checkpoint, 3),
        line(Kind::Checkpoint, 9),
        line(Kind::Restored, 5),
        line(Kind::Checkpoint, 7),
    ]);
    let found = file.read(&keyring('A'), "one").unwrap();
    assert_eq!(seqs(&vouched(&found)), [3, 5, 7]);
}
