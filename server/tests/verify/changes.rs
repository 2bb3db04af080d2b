//! What an administrator does holds for the very next request (T-30), and what somebody does beside the server soon after.

use super::world::*;
use crate::support::World;
use app::{domain::lifecycle::TokenAction, port::Console as _};
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::json;
use server::service::{ConsoleService, system};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// Many ask at the same time while `click` is made. Nobody is let through who began to ask after it was answered.
async fn hammered(world: &Arc<World>, secret: &'static str, click: impl Future<Output = ()>) {
    let (told, asked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let askers: Vec<_> = (0..8)
        .map(|_| {
            let (world, told, asked) = (Arc::clone(world), Arc::clone(&told), Arc::clone(&asked));
            tokio::spawn(async move {
                let mut after = 0;
                while after < 200 {
                    let late = told.load(Ordering::SeqCst);
                    let status = verify(&world, "?module=billing", secret).await.status;
                    asked.fetch_add(1, Ordering::SeqCst);
                    // Where a socket would let others go on.
                    tokio::task::yield_now().await;
                    assert!(
                        !late || status != 200,
                        "let through after the click was answered"
                    );
                    after += usize::from(late);
                }
            })
        })
        .collect();
    // Everybody is at it, and the token is in memory.
    while asked.load(Ordering::SeqCst) < 100 {
        tokio::task::yield_now().await;
    }
    click.await;
    told.store(true, Ordering::SeqCst);
    for asker in askers {
        asker.await.unwrap();
    }
}

async fn click(service: &ConsoleService, id: &str, action: TokenAction) {
    let id = id.parse().unwrap();
    let done = service
        .change_token_status(&system(), id, action, None)
        .await;
    done.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_disabled_token_is_refused_from_the_next_request_on() {
    let world = Arc::new(world().await);
    for _ in 0..5 {
        hammered(
            &world,
            SINGLE,
            click(&world.service, SINGLE_ID, TokenAction::Disable),
        )
        .await;
        click(&world.service, SINGLE_ID, TokenAction::Enable).await;
        assert_eq!(verify(&world, "?module=billing", SINGLE).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_deleted_token_is_refused_from_the_next_request_on() {
    let world = Arc::new(world().await);
    hammered(
        &world,
        SINGLE,
        click(&world.service, SINGLE_ID, TokenAction::Delete),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_narrowed_token_is_refused_from_the_next_request_on() {
    let world = Arc::new(world().await);
    for modules in [json!([]), json!([{"id": "MOD-0478"}]), json!([])] {
        let change = async {
            let path = format!("/public/v1/accounts/api-tokens/{SINGLE_ID}");
            let body = json!({ "modules": modules });
            let request = crate::rest::world::request("PUT", &path, DOUBLE, Some(&body));
            assert_eq!(world.send(request).await.status, 200);
        };
        if modules == json!([]) {
            hammered(&world, SINGLE, change).await;
        } else {
            change.await;
        }
    }
}

/// A program whose request was authenticated just before its token was disabled stands behind whoever disabled it.
#[tokio::test]
async fn a_token_cannot_undo_its_own_end_by_a_request_that_was_under_way() {
    use app::port::{Actor, Origin, Who};
    let world = world().await;
    let origin = Origin::default();
    let found = world
        .service
        .authenticate_program(DOUBLE, None, &origin)
        .await;
    let actor = Actor {
        who: Who::Token(found.unwrap().unwrap()),
        sign_in: None,
        origin,
    };
    click(&world.service, DOUBLE_ID, TokenAction::Disable).await;
    let id = DOUBLE_ID.parse().unwrap();
    let enabled = world
        .service
        .change_token_status(&actor, id, TokenAction::Enable, None);
    let refused = enabled.await.unwrap_err();
    assert_eq!(refused.code.status(), 401);
    assert_eq!(verify(&world, "", DOUBLE).await.status, 401);
    // Nor can it make another one, or change one.
    let draft = app::domain::token_change::TokenDraft {
        account: "ACC-0001-0002".parse().unwrap(),
        name: "Heir".to_owned(),
        description: String::new(),
        modules: None,
        key: None,
    };
    assert!(
        world
            .service
            .create_drafted_token(&actor, &draft)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_token_that_is_added_is_good_at_once_and_a_renamed_one_is_called_so() {
    let world = world().await;
    world.service.learn_secrets().await;
    let body =
        json!({"name": "New", "account": {"id": "ACC-0001-0002"}, "modules": [{"id": "MOD-0478"}]});
    let (id, secret) = crate::rest::world::added(&world, DOUBLE, body).await;
    let answer = verify(&world, "?module=billing", &secret).await;
    assert_eq!((answer.status, answer.header("x-token-name")), (200, "New"));
    let path = format!("/public/v1/accounts/api-tokens/{id}");
    let body = json!({"name": "Renamed"});
    let request = crate::rest::world::request("PUT", &path, DOUBLE, Some(&body));
    assert_eq!(world.send(request).await.status, 200);
    let answer = verify(&world, "?module=billing", &secret).await;
    assert_eq!(answer.header("x-token-name"), "Renamed");
}

#[tokio::test]
async fn a_refused_step_changes_nothing() {
    let world = world().await;
    assert_eq!(verify(&world, "", DOUBLE).await.status, 200);
    let (path, id) = (crate::rest::world::TOKENS, DOUBLE_ID);
    let request =
        crate::rest::world::request("POST", &format!("{path}/{id}/disable"), SINGLE, None);
    assert_eq!(world.send(request).await.status, 403);
    assert_eq!(verify(&world, "", DOUBLE).await.status, 200);
}

/// A second Latchkey over the same database, as a command beside the server is.
async fn beside(world: &World) -> server::boot::Core {
    let data = world.data.display().to_string();
    let flags = std::collections::BTreeMap::from([("data_dir", data)]);
    let config = server::config::Config::load(None, [], &flags).unwrap();
    let env = server::env::Env {
        clock: Arc::clone(&world.clock) as _,
        random: Arc::new(server::env::SeededRandom::new(99)),
    };
    server::boot::open_existing(&config, &env).await.unwrap()
}

#[tokio::test]
async fn a_command_beside_the_server_is_heard_of_at_the_next_look() {
    let world = world().await;
    world.service.learn_secrets().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 200);
    let command = beside(&world).await;
    click(&command.service, SINGLE_ID, TokenAction::Disable).await;
    world.service.follow_changes().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 401);
    click(&command.service, SINGLE_ID, TokenAction::Enable).await;
    world.service.follow_changes().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 200);
}

#[tokio::test]
async fn what_a_command_makes_is_heard_of_too() {
    let world = world().await;
    world.service.learn_secrets().await;
    let secret = "lk_e0orvgc7kNouujhm71gMya3PaoSvZA02Bw4C";
    assert_eq!(verify(&world, "?module=stock", secret).await.status, 401);
    assert_eq!(verify(&world, "?module=stock", DOUBLE).await.status, 403);
    let file = format!(
        r#"{{"modules":[{{"id":"MOD-0481","name":"Stock","code":"stock"}}],
             "accounts":[{{"id":"ACC-0001-0004","name":"Acme","type":"Client","modules":["stock"]}}],
             "tokens":[{{"id":"TKN-0003-0001","account":"ACC-0001-0004","name":"Late","modules":["stock"],"secret":"{secret}"}}]}}"#
    );
    let command = beside(&world).await;
    let file = server::provision::ProvisionFile::parse(file).unwrap();
    server::provision::provision(&command.service, file)
        .await
        .unwrap();
    world.service.follow_changes().await;
    assert_eq!(verify(&world, "?module=stock", secret).await.status, 200);
    // The module is one that exists now, and no mistake of the gateway's.
    assert_eq!(verify(&world, "?module=stock", DOUBLE).await.status, 403);
    let figures = world.metrics.text(&world.service.figures()).unwrap();
    let figures = String::from_utf8(figures).unwrap();
    for line in [
        "latchkey_verifications_total{outcome=\"module_missing\"} 1",
        "latchkey_verifications_total{outcome=\"unknown_module\"} 1",
    ] {
        assert!(figures.contains(line), "{figures}");
    }
}

#[tokio::test]
async fn so_many_changes_that_nobody_looks_at_each_are_heard_of_too() {
    let world = world().await;
    world.service.learn_secrets().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 200);
    let before = world.service.figures().known_secrets;
    let command = beside(&world).await;
    click(&command.service, SINGLE_ID, TokenAction::Disable).await;
    let token =
        json!({"id": "TKN-0004-0001", "account": "ACC-0001-0003", "name": "New", "modules": []});
    let file = json!({ "tokens": [token] }).to_string();
    let file = server::provision::ProvisionFile::parse(file).unwrap();
    server::provision::provision(&command.service, file)
        .await
        .unwrap();
    // As if very many lines had come with these two.
    let url = format!("sqlite://{}", world.data.join("latchkey.db").display());
    let conn = Database::connect(url).await.unwrap();
    conn.execute_unprepared("UPDATE audit_head SET seq = seq + 50001")
        .await
        .unwrap();
    world.service.follow_changes().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 401);
    // Until all secrets are learnt again, unknown ones are looked for.
    assert_eq!(verify(&world, "", NOBODY).await.status, 401);
    world.service.learn_secrets().await;
    assert_eq!(world.service.figures().known_secrets, before + 1);
}

#[tokio::test]
async fn records_of_programs_do_not_empty_the_memory() {
    let world = world().await;
    world.service.follow_changes().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 200);
    let before = world.service.figures().index.misses;
    let record = json!({
        "event": "extensions.crm.synced", "summary": "x", "details": "x",
        "object": {"id": SINGLE_ID, "name": "Module", "objectType": "Module"},
        "actor": {"type": "system", "id": "system"}, "documents": {},
    });
    let request =
        crate::rest::world::request("POST", crate::rest::world::RECORDS, GATEWAY, Some(&record));
    let answer = world.send(request).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    world.service.follow_changes().await;
    assert_eq!(verify(&world, "", SINGLE).await.status, 200);
    // The gateway's own token was the only one to be read.
    assert_eq!(world.service.figures().index.misses, before + 1);
}
