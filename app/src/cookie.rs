//! The cookies that keep a choice of the person for the server to read. Both halves write them: the browser when a menu
//! is used, the server when a form is sent.

/// A cookie that keeps this value for a year. No secret belongs into it: scripts can read and write it.
#[must_use]
pub fn choice(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax")
}
