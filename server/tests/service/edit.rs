//! Saving the edit form of a token.

use crate::world::{World, form};
use app::{
    domain::{
        audit::Change,
        module::ModuleId,
        token::{EditOutcome, TokenDetails, TokenEdit, TokenField},
    },
    error::ErrorCode,
    port::{Actor, Console as _},
};

const ROBOT: &str = "TKN-0000-0001";

async fn opened() -> (World, Actor, TokenDetails) {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let token = world.token(&tony, ROBOT).await;
    (world, tony, token)
}

fn saved(outcome: EditOutcome) -> TokenDetails {
    match outcome {
        EditOutcome::Saved { token, over: None } => *token,
        other => panic!("{other:?}"),
    }
}

fn conflicts(outcome: EditOutcome) -> Vec<(TokenField, String)> {
    match outcome {
        EditOutcome::Outdated { conflicts, .. } => conflicts
            .into_iter()
            .map(|conflict| (conflict.field, conflict.changed.by.name))
            .collect(),
        EditOutcome::Saved { .. } => panic!("{outcome:?}"),
    }
}

fn module(number: u64) -> ModuleId {
    ModuleId::from_number(number).unwrap()
}

fn renamed(token: &TokenDetails, name: &str) -> TokenEdit {
    TokenEdit {
        name: name.into(),
        ..form(token)
    }
}

fn described(token: &TokenDetails, description: &str) -> TokenEdit {
    TokenEdit {
        description: description.into(),
        ..form(token)
    }
}

async fn records(world: &World) -> i64 {
    world.ask("SELECT COUNT(*) FROM audit_record").await
}

async fn changes(world: &World) -> Vec<Change> {
    let json: String = world
        .ask("SELECT changes FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    serde_json::from_str(&json).unwrap()
}

#[tokio::test]
async fn a_save_changes_every_field_and_raises_the_revision() {
    let (world, tony, token) = opened().await;
    let edit = TokenEdit {
        revision: 1,
        name: "  Robo\u{308}t   2 ".into(),
        description: "line\r\nline ".into(),
        modules: vec![module(3), module(2)],
    };
    let now = saved(world.edit(&tony, ROBOT, &edit).await);
    assert_eq!(
        (now.name.as_str(), now.description.as_str(), now.revision),
        ("Rob\u{f6}t 2", "line\nline", 2)
    );
    assert_eq!(
        now.modules
            .iter()
            .map(|module| module.name.as_str())
            .collect::<Vec<_>>(),
        ["Catalog", "Health"]
    );
    assert_eq!(now.updated.as_ref().unwrap().by.name, "Tony");
    assert_eq!(
        (now.created.clone(), now.hint.clone()),
        (token.created, token.hint)
    );
    assert_eq!(world.token(&tony, ROBOT).await, now);
}

#[tokio::test]
async fn a_save_is_recorded_with_before_and_after() {
    let (world, tony, token) = opened().await;
    let before = records(&world).await;
    let edit = TokenEdit {
        modules: vec![module(2), module(3)],
        ..renamed(&token, "Robot 2")
    };
    saved(world.edit(&tony, ROBOT, &edit).await);
    assert_eq!(records(&world).await, before + 1);
    let change = |field: &str, before: &str, after: &str| Change {
        field: field.into(),
        before: Some(before.into()),
        after: Some(after.into()),
    };
    let expected = [
        change("name", "Robot 1", "Robot 2"),
        change(
            "modules",
            "MOD-0001 Billing, MOD-0003 Health",
            "MOD-0002 Catalog, MOD-0003 Health",
        ),
    ];
    assert_eq!(changes(&world).await, expected);
    let line: String = world
        .ask("SELECT event || '|' || actor_id || '|' || account_id || '|' || ip || '|' || request_id || '|' || object_revision FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    assert_eq!(
        line,
        "platform.accounts.token.updated|USR-0000-0001|ACC-0000-0001|192.0.2.1|request-1|2"
    );
}

#[tokio::test]
async fn a_change_that_cannot_be_recorded_is_not_made() {
    let (world, tony, token) = opened().await;
    world.execute("CREATE TRIGGER no_audit BEFORE INSERT ON audit_record BEGIN SELECT RAISE(ABORT, 'no'); END").await;
    let edit = TokenEdit {
        modules: vec![module(3)],
        ..renamed(&token, "Robot 2")
    };
    let error = world.refused(&tony, ROBOT, &edit).await;
    assert_eq!(
        (error.code, error.request_id.as_deref()),
        (ErrorCode::Internal, Some("request-1"))
    );
    assert!(
        !error.message.contains("SQL") && !error.message.contains("no_audit"),
        "{}",
        error.message
    );
    assert_eq!(world.token(&tony, ROBOT).await, token);
    world.execute("DROP TRIGGER no_audit").await;
    saved(world.edit(&tony, ROBOT, &edit).await);
}

#[tokio::test]
async fn a_save_that_changes_nothing_writes_nothing() {
    let (world, tony, token) = opened().await;
    let before = records(&world).await;
    let edit = TokenEdit {
        name: " Robot  1".into(),
        modules: vec![module(3), module(1), module(3)],
        ..form(&token)
    };
    assert_eq!(saved(world.edit(&tony, ROBOT, &edit).await), token);
    assert_eq!(records(&world).await, before);
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let (world, tony, token) = opened().await;
    let edit = TokenEdit {
        name: " ".into(),
        description: "x".repeat(2_001),
        modules: vec![module(1), module(9_999)],
        ..form(&token)
    };
    let error = world.refused(&tony, ROBOT, &edit).await;
    assert_eq!(error.code, ErrorCode::Invalid);
    let fields: Vec<_> = error
        .fields
        .iter()
        .map(|error| error.field.as_str())
        .collect();
    assert_eq!(fields, ["name", "description", "modules"]);
    assert_eq!(world.token(&tony, ROBOT).await, token);
}

#[tokio::test]
async fn a_module_that_is_unknown_foreign_or_without_a_choice_is_refused_beside_the_field() {
    let (world, tony, token) = opened().await;
    for (modules, words) in [
        (vec![module(3), module(9_999)], "MOD-9999"),
        (vec![module(3), module(5)], "MOD-0005"),
        (vec![module(3), module(1757)], "MOD-1757"),
        (vec![module(3), module(4)], "Internals"),
        (vec![module(1)], "Health"),
    ] {
        let error = world
            .refused(
                &tony,
                ROBOT,
                &TokenEdit {
                    modules,
                    ..form(&token)
                },
            )
            .await;
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.field("modules").unwrap().contains(words), "{error:?}");
    }
}

#[tokio::test]
async fn a_viewer_and_a_foreigner_cannot_edit_and_learn_no_more_than_they_may() {
    let (world, _, token) = opened().await;
    for (name, code) in [
        ("Pepper", ErrorCode::Forbidden),
        ("Oscar", ErrorCode::Forbidden),
        ("Bruce", ErrorCode::NotFound),
    ] {
        let actor = world.user(name).await;
        let error = world.refused(&actor, ROBOT, &renamed(&token, "Mine")).await;
        assert_eq!(error.code, code, "{name}");
        let form = world
            .service
            .get_token_form(&actor, token.id)
            .await
            .unwrap_err();
        assert_eq!(form, error, "{name}");
    }
    let viewer = world
        .refused(&world.user("Pepper").await, ROBOT, &form(&token))
        .await;
    assert_eq!(
        viewer.message,
        "You can look at this token but not change it. Ask an Administrator of your account."
    );
}

#[tokio::test]
async fn an_operations_administrator_edits_every_accounts_tokens_and_the_account_sees_the_record() {
    let (world, _, token) = opened().await;
    let olga = world.user("Olga").await;
    assert_eq!(
        saved(world.edit(&olga, ROBOT, &renamed(&token, "Robot 2")).await).name,
        "Robot 2"
    );
    let line: String = world
        .ask(
            "SELECT actor_account || ' ' || account_id FROM audit_record ORDER BY seq DESC LIMIT 1",
        )
        .await;
    assert_eq!(line, "ACC-0000-0003 ACC-0000-0001");
}

#[tokio::test]
async fn a_deleted_token_cannot_be_edited_by_anyone() {
    let (world, tony, token) = opened().await;
    world
        .execute("UPDATE api_token SET status = 'Deleted' WHERE id = 'TKN-0000-0001'")
        .await;
    for actor in [tony, world.user("Olga").await] {
        assert_eq!(
            world
                .refused(&actor, ROBOT, &renamed(&token, "x"))
                .await
                .code,
            ErrorCode::NotFound
        );
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
    // As disabling and enabling will be recorded in step 2: a new revision and a change of another field.
    saved(
        world
            .edit(
                &world.user("Happy").await,
                ROBOT,
                &renamed(&token, "Robot 2"),
            )
            .await,
    );
    world.execute("DROP TRIGGER audit_record_keeps_lines").await;
    world
        .execute("UPDATE audit_record SET changes = '[{\"field\":\"status\",\"before\":\"Active\",\"after\":\"Disabled\"}]' WHERE object_revision = 2")
        .await;
    world
        .execute(
            "UPDATE api_token SET name = 'Robot 1', name_fold = 'robot 1', status = 'Disabled'",
        )
        .await;
    let outcome = world.edit(&tony, ROBOT, &described(&token, "second")).await;
    let EditOutcome::Saved {
        token: now,
        over: Some(over),
    } = outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (
            now.description.as_str(),
            now.revision,
            over.by.name.as_str()
        ),
        ("second", 3, "Happy")
    );
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
async fn the_form_offers_the_accounts_modules_and_marks_those_without_a_choice() {
    let (world, tony, token) = opened().await;
    let form = world.service.get_token_form(&tony, token.id).await.unwrap();
    assert_eq!(form.token, token);
    let choices: Vec<_> = form
        .choices
        .iter()
        .map(|choice| (choice.module.name.as_str(), choice.fixed))
        .collect();
    assert_eq!(
        choices,
        [
            ("Billing", false),
            ("Catalog", false),
            ("Health", true),
            ("Internals", true)
        ]
    );
}
