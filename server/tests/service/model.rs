//! The life of tokens against a small model of it: two Administrators, one of the account and one of Operations,
//! add, open, save, disable, enable, delete and look at secrets in any order, with a clock that also goes back.

use crate::world::{World, form, new_token};
use app::{
    domain::{
        icon::IconId,
        lifecycle::TokenAction,
        new_token::NewToken,
        secret::{RevealPolicy, SecretUse},
        token::{EditOutcome, TokenDetails, TokenEdit, TokenField, TokenId, TokenStatus},
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Console as _},
};
use proptest::prelude::*;
use server::env::Clock as _;
use std::collections::{BTreeSet, HashMap};

/// How long a form sent again is answered with the secret, in seconds.
const SECRET_AGAIN: i64 = 600;

/// A change of one field in an open form.
#[derive(Debug, Clone)]
enum Typed {
    Nothing,
    Name(u8),
    Description(u8),
    Icon(Option<usize>),
    Reveal(RevealPolicy),
    Modules(bool),
}

/// What an Administrator does. Tokens are named by the order in which they were added.
#[derive(Debug, Clone)]
enum Deed {
    /// Sends the form with this key, perhaps with another name than before. The key also chooses the policy.
    Add(usize, bool),
    Open(usize),
    Save(usize, Typed),
    Step(usize, TokenAction),
    Look(usize, SecretUse),
    Wait(i64),
}

fn deeds() -> impl Strategy<Value = Vec<(usize, Deed)>> {
    let policy = || prop::sample::select(RevealPolicy::ALL.to_vec());
    let typed = prop_oneof![
        Just(Typed::Nothing),
        (0..3_u8).prop_map(Typed::Name),
        (0..3_u8).prop_map(Typed::Description),
        prop::option::of(0..2_usize).prop_map(Typed::Icon),
        policy().prop_map(Typed::Reveal),
        any::<bool>().prop_map(Typed::Modules),
    ];
    let step = prop::sample::select(TokenAction::ALL.to_vec());
    let purpose = prop::sample::select(vec![SecretUse::Show, SecretUse::Copy]);
    let token = || 0..3_usize;
    let deed = prop_oneof![
        3 => (0..3_usize, prop::bool::weighted(0.2)).prop_map(|(key, other)| Deed::Add(key, other)),
        2 => token().prop_map(Deed::Open),
        5 => (token(), typed).prop_map(|(token, typed)| Deed::Save(token, typed)),
        4 => (token(), step).prop_map(|(token, step)| Deed::Step(token, step)),
        3 => (token(), purpose).prop_map(|(token, purpose)| Deed::Look(token, purpose)),
        2 => prop::sample::select(vec![-3_600, -1, 1, 599, 601, 3_600_i64]).prop_map(Deed::Wait),
    ];
    let who = 0..2_usize;
    let first = (0..2_usize, 0..3_usize).prop_map(|(who, key)| (who, Deed::Add(key, false)));
    (first, prop::collection::vec((who, deed), 1..20)).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        rest
    })
}

/// A token as the model has it.
struct Token {
    now: TokenEdit,
    status: TokenStatus,
    secret: String,
    stored: bool,
    /// The fields that each revision changed, from the second on.
    history: Vec<Vec<TokenField>>,
}

impl Token {
    fn raise(&mut self, fields: Vec<TokenField>) {
        self.now.revision += 1;
        self.history.push(fields);
    }

    fn differing(&self, edit: &TokenEdit) -> Vec<TokenField> {
        let modules = |edit: &TokenEdit| edit.modules.iter().copied().collect::<BTreeSet<_>>();
        let differs = |field: &TokenField| match field {
            TokenField::Icon => edit.icon != self.now.icon,
            TokenField::Name => edit.name != self.now.name,
            TokenField::Description => edit.description != self.now.description,
            TokenField::Reveal => edit.reveal != self.now.reveal,
            TokenField::Modules => modules(edit) != modules(&self.now),
        };
        TokenField::ALL.into_iter().filter(differs).collect()
    }

    /// What a save must lead to; a save that goes through changes the model. Says how many lines it leaves.
    fn save(&mut self, edit: &TokenEdit) -> (Expected, i64) {
        if self.status == TokenStatus::Deleted {
            return (Expected::Refused(ErrorCode::NotFound), 0);
        }
        let looser = edit.reveal < self.now.reveal;
        let present = edit.revision == self.now.revision;
        if present && looser {
            return (Expected::Refused(ErrorCode::Invalid), 0);
        }
        let differing = self.differing(edit);
        let since = usize::try_from(edit.revision - 1).unwrap();
        let touched: Vec<_> = self.history[since..].concat();
        let conflicts: Vec<_> = differing
            .iter()
            .copied()
            .filter(|it| touched.contains(it))
            .collect();
        if !conflicts.is_empty() {
            return (Expected::Conflicts(conflicts), 0);
        }
        if differing.is_empty() {
            return (Expected::Saved { over: !present }, 0);
        }
        if looser {
            return (Expected::Refused(ErrorCode::Invalid), 0);
        }
        self.now = TokenEdit {
            revision: self.now.revision,
            ..edit.clone()
        };
        self.raise(differing);
        self.stored &= edit.reveal != RevealPolicy::Never;
        (Expected::Saved { over: !present }, 1)
    }

    fn step(&mut self, action: TokenAction, operations: bool) -> Result<(), ErrorCode> {
        if self.status == TokenStatus::Deleted && !operations {
            return Err(ErrorCode::NotFound);
        }
        self.status = action.after(self.status).ok_or(ErrorCode::Conflict)?;
        self.stored &= self.status != TokenStatus::Deleted;
        self.raise(Vec::new());
        Ok(())
    }

    fn look(&mut self, operations: bool) -> Result<String, ErrorCode> {
        if self.status == TokenStatus::Deleted && !operations {
            return Err(ErrorCode::NotFound);
        }
        if !self.stored {
            return Err(ErrorCode::Conflict);
        }
        if operations {
            return Err(ErrorCode::Forbidden);
        }
        self.stored = self.now.reveal != RevealPolicy::Once;
        Ok(self.secret.clone())
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Expected {
    Saved { over: bool },
    Conflicts(Vec<TokenField>),
    Refused(ErrorCode),
}

impl Expected {
    fn of(answer: Result<EditOutcome, ApiError>) -> Self {
        match answer {
            Ok(EditOutcome::Saved { over, .. }) => Self::Saved {
                over: over.is_some(),
            },
            Ok(EditOutcome::Outdated { conflicts, .. }) => Self::Conflicts(
                conflicts
                    .into_iter()
                    .map(|conflict| conflict.field)
                    .collect(),
            ),
            Err(error) => Self::Refused(error.code),
        }
    }
}

/// The installation beside the model of it.
struct Run {
    world: World,
    actors: [Actor; 2],
    icons: [IconId; 2],
    ids: Vec<TokenId>,
    tokens: Vec<Token>,
    /// Which token each form made, what it said, and when it was sent.
    sent: HashMap<(usize, usize), (usize, NewToken, i64)>,
    /// The forms that lie open.
    open: HashMap<(usize, usize), TokenEdit>,
    lines: i64,
}

impl Run {
    async fn new() -> Self {
        let world = World::with(RevealPolicy::Always, 0).await;
        world.provision(crate::world::SAMPLE).await.unwrap();
        Self {
            actors: [world.user("Tony").await, world.user("Olga").await],
            icons: [world.icon('a').await, world.icon('b').await],
            lines: crate::edit::records(&world).await,
            world,
            ids: Vec::new(),
            tokens: Vec::new(),
            sent: HashMap::new(),
            open: HashMap::new(),
        }
    }

    async fn details(&self, token: usize) -> TokenDetails {
        let olga = &self.actors[1];
        self.world
            .service
            .get_token(olga, self.ids[token])
            .await
            .unwrap()
    }

    async fn does(&mut self, who: usize, deed: &Deed) {
        match deed {
            Deed::Add(key, other) => self.add(who, *key, *other).await,
            Deed::Wait(seconds) => self.world.clock.advance(*seconds),
            Deed::Open(token) => {
                let token = token % self.ids.len();
                let form = form(&self.details(token).await);
                self.open.insert((who, token), form);
            }
            Deed::Save(token, typed) => self.save(who, token % self.ids.len(), typed).await,
            Deed::Step(token, action) => {
                let token = token % self.ids.len();
                let expected = self.tokens[token].step(*action, who == 1);
                let service = &self.world.service;
                let answer = service
                    .change_token_status(&self.actors[who], self.ids[token], *action, None)
                    .await;
                assert_eq!(answer.map_err(|error| error.code), expected);
                self.lines += i64::from(expected.is_ok());
            }
            Deed::Look(token, purpose) => {
                let token = token % self.ids.len();
                let expected = self.tokens[token].look(who == 1);
                let service = &self.world.service;
                let answer = service
                    .reveal_secret(&self.actors[who], self.ids[token], *purpose)
                    .await;
                let answer = answer.map(|secret| secret.expose().to_owned());
                assert_eq!(answer.map_err(|error| error.code), expected);
                let recorded = matches!(expected, Ok(_) | Err(ErrorCode::Forbidden));
                self.lines += i64::from(recorded);
            }
        }
    }

    async fn add(&mut self, who: usize, key: usize, other: bool) {
        let policy = RevealPolicy::ALL[key];
        let new = NewToken {
            reveal: policy,
            name: if other { "Robot 8" } else { "Robot 7" }.into(),
            ..new_token(&format!("0123456789abcdef{key}"))
        };
        let now = self.world.clock.now().0;
        let answer = self
            .world
            .service
            .create_token(&self.actors[who], &new)
            .await;
        let answer = answer.map_err(|error| error.code);
        if let Some((token, said, at)) = self.sent.get(&(who, key)) {
            let model = &self.tokens[*token];
            if model.status == TokenStatus::Deleted || *said != new {
                assert_eq!(answer.err(), Some(ErrorCode::KeyReused));
                return;
            }
            let answer = answer.unwrap();
            assert_eq!(answer.token.id, self.ids[*token]);
            let age = (now - at) / 1_000_000;
            let again = model.stored && (0..=SECRET_AGAIN).contains(&age);
            let secret = answer.secret.map(|secret| secret.expose().to_owned());
            assert_eq!(secret, again.then(|| model.secret.clone()));
            self.lines += i64::from(again);
            return;
        }
        let added = answer.unwrap();
        self.sent.insert((who, key), (self.ids.len(), new, now));
        self.ids.push(added.token.id);
        self.tokens.push(Token {
            now: form(&added.token),
            status: TokenStatus::Active,
            secret: added.secret.unwrap().expose().to_owned(),
            stored: policy != RevealPolicy::Never,
            history: Vec::new(),
        });
        self.lines += 1;
    }

    async fn save(&mut self, who: usize, token: usize, typed: &Typed) {
        let mut edit = match self.open.get(&(who, token)) {
            Some(open) => open.clone(),
            None => form(&self.details(token).await),
        };
        match typed {
            Typed::Nothing => {}
            Typed::Name(name) => edit.name = format!("Robot {name}"),
            Typed::Description(text) => edit.description = format!("text {text}"),
            Typed::Icon(icon) => edit.icon = icon.map(|icon| self.icons[icon].clone()),
            Typed::Reveal(policy) => edit.reveal = *policy,
            Typed::Modules(both) => {
                let numbers: &[&str] = if *both {
                    &["MOD-0001", "MOD-0003"]
                } else {
                    &["MOD-0003"]
                };
                edit.modules = numbers.iter().map(|id| id.parse().unwrap()).collect();
            }
        }
        let (expected, lines) = self.tokens[token].save(&edit);
        let service = &self.world.service;
        let answer = service
            .edit_token(&self.actors[who], self.ids[token], &edit)
            .await;
        assert_eq!(Expected::of(answer), expected);
        self.lines += lines;
    }

    /// Whether every token, the trail and what is stored are as the model says.
    async fn agrees(&self) {
        for (number, model) in self.tokens.iter().enumerate() {
            let token = self.details(number).await;
            let now = form(&token);
            assert_eq!(model.differing(&now), []);
            assert_eq!(
                (now.revision, token.status),
                (model.now.revision, model.status)
            );
            let tonys = self
                .world
                .service
                .get_token(&self.actors[0], token.id)
                .await;
            assert_eq!(tonys.is_ok(), model.status != TokenStatus::Deleted);
        }
        assert_eq!(crate::edit::records(&self.world).await, self.lines);
        let stored: i64 = self
            .world
            .ask("SELECT COUNT(*) FROM token_secret WHERE token_id NOT IN ('TKN-0000-0001', 'TKN-0000-0009')")
            .await;
        let expected = self.tokens.iter().filter(|token| token.stored).count();
        assert_eq!(usize::try_from(stored).unwrap(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_life_of_tokens_is_what_the_model_says(deeds in deeds()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut run = Run::new().await;
            for (who, deed) in &deeds {
                run.does(*who, deed).await;
                run.agrees().await;
            }
            run.world.service.verify_chain().await.unwrap();
        });
    }
}
