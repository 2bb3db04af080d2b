//! A server that is killed in the middle of a change to several tokens: what is told is what was done, at every moment, and the
//! next server goes on.

use super::{
    killed::{self, Serving, with_tokens},
    *,
};
use app::{
    domain::{
        bulk::{BulkAction, BulkAnswer, BulkChangeId, BulkOrder, BulkState, Choice},
        lifecycle::TokenAction,
        user::CurrentUser,
    },
    port::{Actor, Bulk as _, Origin, Who},
};
use server::env::{RandomSource as _, SeededRandom};
use std::time::Instant;

const ROUNDS: u64 = 30;

/// More than six batches.
const TOKENS: u64 = 3_200;

fn secrets() -> Vec<String> {
    (1..=TOKENS).map(killed::secret).collect()
}

/// Begins to disable or enable all tokens, and leaves it to the next server.
async fn begin(host: &Host, action: TokenAction) -> BulkChangeId {
    let server = host.server().await;
    let users = server.service.list_users().await.unwrap();
    let ada = users.into_iter().next().unwrap();
    let actor = Actor {
        who: Who::User(CurrentUser {
            id: ada.id,
            name: ada.name,
            email: ada.email,
            role: ada.role,
            account: ada.account,
        }),
        sign_in: None,
        origin: Origin::default(),
    };
    let order = BulkOrder {
        action: BulkAction::Step(action),
        choice: Choice::Matching {
            search: String::new(),
            filter: "like(id,'TKN-5000-*')".to_owned(),
            except: Vec::new(),
        },
    };
    let begun = server
        .service
        .change_tokens(&actor, &order, Some(TOKENS))
        .await;
    server.close().await;
    match begun {
        Ok(BulkAnswer::Begun(change)) => change.id,
        other => panic!("not begun: {other:?}"),
    }
}

/// What is told of a change is what was done: its counts, what became of each token, how tokens stand, and the trail.
async fn is_told_whole(host: &Host, id: BulkChangeId, action: TokenAction, rounds: i64) -> i64 {
    let changed = host
        .ask(&format!(
            "SELECT changed FROM bulk_change WHERE id = '{id}'"
        ))
        .await;
    let told = host
        .ask(&format!(
            "SELECT COUNT(*) FROM bulk_item WHERE change_id = '{id}' AND outcome = 'changed'"
        ))
        .await;
    let status = action.leads_to().as_str();
    let stand = host
        .ask(&format!(
            "SELECT COUNT(*) FROM api_token WHERE id LIKE 'TKN-5000-%' AND status = '{status}'"
        ))
        .await;
    let recorded = host
        .ask("SELECT COUNT(*) FROM audit_record WHERE object_id LIKE 'TKN-5000-%' AND event LIKE '%abled'")
        .await;
    let before = i64::try_from(TOKENS).unwrap() * rounds;
    assert_eq!(
        (told, stand, recorded),
        (changed, changed, before + changed)
    );
    changed
}

async fn state(host: &Host, id: BulkChangeId) -> i64 {
    let running = BulkState::Running.as_str();
    host.ask(&format!(
        "SELECT COUNT(*) FROM bulk_change WHERE id = '{id}' AND state = '{running}'"
    ))
    .await
}

#[tokio::test]
async fn a_change_to_several_tokens_that_is_killed_at_any_moment_is_told_whole_and_gone_on_with() {
    let host = with_tokens(&secrets());
    let all = i64::try_from(TOKENS).unwrap();
    let random = SeededRandom::new(4);
    let mut actions = [TokenAction::Disable, TokenAction::Enable]
        .into_iter()
        .cycle();
    let mut action = actions.next().unwrap();
    let mut id = begin(&host, action).await;
    // How long it takes when nobody kills the server.
    let (server, begun) = (Serving::begin(&host), Instant::now());
    while state(&host, id).await > 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut most = begun.elapsed();
    drop(server);
    let (mut rounds, mut cut, mut ended) = (0, 0, 0);
    for _ in 0..ROUNDS {
        if state(&host, id).await == 0 {
            assert_eq!(is_told_whole(&host, id, action, rounds).await, all);
            rounds += 1;
            ended += 1;
            action = actions.next().unwrap();
            id = begin(&host, action).await;
        }
        let server = Serving::begin(&host);
        let mut bytes = [0; 2];
        random.fill(&mut bytes).unwrap();
        std::thread::sleep(most * u32::from(u16::from_be_bytes(bytes)) / u32::from(u16::MAX));
        drop(server);
        let changed = is_told_whole(&host, id, action, rounds).await;
        let is_cut = changed > 0 && changed < all;
        cut += u32::from(is_cut);
        most = if is_cut { most } else { most * 21 / 20 };
    }
    assert!(
        cut > 5 && ended > 1,
        "{cut} were cut in the middle, {ended} ended"
    );
    let server = Serving::begin(&host);
    while state(&host, id).await > 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(server);
    assert_eq!(is_told_whole(&host, id, action, rounds).await, all);
    assert_eq!(host.run(&["audit", "verify"]).code, 0);
}
