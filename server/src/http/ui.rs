//! The console's pages and server functions.
//!
//! Owns who may open which page, and the context in which both are run. It must not know what a page shows.

use super::{
    auth::{Caller, has_cookie},
    done::Done,
    error_page::Refusal,
    middleware::origin::SEC_FETCH_SITE,
    next, profile,
};
use crate::state::AppState;
use any_spawner::Executor;
use app::{
    domain::view::ListName,
    error::{ApiError, ErrorCode},
    href::{self, Place},
    page::notice::FormNotice,
    port::{Actor, Console, RequestId},
    shell::{AssetVersion, shell},
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header::SET_COOKIE},
    response::{Html, IntoResponse, Response},
    routing::{any, get, post},
};
use http_body_util::BodyExt as _;
use leptos::{nonce::Nonce, prelude::provide_context, server_fn};
use std::sync::Arc;

/// Marks a browser that has just been asked to load a page again; see [`ask_to_sign_in`].
const RELOADED: &str = "reloaded";

/// The page that loads itself again. A navigation from another site brings no Strict cookie; the one that this page
/// starts comes from our own origin and does. It needs no script.
const RELOAD: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"/>\
    <meta http-equiv=\"refresh\" content=\"0\"/><title>Latchkey</title></head><body></body></html>";

/// The pages.
pub fn pages() -> Router<AppState> {
    // Leptos runs its tasks on our threads. Set already, in a process with two routers, is set well.
    let _ = Executor::init_tokio();
    let router = Router::new()
        .route("/", get(home))
        .route(href::SIGN_IN, get(sign_in));
    Place::PATHS
        .into_iter()
        .fold(router, |router, path| router.route(path, get(page)))
}

/// The server functions. All are POST; one that is not gets no route.
pub fn functions() -> Router<AppState> {
    let paths = server_fn::axum::server_fn_paths();
    let paths = paths.filter(|(_, method)| *method == Method::POST);
    let router = Router::new().route("/fn/{*rest}", any(no_function));
    paths.fold(router, |router, (path, _)| {
        router.route(path, post(function))
    })
}

async fn home() -> Response {
    next::see_other(href::TOKENS)
}

async fn sign_in(State(state): State<AppState>, request: Request) -> Response {
    if caller(&request).actor.is_none() {
        return render(&state, request, None).await;
    }
    let asked = href::query_value(request.uri().query().unwrap_or_default(), "next");
    next::see_other(next::target(&asked.unwrap_or_default()))
}

async fn page(State(state): State<AppState>, request: Request) -> Response {
    let Some(actor) = caller(&request).actor else {
        return ask_to_sign_in(&request);
    };
    let forget = has_cookie(request.headers(), RELOADED);
    let mut response = match default_view(&state, request.uri(), &actor).await {
        Some(address) => next::see_other(&address),
        None => shown(&state, &actor, request).await,
    };
    if forget {
        response.headers_mut().append(SET_COOKIE, reloaded(false));
    }
    response
}

/// The address of the view that the person's list begins with, for its bare address (see `href::view`). A list whose
/// default cannot be had is the plain one.
async fn default_view(state: &AppState, uri: &Uri, actor: &Actor) -> Option<String> {
    if uri.path() != href::TOKENS || !uri.query().unwrap_or_default().is_empty() {
        return None;
    }
    let view = state.service.get_default_view(actor, ListName::Tokens);
    view.await.ok().flatten().map(|view| href::view(&view))
}

async fn shown(state: &AppState, actor: &Actor, request: Request) -> Response {
    let done = Done::of(&request);
    let values = match request.uri().path() {
        href::PROFILE => profile::saved(state, actor).await,
        _ => Ok(Vec::new()),
    };
    let values = match values {
        Ok(values) => values,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let notice = FormNotice {
        message: done.map(|done| done.sentence.to_owned()),
        done: done.is_some(),
        values,
        ..FormNotice::default()
    };
    let mut response = render(state, request, Some(notice)).await;
    if let Some(done) = done {
        let forget = done.forget.clone();
        response.headers_mut().append(SET_COOKIE, forget);
    }
    response
}

/// Any other address: the page that says so.
pub async fn not_found(State(state): State<AppState>, mut request: Request) -> Response {
    // The pages read an address more kindly than the routes do, dots and all. What has no route is no page (I-31).
    *request.uri_mut() = Uri::from_static("/nowhere");
    let mut response = render(&state, request, None).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// Sends a browser to the sign-in page; one that comes from another site, first to the same page again, for its
/// cookie may only have been held back. A short-lived cookie sees to it that this happens once.
pub(super) fn ask_to_sign_in(request: &Request) -> Response {
    let headers = request.headers();
    let asked = request
        .uri()
        .path_and_query()
        .map_or("", |asked| asked.as_str());
    let mut response = if is_cross_site(headers) && !has_cookie(headers, RELOADED) {
        Html(RELOAD).into_response()
    } else {
        next::see_other(&next::sign_in(asked))
    };
    let reload = response.status() == StatusCode::OK;
    if reload || has_cookie(headers, RELOADED) {
        response.headers_mut().append(SET_COOKIE, reloaded(reload));
    }
    response
}

fn is_cross_site(headers: &HeaderMap) -> bool {
    headers
        .get(SEC_FETCH_SITE)
        .is_some_and(|site| site == "cross-site")
}

/// The mark of a reload. Lax, for it must come along exactly when the session does not.
fn reloaded(set: bool) -> HeaderValue {
    HeaderValue::from_static(if set {
        "reloaded=1; HttpOnly; SameSite=Lax; Path=/; Max-Age=10"
    } else {
        "reloaded=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
    })
}

fn caller(request: &Request) -> Caller {
    request.extensions().get().cloned().unwrap_or_default()
}

/// The page at the request's address, in one piece, so that its status is known before the first byte and it can be
/// read without script.
pub async fn render(state: &AppState, request: Request, notice: Option<FormNotice>) -> Response {
    let context = Context::of(state, &request, notice);
    let options = state.leptos.clone();
    let render = leptos_axum::render_app_async_stream_with_context(
        move || context.clone().provide(),
        move || shell(options.clone()),
    );
    render(request).await
}

async fn function(State(state): State<AppState>, request: Request) -> Response {
    let context = Context::of(&state, &request, None);
    let run =
        leptos_axum::handle_server_fns_with_context(move || context.clone().provide(), request);
    let response = run.await.into_response();
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    // Arguments that cannot be read come out as 500 and as an error that only browsers make (leptos issue 4536).
    let (parts, body) = response.into_parts();
    let Ok(body) = body.collect().await else {
        return Refusal::internal().into_response();
    };
    let body = body.to_bytes();
    match serde_json::from_slice::<ApiError>(&body) {
        Ok(error) if error.code == ErrorCode::Unreachable => {
            let message = "The request was not understood. Reload the page and try again.";
            Refusal::new(StatusCode::BAD_REQUEST, message).into_response()
        }
        _ => Response::from_parts(parts, Body::from(body)),
    }
}

async fn no_function() -> Refusal {
    let message = "This page is older or newer than the server. Reload it and try again.";
    Refusal::new(StatusCode::NOT_FOUND, message)
}

/// What a page and a server function find around them.
#[derive(Clone)]
struct Context {
    console: Arc<dyn Console>,
    caller: Caller,
    request_id: Option<RequestId>,
    nonce: Option<Nonce>,
    notice: Option<FormNotice>,
}

impl Context {
    fn of(state: &AppState, request: &Request, notice: Option<FormNotice>) -> Self {
        let extensions = request.extensions();
        Self {
            console: state.service.clone(),
            caller: caller(request),
            request_id: extensions.get().cloned(),
            nonce: extensions.get().cloned(),
            notice,
        }
    }

    fn provide(self) {
        provide_context(self.console);
        provide_context(self.caller.theme);
        provide_context(self.caller.rows);
        provide_context(AssetVersion(super::assets::version().to_owned()));
        if let Some(actor) = self.caller.actor {
            provide_context(actor);
        }
        if let Some(request_id) = self.request_id {
            provide_context(request_id);
        }
        // In place of the one that leptos_axum draws itself: this one is in the response's policy.
        if let Some(nonce) = self.nonce {
            provide_context(nonce);
        }
        if let Some(notice) = self.notice {
            provide_context(notice);
        }
    }
}
