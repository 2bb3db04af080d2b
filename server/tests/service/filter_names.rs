//! The filter of the list as its builder shows it: the form, the names in it, and what can be chosen, by who asks.

use crate::world::{World, filtered};
use app::{
    domain::{
        filter::{Condition, FilterChoices, FilterForm, Named, Operator, Property},
        token_query::TokenQuery,
    },
    error::ErrorCode,
    port::{Actor, Console as _},
};

/// Stark with tokens of an operator and of a program, besides that of its own Administrator.
async fn world() -> World {
    let world = World::sample().await;
    let tokens = r#"{"tokens":[
      {"id":"TKN-0000-0002","account":"ACC-0000-0001","name":"Robot 2","createdBy":"USR-0000-0001"},
      {"id":"TKN-0000-0003","account":"ACC-0000-0001","name":"Robot 3","createdBy":"USR-0000-0001"},
      {"id":"TKN-0000-0004","account":"ACC-0000-0001","name":"Robot 4"}]}"#;
    world.provision(tokens).await.unwrap();
    for (token, creator) in [
        ("TKN-0000-0002", "USR-0000-0004"),
        ("TKN-0000-0003", "TKN-0000-0001"),
    ] {
        let sql = format!("UPDATE api_token SET created_by = '{creator}' WHERE id = '{token}'");
        world.execute(&sql).await;
    }
    world
}

async fn names(world: &World, actor: &Actor, filter: &str) -> Vec<String> {
    let list = world.service.list_tokens(actor, &filtered(filter)).await;
    words(&list.unwrap().names)
}

fn words(named: &[Named]) -> Vec<String> {
    let words = named.iter().map(|it| format!("{} {}", it.id, it.name));
    words.collect()
}

async fn choices(world: &World, actor: &Actor) -> FilterChoices {
    world.service.list_filter_choices(actor).await.unwrap()
}

#[tokio::test]
async fn a_list_without_a_filter_has_an_empty_form() {
    let world = world().await;
    let tony = world.user("Tony").await;
    let query = TokenQuery::default();
    let list = world.service.list_tokens(&tony, &query).await.unwrap();
    assert_eq!(list.form, Some(FilterForm::default()));
    assert_eq!(list.names, []);
}

#[tokio::test]
async fn a_filter_written_by_hand_has_the_form_that_means_it_or_none() {
    let world = world().await;
    let tony = world.user("Tony").await;
    let form = async |text: &str| {
        let list = world.service.list_tokens(&tony, &filtered(text)).await;
        list.unwrap().form
    };
    let found = form("status=Active&ilike(name,*robot*)").await.unwrap();
    let conditions: Vec<_> = found.conditions().cloned().collect();
    let condition = |property, operator, value: &str| Condition {
        property,
        operator,
        values: vec![value.to_owned()],
    };
    let expected = [
        condition(Property::Status, Operator::Is, "Active"),
        condition(Property::Name, Operator::Contains, "robot"),
    ];
    assert_eq!(conditions, expected);
    assert_eq!(form("gt(revision,3)").await, None);
    assert_eq!(form("like(name,*x*)").await, None);
}

#[tokio::test]
async fn a_wrong_filter_is_told_fault_by_fault() {
    let world = world().await;
    let tony = world.user("Tony").await;
    let filter = filtered("and(eq(nonsense,1),eq(status,'Broken'))");
    let error = world.service.list_tokens(&tony, &filter).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadRequest);
    assert_eq!(error.fields.len(), 2, "{:?}", error.fields);
    assert_eq!(error.fields[0].field, "nonsense");
}

#[tokio::test]
async fn ids_in_conditions_are_named_as_far_as_they_exist_for_whoever_asks() {
    let world = world().await;
    let modules = "any(modules,in(id,('MOD-0005','MOD-0001','MOD-9999','nonsense')))";
    let people = "in(audit.created.by.id,('USR-0000-0003','USR-0000-0004','USR-0000-0006','TKN-0000-0001','TKN-0000-0002','x'))";
    let accounts = "in(account.id,('ACC-0000-0001','ACC-0000-0002'))";
    for who in ["Tony", "Pepper"] {
        let actor = world.user(who).await;
        assert_eq!(names(&world, &actor, modules).await, ["MOD-0001 Billing"]);
        let known = [
            "USR-0000-0006 Happy",
            "USR-0000-0004 Olga",
            "TKN-0000-0001 Robot 1",
        ];
        assert_eq!(names(&world, &actor, people).await, known, "{who}");
        let own = ["ACC-0000-0001 Stark"];
        assert_eq!(names(&world, &actor, accounts).await, own, "{who}");
    }
    let bruce = world.user("Bruce").await;
    assert_eq!(names(&world, &bruce, modules).await, ["MOD-0005 Shipping"]);
    assert_eq!(
        names(&world, &bruce, people).await,
        ["USR-0000-0003 Bruce"],
        "an operator and others' programs are strangers to Wayne"
    );
    let wayne = ["ACC-0000-0002 Wayne"];
    assert_eq!(names(&world, &bruce, accounts).await, wayne);
    for who in ["Olga", "Oscar"] {
        let actor = world.user(who).await;
        let both = ["MOD-0001 Billing", "MOD-0005 Shipping"];
        assert_eq!(names(&world, &actor, modules).await, both, "{who}");
        assert_eq!(names(&world, &actor, people).await.len(), 5, "{who}");
        assert_eq!(names(&world, &actor, accounts).await.len(), 2, "{who}");
    }
}

#[tokio::test]
async fn names_stand_also_for_ids_in_groups_and_only_once() {
    let world = world().await;
    let tony = world.user("Tony").await;
    let filter = "and(status=Active,or(any(modules,id='MOD-0001'),any(modules,id='MOD-0002')),any(modules,id='MOD-0001'))";
    assert_eq!(
        names(&world, &tony, filter).await,
        ["MOD-0001 Billing", "MOD-0002 Catalog"]
    );
}

#[tokio::test]
async fn everybody_of_an_account_chooses_among_its_own_modules_and_creators() {
    let world = world().await;
    for who in ["Tony", "Pepper"] {
        let actor = world.user(who).await;
        let FilterChoices {
            modules,
            creators,
            accounts,
        } = choices(&world, &actor).await;
        let held = [
            "MOD-0001 Billing",
            "MOD-0002 Catalog",
            "MOD-0003 Health",
            "MOD-0004 Internals",
        ];
        assert_eq!(words(&modules), held, "{who}");
        let made = [
            "USR-0000-0004 Olga",
            "TKN-0000-0001 Robot 1",
            "USR-0000-0001 Tony",
        ];
        assert_eq!(words(&creators), made, "{who}");
        assert_eq!(accounts, [], "{who}");
    }
    let bruce = choices(&world, &world.user("Bruce").await).await;
    assert_eq!(words(&bruce.modules), ["MOD-0005 Shipping"]);
    assert_eq!(words(&bruce.creators), ["USR-0000-0003 Bruce"]);
    assert_eq!(bruce.accounts, []);
}

#[tokio::test]
async fn operations_choose_among_everything() {
    let world = world().await;
    for who in ["Olga", "Oscar"] {
        let actor = world.user(who).await;
        let found = choices(&world, &actor).await;
        assert!(found.modules.len() > 5, "{who}");
        let made = [
            "USR-0000-0003 Bruce",
            "USR-0000-0004 Olga",
            "TKN-0000-0001 Robot 1",
            "USR-0000-0001 Tony",
        ];
        assert_eq!(words(&found.creators), made, "{who}");
        let all = [
            "ACC-0000-0003 Platform",
            "ACC-0000-0001 Stark",
            "ACC-0000-0002 Wayne",
        ];
        assert_eq!(words(&found.accounts), all, "{who}");
    }
}

#[tokio::test]
async fn no_more_creators_are_offered_than_a_person_can_look_through() {
    let world = world().await;
    let rows = (0..FilterChoices::CREATORS_MAX + 5).map(|index| {
        let id = format!("TKN-7000-{index:04}");
        format!(
            r#"{{"id":"{id}","account":"ACC-0000-0001","name":"T","createdBy":"USR-0000-0001"}}"#
        )
    });
    let rows: Vec<_> = rows.collect();
    let file = format!(r#"{{"tokens":[{}]}}"#, rows.join(","));
    world.provision(&file).await.unwrap();
    let own = "UPDATE api_token SET created_by = id WHERE id LIKE 'TKN-7000-%'";
    world.execute(own).await;
    let tony = world.user("Tony").await;
    let creators = choices(&world, &tony).await.creators;
    assert_eq!(creators.len(), FilterChoices::CREATORS_MAX);
}
