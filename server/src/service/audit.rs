//! The audit trail: each change becomes a line in the same transaction, chained to the line before (L-1, L-2).
//!
//! A line holds only what its [`Entry`] names, so that a secret cannot slip in (L-6).

use super::{ConsoleService, ServiceError, draw::draw};
use crate::repo::{self, WriteTx, audit::AuditRow, filter::SYSTEM_NAME};
use app::{
    domain::{
        account::AccountId,
        audit::{Change, Event},
        id::AuditId,
        user::CurrentUser,
    },
    port::{Actor, Origin, Who},
};

/// The version of [`canonical`]; a change to it gets a new number, and old lines keep theirs.
const CANONICAL_VERSION: u8 = 1;

/// Who is recorded, by what means, from where.
pub(crate) struct Doer<'a> {
    kind: &'static str,
    user: Option<&'a CurrentUser>,
    session: Option<&'a str>,
    method: Option<&'static str>,
    origin: &'a Origin,
}

impl<'a> Doer<'a> {
    /// Somebody who acts by his sign-in, or Latchkey itself.
    pub(crate) fn actor(actor: &'a Actor) -> Self {
        let (kind, user, method) = match &actor.who {
            Who::User(user) => ("user", Some(user), Some("session")),
            Who::System => ("system", None, None),
        };
        Self {
            kind,
            user,
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
            user: Some(user),
            session,
            method: Some(method),
            origin,
        }
    }

    /// Somebody unknown.
    pub(crate) fn anonymous(method: &'static str, origin: &'a Origin) -> Self {
        Self {
            kind: "anonymous",
            user: None,
            session: None,
            method: Some(method),
            origin,
        }
    }

    fn name(&self) -> String {
        let system = if self.kind == "system" {
            SYSTEM_NAME
        } else {
            ""
        };
        self.user
            .map_or_else(|| system.to_owned(), |user| user.name.clone())
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

impl ConsoleService {
    /// Records `entry` in the transaction of the change, so that there is both or neither (L-1).
    pub(crate) async fn record(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        entry: Entry<'_>,
    ) -> Result<(), ServiceError> {
        let (last, previous) = repo::audit::take_head(tx).await?;
        let mac = self.keyring.audit_mac();
        let row = AuditRow {
            seq: last + 1,
            id: self.free_audit_id(tx).await?.to_string(),
            at: self.env.clock.now(),
            event: entry.event.key().to_owned(),
            actor_kind: doer.kind.to_owned(),
            actor_id: doer
                .user
                .map(|user| user.id.to_string())
                .unwrap_or_default(),
            actor_name: doer.name(),
            actor_account: doer.user.map(|user| user.account.id.to_string()),
            session: doer.session.map(str::to_owned),
            auth_method: doer.method.map(str::to_owned),
            ip: doer.origin.ip.map(|ip| ip.to_string()),
            peer_ip: doer.origin.peer_ip.map(|ip| ip.to_string()),
            user_agent: doer.origin.user_agent.clone(),
            request_id: doer.origin.request_id.clone(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            object_type: entry.object.kind.to_owned(),
            object_id: entry.object.id,
            object_name: entry.object.name.to_owned(),
            object_revision: entry.object.revision,
            account_id: entry.account.map(|account| account.to_string()),
            outcome: if entry.refused.is_some() {
                "refused"
            } else {
                "done"
            }
            .to_owned(),
            reason: entry.refused.map(str::to_owned),
            summary: entry.summary,
            changes: serde_json::to_string(&entry.changes)?,
            key_kid: mac.kid().to_owned(),
        };
        let hash = mac.chain(&previous, &canonical(&row));
        Ok(repo::audit::insert_record(tx, row, hash).await?)
    }

    async fn free_audit_id(&self, tx: &WriteTx) -> Result<AuditId, ServiceError> {
        let is_taken =
            |id: AuditId| async move { repo::audit::has_record(tx, &id.to_string()).await };
        draw(
            &*self.env.random,
            AuditId::SPACE,
            AuditId::from_number,
            is_taken,
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
    let mut bytes = vec![CANONICAL_VERSION];
    for field in fields {
        // Nothing at all differs from an empty text.
        bytes.push(u8::from(field.is_some()));
        let field = field.unwrap_or_default();
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(field);
    }
    bytes
}
