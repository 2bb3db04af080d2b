//! The rows of a list as they last came.

use crate::error::ApiError;
use leptos::prelude::*;

/// What stays in sight when the same cannot be fetched anew: rows, with the question that they answer.
pub(super) struct Latest<Q: 'static, R: 'static>(StoredValue<Option<(Q, R)>>);

impl<Q, R> Clone for Latest<Q, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, R> Copy for Latest<Q, R> {}

impl<Q, R> Latest<Q, R>
where
    Q: PartialEq + Clone + Send + Sync + 'static,
    R: Clone + Send + Sync + 'static,
{
    /// Nothing has come yet.
    pub(super) fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// These came, when this was asked; nothing was, where the list is gone meanwhile.
    pub(super) fn came(self, asked: Option<Q>, rows: &R) {
        self.0
            .try_set_value(asked.map(|asked| (asked, rows.clone())));
    }

    /// What stays in sight, when this was asked in vain. What will not pass by itself is no reason to keep rows.
    pub(super) fn instead_of(self, error: &ApiError, asked: Option<Q>) -> Option<R> {
        let (before, rows) = self.0.try_get_value().flatten()?;
        (error.code.may_pass() && Some(before) == asked).then_some(rows)
    }
}
