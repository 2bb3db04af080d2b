//! A whole list in one answer, a line or an item at a time, with the same memory however long it is.
//!
//! What belongs to the list is fixed when it is opened: its keys are read, and the rows follow in batches. A row that is
//! gone by then is still counted, with a mark in its place. What fails after the head ends the connection, so that
//! nobody takes half a list for a whole one.

use super::{
    bearer::Failure,
    lists::{ListRequest, Mode, STREAMING},
    problem::Problem,
    select::Shape,
};
use crate::{
    http::watch::{Reader, Watch},
    service::{Place, Places},
};
use app::{
    domain::listing::{Listing, Stretch},
    error::ApiError,
    port::{Actor, Who},
};
use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{ACCEPT, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::{collections::HashMap, hash::Hash, io, vec};

/// How many rows follow at least.
const COUNT: HeaderName = HeaderName::from_static("mpt-item-count");
/// Rows that are read at a time.
const BATCH: usize = 200;
/// The most rows of one stream: so many keys are kept while it lasts.
pub const MOST: u64 = 1_000_000;
/// Streams at the same time.
const STREAMS: usize = 8;
/// Of one token.
const STREAMS_EACH: usize = 2;

/// The form of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An object a line.
    Lines,
    /// One object, as pages have it.
    Whole,
}

/// The places for streams.
#[derive(Debug)]
pub struct Streams(Places);

impl Default for Streams {
    fn default() -> Self {
        Self(Places::new(STREAMS, STREAMS_EACH))
    }
}

impl Streams {
    /// A place for one of this actor's.
    ///
    /// # Errors
    /// All are taken, or all that one may have.
    pub fn place(&self, actor: &Actor) -> Result<Place, Problem> {
        let key = match &actor.who {
            Who::Token(token) => token.id.to_string(),
            Who::User(_) | Who::System => String::new(),
        };
        let busy = "Latchkey sends as many lists as it can, or as many as one token may have. Try again in a moment, or \
                    read pages.";
        let place = self.0.try_take(&key);
        place.ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, busy))
    }
}

/// The form of the stream that is asked for, if one is.
///
/// # Errors
/// Not acceptable: a stream in a form that there is none in.
pub fn wanted(headers: &HeaderMap) -> Result<Option<Form>, Problem> {
    let asked = headers
        .get(STREAMING)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"));
    if !asked {
        return Ok(None);
    }
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    let kinds: Vec<_> = accept
        .unwrap_or("*/*")
        .split(',')
        .map(|kind| kind.split(';').next().unwrap_or_default().trim())
        .collect();
    let has = |names: &[&str]| {
        kinds
            .iter()
            .any(|kind| names.iter().any(|name| kind.eq_ignore_ascii_case(name)))
    };
    if has(&["application/jsonl", "application/*", "*/*"]) {
        Ok(Some(Form::Lines))
    } else if has(&["application/json"]) {
        Ok(Some(Form::Whole))
    } else {
        let message =
            "A stream comes as application/jsonl or application/json. Accept one of them.";
        Err(Problem::new(StatusCode::NOT_ACCEPTABLE, message))
    }
}

/// How many keys are read for a stream of at most so many rows: one more than there may be shows that there are more.
pub fn keys(most: Option<u64>) -> u64 {
    most.unwrap_or(MOST + 1)
}

fn check_count(count: usize) -> Result<(), Problem> {
    if u64::try_from(count).is_ok_and(|count| count <= MOST) {
        return Ok(());
    }
    let message = format!("This list has more than {MOST} rows. Narrow it with a filter.");
    Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, &message))
}

/// Rows by their keys, those that are still there.
pub type Found<K> = Result<HashMap<K, Map<String, Value>>, ApiError>;

/// The answer that sends the rows with these keys, in this order. `read` finds the rows of some keys; `gone` is the id
/// to put in the place of one that is no longer there.
///
/// # Errors
/// Too large, with how many rows there may be.
pub fn respond<K, F, R>(
    form: Form,
    omitted: &[&str],
    keys: Vec<K>,
    place: Place,
    read: F,
    gone: fn(&K) -> String,
) -> Result<Response, Failure>
where
    K: Copy + Eq + Hash + Send + 'static,
    F: Fn(Vec<K>) -> R + Send + 'static,
    R: Future<Output = Found<K>> + Send + 'static,
{
    check_count(keys.len())?;
    let count = keys.len();
    let state = State {
        keys: keys.into_iter(),
        part: Part::Head,
        form,
        head: match form {
            Form::Lines => String::new(),
            Form::Whole => {
                let meta = json!({
                    "pagination": { "offset": 0, "limit": count, "total": count },
                    "omitted": omitted,
                });
                format!("{{\"$meta\":{meta},\"data\":[")
            }
        },
        read,
        gone,
        reader: Watch::begin(place),
    };
    let body = stream::try_unfold(state, State::next);
    let kind = match form {
        Form::Lines => "application/jsonl",
        Form::Whole => "application/json",
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (STREAMING, HeaderValue::from_static("true")),
        (COUNT, HeaderValue::from(count)),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

enum Part {
    Head,
    Rows { first: bool },
    End,
}

struct State<K, F> {
    keys: vec::IntoIter<K>,
    part: Part,
    form: Form,
    head: String,
    read: F,
    gone: fn(&K) -> String,
    reader: Reader,
}

impl<K, F, R> State<K, F>
where
    K: Copy + Eq + Hash,
    F: Fn(Vec<K>) -> R,
    R: Future<Output = Found<K>>,
{
    /// The next piece, and the state after it.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, io::Error> {
        self.reader.asks()?;
        match self.part {
            Part::Head => {
                self.part = Part::Rows { first: true };
                let head = std::mem::take(&mut self.head);
                Ok(Some((head.into(), self)))
            }
            Part::Rows { first } => {
                let keys: Vec<_> = self.keys.by_ref().take(BATCH).collect();
                if keys.is_empty() {
                    self.part = Part::End;
                    let end = if self.form == Form::Whole { "]}" } else { "" };
                    return Ok(Some((end.into(), self)));
                }
                let found = (self.read)(keys.clone()).await;
                // The port has logged why.
                let found = found.map_err(|_| io::Error::other("the rows could not be read"))?;
                let piece = self.piece(&keys, found, first);
                self.part = Part::Rows { first: false };
                Ok(Some((piece.into(), self)))
            }
            Part::End => Ok(None),
        }
    }

    fn piece(&self, keys: &[K], mut found: HashMap<K, Map<String, Value>>, first: bool) -> String {
        let mut piece = String::new();
        for (index, key) in keys.iter().enumerate() {
            let row = match found.remove(key) {
                Some(row) => Value::Object(row),
                None => json!({ "id": (self.gone)(key), "$meta": { "deleted": true } }),
            };
            if self.form == Form::Whole && !(first && index == 0) {
                piece.push(',');
            }
            piece.push_str(&row.to_string());
            if self.form == Form::Lines {
                piece.push('\n');
            }
        }
        piece
    }
}

/// The stretch that a list of few rows is read by, streamed or not.
pub fn stretch(mode: &Mode) -> Stretch {
    match mode {
        Mode::Page(stretch) => *stretch,
        Mode::Stream { most, .. } => Stretch {
            offset: 0,
            limit: most.unwrap_or(MOST).min(MOST),
        },
    }
}

/// The answer with rows of which there are few, and which are read already: a page, or a stream of all.
///
/// # Errors
/// No place for a stream; too many rows.
pub fn of_rows<T: Serialize>(
    streams: &Streams,
    actor: &Actor,
    request: &ListRequest,
    shape: &Shape,
    listing: Listing<T>,
) -> Result<Response, Failure> {
    let form = match request.mode {
        Mode::Page(stretch) => return request.page(shape, stretch, listing),
        Mode::Stream { form, .. } => form,
    };
    let place = streams.place(actor)?;
    let rows = listing.rows.iter().map(|row| request.row(shape, row));
    let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
    let omitted = shape.left_out(request.select.root());
    let keys = (0..rows.len()).collect();
    let read = move |keys: Vec<usize>| {
        let found = keys
            .into_iter()
            .filter_map(|key| Some((key, rows.get(key)?.clone())));
        std::future::ready(Ok(found.collect()))
    };
    respond(form, &omitted, keys, place, read, usize::to_string)
}
