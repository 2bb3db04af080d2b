//! Lists: what the query string asks for, the envelope of a page, and whether all is wanted as a stream.

use super::{
    bearer::Failure,
    body::wrong,
    select::Shape,
    stream::{self, Form},
};
use app::{
    domain::listing::{LIMIT_MAX, ListQuery, Listing, Stretch},
    error::{ApiError, ErrorCode},
    rql::{Query, Select},
};
use axum::{
    extract::{FromRequestParts, Path, RawQuery},
    http::{HeaderName, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

/// The header that asks for a stream, and says that one comes.
pub const STREAMING: HeaderName = HeaderName::from_static("mpt-streaming");

/// The parameters of lists. A filter stands beside them, as in `?eq(status,Active)&limit=10`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "only described: the query string is read as a whole"
)]
pub struct ListParams {
    /// How many rows to answer: at most 100, and 100 without it; 0 to count only. The answer says how many it took.
    #[param(minimum = 0, example = 10)]
    limit: Option<u64>,
    /// How many rows to pass over before the first one.
    #[param(minimum = 0, example = 0)]
    offset: Option<u64>,
    /// Members to sort by, the most important first, as in `name,-revision`; `-` for from large to small.
    order: Option<String>,
    /// Members to add to the usual ones (`+audit`) or to take away (`-description`). Only some: `-*,id,name`. A name that
    /// does not exist is passed over.
    select: Option<String>,
}

/// The parameters of a single object.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "only described: the query string is read as a whole"
)]
pub struct GetParams {
    /// Members to add to the usual ones (`+audit`) or to take away (`-description`). Only some: `-*,id,name`. A name that
    /// does not exist is passed over.
    select: Option<String>,
}

/// What is said of the rows beside them.
#[derive(Serialize, ToSchema)]
#[schema(as = ListMeta)]
pub struct Meta {
    /// Where the rows lie in the whole.
    pagination: Pagination,
    /// Members that were left out by default or because the caller said so.
    omitted: Vec<&'static str>,
}

/// Where rows lie in the whole.
#[derive(Serialize, ToSchema)]
pub struct Pagination {
    /// Rows before these.
    offset: u64,
    /// The most rows that the answer could have.
    limit: u64,
    /// Rows in all.
    total: u64,
}

/// How a list is wanted.
pub enum Mode {
    /// A page of it.
    Page(Stretch),
    /// All of it, or its first rows.
    Stream {
        /// At most so many.
        most: Option<u64>,
        form: Form,
    },
}

/// A list as it is asked for.
pub struct ListRequest {
    pub query: ListQuery,
    pub select: Select,
    pub render: bool,
    pub mode: Mode,
}

impl<S: Send + Sync> FromRequestParts<S> for ListRequest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let RawQuery(raw) = RawQuery::from_request_parts(parts, state)
            .await
            .unwrap_or(RawQuery(None));
        let form = stream::wanted(&parts.headers).map_err(IntoResponse::into_response)?;
        Self::read(raw.as_deref().unwrap_or_default(), form)
            .map_err(|error| Failure::from(error).into_response())
    }
}

impl ListRequest {
    fn read(raw: &str, form: Option<Form>) -> Result<Self, ApiError> {
        let query = Query::parse(raw)?;
        let mode = match form {
            Some(form) => Mode::Stream {
                most: streamed(&query)?,
                form,
            },
            None => Mode::Page(stretch(&query)?),
        };
        Ok(Self {
            query: ListQuery {
                filter: query.filter,
                order: query.order,
            },
            select: query.select,
            render: query.render,
            mode,
        })
    }

    /// The envelope around the rows of a page, each as the shape and the caller have it.
    pub fn page<T: Serialize>(
        &self,
        shape: &Shape,
        stretch: Stretch,
        listing: Listing<T>,
    ) -> Result<Response, Failure> {
        let rows = listing.rows.into_iter().map(|row| self.row(shape, &row));
        let data: Vec<_> = rows.collect::<Result<_, _>>()?;
        let meta = Meta {
            pagination: Pagination {
                offset: stretch.offset,
                limit: stretch.limit,
                total: listing.total,
            },
            omitted: shape.left_out(self.select.root()),
        };
        Ok(axum::Json(json!({ "$meta": meta, "data": data })).into_response())
    }

    /// One row.
    pub fn row<T: Serialize>(
        &self,
        shape: &Shape,
        row: &T,
    ) -> Result<Map<String, Value>, ApiError> {
        picked(shape, &self.select, row)
    }
}

/// An object with the members that its shape and the caller have.
pub fn picked<T: Serialize>(
    shape: &Shape,
    select: &Select,
    object: &T,
) -> Result<Map<String, Value>, ApiError> {
    Ok(shape.pick(select.root(), value(object)?))
}

/// The id in an address, as text: what cannot be read as text is the id of nothing.
pub struct Id(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id))
            .map_err(|_| ApiError::not_found().into())
    }
}

/// A single object as it is asked for.
pub struct GetRequest {
    pub select: Select,
    pub render: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for GetRequest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let read = Query::parse(parts.uri.query().unwrap_or_default());
        let query = read.map_err(|errors| Failure::Api(errors.into()).into_response())?;
        Ok(Self {
            select: query.select,
            render: query.render,
        })
    }
}

impl GetRequest {
    /// The object as the shape and the caller have it, with what was left out of it.
    pub fn object<T: Serialize>(&self, shape: &Shape, object: &T) -> Result<Value, Failure> {
        let select = self.select.root();
        let mut members = picked(shape, &self.select, object)?;
        members.insert(
            "$meta".to_owned(),
            json!({ "omitted": shape.left_out(select) }),
        );
        Ok(Value::Object(members))
    }
}

/// An object with its usual members, for answers to changes.
pub fn usual<T: Serialize>(shape: &Shape, object: &T) -> Result<Value, Failure> {
    let request = GetRequest {
        select: Select::default(),
        render: false,
    };
    request.object(shape, object)
}

fn value<T: Serialize>(object: &T) -> Result<Value, ApiError> {
    serde_json::to_value(object).map_err(|error| {
        tracing::error!(%error, "an answer could not be written");
        ApiError::new(
            ErrorCode::Internal,
            "Something went wrong in Latchkey. Try again; if it stays, tell your operator.",
        )
    })
}

fn stretch(query: &Query) -> Result<Stretch, ApiError> {
    let limit = not_negative("limit", query.limit)?;
    let offset = not_negative("offset", query.offset)?.unwrap_or(0);
    Ok(Stretch {
        offset,
        limit: limit.unwrap_or(LIMIT_MAX).min(LIMIT_MAX),
    })
}

fn not_negative(name: &str, number: Option<i64>) -> Result<Option<u64>, ApiError> {
    let read = number.map(u64::try_from).transpose();
    read.map_err(|_| wrong(name, "This cannot be negative."))
}

/// How many rows a stream may have: all without a limit, or with -1.
fn streamed(query: &Query) -> Result<Option<u64>, ApiError> {
    if query.offset.is_some_and(|offset| offset != 0) {
        return Err(wrong("offset", "A stream begins with the first row."));
    }
    match query.limit {
        Some(-1) => Ok(None),
        limit => not_negative("limit", limit),
    }
}
