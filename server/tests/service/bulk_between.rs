//! Several tokens at once, and what becomes of a change when something comes in between.

use crate::{administering::module_id, bulk::*, edit::records, keys::with_tokens, world::World};
use app::{
    domain::{
        bulk::{BulkAction, BulkState, Reason, TokenOutcome},
        lifecycle::TokenAction::{Delete, Disable, Enable},
        module::ModuleChange,
        secret::RevealPolicy,
        token::TokenStatus,
        user::{UserAction, UserChange},
    },
    error::ErrorCode,
    port::{Administration as _, Bulk as _},
};
use server::service::Proof;

#[tokio::test]
async fn a_change_that_cannot_be_gone_on_with_is_in_nobody_else_s_way() {
    let world = World::sample().await;
    let (tony, olga) = (world.user("Tony").await, world.user("Olga").await);
    let one = order(BulkAction::Step(Disable), these(&[ROBOT]));
    let broken = begin(&world, &tony, &one).await;
    let other = order(BulkAction::Step(Disable), these(&[BAT]));
    let begun = begin(&world, &olga, &other).await;
    world
        .execute(&format!(
            "UPDATE bulk_change SET action = 'Nonsense' WHERE id = '{}'",
            broken.id
        ))
        .await;
    assert_eq!(through(&world, &olga, &begun).await.changed, 1);
    assert_eq!(status(&world, ROBOT).await, "Active");
    let state = format!("SELECT state FROM bulk_change WHERE id = '{}'", broken.id);
    let state = async || world.ask::<String>(&state).await;
    assert_eq!(state().await, "Running");
    for step in [Enable, Disable].into_iter().cycle().take(16) {
        let other = order(BulkAction::Step(step), these(&[BAT]));
        let begun = begin(&world, &olga, &other).await;
        through(&world, &olga, &begun).await;
    }
    assert_eq!(state().await, "Stopped", "it is not tried for ever");
}

#[tokio::test]
async fn what_the_dialog_said_is_left_alone_stays_as_it_is() {
    let world = with_tokens(2).await;
    let tony = world.user("Tony").await;
    let (one, two) = ("TKN-0001-0001", "TKN-0001-0002");
    world.step(&tony, one, Disable).await.unwrap();
    let both = order(BulkAction::Step(Disable), these(&[one, two]));
    let begun = begin(&world, &tony, &both).await;
    world.step(&tony, one, Enable).await.unwrap();
    let ended = through(&world, &tony, &begun).await;
    assert_eq!((ended.changed, ended.left_alone), (1, 1));
    assert_eq!(status(&world, one).await, "Active");
}

#[tokio::test]
async fn a_change_that_is_stopped_says_how_far_it_came() {
    let world = with_tokens(1_200).await;
    let (tony, pepper) = (world.user("Tony").await, world.user("Pepper").await);
    let all = order(BulkAction::Step(Disable), matching("like(id,'TKN-0001-*')"));
    let begun = begin(&world, &tony, &all).await;
    world.service.work_on_bulk_changes().await;
    let now = seen(&world, &tony, &begun).await;
    assert_eq!((now.changed, now.waiting(), now.may_stop), (500, 700, true));
    assert!(!seen(&world, &pepper, &begun).await.may_stop);
    let refused = world.service.stop_bulk_change(&pepper, begun.id).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    let stopped = world
        .service
        .stop_bulk_change(&tony, begun.id)
        .await
        .unwrap();
    assert_eq!(
        (stopped.state, stopped.stopped.as_str()),
        (BulkState::Stopped, "Tony stopped it.")
    );
    assert_eq!(
        last_summaries(&world, 1).await,
        [
            "\"Disable 1,200 API tokens\" stopped: 500 API tokens disabled. 700 API tokens not reached. Tony stopped it."
        ]
    );
    let before = records(&world).await;
    let again = world
        .service
        .stop_bulk_change(&tony, begun.id)
        .await
        .unwrap();
    assert_eq!((again, records(&world).await), (stopped, before));
    assert_eq!(count(&world, "status = 'Disabled'").await, 500);
    let outcomes: i64 = world
        .ask("SELECT COUNT(*) FROM bulk_item WHERE outcome IS NULL")
        .await;
    assert_eq!(outcomes, 700);
}

#[tokio::test]
async fn a_change_goes_on_after_a_restart_and_does_nothing_twice() {
    let world = with_tokens(1_200).await;
    let tony = world.user("Tony").await;
    let before = records(&world).await;
    let all = order(BulkAction::Step(Disable), matching("like(id,'TKN-0001-*')"));
    let begun = begin(&world, &tony, &all).await;
    world.service.work_on_bulk_changes().await;
    let world = world.restarted(RevealPolicy::Always).await;
    let ended = through(&world, &tony, &begun).await;
    assert_eq!((ended.state, ended.changed), (BulkState::Completed, 1_200));
    assert_eq!(records(&world).await, before + 1_201);
    assert_eq!(
        count(&world, "status = 'Disabled' AND revision = 2").await,
        1_200
    );
}

#[tokio::test]
async fn a_change_in_a_backup_that_is_put_back_does_not_go_on() {
    let world = with_tokens(3).await;
    let tony = world.user("Tony").await;
    let all = order(BulkAction::Step(Disable), matching("like(id,'TKN-0001-*')"));
    let begun = begin(&world, &tony, &all).await;
    let trusted = Proof::Nothing { trusted: true };
    let summary = "Restored".to_owned();
    world.service.replay(&trusted, summary).await.unwrap();
    let ended = through(&world, &tony, &begun).await;
    assert_eq!((ended.state, ended.changed), (BulkState::Stopped, 0));
    assert_eq!(ended.stopped, "The database was restored from a backup.");
    let recorded: i64 = world
        .ask("SELECT COUNT(*) FROM audit_record WHERE event = 'platform.accounts.bulk-change.stopped'")
        .await;
    assert_eq!(recorded, 1);
}

#[tokio::test]
async fn a_change_ends_when_whoever_began_it_may_no_longer_make_it() {
    let world = with_tokens(600).await;
    let (tony, happy) = (world.user("Tony").await, world.user("Happy").await);
    let all = || matching("like(id,'TKN-0001-*')");
    let begun = begin(&world, &tony, &order(BulkAction::Step(Disable), all())).await;
    world.service.work_on_bulk_changes().await;
    let id = "USR-0000-0001".parse().unwrap();
    let disabled = UserChange::Access(id, UserAction::Disable);
    world.service.change_user(&happy, disabled).await.unwrap();
    let ended = through(&world, &happy, &begun).await;
    assert_eq!((ended.state, ended.changed), (BulkState::Stopped, 500));
    assert_eq!(ended.stopped, "Tony may no longer change API tokens.");
    // And when its module is retired.
    let olga = world.user("Olga").await;
    let give = order(BulkAction::Give(module_id("MOD-0002")), all());
    let begun = begin(&world, &happy, &give).await;
    let retired = ModuleChange::Retire(module_id("MOD-0002"), 0);
    world.service.change_module(&olga, retired).await.unwrap();
    let ended = through(&world, &happy, &begun).await;
    assert_eq!((ended.state, ended.changed), (BulkState::Stopped, 0));
    assert_eq!(ended.stopped, "The module Catalog can no longer be chosen.");
}

#[tokio::test]
async fn changes_of_an_account_follow_one_another_and_those_of_others_do_not_wait() {
    let world = with_tokens(1_100).await;
    let (tony, olga) = (world.user("Tony").await, world.user("Olga").await);
    let all = || matching("like(id,'TKN-0001-*')");
    let disabling = begin(&world, &tony, &order(BulkAction::Step(Disable), all())).await;
    world.clock.advance(1);
    let giving = order(BulkAction::Give(module_id("MOD-0002")), all());
    let giving = begin(&world, &tony, &giving).await;
    let others = begin(
        &world,
        &olga,
        &order(BulkAction::Step(Disable), these(&[BAT])),
    )
    .await;
    world.service.work_on_bulk_changes().await;
    let of_others = seen(&world, &olga, &others).await;
    assert_eq!((of_others.changed, of_others.waits_for), (1, None));
    assert_eq!(seen(&world, &tony, &disabling).await.waits_for, None);
    let waiting = seen(&world, &tony, &giving).await;
    assert_eq!(
        (waiting.changed, waiting.waits_for),
        (0, Some(disabling.id))
    );
    assert_eq!(through(&world, &tony, &disabling).await.changed, 1_100);
    assert_eq!(through(&world, &tony, &giving).await.changed, 1_100);
    assert_eq!(
        count(&world, "status = 'Disabled' AND revision = 3").await,
        1_100
    );
}

#[tokio::test]
async fn results_of_long_ago_are_forgotten_and_the_trail_is_not() {
    let world = with_tokens(600).await;
    let tony = world.user("Tony").await;
    let all = order(BulkAction::Step(Disable), matching("like(id,'TKN-0001-*')"));
    let begun = begin(&world, &tony, &all).await;
    through(&world, &tony, &begun).await;
    let before = records(&world).await;
    world.clock.advance(30 * 24 * 3_600 + 1);
    for _ in 0..3 {
        world.service.work_on_bulk_changes().await;
    }
    let gone = world.service.get_bulk_change(&tony, begun.id).await;
    assert_eq!(gone.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(world.ask::<i64>("SELECT COUNT(*) FROM bulk_item").await, 0);
    assert_eq!(records(&world).await, before);
}

#[tokio::test]
async fn a_token_that_is_changed_meanwhile_is_judged_as_it_stands_then() {
    let world = with_tokens(3).await;
    let tony = world.user("Tony").await;
    let all = order(BulkAction::Step(Disable), matching("like(id,'TKN-0001-*')"));
    let begun = begin(&world, &tony, &all).await;
    world.step(&tony, "TKN-0001-0001", Disable).await.unwrap();
    world.step(&tony, "TKN-0001-0002", Delete).await.unwrap();
    let ended = through(&world, &tony, &begun).await;
    assert_eq!((ended.changed, ended.left_alone), (1, 2));
    let told = results(&world, &tony, &begun).await;
    let outcomes: Vec<_> = told.iter().map(|row| row.outcome).collect();
    assert_eq!(
        outcomes,
        [
            TokenOutcome::LeftAlone(Reason::Disabled),
            TokenOutcome::LeftAlone(Reason::Gone),
            TokenOutcome::Changed,
        ]
    );
    assert_eq!(
        world.token(&tony, "TKN-0001-0003").await.status,
        TokenStatus::Disabled
    );
}
