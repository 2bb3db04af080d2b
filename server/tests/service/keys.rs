//! Rotation of keys: every token stays valid at every moment, and in the end nothing needs the old key (T-12, T-23).

use crate::world::{World, form, token_id};
use app::{
    domain::{lifecycle::TokenAction, secret::RevealPolicy},
    port::Console as _,
};
use server::{
    env::{MockClock, SeededRandom},
    repo::{DbSettings, ReadOnlyDb},
    secret::{
        keyring::{Keyring, KeyringFile},
        token::TokenSecret,
    },
    service::{
        ConsoleService, DropError, KeyState, KeySummary, KeysError, RotationError, Verdict, Wanted,
        list_keys,
    },
};
use std::fs;

/// A secret that only this number gives.
pub fn secret(number: u64) -> String {
    let secret = TokenSecret::generate("lk", &SeededRandom::new(10_000 + number)).unwrap();
    secret.expose().to_owned()
}

/// An installation with so many tokens of known secrets beside the sample.
pub async fn with_tokens(count: u64) -> World {
    let world = World::sample().await;
    let tokens: Vec<_> = (1..=count)
        .map(|number| {
            format!(
                r#"{{"id":"TKN-0001-{number:04}","account":"ACC-0000-0001","name":"Robot {number}","modules":["billing"],
                    "secret":"{}"}}"#,
                secret(number)
            )
        })
        .collect();
    let file = format!(r#"{{"tokens":[{}]}}"#, tokens.join(","));
    world.provision(&file).await.unwrap();
    world
}

pub async fn is_good(service: &ConsoleService, secret: &str) -> bool {
    let wanted = Wanted::all(["billing"]);
    let verdict = service.verify(secret, &wanted, None).await.unwrap();
    matches!(verdict, Verdict::Allowed(_))
}

pub async fn all_are_good(service: &ConsoleService, count: u64) -> bool {
    for number in 1..=count {
        if !is_good(service, &secret(number)).await {
            return false;
        }
    }
    true
}

pub async fn keys(world: &World) -> Vec<KeySummary> {
    let keyring = Keyring::load(&world.keyring()).unwrap();
    let db = ReadOnlyDb::open(&DbSettings::of_file(&world.file()))
        .await
        .unwrap();
    let keys = list_keys(&db, &keyring).await.unwrap();
    db.close().await;
    keys
}

/// The policy of a token becomes `never`, so that its secret is not stored.
async fn forget_secret(world: &World, id: &str) {
    let actor = world.user("Tony").await;
    let token = world.token(&actor, id).await;
    let edit = app::domain::token::TokenEdit {
        reveal: RevealPolicy::Never,
        ..form(&token)
    };
    world.edit(&actor, id, &edit).await;
}

#[tokio::test]
async fn after_a_rotation_every_token_is_good_and_nothing_but_the_trail_names_the_old_key() {
    let world = with_tokens(3).await;
    world.service.learn_secrets().await;
    assert!(all_are_good(&world.service, 3).await);
    let old = keys(&world).await[0].clone();
    assert_eq!(
        (old.state, old.secrets, old.lookups),
        (KeyState::Active, 5, 5)
    );
    let rotation = world.service.rotate_keys(false).await.unwrap();
    assert_eq!((rotation.moved, rotation.waiting), (5, 0));
    assert!(rotation.damaged.is_empty() && !rotation.resumed);
    assert!(all_are_good(&world.service, 3).await);
    let now = keys(&world).await;
    assert_eq!(now.len(), 2);
    assert_eq!(
        (now[0].state, now[0].secrets, now[0].lookups),
        (KeyState::Kept, 0, 0)
    );
    assert_eq!(
        (now[1].state, now[1].secrets, now[1].lookups),
        (KeyState::Active, 5, 5)
    );
    assert_eq!(now[1].kid, rotation.kid);
    assert!(now[0].lines > 0 && now[1].lines > 0);
    assert!(world.service.verify_chain().await.is_ok());
    let events: String = world
        .ask(
            "SELECT group_concat(event || ' ' || object_id, ', ') FROM (SELECT * FROM audit_record \
             WHERE event LIKE 'platform.system.%' ORDER BY seq)",
        )
        .await;
    let kid = &rotation.kid;
    assert_eq!(
        events,
        format!(
            "platform.system.key.rotation-started {kid}, platform.system.key.rotation-ended {kid}"
        )
    );
    let world = world.restarted(RevealPolicy::Always).await;
    assert!(all_are_good(&world.service, 3).await);
    assert!(!is_good(&world.service, &secret(4)).await);
}

#[tokio::test]
async fn a_secret_that_was_moved_is_shown_as_it_was() {
    let world = with_tokens(1).await;
    let (actor, _) = world.signed_in("tony@stark.example").await;
    world.service.rotate_keys(false).await.unwrap();
    let shown = world
        .service
        .reveal_secret(
            &actor,
            token_id("TKN-0001-0001"),
            app::domain::secret::SecretUse::Show,
        )
        .await
        .unwrap();
    assert_eq!(shown.expose(), secret(1));
}

#[tokio::test]
async fn more_tokens_than_a_batch_are_all_moved() {
    let world = with_tokens(1_203).await;
    let rotation = world.service.rotate_keys(false).await.unwrap();
    assert_eq!(rotation.moved, 1_205);
    assert_eq!(keys(&world).await[0].lookups, 0);
    for number in [1, 500, 501, 1_203] {
        assert!(is_good(&world.service, &secret(number)).await);
    }
}

#[tokio::test]
async fn a_token_without_a_stored_secret_is_moved_when_it_is_used() {
    let world = with_tokens(2).await;
    forget_secret(&world, "TKN-0001-0001").await;
    let rotation = world.service.rotate_keys(false).await.unwrap();
    assert_eq!((rotation.moved, rotation.waiting), (3, 1));
    let old = keys(&world).await[0].clone();
    assert_eq!(
        (old.state, old.lookups, old.waiting),
        (KeyState::Leaving, 1, 1)
    );
    // A third key would make three that are looked up.
    let refused = world.service.rotate_keys(false).await.unwrap_err();
    assert!(
        matches!(refused, RotationError::Waiting { tokens: 1 }),
        "{refused}"
    );
    assert!(all_are_good(&world.service, 2).await);
    world.service.write_moves().await;
    assert_eq!(keys(&world).await[0].lookups, 0);
    assert!(all_are_good(&world.service, 2).await);
    let world = world.restarted(RevealPolicy::Always).await;
    world.service.learn_secrets().await;
    assert!(all_are_good(&world.service, 2).await);
    let next = world.service.rotate_keys(false).await.unwrap();
    assert_eq!((next.moved, next.waiting), (3, 1));
}

#[tokio::test]
async fn a_deleted_token_keeps_its_key_and_its_secret_is_never_given_again() {
    let world = with_tokens(2).await;
    let tony = world.user("Tony").await;
    world
        .step(&tony, "TKN-0001-0001", TokenAction::Delete)
        .await
        .unwrap();
    let rotation = world.service.rotate_keys(false).await.unwrap();
    assert_eq!((rotation.moved, rotation.waiting), (3, 0));
    let old = keys(&world).await[0].clone();
    assert_eq!(
        (old.state, old.lookups, old.deleted),
        (KeyState::Kept, 0, 1)
    );
    assert!(!is_good(&world.service, &secret(1)).await);
    let asked = world.service.figures().index.misses;
    world.service.write_moves().await;
    assert!(!is_good(&world.service, &secret(1)).await);
    let now = world.service.figures().index.misses;
    assert_eq!(now, asked, "nobody tries to move it");
    let again = format!(
        r#"{{"tokens":[{{"id":"TKN-0002-0001","account":"ACC-0000-0001","name":"Again","secret":"{}"}}]}}"#,
        secret(1)
    );
    assert!(world.provision(&again).await.is_err());
    let refused = world.service.drop_key(&old.kid).await.unwrap_err();
    let named = matches!(
        &refused,
        DropError::Named {
            deleted: 1,
            lookups: 0,
            secrets: 0,
            ..
        }
    );
    assert!(named, "{refused}");
}

#[tokio::test]
async fn what_is_stored_of_another_token_is_not_moved_and_is_named() {
    let world = with_tokens(2).await;
    world
        .execute(
            "UPDATE token_secret SET ct = (SELECT ct FROM token_secret WHERE token_id = 'TKN-0001-0002') \
             WHERE token_id = 'TKN-0001-0001'",
        )
        .await;
    let rotation = world.service.rotate_keys(false).await.unwrap();
    assert_eq!(rotation.moved, 3);
    assert_eq!(rotation.damaged, [token_id("TKN-0001-0001")]);
    assert!(all_are_good(&world.service, 2).await);
    let old = keys(&world).await[0].clone();
    assert_eq!((old.state, old.secrets), (KeyState::Leaving, 1));
}

#[tokio::test]
async fn a_keyring_that_is_broken_or_anothers_is_not_taken_over_and_not_written() {
    let world = with_tokens(1).await;
    let good = fs::read_to_string(world.keyring()).unwrap();
    let other = {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring.json");
        let clock = MockClock::new(crate::world::NOON);
        Keyring::create(&path, &SeededRandom::new(99), &clock).unwrap();
        let text = fs::read_to_string(path).unwrap();
        let kid = |text: &str| {
            let keyring = Keyring::from_json(text).unwrap();
            keyring.active().kid().to_owned()
        };
        // Another key under the same name.
        text.replace(&kid(&text), &kid(&good))
    };
    for bad in [&good[..good.len() / 2], "", "[]", &other] {
        fs::write(world.keyring(), bad).unwrap();
        world.service.follow_changes().await;
        assert!(is_good(&world.service, &secret(1)).await, "{bad:.20}");
        assert!(world.service.rotate_keys(false).await.is_err());
        assert_eq!(fs::read_to_string(world.keyring()).unwrap(), bad);
    }
    fs::write(world.keyring(), &good).unwrap();
    world.service.rotate_keys(false).await.unwrap();
    assert!(is_good(&world.service, &secret(1)).await);
}

#[tokio::test]
async fn a_keyring_of_another_installation_is_told_before_a_key_is_added_to_it() {
    let world = with_tokens(1).await;
    let good = fs::read_to_string(world.keyring()).unwrap();
    let kid = Keyring::from_json(&good).unwrap().active().kid().to_owned();
    let key = "A".repeat(43);
    let other = format!(r#"[{{"kid":"{kid}","key":"{key}=","state":"active"}}]"#);
    fs::write(world.keyring(), &other).unwrap();
    let elsewhere = world.beside(5).await;
    let refused = elsewhere.rotate_keys(false).await.unwrap_err();
    assert!(matches!(&refused, RotationError::Foreign(_)), "{refused}");
    assert_eq!(fs::read_to_string(world.keyring()).unwrap(), other);
    fs::write(world.keyring(), &good).unwrap();
    let refused = elsewhere.rotate_keys(false).await.unwrap_err();
    let foreign = matches!(&refused, RotationError::Keys(KeysError::Foreign(_)));
    assert!(foreign, "{refused}");
}

#[tokio::test]
async fn a_key_that_is_not_active_yet_can_be_given_up_and_the_active_one_cannot() {
    let world = with_tokens(1).await;
    let file = KeyringFile::new(world.keyring());
    let clock = MockClock::new(crate::world::NOON);
    let writer = file.begin_change().unwrap().unwrap();
    let kid = writer.add(&SeededRandom::new(5), &clock).unwrap();
    let busy = world.service.drop_key(&kid).await.unwrap_err();
    assert!(
        matches!(busy, DropError::Rotation(RotationError::Busy)),
        "{busy}"
    );
    drop(writer);
    let active = keys(&world).await[0].kid.clone();
    let refused = world.service.drop_key(&active).await.unwrap_err();
    assert!(matches!(refused, DropError::Active(_)), "{refused}");
    let unknown = world.service.drop_key("k-none").await.unwrap_err();
    assert!(matches!(unknown, DropError::Unknown(_)), "{unknown}");
    world.service.drop_key(&kid).await.unwrap();
    let now = keys(&world).await;
    assert_eq!(
        now.iter().map(|key| &key.kid).collect::<Vec<_>>(),
        [&active]
    );
    assert!(
        world
            .last_line()
            .await
            .starts_with("platform.system.key.dropped done")
    );
    assert!(is_good(&world.service, &secret(1)).await);
}
