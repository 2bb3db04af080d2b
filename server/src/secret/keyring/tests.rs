use super::{file::readable_by_others, *};
use crate::env::{MockClock, SeededRandom};
use app::domain::time::Timestamp;
use std::fs;

static CLOCK: MockClock = MockClock::new(Timestamp(1_776_256_440_000_000));

fn entry(kid: &str, key: &str, state: &str) -> String {
    format!(r#"{{"kid":"{kid}","key":"{key}","state":"{state}"}}"#)
}

fn zeros() -> String {
    STANDARD.encode([0; 32])
}

#[test]
fn a_created_keyring_loads_again_with_the_same_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyring.json");
    let made = Keyring::create(&path, &SeededRandom::new(1), &CLOCK).unwrap();
    let read = Keyring::load(&path).unwrap();
    let secret = TokenSecret::generate("lk", &SeededRandom::new(2)).unwrap();
    assert_eq!(
        made.active().lookup_value(&secret),
        read.active().lookup_value(&secret)
    );
    assert!(
        made.active().kid().starts_with("k20260415-"),
        "{}",
        made.active().kid()
    );
    assert_eq!(read.kids().collect::<Vec<_>>(), [made.active().kid()]);
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "the draft is gone"
    );
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_created_keyring() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyring.json");
    Keyring::create(&path, &SeededRandom::new(1), &CLOCK).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(!readable_by_others(&path));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(readable_by_others(&path));
}

#[test]
fn an_existing_keyring_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyring.json");
    fs::write(&path, "kept").unwrap();
    assert!(matches!(
        Keyring::create(&path, &SeededRandom::new(1), &CLOCK),
        Err(KeyringError::Io { .. })
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_missing_keyring_says_so() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        Keyring::load(&folder.path().join("none")),
        Err(KeyringError::Missing(_))
    ));
}

#[test]
fn a_keyring_must_be_complete_and_unambiguous() {
    let (zeros, short) = (zeros(), STANDARD.encode([0; 31]));
    let active = |kid: &str| entry(kid, &zeros, "active");
    for bad in [
        String::new(),
        "{}".into(),
        "[]".into(),
        format!("[{}]", entry("a", &zeros, "decrypt_only")),
        format!("[{},{}]", active("a"), active("b")),
        format!("[{},{}]", active("a"), entry("a", &zeros, "decrypt_only")),
        format!("[{}]", active("")),
        format!("[{}]", active("a b")),
        format!("[{}]", entry("a", &short, "active")),
        format!("[{}]", entry("a", "!!", "active")),
        format!("[{}]", entry("a", &zeros, "retired")),
        format!(r#"[{{"kid":"a","key":"{zeros}","state":"active","more":1}}]"#),
    ] {
        let error = Keyring::from_json(&bad).err();
        assert!(matches!(error, Some(KeyringError::Malformed(_))), "{bad}");
    }
}

#[test]
fn each_purpose_has_a_key_of_its_own() {
    let key = Key::derive("a".into(), &[7; 32]).unwrap();
    assert_ne!(*key.kek, *key.pepper);
    assert_ne!(*key.kek, *key.audit_mac);
    assert_ne!(*key.pepper, *key.audit_mac);
}

#[test]
fn look_up_values_differ_by_secret_and_by_key() {
    let keyring = Keyring::from_json(&format!(
        "[{},{}]",
        entry("a", &zeros(), "active"),
        entry("b", &STANDARD.encode([1; 32]), "decrypt_only")
    ))
    .unwrap();
    let one = TokenSecret::generate("lk", &SeededRandom::new(1)).unwrap();
    let other = TokenSecret::generate("lk", &SeededRandom::new(2)).unwrap();
    assert_ne!(
        keyring.active().lookup_value(&one),
        keyring.active().lookup_value(&other)
    );
    assert_ne!(
        keyring.active().lookup_value(&one),
        keyring.get("b").unwrap().lookup_value(&one)
    );
    assert!(keyring.get("c").is_none());
}

#[test]
fn a_chain_depends_on_every_record_before() {
    let mac = Keyring::from_json(&format!("[{}]", entry("a", &zeros(), "active")))
        .unwrap()
        .audit_mac();
    let first = mac.chain(&[0; 32], b"one");
    assert_ne!(mac.chain(&first, b"two"), mac.chain(&[0; 32], b"two"));
    assert_ne!(first, mac.chain(&[0; 32], b"One"));
    assert_eq!(mac.kid(), "a");
}

/// A keyring of one key in a folder of its own.
fn on_disk() -> (tempfile::TempDir, KeyringFile) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyring.json");
    Keyring::create(&path, &SeededRandom::new(1), &CLOCK).unwrap();
    (folder, KeyringFile::new(path))
}

#[test]
fn a_key_is_added_made_active_and_taken_out_without_touching_the_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, file) = on_disk();
    let old = Keyring::load(file.path()).unwrap();
    let writer = file.begin_change().unwrap().unwrap();
    // As one that was killed leaves it.
    fs::write(folder.path().join("keyring.json.new"), "half").unwrap();
    let kid = writer.add(&SeededRandom::new(2), &CLOCK).unwrap();
    let both = Keyring::load(file.path()).unwrap();
    assert_eq!(both.active().kid(), old.active().kid());
    assert_eq!(both.next().map(Key::kid), Some(&*kid));
    assert!(both.active().is_same(old.active()));
    assert!(!both.next().unwrap().is_same(old.active()));
    writer.activate(&kid).unwrap();
    let turned = Keyring::load(file.path()).unwrap();
    assert_eq!(turned.active().kid(), kid);
    assert!(turned.next().is_none());
    assert!(
        turned
            .get(old.active().kid())
            .unwrap()
            .is_same(old.active())
    );
    assert!(writer.remove(&kid).is_err(), "the active key stays");
    writer.remove(old.active().kid()).unwrap();
    assert_eq!(Keyring::load(file.path()).unwrap().kids().count(), 1);
    let mode = fs::metadata(file.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!folder.path().join("keyring.json.new").exists());
}

#[test]
fn one_process_changes_the_keyring_at_a_time_and_a_broken_one_is_left_alone() {
    let (_folder, file) = on_disk();
    let writer = file.begin_change().unwrap().unwrap();
    assert!(file.begin_change().unwrap().is_none());
    let half = &fs::read_to_string(file.path()).unwrap()[..40];
    fs::write(file.path(), half).unwrap();
    assert!(writer.add(&SeededRandom::new(2), &CLOCK).is_err());
    assert!(file.take().is_err());
    assert_eq!(fs::read_to_string(file.path()).unwrap(), half);
    drop(writer);
    assert!(file.begin_change().unwrap().is_some());
}

#[test]
fn whoever_changes_the_keyring_knows_while_the_old_one_is_in_use() {
    let (folder, file) = on_disk();
    let (first, second) = (file.take().unwrap(), file.take().unwrap());
    let writer = file.begin_change().unwrap().unwrap();
    assert!(!writer.is_old_in_use().unwrap(), "it is as they have it");
    let before = file.mark().unwrap();
    let kid = writer.add(&SeededRandom::new(2), &CLOCK).unwrap();
    assert_ne!(file.mark().unwrap(), before);
    assert!(writer.is_old_in_use().unwrap());
    drop(first);
    assert!(writer.is_old_in_use().unwrap());
    let new = file.take().unwrap();
    drop(second);
    assert!(!writer.is_old_in_use().unwrap());
    writer.activate(&kid).unwrap();
    assert!(
        writer.is_old_in_use().unwrap(),
        "which key is active counts"
    );
    drop(new);
    assert!(!writer.is_old_in_use().unwrap());
    let names = fs::read_dir(folder.path()).unwrap();
    let locks = names.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().contains("in-use")
    });
    assert_eq!(locks.count(), 0, "locks that nobody holds are cleared away");
}
