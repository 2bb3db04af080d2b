//! The browser's half: script, WebAssembly and style, embedded in the binary.
//!
//! Owns `/pkg/*` and the key mark. Files are sent as the build compressed them, with a strong tag for each encoding.
//! It must not know any page.

use crate::{hex, state::AppState};
use axum::{
    Router,
    body::Body,
    extract::{Path, RawQuery},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
            VARY,
        },
    },
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// What cargo-leptos built. In a debug build the files are read from the folder when they are asked for.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site/pkg"]
struct Site;

/// How the build compressed each file, best first: the word in HTTP and the ending of the name.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// A year, and never asked for again: for files whose address changes with their content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, but asked for each time.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// A key, as the mark of the product. No style attribute, so that no policy minds it.
const MARK: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">\
    <rect width=\"32\" height=\"32\" rx=\"7\" fill=\"#0b5fff\"/>\
    <g fill=\"none\" stroke=\"#fff\" stroke-width=\"2.6\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\
    <circle cx=\"11.5\" cy=\"20.5\" r=\"4.5\"/><path d=\"M14.8 17.2 24 8m-3.4 3.4 3 3\"/></g></svg>";

/// The routes of the files.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/pkg/{*path}", get(file))
        .route("/favicon.svg", get(mark))
}

/// A short hash over all files, which changes with every build of the browser's half. Pages ask for their files
/// with it, so that those can be kept for ever.
pub fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut names: Vec<_> = Site::iter().filter(|name| !is_compressed(name)).collect();
        names.sort_unstable();
        let mut hash = Sha256::new();
        for name in names {
            hash.update(name.as_bytes());
            hash.update(
                Site::get(&name)
                    .map(|file| file.metadata.sha256_hash())
                    .unwrap_or_default(),
            );
        }
        hex::encode(&hash.finalize()[..6])
    })
}

async fn file(Path(path): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some((encoding, file)) = find(&path, &headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let pinned = query.is_some_and(|query| query.strip_prefix("v=") == Some(version()));
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    let mut response = if is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Body::from(file.data.into_owned()).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(kind(&path)));
        if let Some(encoding) = encoding {
            response
                .headers_mut()
                .insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(CACHE_CONTROL, if pinned { FOR_EVER } else { ASK });
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}

async fn mark() -> impl IntoResponse {
    let day = HeaderValue::from_static("public, max-age=86400");
    (
        [
            (CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
            (CACHE_CONTROL, day),
        ],
        MARK,
    )
}

/// The file in the best encoding the client takes. Compressed files have no address of their own.
fn find(path: &str, headers: &HeaderMap) -> Option<(Option<&'static str>, EmbeddedFile)> {
    if is_compressed(path) {
        return None;
    }
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let better = ENCODINGS
        .into_iter()
        .filter(|(word, _)| accepts(accepted, word))
        .find_map(|(word, ending)| Some((Some(word), Site::get(&format!("{path}.{ending}"))?)));
    better.or_else(|| Some((None, Site::get(path)?)))
}

fn is_compressed(name: &str) -> bool {
    ENCODINGS.iter().any(|(_, ending)| {
        name.strip_suffix(ending)
            .is_some_and(|rest| rest.ends_with('.'))
    })
}

/// Whether `Accept-Encoding` names this encoding with a weight above zero (RFC 9110, 12.5.3).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(encoding));
        let weight = words
            .find_map(|word| word.strip_prefix("q="))
            .map_or(Some(1.0), |q| q.parse::<f32>().ok());
        named && weight.is_some_and(|weight| weight > 0.0)
    })
}

/// Whether the client has this very representation already (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("wasm") => "application/wasm",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_only_when_it_is_wanted() {
        for (header, wanted) in [
            ("gzip, deflate, br", true),
            ("BR", true),
            ("br;q=0.1", true),
            ("br;q=0", false),
            ("br; q=0.0", false),
            ("br;q=x", false),
            ("gzip", false),
            ("brotli", false),
            ("", false),
        ] {
            assert_eq!(accepts(header, "br"), wanted, "{header}");
        }
    }

    #[test]
    fn compressed_files_are_found_only_behind_their_plain_name() {
        assert!(is_compressed("latchkey.wasm.br") && is_compressed("latchkey.css.gz"));
        assert!(!is_compressed("latchkey.wasm") && !is_compressed("xbr"));
    }

    #[test]
    fn a_tag_matches_alone_in_a_list_and_weakly() {
        let headers =
            |value| HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(value))]);
        for known in ["\"a\"", "\"b\", \"a\"", "W/\"a\"", "*"] {
            assert!(is_known(&headers(known), "\"a\""), "{known}");
        }
        assert!(!is_known(&headers("\"ab\""), "\"a\""));
        assert!(!is_known(&HeaderMap::new(), "\"a\""));
    }
}
