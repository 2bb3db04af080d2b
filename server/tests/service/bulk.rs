//! Several tokens at once: what is told before, what is done, and by whom.

use crate::{
    administering::{account_id, module_id},
    edit::records,
    keys::{is_good, secret, with_tokens},
    world::{World, token_id},
};
use app::{
    domain::{
        bulk::{
            BulkAction, BulkAnswer, BulkChange, BulkOrder, BulkPlan, BulkState, CHOSEN_MAX, Choice,
            Reason, TokenOutcome, TokenResult,
        },
        directory::DirectoryQuery,
        lifecycle::TokenAction::{Delete, Disable, Enable},
        page::PageRequest,
        token::TokenId,
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Bulk as _},
};

pub const ROBOT: &str = "TKN-0000-0001";
pub const BAT: &str = "TKN-0000-0009";

pub fn these(ids: &[&str]) -> Choice {
    Choice::These(ids.iter().map(|id| token_id(id)).collect())
}

pub fn matching(filter: &str) -> Choice {
    Choice::Matching {
        search: String::new(),
        filter: filter.to_owned(),
        except: Vec::new(),
    }
}

pub fn order(action: BulkAction, choice: Choice) -> BulkOrder {
    BulkOrder { action, choice }
}

pub async fn plan(world: &World, actor: &Actor, order: &BulkOrder) -> Result<BulkPlan, ApiError> {
    match world.service.change_tokens(actor, order, None).await? {
        BulkAnswer::Planned(plan) => Ok(plan),
        BulkAnswer::Begun(_) => panic!("nobody agreed to anything"),
    }
}

/// Begins the change of as many tokens as it would change.
pub async fn begin(world: &World, actor: &Actor, order: &BulkOrder) -> BulkChange {
    let agreed = plan(world, actor, order).await.unwrap().tokens;
    match world
        .service
        .change_tokens(actor, order, Some(agreed))
        .await
    {
        Ok(BulkAnswer::Begun(change)) => change,
        other => panic!("not begun: {other:?}"),
    }
}

pub async fn seen(world: &World, actor: &Actor, change: &BulkChange) -> BulkChange {
    world
        .service
        .get_bulk_change(actor, change.id)
        .await
        .unwrap()
}

/// Carries out what was begun until this change has ended.
pub async fn through(world: &World, actor: &Actor, change: &BulkChange) -> BulkChange {
    loop {
        let now = seen(world, actor, change).await;
        if now.state != BulkState::Running {
            return now;
        }
        world.service.work_on_bulk_changes().await;
    }
}

pub async fn results(world: &World, actor: &Actor, change: &BulkChange) -> Vec<TokenResult> {
    let query = DirectoryQuery {
        page: PageRequest {
            number: 1,
            size: 100,
        },
        ..DirectoryQuery::default()
    };
    let found = world
        .service
        .list_bulk_results(actor, change.id, &query)
        .await;
    found.unwrap().rows
}

pub async fn status(world: &World, id: &str) -> String {
    world
        .ask(&format!("SELECT status FROM api_token WHERE id = '{id}'"))
        .await
}

pub async fn count(world: &World, condition: &str) -> i64 {
    world
        .ask(&format!("SELECT COUNT(*) FROM api_token WHERE {condition}"))
        .await
}

pub async fn last_summaries(world: &World, many: usize) -> Vec<String> {
    let mut summaries = Vec::new();
    for back in 0..many {
        let sql =
            format!("SELECT summary FROM audit_record ORDER BY seq DESC LIMIT 1 OFFSET {back}");
        summaries.push(world.ask(&sql).await);
    }
    summaries
}

pub fn left(plan: &BulkPlan) -> Vec<(Reason, u64)> {
    let left = plan.left_alone.iter();
    left.map(|group| (group.reason, group.tokens)).collect()
}

#[tokio::test]
async fn before_anything_is_done_it_is_told_which_tokens_are_left_alone_and_why() {
    let world = with_tokens(3).await;
    let (tony, olga) = (world.user("Tony").await, world.user("Olga").await);
    let (one, two, three) = ("TKN-0001-0001", "TKN-0001-0002", "TKN-0001-0003");
    world.step(&tony, one, Disable).await.unwrap();
    world.step(&tony, two, Delete).await.unwrap();
    let before = records(&world).await;
    let all = [ROBOT, one, two, three, BAT];
    let disable = BulkAction::Step(Disable);
    for (actor, action, tokens, told) in [
        // A deleted token, and another account's, are not there for him.
        (
            &tony,
            disable,
            2,
            vec![(Reason::Disabled, 1), (Reason::Gone, 2)],
        ),
        (
            &olga,
            disable,
            3,
            vec![(Reason::Disabled, 1), (Reason::Deleted, 1)],
        ),
        (
            &tony,
            BulkAction::Step(Enable),
            1,
            vec![(Reason::Active, 2), (Reason::Gone, 2)],
        ),
        (&tony, BulkAction::Step(Delete), 3, vec![(Reason::Gone, 2)]),
        (
            &olga,
            BulkAction::Give(module_id("MOD-0001")),
            0,
            vec![
                (Reason::Deleted, 1),
                (Reason::HasModule, 3),
                (Reason::NotInAccount, 1),
            ],
        ),
        (
            &olga,
            BulkAction::Take(module_id("MOD-0005")),
            1,
            vec![(Reason::Deleted, 1), (Reason::LacksModule, 3)],
        ),
    ] {
        let plan = plan(&world, actor, &order(action, these(&all)))
            .await
            .unwrap();
        assert_eq!((plan.tokens, left(&plan)), (tokens, told), "{action:?}");
    }
    let deleting = order(BulkAction::Step(Delete), these(&[ROBOT, three]));
    let plan = plan(&world, &tony, &deleting).await.unwrap();
    assert_eq!(
        (plan.tokens, plan.recent),
        (2, 1),
        "one was used four days ago"
    );
    assert_eq!(records(&world).await, before);
}

#[tokio::test]
async fn each_token_is_changed_recorded_and_refused_at_once_and_the_whole_is_recorded() {
    let world = with_tokens(3).await;
    let tony = world.user("Tony").await;
    world.step(&tony, "TKN-0001-0002", Disable).await.unwrap();
    assert!(is_good(&world.service, &secret(1)).await);
    let before = records(&world).await;
    let all = these(&[
        "TKN-0001-0003",
        "TKN-0001-0001",
        "TKN-0001-0002",
        "TKN-0001-0001",
    ]);
    let begun = begin(&world, &tony, &order(BulkAction::Step(Disable), all)).await;
    assert_eq!(
        (begun.state, begun.total, begun.changed),
        (BulkState::Running, 3, 0)
    );
    assert_eq!(records(&world).await, before, "nothing is done yet");
    let ended = through(&world, &tony, &begun).await;
    assert_eq!(
        (ended.state, ended.changed, ended.left_alone, ended.may_stop),
        (BulkState::Completed, 2, 1, false)
    );
    for number in 1..=3 {
        assert!(!is_good(&world.service, &secret(number)).await, "{number}");
    }
    assert_eq!(records(&world).await, before + 3);
    assert_eq!(
        last_summaries(&world, 3).await,
        [
            "\"Disable 2 API tokens\" completed: 2 API tokens disabled. 1 API token left alone.",
            "API token \"Robot 3\" disabled",
            "API token \"Robot 1\" disabled",
        ]
    );
    let results = results(&world, &tony, &begun).await;
    let told: Vec<_> = results
        .iter()
        .map(|row| (row.token.name.as_str(), row.shown, row.outcome))
        .collect();
    assert_eq!(
        told,
        [
            ("Robot 2", true, TokenOutcome::LeftAlone(Reason::Disabled)),
            ("Robot 1", true, TokenOutcome::Changed),
            ("Robot 3", true, TokenOutcome::Changed),
        ]
    );
    let by: String = world
        .ask("SELECT disabled_by FROM api_token WHERE id = 'TKN-0001-0001'")
        .await;
    assert_eq!(by, "USR-0000-0001");
}

#[tokio::test]
async fn enabling_deleting_and_modules_do_what_they_do_to_one_token() {
    let world = with_tokens(4).await;
    let tony = world.user("Tony").await;
    let all = || matching("like(name,'Robot*')");
    let two = || these(&["TKN-0001-0001", "TKN-0001-0002"]);
    for action in [Disable, Enable] {
        let begun = begin(&world, &tony, &order(BulkAction::Step(action), all())).await;
        assert_eq!(through(&world, &tony, &begun).await.changed, 5);
        assert_eq!(is_good(&world.service, &secret(1)).await, action == Enable);
    }
    let catalog = module_id("MOD-0002");
    let begun = begin(&world, &tony, &order(BulkAction::Give(catalog), two())).await;
    assert_eq!(begun.title(), "Add Catalog to 2 API tokens");
    assert_eq!(through(&world, &tony, &begun).await.changed, 2);
    let sql = "SELECT COUNT(*) FROM token_module WHERE module_id = 'MOD-0002'";
    assert_eq!(world.ask::<i64>(sql).await, 2);
    let begun = begin(&world, &tony, &order(BulkAction::Take(catalog), all())).await;
    let ended = through(&world, &tony, &begun).await;
    assert_eq!((ended.changed, ended.left_alone), (2, 3));
    assert_eq!(world.ask::<i64>(sql).await, 0);
    let begun = begin(&world, &tony, &order(BulkAction::Step(Delete), two())).await;
    through(&world, &tony, &begun).await;
    assert_eq!(status(&world, "TKN-0001-0002").await, "Deleted");
    assert_eq!(
        world.ask::<i64>("SELECT COUNT(*) FROM token_secret").await,
        4
    );
    let told = results(&world, &tony, &begun).await;
    assert!(
        told.iter()
            .all(|row| !row.shown && row.token.name.starts_with("Robot")),
        "a deleted token has a name there, and no page: {told:?}"
    );
}

#[tokio::test]
async fn only_administrators_change_several_and_only_what_is_theirs() {
    let world = World::sample().await;
    let disable = order(BulkAction::Step(Disable), these(&[ROBOT, BAT]));
    for name in ["Pepper", "Oscar"] {
        let actor = world.user(name).await;
        let before = records(&world).await;
        let refused = plan(&world, &actor, &disable).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Forbidden, "{name}");
        assert_eq!(records(&world).await, before + 1, "the try is recorded");
    }
    let tony = world.user("Tony").await;
    let begun = begin(&world, &tony, &disable).await;
    let ended = through(&world, &tony, &begun).await;
    assert_eq!((ended.changed, ended.left_alone), (1, 1));
    assert_eq!(status(&world, BAT).await, "Active");
    let told = results(&world, &tony, &begun).await;
    assert!(told.iter().all(|row| row.token.name != "Bat"), "{told:?}");
    let olga = world.user("Olga").await;
    let enable = order(BulkAction::Step(Enable), these(&[ROBOT, BAT]));
    let begun = begin(&world, &olga, &enable).await;
    assert_eq!(through(&world, &olga, &begun).await.changed, 1);
    // The account concerned sees the record of its token; the change itself belongs to Operations.
    let account: String = world
        .ask("SELECT account_id FROM audit_record WHERE event = 'platform.accounts.token.enabled'")
        .await;
    assert_eq!(account, "ACC-0000-0001");
    for name in ["Tony", "Bruce"] {
        let actor = world.user(name).await;
        let hidden = world.service.get_bulk_change(&actor, begun.id).await;
        assert_eq!(hidden.unwrap_err().code, ErrorCode::NotFound, "{name}");
        let hidden = world.service.stop_bulk_change(&actor, begun.id).await;
        assert_eq!(hidden.unwrap_err().code, ErrorCode::NotFound, "{name}");
    }
    for (name, changes) in [
        ("Tony", 1),
        ("Pepper", 1),
        ("Bruce", 0),
        ("Olga", 2),
        ("Oscar", 2),
    ] {
        let actor = world.user(name).await;
        let found = world
            .service
            .list_bulk_changes(&actor, &DirectoryQuery::default())
            .await
            .unwrap();
        assert_eq!(found.rows.len(), changes, "{name}");
        assert!(found.rows.iter().all(|change| !change.may_stop));
    }
}

#[tokio::test]
async fn a_token_of_another_account_and_one_that_never_was_look_alike() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    let none = "TKN-9999-9999";
    let disable = order(BulkAction::Step(Disable), these(&[ROBOT, BAT, none]));
    let begun = begin(&world, &tony, &disable).await;
    through(&world, &tony, &begun).await;
    let told: Vec<_> = results(&world, &tony, &begun)
        .await
        .into_iter()
        .filter(|row| row.token.id != token_id(ROBOT))
        .map(|row| (row.token.id, row.token.name, row.shown, row.outcome))
        .collect();
    let gone = TokenOutcome::LeftAlone(Reason::Gone);
    assert_eq!(
        told,
        [BAT, none].map(|id| (token_id(id), String::new(), false, gone))
    );
    let only = order(BulkAction::Step(Disable), these(&[BAT, none]));
    let answer = world.service.change_tokens(&tony, &only, Some(5)).await;
    assert!(
        matches!(answer, Ok(BulkAnswer::Planned(plan)) if plan.tokens == 0),
        "nothing to do is nothing to begin"
    );
}

#[tokio::test]
async fn a_module_that_nobody_can_choose_is_neither_given_nor_taken() {
    let world = World::sample().await;
    let tony = world.user("Tony").await;
    for (module, code) in [
        ("MOD-0003", ErrorCode::Conflict),
        ("MOD-0004", ErrorCode::Conflict),
        // Another account's, and none.
        ("MOD-0005", ErrorCode::NotFound),
        ("MOD-9999", ErrorCode::NotFound),
    ] {
        for action in [
            BulkAction::Give(module_id(module)),
            BulkAction::Take(module_id(module)),
        ] {
            let refused = plan(&world, &tony, &order(action, these(&[ROBOT]))).await;
            assert_eq!(refused.unwrap_err().code, code, "{action:?}");
        }
    }
}

#[tokio::test]
async fn more_tokens_than_were_agreed_to_are_told_anew() {
    let world = with_tokens(4).await;
    let tony = world.user("Tony").await;
    let all = order(BulkAction::Step(Disable), matching("eq(status,'Active')"));
    assert_eq!(plan(&world, &tony, &all).await.unwrap().tokens, 5);
    let answer = world
        .service
        .change_tokens(&tony, &all, Some(4))
        .await
        .unwrap();
    assert!(matches!(answer, BulkAnswer::Planned(plan) if plan.tokens == 5));
    assert_eq!(count(&world, "status = 'Disabled'").await, 0);
    let searched = Choice::Matching {
        search: "robot 3".to_owned(),
        filter: String::new(),
        except: Vec::new(),
    };
    let begun = begin(&world, &tony, &order(BulkAction::Step(Disable), searched)).await;
    assert_eq!(through(&world, &tony, &begun).await.total, 1);
    let others = Choice::Matching {
        search: "robot".to_owned(),
        filter: String::new(),
        except: vec![token_id(ROBOT)],
    };
    let others = order(BulkAction::Step(Delete), others);
    let all = order(BulkAction::Step(Delete), matching("ilike(name,'*robot*')"));
    let tokens = async |order| plan(&world, &tony, order).await.unwrap().tokens;
    assert_eq!(tokens(&others).await + 1, tokens(&all).await);
    let wrong = order(BulkAction::Step(Disable), matching("eq(status"));
    assert_eq!(
        plan(&world, &tony, &wrong).await.unwrap_err().code,
        ErrorCode::BadRequest
    );
    let ids = (1..=CHOSEN_MAX as u64 + 1)
        .filter_map(TokenId::from_number)
        .collect();
    let many = order(BulkAction::Step(Disable), Choice::These(ids));
    assert_eq!(
        plan(&world, &tony, &many).await.unwrap_err().code,
        ErrorCode::Invalid
    );
}

#[tokio::test]
async fn an_account_has_so_many_changes_at_once() {
    let world = World::sample().await;
    let (tony, olga) = (world.user("Tony").await, world.user("Olga").await);
    let one = order(BulkAction::Step(Disable), these(&[ROBOT]));
    let first = begin(&world, &tony, &one).await;
    for _ in 1..10 {
        begin(&world, &tony, &one).await;
    }
    let refused = world.service.change_tokens(&tony, &one, Some(1)).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Conflict);
    begin(&world, &olga, &one).await;
    world
        .service
        .stop_bulk_change(&tony, first.id)
        .await
        .unwrap();
    begin(&world, &tony, &one).await;
    assert_eq!(
        account_id("ACC-0000-0001"),
        world.token(&tony, ROBOT).await.account.id
    );
}
