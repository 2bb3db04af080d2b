//! A tree as text, in the form of functions. The text means the same tree again, for every tree that the parser gives and
//! as long as it fits into [`QUERY_MAX`](super::QUERY_MAX).
//!
//! Trees made by hand can hold what the language cannot write. They are written all the same, and never as more or other
//! expressions than they hold: a bare value that is no word gets quotes, and where a value has both kinds of quotes, the
//! double ones in it become single. An empty group or list is written empty and is refused when it is read.

use std::fmt::{Display, Formatter, Result, Write};

use super::expr::{Expr, Item, Operand};
use super::path::Path;
use super::pattern::Pattern;
use super::token::{is_reserved, trim};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::And(terms) => write_group(f, "and", terms),
            Self::Or(terms) => write_group(f, "or", terms),
            Self::Not(inner) => write!(f, "not({inner})"),
            Self::Compare { left, op, right } => {
                write!(f, "{}({left},{right})", op.as_str())
            }
            Self::Like {
                left,
                pattern,
                fold,
            } => write_like(f, left, pattern, *fold),
            Self::In {
                left,
                values,
                negated,
            } => {
                let name = if *negated { "out" } else { "in" };
                write!(f, "{name}({left},")?;
                write_group(f, "", values)?;
                f.write_char(')')
            }
            Self::Any {
                collection,
                condition: None,
            } => write!(f, "any({collection})"),
            Self::Any {
                collection,
                condition: Some(condition),
            } => write!(f, "any({collection},{condition})"),
            Self::All {
                collection,
                condition,
            } => write!(f, "all({collection},{condition})"),
        }
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Bare(text) if is_bare(text) => f.write_str(text),
            Self::Bare(text) | Self::Quoted(text) => write_quoted(f, text),
            Self::Null => f.write_str("null()"),
            Self::Empty => f.write_str("empty()"),
            Self::Property(path) if path.is_element() => f.write_str("self()"),
            Self::Property(path) => write!(f, "self({path})"),
        }
    }
}

impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Value(text) => write_quoted(f, text),
            Self::Empty => f.write_str("empty()"),
        }
    }
}

fn write_group<T: Display>(f: &mut Formatter<'_>, name: &str, parts: &[T]) -> Result {
    write!(f, "{name}(")?;
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_char(',')?;
        }
        write!(f, "{part}")?;
    }
    f.write_char(')')
}

fn write_like(f: &mut Formatter<'_>, left: &Path, pattern: &Pattern, fold: bool) -> Result {
    let name = if fold { "ilike" } else { "like" };
    write!(f, "{name}({left},")?;
    if pattern.0.is_empty() {
        f.write_str("empty()")?;
    } else {
        write_quoted(f, &pattern.to_string())?;
    }
    f.write_char(')')
}

/// Inside quotes nothing can be escaped: the quotes have to be of the kind that the text has not.
fn write_quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    if text.contains('\'') {
        write!(f, "\"{}\"", text.replace('"', "'"))
    } else {
        write!(f, "'{text}'")
    }
}

fn is_bare(text: &str) -> bool {
    !text.is_empty() && trim(text) == text && !text.contains(is_reserved)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn shortcuts_and_separators_become_functions() {
        for (text, canonical) in [
            ("name = CRM robot", "eq(name,CRM robot)"),
            (
                "a=1&b='2'|c=\"it's\"",
                "or(and(eq(a,1),eq(b,'2')),eq(c,\"it's\"))",
            ),
            ("IN(id,a)", "in(id,('a'))"),
            ("out(id,(a,empty()))", "out(id,('a',empty()))"),
            (r"like(name,\**)", r"like(name,'\**')"),
            ("ilike(name,'')", "ilike(name,empty())"),
            ("any(kinds,self()=A)", "any(kinds,eq(self(),A))"),
            ("lt(self(a.b),self(c))", "lt(a.b,self(c))"),
            ("not((all(m,(x=null()))))", "not(all(m,eq(x,null())))"),
        ] {
            let expr = parse(text).unwrap().unwrap();
            assert_eq!(expr.to_string(), canonical);
            assert_eq!(parse(canonical).unwrap().unwrap(), expr, "{text}");
        }
    }

    #[test]
    fn value_with_both_quotes_stays_one_value() {
        let value = "a'),eq(b,\"c".to_owned();
        let expr = Expr::Compare {
            left: Path::read("name").unwrap(),
            op: super::super::Comparison::Eq,
            right: Operand::Bare(value),
        };
        assert_eq!(expr.to_string(), "eq(name,\"a'),eq(b,'c\")");
    }
}
