//! The shape of a filter: calls, groups and shortcuts in one another. Everything that is wrong with the text alone comes
//! to light here, and the first such fault ends the reading. What the parts mean is for `parse`.

use super::DEPTH_MAX;
use super::error::RqlError;
use super::function::Function;
use super::token::{Token, tokens};

/// A written tree of [`DEPTH_MAX`] may end in a list with `empty()` in it, which lies two deeper.
const NESTING_MAX: usize = DEPTH_MAX + 2;

/// A part of the text with the byte that it starts at.
pub(super) struct Node<'a> {
    pub(super) at: usize,
    pub(super) kind: Kind<'a>,
}

/// What a part of the text is.
pub(super) enum Kind<'a> {
    Word(&'a str),
    Quoted(&'a str),
    Call(Call<'a>),
    Group(Group<'a>),
    /// `left=right`; the left side may be missing, and the right one is a value.
    Shortcut {
        left: Option<Box<Node<'a>>>,
        right: Box<Node<'a>>,
    },
}

/// `name(arguments)`
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    /// `None` when there is no function of this name.
    pub(super) function: Option<Function>,
    pub(super) arguments: Vec<Node<'a>>,
}

/// What stands between two parentheses, or in the whole text.
pub(super) struct Group<'a> {
    /// Alternatives, each of parts that belong together. Nothing between the parentheses leaves none.
    pub(super) branches: Vec<Vec<Node<'a>>>,
    /// Where the first separator stands that is not a comma.
    pub(super) odd: Option<usize>,
}

/// Reads the whole text.
///
/// # Errors
/// The first fault, with its place.
pub(super) fn read(text: &str) -> Result<Group<'_>, RqlError> {
    let mut reader = Reader {
        text,
        tokens: tokens(text)?,
        next: 0,
    };
    let group = reader.group(0)?;
    match reader.token() {
        None => Ok(group),
        Some(Token::Close) => reader.fault("unexpected )"),
        Some(_) => reader.fault("unexpected text"),
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token<'a>)>,
    next: usize,
}

impl<'a> Reader<'a> {
    fn token(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).map(|(_, token)| *token)
    }

    /// Where the next token starts, or the text ends.
    fn at(&self) -> usize {
        self.tokens
            .get(self.next)
            .map_or(self.text.len(), |(at, _)| *at)
    }

    fn take(&mut self, token: Token<'_>) -> bool {
        let found = self.token() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn fault<T>(&self, message: &str) -> Result<T, RqlError> {
        self.fault_at(self.at(), message)
    }

    fn fault_at<T>(&self, at: usize, message: &str) -> Result<T, RqlError> {
        Err(RqlError::syntax_at(self.text, at, message))
    }

    /// Reads up to the parenthesis that closes the group, or the end.
    fn group(&mut self, depth: usize) -> Result<Group<'a>, RqlError> {
        let mut branches = Vec::new();
        let mut branch = Vec::new();
        let (mut gap, mut odd) = (None, None);
        loop {
            let at = self.at();
            match self.term(depth)? {
                Some(node) => branch.push(node),
                None => gap = gap.or(Some(at)),
            }
            let separator = self.at();
            if self.take(Token::Comma) {
                continue;
            }
            if self.take(Token::Either) {
                branches.push(std::mem::take(&mut branch));
            } else if !self.take(Token::Ampersand) {
                break;
            }
            odd = odd.or(Some(separator));
        }
        branches.push(branch);
        if branches.iter().all(Vec::is_empty) {
            branches.clear();
        } else if let Some(at) = gap {
            return self.fault_at(at, "missing expression");
        }
        Ok(Group { branches, odd })
    }

    /// Reads a part between two separators; `None` where there is nothing.
    fn term(&mut self, depth: usize) -> Result<Option<Node<'a>>, RqlError> {
        let at = self.at();
        let left = self.primary(depth)?;
        if !self.take(Token::Equals) {
            return Ok(left);
        }
        let right = self.primary(depth)?.filter(is_value);
        match right {
            Some(right) if self.token() != Some(Token::Equals) => Ok(Some(Node {
                at,
                kind: Kind::Shortcut {
                    left: left.map(Box::new),
                    right: Box::new(right),
                },
            })),
            _ => self.fault_at(at, "Invalid equals shortcut expression"),
        }
    }

    fn primary(&mut self, depth: usize) -> Result<Option<Node<'a>>, RqlError> {
        let at = self.at();
        let Some(token) = self.token() else {
            return Ok(None);
        };
        let kind = match token {
            Token::Word(word) => {
                self.next += 1;
                if self.token() == Some(Token::Open) {
                    Kind::Call(self.call(word, at, depth)?)
                } else {
                    Kind::Word(word)
                }
            }
            Token::Quoted(text) => {
                self.next += 1;
                Kind::Quoted(text)
            }
            Token::Open => Kind::Group(self.parenthesised(depth)?),
            _ => return Ok(None),
        };
        match self.token() {
            Some(Token::Word(_) | Token::Quoted(_) | Token::Open) => self.fault(match kind {
                Kind::Quoted(_) => "text after closing quote",
                Kind::Word(_) => "text before a quote",
                _ => "unexpected text",
            }),
            _ => Ok(Some(Node { at, kind })),
        }
    }

    fn parenthesised(&mut self, depth: usize) -> Result<Group<'a>, RqlError> {
        if depth >= NESTING_MAX {
            return self.fault("nested too deeply");
        }
        self.next += 1;
        let group = self.group(depth + 1)?;
        if self.take(Token::Close) {
            Ok(group)
        } else {
            self.fault("missing )")
        }
    }

    fn call(&mut self, name: &'a str, at: usize, depth: usize) -> Result<Call<'a>, RqlError> {
        let Group { mut branches, odd } = self.parenthesised(depth)?;
        if let Some(at) = odd {
            return self.fault_at(at, "only , separates arguments");
        }
        let arguments = branches.pop().unwrap_or_default();
        let function = Function::named(name);
        match function.and_then(|function| function.refuses(arguments.len())) {
            Some(message) => self.fault_at(at, message),
            None => Ok(Call {
                name,
                function,
                arguments,
            }),
        }
    }
}

/// Whether this may stand on the right of `=`.
fn is_value(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Word(_) | Kind::Quoted(_) => true,
        Kind::Call(call) => call.function.is_some_and(Function::is_value),
        Kind::Group(_) | Kind::Shortcut { .. } => false,
    }
}
