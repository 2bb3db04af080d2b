//! Rotation of keys while others work on the same installation, and after it was left in the middle.

use crate::{
    keys::{all_are_good, keys, with_tokens},
    world::{NOON, new_token},
};
use app::{domain::secret::RevealPolicy, port::Console as _};
use server::{
    env::{MockClock, SeededRandom},
    secret::keyring::KeyringFile,
    service::{KeyState, Verdict, Wanted},
};
use std::{sync::Arc, time::Duration};

#[tokio::test]
async fn a_server_beside_answers_for_every_token_at_every_moment() {
    let world = with_tokens(60).await;
    world.service.learn_secrets().await;
    assert!(all_are_good(&world.service, 60).await);
    // As its tasks do: after each change of the keyring it learns anew which secrets there are.
    let server = Arc::clone(&world.service);
    let learning = tokio::spawn(async move {
        loop {
            server.learn_secrets().await;
        }
    });
    let command = world.beside(77).await;
    let rotating = tokio::spawn(async move {
        let rotation = command.rotate_keys(false).await.unwrap();
        command.close().await;
        rotation
    });
    let stark = world.user("Tony").await;
    let mut made = Vec::new();
    let mut rounds = 0;
    while !rotating.is_finished() {
        // As its tasks do, though more often.
        world.service.follow_changes().await;
        assert!(all_are_good(&world.service, 60).await, "round {rounds}");
        let form = new_token(&format!("{rounds:032x}"));
        let token = world.service.create_token(&stark, &form).await.unwrap();
        made.push(token.secret.unwrap().expose().to_owned());
        rounds += 1;
    }
    learning.abort();
    assert!(rounds > 0);
    let rotation = rotating.await.unwrap();
    assert_eq!(rotation.waiting, 0);
    world.service.follow_changes().await;
    assert!(all_are_good(&world.service, 60).await);
    let wanted = Wanted::all(["catalog"]);
    for secret in &made {
        let verdict = world.service.verify(secret, &wanted, None).await.unwrap();
        assert!(matches!(verdict, Verdict::Allowed(_)));
    }
    let now = keys(&world).await;
    assert_eq!(
        (now[0].secrets, now[0].lookups),
        (0, 0),
        "new ones were moved as well"
    );
    assert_eq!(now[1].lookups, 62 + made.len() as u64);
    assert!(world.service.verify_chain().await.is_ok());
}

#[tokio::test]
async fn nothing_is_moved_while_another_process_goes_by_the_old_keyring() {
    let world = with_tokens(2).await;
    let command = world.beside(77).await;
    // The server does not look at the file, as one that hangs.
    let waited = tokio::time::timeout(Duration::from_secs(1), command.rotate_keys(false)).await;
    assert!(waited.is_err(), "it waits");
    let now = keys(&world).await;
    assert_eq!((now[0].state, now[0].lookups), (KeyState::Active, 4));
    assert_eq!(now[1].state, KeyState::Next);
    assert!(all_are_good(&world.service, 2).await);
    // Now it does. What was begun is gone on with, and no third key is made.
    world.service.follow_changes().await;
    let server = Arc::clone(&world.service);
    let following = tokio::spawn(async move {
        loop {
            server.follow_changes().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let rotation = command.rotate_keys(false).await.unwrap();
    following.abort();
    assert!(rotation.resumed);
    assert_eq!(rotation.moved, 4);
    assert_eq!(keys(&world).await.len(), 2);
    assert!(all_are_good(&world.service, 2).await);
}

#[tokio::test]
async fn a_server_goes_on_with_a_rotation_wherever_it_was_left() {
    // A key that was added, and one that was made active.
    for activated in [false, true] {
        let world = with_tokens(2).await;
        let file = KeyringFile::new(world.keyring());
        let writer = file.begin_change().unwrap().unwrap();
        let clock = MockClock::new(NOON);
        let kid = writer.add(&SeededRandom::new(5), &clock).unwrap();
        if activated {
            writer.activate(&kid).unwrap();
        }
        drop(writer);
        let world = world.restarted(RevealPolicy::Always).await;
        assert!(all_are_good(&world.service, 2).await);
        world.service.go_on_rotating().await;
        let now = keys(&world).await;
        assert_eq!((now[0].state, now[0].lookups), (KeyState::Kept, 0));
        assert_eq!((&now[1].kid, now[1].lookups), (&kid, 4));
        assert!(all_are_good(&world.service, 2).await);
        let nothing = world.service.rotate_keys(true).await.unwrap();
        assert_eq!((nothing.moved, nothing.resumed), (0, false));
    }
}
