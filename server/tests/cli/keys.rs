//! `latchkey keys`.

use super::*;

#[test]
fn keys_are_listed_with_what_names_them_and_never_printed() {
    let host = Host::new();
    let keyring = fs::read_to_string(host.data().join("keyring.json")).unwrap();
    let keyring: Value = serde_json::from_str(&keyring).unwrap();
    let (kid, key) = (
        keyring[0]["kid"].as_str().unwrap(),
        keyring[0]["key"].as_str().unwrap(),
    );
    let listed = host.run(&["keys", "list"]);
    assert_eq!(listed.code, 0, "{}", listed.err);
    assert!(listed.out.contains(kid) && !listed.out.contains(key));
    let json = host.json(&["keys", "list"]);
    assert_eq!(json[0]["kid"], kid);
    assert_eq!(json[0]["state"], "active");
    assert_eq!(
        (&json[0]["secrets"], &json[0]["lookups"]),
        (&2.into(), &2.into())
    );
    assert!(json[0]["auditRecords"].as_i64().unwrap() > 0);
    assert!(json[0]["since"].as_str().unwrap().ends_with('Z'));
    assert!(!json.to_string().contains(key));
}

#[test]
fn keys_are_rotated_and_what_is_left_is_said() {
    let host = Host::new();
    let nothing = host.run(&["keys", "rotate", "--resume"]);
    assert_eq!(nothing.code, 0, "{}", nothing.err);
    assert!(
        nothing.out.contains("No rotation is open"),
        "{}",
        nothing.out
    );
    let rotated = host.run(&["keys", "rotate"]);
    assert_eq!(rotated.code, 0, "{}", rotated.err);
    assert!(
        rotated.out.contains("2 API tokens moved"),
        "{}",
        rotated.out
    );
    assert!(rotated.out.contains("Copy the keyring"), "{}", rotated.out);
    let json = host.json(&["keys", "list"]);
    assert_eq!(
        (&json[0]["state"], &json[0]["toMove"]),
        (&"kept".into(), &0.into())
    );
    assert_eq!(
        (&json[1]["state"], &json[1]["lookups"]),
        (&"active".into(), &2.into())
    );
    let again = host.json(&["keys", "rotate"]);
    assert_eq!(
        (&again["moved"], &again["resumed"]),
        (&2.into(), &false.into())
    );
    assert_eq!(host.run(&["audit", "verify"]).code, 0);
    let old = json[0]["kid"].as_str().unwrap();
    let refused = host.run(&["keys", "drop", old]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(
        refused.err.contains("record(s) of the audit trail name it"),
        "{}",
        refused.err
    );
    let active = again["active"].as_str().unwrap();
    let refused = host.run(&["keys", "drop", active]);
    assert!(refused.err.contains("is the active key"), "{}", refused.err);
    assert_eq!(host.run(&["keys", "drop"]).code, 2);
    assert_eq!(host.run(&["keys", "drop", "none"]).code, 1);
}

#[test]
fn a_keyring_that_is_half_written_is_refused_and_left_as_it_is() {
    let host = Host::new();
    let path = host.data().join("keyring.json");
    let whole = fs::read_to_string(&path).unwrap();
    let half = &whole[..whole.len() / 2];
    fs::write(&path, half).unwrap();
    for command in [["keys", "list"], ["keys", "rotate"], ["keys", "drop"]] {
        let arguments = match command {
            ["keys", "drop"] => vec!["keys", "drop", "k"],
            _ => command.to_vec(),
        };
        let refused = host.run(&arguments);
        assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{command:?}");
        assert!(refused.err.contains("not well-formed"), "{}", refused.err);
        assert!(refused.err.contains("from its backup"), "{}", refused.err);
        assert_eq!(fs::read_to_string(&path).unwrap(), half);
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(host.run(&["keys", "rotate"]).code, 0);
}
