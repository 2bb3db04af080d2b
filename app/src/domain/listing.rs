//! Lists as programs ask for them: a filter, an order, and a stretch of what it yields.

use crate::rql::{Expr, OrderKey};

/// The most rows of one answer, and how many there are when nothing is said.
pub const LIMIT_MAX: u64 = 100;

/// Which rows are wanted, and in which order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListQuery {
    /// Which rows; all without it.
    pub filter: Option<Expr>,
    /// By what they are sorted, the most important first. Equals stand by id.
    pub order: Vec<OrderKey>,
}

/// A stretch of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Rows that are left out before it.
    pub offset: u64,
    /// The most rows that it has; none for counting only.
    pub limit: u64,
}

/// The rows of a stretch, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// All that the filter lets through.
    pub total: u64,
}

impl<T> Listing<T> {
    /// The same stretch with each row made into something else.
    #[must_use]
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Listing<U> {
        Listing {
            rows: self.rows.into_iter().map(make).collect(),
            total: self.total,
        }
    }
}
