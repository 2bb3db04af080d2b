//! Saving the edit form on an outdated revision.

use crate::{
    edit::{ROBOT, described, module, opened, records, renamed, saved},
    world::form,
};
use app::{
    domain::{
        lifecycle::TokenAction,
        secret::RevealPolicy,
        token::{EditOutcome, TokenDetails, TokenEdit, TokenField, TokenStatus},
    },
    port::Console as _,
};

fn conflicts(outcome: EditOutcome) -> Vec<(TokenField, String)> {
    match outcome {
        EditOutcome::Outdated { conflicts, .. } => conflicts
            .into_iter()
            .map(|conflict| (conflict.field, conflict.changed.by.name))
            .collect(),
        EditOutcome::Saved { .. } => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_change_by_another_to_a_field_in_which_the_form_differs_stops_the_save() {
    let (world, tony, token) = opened().await;
    let happy = world.user("Happy").await;
    world.clock.advance(60);
    saved(
        world
            .edit(&happy, ROBOT, &renamed(&token, "Happy's robot"))
            .await,
    );
    let outcome = world
        .edit(&tony, ROBOT, &renamed(&token, "Tony's robot"))
        .await;
    assert_eq!(conflicts(outcome), [(TokenField::Name, "Happy".to_owned())]);
    // The form still shows the old name: saving another field would undo the new one.
    let outcome = world.edit(&tony, ROBOT, &described(&token, "second")).await;
    let EditOutcome::Outdated { token: theirs, .. } = &outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (theirs.name.as_str(), theirs.revision),
        ("Happy's robot", 2)
    );
    assert_eq!(conflicts(outcome), [(TokenField::Name, "Happy".to_owned())]);
    let now = world.token(&tony, ROBOT).await;
    assert_eq!(
        (now.name.as_str(), now.description.as_str(), now.revision),
        ("Happy's robot", "first", 2)
    );
}

#[tokio::test]
async fn conflicts_name_who_changed_each_field_last() {
    let (world, tony, token) = opened().await;
    let (happy, olga) = (world.user("Happy").await, world.user("Olga").await);
    let second = saved(
        world
            .edit(
                &happy,
                ROBOT,
                &described(&renamed_details(&token, "A"), "B"),
            )
            .await,
    );
    let third = saved(world.edit(&olga, ROBOT, &renamed(&second, "C")).await);
    saved(
        world
            .edit(
                &olga,
                ROBOT,
                &TokenEdit {
                    modules: vec![module(3)],
                    ..form(&third)
                },
            )
            .await,
    );
    let outcome = world.edit(&tony, ROBOT, &renamed(&token, "Mine")).await;
    let expected = [
        (TokenField::Name, "Olga".to_owned()),
        (TokenField::Description, "Happy".to_owned()),
        (TokenField::Modules, "Olga".to_owned()),
    ];
    assert_eq!(conflicts(outcome), expected);
}

fn renamed_details(token: &TokenDetails, name: &str) -> TokenDetails {
    TokenDetails {
        name: name.into(),
        ..token.clone()
    }
}

#[tokio::test]
async fn the_same_change_by_another_is_no_conflict() {
    let (world, tony, token) = opened().await;
    saved(
        world
            .edit(
                &world.user("Happy").await,
                ROBOT,
                &renamed(&token, "Robot 2"),
            )
            .await,
    );
    let before = records(&world).await;
    let outcome = world.edit(&tony, ROBOT, &renamed(&token, "Robot 2")).await;
    let EditOutcome::Saved {
        token: now,
        over: Some(over),
    } = outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!((now.revision, over.by.name.as_str()), (2, "Happy"));
    assert_eq!(
        records(&world).await,
        before,
        "nothing differed, so nothing was written"
    );
    let edit = TokenEdit {
        description: "second".into(),
        ..renamed(&token, "Robot 2")
    };
    let outcome = world.edit(&tony, ROBOT, &edit).await;
    let EditOutcome::Saved {
        token: now,
        over: Some(_),
    } = outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (now.revision, now.name.as_str(), now.description.as_str()),
        (3, "Robot 2", "second")
    );
}

#[tokio::test]
async fn a_change_to_something_the_form_does_not_hold_lets_the_save_through_and_is_named() {
    let (world, tony, token) = opened().await;
    let happy = world.user("Happy").await;
    world
        .step(&happy, ROBOT, TokenAction::Disable)
        .await
        .unwrap();
    let outcome = world.edit(&tony, ROBOT, &described(&token, "second")).await;
    let EditOutcome::Saved {
        token: now,
        over: Some(over),
    } = outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (now.description.as_str(), now.revision, now.status),
        ("second", 3, TokenStatus::Disabled)
    );
    assert_eq!(over.by.name, "Happy");
}

#[tokio::test]
async fn a_revision_that_never_was_counts_as_outdated_in_every_difference() {
    let (world, tony, token) = opened().await;
    let mut edit = renamed(&token, "Robot 2");
    edit.revision = 7;
    assert_eq!(
        conflicts(world.edit(&tony, ROBOT, &edit).await),
        [(TokenField::Name, "Tony".to_owned())]
    );
    edit.name = token.name.clone();
    saved(world.edit(&tony, ROBOT, &edit).await);
    for revision in [0, -1, i64::MIN, i64::MAX] {
        let edit = TokenEdit {
            revision,
            ..renamed(&token, "Robot 2")
        };
        assert_eq!(
            conflicts(world.edit(&tony, ROBOT, &edit).await).len(),
            1,
            "{revision}"
        );
    }
    assert_eq!(world.token(&tony, ROBOT).await, token);
}

#[tokio::test]
async fn of_many_saves_at_once_on_one_revision_exactly_one_goes_through() {
    let (world, tony, token) = opened().await;
    let saves = (0..20).map(|number| {
        let (service, actor) = (world.service.clone(), tony.clone());
        let edit = renamed(&token, &format!("Robot {number} again"));
        tokio::spawn(async move {
            service
                .edit_token(&actor, ROBOT.parse().unwrap(), &edit)
                .await
                .unwrap()
        })
    });
    let mut through = 0;
    for save in saves.collect::<Vec<_>>() {
        through += usize::from(matches!(save.await.unwrap(), EditOutcome::Saved { .. }));
    }
    assert_eq!(through, 1);
    assert_eq!(world.token(&tony, ROBOT).await.revision, 2);
}

#[tokio::test]
async fn a_policy_or_logo_that_another_changed_is_a_conflict_and_no_complaint_about_the_field() {
    let (world, tony, token) = opened().await;
    let happy = world.user("Happy").await;
    let icon = world.icon('a').await;
    let with_logo = saved(
        world
            .edit(
                &happy,
                ROBOT,
                &TokenEdit {
                    icon: Some(icon),
                    ..form(&token)
                },
            )
            .await,
    );
    let tighter = TokenEdit {
        icon: None,
        reveal: RevealPolicy::Once,
        ..form(&with_logo)
    };
    world.execute("DELETE FROM icon").await;
    let third = saved(world.edit(&happy, ROBOT, &tighter).await);
    // These forms hold what was there once: the old policy, and a logo whose file is no longer kept.
    for (base, fields) in [
        (&token, vec![TokenField::Reveal]),
        (&with_logo, vec![TokenField::Icon, TokenField::Reveal]),
    ] {
        let outcome = world.edit(&tony, ROBOT, &described(base, "second")).await;
        let expected: Vec<_> = fields
            .into_iter()
            .map(|it| (it, "Happy".to_owned()))
            .collect();
        assert_eq!(conflicts(outcome), expected);
    }
    // What nobody changed is a complaint, on an outdated form too.
    saved(world.edit(&happy, ROBOT, &renamed(&third, "Robot 2")).await);
    let looser = TokenEdit {
        reveal: RevealPolicy::Always,
        name: "Robot 2".into(),
        ..form(&third)
    };
    let error = world.refused(&tony, ROBOT, &looser).await;
    assert!(error.field("reveal").is_some(), "{error:?}");
    assert_eq!(world.token(&tony, ROBOT).await.reveal, RevealPolicy::Once);
}
