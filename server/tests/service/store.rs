//! Opening the database.

use crate::world::{NOON, World, origin};
use app::error::ErrorCode;
use server::{
    env::{Env, MockClock, SeededRandom},
    repo::{Db, DbSettings, StoreError},
    secret::keyring::Keyring,
    service::{ConsoleService, ServiceError, ServiceSettings},
};
use std::{path::Path, sync::Arc};

fn settings(file: &Path) -> DbSettings {
    DbSettings {
        url: format!("sqlite://{}", file.display()),
    }
}

async fn start(db: Db, keyring: Keyring) -> Result<ConsoleService, ServiceError> {
    let env = Env {
        clock: Arc::new(MockClock::new(NOON)),
        random: Arc::new(SeededRandom::new(2)),
    };
    let settings = ServiceSettings {
        public_url: "http://127.0.0.1:3000".into(),
        token_prefix: "lk".into(),
        reveal: app::domain::secret::RevealPolicy::Always,
        reauth_window: 15 * 60,
        token_cache: 1_000_000,
    };
    ConsoleService::new(db, Arc::new(keyring), env, settings).await
}

#[tokio::test]
async fn a_new_file_has_no_instance_until_the_first_start() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("new.db");
    let db = Db::open(&settings(&file)).await.unwrap();
    assert!(!db.has_instance().await.unwrap());
    db.migrate().await.unwrap();
    assert!(!db.has_instance().await.unwrap());
    db.migrate().await.unwrap();
    let keyring = dir.path().join("keyring.json");
    let keyring = Keyring::create(&keyring, &SeededRandom::new(1), &MockClock::new(NOON)).unwrap();
    start(db.clone(), keyring).await.unwrap();
    assert!(db.has_instance().await.unwrap());
    db.ping().await.unwrap();
    db.close().await;
}

#[tokio::test]
async fn another_database_than_sqlite_is_refused_by_name() {
    for url in [
        "postgres://localhost/latchkey",
        "mysql://x",
        "latchkey.db",
        "",
    ] {
        let error = Db::open(&DbSettings { url: url.into() }).await.unwrap_err();
        assert!(matches!(error, StoreError::Unsupported), "{url}");
    }
}

#[tokio::test]
async fn the_service_does_not_start_without_the_key_that_sealed_its_secrets() {
    let world = World::sample().await;
    let other = world.file().with_file_name("other.json");
    // Keys are named after the day on which they are made.
    let later = MockClock::new(NOON.plus_seconds(40 * 86_400));
    let keyring = Keyring::create(&other, &SeededRandom::new(9), &later).unwrap();
    let db = Db::open(&settings(&world.file())).await.unwrap();
    let error = start(db, keyring).await.err().unwrap();
    assert!(matches!(error, ServiceError::MissingKey(_)), "{error}");
}

#[tokio::test]
async fn the_file_is_in_write_ahead_mode() {
    let world = World::empty().await;
    assert_eq!(world.ask::<String>("PRAGMA journal_mode").await, "wal");
    world.service.ready().await.unwrap();
}

#[tokio::test]
async fn a_schema_newer_than_the_program_is_refused() {
    let world = World::empty().await;
    world
        .execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)")
        .await;
    let db = Db::open(&settings(&world.file())).await.unwrap();
    assert!(db.migrate().await.is_err());
}

#[tokio::test]
async fn a_database_that_others_hold_for_too_long_makes_no_internal_error() {
    let world = World::sample().await;
    let holder = world.sql().await;
    sea_orm::ConnectionTrait::execute_unprepared(&holder, "BEGIN IMMEDIATE")
        .await
        .unwrap();
    let error = world
        .service
        .sign_in("x@example.com", "wrong".into(), &origin())
        .await
        .err()
        .unwrap();
    assert_eq!(error.code, ErrorCode::Unavailable);
    assert!(error.message.contains("too busy"), "{}", error.message);
}

#[tokio::test]
async fn a_keyring_without_a_key_that_only_the_audit_trail_names_is_refused() {
    let world = World::sample().await;
    world.execute("DROP TRIGGER audit_record_keeps_lines").await;
    world
        .execute("UPDATE audit_record SET key_kid = 'k-lost' WHERE seq = 2")
        .await;
    let db = Db::open(&settings(&world.file())).await.unwrap();
    let keyring = Keyring::load(&world.file().with_file_name("keyring.json")).unwrap();
    let refused = start(db, keyring).await.err().unwrap();
    assert!(
        matches!(&refused, ServiceError::MissingKey(kid) if kid == "k-lost"),
        "{refused}"
    );
}
