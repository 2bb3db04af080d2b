//! Adding a token.

use crate::{
    edit::{module, records},
    world::{World, new_token},
};
use app::{
    domain::{
        account::AccountId,
        lifecycle::TokenAction,
        new_token::{CreatedToken, NewToken},
        secret::{RevealPolicy, SecretAccess},
        token::{Allowed, TokenStatus},
        token_query::TokenQuery,
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Console as _},
};

pub const KEY: &str = "0123456789-abcdef";

pub async fn stark() -> (World, Actor) {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    (world, tony)
}

pub async fn add(world: &World, actor: &Actor, new: &NewToken) -> CreatedToken {
    world.service.create_token(actor, new).await.unwrap()
}

pub async fn refused(world: &World, actor: &Actor, new: &NewToken) -> ApiError {
    world.service.create_token(actor, new).await.unwrap_err()
}

fn account(number: u64) -> AccountId {
    AccountId::from_number(number).unwrap()
}

pub fn secret(added: &CreatedToken) -> String {
    added.secret.as_ref().unwrap().expose().to_owned()
}

#[tokio::test]
async fn a_new_token_is_active_has_what_the_form_says_and_is_answered_with_its_secret() {
    let (world, tony) = stark().await;
    let icon = world.icon('a').await;
    let new = NewToken {
        name: "  Robo\u{308}t   7 ".into(),
        description: "line\r\nline ".into(),
        icon: Some(icon.clone()),
        reveal: RevealPolicy::Once,
        ..new_token(KEY)
    };
    let added = add(&world, &tony, &new).await;
    let (token, text) = (&added.token, secret(&added));
    assert_eq!(
        (token.name.as_str(), token.description.as_str()),
        ("Rob\u{f6}t 7", "line\nline")
    );
    assert_eq!(
        (token.status, token.revision, token.reveal, &token.icon),
        (TokenStatus::Active, 1, RevealPolicy::Once, &Some(icon))
    );
    assert_eq!(
        (token.created.by.name.as_str(), token.created.at),
        ("Tony", crate::world::NOON)
    );
    assert_eq!(
        (token.secret, token.account.name.as_str()),
        (SecretAccess::Open, "Stark")
    );
    let modules: Vec<_> = token.modules.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        modules,
        ["Catalog", "Health"],
        "what every token has is given without asking"
    );
    assert!(text.starts_with(&token.hint) && text.len() == 39);
    assert_eq!(world.token(&tony, &token.id.to_string()).await, *token);
}

#[tokio::test]
async fn a_new_token_is_recorded_without_its_secret() {
    let (world, tony) = stark().await;
    let before = records(&world).await;
    let new = NewToken {
        icon: Some(world.icon('a').await),
        ..new_token(KEY)
    };
    let added = add(&world, &tony, &new).await;
    assert_eq!(records(&world).await, before + 1);
    let id = added.token.id;
    assert_eq!(
        world.last_line().await,
        format!("platform.accounts.token.created done Tony {id} 1")
    );
    let line: String = world
        .ask("SELECT account_id || summary || changes FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    for part in [
        "ACC-0000-0001",
        "\"Robot 7\"",
        "\"reveal\"",
        "\"always\"",
        "\"icon\"",
        "aaaa",
        "MOD-0002 Catalog, MOD-0003 Health",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!line.contains(&secret(&added)[3..]));
}

#[tokio::test]
async fn a_token_whose_secret_nobody_may_see_later_stores_none() {
    let (world, tony) = stark().await;
    let new = NewToken {
        reveal: RevealPolicy::Never,
        ..new_token(KEY)
    };
    let stored: i64 = world.ask("SELECT COUNT(*) FROM token_secret").await;
    let added = add(&world, &tony, &new).await;
    assert_eq!(
        secret(&added).len(),
        39,
        "the summary shows it all the same"
    );
    assert_eq!(added.token.secret, SecretAccess::Gone);
    let now: i64 = world.ask("SELECT COUNT(*) FROM token_secret").await;
    assert_eq!(now, stored);
    let again = add(&world, &tony, &new).await;
    assert_eq!((again.token, again.secret.is_none()), (added.token, true));
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once_and_nothing_is_added() {
    let (world, tony) = stark().await;
    let world = world.restarted(RevealPolicy::Once).await;
    let before = records(&world).await;
    let new = NewToken {
        name: " ".into(),
        description: "x".repeat(2_001),
        icon: Some("b".repeat(64).parse().unwrap()),
        modules: vec![module(5)],
        ..new_token(KEY)
    };
    let error = refused(&world, &tony, &new).await;
    let fields: Vec<_> = error.fields.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert_eq!(fields, ["icon", "name", "description", "reveal", "modules"]);
    assert!(error.field("reveal").unwrap().contains("once"));
    assert_eq!(records(&world).await, before);
    assert_eq!(world.ids(&tony, &TokenQuery::default()).await.len(), 1);
    // The key was not used up: nothing came of it.
    let good = NewToken {
        reveal: RevealPolicy::Never,
        ..new_token(KEY)
    };
    add(&world, &tony, &good).await;
}

#[tokio::test]
async fn a_module_that_is_unknown_foreign_or_given_to_no_token_is_refused() {
    let (world, tony) = stark().await;
    for (number, words) in [
        (9_999, "MOD-9999"),
        (5, "MOD-0005"),
        (1757, "MOD-1757"),
        (4, "Internals"),
    ] {
        let new = NewToken {
            modules: vec![module(number)],
            ..new_token(KEY)
        };
        let error = refused(&world, &tony, &new).await;
        assert!(error.field("modules").unwrap().contains(words), "{error:?}");
    }
    let new = NewToken {
        modules: vec![module(3), module(3)],
        ..new_token(KEY)
    };
    assert_eq!(add(&world, &tony, &new).await.token.modules.len(), 1);
}

#[tokio::test]
async fn a_key_has_a_length_and_an_alphabet() {
    let (world, tony) = stark().await;
    let long = "x".repeat(65);
    for key in [
        "",
        "fifteen-letters",
        &long,
        "0123456789abcde_",
        "0123456789abcde\u{e9}",
    ] {
        let error = refused(&world, &tony, &new_token(key)).await;
        assert_eq!(error.code, ErrorCode::BadRequest, "{key}");
    }
    for key in ["sixteen-letters-", &long[..64]] {
        add(&world, &tony, &new_token(key)).await;
    }
}

#[tokio::test]
async fn who_may_add_to_which_account() {
    let world = World::sample().await;
    let to = |number, key: &str| NewToken {
        account: account(number),
        modules: Vec::new(),
        ..new_token(key)
    };
    for (name, number, answer) in [
        ("Tony", 1, None),
        ("Tony", 2, Some(ErrorCode::NotFound)),
        ("Tony", 77, Some(ErrorCode::NotFound)),
        ("Pepper", 1, Some(ErrorCode::Forbidden)),
        ("Pepper", 2, Some(ErrorCode::NotFound)),
        ("Bruce", 2, None),
        ("Olga", 1, None),
        ("Olga", 3, None),
        ("Olga", 77, Some(ErrorCode::NotFound)),
        ("Oscar", 2, Some(ErrorCode::Forbidden)),
        ("Oscar", 77, Some(ErrorCode::NotFound)),
    ] {
        let actor = world.user(name).await;
        let before = records(&world).await;
        let key = format!("key-of-{name}-for-{number}-again");
        let answered = world.service.create_token(&actor, &to(number, &key)).await;
        assert_eq!(
            answered.as_ref().err().map(|error| error.code),
            answer,
            "{name} {number}"
        );
        let form = world
            .service
            .get_new_token_form(&actor, Some(account(number)))
            .await;
        assert_eq!(form.err(), answered.err(), "{name} {number}");
        // Added or refused, it is recorded once; what is not there leaves no line.
        let lines = i64::from(answer != Some(ErrorCode::NotFound));
        assert_eq!(records(&world).await, before + lines, "{name} {number}");
    }
}

#[tokio::test]
async fn who_tried_to_add_without_the_right_stands_in_the_trail_of_the_account() {
    let world = World::sample().await;
    let oscar = world.user("Oscar").await;
    let error = refused(&world, &oscar, &new_token(KEY)).await;
    assert_eq!(
        error.message,
        "You can look at API tokens but not add any. Ask an Administrator of your account."
    );
    assert_eq!(
        world.last_line().await,
        "platform.accounts.token.created refused Oscar  -"
    );
    let account: String = world
        .ask("SELECT account_id FROM audit_record ORDER BY seq DESC LIMIT 1")
        .await;
    assert_eq!(account, "ACC-0000-0001");
}

#[tokio::test]
async fn the_form_offers_ones_own_account_and_the_modules_that_a_token_can_have() {
    let (world, tony) = stark().await;
    for asked in [None, Some(account(1))] {
        let form = world
            .service
            .get_new_token_form(&tony, asked)
            .await
            .unwrap();
        let names: Vec<_> = form.accounts.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Stark"]);
        assert_eq!(form.account.unwrap().name, "Stark");
        let choices: Vec<_> = form
            .choices
            .iter()
            .map(|choice| (choice.module.name.as_str(), choice.fixed))
            .collect();
        assert_eq!(
            choices,
            [("Billing", false), ("Catalog", false), ("Health", true)]
        );
        assert_eq!(form.given, [module(3)]);
        assert_eq!(form.reveal, RevealPolicy::Always);
    }
}

#[tokio::test]
async fn an_operations_administrator_chooses_the_account_first() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let form = world.service.get_new_token_form(&olga, None).await.unwrap();
    let names: Vec<_> = form.accounts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Platform", "Stark", "Wayne"]);
    assert_eq!(
        (form.account, form.choices, form.given),
        (None, vec![], vec![])
    );
    let form = world
        .service
        .get_new_token_form(&olga, Some(account(2)))
        .await
        .unwrap();
    assert_eq!(form.account.unwrap().name, "Wayne");
    assert_eq!(form.choices[0].module.name, "Shipping");
    let oscar = world.user("Oscar").await;
    let error = world.service.get_new_token_form(&oscar, None).await;
    assert_eq!(error.unwrap_err().code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn an_operations_administrator_sees_the_secret_of_what_he_added_once_and_never_again() {
    let world = World::sample().await;
    let olga = world.user("Olga").await;
    let added = add(&world, &olga, &new_token(KEY)).await;
    assert_eq!(secret(&added).len(), 39);
    assert_eq!(added.token.secret, SecretAccess::Others);
    assert_eq!(
        added.token.allowed.actions,
        [TokenAction::Disable, TokenAction::Delete]
    );
    let id = added.token.id.to_string();
    let tony = world.user("Tony").await;
    assert_eq!(world.token(&tony, &id).await.secret, SecretAccess::Open);
    let pepper = world.token(&world.user("Pepper").await, &id).await;
    assert_eq!(
        (pepper.secret, pepper.allowed),
        (SecretAccess::Others, Allowed::default())
    );
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_added() {
    let (world, tony) = stark().await;
    world
        .execute("CREATE TRIGGER no_audit BEFORE INSERT ON audit_record BEGIN SELECT RAISE(ABORT, 'no'); END")
        .await;
    let error = refused(&world, &tony, &new_token(KEY)).await;
    assert_eq!(error.code, ErrorCode::Internal);
    world.execute("DROP TRIGGER no_audit").await;
    for table in ["token_request", "token_secret WHERE token_id > 'TKN-0001'"] {
        let rows: i64 = world.ask(&format!("SELECT COUNT(*) FROM {table}")).await;
        assert_eq!(rows, 0, "{table}");
    }
    add(&world, &tony, &new_token(KEY)).await;
}

#[tokio::test]
async fn the_secret_lies_nowhere_readable() {
    let (world, tony) = stark().await;
    let added = add(&world, &tony, &new_token(KEY)).await;
    let value = secret(&added).as_bytes()[3..].to_vec();
    for entry in std::fs::read_dir(world.file().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(value.len()).any(|part| part == value);
        assert!(!found, "{}", path.display());
    }
}
