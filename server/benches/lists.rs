//! How long the console's list takes with a million tokens against a thousand, as the server's own time for a page: without
//! network and browser. Prints a table and compares within the same run; `make bench` runs it.
//!
//! `BENCH_TOKENS` is the larger number of tokens.

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
        page::{PageRequest, Total},
        token_query::{TokenColumn, TokenOrders, TokenQuery},
    },
    port::{Actor, Console as _},
};
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;
use world::{World, by, filtered, search};

/// The smaller number of tokens.
const FEW: u64 = 1_000;
/// How often each list is asked for.
const READS: usize = 200;
/// How many times longer a list of many may take than one of few, and one that searches in names.
const GOAL: f64 = 1.5;
const SEARCH_GOAL: f64 = 5.0;

/// A list that is measured.
struct Case {
    what: &'static str,
    query: TokenQuery,
    /// The page of many tokens that is as far down as the one of the query is among few.
    deep: u32,
    goal: Option<f64>,
}

fn main() -> ExitCode {
    let many = std::env::var("BENCH_TOKENS").ok();
    let many = many.map_or(1_000_000, |many| many.parse().unwrap());
    Runtime::new().unwrap().block_on(async {
        let small = filled(FEW).await;
        let large = filled(many).await;
        let mut good = true;
        println!(
            "{:<52} {:>10} {:>10} {:>6}  goal",
            format!("a page of the list, p50 of {READS}"),
            FEW,
            many,
            "times"
        );
        for case in cases(many) {
            good &= measured(&small, &large, &case).await;
        }
        if good {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    })
}

fn cases(many: u64) -> Vec<Case> {
    let case = |what, query| Case {
        what,
        query,
        deep: 1,
        goal: Some(GOAL),
    };
    let searched = |what, text| Case {
        goal: Some(SEARCH_GOAL),
        ..case(what, search(text))
    };
    let page = u32::try_from(many / 20).unwrap();
    let mut cases: Vec<_> = TokenColumn::ALL
        .into_iter()
        .map(|column| case(column.label(), by(column, column != TokenColumn::Name)))
        .collect();
    cases.extend([
        Case {
            deep: page,
            ..case("page 50,000 (the middle)", TokenQuery::default())
        },
        case(
            "status and module",
            filtered("status=Active,any(modules,id=MOD-0001)"),
        ),
        case(
            "a status that few have, and a module",
            filtered("status=Disabled,any(modules,id=MOD-0009)"),
        ),
        searched("three letters that half of them have", "rob"),
        searched("three letters that few have", "qzx"),
        searched("eight letters", "robot 55"),
        case("an id", search("TKN-1000-0500")),
        case(
            "created on one day",
            filtered("ge(audit.created.at,'2026-01-02'),lt(audit.created.at,'2026-01-03')"),
        ),
        case("two columns", two_columns()),
    ]);
    cases
}

fn two_columns() -> TokenQuery {
    TokenQuery {
        order: TokenOrders::lenient("name,-audit.created.at"),
        ..TokenQuery::default()
    }
}

async fn measured(
    (small, few): &(World, Actor),
    (large, many): &(World, Actor),
    case: &Case,
) -> bool {
    let short = read(small, few, case.query.clone()).await;
    let deep = TokenQuery {
        page: PageRequest {
            number: case.deep,
            ..case.query.page
        },
        ..case.query.clone()
    };
    let first = Instant::now();
    large.service.list_tokens(many, &deep).await.unwrap();
    let first = first.elapsed();
    let long = read(large, many, deep).await;
    let ratio = long.as_secs_f64() / short.as_secs_f64();
    let goal = case.goal.map_or_else(String::new, |goal| {
        let met = if ratio <= goal { "ok" } else { "over" };
        format!("{goal} {met}")
    });
    println!(
        "{:<52} {:>10} {:>10} {ratio:>6.2}  {goal}  (first time {})",
        case.what,
        ms(short),
        ms(long),
        ms(first)
    );
    case.goal.is_none_or(|goal| ratio <= goal)
}

async fn read(world: &World, actor: &Actor, query: TokenQuery) -> Duration {
    let mut times = Vec::with_capacity(READS);
    for _ in 0..READS {
        let began = Instant::now();
        world.service.list_tokens(actor, &query).await.unwrap();
        times.push(began.elapsed());
    }
    times.sort();
    times[READS / 2]
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

/// An installation with so many tokens of one account, and its Administrator. They are written past the rules, since only
/// reading them is measured; triggers keep what the list rests on.
async fn filled(tokens: u64) -> (World, Actor) {
    let world = World::sample().await;
    let began = Instant::now();
    world
        .execute(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {tokens} - 1), \
             named AS (SELECT i, (i * 7919) % {tokens} AS mixed, CASE i % 4 WHEN 0 THEN 'Robot ' WHEN 1 THEN 'Robot ' \
             WHEN 2 THEN 'Export to Billing ' ELSE 'Sync ' END || i AS name FROM n) \
             INSERT INTO api_token (id, account_id, name, name_fold, description, status, reveal, revision, hint, \
             lookup, pepper_kid, created_at, created_by, creator_fold) \
             SELECT printf('TKN-%04d-%04d', 1000 + i / 10000, i % 10000), 'ACC-0000-0001', name, lower(name), '', \
             CASE WHEN i % 50 = 7 THEN 'Deleted' WHEN i % 10 = 3 THEN 'Disabled' ELSE 'Active' END, 'always', 1, \
             'lk_abcd', randomblob(32), 'x', 1767225600000000 + mixed * (31536000000000 / {tokens}), \
             CASE mixed % 3 WHEN 0 THEN 'USR-0000-0001' ELSE 'USR-0000-0002' END, \
             CASE mixed % 3 WHEN 0 THEN 'tony' ELSE 'pepper' END FROM named; \
             UPDATE token_access SET last_access_at = 1767225600000000 + (CAST(substr(token_id, 10) AS INTEGER) * 7907) \
             WHERE substr(token_id, 13) <> '9'; \
             INSERT INTO token_module SELECT id, 'MOD-0001' FROM api_token WHERE substr(id, 13) < '7' AND id >= 'TKN-1'; \
             INSERT INTO token_module SELECT id, 'MOD-0002' FROM api_token WHERE substr(id, 12) = '00' AND id >= 'TKN-1'"
        ))
        .await;
    let actor = world.user("Tony").await;
    let page = world
        .service
        .list_tokens(&actor, &TokenQuery::default())
        .await
        .unwrap()
        .page;
    assert_eq!(page.total, Total::Exact(tokens - tokens / 50 + 1));
    println!(
        "{tokens} tokens written within {:.0} s",
        began.elapsed().as_secs_f64()
    );
    (world, actor)
}
