//! Every filter that can be built finds what it says, however it is found; and no page needs a look at every token.

use super::*;
use crate::{
    entity::{account, module, user},
    repo::{
        Db, DbSettings,
        token_writes::{NewTokenRow, insert_tokens},
        tokens::TokenScope,
    },
};
use app::{
    domain::{
        account::AccountId,
        filter::{Condition, FilterEntry, FilterForm, Group, Join, Operator, Property},
        module::ModuleId,
        secret::RevealPolicy,
        text::fold,
        time::Timestamp,
        token::TokenStatus,
        token_query::{TokenColumn, TokenOrder, TokenOrders},
        user::PersonRef,
    },
    rql,
};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use sea_orm::{
    ActiveValue::Set, DbBackend, DbErr, EntityTrait, ExecResult, QueryResult, Statement,
};
use std::{collections::BTreeSet, sync::Mutex};
use tempfile::TempDir;

const ACCOUNTS: [u64; 2] = [1, 2];
const MODULES: [&str; 3] = ["MOD-0001", "MOD-0002", "MOD-0003"];
const PEOPLE: [&str; 3] = ["USR-0000-0001", "USR-0000-0002", ""];
const NAMES: [&str; 10] = [
    "Robot",
    "robot 2",
    "ROBOT *",
    "100 % sure",
    "it's",
    "say \"hi\"",
    "Zürich",
    "ロボット",
    "a_b",
    "back\\slash",
];
const DAY: i64 = 86_400_000_000;
/// 2026-01-01.
const NEW_YEAR: i64 = 1_767_225_600_000_000;
const TOKENS: u64 = 60;

/// A token as the tests know it.
#[derive(Debug, Clone)]
struct Known {
    id: TokenId,
    account: AccountId,
    name: String,
    status: TokenStatus,
    modules: Vec<ModuleId>,
    maker: &'static str,
    created: Timestamp,
    used: Option<Timestamp>,
}

fn known() -> Vec<Known> {
    (0..TOKENS).map(one).collect()
}

fn one(number: u64) -> Known {
    // Numbers that look like none: each property goes another way round.
    let turn = |prime: u64, of: usize| usize::try_from(number * prime / 7).unwrap() % of;
    let days = |count: usize| NEW_YEAR + i64::try_from(count).unwrap() * DAY;
    let given = turn(5, 8);
    let modules = MODULES.iter().enumerate();
    Known {
        id: TokenId::from_number(10_000_000 + number * 1_234_567).unwrap(),
        account: AccountId::from_number(ACCOUNTS[turn(11, 2)]).unwrap(),
        name: NAMES[turn(13, NAMES.len())].to_owned(),
        status: TokenStatus::ALL[turn(3, 3)],
        modules: modules
            .filter(|(place, _)| given & (1 << place) != 0)
            .map(|(_, id)| id.parse().unwrap())
            .collect(),
        maker: PEOPLE[turn(17, 3)],
        created: Timestamp(days(turn(19, 6)) + 1),
        used: (!number.is_multiple_of(3)).then(|| Timestamp(days(turn(23, 6)) + DAY - 1)),
    }
}

async fn database(tokens: &[Known]) -> (TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
    let db = Db::open(&DbSettings { url }).await.unwrap();
    db.migrate().await.unwrap();
    let tx = db.begin_write().await.unwrap();
    people(&tx).await;
    for token in tokens {
        add(&tx, token).await;
    }
    tx.commit().await.unwrap();
    (folder, db)
}

async fn people(conn: &impl ConnectionTrait) {
    for number in ACCOUNTS {
        let row = account::ActiveModel {
            id: Set(AccountId::from_number(number).unwrap().to_string()),
            name: Set(format!("Account {number}")),
            name_fold: Set(format!("account {number}")),
            kind: Set("Client".to_owned()),
            status: Set("Active".to_owned()),
            created_at: Set(NEW_YEAR),
            revision: Set(1),
            icon_id: Set(None),
        };
        account::Entity::insert(row)
            .exec_without_returning(conn)
            .await
            .unwrap();
    }
    for id in MODULES {
        let row = module::ActiveModel {
            id: Set(id.to_owned()),
            code: Set(id.to_lowercase()),
            name: Set(id.to_owned()),
            name_fold: Set(id.to_lowercase()),
            description: Set(String::new()),
            account_types: Set(String::new()),
            is_default: Set(false),
            is_configurable: Set(true),
            is_paid: Set(false),
            revision: Set(1),
            retired_at: Set(None),
        };
        module::Entity::insert(row)
            .exec_without_returning(conn)
            .await
            .unwrap();
    }
    for id in PEOPLE.into_iter().filter(|id| !id.is_empty()) {
        let row = user::ActiveModel {
            id: Set(id.to_owned()),
            account_id: Set(AccountId::from_number(1).unwrap().to_string()),
            name: Set(format!("Person {id}")),
            name_fold: Set(format!("person {}", id.to_lowercase())),
            email: Set(id.to_owned()),
            email_key: Set(id.to_owned()),
            role: Set("Viewer".to_owned()),
            status: Set("Active".to_owned()),
            created_at: Set(NEW_YEAR),
            ..Default::default()
        };
        user::Entity::insert(row)
            .exec_without_returning(conn)
            .await
            .unwrap();
    }
}

async fn add(tx: &crate::repo::WriteTx, token: &Known) {
    let mut lookup = [0; 32];
    lookup[..8].copy_from_slice(&token.id.number().to_be_bytes());
    let mut statements = tx.statements();
    let row = NewTokenRow {
        id: token.id,
        account: token.account,
        name: &token.name,
        description: "",
        status: token.status,
        hint: "lk_abcd".to_owned(),
        lookup,
        pepper_kid: "k".to_owned(),
        created_at: token.created,
        created_by: PersonRef {
            id: token.maker.to_owned(),
            name: token.maker.to_owned(),
        },
        secret: None,
        modules: token.modules.clone(),
        last_access_at: token.used,
        icon: None,
        reveal: RevealPolicy::Always,
    };
    insert_tokens(&mut statements, vec![row]);
    statements.run(tx).await.unwrap();
}

const SCOPES: [TokenScope; 2] = [
    TokenScope {
        account: None,
        deleted: true,
    },
    TokenScope {
        account: AccountId::from_number(1),
        deleted: false,
    },
];

/// Whether a filter that was built lets a token through.
fn lets(form: &FilterForm, token: &Known) -> bool {
    let each = form.entries.iter().map(|entry| match entry {
        FilterEntry::Condition(condition) => holds(condition, token),
        FilterEntry::Group(Group { join, conditions }) => {
            let each = conditions.iter().map(|condition| holds(condition, token));
            joined(*join, each)
        }
    });
    form.entries.is_empty() || joined(form.join, each)
}

fn joined(join: Join, mut each: impl Iterator<Item = bool>) -> bool {
    match join {
        Join::All => each.all(|holds| holds),
        Join::Any => each.any(|holds| holds),
    }
}

fn holds(condition: &Condition, token: &Known) -> bool {
    let one = condition
        .values
        .first()
        .map(String::as_str)
        .unwrap_or_default()
        .trim();
    let among = |value: &str| condition.values.iter().any(|other| other.trim() == value);
    match condition.property {
        Property::Name => text(condition.operator, &fold(&token.name), &fold(one)),
        Property::Id if condition.operator == Operator::Is => token.id.to_string() == one,
        Property::Id => text(
            condition.operator,
            &token.id.to_string(),
            &one.to_uppercase(),
        ),
        Property::Status => one_of(condition.operator, among(token.status.as_str())),
        Property::CreatedBy if condition.operator == Operator::IsEmpty => token.maker.is_empty(),
        Property::CreatedBy => one_of(condition.operator, among(token.maker)),
        Property::Account => one_of(condition.operator, among(&token.account.to_string())),
        Property::Modules if condition.operator == Operator::IsEmpty => token.modules.is_empty(),
        Property::Modules => {
            let has = token.modules.iter().any(|id| among(&id.to_string()));
            one_of(condition.operator, has)
        }
        Property::CreatedAt => on(condition, Some(token.created)),
        Property::LastAccess => on(condition, token.used),
    }
}

fn text(operator: Operator, whole: &str, part: &str) -> bool {
    match operator {
        Operator::Is => whole == part,
        Operator::IsNot => whole != part,
        Operator::Contains => whole.contains(part),
        Operator::StartsWith => whole.starts_with(part),
        Operator::EndsWith => whole.ends_with(part),
        _ => unreachable!("texts have no other operator"),
    }
}

fn one_of(operator: Operator, is: bool) -> bool {
    (operator == Operator::IsNot) != is
}

fn on(condition: &Condition, at: Option<Timestamp>) -> bool {
    let day = at.map(|at| at.to_string()[..10].to_owned());
    let value = |place: usize| condition.values[place].trim();
    match (condition.operator, day) {
        (Operator::IsEmpty, day) => day.is_none(),
        (Operator::IsNotEmpty, day) => day.is_some(),
        (_, None) => false,
        (Operator::Before, Some(day)) => day.as_str() < value(0),
        (Operator::After, Some(day)) => day.as_str() > value(0),
        (Operator::Between, Some(day)) => day.as_str() >= value(0) && day.as_str() <= value(1),
        _ => unreachable!("days have no other operator"),
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let property = select(Property::ALL.to_vec());
    (property, any::<prop::sample::Index>(), values()).prop_map(|(property, operator, places)| {
        let operators = property.operators();
        let pool = pool(property);
        let values = places.iter().map(|place| pool[*place % pool.len()].clone());
        let mut values: Vec<_> = values.collect();
        values.dedup();
        if matches!(property, Property::CreatedAt | Property::LastAccess) {
            values.sort();
        }
        Condition {
            property,
            operator: operators[operator.index(operators.len())],
            values,
        }
    })
}

fn values() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(any::<usize>(), 2..4)
}

fn pool(property: Property) -> Vec<String> {
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    match property {
        Property::Name => texts(&[
            "rob", "robot", "*", "%", "'", "ürich", "ット", "_", "b", "obo", "ROBOT *", "x\\y",
            "hi",
        ]),
        Property::Id => {
            let ids = known()
                .into_iter()
                .take(6)
                .map(|token| token.id.to_string());
            ids.chain(texts(&["TKN-", "1000", "-1", "tkn-1", "2345", "N-2", "x"]))
                .collect()
        }
        Property::Status => TokenStatus::ALL
            .map(|status| status.as_str().to_owned())
            .to_vec(),
        Property::Modules => texts(&MODULES),
        Property::CreatedBy => texts(&["USR-0000-0001", "USR-0000-0002", "USR-0000-0009"]),
        Property::Account => texts(&["ACC-0000-0001", "ACC-0000-0002", "ACC-0000-0009"]),
        Property::CreatedAt | Property::LastAccess => {
            (1..8).map(|day| format!("2026-01-{day:02}")).collect()
        }
    }
}

fn form() -> impl Strategy<Value = FilterForm> {
    let join = || select(Join::ALL.to_vec());
    let group = (join(), prop::collection::vec(condition(), 1..3))
        .prop_map(|(join, conditions)| FilterEntry::Group(Group { join, conditions }));
    let entry = prop_oneof![3 => condition().prop_map(FilterEntry::Condition), 1 => group];
    (join(), prop::collection::vec(entry, 0..4))
        .prop_map(|(join, entries)| FilterForm { join, entries })
}

fn orders() -> impl Strategy<Value = TokenOrders> {
    let order = (select(TokenColumn::ALL.to_vec()), any::<bool>())
        .prop_map(|(column, descending)| TokenOrder { column, descending });
    prop::collection::vec(order, 0..3).prop_map(TokenOrders::new)
}

/// The ids of a whole list, page by page, forward or from its end.
async fn whole(
    db: &Db,
    memory: &Memory,
    wanted: Wanted<'_>,
    few: u64,
    backward: bool,
) -> Vec<TokenId> {
    let page = |number| PageRequest { number, size: 5 };
    let mut pages = Vec::new();
    let mut number = if backward { 1_000 } else { 1 };
    loop {
        let found = page_of_ids(db.read(), memory, &wanted, page(number), few)
            .await
            .unwrap();
        let ends = if backward {
            found.number == 1
        } else {
            !found.more
        };
        number = if backward {
            found.number - 1
        } else {
            found.number + 1
        };
        pages.push(found.rows);
        if ends {
            break;
        }
    }
    if backward {
        pages.reverse();
    }
    pages.concat()
}

#[test]
fn every_filter_that_can_be_built_finds_what_it_says_in_every_order_and_by_every_way() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let tokens = known();
    let (_folder, db) = runtime.block_on(database(&tokens));
    let memory = Memory::default();
    let all = (form(), orders(), select(SCOPES.to_vec()), "(rob|23|n-1|)");
    let mut runner = TestRunner::new(Config::with_cases(400));
    let result = runner.run(&all, |(form, orders, scope, search)| {
        let form = form.normalised();
        let Ok(text) = form.to_rql() else {
            return Ok(());
        };
        let tree = rql::parse(&text).unwrap();
        let wanted = Wanted {
            scope,
            search: &search,
            filter: tree.as_ref(),
            orders: &orders,
        };
        let says_status = form
            .conditions()
            .any(|condition| condition.property == Property::Status);
        let expected: BTreeSet<_> = tokens
            .iter()
            .filter(|token| scope.account.is_none_or(|account| account == token.account))
            .filter(|token| {
                let shown = scope.deleted && says_status;
                shown || token.status != TokenStatus::Deleted
            })
            .filter(|token| {
                let id = token.id.to_string().to_lowercase();
                fold(&token.name).contains(&search) || id.contains(&search)
            })
            .filter(|token| lets(&form, token))
            .map(|token| token.id)
            .collect();
        let mut first = None;
        for (few, backward) in [(FEW, false), (0, false), (0, true)] {
            let found = runtime.block_on(whole(&db, &memory, wanted, few, backward));
            prop_assert_eq!(
                &found.iter().copied().collect::<BTreeSet<_>>(),
                &expected,
                "{}",
                text
            );
            prop_assert_eq!(found.len(), expected.len(), "{}", &text);
            let first = first.get_or_insert_with(|| found.clone());
            prop_assert_eq!(&*first, &found, "{} in {:?}", &text, &orders);
        }
        let counted = runtime.block_on(count(db.read(), wanted, COUNTED)).unwrap();
        prop_assert_eq!(counted, Total::Exact(expected.len() as u64), "{}", text);
        Ok(())
    });
    result.unwrap();
}

/// Notes what is asked.
struct Asked<'a, C> {
    conn: &'a C,
    statements: Mutex<Vec<Statement>>,
}

impl<C> Asked<'_, C> {
    fn note(&self, statement: &Statement) {
        self.statements.lock().unwrap().push(statement.clone());
    }
}

#[async_trait::async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Asked<'_, C> {
    fn get_database_backend(&self) -> DbBackend {
        self.conn.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.conn.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.conn.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note(&statement);
        self.conn.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note(&statement);
        self.conn.query_all_raw(statement).await
    }
}

/// Everything that a page of this list asks the database, each with what SQLite does for it.
async fn plans(db: &Db, wanted: Wanted<'_>, few: u64) -> Vec<(String, String)> {
    let asked = Asked {
        conn: db.read(),
        statements: Mutex::default(),
    };
    // Beyond the end, what is asked would be a count too.
    let number = if wanted.filter.is_some() { 1 } else { 3 };
    let page = PageRequest { number, size: 5 };
    page_of_ids(&asked, &Memory::default(), &wanted, page, few)
        .await
        .unwrap();
    let mut plans = Vec::new();
    for mut statement in asked.statements.into_inner().unwrap() {
        let sql = statement.sql.clone();
        statement.sql = format!("EXPLAIN QUERY PLAN {sql}");
        let steps = db.read().query_all_raw(statement).await.unwrap();
        let steps = steps
            .iter()
            .map(|step| step.try_get::<String>("", "detail").unwrap());
        plans.push((sql, steps.collect::<Vec<_>>().join("\n")));
    }
    plans
}

/// No step looks at a whole table, and none sorts more than few rows.
fn assert_indexed(plans: &[(String, String)], few: bool, what: &str) {
    for (sql, plan) in plans {
        for step in plan.lines() {
            let scan = step.starts_with("SCAN ")
                && !step.ends_with(" some")
                && !step.contains("subquery")
                && !step.contains("VIRTUAL TABLE")
                && !step.contains("USING");
            assert!(!scan, "{what}: {step}\n{sql}\n{plan}");
            let sorts = step.contains("TEMP B-TREE FOR ORDER BY");
            let by_id = sql.contains(r#""id" IN"#);
            assert!(!sorts || (few && by_id), "{what}: {step}\n{sql}\n{plan}");
        }
    }
}

#[tokio::test]
async fn the_first_condition_of_every_filter_and_every_order_go_by_an_index() {
    let tokens = known();
    let (_folder, db) = database(&tokens).await;
    for scope in SCOPES {
        for column in TokenColumn::ALL {
            for descending in [false, true] {
                let orders = TokenOrders::new([TokenOrder { column, descending }]);
                let wanted = Wanted {
                    scope,
                    search: "",
                    filter: None,
                    orders: &orders,
                };
                let what = format!("{column:?} {descending} {scope:?}");
                assert_indexed(&plans(&db, wanted, FEW).await, false, &what);
            }
        }
        for property in Property::ALL {
            for operator in property.operators() {
                let pool = pool(property);
                let condition = Condition {
                    property,
                    operator: *operator,
                    values: pool[..2].to_vec(),
                };
                let form = FilterForm {
                    join: Join::All,
                    entries: vec![FilterEntry::Condition(condition)],
                };
                let tree = rql::parse(&form.to_rql().unwrap()).unwrap();
                let orders = TokenOrders::default();
                let wanted = Wanted {
                    scope,
                    search: "",
                    filter: tree.as_ref(),
                    orders: &orders,
                };
                let what = format!("{property:?} {operator:?} {scope:?}");
                assert_indexed(&plans(&db, wanted, FEW).await, true, &what);
                assert_indexed(&plans(&db, wanted, 0).await, false, &what);
            }
        }
        for search in ["rob", "robot 2", "TKN-1000", "2345"] {
            let orders = TokenOrders::default();
            let wanted = Wanted {
                scope,
                search,
                filter: None,
                orders: &orders,
            };
            assert_indexed(&plans(&db, wanted, FEW).await, true, search);
        }
    }
}
