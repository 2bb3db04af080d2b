//! What may stand beside a field: how a text becomes a value of its kind, and the comparisons of values.

use super::{invalid, not};
use app::{
    domain::{text::fold, time::Timestamp},
    rql::{Comparison, Pattern, Piece, RqlError},
};
use sea_orm::sea_query::{
    Expr, ExprTrait, LikeExpr, SimpleExpr, Value, extension::sqlite::SqliteExpr as _,
};
use std::{collections::HashMap, fmt::Write as _, sync::OnceLock};
use time::{Date, OffsetDateTime, PrimitiveDateTime, format_description::well_known::Iso8601};

/// Of what kind a field's values are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Text. Comparing it goes by code points.
    Text,
    /// One of these words, in any case.
    Word(&'static [&'static str]),
    /// A whole number.
    Number,
    /// A moment.
    Time,
    /// Yes or no.
    Flag,
}

/// A value as it is bound.
pub(super) type Wanted = Value;

/// The longest pattern, in characters: what it costs to try one is its length times that of the text.
const PATTERN_MAX: usize = 256;
/// The most patterns of a query; the filter builder knows it too.
pub(super) const PATTERNS_MAX: usize = app::domain::filter::PATTERNS_MAX;
const ESCAPE: char = '\\';

impl Kind {
    /// Whether values of both kinds can be compared with each other.
    pub(super) const fn is_like(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::Text | Self::Word(_), Self::Text | Self::Word(_))
                | (Self::Number, Self::Number)
                | (Self::Time, Self::Time)
                | (Self::Flag, Self::Flag)
        )
    }

    /// The value that `text` is, to be bound.
    pub(super) fn convert(self, text: &str) -> Result<SimpleExpr, RqlError> {
        Ok(Expr::val(self.wanted(text)?))
    }

    /// The value that `text` is.
    pub(super) fn wanted(self, text: &str) -> Result<Wanted, RqlError> {
        let value = match self {
            Self::Text => Some(text.into()),
            // Nothing is no word, and no row has it.
            Self::Word(_) if text.is_empty() => Some("".into()),
            Self::Word(words) => {
                let word = words.iter().find(|word| word.eq_ignore_ascii_case(text));
                word.map(|word| (*word).into())
            }
            Self::Number => text.parse::<i64>().ok().map(Into::into),
            Self::Time => moment(text).map(|at| at.0.into()),
            Self::Flag if text.eq_ignore_ascii_case("true") => Some(true.into()),
            Self::Flag if text.eq_ignore_ascii_case("false") => Some(false.into()),
            Self::Flag => None,
        };
        value.ok_or_else(|| RqlError::unconvertible(RqlError::VALIDATION, text))
    }
}

/// A moment as programs write one: RFC 3339 with any fraction, with an offset or without (then UTC), or a day alone
/// (then its beginning in UTC). A `+` that was read as a blank stands for itself.
pub(in crate::repo) fn moment(text: &str) -> Option<Timestamp> {
    const DAY: usize = "2026-01-31".len();
    let text = text.trim().replace("Z ", "Z");
    // Signs, week dates and years of six digits are ISO 8601 too, and no dates here.
    let date = text.get(..DAY)?.as_bytes();
    let dashed = |(place, byte): (usize, &u8)| match place {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if !date.iter().enumerate().all(dashed) {
        return None;
    }
    let text = match text.rsplit_once(' ') {
        Some((moment, offset))
            if moment.len() > DAY && offset.contains(':') && moment.contains('T') =>
        {
            format!("{moment}+{offset}")
        }
        _ => text,
    };
    let at = if text.len() == DAY {
        Date::parse(&text, &Iso8601::DATE)
            .ok()?
            .midnight()
            .assume_utc()
    } else {
        OffsetDateTime::parse(&text, &Iso8601::PARSING)
            .or_else(|_| {
                PrimitiveDateTime::parse(&text, &Iso8601::PARSING)
                    .map(PrimitiveDateTime::assume_utc)
            })
            .ok()?
    };
    let micros = at.unix_timestamp_nanos().div_euclid(1_000);
    i64::try_from(micros).ok().map(Timestamp)
}

/// The operator as messages name it.
pub(super) const fn operator_name(op: Comparison) -> &'static str {
    match op {
        Comparison::Eq => "Eq",
        Comparison::Ne => "Ne",
        Comparison::Gt => "Gt",
        Comparison::Ge => "Ge",
        Comparison::Lt => "Lt",
        Comparison::Le => "Le",
    }
}

pub(super) fn compare(column: SimpleExpr, op: Comparison, value: SimpleExpr) -> SimpleExpr {
    match op {
        Comparison::Eq => column.eq(value),
        Comparison::Ne => not(column.eq(value)),
        Comparison::Gt => column.gt(value),
        Comparison::Ge => column.gte(value),
        Comparison::Lt => column.lt(value),
        Comparison::Le => column.lte(value),
    }
}

/// Comparing with nothing: there is nothing before or after it.
pub(super) fn compare_null(column: SimpleExpr, op: Comparison) -> Result<SimpleExpr, RqlError> {
    match op {
        Comparison::Eq => Ok(column.is_null()),
        Comparison::Ne => Ok(column.is_not_null()),
        _ => Err(invalid("Null values are not supported.")),
    }
}

/// Refuses a pattern that would take long to try.
pub(super) fn check_pattern(pattern: &Pattern) -> Result<(), RqlError> {
    let pieces = pattern.0.iter().map(|piece| match piece {
        Piece::Text(text) => text.chars().count(),
        Piece::Any => 1,
    });
    if pieces.sum::<usize>() <= PATTERN_MAX {
        return Ok(());
    }
    Err(invalid(&format!(
        "A pattern can have at most {PATTERN_MAX} characters."
    )))
}

/// Whether a folded column is like the pattern in any case.
pub(super) fn like_folded(column: SimpleExpr, pattern: &Pattern) -> SimpleExpr {
    let mut text = String::new();
    for piece in &pattern.0 {
        match piece {
            Piece::Any => text.push('%'),
            Piece::Text(piece) => {
                for character in fold(piece).chars() {
                    if matches!(character, '%' | '_' | ESCAPE) {
                        text.push(ESCAPE);
                    }
                    text.push(character);
                }
            }
        }
    }
    column.like(LikeExpr::new(text).escape(ESCAPE))
}

/// Whether a column is like the pattern, letter by letter.
pub(super) fn like(column: SimpleExpr, pattern: &Pattern) -> SimpleExpr {
    glob(column, pattern, |text, character| {
        push_literal(text, character);
    })
}

/// The same in any case, for a column that has no folded form: each letter becomes the set of its forms.
pub(super) fn like_any_case(column: SimpleExpr, pattern: &Pattern) -> SimpleExpr {
    glob(column, pattern, |text, character| {
        let forms = forms(character);
        if forms.len() > 1 {
            let _ = write!(text, "[{}]", forms.iter().collect::<String>());
        } else {
            push_literal(text, character);
        }
    })
}

fn glob(column: SimpleExpr, pattern: &Pattern, push: fn(&mut String, char)) -> SimpleExpr {
    let mut text = String::new();
    for piece in &pattern.0 {
        match piece {
            Piece::Any => text.push('*'),
            Piece::Text(piece) => piece
                .chars()
                .for_each(|character| push(&mut text, character)),
        }
    }
    column.glob(text)
}

fn push_literal(text: &mut String, character: char) {
    if matches!(character, '*' | '?' | '[') {
        let _ = write!(text, "[{character}]");
    } else {
        text.push(character);
    }
}

/// Every letter that has the same lower case as this one.
fn forms(character: char) -> Vec<char> {
    static UPPER: OnceLock<HashMap<char, Vec<char>>> = OnceLock::new();
    let upper = UPPER.get_or_init(|| {
        let mut upper: HashMap<char, Vec<char>> = HashMap::new();
        for character in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            if let Some(lower) = lower(character).filter(|lower| *lower != character) {
                upper.entry(lower).or_default().push(character);
            }
        }
        upper
    });
    let lower = lower(character).unwrap_or(character);
    let mut forms = vec![lower];
    forms.extend(upper.get(&lower).into_iter().flatten());
    forms
}

/// A letter's lower case, when it is one letter.
fn lower(character: char) -> Option<char> {
    let mut lower = character.to_lowercase();
    let first = lower.next();
    first.filter(|_| lower.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_in_the_forms_that_programs_write() {
        let at = |text: &str| moment(text).map(|at| at.to_string());
        for (text, want) in [
            ("2026-01-31T23:00:00.000Z", "2026-01-31T23:00:00.000Z"),
            (
                "2026-01-02T03:04:05.678000+00:00",
                "2026-01-02T03:04:05.678Z",
            ),
            (
                "2026-01-02T03:04:05.678000 00:00",
                "2026-01-02T03:04:05.678Z",
            ),
            ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000Z"),
            ("2026-01-01T02:03:04.000005", "2026-01-01T02:03:04.000Z"),
            ("2026-01-01T02:03:04.123456789Z", "2026-01-01T02:03:04.123Z"),
            ("2026-01-01", "2026-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(at(text).as_deref(), Some(want), "{text}");
        }
        assert!(moment("9999-12-31T23:59:59-01:00").is_some());
        for text in [
            "yesterday",
            "",
            "2026",
            "2026-13-01",
            "+002026-01-01",
            "2026-W01-1",
            "20260101T000000Z",
            "2026-01-01T25:00:00Z",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn a_letter_knows_all_its_forms() {
        assert_eq!(forms('ü'), ['ü', 'Ü']);
        assert_eq!(forms('Ü'), ['ü', 'Ü']);
        // The Kelvin sign.
        assert_eq!(forms('K'), ['k', 'K', '\u{212a}']);
        assert_eq!(forms('東'), ['東']);
    }

    #[test]
    fn a_long_value_is_cut_in_its_message() {
        let wrong = Kind::Number.wanted(&"é".repeat(500)).unwrap_err();
        assert!(wrong.message.chars().count() < 140, "{}", wrong.message);
    }
}
