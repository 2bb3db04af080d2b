//! The kinds of events that the audit trail knows, with what people call them.

pub use super::id::EventTypeId;

/// A kind of event. Its name and description are those of whoever looks: an account may choose its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventType {
    /// `AET-NNNN-NNNN`.
    pub id: EventTypeId,
    /// The key that records carry, as in `platform.accounts.token.created`.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// When it is recorded; may be empty.
    pub description: String,
}

/// What is to be changed of one. `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventTypeEdit {
    /// The new name.
    pub name: Option<String>,
    /// The new description.
    pub description: Option<String>,
}
