//! What a page of plain forms says once one of them was done: a short-lived cookie carries it over the redirect. In the
//! address, anybody's link could make Latchkey say so.

use super::auth::has_cookie;
use app::href;
use axum::{extract::Request, http::HeaderValue};

/// One thing that was done.
pub struct Done {
    /// The page that says so.
    page: &'static str,
    /// The name of its cookie.
    cookie: &'static str,
    /// What the page says.
    pub sentence: &'static str,
    /// Sets the cookie.
    pub set: HeaderValue,
    /// Takes it away again.
    pub forget: HeaderValue,
}

/// One's own password was changed.
pub static PASSWORD_CHANGED: Done = Done {
    page: href::PASSWORD,
    cookie: "password-changed",
    sentence: "Your password is changed. All your other sign-ins have ended.",
    set: HeaderValue::from_static(
        "password-changed=1; HttpOnly; SameSite=Strict; Path=/profile/password; Max-Age=10",
    ),
    forget: HeaderValue::from_static(
        "password-changed=; HttpOnly; SameSite=Strict; Path=/profile/password; Max-Age=0",
    ),
};

/// One's own name was saved.
pub static NAME_SAVED: Done = Done {
    page: href::PROFILE,
    cookie: "name-saved",
    sentence: "Your name is saved. Everybody who sees what you do sees it from now on.",
    set: HeaderValue::from_static(
        "name-saved=1; HttpOnly; SameSite=Strict; Path=/profile; Max-Age=10",
    ),
    forget: HeaderValue::from_static(
        "name-saved=; HttpOnly; SameSite=Strict; Path=/profile; Max-Age=0",
    ),
};

impl Done {
    /// What the page of this request has to say.
    pub fn of(request: &Request) -> Option<&'static Self> {
        [&PASSWORD_CHANGED, &NAME_SAVED].into_iter().find(|done| {
            request.uri().path() == done.page && has_cookie(request.headers(), done.cookie)
        })
    }
}
