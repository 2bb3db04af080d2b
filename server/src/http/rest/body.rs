//! JSON that programs send: its kind, its size and depth, and errors named by property, never with a value.

use super::{bearer::Failure, problem::Problem};
use app::error::{ApiError, ErrorCode, FieldError};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::error::Category;

/// A body, read. Members that are not known are passed over.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        if !is_json(request.headers()) {
            let message = "Send JSON, with the header Content-Type: application/json.";
            let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
            return Err(problem.into_response());
        }
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "The request was cut short.").into_response()
        })?;
        read(&bytes)
            .map(Self)
            .map_err(|error| Failure::from(error).into_response())
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let essence = given
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let structured = essence.starts_with("application/") && essence.ends_with("+json");
    structured || ["application/json", "text/json"].contains(&&*essence)
}

/// The value that `bytes` are.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // The reader would take a list for an object whose members come in order.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(wrong("body", "Send a JSON object."));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match inner.classify() {
            Category::Data => wrong(
                if path == "." { "body" } else { &path },
                "This value has the wrong type.",
            ),
            _ => no_json(&inner),
        }
    })?;
    json.end().map_err(|error| no_json(&error))?;
    Ok(value)
}

fn no_json(error: &serde_json::Error) -> ApiError {
    let (line, column) = (error.line(), error.column());
    wrong(
        "body",
        &format!("This is no JSON, or too deep (line {line}, column {column})."),
    )
}

/// An error under the name of one property.
pub fn wrong(name: &str, message: &str) -> ApiError {
    // A path holds names that the caller chose.
    let name = app::rql::excerpt(name);
    ApiError {
        fields: vec![FieldError {
            field: name,
            message: message.to_owned(),
        }],
        ..ApiError::new(
            ErrorCode::BadRequest,
            "One or more validation errors occurred.",
        )
    }
}

/// A member that was sent, `null` included; nothing when it was not.
#[expect(
    clippy::option_option,
    reason = "not sent, null and a value are three things"
)]
pub fn sent<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Whether a member was sent, whatever its value.
pub fn is_sent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Sample {
        #[expect(dead_code, reason = "read for its errors")]
        name: Option<String>,
    }

    #[test]
    fn errors_name_the_property_and_never_the_value() {
        let fault = |text: &str| {
            let error = read::<Sample>(text.as_bytes()).unwrap_err();
            (
                error.fields[0].field.clone(),
                error.fields[0].message.clone(),
            )
        };
        assert_eq!(
            fault(r#"{"name": 5}"#),
            ("name".into(), "This value has the wrong type.".into())
        );
        assert_eq!(fault("[]").0, "body");
        assert!(
            fault(r#"{"name": "secret"#)
                .1
                .starts_with("This is no JSON")
        );
        assert!(
            fault(r#"{"name": "x"} trailing"#)
                .1
                .starts_with("This is no JSON")
        );
        let deep = format!("{{\"x\": {}", "[".repeat(60_000));
        assert!(fault(&deep).1.contains("too deep"));
    }

    #[test]
    fn json_has_many_names_and_a_form_is_none() {
        for (kind, good) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("text/json", true),
            ("application/merge-patch+json", true),
            ("APPLICATION/JSON", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())]);
            assert_eq!(is_json(&headers), good, "{kind}");
        }
    }
}
