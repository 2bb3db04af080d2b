//! How long the service takes for what administrators do to tokens, without network and browser: 100 of them at
//! once, and the audit trail of a token with very many records; and how long the longest query takes to read. Prints a
//! table; `make bench` runs it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that measures: it stops at what it did not expect, and prints"
)]

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/service/world.rs"]
mod world;

use app::{
    domain::{
        audit::AuditQuery, lifecycle::TokenAction, secret::RevealPolicy, secret::SecretUse,
        token::TokenId,
    },
    port::{Actor, Console as _},
};
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};
use tokio::{runtime::Runtime, task::JoinSet};
use world::{SAMPLE, World, new_token, token_id};

/// How many administrators work at once.
const ADMINISTRATORS: usize = 100;
/// How many tokens each of them adds, has shown and disables, one after the other.
const EACH: usize = 10;
/// How many records the token with many of them has.
const RECORDS: u32 = 100_000;
/// How often the audit trail is read for one figure.
const READS: usize = 300;
/// How much longer the long trail may take.
const GOAL: f64 = 2.0;

fn main() -> ExitCode {
    Runtime::new().unwrap().block_on(async {
        println!(
            "{:<44} {:>10} {:>10}",
            "at 100 administrators at once", "p50", "p99"
        );
        administrators().await;
        parsing();
        if audit_trail().await {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    })
}

/// Queries of the greatest length that is read.
fn parsing() {
    let ids: Vec<_> = (0..1_000).map(|n| format!("TKN-0000-{n:04}")).collect();
    let words: Vec<_> = (0..990).map(|n| format!("name={n}")).collect();
    let deep = format!(
        "{}name='{}'{}",
        "not(".repeat(60),
        "x".repeat(16_000),
        ")".repeat(60)
    );
    for (what, query) in [
        (
            "read a query of 1,000 ids",
            format!("in(id,({}))", ids.join(",")),
        ),
        ("read a query of 990 terms", words.join("|")),
        ("read a query of 16 kB, 60 deep", deep),
    ] {
        let mut times = Vec::with_capacity(READS);
        for _ in 0..READS {
            let began = Instant::now();
            assert!(app::rql::Query::parse(&query).unwrap().filter.is_some());
            times.push(began.elapsed());
        }
        row(what, times);
    }
}

async fn administrators() {
    let world = World::with(RevealPolicy::Always, 0).await;
    world.provision(SAMPLE).await.unwrap();
    world.provision(&people()).await.unwrap();
    let mut all = JoinSet::new();
    for number in 0..ADMINISTRATORS {
        let actor = world.user(&format!("Admin {number}")).await;
        let service = world.service.clone();
        all.spawn(async move {
            let mut times = [Vec::new(), Vec::new(), Vec::new()];
            for round in 0..EACH {
                let new = new_token(&format!("bench-form-{number:04}-{round:04}"));
                let began = Instant::now();
                let created = service.create_token(&actor, &new).await.unwrap();
                times[0].push(began.elapsed());
                let id = created.token.id;
                let began = Instant::now();
                service
                    .reveal_secret(&actor, id, SecretUse::Show)
                    .await
                    .unwrap();
                times[1].push(began.elapsed());
                let began = Instant::now();
                let step = service.change_token_status(&actor, id, TokenAction::Disable, None);
                step.await.unwrap();
                times[2].push(began.elapsed());
            }
            times
        });
    }
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for some in all.join_all().await {
        times
            .iter_mut()
            .zip(some)
            .for_each(|(all, some)| all.extend(some));
    }
    for (what, times) in ["add", "show the secret", "disable"].into_iter().zip(times) {
        row(what, times);
    }
}

/// Administrators of Stark, as a provisioning file.
fn people() -> String {
    let people = (0..ADMINISTRATORS).map(|number| {
        format!(
            r#"{{"id":"USR-7000-{number:04}","account":"ACC-0000-0001","name":"Admin {number}","email":"a{number}@stark.example","role":"Administrator"}}"#
        )
    });
    format!(r#"{{"users":[{}]}}"#, people.collect::<Vec<_>>().join(","))
}

/// Whether the long trail keeps its goal against the short one.
async fn audit_trail() -> bool {
    let world = World::sample().await;
    let actor = world.user("Tony").await;
    let (many, few) = (
        token_id("TKN-0000-0001"),
        world
            .service
            .create_token(&actor, &new_token("bench-audit-trail-0"))
            .await
            .unwrap()
            .token
            .id,
    );
    grow(&world, few, 100).await;
    grow(&world, many, RECORDS).await;
    let short = read(&world, &actor, few).await;
    let long = read(&world, &actor, many).await;
    let ratio = median(&long).as_secs_f64() / median(&short).as_secs_f64();
    row("audit trail of a token with 100 records", short);
    row("audit trail of a token with 100,000 records", long);
    println!("long against short: {ratio:.2} (goal: at most {GOAL})");
    ratio <= GOAL
}

/// Gives a token so many more records, copies of its first one. Reading does not look at their hashes.
async fn grow(world: &World, token: TokenId, records: u32) {
    let rest = "at, event, actor_kind, actor_id, actor_name, request_id, app_version, actor_account, session, \
                auth_method, ip, peer_ip, user_agent, account_id, reason, object_type, object_id, object_name, \
                summary, changes, key_kid, object_revision, outcome, hash";
    world
        .execute(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {records}) \
             INSERT INTO audit_record (seq, id, {rest}) \
             SELECT head.seq + i, printf('AUD-5555-%04d-%04d-%04d', (head.seq + i) / 100000000, (head.seq + i) / 10000 % 10000, (head.seq + i) % 10000), {rest} \
             FROM n, (SELECT seq FROM audit_head) AS head, \
             (SELECT {rest} FROM audit_record WHERE object_id = '{token}' LIMIT 1); \
             UPDATE audit_head SET seq = seq + {records}"
        ))
        .await;
}

async fn read(world: &World, actor: &Actor, token: TokenId) -> Vec<Duration> {
    let mut times = Vec::with_capacity(READS);
    let newest = AuditQuery::default();
    for _ in 0..READS {
        let began = Instant::now();
        let page = world.service.list_token_audit(actor, token, &newest);
        assert_eq!(page.await.unwrap().rows.len(), 25);
        times.push(began.elapsed());
    }
    times
}

fn row(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| ms(times[(times.len() - 1) * share / 100]);
    println!("{what:<44} {:>10} {:>10}", at(50), at(99));
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}
