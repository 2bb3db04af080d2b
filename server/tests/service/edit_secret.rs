//! Saving the edit form of a token: its logo, and who may see its secret.

use crate::{
    edit::{ROBOT, changes, opened, records, renamed, saved},
    world::{World, form},
};
use app::{
    domain::{
        audit::Change,
        secret::{RevealPolicy, SecretAccess},
        token::{TokenDetails, TokenEdit},
    },
    error::ErrorCode,
};

#[tokio::test]
async fn a_logo_is_set_changed_and_removed_and_recorded() {
    let (world, tony, token) = opened().await;
    let (a, b) = (world.icon('a').await, world.icon('b').await);
    let mut now = token;
    for (icon, before, after) in [(Some(&a), "", "a"), (Some(&b), "a", "b"), (None, "b", "")] {
        let edit = TokenEdit {
            icon: icon.cloned(),
            ..form(&now)
        };
        let revision = now.revision;
        now = saved(world.edit(&tony, ROBOT, &edit).await);
        assert_eq!((now.icon.as_ref(), now.revision), (icon, revision + 1));
        let change = Change {
            field: "icon".into(),
            before: Some(before.repeat(64)),
            after: Some(after.repeat(64)),
        };
        assert_eq!(changes(&world).await, [change]);
    }
    assert_eq!(world.token(&tony, ROBOT).await, now);
}

#[tokio::test]
async fn a_logo_is_one_that_is_kept_or_the_one_it_has() {
    let (world, tony, token) = opened().await;
    let edit = TokenEdit {
        icon: Some(world.icon('a').await),
        ..form(&token)
    };
    let now = saved(world.edit(&tony, ROBOT, &edit).await);
    world.execute("DELETE FROM icon").await;
    assert_eq!(
        saved(world.edit(&tony, ROBOT, &renamed(&now, "Robot 2")).await).icon,
        now.icon
    );
    let gone = TokenEdit {
        revision: 3,
        icon: Some("b".repeat(64).parse().unwrap()),
        ..renamed(&now, "Robot 2")
    };
    let error = world.refused(&tony, ROBOT, &gone).await;
    assert_eq!(
        error.field("icon"),
        Some("This logo is no longer kept. Choose the file again, or remove the logo.")
    );
}

fn policy(token: &TokenDetails, reveal: RevealPolicy) -> TokenEdit {
    TokenEdit {
        reveal,
        ..form(token)
    }
}

async fn stored(world: &World) -> i64 {
    world
        .ask("SELECT COUNT(*) FROM token_secret WHERE token_id = 'TKN-0000-0001'")
        .await
}

#[tokio::test]
async fn a_reveal_policy_is_only_ever_tightened_and_never_destroys_the_secret() {
    let (world, tony, token) = opened().await;
    let once = saved(
        world
            .edit(&tony, ROBOT, &policy(&token, RevealPolicy::Once))
            .await,
    );
    assert_eq!(
        (
            once.reveal,
            once.revision,
            once.secret,
            stored(&world).await
        ),
        (RevealPolicy::Once, 2, SecretAccess::Open, 1)
    );
    let change = Change {
        field: "reveal".into(),
        before: Some("always".into()),
        after: Some("once".into()),
    };
    assert_eq!(changes(&world).await, [change]);
    let error = world
        .refused(&tony, ROBOT, &policy(&once, RevealPolicy::Always))
        .await;
    assert_eq!(
        error.field("reveal"),
        Some(
            "This is looser than allowed here. Choose \"The first Administrator who asks, once\" or a stricter one."
        )
    );
    let never = saved(
        world
            .edit(&tony, ROBOT, &policy(&once, RevealPolicy::Never))
            .await,
    );
    assert_eq!(
        (never.secret, stored(&world).await),
        (SecretAccess::Gone, 0)
    );
    for reveal in [RevealPolicy::Always, RevealPolicy::Once] {
        let error = world.refused(&tony, ROBOT, &policy(&never, reveal)).await;
        assert_eq!(error.code, ErrorCode::Invalid);
    }
}

#[tokio::test]
async fn a_tighter_installation_binds_older_tokens_and_stops_no_edit_of_other_fields() {
    let (world, tony, _) = opened().await;
    let world = world.restarted(RevealPolicy::Once).await;
    let token = world.token(&tony, ROBOT).await;
    assert_eq!(token.reveal, RevealPolicy::Once);
    let before = records(&world).await;
    assert_eq!(saved(world.edit(&tony, ROBOT, &form(&token)).await), token);
    assert_eq!(records(&world).await, before);
    let now = saved(world.edit(&tony, ROBOT, &renamed(&token, "Robot 2")).await);
    assert_eq!(
        (now.name.as_str(), now.reveal),
        ("Robot 2", RevealPolicy::Once)
    );
    let fields: Vec<_> = changes(&world)
        .await
        .into_iter()
        .map(|it| it.field)
        .collect();
    assert_eq!(fields, ["name"]);
    let never = world
        .restarted(RevealPolicy::Never)
        .await
        .token(&tony, ROBOT)
        .await;
    assert_eq!(
        (never.reveal, never.secret),
        (RevealPolicy::Never, SecretAccess::Gone)
    );
}
