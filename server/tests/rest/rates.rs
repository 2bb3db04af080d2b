//! How many requests a program may send (H-7).

use super::world::*;

#[tokio::test]
async fn a_token_that_runs_wild_is_told_to_wait_and_others_go_on() {
    let world = with(&[("rate_limit_token", "3"), ("rate_limit_address", "0")]).await;
    let first = get(&world, TOKENS, CLIENT).await;
    assert_eq!(first.header("ratelimit-policy"), "\"token\";q=3;w=60");
    assert_eq!(first.header("ratelimit"), "\"token\";r=2;t=20");
    get(&world, TOKENS, CLIENT).await;
    get(&world, TOKENS, CLIENT).await;
    let refused = get(&world, TOKENS, CLIENT).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json()["title"], "Too Many Requests");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert_eq!(refused.header("ratelimit"), "\"token\";r=0;t=60");
    assert_eq!(get(&world, TOKENS, VENDOR).await.status, 200);
    assert_eq!(get(&world, "/public/v1/openapi.json", "").await.status, 200);
}

#[tokio::test]
async fn without_limits_nothing_is_said_of_them() {
    let answer = get(&world().await, TOKENS, CLIENT).await;
    assert_eq!(answer.header("ratelimit"), "");
}
