//! Revisions in headers (H-5): the one that a change is meant for, and the one that an answer shows.

use super::body::wrong;
use app::error::{ApiError, ErrorCode};
use axum::http::{HeaderMap, HeaderValue, header::IF_MATCH};

/// The revision that the change is meant for; `None` for any.
///
/// # Errors
/// The header is none that Latchkey gives; outdated for a weak tag, which never matches.
pub fn wanted(headers: &HeaderMap) -> Result<Option<i64>, ApiError> {
    let mut given = headers.get_all(IF_MATCH).iter();
    let (Some(value), None) = (given.next(), given.next()) else {
        return match headers.get_all(IF_MATCH).iter().count() {
            0 => Ok(None),
            _ => Err(unreadable()),
        };
    };
    let text = value.to_str().map_err(|_| unreadable())?.trim();
    if text == "*" {
        return Ok(None);
    }
    if text.starts_with("W/") {
        let message = "A weak revision matches none. Send the one that reading the token gave.";
        return Err(ApiError::new(ErrorCode::Outdated, message));
    }
    let bare = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text);
    bare.parse().map(Some).map_err(|_| unreadable())
}

fn unreadable() -> ApiError {
    wrong("If-Match", "Send one revision in quotes, as in \"3\".")
}

/// The tag of a revision.
pub fn tag(revision: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{revision}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Option<i64>, u16> {
        let headers = HeaderMap::from_iter([(IF_MATCH, value.parse().unwrap())]);
        wanted(&headers).map_err(|error| error.code.status_for_programs())
    }

    #[test]
    fn a_revision_is_a_number_in_quotes() {
        assert_eq!(wanted(&HeaderMap::new()).unwrap(), None);
        assert_eq!(read("\"3\""), Ok(Some(3)));
        assert_eq!(read("3"), Ok(Some(3)));
        assert_eq!(read("*"), Ok(None));
        assert_eq!(read("W/\"3\""), Err(412));
        for bad in ["\"3", "x", "\"3\", \"4\"", ""] {
            assert_eq!(read(bad), Err(400), "{bad}");
        }
    }
}
