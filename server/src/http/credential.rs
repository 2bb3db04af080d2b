//! The secret in the header (RFC 6750): how it is read, and what is answered where there is none.
//!
//! It must not know whether a secret is good.

use axum::http::{HeaderMap, header::AUTHORIZATION};

/// One sentence for a secret that is missing, malformed, unknown, or of a token that is not Active (T-13).
pub const REFUSED: &str =
    "Present the secret of an Active API token, as in: Authorization: Bearer lk_…";

/// What a client hears that sent no credential.
pub const CHALLENGE: &str = r#"Bearer realm="Latchkey""#;
/// What a client hears whose credential opens nothing.
pub const INVALID_TOKEN: &str = r#"Bearer realm="Latchkey", error="invalid_token""#;
/// What a client hears that sent several.
pub const INVALID_REQUEST: &str = r#"Bearer realm="Latchkey", error="invalid_request""#;

/// What a client hears whose token lacks these modules, or others that it had better not ask for.
#[must_use]
pub fn insufficient_scope(codes: Option<&str>) -> String {
    let scope = codes.map(|codes| format!(r#", scope="{codes}""#));
    let scope = scope.unwrap_or_default();
    format!(r#"Bearer realm="Latchkey", error="insufficient_scope"{scope}"#)
}

/// Why there is no caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// No credential.
    Nothing,
    /// A credential that opens nothing.
    Bad,
    /// More than one.
    Several,
}

/// The secret in the header.
///
/// # Errors
/// There is none, or more than one header, or one of another scheme.
pub fn secret(headers: &HeaderMap) -> Result<&str, Missing> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = given.next() else {
        return Err(Missing::Nothing);
    };
    if given.next().is_some() {
        return Err(Missing::Several);
    }
    let (scheme, secret) = value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .ok_or(Missing::Bad)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(secret.trim_start_matches(' '))
    } else {
        Err(Missing::Bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    fn read(values: &[&str]) -> Result<String, Missing> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        secret(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_may_be_in_any_case_and_nothing_else_is_a_bearer() {
        for good in ["Bearer lk_x", "bearer lk_x", "BEARER  lk_x"] {
            assert_eq!(read(&[good]).as_deref(), Ok("lk_x"), "{good}");
        }
        for bad in [
            "lk_x",
            "Basic lk_x",
            "Bearer",
            "Bearer\tlk_x",
            "Bearerlk_x",
            "",
        ] {
            assert_eq!(read(&[bad]), Err(Missing::Bad), "{bad:?}");
        }
        assert_eq!(read(&[]), Err(Missing::Nothing));
        assert_eq!(read(&["Bearer a", "Bearer a"]), Err(Missing::Several));
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
                let _ = secret(&headers);
            }
        }
    }
}
