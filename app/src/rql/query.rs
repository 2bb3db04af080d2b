//! A query string, from its raw text to its parts. Limits of pages and names of fields are not known here.

use super::QUERY_MAX;
use super::error::RqlError;
use super::expr::Expr;
use super::order::{OrderKey, parse_order};
use super::parse::{parse, too_long};
use super::select::Select;
use super::token::trim;
use super::wire::{pair, segments};

/// What a query string asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Which rows; `None` is all of them.
    pub filter: Option<Expr>,
    /// In which order; none when nothing was said.
    pub order: Vec<OrderKey>,
    /// Which fields.
    pub select: Select,
    /// How many rows, as written: any number.
    pub limit: Option<i64>,
    /// After how many rows, as written: any number.
    pub offset: Option<i64>,
    /// Whether placeholders in texts are to be filled in.
    pub render: bool,
}

impl Query {
    /// Reads a query string as it came on the wire, without its question mark.
    ///
    /// # Errors
    /// Every fault of every part. Positions count in the decoded part; the filter is all its segments with `&` between.
    pub fn parse(raw: &str) -> Result<Self, Vec<RqlError>> {
        if raw.len() > QUERY_MAX {
            return Err(vec![too_long()]);
        }
        let mut errors = Vec::new();
        let mut parts = Parts::default();
        for segment in segments(raw) {
            match pair(segment) {
                Ok((key, value)) => parts.add(key, value),
                Err(error) => errors.push(error),
            }
        }
        let query = Self {
            filter: kept(parse(&parts.filter), &mut errors),
            order: kept(parse_order(&parts.order.unwrap_or_default()), &mut errors),
            select: kept(
                Select::parse(&parts.select.unwrap_or_default()).map_err(|error| vec![error]),
                &mut errors,
            ),
            limit: kept(number("limit", parts.limit.as_deref()), &mut errors),
            offset: kept(number("offset", parts.offset.as_deref()), &mut errors),
            render: parts.render,
        };
        if errors.is_empty() {
            Ok(query)
        } else {
            Err(errors)
        }
    }
}

/// The decoded segments, sorted by what they are for.
#[derive(Default)]
struct Parts {
    filter: String,
    order: Option<String>,
    select: Option<String>,
    limit: Option<String>,
    offset: Option<String>,
    render: bool,
}

impl Parts {
    /// Of the reserved keys the first one stands; of conditions none may be lost, because that would widen the answer.
    fn add(&mut self, key: String, value: String) {
        let name = trim(&key).to_ascii_lowercase();
        let part = match name.as_str() {
            "order" => &mut self.order,
            "select" => &mut self.select,
            "limit" => &mut self.limit,
            "offset" => &mut self.offset,
            "render()" if value.is_empty() => {
                self.render = true;
                return;
            }
            _ => return self.add_condition(&key, &value),
        };
        part.get_or_insert(value);
    }

    /// Joins with `&`, which cannot stand between the arguments of a call: an ampersand in the raw text that fell into
    /// one is then refused, where a comma would give it the meaning of that call.
    fn add_condition(&mut self, key: &str, value: &str) {
        if trim(key).is_empty() && value.is_empty() {
            return;
        }
        if !self.filter.is_empty() {
            self.filter.push('&');
        }
        self.filter.push_str(key);
        if !value.is_empty() {
            self.filter.push('=');
            self.filter.push_str(value);
        }
    }
}

fn kept<T: Default>(read: Result<T, Vec<RqlError>>, errors: &mut Vec<RqlError>) -> T {
    read.unwrap_or_else(|more| {
        errors.extend(more);
        T::default()
    })
}

fn number(key: &str, text: Option<&str>) -> Result<Option<i64>, Vec<RqlError>> {
    let Some(text) = text.map(trim) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(vec![RqlError::unconvertible(key, text)]),
    }
}
