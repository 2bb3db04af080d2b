//! The query language of the REST interface (RQL): from the text of a query to a tree, and back to text.
//!
//! It knows text and trees. It must not know which fields a resource has, their types, or how a tree becomes SQL:
//! whoever compiles a tree checks all of that. The rooms, from the outside in: `wire` takes the raw query string apart,
//! `query` sorts its parts, `order` and `select` read two of them, `parse` reads the filter (`token`, then `tree`, then
//! `operand`), and `print` writes a filter down again.

mod error;
mod expr;
mod function;
mod operand;
pub mod order;
pub mod parse;
mod path;
mod pattern;
pub mod print;
pub mod query;
pub mod select;
mod token;
mod tree;
pub mod wire;

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod properties;

pub use error::{EXCERPT_MAX, RqlError, excerpt, message};
pub use expr::{Comparison, Expr, Item, Operand};
pub use order::{OrderKey, parse_order};
pub use parse::parse;
pub use path::Path;
pub use pattern::{Pattern, Piece};
pub use query::Query;
pub use select::{Select, SelectNode};

/// The longest query that is read, in bytes, raw or decoded.
pub const QUERY_MAX: usize = 16 * 1024;
/// How deep expressions may lie in one another; a comparison alone is one deep.
pub const DEPTH_MAX: usize = 64;
/// The most expressions in one filter. Values of a list do not count.
pub const NODES_MAX: usize = 1000;
/// The most values in one list, and the most keys of one order.
pub const LIST_MAX: usize = 1000;
/// The most names in one path.
pub const PATH_MAX: usize = 8;
