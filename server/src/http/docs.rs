//! The description of the REST interface, for programs as JSON and for people as a page. Both need no credential.
//!
//! Owns how the description reads. What it says comes from the handlers, through `rest::openapi`.

use super::{assets, error_page::escape, rest::openapi};
use crate::state::AppState;
use app::href;
use axum::{
    Router,
    extract::State,
    http::header::CONTENT_TYPE,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde_json::Value;
use std::{fmt::Write as _, sync::OnceLock};

/// The methods of a path, in the order in which they are described.
const METHODS: [&str; 4] = ["get", "post", "put", "delete"];
/// What the first call is answered with.
const ANSWER: &str = r#"{"$meta": {"pagination": {"offset": 0, "limit": 1, "total": 37}, "omitted": ["audit"]},
 "data": [{"id": "TKN-1234-1234", "name": "Robot 1", "revision": 1, "status": "Active",
           "account": {"id": "ACC-0001-0002", "name": "Stark Industries", "type": "Client", "status": "Active"},
           "modules": [{"id": "MOD-0478", "name": "Billing", "code": "billing", "revision": 1,
                        "settings": {"configurable": true, "default": false, "paid": false}}]}]}"#;
/// Examples of filters, as they stand in an address, with what they find.
const FILTERS: [(&str, &str); 8] = [
    (
        "status=Active",
        "tokens that are Active; the same as eq(status,Active)",
    ),
    (
        "ilike(name,*robot*)",
        "a name that holds “robot” in any case; like() goes by case",
    ),
    (
        "ge(audit.created.at,2026-01-01)",
        "added this year; also gt, lt, le, ne",
    ),
    (
        "in(id,(TKN-1234-1234,TKN-1234-1235))",
        "one of these; out() for none of them",
    ),
    ("lastAccessAt=null()", "never used"),
    (
        "any(modules,eq(code,'billing'))",
        "with this module; all() for every one",
    ),
    (
        "or(status=Disabled,not(name='Robot%201'))",
        "one or the other; and() for both",
    ),
    (
        "eq(name,%22O'Brien%22)",
        "text with blanks, commas or quotes stands in quotes, of either kind",
    ),
];

/// `/docs` and the description for programs.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(href::DOCS, get(page))
        .route(openapi::PATH, get(json))
}

async fn json(State(state): State<AppState>) -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| openapi::text(&state.config.public_url));
    ([(CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

async fn page(State(state): State<AppState>) -> Html<&'static str> {
    static PAGE: OnceLock<String> = OnceLock::new();
    let address = &state.config.public_url;
    Html(PAGE.get_or_init(|| {
        let document = serde_json::to_value(openapi::document(address)).unwrap_or_default();
        document_page(&document, address)
    }))
}

fn document_page(document: &Value, address: &str) -> String {
    let version = assets::version();
    let mut page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"/>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\
         <meta name=\"color-scheme\" content=\"light dark\"/><title>REST API · Latchkey</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"/>\
         <link rel=\"stylesheet\" href=\"/pkg/latchkey.css?v={version}\"/></head><body>\
         <a class=\"skip\" href=\"#main\">Skip to content</a>\
         <div class=\"docs\"><header><a class=\"brand\" href=\"/\">Latchkey</a> <a href=\"/\">Back to the console</a></header>\
         <main class=\"card\" id=\"main\" tabindex=\"-1\"><article class=\"help-page\"><h1>REST API</h1>"
    );
    for paragraph in text(&document["info"]["description"]).split("\n\n") {
        let _ = write!(page, "<p>{}</p>", inline(paragraph));
    }
    contents(&mut page, document);
    start(&mut page, address);
    filters(&mut page);
    errors(&mut page);
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(
            page,
            "<h2>{}</h2><p>{}</p>",
            escape(name),
            inline(text(&tag["description"]))
        );
        for (path, method, operation) in operations(document, name) {
            operation_section(&mut page, path, method, operation);
        }
    }
    schemas(&mut page, document);
    page.push_str("</article></main></div></body></html>");
    page
}

fn contents(page: &mut String, document: &Value) {
    page.push_str(
        "<nav aria-label=\"Contents\"><h2>Contents</h2><ul><li><a href=\"#start\">The first call</a></li>\
         <li><a href=\"#filters\">Filters</a></li><li><a href=\"#errors\">Errors</a></li></ul>",
    );
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(page, "<p>{}</p><ul>", escape(name));
        for (_, _, operation) in operations(document, name) {
            let _ = write!(
                page,
                "<li><a href=\"#{}\">{}</a></li>",
                escape(text(&operation["operationId"])),
                escape(text(&operation["summary"]))
            );
        }
        page.push_str("</ul>");
    }
    page.push_str("<ul><li><a href=\"#objects\">Objects</a></li></ul></nav>");
}

/// The way from nothing to an answer.
fn start(page: &mut String, address: &str) {
    let address = escape(address);
    let _ = write!(
        page,
        "<h2 id=\"start\">The first call</h2><ol><li>Add an API token in the console, with the module Access Management, \
         and copy its secret.</li><li>Put the secret into a variable: <code>read -rs TOKEN</code></li><li>Call:</li></ol>\
         <pre class=\"pre\" tabindex=\"0\"><code>curl -g -H \"Authorization: Bearer $TOKEN\" \
         \"{address}/public/v1/accounts/api-tokens?limit=1\"</code></pre>\
         <pre class=\"pre\" tabindex=\"0\"><code>{}</code></pre>\
         <p>The public Python client <code>mpt-api-client</code> works as it is. For other tools there is the \
         <a href=\"{}\">description in OpenAPI 3.1</a>. A token needs modules by id; <code>GET \
         /public/v1/accounts/modules</code> says which there are.</p>",
        escape(ANSWER),
        openapi::PATH
    );
}

fn errors(page: &mut String) {
    page.push_str(
        "<h2 id=\"errors\">Errors</h2><p>Every answer that is no success is a <a href=\"#object-Problem\">Problem</a>: \
         <code>detail</code> says what happened and what to do, <code>errors</code> what is wrong with which part of the \
         request. Any call can end so:</p><dl>",
    );
    for (status, description) in openapi::COMMON {
        let _ = write!(
            page,
            "<dt><code>{status}</code></dt><dd>{}</dd>",
            inline(description)
        );
    }
    page.push_str("</dl>");
}

fn filters(page: &mut String) {
    page.push_str(
        "<h2 id=\"filters\">Filters</h2><p>A filter is the query string itself, in RQL. <code>&amp;</code> and \
         <code>,</code> mean and, <code>|</code> means or. Members are named as in the answers, parts of them behind a \
         dot; of what is in a list with <code>any</code> and <code>all</code>. In an address a blank is \
         <code>%20</code>, <code>\"</code> is <code>%22</code>, <code>&lt;</code> and <code>&gt;</code> are not used \
         (<code>gt</code>, <code>le</code> and so on), <code>#</code> is <code>%23</code>, <code>+</code> is \
         <code>%2B</code>; curl needs <code>-g</code>. Paging is <code>limit</code> and <code>offset</code>, sorting \
         <code>order</code>. The records of one token: <code>object.id=TKN-1234-1234</code>.</p><dl>",
    );
    for (filter, meaning) in FILTERS {
        let _ = write!(
            page,
            "<dt><code>{}</code></dt><dd>{}</dd>",
            escape(filter),
            escape(meaning)
        );
    }
    page.push_str("</dl>");
}

/// The operations under a tag: path, method, and what is said of it.
fn operations<'a>(
    document: &'a Value,
    tag: &'a str,
) -> impl Iterator<Item = (&'a str, &'static str, &'a Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(move |(path, item)| {
        METHODS.into_iter().filter_map(move |method| {
            let operation = item.get(method)?;
            let tagged = list(&operation["tags"]).any(|name| name == tag);
            tagged.then_some((path.as_str(), method, operation))
        })
    })
}

fn operation_section(page: &mut String, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        page,
        "<section><h3 id=\"{}\">{}</h3><p><code>{} {}</code></p>",
        escape(text(&operation["operationId"])),
        escape(text(&operation["summary"])),
        method.to_uppercase(),
        escape(path)
    );
    for paragraph in text(&operation["description"]).split("\n\n") {
        let _ = write!(page, "<p>{}</p>", inline(paragraph));
    }
    let parameters: Vec<_> = list(&operation["parameters"]).collect();
    if !parameters.is_empty() {
        page.push_str("<h4>Parameters</h4><dl>");
        for parameter in parameters {
            let _ = write!(
                page,
                "<dt><code>{}</code> <span class=\"sub\">{}</span></dt><dd>{}</dd>",
                escape(text(&parameter["name"])),
                escape(text(&parameter["in"])),
                inline(text(&parameter["description"]))
            );
        }
        page.push_str("</dl>");
    }
    body_part(page, &operation["requestBody"]);
    page.push_str("<h4>Answers</h4><dl>");
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        // Those that any call can have stand in one place.
        if !openapi::COMMON.iter().any(|(common, _)| common == status) {
            answer(page, status, response);
        }
    }
    page.push_str("</dl></section>");
}

fn body_part(page: &mut String, body: &Value) {
    for (kind, content) in body["content"].as_object().into_iter().flatten() {
        let _ = write!(
            page,
            "<h4>Body</h4><p><code>{}</code> {}</p>",
            escape(kind),
            reference(&content["schema"])
        );
        if let Some(example) = content.get("example") {
            let example = serde_json::to_string_pretty(example).unwrap_or_default();
            let _ = write!(
                page,
                "<pre class=\"pre\" tabindex=\"0\"><code>{}</code></pre>",
                escape(&example)
            );
        }
    }
}

fn answer(page: &mut String, status: &str, response: &Value) {
    let schema = response["content"]
        .as_object()
        .and_then(|kinds| kinds.values().next())
        .map(|content| reference(&content["schema"]))
        .unwrap_or_default();
    let _ = write!(
        page,
        "<dt><code>{}</code></dt><dd>{} {schema}</dd>",
        escape(status),
        inline(text(&response["description"]))
    );
}

/// The link to an object that a schema names.
fn reference(schema: &Value) -> String {
    let name = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next());
    name.map(|name| {
        let name = escape(name);
        format!("<a href=\"#object-{name}\">{name}</a>")
    })
    .unwrap_or_default()
}

fn schemas(page: &mut String, document: &Value) {
    page.push_str("<h2 id=\"objects\">Objects</h2>");
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let name = escape(name);
        let _ = write!(page, "<section><h3 id=\"object-{name}\">{name}</h3>");
        if let Some(description) = schema["description"].as_str() {
            let _ = write!(page, "<p>{}</p>", inline(description));
        }
        page.push_str("<dl>");
        let required: Vec<_> = list(&schema["required"]).collect();
        for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
            let needed = required.iter().any(|name| *name == member);
            let _ = write!(
                page,
                "<dt><code>{}</code> <span class=\"sub\">{}{}</span></dt><dd>{}</dd>",
                escape(member),
                kind(schema),
                if needed { ", always" } else { "" },
                inline(described(schema))
            );
        }
        page.push_str("</dl></section>");
    }
}

/// What is said of a member; of one that is another object or nothing, beside that.
fn described(schema: &Value) -> &str {
    let within = list(&schema["oneOf"]).map(|choice| text(&choice["description"]));
    let said = std::iter::once(text(&schema["description"])).chain(within);
    said.into_iter()
        .find(|said| !said.is_empty())
        .unwrap_or_default()
}

/// What kind of value a member has.
fn kind(schema: &Value) -> String {
    if let Some(choices) = schema["oneOf"].as_array() {
        let choices: Vec<_> = choices
            .iter()
            .map(kind)
            .filter(|kind| kind != "null")
            .collect();
        return choices.join(" or ");
    }
    if schema.get("$ref").is_some() {
        return reference(schema);
    }
    let named = match &schema["type"] {
        Value::Array(kinds) => {
            let kinds = kinds.iter().filter_map(Value::as_str);
            kinds
                .filter(|kind| *kind != "null")
                .collect::<Vec<_>>()
                .join(" or ")
        }
        kind => text(kind).to_owned(),
    };
    if named == "array" {
        format!("list of {}", kind(&schema["items"]))
    } else {
        escape(&named)
    }
}

/// Text with its `code`.
fn inline(paragraph: &str) -> String {
    let mut html = String::new();
    for (index, piece) in paragraph.split('`').enumerate() {
        if index % 2 == 1 {
            let _ = write!(html, "<code>{}</code>", escape(piece));
        } else {
            html.push_str(&escape(piece));
        }
    }
    html
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
