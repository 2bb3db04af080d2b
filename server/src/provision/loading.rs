//! Making the tokens of a file, of which there may be a million, a few hundred at a time: one thread reads and checks what
//! comes next, one works out what is stored of it, and the database writes what went before. All of it in the order of the
//! file, in one transaction.

use super::{Place, ProvisionError, Run, known::Known, reading::TokenList, tokens::Checked};
use crate::{
    repo::{self, Filling, Statements},
    secret::token::TokenSecret,
    service::{Doer, MadeTokens, ServiceError, Tail, TokenMaker, system},
};
use app::domain::{id::AuditId, module::Module, token::TokenId};
use secrecy::SecretString;
use std::{
    collections::{HashMap, HashSet},
    mem,
    ops::ControlFlow,
};
use tokio::{sync::mpsc, task::spawn_blocking};

/// Tokens that are written together.
const TOGETHER: usize = 500;
/// How many times as many may wait before each step.
const AHEAD: usize = 2;

type Batch = Result<Vec<Checked>, ProvisionError>;

impl Run<'_> {
    /// Makes the tokens that are missing. Secrets are made for those that have none.
    pub(super) async fn tokens(&mut self, list: TokenList) -> Result<(), ProvisionError> {
        if list.len() == 0 {
            return Ok(());
        }
        let maker = self.service.token_maker();
        let known = Known::read(self.tx, self.accounts.keys().copied(), maker.clone()).await?;
        let filling = Filling::begin(self.tx, &repo::token_writes::FILLED, list.len()).await?;
        let (head, _) = repo::audit::find_head(self.service.db.read()).await?;
        self.lines = repo::audit::list_ids_after(self.tx, head).await?;
        let (send, batches) = mpsc::channel(AHEAD);
        let reading = spawn_blocking(move || read(&list, &known, &send));
        let (ready, made) = mpsc::channel(AHEAD);
        let writing = write_all(self.tx, made);
        tokio::try_join!(self.make_all(batches, maker, ready), writing)?;
        reading.await.map_err(ServiceError::from)??;
        Ok(filling.end(self.tx).await?)
    }

    /// Compares and makes each batch, for the database to write behind it.
    async fn make_all(
        &mut self,
        mut batches: mpsc::Receiver<Batch>,
        maker: TokenMaker,
        ready: mpsc::Sender<MadeTokens>,
    ) -> Result<(), ProvisionError> {
        let mut tail = self.service.tail(self.tx).await?;
        while let Some(batch) = batches.recv().await {
            let made = self.make(batch?, &maker, tail).await?;
            tail = made.tail;
            self.report.tokens += made.tokens.len();
            self.report.made_secrets.extend(made.secrets);
            if ready.send(made.tokens).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Makes those of a batch that are missing.
    async fn make(
        &mut self,
        batch: Vec<Checked>,
        maker: &TokenMaker,
        tail: Tail,
    ) -> Result<Made, ProvisionError> {
        let new = self.missing(batch).await?;
        let conn = self.service.db.read();
        let lines = self.service.free_audit_ids(conn, new.len(), &self.lines);
        let lines = lines.await?;
        self.lines.extend(&lines);
        let (maker, statements) = (maker.clone(), self.tx.statements());
        let made = spawn_blocking(move || make(&maker, statements, &new, &lines, tail));
        Ok(made.await.map_err(ServiceError::from)??)
    }

    /// Those of a batch that are missing. The others are compared with what exists. That is read beside the transaction,
    /// which is busy: while it lasts, nobody else can change it.
    async fn missing(&mut self, batch: Vec<Checked>) -> Result<Vec<Checked>, ProvisionError> {
        let conn = self.service.db.read();
        let ids: Vec<_> = batch.iter().map(|token| token.id).collect();
        let here = repo::tokens::list_by_id(conn, &ids).await?;
        let here: HashMap<_, _> = here.into_iter().map(|row| (row.id, row)).collect();
        let ids: Vec<_> = here.keys().copied().collect();
        let held = repo::modules::list_whole_of_tokens(conn, &ids).await?;
        let lookups: Vec<_> = batch.iter().flat_map(Checked::lookups).copied().collect();
        let taken = repo::tokens::list_taken_lookups(conn, &lookups).await?;
        let mut new = Vec::with_capacity(batch.len());
        for mut token in batch {
            self.report.differences.append(&mut token.withheld);
            if let Some(here) = here.get(&token.id) {
                let held = held.get(&token.id).map(Vec::as_slice).unwrap_or_default();
                token.compare(&mut self.report, here, held, &taken);
            } else if token.is_taken(&taken) {
                return Err(token.place.wrong("secret", TAKEN));
            } else {
                token.check_new()?;
                new.push(token);
            }
        }
        Ok(new)
    }
}

const TAKEN: &str = "Another token has this secret already. Every token needs its own.";

async fn write_all(
    tx: &repo::WriteTx,
    mut made: mpsc::Receiver<MadeTokens>,
) -> Result<(), ProvisionError> {
    while let Some(tokens) = made.recv().await {
        tokens.write(tx).await?;
    }
    Ok(())
}

/// Reads and checks all tokens, and sends them in batches; at last the error, when one is wrong.
fn read(
    list: &TokenList,
    known: &Known,
    batches: &mpsc::Sender<Batch>,
) -> Result<(), ProvisionError> {
    let mut seen = Seen::default();
    let mut batch = Vec::with_capacity(TOGETHER);
    let mut index = 0;
    list.for_each(|entry| {
        let checked = known.check(Place::entry("tokens", index), &entry);
        index += 1;
        let wrong = match checked.and_then(|token| seen.once(token)) {
            Ok(token) => {
                batch.push(token);
                None
            }
            Err(error) => Some(error),
        };
        if wrong.is_none() && batch.len() < TOGETHER {
            return ControlFlow::Continue(());
        }
        let full = mem::replace(&mut batch, Vec::with_capacity(TOGETHER));
        send(batches, full, wrong)
    })?;
    let _ = send(batches, batch, None);
    Ok(())
}

/// Sends a batch, and what is wrong with the token behind it. It is the last one after that, or when nobody takes it because
/// an error has ended all.
fn send(
    batches: &mpsc::Sender<Batch>,
    batch: Vec<Checked>,
    wrong: Option<ProvisionError>,
) -> ControlFlow<()> {
    let is_last = wrong.is_some();
    let tokens = (!batch.is_empty()).then_some(Ok(batch));
    let mut parts = tokens.into_iter().chain(wrong.map(Err));
    if parts.any(|part| batches.blocking_send(part).is_err()) || is_last {
        return ControlFlow::Break(());
    }
    ControlFlow::Continue(())
}

/// Ids and secrets that the file had already.
#[derive(Default)]
struct Seen {
    ids: HashSet<TokenId>,
    /// The first half of what secrets are found by: nobody finds two secrets that have it in common.
    secrets: HashSet<u128>,
}

impl Seen {
    /// The token, unless its id or secret was there before.
    fn once(&mut self, token: Checked) -> Result<Checked, ProvisionError> {
        if !self.ids.insert(token.id) {
            let id = token.id;
            let message = format!("{id} stands in this file before. Write every token once.");
            return Err(token.place.wrong("id", message));
        }
        let lookup = token
            .lookups()
            .first()
            .and_then(|lookup| lookup.first_chunk());
        if lookup.is_some_and(|half| !self.secrets.insert(u128::from_be_bytes(*half))) {
            return Err(token.place.wrong("secret", TAKEN));
        }
        Ok(token)
    }
}

/// Tokens to be written, the end of the trail after them, and the secrets that were made for them.
struct Made {
    tokens: MadeTokens,
    tail: Tail,
    secrets: Vec<(TokenId, SecretString)>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a secret that was made is printed once, to whoever runs the command"
)]
fn make(
    maker: &TokenMaker,
    statements: Statements,
    new: &[Checked],
    lines: &[AuditId],
    mut tail: Tail,
) -> Result<Made, ServiceError> {
    let mut made_secrets = Vec::new();
    let mut parts: Vec<(Vec<&Module>, TokenSecret)> = Vec::with_capacity(new.len());
    for token in new {
        let secret = if let Some((secret, _)) = &token.secret {
            secret.clone()
        } else {
            let secret = maker.new_secret()?;
            made_secrets.push((token.id, SecretString::from(secret.expose().to_owned())));
            secret
        };
        parts.push((
            token.modules.iter().map(|module| &**module).collect(),
            secret,
        ));
    }
    let create = new.iter().zip(&parts).zip(lines);
    let create = create
        .map(|((token, (modules, secret)), line)| token.to_create(modules, secret, *line, maker));
    let actor = system();
    let tokens = maker.make(
        statements,
        &Doer::actor(&actor),
        create.collect(),
        &mut tail,
    )?;
    Ok(Made {
        tokens,
        tail,
        secrets: made_secrets,
    })
}
