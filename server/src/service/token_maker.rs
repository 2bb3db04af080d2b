//! What is stored of new tokens, one or many, and their lines in the audit trail, worked out without the database: so a
//! thousand can be made while it writes the thousand before them.

use super::{
    ConsoleService, Doer, ServiceError,
    audit::{Entry, Object, Tail},
    create::{listed, made},
    follow,
};
use crate::{
    env::Env,
    repo::{self, Statements, WriteTx, token_writes::NewTokenRow},
    secret::{
        keyring::Keyring,
        seal::{Place, Sealed, seal},
        token::{MalformedToken, TokenSecret},
    },
};
use app::domain::{
    account::AccountId,
    audit::Event,
    icon::IconId,
    id::AuditId,
    module::Module,
    secret::RevealPolicy,
    time::Timestamp,
    token::{TokenId, TokenStatus},
    user::PersonRef,
};
use std::sync::Arc;

/// The table that a token's secret is sealed for (T-21).
pub(super) const SECRET_TABLE: &str = "token_secret";

/// A token to make. The fields are valid already.
pub(crate) struct CreateToken<'a> {
    pub id: TokenId,
    pub account: AccountId,
    pub name: &'a str,
    pub description: &'a str,
    pub status: TokenStatus,
    pub modules: &'a [&'a Module],
    pub secret: &'a TokenSecret,
    pub created_by: PersonRef,
    pub created_at: Timestamp,
    pub last_access_at: Option<Timestamp>,
    pub icon: Option<&'a IconId>,
    pub reveal: RevealPolicy,
    /// The id of its line in the trail.
    pub line: AuditId,
}

/// Tokens that are ready to be written, with their lines in the trail.
pub(crate) struct MadeTokens {
    statements: Statements,
    ids: Vec<TokenId>,
}

impl MadeTokens {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Writes them.
    pub(crate) async fn write(self, tx: &WriteTx) -> Result<(), ServiceError> {
        for id in self.ids {
            follow::note(tx, Event::TokenCreated, &id.to_string(), &[]);
        }
        Ok(self.statements.run(tx).await?)
    }
}

/// What tokens are made with: the keys, randomness and time, and this installation's names.
#[derive(Clone)]
pub(crate) struct TokenMaker {
    keyring: Arc<Keyring>,
    env: Env,
    instance_id: String,
    prefix: String,
    reveal: RevealPolicy,
}

impl TokenMaker {
    /// What a token's secret begins with, without the `_`.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The loosest policy that this installation allows a token (T-29).
    pub(crate) fn loosest_reveal(&self) -> RevealPolicy {
        self.reveal
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.env.clock.now()
    }

    /// A secret that nobody has.
    pub(crate) fn new_secret(&self) -> Result<TokenSecret, ServiceError> {
        Ok(TokenSecret::generate(&self.prefix, &*self.env.random)?)
    }

    /// The secret that a text is.
    pub(crate) fn parse_secret(&self, text: &str) -> Result<TokenSecret, MalformedToken> {
        TokenSecret::parse(&self.prefix, text)
    }

    /// What a secret may be found by, under each key.
    pub(crate) fn lookup_values(&self, secret: &TokenSecret) -> Vec<[u8; 32]> {
        self.keyring.lookup_values(secret).collect()
    }

    /// Makes tokens, and their lines at the end of the trail. Their secrets are sealed: nothing readable is stored (T-10,
    /// T-20), and nothing at all when nobody is ever to see it (T-29).
    pub(crate) fn make(
        &self,
        mut statements: Statements,
        doer: &Doer<'_>,
        tokens: Vec<CreateToken<'_>>,
        tail: &mut Tail,
    ) -> Result<MadeTokens, ServiceError> {
        let mut rows = Vec::with_capacity(tokens.len());
        let mut records = Vec::with_capacity(tokens.len());
        let ids = tokens.iter().map(|token| token.id).collect();
        for new in tokens {
            let line = created(&new).line(new.line, self.env.clock.now(), doer)?;
            records.push(tail.add(line));
            rows.push(self.row(new)?);
        }
        repo::token_writes::insert_tokens(&mut statements, rows);
        repo::audit::insert_records(&mut statements, records);
        Ok(MadeTokens { statements, ids })
    }

    fn row<'a>(&self, new: CreateToken<'a>) -> Result<NewTokenRow<'a>, ServiceError> {
        let key = self.keyring.active();
        let secret = match new.reveal {
            RevealPolicy::Never => None,
            _ => Some(self.sealed(new.id, new.secret)?),
        };
        Ok(NewTokenRow {
            id: new.id,
            account: new.account,
            name: new.name,
            description: new.description,
            status: new.status,
            hint: new.secret.hint(),
            lookup: key.lookup_value(new.secret),
            pepper_kid: key.kid().to_owned(),
            secret,
            modules: new.modules.iter().map(|module| module.id).collect(),
            created_at: new.created_at,
            created_by: new.created_by,
            last_access_at: new.last_access_at,
            icon: new.icon,
            reveal: new.reveal,
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the secret is read to be sealed")]
    fn sealed(&self, id: TokenId, secret: &TokenSecret) -> Result<Sealed, ServiceError> {
        let place = Place {
            instance: &self.instance_id,
            table: SECRET_TABLE,
            row: &id.to_string(),
        };
        let value = secret.expose().as_bytes();
        Ok(seal(&self.keyring, place, value, &*self.env.random)?)
    }
}

impl ConsoleService {
    /// What tokens are made with.
    pub(crate) fn token_maker(&self) -> TokenMaker {
        TokenMaker {
            keyring: self.keyring(),
            env: self.env.clone(),
            instance_id: self.instance_id.clone(),
            prefix: self.settings.token_prefix.clone(),
            reveal: self.settings.reveal,
        }
    }

    /// Makes one token.
    pub(crate) async fn create_token(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        new: CreateToken<'_>,
    ) -> Result<(), ServiceError> {
        let mut tail = self.tail(tx).await?;
        let maker = self.token_maker();
        let made = maker.make(tx.statements(), doer, vec![new], &mut tail)?;
        made.write(tx).await
    }
}

fn created<'a>(new: &CreateToken<'a>) -> Entry<'a> {
    let mut changes = vec![
        made("name", new.name),
        made("description", new.description),
        made("modules", &listed(new.modules.iter().copied())),
        made("status", new.status.as_str()),
        made("reveal", new.reveal.as_str()),
    ];
    changes.extend(new.icon.map(|icon| made("icon", &icon.to_string())));
    Entry {
        event: Event::TokenCreated,
        object: Object {
            kind: "Token",
            id: new.id.to_string(),
            name: new.name,
            revision: Some(1),
        },
        account: Some(new.account),
        refused: None,
        summary: format!("API token \"{}\" created", new.name),
        changes,
    }
}
