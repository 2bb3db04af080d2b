//! How the browser calls a server function: JSON by POST, as [`Http`] has it, but with all that is the same for every
//! function compiled once. What the browser loads is a good deal smaller for it.

use crate::{browser, error::ApiError, json};
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::{Http, Protocol, client::Client, codec::Post, server::Server},
};
use send_wrapper::SendWrapper;
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin};

type Json = Post<json::JsonText>;

/// What every server function travels by.
pub struct Call;

impl<I, O, C, S> Protocol<I, O, C, S, ApiError> for Call
where
    I: Serialize,
    O: DeserializeOwned,
    C: Client<ApiError>,
    S: Server<ApiError>,
    Http<Json, Json>: Protocol<I, O, C, S, ApiError>,
{
    const METHOD: http::Method = http::Method::POST;

    fn run_server<F, Fut>(
        request: S::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<S::Response, ApiError>> + Send
    where
        F: Fn(I) -> Fut + Send,
        Fut: Future<Output = Result<O, ApiError>> + Send,
    {
        Http::<Json, Json>::run_server(request, server_fn)
    }

    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, ApiError>> + Send {
        let asked = ask(path, serde_json::to_string(&input).unwrap_or_default());
        async move { json::read(asked.await?.as_bytes()).map_err(|_| cut_short()) }
    }
}

fn ask(path: &str, body: String) -> Pin<Box<dyn Future<Output = Result<String, ApiError>> + Send>> {
    let path = path.to_owned();
    Box::pin(SendWrapper::new(async move {
        let Some((status, text)) = browser::post_json(&path, &body).await else {
            let why = ServerFnErrorErr::Request(String::new());
            return Err(ApiError::from_server_fn_error(why));
        };
        if status < 400 {
            return Ok(text);
        }
        Err(json::read(text.as_bytes()).unwrap_or_else(|_| cut_short()))
    }))
}

fn cut_short() -> ApiError {
    ApiError::from_server_fn_error(ServerFnErrorErr::Deserialization(String::new()))
}
