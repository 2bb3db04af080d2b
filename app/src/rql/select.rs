//! The `select` of a query: which fields are asked for and which are not wanted. Which fields there are, and which come
//! without being asked for, is not known here.

use std::collections::BTreeMap;

use super::PATH_MAX;
use super::error::RqlError;
use super::token::{Token, signed, tokens, trim};

/// The fields that a query names, as a tree of names in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Select {
    root: SelectNode,
}

/// What a query says of one field and of those inside it.
///
/// A path marks its last field alone: `audit.created` leaves `audit` unmarked with one child.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectNode {
    /// The field is asked for. This beats `exclude`, in whichever order the two were written.
    pub include: bool,
    /// The field is not wanted.
    pub exclude: bool,
    /// Every field inside is asked for (`*`), or not wanted (`-*`) unless it is asked for by name.
    pub star: Option<bool>,
    /// The fields inside that are named, in lower case.
    pub children: BTreeMap<String, SelectNode>,
}

impl Select {
    /// Reads the decoded text of a select; blank text names nothing.
    ///
    /// # Errors
    /// The first fault, with its place, under the key `select`.
    pub fn parse(text: &str) -> Result<Self, RqlError> {
        let read = || {
            let mut reader = Reader {
                text,
                tokens: tokens(text)?,
                next: 0,
            };
            let mut root = SelectNode::default();
            reader.fields(&mut root, false, 0)?;
            match reader.token() {
                None => Ok(Self { root }),
                Some(_) => Err(reader.fault(reader.at(), "unexpected text")),
            }
        };
        read().map_err(|error: RqlError| RqlError::new("select", error.message))
    }

    /// The resource itself: its children are the top-level fields.
    pub const fn root(&self) -> &SelectNode {
        &self.root
    }

    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.root == SelectNode::default()
    }
}

impl SelectNode {
    /// What is said of a field inside; its name may be in any case.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.get(&name.to_ascii_lowercase())
    }

    fn mark(&mut self, minus: bool) {
        if minus {
            self.exclude = true;
        } else {
            self.include = true;
        }
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

    fn fault(&self, at: usize, message: &str) -> RqlError {
        RqlError::syntax_at(self.text, at, message)
    }

    /// Reads fields inside `node` up to a closing parenthesis or the end; empty places are passed over. A minus before
    /// the group holds for each of them.
    fn fields(&mut self, node: &mut SelectNode, minus: bool, depth: usize) -> Result<(), RqlError> {
        loop {
            if let Some(Token::Word(word)) = self.token() {
                self.field(node, word, minus, depth)?;
            }
            if !self.take(Token::Comma) {
                return Ok(());
            }
        }
    }

    fn field(
        &mut self,
        mut node: &mut SelectNode,
        word: &str,
        minus: bool,
        mut depth: usize,
    ) -> Result<(), RqlError> {
        let at = self.at();
        self.next += 1;
        let (negative, path) = signed(word);
        let minus = minus || negative;
        let (path, star) = without_star(path);
        // Depth is counted along the whole path, so the tree and this recursion stay shallow.
        for name in path.into_iter().flat_map(|path| path.split('.')).map(trim) {
            depth += 1;
            if depth > PATH_MAX {
                return Err(self.fault(at, "nested too deeply"));
            }
            if name.is_empty() || name == "*" {
                return Err(self.fault(at, "invalid property path"));
            }
            node = node.children.entry(name.to_ascii_lowercase()).or_default();
        }
        if star {
            // As with names, asking beats not wanting.
            node.star = Some(!minus || node.star == Some(true));
        } else if self.take(Token::Open) {
            self.fields(node, minus, depth)?;
            if !self.take(Token::Close) {
                return Err(self.fault(self.at(), "missing )"));
            }
        } else {
            node.mark(minus);
        }
        Ok(())
    }
}

/// Takes the star off the end: the path that it stands behind, if any, and whether there was one.
fn without_star(path: &str) -> (Option<&str>, bool) {
    match path.rsplit_once('.') {
        _ if path == "*" => (None, true),
        Some((front, last)) if trim(last) == "*" => (Some(front), true),
        _ => (Some(path), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every mark of the tree in one line: `+` or `-` and the whole path.
    fn shown(text: &str) -> String {
        fn walk(node: &SelectNode, path: &str, marks: &mut Vec<String>) {
            if let Some(star) = node.star {
                marks.push(format!("{}{path}*", if star { '+' } else { '-' }));
            }
            for (name, child) in &node.children {
                if child.include {
                    marks.push(format!("+{path}{name}"));
                }
                if child.exclude {
                    marks.push(format!("-{path}{name}"));
                }
                walk(child, &format!("{path}{name}."), marks);
            }
        }
        match Select::parse(text) {
            Ok(select) => {
                let mut marks = Vec::new();
                walk(select.root(), "", &mut marks);
                marks.join(" ")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn fields_are_marked_where_their_paths_end() {
        for (text, marks) in [
            ("", ""),
            ("-description", "-description"),
            ("+Audit, name", "+audit +name"),
            ("id,name,-*", "-* +id +name"),
            ("*,-*", "+*"),
            ("-*,*", "+*"),
            ("a,-a", "+a -a"),
            ("audit.created.at", "+audit.created.at"),
            ("+modules.id,+modules.name", "+modules.id +modules.name"),
            ("modules(*,-id)", "+modules.* -modules.id"),
            ("a(b(c,d.e),-f),g.*", "+a.b.c +a.b.d.e -a.f +g.*"),
            ("-a(b,-c)", "-a.b -a.c"),
            ("bogus,,", "+bogus"),
        ] {
            assert_eq!(shown(text), marks, "{text}");
        }
        let select = Select::parse("+accountTypes").unwrap();
        assert!(select.root().child("AccountTypes").unwrap().include);
        assert!(!select.is_empty() && Select::default().is_empty());
    }

    #[test]
    fn text_that_is_no_select_is_refused() {
        for (text, message) in [
            ("a(b", "missing ) at position 4"),
            ("a)", "unexpected text at position 2"),
            ("a(b)c", "unexpected text at position 5"),
            ("(a)", "unexpected text at position 1"),
            ("*(a)", "unexpected text at position 2"),
            ("a='b'", "unexpected text at position 2"),
            ("a..b", "invalid property path at position 1"),
            ("a,-", "invalid property path at position 3"),
            ("a.*.b", "invalid property path at position 1"),
            ("a.b.c.d(e.f.g.h(i))", "nested too deeply at position 17"),
            ("'a", "unterminated quote at position 1"),
        ] {
            assert_eq!(shown(text), format!("select: {message}"), "{text}");
        }
    }
}
