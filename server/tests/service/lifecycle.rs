//! Steps in the life of a token.

use crate::{
    edit::{ROBOT, described, opened, records, renamed, saved},
    world::{NOON, World, search, token_id},
};
use TokenAction::{Delete, Disable, Enable};
use app::{
    domain::{
        audit::Change,
        lifecycle::TokenAction,
        secret::SecretAccess,
        token::{Allowed, EditOutcome, Stamp, TokenStatus},
        user::PersonRef,
    },
    error::ErrorCode,
    port::Console as _,
};
use sea_orm::ConnectionTrait as _;

async fn secrets(world: &World, id: &str) -> i64 {
    world
        .ask(&format!(
            "SELECT COUNT(*) FROM token_secret WHERE token_id = '{id}'"
        ))
        .await
}

/// Brings Robot 1 there, by Happy.
async fn bring(world: &World, status: TokenStatus) {
    let happy = world.user("Happy").await;
    let step = match status {
        TokenStatus::Active => return,
        TokenStatus::Disabled => Disable,
        TokenStatus::Deleted => Delete,
    };
    world.step(&happy, ROBOT, step).await.unwrap();
}

#[tokio::test]
async fn every_step_from_every_state_by_everybody() {
    for status in TokenStatus::ALL {
        let world = World::sample().await;
        bring(&world, status).await;
        for name in ["Pepper", "Oscar", "Bruce", "Tony", "Olga"] {
            let actor = world.user(name).await;
            for action in TokenAction::ALL {
                let hidden = name == "Bruce"
                    || status == TokenStatus::Deleted && matches!(name, "Pepper" | "Tony");
                let expected = if hidden {
                    Some(ErrorCode::NotFound)
                } else if matches!(name, "Pepper" | "Oscar") {
                    Some(ErrorCode::Forbidden)
                } else if action.after(status).is_none() {
                    Some(ErrorCode::Conflict)
                } else {
                    None
                };
                if expected.is_none() {
                    continue; // Taken below, each on an installation of its own.
                }
                let lines = records(&world).await;
                let error = world.step(&actor, ROBOT, action).await.unwrap_err();
                let place = format!("{name} {action:?} {status:?}");
                assert_eq!(Some(error.code), expected, "{place}");
                let recorded = i64::from(error.code == ErrorCode::Forbidden);
                assert_eq!(records(&world).await, lines + recorded, "{place}");
            }
        }
        let now: String = world
            .ask("SELECT status FROM api_token WHERE id = 'TKN-0000-0001'")
            .await;
        assert_eq!(now, status.as_str());
        for name in ["Tony", "Olga"] {
            for action in TokenAction::from(status) {
                let world = World::sample().await;
                bring(&world, status).await;
                let actor = world.user(name).await;
                world.step(&actor, ROBOT, action).await.unwrap();
                let token = world.token(&world.user("Olga").await, ROBOT).await;
                assert_eq!(Some(token.status), action.after(status));
            }
        }
    }
}

#[tokio::test]
async fn a_step_raises_the_revision_stamps_the_token_and_is_recorded() {
    let (world, tony, token) = opened().await;
    for (minute, (action, before, after)) in (0_i64..).zip([
        (Disable, "Active", "Disabled"),
        (Enable, "Disabled", "Active"),
        (Delete, "Active", "Deleted"),
    ]) {
        let lines = records(&world).await;
        world.clock.set(NOON.plus_seconds(60 * minute));
        world.step(&tony, ROBOT, action).await.unwrap();
        let (done, revision) = (action.done(), minute + 2);
        let line = format!("platform.accounts.token.{done} done Tony {ROBOT} {revision}");
        assert_eq!(world.last_line().await, line);
        assert_eq!(records(&world).await, lines + 1);
        let json: String = world
            .ask("SELECT changes FROM audit_record ORDER BY seq DESC LIMIT 1")
            .await;
        let change = Change {
            field: "status".into(),
            before: Some(before.into()),
            after: Some(after.into()),
        };
        assert_eq!(
            serde_json::from_str::<Vec<Change>>(&json).unwrap(),
            [change]
        );
    }
    let now = world.token(&world.user("Olga").await, ROBOT).await;
    let stamp = |minutes: i64| {
        Some(Stamp {
            at: NOON.plus_seconds(60 * minutes),
            by: PersonRef {
                id: "USR-0000-0001".into(),
                name: "Tony".into(),
            },
        })
    };
    assert_eq!(
        (now.disabled, now.enabled, now.deleted),
        (stamp(0), stamp(1), stamp(2))
    );
    assert_eq!((now.revision, now.updated), (4, None));
    assert_eq!(
        (now.name, now.modules, now.hint),
        (token.name, token.modules, token.hint),
        "history stays"
    );
    world.service.verify_chain().await.unwrap();
}

#[tokio::test]
async fn a_step_that_somebody_else_took_is_explained() {
    let (world, tony, _) = opened().await;
    let (happy, olga) = (world.user("Happy").await, world.user("Olga").await);
    let error = world.step(&tony, ROBOT, Enable).await.unwrap_err();
    assert_eq!(
        error.message,
        "This API token is already enabled. Nothing was changed."
    );
    world.step(&happy, ROBOT, Disable).await.unwrap();
    let error = world.step(&tony, ROBOT, Disable).await.unwrap_err();
    assert_eq!(
        error.message,
        "This API token is already disabled. Happy disabled it on 24 Nov 2026 at 12:00 UTC. Nothing was changed."
    );
    world.step(&happy, ROBOT, Delete).await.unwrap();
    for action in TokenAction::ALL {
        let error = world.step(&olga, ROBOT, action).await.unwrap_err();
        assert_eq!(
            error.message,
            "This API token is already deleted. Happy deleted it on 24 Nov 2026 at 12:00 UTC. Nothing was changed."
        );
    }
}

#[tokio::test]
async fn deleting_destroys_the_secret_and_keeps_what_recognises_it() {
    let (world, tony, _) = opened().await;
    let lookup = "SELECT hex(lookup) FROM api_token WHERE id = 'TKN-0000-0001'";
    let before: String = world.ask(lookup).await;
    world.step(&tony, ROBOT, Disable).await.unwrap();
    assert_eq!(secrets(&world, ROBOT).await, 1);
    world.step(&tony, ROBOT, Delete).await.unwrap();
    assert_eq!(secrets(&world, ROBOT).await, 0);
    assert_eq!(world.ask::<String>(lookup).await, before);
    assert_eq!(world.ids(&tony, &search("Robot")).await.len(), 0);
    let olga = world.user("Olga").await;
    let token = world.token(&olga, ROBOT).await;
    assert_eq!(
        (token.secret, token.allowed),
        (SecretAccess::Gone, Allowed::default())
    );
    assert_eq!(secrets(&world, "TKN-0000-0009").await, 1, "only its own");
}

#[tokio::test]
async fn a_step_that_cannot_be_recorded_is_not_taken() {
    let (world, tony, token) = opened().await;
    world
        .execute("CREATE TRIGGER no_audit BEFORE INSERT ON audit_record BEGIN SELECT RAISE(ABORT, 'no'); END")
        .await;
    for action in [Disable, Delete] {
        let error = world.step(&tony, ROBOT, action).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Internal);
    }
    assert_eq!(world.token(&tony, ROBOT).await, token);
    assert_eq!(secrets(&world, ROBOT).await, 1);
}

#[tokio::test]
async fn the_database_itself_lets_no_deleted_token_live_and_no_policy_loosen() {
    let (world, tony, token) = opened().await;
    let sql = world.sql().await;
    let refused = async |statement: &str| {
        use sea_orm::ConnectionTrait as _;
        let error = sql.execute_unprepared(statement).await.unwrap_err();
        assert!(error.to_string().contains("1811"), "{statement}: {error}");
    };
    let tight = renamed(&token, "Robot 1");
    let once = app::domain::token::TokenEdit {
        reveal: app::domain::secret::RevealPolicy::Once,
        ..tight
    };
    saved(world.edit(&tony, ROBOT, &once).await);
    refused("UPDATE api_token SET reveal = 'always' WHERE id = 'TKN-0000-0001'").await;
    refused("DELETE FROM api_token WHERE id = 'TKN-0000-0001'").await;
    let keep = "CREATE TABLE kept AS SELECT * FROM token_secret WHERE token_id = 'TKN-0000-0001'";
    world.execute(keep).await;
    world.step(&tony, ROBOT, Delete).await.unwrap();
    refused("UPDATE api_token SET status = 'Active' WHERE id = 'TKN-0000-0001'").await;
    refused("UPDATE api_token SET status = 'Disabled' WHERE id = 'TKN-0000-0001'").await;
    refused("INSERT INTO token_secret SELECT * FROM kept").await;
    world
        .execute("UPDATE api_token SET reveal = 'never' WHERE id = 'TKN-0000-0009'")
        .await;
    refused("UPDATE api_token SET reveal = 'once' WHERE id = 'TKN-0000-0009'").await;
}

#[tokio::test]
async fn of_many_equal_steps_at_once_exactly_one_is_taken() {
    let (world, tony, _) = opened().await;
    let actors = [tony, world.user("Happy").await, world.user("Olga").await];
    for action in [Disable, Enable, Delete] {
        let lines = records(&world).await;
        let steps = (0..20).map(|number| {
            let (service, actor) = (world.service.clone(), actors[number % 3].clone());
            tokio::spawn(async move {
                service
                    .change_token_status(&actor, token_id(ROBOT), action, None)
                    .await
            })
        });
        let (mut taken, mut late) = (0, 0);
        for step in steps.collect::<Vec<_>>() {
            match step.await.unwrap() {
                Ok(()) => taken += 1,
                Err(error) if error.code == ErrorCode::Conflict => late += 1,
                // For its own account a deleted token is simply no longer there.
                Err(error) if action == Delete && error.code == ErrorCode::NotFound => late += 1,
                Err(error) => panic!("{action:?}: {error:?}"),
            }
        }
        assert_eq!((taken, late), (1, 19), "{action:?}");
        assert_eq!(records(&world).await, lines + 1);
    }
}

#[tokio::test]
async fn of_a_deletion_and_edits_at_once_no_edit_follows_the_deletion() {
    for round in 0..5 {
        let (world, tony, token) = opened().await;
        let happy = world.user("Happy").await;
        let edits = (0..8).map(|number| {
            let (service, actor) = (world.service.clone(), tony.clone());
            let edit = described(&token, &format!("{round} {number}"));
            tokio::spawn(async move { service.edit_token(&actor, token_id(ROBOT), &edit).await })
        });
        let edits: Vec<_> = edits.collect();
        world.step(&happy, ROBOT, Delete).await.unwrap();
        let mut through = 0;
        for edit in edits {
            match edit.await.unwrap() {
                Ok(EditOutcome::Saved { .. }) => through += 1,
                Ok(EditOutcome::Outdated { .. }) => {}
                Err(error) => assert_eq!(error.code, ErrorCode::NotFound),
            }
        }
        assert!(through <= 1);
        let last: String = world
            .ask("SELECT event FROM audit_record WHERE object_id = 'TKN-0000-0001' ORDER BY seq DESC LIMIT 1")
            .await;
        assert_eq!(last, "platform.accounts.token.deleted");
        let now = world.token(&world.user("Olga").await, ROBOT).await;
        assert_eq!(
            (now.status, now.revision),
            (TokenStatus::Deleted, 2 + through)
        );
    }
}

/// What a token's row cannot do without.
const ROW: &str = "id, account_id, name, name_fold, description, status, revision, hint, lookup, pepper_kid, created_at, \
                   created_by";

#[tokio::test]
async fn the_database_lets_no_deleted_token_change_or_be_replaced() {
    let (world, tony, _) = opened().await;
    world.step(&tony, ROBOT, Delete).await.unwrap();
    let sql = world.sql().await;
    for statement in [
        format!("UPDATE api_token SET status = 'Active' WHERE id = '{ROBOT}'"),
        format!("UPDATE api_token SET lookup = randomblob(32) WHERE id = '{ROBOT}'"),
        format!("UPDATE api_token SET name = 'x' WHERE id = '{ROBOT}'"),
        "UPDATE api_token SET account_id = 'ACC-0000-0001' WHERE id = 'TKN-0000-0009'".to_owned(),
        format!("REPLACE INTO api_token ({ROW}) SELECT {ROW} FROM api_token WHERE id = '{ROBOT}'"),
        format!("DELETE FROM api_token WHERE id = '{ROBOT}'"),
    ] {
        let done = sql.execute_unprepared(&statement).await;
        let error = done.expect_err(&statement).to_string();
        assert!(
            error.contains("token stays") || error.contains("row of a token"),
            "{statement}: {error}"
        );
    }
    let status = format!("SELECT status FROM api_token WHERE id = '{ROBOT}'");
    assert_eq!(world.ask::<String>(&status).await, "Deleted");
}

#[tokio::test]
async fn a_clock_that_was_set_back_stops_no_step() {
    let (world, tony, token) = opened().await;
    world.step(&tony, ROBOT, Disable).await.unwrap();
    world.clock.advance(-10 * 365 * 24 * 3_600);
    world.step(&tony, ROBOT, Enable).await.unwrap();
    let outcome = world.edit(&tony, ROBOT, &described(&token, "x")).await;
    assert!(matches!(outcome, EditOutcome::Saved { .. }));
    let now = world.token(&tony, ROBOT).await;
    assert!(now.enabled.unwrap().at < now.disabled.unwrap().at);
    world.step(&tony, ROBOT, Delete).await.unwrap();
    world.service.verify_chain().await.unwrap();
}

#[tokio::test]
async fn the_name_is_asked_for_when_the_token_was_used_within_seven_days() {
    let (world, tony, token) = opened().await;
    assert!(token.allowed.name_to_delete);
    let used = token.last_access_at.unwrap();
    world.clock.set(used.plus_seconds(7 * 24 * 3_600));
    assert!(world.token(&tony, ROBOT).await.allowed.name_to_delete);
    world.clock.advance(1);
    assert!(!world.token(&tony, ROBOT).await.allowed.name_to_delete);
    let bruce = world.user("Bruce").await;
    let never = world.token(&bruce, "TKN-0000-0009").await;
    assert!(!never.allowed.name_to_delete);
}
