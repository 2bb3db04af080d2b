//! The list of tokens as a file, all of it, as it is narrowed and sorted: a link leads here, no script.
//!
//! Owns the addresses, the headers of a file and how many are sent at the same time. The rows go out as they are read:
//! who reads slowly is waited for, and who goes away ends the work. Which tokens there are is the service's to say.

mod rows;

use super::{
    auth::Caller,
    error_page::Refusal,
    ui,
    watch::{Reader, Watch},
};
use crate::{
    service::{ConsoleService, EXPORT_MAX, Place, Places, TokenExport},
    state::AppState,
};
use app::{
    domain::{text::grouped, time::Timestamp, token_query::TokenQuery},
    error::{ApiError, ErrorCode},
    href,
    port::{Actor, Who},
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::stream;
use rows::Form;
use std::{io, sync::Arc};

/// Files that are sent at the same time.
const FILES: usize = 6;
/// To people of one account.
const FILES_EACH: usize = 2;

/// The places for files.
#[derive(Debug)]
pub struct Exports(Places);

impl Default for Exports {
    fn default() -> Self {
        Self(Places::new(FILES, FILES_EACH))
    }
}

impl Exports {
    /// A place for a file of this person's account.
    ///
    /// # Errors
    /// All are taken, or all that one account may have.
    fn place(&self, actor: &Actor) -> Result<Place, Refusal> {
        let account = match &actor.who {
            Who::User(user) => user.account.id.to_string(),
            Who::Token(_) | Who::System => String::new(),
        };
        let busy = "Your account exports as many lists as it may at the same time, or Latchkey as many as it can. \
                    Nothing was exported; wait until one of them is done, then try again.";
        let place = self.0.try_take(&account);
        place.ok_or_else(|| Refusal::new(StatusCode::TOO_MANY_REQUESTS, busy))
    }
}

/// The addresses of the files.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(href::EXPORT_CSV, get(table))
        .route(href::EXPORT_NDJSON, get(lines))
}

async fn table(State(state): State<AppState>, request: Request) -> Response {
    answer(state, request, Form::Table).await
}

async fn lines(State(state): State<AppState>, request: Request) -> Response {
    answer(state, request, Form::Lines).await
}

async fn answer(state: AppState, mut request: Request, form: Form) -> Response {
    let query = href::token_query(request.uri().query().unwrap_or_default());
    let caller = request.extensions().get::<Caller>();
    let Some(actor) = caller.and_then(|caller| caller.actor.clone()) else {
        // Back to the list: a file would leave the page for signing in where it is.
        if let Ok(list) = href::tokens(&query).parse() {
            *request.uri_mut() = list;
        }
        return ui::ask_to_sign_in(&request);
    };
    file(&state, &actor, &query, form)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn file(
    state: &AppState,
    actor: &Actor,
    query: &TokenQuery,
    form: Form,
) -> Result<Response, Refusal> {
    let place = state.exports.place(actor)?;
    let export = state.service.open_export(actor, query).await;
    let export = export.map_err(wrong_filter)?;
    if export.len() > EXPORT_MAX {
        let message = format!(
            "This list has more than {} tokens, which is more than one file holds. Nothing was exported; narrow the \
             list with a filter.",
            grouped(EXPORT_MAX)
        );
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, &message));
    }
    let state_of = Sending {
        service: Arc::clone(&state.service),
        export,
        form,
        begun: false,
        reader: Watch::begin(place),
    };
    let name = attachment(state.env.clock.now(), form)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(form.content_type())),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let body = stream::try_unfold(state_of, Sending::next);
    Ok((headers, Body::from_stream(body)).into_response())
}

/// The name under which a browser keeps the file.
fn attachment(now: Timestamp, form: Form) -> Result<HeaderValue, Refusal> {
    let now = now.to_string();
    let day = now.split('T').next().unwrap_or_default();
    let name = format!(
        "attachment; filename=\"api-tokens-{day}.{}\"",
        form.extension()
    );
    HeaderValue::from_str(&name).map_err(|_| Refusal::internal())
}

/// A wrong filter in words of its own, with its faults: nobody sees the fields of an error here.
fn wrong_filter(error: ApiError) -> Refusal {
    if error.code != ErrorCode::BadRequest {
        return error.into();
    }
    let faults: Vec<_> = error
        .fields
        .iter()
        .map(|fault| format!("{}: {}", fault.field, fault.message))
        .collect();
    let message = format!(
        "The filter of the list is wrong, so nothing was exported. {} Go back to the list and correct the filter.",
        faults.join(" ")
    );
    ApiError { message, ..error }.into()
}

/// A file on its way out.
struct Sending {
    service: Arc<ConsoleService>,
    export: TokenExport,
    form: Form,
    begun: bool,
    reader: Reader,
}

impl Sending {
    /// The next piece, and what follows. What fails here ends the connection, so that nobody takes half a list for a whole
    /// one.
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        self.reader.asks()?;
        if !self.begun {
            self.begun = true;
            return Ok(Some((self.form.head()?.into(), self)));
        }
        let rows = self.service.next_of_export(&mut self.export).await;
        // The service has logged why.
        let rows = rows.map_err(|_| io::Error::other("the rows could not be read"))?;
        Ok(match rows {
            Some(rows) => Some((self.form.piece(&rows)?.into(), self)),
            None => None,
        })
    }
}
