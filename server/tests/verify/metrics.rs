//! What Prometheus scrapes, and what the dashboard asks of it.

use super::world::*;
use crate::support::World;
use axum::{body::Body, http::Request};
use server::{config::Config, http, state::AppState};
use std::{collections::BTreeSet, sync::Arc};
use tower::ServiceExt as _;

/// The text that the server's figures make.
fn text(world: &World) -> String {
    let text = world.metrics.text(&world.service.figures()).unwrap();
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn verifications_are_counted_by_what_became_of_them() {
    let world = world().await;
    for (query, secret) in [
        ("", SINGLE),
        ("", SINGLE),
        ("?module=catalog", SINGLE),
        ("?module=biling", SINGLE),
        ("", NOBODY),
        ("", "lk_x"),
        ("", DISABLED),
    ] {
        verify(&world, query, secret).await;
    }
    sent(&world, Request::get(VERIFY)).await;
    let text = text(&world);
    for line in [
        "latchkey_verifications_total{outcome=\"allowed\"} 2",
        "latchkey_verifications_total{outcome=\"module_missing\"} 1",
        "latchkey_verifications_total{outcome=\"unknown_module\"} 1",
        "latchkey_verifications_total{outcome=\"unknown\"} 2",
        "latchkey_verifications_total{outcome=\"inactive\"} 1",
        "latchkey_verifications_total{outcome=\"no_credential\"} 1",
        "latchkey_verifications_total{outcome=\"limited\"} 0",
        "latchkey_verifications_total{outcome=\"unavailable\"} 0",
        "latchkey_verification_seconds_count 8",
        "latchkey_token_cache_entries 2",
        // One of them was asked for a secret that nobody has: not every secret was learnt yet.
        "latchkey_token_cache_misses_total 3",
        "latchkey_token_cache_hits_total 3",
        "latchkey_changes_followed 1",
        "latchkey_database_connections{purpose=\"write\",state=\"idle\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_and_no_client_can_make_up_a_label() {
    let world = world().await;
    sent(&world, Request::get("/livez")).await;
    sent(&world, Request::get(format!("/{SINGLE}"))).await;
    sent(&world, Request::builder().method("LK_SECRET").uri("/docs")).await;
    introspect(&world, SERVICE, SINGLE).await;
    let text = text(&world);
    for line in [
        "latchkey_http_requests_total{method=\"GET\",route=\"/livez\",status=\"200\"} 1",
        "latchkey_http_requests_total{method=\"other\",route=\"/docs\",status=\"405\"} 1",
        "latchkey_http_requests_total{method=\"POST\",route=\"/oauth2/introspect\",status=\"200\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("lk_") && !text.contains("LK_"), "{text}");
}

#[tokio::test]
async fn what_is_refused_before_its_route_counts_as_that_route_s() {
    let world = world().await;
    let large = format!("token={}", "x".repeat(70_000));
    assert_eq!(world.send(question(SERVICE, &large)).await.status, 413);
    let elsewhere = Request::post("/fn/list_tokens").header("sec-fetch-site", "cross-site");
    assert_eq!(sent(&world, elsewhere).await.status, 403);
    assert_eq!(sent(&world, Request::delete("/livez")).await.status, 405);
    assert_eq!(
        sent(
            &world,
            Request::post("/nowhere").header("content-length", "70000")
        )
        .await
        .status,
        413
    );
    let text = text(&world);
    for line in [
        "latchkey_http_requests_total{method=\"POST\",route=\"/oauth2/introspect\",status=\"413\"} 1",
        "latchkey_http_requests_total{method=\"POST\",route=\"/fn/list_tokens\",status=\"403\"} 1",
        "latchkey_http_requests_total{method=\"DELETE\",route=\"/livez\",status=\"405\"} 1",
        "latchkey_http_requests_total{method=\"POST\",route=\"(none)\",status=\"413\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[tokio::test]
async fn questions_of_services_are_counted_by_what_became_of_them() {
    let world = world().await;
    introspect(&world, SERVICE, SINGLE).await;
    for secret in [DISABLED, NOBODY, OTHER] {
        introspect(&world, SERVICE, secret).await;
    }
    for by in [SINGLE, NOBODY] {
        introspect(&world, by, SINGLE).await;
    }
    world.send(question(SERVICE, "")).await;
    world.send(question("", "token=x")).await;
    let before = text(&world);
    world.service.close().await;
    world.service.follow_changes().await;
    introspect(&world, SERVICE, SINGLE).await;
    let after = text(&world);
    for (text, outcome, count) in [
        (&before, "active", 1),
        (&before, "inactive", 3),
        (&before, "refused", 4),
        (&before, "unavailable", 0),
        (&after, "unavailable", 1),
    ] {
        let line = format!("latchkey_introspections_total{{outcome=\"{outcome}\"}} {count}");
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[tokio::test]
async fn figures_are_served_on_their_own_address_only() {
    let world = world().await;
    assert_eq!(sent(&world, Request::get("/metrics")).await.status, 404);
    let config = Config::load(None, [], &std::collections::BTreeMap::new()).unwrap();
    let env = server::env::Env {
        clock: Arc::clone(&world.clock) as _,
        random: Arc::new(server::env::SeededRandom::new(1)),
    };
    let state = AppState::new(Arc::clone(&world.service), Arc::new(config), env, false).unwrap();
    let router = http::metrics::router(state);
    let get = |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router.clone().oneshot(request)
    };
    let answer = crate::support::Answer::read(get("/metrics").await.unwrap()).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    assert!(answer.text().contains("latchkey_build_info{version="));
    assert_eq!(get("/livez").await.unwrap().status(), 404);
    assert_eq!(get("/auth/verify").await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_dashboard_shows_only_figures_that_there_are() {
    let world = world().await;
    sent(&world, Request::get("/livez")).await;
    let text = text(&world);
    let known: BTreeSet<_> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let dashboard = include_str!("../../../docs/grafana-dashboard.json");
    let _: serde_json::Value = serde_json::from_str(dashboard).unwrap();
    let asked: BTreeSet<_> = dashboard
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("latchkey_"))
        .collect();
    assert!(asked.len() >= 8, "{asked:?}");
    let unknown: Vec<_> = asked.difference(&known).collect();
    assert!(unknown.is_empty(), "the dashboard asks for {unknown:?}");
}
