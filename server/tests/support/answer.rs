//! What came back.

use axum::{
    http::{HeaderMap, HeaderName, header},
    response::Response,
};
use http_body_util::BodyExt as _;

/// A response, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The header, or nothing.
    pub fn header(&self, name: impl TryInto<HeaderName>) -> &str {
        let name = name.try_into().ok().expect("a header name");
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// The whole `Set-Cookie` line for this cookie.
    pub fn set_cookie(&self, name: &str) -> Option<&str> {
        let lines = self
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|line| line.to_str().unwrap());
        lines
            .into_iter()
            .find(|line| line.starts_with(&format!("{name}=")))
    }

    /// The session that this answer gave, as a cookie header.
    pub fn session(&self) -> Option<String> {
        let line = self.set_cookie("sid")?;
        let pair = line.split(';').next()?;
        (!pair.ends_with('=')).then(|| pair.to_owned())
    }
}
