//! Finding the first line of the audit trail that is not what was written (L-11).

use crate::{audit::some_lines, world::World};
use sea_orm::{ConnectionTrait as _, Statement};
use server::{
    hex,
    repo::{DbSettings, ReadOnlyDb},
    secret::keyring::Keyring,
    service::{AuditFault, BadRecord, NotedRecord, WholeTrail, Wrong, verify_trail},
};

/// Whoever may speak SQL can do this; a fault in the program cannot.
async fn lift_triggers(world: &World) {
    for trigger in ["audit_record_keeps_lines", "audit_record_loses_none"] {
        world.execute(&format!("DROP TRIGGER {trigger}")).await;
    }
}

async fn open_to_harm() -> (World, i64) {
    let world = some_lines().await;
    lift_triggers(&world).await;
    let last = world.ask("SELECT MAX(seq) FROM audit_record").await;
    (world, last)
}

fn first_bad<T: std::fmt::Debug>(verdict: Result<T, AuditFault>) -> BadRecord {
    match verdict {
        Ok(whole) => panic!("found whole: {whole:?}"),
        Err(AuditFault::Broken(record)) => record,
        Err(AuditFault::Store(error)) => panic!("{error}"),
    }
}

/// The number of the first bad line, and what is wrong with it.
async fn broken(world: &World) -> (i64, Wrong) {
    let record = first_bad(world.service.verify_chain().await);
    (record.seq, record.wrong)
}

async fn verify_from_outside(
    world: &World,
    noted: Option<NotedRecord>,
) -> Result<WholeTrail, AuditFault> {
    let settings = DbSettings {
        url: format!("sqlite://{}", world.file().display()),
    };
    let db = ReadOnlyDb::open(&settings).await.unwrap();
    let keyring = Keyring::load(&world.file().with_file_name("keyring.json")).unwrap();
    let verdict = verify_trail(&db, &keyring, noted).await;
    db.close().await;
    verdict
}

/// The bytes of this value, as SQLite keeps them; `None` for NULL.
async fn bytes_of(world: &World, column: &str, seq: i64) -> Option<Vec<u8>> {
    let conn = world.sql().await;
    let sql = format!("SELECT CAST({column} AS BLOB) FROM audit_record WHERE seq = {seq}");
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    let row = conn.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn one_flipped_bit_in_any_column_is_found_at_its_line() {
    const TEXTS: [&str; 22] = [
        "id",
        "event",
        "actor_kind",
        "actor_id",
        "actor_name",
        "actor_account",
        "session",
        "auth_method",
        "ip",
        "peer_ip",
        "user_agent",
        "request_id",
        "app_version",
        "object_type",
        "object_id",
        "object_name",
        "account_id",
        "outcome",
        "reason",
        "summary",
        "changes",
        "key_kid",
    ];
    let (world, last) = open_to_harm().await;
    let seq = last - 1;
    for column in TEXTS {
        let was = bytes_of(&world, column, seq).await;
        // The lowest bit leaves good text, the highest leaves none.
        for bit in [0x01, 0x80] {
            let flipped = match was.as_deref() {
                Some([first, rest @ ..]) => [&[first ^ bit], rest].concat(),
                // Nothing to flip: an empty text in place of none, a letter in place of an empty text.
                Some([]) => b"a".to_vec(),
                None => Vec::new(),
            };
            set(&world, column, seq, Some(&flipped)).await;
            let (found, wrong) = broken(&world).await;
            assert_eq!(found, seq, "{column}");
            let fits = match (column, bit) {
                ("key_kid", 0x01) => matches!(wrong, Wrong::UnknownKey(_)),
                (_, 0x80) => matches!(wrong, Wrong::Unreadable | Wrong::Changed),
                _ => wrong == Wrong::Changed,
            };
            assert!(fits, "{column} {bit}: {wrong:?}");
        }
        set(&world, column, seq, was.as_deref()).await;
    }
    world.service.verify_chain().await.unwrap();
}

async fn set(world: &World, column: &str, seq: i64, bytes: Option<&[u8]>) {
    let value = bytes.map_or_else(
        || "NULL".to_owned(),
        |bytes| format!("CAST(x'{}' AS TEXT)", hex::encode(bytes)),
    );
    // The words of a column are checked too; whoever changes a bit of the file is not.
    let sql = format!(
        "PRAGMA ignore_check_constraints = ON; UPDATE audit_record SET {column} = {value} WHERE seq = {seq}"
    );
    world.execute(&sql).await;
}

#[tokio::test]
async fn one_flipped_bit_in_a_number_or_hash_is_found_at_its_line() {
    for (harm, wrong) in [
        ("at = at + 1 - 2 * (at & 1)", Wrong::Changed),
        ("at = 'noon'", Wrong::Unreadable),
        (
            "object_revision = coalesce(object_revision, 0) + 1",
            Wrong::Changed,
        ),
        ("seq = seq + 1024", Wrong::Missing),
        ("hash = zeroblob(32)", Wrong::Changed),
        ("hash = substr(hash, 1, 31)", Wrong::Changed),
        ("hash = 'x'", Wrong::Changed),
    ] {
        let (world, last) = open_to_harm().await;
        for seq in [1, 3, last] {
            let kept = format!("CREATE TABLE kept AS SELECT * FROM audit_record WHERE seq = {seq}");
            world.execute(&kept).await;
            world
                .execute(&format!("UPDATE audit_record SET {harm} WHERE seq = {seq}"))
                .await;
            assert_eq!(
                broken(&world).await,
                (seq, wrong.clone()),
                "{harm} at {seq}"
            );
            let back = format!(
                "DELETE FROM audit_record WHERE seq IN ({seq}, {seq} + 1024); \
                 INSERT INTO audit_record SELECT * FROM kept; DROP TABLE kept"
            );
            world.execute(&back).await;
            world.service.verify_chain().await.unwrap();
        }
    }
}

#[tokio::test]
async fn one_flipped_bit_in_a_hash_is_found() {
    let (world, _) = open_to_harm().await;
    let hash = bytes_of(&world, "hash", 2).await.unwrap();
    for place in [0, 31] {
        let mut flipped = hash.clone();
        flipped[place] ^= 1;
        let harm = format!(
            "UPDATE audit_record SET hash = x'{}' WHERE seq = 2",
            hex::encode(&flipped)
        );
        world.execute(&harm).await;
        assert_eq!(broken(&world).await, (2, Wrong::Changed));
    }
}

#[tokio::test]
async fn a_dropped_line_is_found_at_its_place() {
    for seq in [1, 4] {
        let (world, _) = open_to_harm().await;
        world
            .execute(&format!("DELETE FROM audit_record WHERE seq = {seq}"))
            .await;
        assert_eq!(broken(&world).await, (seq, Wrong::Missing));
    }
}

#[tokio::test]
async fn a_gap_that_the_numbers_after_it_close_is_found_at_its_place() {
    let (world, _) = open_to_harm().await;
    world
        .execute(
            "DELETE FROM audit_record WHERE seq = 4; \
             UPDATE audit_record SET seq = -seq WHERE seq > 4; \
             UPDATE audit_record SET seq = -seq - 1 WHERE seq < 0; \
             UPDATE audit_head SET seq = seq - 1",
        )
        .await;
    assert_eq!(broken(&world).await, (4, Wrong::Changed));
}

#[tokio::test]
async fn two_swapped_lines_are_found_at_the_first() {
    let (world, _) = open_to_harm().await;
    world
        .execute(
            "UPDATE audit_record SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE seq END; \
             UPDATE audit_record SET seq = -seq WHERE seq < 0",
        )
        .await;
    assert_eq!(broken(&world).await, (2, Wrong::Changed));
}

#[tokio::test]
async fn a_cut_tail_is_found_by_the_head() {
    let (world, last) = open_to_harm().await;
    world
        .execute(&format!("DELETE FROM audit_record WHERE seq >= {last} - 1"))
        .await;
    assert_eq!(broken(&world).await, (last - 1, Wrong::Missing));
    // The head's number alone, set back, does not make it good.
    world
        .execute(&format!("UPDATE audit_head SET seq = {last} - 2"))
        .await;
    assert_eq!(broken(&world).await, (last - 2, Wrong::NotTheHead));
    // Nor does cutting all of it.
    world
        .execute("DELETE FROM audit_record; UPDATE audit_head SET seq = 0")
        .await;
    assert_eq!(broken(&world).await, (0, Wrong::NotTheHead));
}

#[tokio::test]
async fn a_changed_or_lost_head_is_found_at_the_last_line() {
    for harm in [
        "UPDATE audit_head SET hash = zeroblob(32)",
        "UPDATE audit_head SET hash = zeroblob(3)",
        "UPDATE audit_head SET hash = 'x'",
        "DELETE FROM audit_head",
    ] {
        let (world, last) = open_to_harm().await;
        world.execute(harm).await;
        assert_eq!(broken(&world).await, (last, Wrong::NotTheHead), "{harm}");
    }
    let (world, last) = open_to_harm().await;
    world.execute("UPDATE audit_head SET seq = seq + 5").await;
    assert_eq!(broken(&world).await, (last + 1, Wrong::Missing));
}

#[tokio::test]
async fn an_older_head_is_found_at_the_first_line_behind_it() {
    let (world, last) = open_to_harm().await;
    world
        .execute(
            "UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit_record WHERE seq = 5)",
        )
        .await;
    assert_eq!(broken(&world).await, (6, Wrong::Outside));
    // The lines are found too when they are far behind it.
    world
        .execute(&format!(
            "DELETE FROM audit_record WHERE seq BETWEEN 6 AND {last} - 1"
        ))
        .await;
    assert_eq!(broken(&world).await, (6, Wrong::Outside));
}

#[tokio::test]
async fn lines_before_the_first_are_found() {
    for seq in [0, -7] {
        let (world, _) = open_to_harm().await;
        world
            .execute(&format!(
                "CREATE TABLE copied AS SELECT * FROM audit_record WHERE seq = 3; \
                 UPDATE copied SET seq = {seq}, id = 'AUD-0000-0000-0000-0001'; \
                 INSERT INTO audit_record SELECT * FROM copied"
            ))
            .await;
        assert_eq!(broken(&world).await, (seq, Wrong::Outside));
    }
}

#[tokio::test]
async fn an_older_database_is_found_by_a_line_noted_elsewhere() {
    let (world, last) = open_to_harm().await;
    let whole = verify_from_outside(&world, None).await.unwrap();
    assert_eq!(whole.records, last);
    let noted = NotedRecord {
        seq: last,
        hash: whole.head,
    };
    assert_eq!(noted.to_string().parse(), Ok(noted));
    assert_eq!(
        verify_from_outside(&world, Some(noted)).await.unwrap(),
        whole
    );
    // Cut and set back with care, it is whole in itself, as a copy from earlier is.
    let cut = format!(
        "DELETE FROM audit_record WHERE seq = {last}; UPDATE audit_head SET seq = {last} - 1, \
         hash = (SELECT hash FROM audit_record WHERE seq = {last} - 1)"
    );
    world.execute(&cut).await;
    let older = verify_from_outside(&world, None).await.unwrap();
    assert_eq!(older.records, last - 1);
    let record = first_bad(verify_from_outside(&world, Some(noted)).await);
    assert_eq!((record.seq, record.wrong), (last, Wrong::Missing));
    // Grown again to the same length, it is another trail.
    world
        .service
        .disable_user("pepper@stark.example")
        .await
        .unwrap();
    world.service.verify_chain().await.unwrap();
    let record = first_bad(verify_from_outside(&world, Some(noted)).await);
    assert_eq!((record.seq, record.wrong), (last, Wrong::NotTheNoted));
}

#[test]
fn a_note_is_a_number_and_a_hash() {
    let hash = "ab".repeat(32);
    for wrong in [
        String::new(),
        hash.clone(),
        format!("0:{hash}"),
        format!("-1:{hash}"),
        format!("1:{hash}0"),
        format!("x:{hash}"),
        "1:".to_owned(),
    ] {
        assert!(wrong.parse::<NotedRecord>().is_err(), "{wrong}");
    }
    assert!(format!("1:{hash}").parse::<NotedRecord>().is_ok());
}

#[tokio::test]
async fn the_bad_line_is_named_by_number_and_id() {
    let (world, _) = open_to_harm().await;
    world
        .execute("UPDATE audit_record SET summary = summary || '.' WHERE seq = 3")
        .await;
    let id: String = world.ask("SELECT id FROM audit_record WHERE seq = 3").await;
    let record = first_bad(world.service.verify_chain().await);
    assert_eq!(record.id.as_deref(), Some(id.as_str()));
    let text = record.to_string();
    assert!(
        text.starts_with(&format!("record 3 ({id}) is not")),
        "{text}"
    );
}

#[tokio::test]
async fn a_trail_of_several_batches_is_checked_while_it_grows() {
    let world = World::sample().await;
    for _ in 0..520 {
        world
            .service
            .unlock_address("192.0.2.7".parse().unwrap())
            .await
            .unwrap();
    }
    let growing = {
        let service = world.service.clone();
        tokio::spawn(async move {
            for _ in 0..40 {
                service
                    .unlock_address("192.0.2.8".parse().unwrap())
                    .await
                    .unwrap();
            }
        })
    };
    while !growing.is_finished() {
        verify_from_outside(&world, None).await.unwrap();
    }
    growing.await.unwrap();
    lift_triggers(&world).await;
    world
        .execute("UPDATE audit_record SET ip = '192.0.2.9' WHERE seq = 510")
        .await;
    assert_eq!(broken(&world).await, (510, Wrong::Changed));
    world
        .execute("UPDATE audit_record SET at = 'noon' WHERE seq = 505")
        .await;
    assert_eq!(broken(&world).await, (505, Wrong::Unreadable));
}
