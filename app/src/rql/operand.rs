//! The two sides of a comparison: what may be a property, a value, a pattern and a list.

use super::LIST_MAX;
use super::error::{RqlError, message};
use super::expr::{Comparison, Expr, Item, Operand};
use super::function::Function;
use super::parse::Lowering;
use super::path::Path;
use super::pattern::Pattern;
use super::tree::{Kind, Node};

// Both sides are read before either is given up, so that the faults of both are told.
impl Lowering<'_> {
    pub(super) fn compare(
        &mut self,
        left: Option<&Node<'_>>,
        op: Comparison,
        right: &Node<'_>,
    ) -> Option<Expr> {
        let left = match left {
            Some(left) => self.path(left),
            None => self.note(Path::invalid("")),
        };
        let right = self.operand(right);
        Some(Expr::Compare {
            left: left?,
            op,
            right: right?,
        })
    }

    pub(super) fn like(&mut self, left: &Node<'_>, right: &Node<'_>, fold: bool) -> Option<Expr> {
        let left = self.path(left);
        let pattern = match self.item(right) {
            Some(Item::Value(text)) => Some(Pattern::read(&text)),
            Some(Item::Empty) => Some(Pattern::default()),
            None => None,
        };
        Some(Expr::Like {
            left: left?,
            pattern: pattern?,
            fold,
        })
    }

    pub(super) fn list(
        &mut self,
        left: &Node<'_>,
        right: &Node<'_>,
        negated: bool,
    ) -> Option<Expr> {
        let left = self.path(left);
        let values = self.values(right);
        Some(Expr::In {
            left: left?,
            values: values?,
            negated,
        })
    }

    /// A property: a path, or `self` with or without one.
    pub(super) fn path(&mut self, node: &Node<'_>) -> Option<Path> {
        match &node.kind {
            Kind::Word(text) => match Path::read(text) {
                Ok(path) => Some(path),
                Err(error) => self.note(error),
            },
            Kind::Call(call) => match (call.function, call.arguments.as_slice()) {
                (Some(Function::Itself), []) => Some(Path::element()),
                (Some(Function::Itself), [inner]) => self.path(inner),
                (None, _) => self.unknown(call.name),
                _ => self.note(RqlError::validation(message::UNSUPPORTED_PROPERTY)),
            },
            _ => self.note(RqlError::validation(message::UNSUPPORTED_PROPERTY)),
        }
    }

    fn operand(&mut self, node: &Node<'_>) -> Option<Operand> {
        match &node.kind {
            Kind::Word(text) => Some(Operand::Bare((*text).to_owned())),
            Kind::Quoted(text) => Some(Operand::Quoted((*text).to_owned())),
            Kind::Call(call) => match call.function {
                Some(Function::Null) => Some(Operand::Null),
                Some(Function::Empty) => Some(Operand::Empty),
                Some(Function::Itself) => self.path(node).map(Operand::Property),
                Some(_) => self.no_value(),
                None => self.unknown(call.name),
            },
            _ => self.no_value(),
        }
    }

    /// A list; one value needs no parentheses.
    fn values(&mut self, node: &Node<'_>) -> Option<Vec<Item>> {
        let Kind::Group(group) = &node.kind else {
            return self.item(node).map(|item| vec![item]);
        };
        if let Some(at) = group.odd {
            return self.fail(at, "only , separates values");
        }
        let Some(nodes) = group.branches.first() else {
            return self.note(RqlError::validation(message::EMPTY_LIST));
        };
        if nodes.len() > LIST_MAX {
            return self.fail(node.at, &format!("more than {LIST_MAX} values"));
        }
        let items: Vec<_> = nodes.iter().map(|node| self.item(node)).collect();
        items.into_iter().collect()
    }

    fn item(&mut self, node: &Node<'_>) -> Option<Item> {
        match &node.kind {
            Kind::Word(text) | Kind::Quoted(text) => Some(Item::Value((*text).to_owned())),
            Kind::Call(call) => match call.function {
                Some(Function::Empty) => Some(Item::Empty),
                Some(Function::Null) => self.note(RqlError::validation(message::NULL_VALUE)),
                Some(_) => self.no_value(),
                None => self.unknown(call.name),
            },
            _ => self.no_value(),
        }
    }

    fn no_value<T>(&mut self) -> Option<T> {
        self.note(RqlError::validation(message::UNSUPPORTED_ARGUMENT))
    }
}
