//! From the decoded text of a filter to its tree, or to everything that is wrong with it. Which properties a resource has
//! is not known here.

use super::error::{RqlError, message};
use super::expr::{Comparison, Expr};
use super::function::Function;
use super::path::Path;
use super::token::trim;
use super::tree::{self, Call, Group, Kind, Node};
use super::{DEPTH_MAX, NODES_MAX, QUERY_MAX};

/// Reads a filter; blank text is no filter.
///
/// # Errors
/// The one fault that makes the text unreadable, with its place; else every part that means nothing.
pub fn parse(text: &str) -> Result<Option<Expr>, Vec<RqlError>> {
    if text.len() > QUERY_MAX {
        return Err(vec![too_long()]);
    }
    if let Some(at) = text.find('\0') {
        return Err(vec![RqlError::syntax_at(text, at, "NUL character")]);
    }
    if trim(text).is_empty() {
        return Ok(None);
    }
    let group = tree::read(text).map_err(|fault| vec![fault])?;
    let mut lowering = Lowering::new(text);
    let expr = lowering.group(&group, 0, 1);
    lowering.finish(expr).map(Some)
}

/// The fault of a query over [`QUERY_MAX`].
pub(super) fn too_long() -> RqlError {
    RqlError::syntax(format!("The query is longer than {QUERY_MAX} bytes."))
}

/// One walk over the shape of a filter. A part that means nothing is noted and left out, and the walk goes on.
pub(super) struct Lowering<'a> {
    text: &'a str,
    errors: Vec<RqlError>,
    /// What makes the whole text unreadable: a limit, or a separator where it means nothing.
    fault: Option<RqlError>,
    nodes: usize,
}

impl<'a> Lowering<'a> {
    const fn new(text: &'a str) -> Self {
        Self {
            text,
            errors: Vec::new(),
            fault: None,
            nodes: 0,
        }
    }

    fn finish(self, expr: Option<Expr>) -> Result<Expr, Vec<RqlError>> {
        match (self.fault, expr) {
            (Some(fault), _) => Err(vec![fault]),
            (None, Some(expr)) if self.errors.is_empty() => Ok(expr),
            // Should a part ever be left out in silence, the filter must not become wider for it.
            (None, _) if self.errors.is_empty() => {
                Err(vec![RqlError::validation(message::EXPRESSION_EXPECTED)])
            }
            (None, _) => Err(self.errors),
        }
    }

    /// Notes what is wrong with a part.
    pub(super) fn note<T>(&mut self, error: RqlError) -> Option<T> {
        self.errors.push(error);
        None
    }

    /// Notes what makes the whole text unreadable, at the byte `at`; the first one stands.
    pub(super) fn fail<T>(&mut self, at: usize, message: &str) -> Option<T> {
        if self.fault.is_none() {
            self.fault = Some(RqlError::syntax_at(self.text, at, message));
        }
        None
    }

    /// Counts an expression that starts at the byte `at`, `depth` deep.
    fn enter(&mut self, at: usize, depth: usize) -> Option<()> {
        self.nodes += 1;
        if depth > DEPTH_MAX {
            self.fail(at, "nested too deeply")
        } else if self.nodes > NODES_MAX {
            self.fail(at, &format!("more than {NODES_MAX} expressions"))
        } else {
            Some(())
        }
    }

    fn group(&mut self, group: &Group<'_>, at: usize, depth: usize) -> Option<Expr> {
        match group.branches.as_slice() {
            [] => self.note(RqlError::validation(message::EMPTY_GROUP)),
            [only] => self.branch(only, at, depth),
            branches => {
                self.enter(at, depth)?;
                let lowered: Vec<_> = branches
                    .iter()
                    .map(|branch| self.branch(branch, at, depth + 1))
                    .collect();
                lowered.into_iter().collect::<Option<_>>().map(Expr::Or)
            }
        }
    }

    fn branch(&mut self, branch: &[Node<'_>], at: usize, depth: usize) -> Option<Expr> {
        if let [only] = branch {
            return self.term(only, depth);
        }
        self.enter(at, depth)?;
        self.terms(branch, depth + 1).map(Expr::And)
    }

    /// Every term, or none when one of them means nothing; all of them are walked first.
    fn terms(&mut self, nodes: &[Node<'_>], depth: usize) -> Option<Vec<Expr>> {
        if nodes.is_empty() {
            return self.note(RqlError::validation(message::EMPTY_GROUP));
        }
        let lowered: Vec<_> = nodes.iter().map(|node| self.term(node, depth)).collect();
        lowered.into_iter().collect()
    }

    fn term(&mut self, node: &Node<'_>, depth: usize) -> Option<Expr> {
        // Parentheses alone are no expression.
        if !matches!(node.kind, Kind::Group(_)) {
            self.enter(node.at, depth)?;
        }
        match &node.kind {
            Kind::Group(group) => self.group(group, node.at, depth),
            Kind::Shortcut { left, right } => self.compare(left.as_deref(), Comparison::Eq, right),
            Kind::Call(call) => self.call(call, depth),
            Kind::Word(text) | Kind::Quoted(text) => self.no_condition(text),
        }
    }

    fn call(&mut self, call: &Call<'_>, depth: usize) -> Option<Expr> {
        let Some(function) = call.function else {
            return self.unknown(call.name);
        };
        match (function, call.arguments.as_slice()) {
            (Function::And, terms) => self.terms(terms, depth + 1).map(Expr::And),
            (Function::Or, terms) => self.terms(terms, depth + 1).map(Expr::Or),
            (Function::Not, [inner]) => self
                .term(inner, depth + 1)
                .map(|inner| Expr::Not(Box::new(inner))),
            (Function::Compare(op), [left, right]) => self.compare(Some(left), op, right),
            (Function::Like { fold }, [left, right]) => self.like(left, right, fold),
            (Function::In { negated }, [left, right]) => self.list(left, right, negated),
            (Function::Any, [collection]) => Some(Expr::Any {
                collection: self.path(collection)?,
                condition: None,
            }),
            (Function::Any, [collection, condition]) => {
                let (collection, condition) = self.each(collection, condition, depth)?;
                let condition = Some(condition);
                Some(Expr::Any {
                    collection,
                    condition,
                })
            }
            (Function::All, [collection, condition]) => {
                let (collection, condition) = self.each(collection, condition, depth)?;
                Some(Expr::All {
                    collection,
                    condition,
                })
            }
            (Function::All, _) => self.note(RqlError::validation(message::ALL_ARGUMENTS)),
            _ => self.no_condition(call.name),
        }
    }

    fn each(
        &mut self,
        collection: &Node<'_>,
        condition: &Node<'_>,
        depth: usize,
    ) -> Option<(Path, Box<Expr>)> {
        let collection = self.path(collection);
        let condition = self.term(condition, depth + 1);
        Some((collection?, Box::new(condition?)))
    }

    /// Notes a value where a condition belongs, under its own text where it has some.
    fn no_condition<T>(&mut self, text: &str) -> Option<T> {
        let key = if text.is_empty() {
            RqlError::VALIDATION
        } else {
            text
        };
        self.note(RqlError::new(key, message::EXPRESSION_EXPECTED))
    }

    /// Notes a function that does not exist.
    pub(super) fn unknown<T>(&mut self, name: &str) -> Option<T> {
        self.note(RqlError::new(name, message::UNKNOWN_GROUP))
    }
}
