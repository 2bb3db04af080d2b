//! What the audit trail says: which event, who did it to what, and what a field was before and after.

pub use super::id::AuditId;
use super::{grid::Layout, time::Timestamp, user::PersonRef};
use serde::{Deserialize, Serialize};

/// A recorded event. Its key follows `platform.accounts.OBJECT.ACTION`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each variant reads as its key, which is spelt out below"
)]
pub enum Event {
    TokenCreated,
    TokenUpdated,
    TokenEnabled,
    TokenDisabled,
    TokenDeleted,
    TokenRevealed,
    TokenCopied,
    TokenIntegrityFailed,
    BulkCompleted,
    BulkStopped,
    UserCreated,
    UserUpdated,
    UserInvited,
    UserEnabled,
    UserDisabled,
    UserUnlocked,
    UserPasswordChanged,
    ModuleCreated,
    ModuleUpdated,
    ModuleRetired,
    ModuleRestored,
    AccountCreated,
    AccountUpdated,
    AccountEnabled,
    AccountDisabled,
    SessionCreated,
    SessionRefused,
    SessionLocked,
    SessionEnded,
    EventTypeUpdated,
    KeyRotationStarted,
    KeyRotationEnded,
    KeyDropped,
    DatabaseRestored,
}

impl Event {
    /// Every event, by kind of object.
    pub const ALL: [Self; 34] = [
        Self::TokenCreated,
        Self::TokenUpdated,
        Self::TokenEnabled,
        Self::TokenDisabled,
        Self::TokenDeleted,
        Self::TokenRevealed,
        Self::TokenCopied,
        Self::TokenIntegrityFailed,
        Self::BulkCompleted,
        Self::BulkStopped,
        Self::UserCreated,
        Self::UserUpdated,
        Self::UserInvited,
        Self::UserEnabled,
        Self::UserDisabled,
        Self::UserUnlocked,
        Self::UserPasswordChanged,
        Self::ModuleCreated,
        Self::ModuleUpdated,
        Self::ModuleRetired,
        Self::ModuleRestored,
        Self::AccountCreated,
        Self::AccountUpdated,
        Self::AccountEnabled,
        Self::AccountDisabled,
        Self::SessionCreated,
        Self::SessionRefused,
        Self::SessionLocked,
        Self::SessionEnded,
        Self::EventTypeUpdated,
        Self::KeyRotationStarted,
        Self::KeyRotationEnded,
        Self::KeyDropped,
        Self::DatabaseRestored,
    ];

    /// The key that is stored, shown and filtered by.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::TokenCreated => "platform.accounts.token.created",
            Self::TokenUpdated => "platform.accounts.token.updated",
            Self::TokenEnabled => "platform.accounts.token.enabled",
            Self::TokenDisabled => "platform.accounts.token.disabled",
            Self::TokenDeleted => "platform.accounts.token.deleted",
            Self::TokenRevealed => "platform.accounts.token.revealed",
            Self::TokenCopied => "platform.accounts.token.copied",
            Self::TokenIntegrityFailed => "platform.accounts.token.integrity-failed",
            Self::BulkCompleted => "platform.accounts.bulk-change.completed",
            Self::BulkStopped => "platform.accounts.bulk-change.stopped",
            Self::UserCreated => "platform.accounts.user.created",
            Self::UserUpdated => "platform.accounts.user.updated",
            Self::UserInvited => "platform.accounts.user.invited",
            Self::UserEnabled => "platform.accounts.user.enabled",
            Self::UserDisabled => "platform.accounts.user.disabled",
            Self::UserUnlocked => "platform.accounts.user.unlocked",
            Self::UserPasswordChanged => "platform.accounts.user.password-changed",
            Self::ModuleCreated => "platform.accounts.module.created",
            Self::ModuleUpdated => "platform.accounts.module.updated",
            Self::ModuleRetired => "platform.accounts.module.retired",
            Self::ModuleRestored => "platform.accounts.module.restored",
            Self::AccountCreated => "platform.accounts.account.created",
            Self::AccountUpdated => "platform.accounts.account.updated",
            Self::AccountEnabled => "platform.accounts.account.enabled",
            Self::AccountDisabled => "platform.accounts.account.disabled",
            Self::SessionCreated => "platform.accounts.session.created",
            Self::SessionRefused => "platform.accounts.session.refused",
            Self::SessionLocked => "platform.accounts.session.locked",
            Self::SessionEnded => "platform.accounts.session.ended",
            Self::EventTypeUpdated => "platform.audit.event-type.updated",
            Self::KeyRotationStarted => "platform.system.key.rotation-started",
            Self::KeyRotationEnded => "platform.system.key.rotation-ended",
            Self::KeyDropped => "platform.system.key.dropped",
            Self::DatabaseRestored => "platform.system.database.restored",
        }
    }

    /// The event with this key, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TokenCreated => "API token added",
            Self::TokenUpdated => "API token updated",
            Self::TokenEnabled => "API token enabled",
            Self::TokenDisabled => "API token disabled",
            Self::TokenDeleted => "API token deleted",
            Self::TokenRevealed => "Secret shown",
            Self::TokenCopied => "Secret copied",
            Self::TokenIntegrityFailed => "Stored secret damaged",
            Self::BulkCompleted => "Change to several API tokens completed",
            Self::BulkStopped => "Change to several API tokens stopped",
            Self::UserCreated => "User added",
            Self::UserUpdated => "User updated",
            Self::UserInvited => "User invited",
            Self::UserEnabled => "User enabled",
            Self::UserDisabled => "User disabled",
            Self::UserUnlocked => "User unlocked",
            Self::UserPasswordChanged => "Password changed",
            Self::ModuleCreated => "Module added",
            Self::ModuleUpdated => "Module updated",
            Self::ModuleRetired => "Module retired",
            Self::ModuleRestored => "Module brought back",
            Self::AccountCreated => "Account added",
            Self::AccountUpdated => "Account updated",
            Self::AccountEnabled => "Account enabled",
            Self::AccountDisabled => "Account disabled",
            Self::SessionCreated => "Signed in",
            Self::SessionRefused => "Password refused",
            Self::SessionLocked => "Sign-in locked",
            Self::SessionEnded => "Sign-in ended",
            Self::EventTypeUpdated => "Kind of event renamed",
            Self::KeyRotationStarted => "Key rotation started",
            Self::KeyRotationEnded => "Key rotation ended",
            Self::KeyDropped => "Key dropped",
            Self::DatabaseRestored => "Database restored",
        }
    }
}

/// One field of an object, before and after a change. Only fields on a list are ever recorded (L-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field's name, as in `name`.
    pub field: String,
    /// Its value before; `None` when the object is new.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}

/// What happened to an object: a word for its kind, its id, and its name when it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRef {
    /// `Token`, `User`, `Module` or `Account`.
    pub kind: String,
    /// Its id; empty for none, as for a sign-in by an unknown name.
    pub id: String,
    /// Its name at that time; may be empty.
    pub name: String,
}

/// A row of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSummary {
    /// Its id.
    pub id: AuditId,
    /// Its place in the trail: 1, 2, 3 and so on without a gap.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// The event's key.
    pub event: String,
    /// What it happened to.
    pub object: ObjectRef,
    /// Who did it, under the name he had; without id it is Latchkey itself, or nobody who is known.
    pub actor: PersonRef,
    /// One sentence for people.
    pub summary: String,
    /// Whether it was tried and refused.
    pub refused: bool,
}

/// All that the trail knows of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditDetails {
    /// The row.
    pub row: AuditSummary,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The actor's address.
    pub ip: Option<String>,
    /// What his browser said of itself.
    pub user_agent: Option<String>,
    /// How he had proved who he is, as in `session`.
    pub auth_method: Option<String>,
    /// The id under which the log knows the request; empty for none.
    pub request_id: String,
    /// The fields that changed.
    pub changes: Vec<Change>,
    /// The whole record as JSON, indented, for reading and copying.
    pub json: String,
}

/// Which part of the trail, seen from a record's place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AuditCursor {
    /// The newest records.
    #[default]
    Newest,
    /// Those just older than this place.
    Before(i64),
    /// Those just newer than this place.
    After(i64),
}

/// What a page of the trail asks for. Empty text asks for everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditQuery {
    /// Which part.
    pub cursor: AuditCursor,
    /// The id of an object, or a part of the name that it has now, in any case.
    pub object: String,
    /// The id of a person, or a part of the name or e-mail address that he has now, in any case.
    pub actor: String,
    /// The event's key.
    pub event: String,
    /// The first day, `2026-11-24`, in UTC.
    pub from: String,
    /// The last day, in UTC.
    pub to: String,
    /// Which columns are shown. The rows are the same for each.
    #[serde(skip)]
    pub layout: Layout,
}

impl AuditQuery {
    /// What the rows depend on.
    #[must_use]
    pub fn rows(&self) -> Self {
        Self {
            layout: Layout::default(),
            ..self.clone()
        }
    }

    /// Whether it narrows the trail to anything.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        let fields = [&self.object, &self.actor, &self.event, &self.from, &self.to];
        fields.into_iter().any(|field| !field.is_empty())
    }
}

/// A page of the trail, newest first. It has no number: a trail is long and grows at its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The rows, at most [`AUDIT_PAGE`].
    pub rows: Vec<AuditSummary>,
    /// Where older ones are, if there are any.
    pub older: Option<AuditCursor>,
    /// Where newer ones are, if there are any.
    pub newer: Option<AuditCursor>,
}

/// How many records a page of the trail has.
pub const AUDIT_PAGE: u32 = 25;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_found_by_its_key_and_no_two_share_one() {
        for event in Event::ALL {
            assert_eq!(Event::from_key(event.key()), Some(event));
        }
        assert_eq!(Event::from_key("platform.accounts.token"), None);
    }
}
