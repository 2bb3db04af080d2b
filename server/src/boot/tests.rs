use super::*;
use crate::env::{MockClock, SeededRandom};
use app::domain::time::Timestamp;
use std::collections::BTreeMap;

fn config(folder: &Path) -> Config {
    let flags = BTreeMap::from([("data_dir", folder.join("data").display().to_string())]);
    Config::load(None, [], &flags).unwrap()
}

fn env() -> Env {
    let clock = Arc::new(MockClock::new(Timestamp(1_776_256_440_000_000)));
    Env {
        clock,
        random: Arc::new(SeededRandom::new(1)),
    }
}

#[tokio::test]
async fn a_second_server_is_refused_and_a_command_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let first = open_alone(&config, &env()).await.unwrap();
    let second = open_alone(&config, &env()).await;
    assert!(matches!(second, Err(BootError::Locked(_))));
    assert!(open_beside(&config, &env()).await.is_ok());
    drop(first);
    assert!(open_alone(&config, &env()).await.is_ok());
}

#[tokio::test]
async fn a_database_whose_keyring_is_lost_gets_no_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    drop(open_alone(&config, &env()).await.unwrap());
    fs::remove_file(config.keyring_path()).unwrap();
    let again = open_alone(&config, &env()).await;
    assert!(matches!(again, Err(BootError::KeyringLost(_))));
    assert!(!config.keyring_path().exists());
}

#[tokio::test]
async fn the_set_up_address_is_kept_where_only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let core = open_alone(&config, &env()).await.unwrap();
    announce_setup(&core.service, &config).await.unwrap();
    let first = fs::read_to_string(config.setup_path()).unwrap();
    assert!(
        first.starts_with("http://127.0.0.1:3000/setup?code=lks_") && first.ends_with('\n'),
        "{first}"
    );
    assert_eq!(
        fs::metadata(config.setup_path())
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
    assert_eq!(
        fs::metadata(&config.data_dir).unwrap().permissions().mode() & 0o777,
        0o700
    );
    announce_setup(&core.service, &config).await.unwrap();
    assert_ne!(fs::read_to_string(config.setup_path()).unwrap(), first);
    forget_setup(&config).unwrap();
    assert!(!config.setup_path().exists());
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_copy_of_the_database_file_alone_is_the_whole_database_after_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let log = config.data_dir.join("latchkey.db-wal");
    let core = open_alone(&config, &env()).await.unwrap();
    assert!(fs::metadata(&log).unwrap().len() > 0);
    let beside = open_beside(&config, &env()).await.unwrap();
    beside.close().await;
    core.close().await;
    assert!(fs::metadata(&log).map_or(0, |log| log.len()) == 0);
    let copy = Config {
        data_dir: folder.path().join("copy"),
        database_url: format!(
            "sqlite://{}",
            folder.path().join("copy/latchkey.db").display()
        ),
        ..config.clone()
    };
    fs::create_dir(&copy.data_dir).unwrap();
    fs::copy(
        config.data_dir.join("latchkey.db"),
        copy.data_dir.join("latchkey.db"),
    )
    .unwrap();
    fs::copy(config.keyring_path(), copy.keyring_path()).unwrap();
    let copied = open_existing(&copy, &env()).await.unwrap();
    assert!(copied.service.db.has_instance().await.unwrap());
}

#[tokio::test]
async fn other_users_of_the_machine_cannot_read_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let _core = open_alone(&config, &env()).await.unwrap();
    for name in ["latchkey.db", "latchkey.db-wal", "latchkey.db-shm"] {
        assert_eq!(mode(&config.data_dir.join(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_mistyped_folder_is_told_and_nothing_is_made_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let refused = open_existing(&config, &env()).await.err().unwrap();
    assert!(matches!(refused, BootError::NotThere(_)), "{refused}");
    assert!(!config.data_dir.exists());
}

#[tokio::test]
async fn a_port_that_is_taken_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let config = Config {
        listen: taken.local_addr().unwrap(),
        ..config(folder.path())
    };
    let refused = serve(config.clone(), env()).await.unwrap_err();
    assert!(matches!(refused, BootError::Listen { .. }), "{refused}");
    assert!(!config.data_dir.join("latchkey.db").exists());
}
