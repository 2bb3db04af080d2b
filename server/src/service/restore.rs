//! What a database must not revive when it is put back: tokens, people, secrets and sign-ins that were ended since.
//!
//! What is proven by a newer database is done again. Of what nothing proves, nothing is believed: those tokens start
//! Disabled, unless whoever restores says that he knows better.

mod replay;

pub use replay::Replay;

use super::{
    ConsoleService, Doer, ServiceError,
    administration::Subject,
    audit::{Entry, Object},
    many_tokens::changed,
    system,
};
use crate::repo::{
    self, Standings, WriteTx, restoring::PersonStanding, token_writes::StatusChange,
    tokens::TokenRow,
};
use app::domain::{
    audit::Event,
    token::{TokenId, TokenStatus},
    user::UserStatus,
};
use replay::replay_of;

/// Tokens whose rows are read in one question.
const TOGETHER: usize = 500;

/// What is known of the time since the backup.
#[derive(Debug)]
pub enum Proof {
    /// How all stood at the end of a trail that goes on where the backup's ends.
    Newer(Standings),
    /// Nothing.
    Nothing {
        /// Whoever restores says that no token was revoked since.
        trusted: bool,
    },
}

/// What was done again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Tokens that are not what the backup says.
    pub tokens: Vec<(TokenId, Replay)>,
    /// Secrets that are not stored any more.
    pub secrets: u64,
    /// E-mail addresses of people who were disabled again.
    pub disabled_people: Vec<String>,
    /// Of those who have the password that they had last, and not that of the backup.
    pub passwords: Vec<String>,
    /// Sign-ins that were ended: all there were.
    pub sign_ins: u64,
}

impl ConsoleService {
    /// Ends in this database what was ended since, and records it and the restore itself. `summary` says from what.
    ///
    /// # Errors
    /// The store failed; nothing was changed.
    pub async fn replay(&self, proof: &Proof, summary: String) -> Result<Replayed, ServiceError> {
        let tx = self.db.begin_write().await?;
        let old = repo::restoring::list_standings(&tx).await?;
        self.record_restored(&tx, summary).await?;
        repo::restoring::delete_invitations(&tx).await?;
        // It would go on from where the backup was made, whatever was decided since.
        self.stop_all_bulk(&tx, "The database was restored from a backup.")
            .await?;
        let mut done = Replayed {
            sign_ins: repo::restoring::delete_sessions(&tx).await?,
            ..Replayed::default()
        };
        let mut tokens: Vec<_> = old.tokens.iter().collect();
        tokens.sort_unstable_by_key(|(id, _)| id.number());
        let mut changed = Vec::new();
        for (id, standing) in tokens {
            let newer = match proof {
                Proof::Newer(newer) => newer.tokens.get(id),
                Proof::Nothing { trusted: true } => Some(standing),
                Proof::Nothing { trusted: false } => None,
            };
            if let Some(replay) = replay_of(standing, newer) {
                changed.push((*id, replay));
            }
            if standing.stored && newer.is_some_and(|newer| !newer.stored) {
                done.secrets += u64::from(repo::secrets::delete_secret(&tx, *id).await?);
            }
        }
        for some in changed.chunks(TOGETHER) {
            self.end_tokens(&tx, some).await?;
        }
        done.tokens = changed;
        if let Proof::Newer(newer) = proof {
            self.replay_people(&tx, &old, newer, &mut done).await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    async fn end_tokens(
        &self,
        tx: &WriteTx,
        tokens: &[(TokenId, Replay)],
    ) -> Result<(), ServiceError> {
        let ids: Vec<_> = tokens.iter().map(|(id, _)| *id).collect();
        let rows = repo::tokens::list_by_id(tx, &ids).await?;
        for (id, replay) in tokens {
            let Some(row) = rows.iter().find(|row| row.id == *id) else {
                continue;
            };
            let change = StatusChange {
                from: row.status,
                to: replay.status(),
                at: self.env.clock.now(),
                by: super::authz::actor_id(&system()),
            };
            if row.status != change.to {
                let to = change.to;
                repo::token_writes::update_status(tx, row.id, row.revision, change).await?;
                self.record(tx, &Doer::actor(&system()), ended(row, *replay, to))
                    .await?;
            }
            if *replay == Replay::Deleted {
                repo::secrets::delete_secret(tx, row.id).await?;
            }
        }
        Ok(())
    }

    async fn replay_people(
        &self,
        tx: &WriteTx,
        old: &Standings,
        newer: &Standings,
        done: &mut Replayed,
    ) -> Result<(), ServiceError> {
        let mut people: Vec<_> = old.people.iter().collect();
        people.sort_unstable_by_key(|(id, _)| *id);
        for (id, was) in people {
            let (Some(now), Ok(user)) = (newer.people.get(id), id.parse()) else {
                continue;
            };
            if now.status == UserStatus::Disabled && was.status == UserStatus::Active {
                repo::users::update_status(tx, user, UserStatus::Disabled).await?;
                let summary = "disabled again: so it was after the backup that was restored";
                self.record_person(tx, Event::UserDisabled, id, was, summary)
                    .await?;
                done.disabled_people.push(was.email.clone());
            }
            if let Some(hash) = now
                .password_hash
                .as_ref()
                .filter(|_| now.password_hash != was.password_hash)
            {
                repo::users::update_password(tx, user, hash).await?;
                let summary =
                    "given the password again that was set after the backup that was restored";
                self.record_person(tx, Event::UserPasswordChanged, id, was, summary)
                    .await?;
                done.passwords.push(was.email.clone());
            }
        }
        Ok(())
    }

    async fn record_person(
        &self,
        tx: &WriteTx,
        event: Event,
        id: &str,
        person: &PersonStanding,
        summary: &str,
    ) -> Result<(), ServiceError> {
        let subject = Subject {
            kind: "User",
            id: id.to_owned(),
            name: &person.email,
            revision: None,
            account: None,
        };
        let done = (format!("User {} {summary}", person.email), Vec::new());
        self.record_change(tx, &Doer::actor(&system()), event, subject, done)
            .await
    }

    async fn record_restored(&self, tx: &WriteTx, summary: String) -> Result<(), ServiceError> {
        let subject = Subject {
            kind: "Database",
            id: String::new(),
            name: "",
            revision: None,
            account: None,
        };
        let (event, done) = (Event::DatabaseRestored, (summary, Vec::new()));
        self.record_change(tx, &Doer::actor(&system()), event, subject, done)
            .await
    }
}

fn ended(row: &TokenRow, replay: Replay, to: TokenStatus) -> Entry<'_> {
    let event = match to {
        TokenStatus::Deleted => Event::TokenDeleted,
        _ => Event::TokenDisabled,
    };
    let word = to.as_str().to_lowercase();
    Entry {
        event,
        object: Object {
            kind: "Token",
            id: row.id.to_string(),
            name: &row.name,
            revision: Some(row.revision + 1),
        },
        account: Some(row.account.id),
        refused: None,
        summary: format!(
            "API token \"{}\" {word} by a restore: {}",
            row.name,
            replay.reason()
        ),
        changes: vec![changed("status", row.status.as_str(), to.as_str())],
    }
}
