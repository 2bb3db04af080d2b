//! The form for a new token, sent more than once.

use crate::{
    create::{KEY, add, refused, secret, stark},
    edit::{module, records},
    world::{new_token, search},
};
use app::{
    domain::{lifecycle::TokenAction, new_token::NewToken},
    error::ErrorCode,
    port::Console as _,
};
use std::collections::BTreeSet;

#[tokio::test]
async fn the_same_form_sent_again_answers_the_same_token_and_records_that_its_secret_was_shown() {
    let (world, tony) = stark().await;
    let mut new = new_token(KEY);
    new.modules = vec![module(1), module(2)];
    let first = add(&world, &tony, &new).await;
    let before = records(&world).await;
    new.modules.reverse();
    world.clock.advance(600);
    let again = add(&world, &tony, &new).await;
    assert_eq!(
        (&again.token, secret(&again)),
        (&first.token, secret(&first))
    );
    assert_eq!(records(&world).await, before + 1);
    let event = "SELECT event FROM audit_record ORDER BY seq DESC LIMIT 1";
    assert_eq!(
        world.ask::<String>(event).await,
        "platform.accounts.token.revealed"
    );
    // Later the secret is to be had like any other only; the token is still the same.
    world.clock.advance(1);
    let later = add(&world, &tony, &new).await;
    assert_eq!((&later.token, later.secret.is_none()), (&first.token, true));
    assert_eq!(records(&world).await, before + 1);
    assert_eq!(world.ids(&tony, &search("Robot 7")).await.len(), 1);
}

#[tokio::test]
async fn a_form_with_other_entries_under_the_same_key_adds_nothing_and_says_what_was_added() {
    let (world, tony) = stark().await;
    let first = add(&world, &tony, &new_token(KEY)).await;
    let before = records(&world).await;
    let other = NewToken {
        name: "Robot 8".into(),
        ..new_token(KEY)
    };
    let error = refused(&world, &tony, &other).await;
    assert_eq!(error.code, ErrorCode::KeyReused);
    assert!(
        error.message.contains("\"Robot 7\"")
            && error.message.contains(&first.token.id.to_string()),
        "{error}"
    );
    assert_eq!(records(&world).await, before);
}

#[tokio::test]
async fn a_form_whose_token_was_deleted_does_not_bring_it_back() {
    let (world, tony) = stark().await;
    let olga = world.user("Olga").await;
    for (actor, key) in [(&tony, KEY), (&olga, "another-key-of-olga")] {
        let added = add(&world, actor, &new_token(key)).await;
        let id = added.token.id.to_string();
        world.step(actor, &id, TokenAction::Delete).await.unwrap();
        let error = refused(&world, actor, &new_token(key)).await;
        assert_eq!(error.code, ErrorCode::KeyReused);
        assert!(error.message.contains("deleted"), "{error}");
    }
    assert_eq!(world.ids(&tony, &search("Robot 7")).await.len(), 0);
}

#[tokio::test]
async fn a_key_is_ones_own_and_is_forgotten_after_a_day() {
    let (world, tony) = stark().await;
    let happy = world.user("Happy").await;
    let tonys = add(&world, &tony, &new_token(KEY)).await.token.id;
    let happys = add(&world, &happy, &new_token(KEY)).await.token.id;
    assert_ne!(tonys, happys);
    // To the second: a day later it is known, after that it is not, and then the row is gone as well.
    world.clock.advance(24 * 3_600);
    assert_eq!(add(&world, &tony, &new_token(KEY)).await.token.id, tonys);
    world.clock.advance(1);
    assert_ne!(add(&world, &tony, &new_token(KEY)).await.token.id, tonys);
    let kept: i64 = world.ask("SELECT COUNT(*) FROM token_request").await;
    assert_eq!(kept, 1, "Happy's was forgotten on the way");
}

#[tokio::test]
async fn a_viewer_gets_nothing_by_a_key_of_his_time_as_administrator() {
    let (world, tony) = stark().await;
    add(&world, &tony, &new_token(KEY)).await;
    world
        .execute("UPDATE user SET role = 'Viewer' WHERE name = 'Tony'")
        .await;
    let tony = world.user("Tony").await;
    let error = refused(&world, &tony, &new_token(KEY)).await;
    assert_eq!(error.code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn of_a_hundred_equal_forms_at_once_one_adds_a_token_and_all_answer_it() {
    let (world, tony) = stark().await;
    let before = records(&world).await;
    let sent = (0..100).map(|_| {
        let (service, actor) = (world.service.clone(), tony.clone());
        tokio::spawn(async move { service.create_token(&actor, &new_token(KEY)).await.unwrap() })
    });
    let (mut tokens, mut secrets) = (BTreeSet::new(), Vec::new());
    for answer in sent.collect::<Vec<_>>() {
        let added = answer.await.unwrap();
        tokens.insert(added.token.id);
        secrets.extend(added.secret.is_some().then(|| secret(&added)));
    }
    assert_eq!(tokens.len(), 1);
    assert_eq!(world.ids(&tony, &search("Robot 7")).await.len(), 1);
    // The one that added it, and as many more as a person may have shown (T-27).
    assert_eq!(secrets.len(), 21);
    assert_eq!(secrets.iter().collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(records(&world).await, before + 21);
}
