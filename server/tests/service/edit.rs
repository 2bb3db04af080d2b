//! Saving the edit form of a token.

use crate::world::{World, form};
use app::{
    domain::{
        audit::Change,
        module::ModuleId,
        secret::RevealPolicy,
        token::{EditOutcome, TokenDetails, TokenEdit},
    },
    error::ErrorCode,
    port::{Actor, Console as _},
};

pub const ROBOT: &str = "TKN-0000-0001";

pub async fn opened() -> (World, Actor, TokenDetails) {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let token = world.token(&tony, ROBOT).await;
    (world, tony, token)
}

pub fn saved(outcome: EditOutcome) -> TokenDetails {
    match outcome {
        EditOutcome::Saved { token, over: None } => *token,
        other => panic!("{other:?}"),
    }
}

pub fn module(number: u64) -> ModuleId {
    ModuleId::from_number(number).unwrap()
}

pub fn renamed(token: &TokenDetails, name: &str) -> TokenEdit {
    TokenEdit {
        name: name.into(),
        ..form(token)
    }
}

pub fn described(token: &TokenDetails, description: &str) -> TokenEdit {
    TokenEdit {
        description: description.into(),
        ..form(token)
    }
}

pub async fn records(world: &World) -> i64 {
    world.ask("SELECT COUNT(*) FROM audit_record").await
}

pub async fn changes(world: &World) -> Vec<Change> {
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
        icon: None,
        reveal: RevealPolicy::Always,
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

#[tokio::test]
async fn who_tried_to_edit_what_he_may_only_look_at_stands_in_the_trail() {
    let world = World::sample().await;
    let lines = "SELECT COUNT(*) FROM audit_record";
    let tony = world.user("Tony").await;
    let token = world.token(&tony, "TKN-0000-0001").await;
    let before: i64 = world.ask(lines).await;
    let (pepper, bruce) = (world.user("Pepper").await, world.user("Bruce").await);
    let refused = world.refused(&pepper, "TKN-0000-0001", &form(&token)).await;
    assert_eq!(refused.code, ErrorCode::Forbidden);
    let line: String = world
        .ask("SELECT event || ' ' || outcome || ' ' || actor_name || ' ' || object_id FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    assert!(
        line.ends_with("token.updated refused Pepper TKN-0000-0001"),
        "{line}"
    );
    // What is not there for him is not told of in another account's trail.
    let hidden = world.refused(&bruce, "TKN-0000-0001", &form(&token)).await;
    assert_eq!(hidden.code, ErrorCode::NotFound);
    assert_eq!(world.ask::<i64>(lines).await, before + 1);
    assert_eq!(
        world.token(&tony, "TKN-0000-0001").await.revision,
        token.revision
    );
}
