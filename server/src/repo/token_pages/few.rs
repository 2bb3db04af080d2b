//! Few tokens out of many: when an index says that only few can match, their ids. Others than these never match; whether
//! these do is still to be looked at.

use super::{ids, tally, tokens, walk::in_lists};
use crate::{
    entity::{api_token, token_access, token_module},
    repo::{
        StoreError,
        filter::{Narrowed, Wanted, is, is_possible, plain, searched_text, states, terms},
    },
};
use app::{
    domain::{
        text::fold,
        token::{TokenId, TokenStatus},
    },
    rql::{Comparison, Expr as Tree, Item, Operand, Pattern, Piece},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait,
    sea_query::{
        Expr, ExprTrait, Query, SelectStatement, SimpleExpr, extension::sqlite::SqliteExpr as _,
    },
};
use std::{collections::BTreeSet, future::Future, pin::Pin};

/// Letters of a text that stand together in the index.
const TOGETHER: usize = 3;
/// Parts of a text that are looked up.
const PARTS: usize = 24;
/// What every id begins with.
const ID_START: &str = "TKN-";

/// Where to look for tokens that can match.
enum Clue {
    /// These and no others.
    Ids(Vec<TokenId>),
    /// Those that this question yields; it is asked for one more than few.
    Ask(SelectStatement),
    /// The numbers of those that this question yields.
    AskNumbers(SelectStatement),
    /// Any one of these says it.
    OneOf(Vec<Clue>),
    /// All of these together say it.
    Together(Vec<Clue>),
    /// Nothing is known.
    None,
}

/// The ids of the tokens that can match, when there are few: those of the clue that leaves the fewest.
pub(super) async fn find(
    conn: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
    narrowed: &Narrowed,
    most: u64,
) -> Result<Option<Vec<TokenId>>, StoreError> {
    let guide = Guide { narrowed };
    let terms = terms(wanted.filter);
    let mut clues = vec![guide.searched(wanted.search)];
    clues.extend(narrowed.created.clone().map(|range| guide.ask(range)));
    clues.extend(narrowed.used.clone().map(|range| guide.ask_use(range)));
    let mut counted: Option<(u64, &Tree)> = None;
    for term in terms {
        match tally::of_term(conn, wanted, term).await? {
            // Where a tally knows how many there are, only the one with the fewest is asked for.
            Some(tokens) if counted.is_none_or(|(fewest, _)| tokens < fewest) => {
                counted = Some((tokens, term));
            }
            Some(_) => {}
            None => clues.push(guide.clue(term)),
        }
    }
    let mut found: Option<Vec<TokenId>> = None;
    for clue in clues {
        let other = follow(conn, clue, most).await?;
        found = fewer(found, other);
    }
    let known = found.as_ref().map_or(most, |found| found.len() as u64);
    match counted {
        Some((0, _)) => Ok(Some(Vec::new())),
        Some((tokens, term)) if tokens <= known => {
            let other = follow(conn, guide.clue(term), most).await?;
            Ok(fewer(found, other))
        }
        _ => Ok(found),
    }
}

fn fewer(one: Option<Vec<TokenId>>, other: Option<Vec<TokenId>>) -> Option<Vec<TokenId>> {
    match (one, other) {
        (Some(one), Some(other)) if one.len() <= other.len() => Some(one),
        (one, None) => one,
        (_, other) => other,
    }
}

type Found<'a> =
    Pin<Box<dyn Future<Output = Result<Option<Vec<TokenId>>, StoreError>> + Send + 'a>>;

fn follow<C: ConnectionTrait>(conn: &C, clue: Clue, most: u64) -> Found<'_> {
    Box::pin(async move {
        match clue {
            Clue::None => Ok(None),
            Clue::Ids(ids) => Ok(Some(ids)),
            Clue::Ask(select) => {
                if exceeds(conn, &select, most).await? {
                    return Ok(None);
                }
                Ok(few(ids(conn, &limited(select, most)).await?, most))
            }
            Clue::AskNumbers(select) => {
                if exceeds(conn, &select, most).await? {
                    return Ok(None);
                }
                let rows = conn.query_all(&limited(select, most)).await?;
                let mut found = Vec::with_capacity(rows.len());
                for row in rows {
                    let number = u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(0);
                    found.extend(TokenId::from_number(number));
                }
                Ok(few(found, most))
            }
            Clue::OneOf(clues) => {
                for clue in clues {
                    if let Some(found) = follow(conn, clue, most).await? {
                        return Ok(Some(found));
                    }
                }
                Ok(None)
            }
            Clue::Together(clues) => {
                let mut all = BTreeSet::new();
                for clue in clues {
                    let Some(found) = follow(conn, clue, most).await? else {
                        return Ok(None);
                    };
                    all.extend(found);
                }
                Ok(few(all.into_iter().collect(), most))
            }
        }
    })
}

/// Whether a question yields more than `most`: counting so many is quicker than having them all brought here.
async fn exceeds(
    conn: &impl ConnectionTrait,
    select: &SelectStatement,
    most: u64,
) -> Result<bool, StoreError> {
    let counted = Query::select()
        .expr(Expr::val(1).count())
        .from_subquery(limited(select.clone(), most), "some")
        .take();
    let row = conn.query_one(&counted).await?;
    let found = row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
    Ok(u64::try_from(found).unwrap_or(0) > most)
}

fn limited(mut select: SelectStatement, most: u64) -> SelectStatement {
    select.limit(most + 1).take()
}

fn few(found: Vec<TokenId>, most: u64) -> Option<Vec<TokenId>> {
    (found.len() as u64 <= most).then_some(found)
}

/// Knows which index answers what.
struct Guide<'a> {
    narrowed: &'a Narrowed,
}

impl Guide<'_> {
    fn clue(&self, term: &Tree) -> Clue {
        if let Some(states) = states(term) {
            let words = states.into_iter().map(TokenStatus::as_str);
            return self.ask(api_token::Column::Status.is_in(words));
        }
        match term {
            Tree::Or(parts) => Clue::Together(parts.iter().map(|part| self.clue(part)).collect()),
            Tree::And(parts) => Clue::OneOf(parts.iter().map(|part| self.clue(part)).collect()),
            Tree::Compare { left, op, right } if *op == Comparison::Eq => {
                let values = match right {
                    Operand::Null => vec![""],
                    other => plain(other).into_iter().collect(),
                };
                self.among(&left.to_string(), &values)
            }
            Tree::In {
                left,
                values,
                negated: false,
            } => {
                let values = values.iter().map(|item| match item {
                    Item::Value(text) => text.as_str(),
                    Item::Empty => "",
                });
                self.among(&left.to_string(), &values.collect::<Vec<_>>())
            }
            Tree::Like { left, pattern, .. } if is(left, "name") => self.name(pattern),
            Tree::Like { left, pattern, .. } if is(left, "id") => Self::id(pattern),
            Tree::Any {
                collection,
                condition: Some(condition),
            } if is(collection, "modules") => given(condition),
            _ => Clue::None,
        }
    }

    /// Tokens of which this property is one of these values.
    fn among(&self, name: &str, values: &[&str]) -> Clue {
        if values.is_empty() {
            return Clue::None;
        }
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("id") {
            // What is no id has no token.
            let ids = values.iter().filter_map(|text| text.parse().ok());
            return Clue::Ids(ids.collect());
        }
        if is("name") {
            let folds = values.iter().map(|text| fold(text));
            return self.ask(api_token::Column::NameFold.is_in(folds));
        }
        if is("audit.created.by.id") {
            let makers = values.iter().copied();
            let mut select = tokens();
            select
                .column(api_token::Column::Id)
                .and_where(api_token::Column::CreatedBy.is_in(makers));
            return Clue::Ask(select);
        }
        if is("lastAccessAt") && values == [""] {
            return self.ask_use(token_access::Column::LastAccessAt.is_null());
        }
        Clue::None
    }

    /// Tokens whose name is like this, in any case.
    fn name(&self, pattern: &Pattern) -> Clue {
        let mut clues = Vec::new();
        let start = match pattern.0.as_slice() {
            [Piece::Text(start), ..] => fold(start),
            _ => String::new(),
        };
        if pattern.0.len() == 1 && !start.is_empty() {
            return self.ask(api_token::Column::NameFold.eq(start));
        }
        if !start.is_empty() {
            let column = || api_token::Column::NameFold.into_expr();
            let end = format!("{start}{}", char::MAX);
            clues.push(self.ask(column().gte(start).and(column().lt(end))));
        }
        clues.push(parts_of("name", &pieces(pattern, fold)));
        Clue::OneOf(clues)
    }

    /// Tokens whose id is like this, in any case.
    fn id(pattern: &Pattern) -> Clue {
        let upper = |text: &str| text.to_uppercase();
        match pattern.0.as_slice() {
            [Piece::Text(whole)] => Clue::Ids(upper(whole).parse().ok().into_iter().collect()),
            [Piece::Text(start), ..] => id_begins(&upper(start)),
            [Piece::Any, Piece::Text(part), Piece::Any] => id_holds(&upper(part)),
            _ => id_parts(&pieces(pattern, upper)),
        }
    }

    /// Tokens whose name or id holds this.
    fn searched(&self, search: &str) -> Clue {
        let text = searched_text(search);
        if text.is_empty() {
            return Clue::None;
        }
        if !is_possible(&text) {
            return Clue::Ids(Vec::new());
        }
        let pattern = Pattern(vec![Piece::Any, Piece::Text(text.clone()), Piece::Any]);
        Clue::Together(vec![self.name(&pattern), id_holds(&text.to_uppercase())])
    }

    /// Tokens of the list for which this holds, of which an index has the column.
    fn ask(&self, condition: SimpleExpr) -> Clue {
        let mut select = tokens();
        select
            .column(api_token::Column::Id)
            .and_where(in_lists(self.narrowed))
            .and_where(condition);
        Clue::Ask(select)
    }

    fn ask_use(&self, condition: SimpleExpr) -> Clue {
        let mut select = Query::select();
        select
            .column(token_access::Column::TokenId)
            .from(token_access::Entity)
            .and_where(super::walk::used_in_lists(self.narrowed))
            .and_where(condition);
        Clue::Ask(select)
    }
}

/// Tokens that have one of these modules.
fn given(condition: &Tree) -> Clue {
    let values: Vec<&str> = match condition {
        Tree::Compare {
            left,
            op: Comparison::Eq,
            right,
        } if is(left, "id") => plain(right).into_iter().collect(),
        Tree::In {
            left,
            values,
            negated: false,
        } if is(left, "id") => values
            .iter()
            .map(|item| match item {
                Item::Value(text) => text.as_str(),
                Item::Empty => "",
            })
            .collect(),
        _ => Vec::new(),
    };
    if values.is_empty() {
        return Clue::None;
    }
    let mut select = Query::select();
    select
        .column(token_module::Column::TokenId)
        .distinct()
        .from(token_module::Entity)
        .and_where(token_module::Column::ModuleId.is_in(values));
    Clue::Ask(select)
}

/// Tokens whose id holds this text in upper case: from within its first letters on, or within its digits.
fn id_holds(text: &str) -> Clue {
    if ID_START.contains(text) {
        return Clue::None;
    }
    if !text.contains(is_letter) {
        return id_parts(&[text.to_owned()]);
    }
    let mut starts = (0..ID_START.len()).filter_map(|place| text.strip_prefix(&ID_START[place..]));
    match starts.next() {
        Some(rest) => id_begins(&format!("{ID_START}{rest}")),
        // No id holds it.
        None => Clue::Ids(Vec::new()),
    }
}

fn is_letter(character: char) -> bool {
    !character.is_ascii_digit() && character != '-'
}

/// Tokens whose digits hold what these texts have of them: the letters that an id begins with, and the dash after them,
/// are not in the index.
fn id_parts(texts: &[String]) -> Clue {
    let digits = texts.iter().map(|text| {
        let digits = text.rsplit(is_letter).next().unwrap_or_default();
        digits.strip_prefix('-').unwrap_or(digits).to_owned()
    });
    parts_of("digits", &digits.collect::<Vec<_>>())
}

/// Tokens whose id begins so.
fn id_begins(start: &str) -> Clue {
    let column = || api_token::Column::Id.into_expr();
    let end = format!("{start}{}", char::MAX);
    let mut select = tokens();
    select
        .column(api_token::Column::Id)
        .and_where(column().gte(start).and(column().lt(end)));
    Clue::Ask(select)
}

/// The texts in a pattern, in the form that the index has.
fn pieces(pattern: &Pattern, form: impl Fn(&str) -> String) -> Vec<String> {
    let texts = pattern.0.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(form(text)),
        Piece::Any => None,
    });
    texts.collect()
}

/// Tokens of which a column of the text index holds all parts of these texts.
fn parts_of(column: &str, texts: &[String]) -> Clue {
    let mut parts = BTreeSet::new();
    for text in texts {
        let letters: Vec<char> = text.chars().collect();
        parts.extend(
            letters
                .windows(TOGETHER)
                .map(|part| part.iter().collect::<String>()),
        );
    }
    // The index reads a pattern only up to the first NUL; no name holds one.
    if parts.is_empty() || texts.iter().any(|text| text.contains('\0')) {
        return Clue::None;
    }
    let quoted = parts
        .iter()
        .take(PARTS)
        .map(|part| format!("\"{}\"", part.replace('"', "\"\"")));
    let question = format!("{column} : ({})", quoted.collect::<Vec<_>>().join(" AND "));
    let mut select = Query::select();
    select
        .column("rowid")
        .from("token_text")
        .and_where(Expr::col("token_text").matches(Expr::val(question)));
    Clue::AskNumbers(select)
}
