//! The audit trail: each change becomes a line in the same transaction, chained to the line before (L-1, L-2).
//!
//! A line holds only what its [`Entry`] names, so that a secret cannot slip in (L-6).

use super::{
    ConsoleService, ServiceError, authz,
    draw::{draw, draw_many},
    follow,
};
use crate::{
    repo::{self, Conn, WriteTx, audit::AuditRow, filter::SYSTEM_NAME},
    secret::keyring::AuditMac,
};
use app::{
    domain::{
        account::AccountId,
        audit::{Change, Event},
        id::AuditId,
        time::Timestamp,
        user::CurrentUser,
    },
    port::{Actor, Origin, Who},
};
use std::collections::HashSet;

/// The versions of [`canonical`]: lines of Latchkey's own, and those in which a program says more. A change gets a new
/// number, and old lines keep theirs.
const CANONICAL_OWN: u8 = 1;
const CANONICAL_SAID: u8 = 2;

/// Who is recorded, by what means, from where.
pub(crate) struct Doer<'a> {
    kind: &'static str,
    id: String,
    name: &'a str,
    account: Option<AccountId>,
    session: Option<&'a str>,
    method: Option<&'static str>,
    origin: &'a Origin,
}

impl<'a> Doer<'a> {
    /// Somebody who acts by his sign-in, a program by its token, or Latchkey itself.
    pub(crate) fn actor(actor: &'a Actor) -> Self {
        let (kind, name, account, method) = match &actor.who {
            Who::User(user) => ("user", &*user.name, Some(user.account.id), Some("session")),
            Who::Token(token) => ("token", &*token.name, Some(token.account.id), Some("token")),
            Who::System => ("system", SYSTEM_NAME, None, None),
        };
        Self {
            kind,
            id: authz::actor_id(actor),
            name,
            account,
            session: actor.sign_in.as_deref(),
            method,
            origin: &actor.origin,
        }
    }

    /// Somebody who proved himself just now, by password or set-up code.
    pub(crate) fn proven(
        user: &'a CurrentUser,
        session: Option<&'a str>,
        method: &'static str,
        origin: &'a Origin,
    ) -> Self {
        Self {
            kind: "user",
            id: user.id.to_string(),
            name: &user.name,
            account: Some(user.account.id),
            session,
            method: Some(method),
            origin,
        }
    }

    /// Somebody unknown.
    pub(crate) fn anonymous(method: &'static str, origin: &'a Origin) -> Self {
        Self {
            kind: "anonymous",
            id: String::new(),
            name: "",
            account: None,
            session: None,
            method: Some(method),
            origin,
        }
    }
}

/// What something was done to.
pub(crate) struct Object<'a> {
    /// Its type, as in `Token`.
    pub kind: &'static str,
    /// Its id; empty when it has none that may be written down.
    pub id: String,
    /// Its name at the time.
    pub name: &'a str,
    /// Its revision after the change; `None` when the change raised none, so that edits do not collide with it.
    pub revision: Option<i64>,
}

/// What is to be recorded.
pub(crate) struct Entry<'a> {
    /// What happened.
    pub event: Event,
    /// To what.
    pub object: Object<'a>,
    /// The account that sees this line.
    pub account: Option<AccountId>,
    /// Why it was refused; `None` when it was done.
    pub refused: Option<&'static str>,
    /// The line for people.
    pub summary: String,
    /// Fields before and after.
    pub changes: Vec<Change>,
}

impl Doer<'_> {
    /// A line that says who, when and from where, and nothing yet of what. Its number is the trail's to give.
    pub(super) fn line(&self, id: AuditId, at: Timestamp) -> AuditRow {
        AuditRow {
            seq: 0,
            id: id.to_string(),
            at,
            event: String::new(),
            actor_kind: self.kind.to_owned(),
            actor_id: self.id.clone(),
            actor_name: self.name.to_owned(),
            actor_account: self.account.map(|account| account.to_string()),
            session: self.session.map(str::to_owned),
            auth_method: self.method.map(str::to_owned),
            ip: self.origin.ip.map(|ip| ip.to_string()),
            peer_ip: self.origin.peer_ip.map(|ip| ip.to_string()),
            user_agent: self.origin.user_agent.clone(),
            request_id: self.origin.request_id.clone(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            object_type: String::new(),
            object_id: String::new(),
            object_name: String::new(),
            object_revision: None,
            account_id: None,
            outcome: "done".to_owned(),
            reason: None,
            summary: String::new(),
            changes: "[]".to_owned(),
            key_kid: String::new(),
            details: None,
            documents: None,
            visibility: None,
            viewers: None,
        }
    }
}

impl Entry<'_> {
    /// The line that says so.
    pub(super) fn line(
        self,
        id: AuditId,
        at: Timestamp,
        doer: &Doer<'_>,
    ) -> Result<AuditRow, ServiceError> {
        let refused = self.refused.map(str::to_owned);
        Ok(AuditRow {
            event: self.event.key().to_owned(),
            object_type: self.object.kind.to_owned(),
            object_id: self.object.id,
            object_name: self.object.name.to_owned(),
            object_revision: self.object.revision,
            account_id: self.account.map(|account| account.to_string()),
            outcome: if refused.is_some() { "refused" } else { "done" }.to_owned(),
            reason: refused,
            summary: self.summary,
            changes: serde_json::to_string(&self.changes)?,
            ..doer.line(id, at)
        })
    }
}

/// The end of the trail, which nobody else moves until the transaction ends.
pub(crate) struct Tail {
    seq: i64,
    hash: [u8; 32],
    mac: AuditMac,
}

impl Tail {
    /// Gives a line its number and hash. The next one follows on it, so it has to be written.
    pub(super) fn add(&mut self, row: AuditRow) -> (AuditRow, [u8; 32]) {
        self.seq += 1;
        let row = AuditRow {
            seq: self.seq,
            key_kid: self.mac.kid().to_owned(),
            ..row
        };
        self.hash = self.mac.chain(&self.hash, &canonical(&row));
        (row, self.hash)
    }
}

impl ConsoleService {
    /// Records `entry` in the transaction of the change, so that there is both or neither (L-1).
    pub(crate) async fn record(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        entry: Entry<'_>,
    ) -> Result<(), ServiceError> {
        let id = self.free_audit_id(tx).await?;
        if entry.refused.is_none() {
            follow::note(tx, entry.event, &entry.object.id, &entry.changes);
        }
        let row = entry.line(id, self.env.clock.now(), doer)?;
        self.append(tx, row).await?;
        Ok(())
    }

    /// Puts a line at the end of the trail, with its number and hash, and says the number.
    pub(super) async fn append(&self, tx: &WriteTx, row: AuditRow) -> Result<i64, ServiceError> {
        let mut tail = self.tail(tx).await?;
        let mut statements = tx.statements();
        repo::audit::insert_records(&mut statements, vec![tail.add(row)]);
        statements.run(tx).await?;
        Ok(tail.seq)
    }

    /// The end of the trail. Until the transaction ends nobody else can append (L-2).
    pub(crate) async fn tail(&self, tx: &WriteTx) -> Result<Tail, ServiceError> {
        let (seq, hash) = repo::audit::take_head(tx).await?;
        let mac = self.keyring().audit_mac();
        Ok(Tail { seq, hash, mac })
    }

    pub(super) async fn free_audit_id(&self, tx: &WriteTx) -> Result<AuditId, ServiceError> {
        let is_taken = |id: AuditId| async move { repo::audit::has_record(tx, id).await };
        draw(
            &*self.env.random,
            AuditId::SPACE,
            AuditId::from_number,
            is_taken,
        )
        .await
    }

    /// So many ids that no line has, neither one that is written nor one of these.
    pub(crate) async fn free_audit_ids(
        &self,
        conn: &impl Conn,
        count: usize,
        others: &HashSet<AuditId>,
    ) -> Result<Vec<AuditId>, ServiceError> {
        let taken = |ids: Vec<AuditId>| async move {
            let mut taken = repo::audit::list_existing(conn, &ids).await?;
            taken.extend(ids.iter().filter(|id| others.contains(id)));
            Ok(taken)
        };
        draw_many(
            &*self.env.random,
            AuditId::SPACE,
            AuditId::from_number,
            count,
            taken,
        )
        .await
    }
}

/// The bytes of a line that its hash covers: a version, then every field in a fixed order, each with its length
/// before it, so that no two lines have the same bytes (L-2).
pub(super) fn canonical(row: &AuditRow) -> Vec<u8> {
    let number = |number: i64| Some(number.to_be_bytes().to_vec());
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let maybe = |text: &Option<String>| text.as_ref().map(|text| text.as_bytes().to_vec());
    let fields = [
        number(row.seq),
        text(&row.id),
        number(row.at.0),
        text(&row.event),
        text(&row.actor_kind),
        text(&row.actor_id),
        text(&row.actor_name),
        maybe(&row.actor_account),
        maybe(&row.session),
        maybe(&row.auth_method),
        maybe(&row.ip),
        maybe(&row.peer_ip),
        maybe(&row.user_agent),
        text(&row.request_id),
        text(&row.app_version),
        text(&row.object_type),
        text(&row.object_id),
        text(&row.object_name),
        row.object_revision.and_then(number),
        maybe(&row.account_id),
        text(&row.outcome),
        maybe(&row.reason),
        text(&row.summary),
        text(&row.changes),
        text(&row.key_kid),
    ];
    let said = [&row.details, &row.documents, &row.visibility, &row.viewers];
    let more = said.iter().any(|field| field.is_some());
    let mut bytes = vec![if more { CANONICAL_SAID } else { CANONICAL_OWN }];
    let said = said.into_iter().filter(|_| more).map(maybe);
    for field in fields.into_iter().chain(said) {
        // Nothing at all differs from an empty text.
        bytes.push(u8::from(field.is_some()));
        let field = field.unwrap_or_default();
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(field);
    }
    bytes
}
