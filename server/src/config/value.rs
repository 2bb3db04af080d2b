//! The text of a setting as its value. Owns what is possible for each; it must not know where the text stood.
//!
//! Every function fails with the reason when it has a better one than the setting's list of allowed values.

use super::LogFormat;
use app::domain::secret::RevealPolicy;
use figment::value::Value;
use http::Uri;
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
};

type Parsed<T> = Result<T, Option<String>>;

/// The text of a value that a file may have given as text, number, truth value or list of texts.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(_, text) => Some(text.trim().to_owned()),
        Value::Num(_, number) => number
            .to_i128()
            .map(|n| n.to_string())
            .or_else(|| number.to_u128().map(|n| n.to_string())),
        Value::Bool(_, yes) => Some(yes.to_string()),
        Value::Array(_, values) => values
            .iter()
            .map(text)
            .collect::<Option<Vec<_>>>()
            .map(|texts| texts.join(",")),
        _ => None,
    }
}

pub(super) fn listen(text: &str) -> Parsed<SocketAddr> {
    text.parse().map_err(|_| None)
}

/// Another address than the one that is taken.
pub(super) fn other_listen(taken: SocketAddr) -> impl Fn(&str) -> Parsed<Option<SocketAddr>> {
    move |text| match text {
        "off" => Ok(None),
        _ => listen(text)
            .ok()
            .filter(|address| *address != taken)
            .map(Some)
            .ok_or(None),
    }
}

pub(super) fn path(text: &str) -> Parsed<PathBuf> {
    if text.is_empty() {
        Err(None)
    } else {
        Ok(text.into())
    }
}

pub(super) fn path_or_off(text: &str) -> Parsed<Option<PathBuf>> {
    match text {
        "off" => Ok(None),
        _ => path(text).map(Some),
    }
}

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(None),
    }
}

pub(super) fn number(text: &str, allowed: RangeInclusive<usize>) -> Parsed<usize> {
    text.parse()
        .ok()
        .filter(|number| allowed.contains(number))
        .ok_or(None)
}

pub(super) fn networks(text: &str) -> Parsed<Vec<IpNet>> {
    let one = |text: &str| {
        let alone = text.parse::<IpAddr>().map(IpNet::from);
        text.parse::<IpNet>().or(alone).map_err(|_| {
            Some(format!(
                "{text:?} is no address and no network. {}",
                super::allowed("trusted_proxies")
            ))
        })
    };
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(one)
        .collect()
}

pub(super) fn log_format(text: &str) -> Parsed<LogFormat> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(None),
    }
}

pub(super) fn log_level(text: &str) -> Parsed<tracing::Level> {
    let known = ["error", "warn", "info", "debug", "trace"].contains(&text);
    if known {
        text.parse().map_err(|_| None)
    } else {
        Err(None)
    }
}

/// A set-up code has the prefix `lks`; a token under it could be taken for one (T-3).
pub(super) fn token_prefix(text: &str) -> Parsed<String> {
    let possible = crate::secret::token::is_prefix(text) && text != "lks";
    if possible {
        Ok(text.to_owned())
    } else {
        Err(None)
    }
}

pub(super) fn reveal(text: &str) -> Parsed<RevealPolicy> {
    let mut known = RevealPolicy::ALL.into_iter();
    known.find(|policy| policy.as_str() == text).ok_or(None)
}

/// Scheme and host as a browser sends them in `Origin`: lower case, without the usual port.
pub(super) fn public_url(text: &str) -> Parsed<String> {
    let uri: Uri = text.parse().map_err(|_| None)?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| ["http", "https"].contains(scheme))
        .ok_or(None)?;
    let authority = uri.authority().ok_or(None)?;
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return Err(None);
    }
    if !["", "/"].contains(&uri.path()) || uri.query().is_some() || text.contains('#') {
        return Err(Some(
            "Latchkey can only be reached at the root of a host. Leave out everything after the host, as in \
             https://tokens.example.com."
                .to_owned(),
        ));
    }
    let usual = if scheme == "https" { 443 } else { 80 };
    let host = authority.host().to_ascii_lowercase();
    // What stands after the host is nothing, or a port that is a number.
    match authority.as_str()[host.len()..]
        .strip_prefix(':')
        .map(str::parse::<u16>)
    {
        None => Ok(format!("{scheme}://{host}")),
        Some(Ok(port)) if port == usual => Ok(format!("{scheme}://{host}")),
        Some(Ok(port)) => Ok(format!("{scheme}://{host}:{port}")),
        Some(Err(_)) => Err(None),
    }
}

pub(super) fn database_url(text: &str) -> Parsed<String> {
    if text.starts_with("postgres:") || text.starts_with("postgresql:") {
        return Err(Some(
            "This version keeps its data in SQLite only; PostgreSQL comes later. Leave the setting out, or give an \
             SQLite file."
                .to_owned(),
        ));
    }
    if text.contains(":memory:") || text.contains("mode=memory") {
        return Err(Some(
            "A database in memory would be lost at every stop. Give an SQLite file.".to_owned(),
        ));
    }
    if sqlite_path(text).is_none() {
        Err(None)
    } else {
        Ok(text.to_owned())
    }
}

/// The file of an `sqlite:` address, without its parameters.
pub(super) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
    (!path.is_empty()).then(|| path.into())
}
