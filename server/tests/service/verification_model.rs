//! Verification and introspection against plain questions to the database: whatever people, commands beside the server and
//! rotations of keys do between look-ups, the answer is what the database says.

use crate::{
    administering::{account, form as account_form, module, module_id},
    bulk::{order, plan, through},
    keys::secret,
    verification::{said, told},
    world::{World, form, token_id},
};
use app::{
    domain::{
        account::{AccountChange, AccountStatus},
        bulk::{BulkAction, BulkAnswer, BulkOrder, Choice},
        lifecycle::TokenAction,
        module::ModuleChange,
        user::{TokensOfLeaver, UserAction, UserChange},
    },
    port::{Actor, Administration as _, Bulk as _, Console as _},
};
use proptest::{prelude::*, test_runner::RngSeed};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use server::service::{ConsoleService, system};
use std::sync::Arc;

/// Tokens that are looked up. Their secrets are [`secret`] of their place, counted from 1.
const TOKENS: [&str; 4] = [
    "TKN-0001-0001",
    "TKN-0001-0002",
    "TKN-0001-0003",
    "TKN-0001-0004",
];
/// Whose the last one is; the others are of the first.
const ACCOUNTS: [&str; 2] = ["ACC-0000-0001", "ACC-0000-0002"];
/// Modules that are given and taken, and their codes.
const MODULES: [(&str, &str); 3] = [
    ("MOD-0001", "billing"),
    ("MOD-0002", "catalog"),
    ("MOD-0005", "shipping"),
];
/// What is asked for: those, one that every token of the first account has, and one that there is not.
const WANTED: [&str; 5] = ["billing", "catalog", "shipping", "health", "biling"];
/// Who leaves: he made the third token.
const LEAVER: &str = "USR-0000-0006";

/// Something that somebody does. What is refused as things stand changes nothing, and is part of the story all the same.
#[derive(Debug, Clone)]
enum Deed {
    Step(usize, TokenAction),
    Save(usize, u8, usize),
    Rename(usize, u8),
    AccountStatus(usize, AccountStatus),
    /// The account loses this module if it has it, and gets it else.
    Lend(usize, usize),
    Describe(usize, u8),
    /// The module is given to all tokens, to none, or as each of them likes.
    Settle(usize, bool, bool),
    Retire(usize),
    BringBack(usize),
    Bulk(BulkAction),
    Leave,
    ComeBack,
    RotateKeys,
}

/// What is done, whether by another process, and which tokens are looked up afterwards. Those that are not may be looked
/// up much later.
#[derive(Debug, Clone)]
struct Moment {
    deed: Deed,
    beside: bool,
    asked: [bool; TOKENS.len()],
}

fn deeds() -> impl Strategy<Value = Deed> {
    let token = || 0..TOKENS.len();
    let account = || 0..ACCOUNTS.len();
    let module = || 0..MODULES.len();
    let step = || prop::sample::select(TokenAction::ALL.to_vec());
    let status = prop::sample::select(vec![AccountStatus::Active, AccountStatus::Disabled]);
    let id = |module: usize| module_id(MODULES[module].0);
    let bulk = prop_oneof![
        step().prop_map(BulkAction::Step),
        module().prop_map(move |module| BulkAction::Give(id(module))),
        module().prop_map(move |module| BulkAction::Take(id(module))),
    ];
    let mild = prop::sample::select(vec![TokenAction::Disable, TokenAction::Enable]);
    prop_oneof![
        4 => (token(), mild).prop_map(|(token, step)| Deed::Step(token, step)),
        1 => (token(), step()).prop_map(|(token, step)| Deed::Step(token, step)),
        4 => (token(), 0..3_u8, module()).prop_map(|(token, name, module)| Deed::Save(token, name, module)),
        2 => (account(), 0..3_u8).prop_map(|(account, name)| Deed::Rename(account, name)),
        2 => (account(), status).prop_map(|(account, status)| Deed::AccountStatus(account, status)),
        4 => (account(), module()).prop_map(|(account, module)| Deed::Lend(account, module)),
        1 => (module(), 0..3_u8).prop_map(|(module, text)| Deed::Describe(module, text)),
        2 => (module(), any::<bool>(), any::<bool>())
            .prop_map(|(module, default, configurable)| Deed::Settle(module, default, configurable)),
        1 => module().prop_map(Deed::Retire),
        2 => module().prop_map(Deed::BringBack),
        3 => bulk.prop_map(Deed::Bulk),
        1 => Just(Deed::Leave),
        1 => Just(Deed::ComeBack),
        1 => Just(Deed::RotateKeys),
    ]
}

fn moments() -> impl Strategy<Value = Vec<Moment>> {
    let moment = (
        deeds(),
        prop::bool::weighted(0.3),
        any::<[bool; TOKENS.len()]>(),
    );
    let moment = moment.prop_map(|(deed, beside, asked)| Moment {
        deed,
        beside,
        asked,
    });
    prop::collection::vec(moment, 30..60)
}

/// A server, a command beside it, and the database as somebody sees it who only speaks SQL.
struct Run {
    world: World,
    beside: Arc<ConsoleService>,
    sql: DatabaseConnection,
    tony: Actor,
    olga: Actor,
}

impl Run {
    async fn new() -> Self {
        let world = World::sample().await;
        let tokens: Vec<_> = TOKENS
            .iter()
            .zip(1..)
            .map(|(id, number)| {
                let (account, module, by) = match number {
                    4 => (ACCOUNTS[1], "shipping", "USR-0000-0003"),
                    3 => (ACCOUNTS[0], "billing", LEAVER),
                    _ => (ACCOUNTS[0], "billing", "USR-0000-0001"),
                };
                format!(
                    r#"{{"id":"{id}","account":"{account}","name":"Robot {number}","modules":["{module}"],"createdBy":"{by}","secret":"{}"}}"#,
                    secret(number)
                )
            })
            .collect();
        let file = format!(r#"{{"tokens":[{}]}}"#, tokens.join(","));
        world.provision(&file).await.unwrap();
        Self {
            beside: world.beside(77).await,
            sql: world.sql().await,
            tony: world.user("Tony").await,
            olga: world.user("Olga").await,
            world,
        }
    }

    async fn does(&self, deed: &Deed, by: &ConsoleService) {
        match deed {
            Deed::Step(token, action) => {
                let id = token_id(TOKENS[*token]);
                let done = by.change_token_status(&system(), id, *action, None).await;
                drop(done);
            }
            Deed::Save(token, name, module) => self.save(*token, *name, *module, by).await,
            Deed::Rename(..) | Deed::AccountStatus(..) | Deed::Lend(..) => {
                self.changes_account(deed, by).await;
            }
            Deed::Describe(..) | Deed::Settle(..) | Deed::Retire(_) | Deed::BringBack(_) => {
                self.changes_module(deed, by).await;
            }
            Deed::Bulk(action) => {
                let every = Choice::Matching {
                    search: "Robot".to_owned(),
                    filter: String::new(),
                    except: Vec::new(),
                };
                self.changes_several(&order(*action, every), by).await;
            }
            Deed::Leave => {
                let change = UserChange::Offboard(LEAVER.parse().unwrap(), TokensOfLeaver::Disable);
                drop(by.change_user(&self.tony, change).await);
            }
            Deed::ComeBack => {
                let change = UserChange::Access(LEAVER.parse().unwrap(), UserAction::Enable);
                drop(by.change_user(&self.tony, change).await);
            }
            Deed::RotateKeys => self.rotate(by).await,
        }
    }

    /// Gives the token a name, and the module unless it has it.
    async fn save(&self, token: usize, name: u8, module: usize, by: &ConsoleService) {
        let id = token_id(TOKENS[token]);
        let Ok(token) = by.get_token(&system(), id).await else {
            return;
        };
        let mut edit = form(&token);
        edit.name = format!("Robot {name}");
        toggle(&mut edit.modules, module_id(MODULES[module].0));
        drop(by.edit_token(&system(), id, &edit).await);
    }

    async fn changes_account(&self, deed: &Deed, by: &ConsoleService) {
        let (Deed::Rename(place, _) | Deed::AccountStatus(place, _) | Deed::Lend(place, _)) = deed
        else {
            return;
        };
        let row = account(&self.world, &self.olga, ACCOUNTS[*place]).await;
        let mut edit = account_form(&row);
        match deed {
            Deed::Rename(_, name) => edit.name = format!("Account {name}"),
            Deed::Lend(_, module) => toggle(&mut edit.modules, module_id(MODULES[*module].0)),
            Deed::AccountStatus(_, status) => {
                let change = AccountChange::Status(row.account.id, *status);
                return drop(by.change_account(&self.olga, change).await);
            }
            _ => {}
        }
        let change = AccountChange::Edit(row.account.id, row.revision, edit, 99);
        drop(by.change_account(&self.olga, change).await);
    }

    async fn changes_module(&self, deed: &Deed, by: &ConsoleService) {
        let (Deed::Describe(place, _)
        | Deed::Settle(place, ..)
        | Deed::Retire(place)
        | Deed::BringBack(place)) = deed
        else {
            return;
        };
        let row = module(&self.world, &self.olga, MODULES[*place].0).await;
        let mut edit = row.form.clone();
        let change = match deed {
            Deed::Describe(_, text) => {
                edit.description = format!("text {text}");
                ModuleChange::Edit(row.id, row.revision, edit, 99)
            }
            Deed::Settle(_, default, configurable) => {
                (edit.settings.default, edit.settings.configurable) = (*default, *configurable);
                ModuleChange::Edit(row.id, row.revision, edit, 99)
            }
            Deed::Retire(_) => ModuleChange::Retire(row.id, 99),
            _ => ModuleChange::BringBack(row.id),
        };
        drop(by.change_module(&self.olga, change).await);
    }

    /// Begins it at this process; the server carries it out, as it does with what others began.
    async fn changes_several(&self, order: &BulkOrder, by: &ConsoleService) {
        let Ok(plan) = plan(&self.world, &self.olga, order).await else {
            return;
        };
        let begun = by.change_tokens(&self.olga, order, Some(plan.tokens)).await;
        if let Ok(BulkAnswer::Begun(change)) = begun {
            through(&self.world, &self.olga, &change).await;
        }
    }

    /// Every process has to take the new keys over; the others do so while one rotates.
    async fn rotate(&self, by: &ConsoleService) {
        let others_follow = async {
            loop {
                self.world.service.follow_changes().await;
                self.beside.follow_changes().await;
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            done = by.rotate_keys(false) => drop(done.unwrap()),
            () = others_follow => {}
        }
    }

    /// Compares what is said of this token with what the database has.
    async fn agrees(&self, place: usize) {
        let service = &self.world.service;
        let secret = secret(place as u64 + 1);
        let stored = self.stored(TOKENS[place]).await;
        for code in WANTED {
            let expected = match &stored {
                Stored { active: false, .. } => "inactive",
                Stored { codes, .. } if codes.iter().any(|held| held == code) => "allowed",
                _ if code == "biling" => "no such module",
                _ => "module missing",
            };
            assert_eq!(said(service, &secret, code).await, expected, "{code}");
        }
        let told = told(service, &secret).await;
        let told = told.map(|token| {
            let codes = token.modules.iter().map(|module| module.code.clone());
            Stored {
                active: true,
                name: token.name.clone(),
                account: token.account.name.clone(),
                account_status: token.account.status.as_str().to_owned(),
                codes: codes.collect(),
            }
        });
        assert_eq!(told, stored.active.then_some(stored));
    }

    async fn stored(&self, id: &str) -> Stored {
        let sql = format!(
            "SELECT t.status = 'Active', t.name, a.name, a.status, \
             (SELECT group_concat(code, ' ') FROM (SELECT m.code FROM token_module g JOIN module m ON m.id = g.module_id \
              WHERE g.token_id = t.id ORDER BY m.id)) \
             FROM api_token t JOIN account a ON a.id = t.account_id WHERE t.id = '{id}'"
        );
        let statement = Statement::from_string(self.sql.get_database_backend(), sql);
        let row = self.sql.query_one_raw(statement).await.unwrap().unwrap();
        let text = |place| row.try_get_by_index::<String>(place).unwrap();
        let codes: Option<String> = row.try_get_by_index(4).unwrap();
        Stored {
            active: row.try_get_by_index(0).unwrap(),
            name: text(1),
            account: text(2),
            account_status: text(3),
            codes: codes
                .iter()
                .flat_map(|codes| codes.split(' '))
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// What there is to say about a token.
#[derive(Debug, PartialEq, Eq)]
struct Stored {
    active: bool,
    name: String,
    account: String,
    account_status: String,
    codes: Vec<String>,
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, one: T) {
    let before = list.len();
    list.retain(|other| *other != one);
    if list.len() == before {
        list.push(one);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4,
        max_shrink_iters: 10,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(5),
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_done_the_answer_is_what_the_database_says(moments in moments()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let run = Run::new().await;
            let server = Arc::clone(&run.world.service);
            let learning = tokio::spawn(async move {
                loop {
                    server.learn_secrets().await;
                }
            });
            for Moment { deed, beside, asked } in &moments {
                let by = if *beside { &run.beside } else { &run.world.service };
                run.does(deed, by).await;
                // What the server did itself holds at once, what others did as soon as it looks.
                if *beside {
                    run.world.service.follow_changes().await;
                }
                for place in (0..TOKENS.len()).filter(|place| asked[*place]) {
                    run.agrees(place).await;
                }
            }
            for place in 0..TOKENS.len() {
                run.agrees(place).await;
            }
            learning.abort();
        });
    }
}
