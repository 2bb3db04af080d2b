//! Who sends a request, and from where.
//!
//! Owns the session cookie, the caller's address behind proxies, and the [`Caller`] that every page and form finds
//! in its request. It must not know what the caller may do: that is the service's.

use super::{error_page::Refusal, middleware::log};
use crate::{config::Config, network::is_in, secret::session::SessionSecret, state::AppState};
use app::{
    chosen_rows::RowsPerPage,
    domain::text::looks_like_secret,
    href,
    port::{Actor, Origin, RequestId, Who},
    theme::Theme,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{
        Extensions, HeaderMap, HeaderName, HeaderValue,
        header::{COOKIE, USER_AGENT},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use cookie::{Cookie, SameSite};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// A client's word about itself is kept up to this many bytes (L-5).
const USER_AGENT_MAX: usize = 512;

/// Who sends the request.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The person, when one is signed in.
    pub actor: Option<Actor>,
    /// From where.
    pub origin: Origin,
    /// How the console should look.
    pub theme: Theme,
    /// How many rows a page of a list should have.
    pub rows: RowsPerPage,
}

/// The name of the session cookie. `__Host-` binds it to this very host, but browsers take that over TLS only.
#[must_use]
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() {
        "__Host-sid"
    } else {
        "sid"
    }
}

/// The header that gives a browser its session.
#[must_use]
pub fn session_cookie(config: &Config, secret: &SessionSecret) -> Option<HeaderValue> {
    let mut value = set_cookie(config, secret.expose().as_str())?;
    value.set_sensitive(true);
    Some(value)
}

/// The header that takes the session away.
#[must_use]
pub fn ended_cookie(config: &Config) -> Option<HeaderValue> {
    let value = set_cookie(config, "")?;
    HeaderValue::from_str(&format!("{}; Max-Age=0", value.to_str().ok()?)).ok()
}

fn set_cookie(config: &Config, value: &str) -> Option<HeaderValue> {
    let cookie = Cookie::build((cookie_name(config), value))
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Strict)
        .build();
    HeaderValue::from_str(&cookie.to_string()).ok()
}

/// Every value of the cookie `name`: a browser may send several of one name.
fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let pairs = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(move |(key, value)| (key == name).then_some(value))
}

/// Whether the request carries a cookie of this name.
#[must_use]
pub fn has_cookie(headers: &HeaderMap, name: &str) -> bool {
    cookies(headers, name).next().is_some()
}

/// Finds out who sends the request and puts the [`Caller`] into it. A cookie that is good no more is no cookie.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let origin = origin(&request, &state.config.trusted_proxies);
    let headers = request.headers();
    let theme = cookies(headers, Theme::COOKIE)
        .next()
        .map(Theme::lenient)
        .unwrap_or_default();
    let rows = cookies(headers, href::ROWS_COOKIE)
        .next()
        .map(RowsPerPage::lenient)
        .unwrap_or_default();
    let secret = cookies(headers, cookie_name(&state.config)).find_map(SessionSecret::parse);
    let found = match secret {
        Some(secret) => state.service.authenticate(&secret).await,
        None => Ok(None),
    };
    let person = match found {
        Ok(person) => person,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let user = person
        .as_ref()
        .map(|(user, _)| log::Caller(user.id.to_string()));
    let actor = person.map(|(user, handle)| Actor {
        who: Who::User(user),
        sign_in: Some(handle),
        origin: origin.clone(),
    });
    request.extensions_mut().insert(Caller {
        actor,
        origin,
        theme,
        rows,
    });
    let mut response = next.run(request).await;
    if let Some(user) = user {
        response.extensions_mut().insert(user);
    }
    response
}

fn peer(extensions: &Extensions) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map(|peer| peer.0.ip().to_canonical())
}

/// The other end of the connection, unless it is a trusted proxy.
pub fn stranger(extensions: &Extensions, trusted: &[IpNet]) -> Option<IpAddr> {
    peer(extensions).filter(|peer| !is_in(trusted, *peer))
}

/// The address of the client, through trusted proxies.
pub fn client(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    Some(client_ip(peer(extensions)?, headers, trusted))
}

/// From where a request comes.
pub fn origin(request: &Request, trusted: &[IpNet]) -> Origin {
    let peer_ip = peer(request.extensions());
    let user_agent = request
        .headers()
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    Origin {
        ip: peer_ip.map(|peer| client_ip(peer, request.headers(), trusted)),
        peer_ip,
        user_agent: user_agent.map(|text| {
            if looks_like_secret(&text) {
                // It would stand in the audit trail for ever (L-6).
                return "not kept: it held what looks like a secret".to_owned();
            }
            text[..text.floor_char_boundary(USER_AGENT_MAX)].to_owned()
        }),
        request_id: request
            .extensions()
            .get::<RequestId>()
            .map(|id| id.0.clone())
            .unwrap_or_default(),
    }
}

/// The first address, counted from our end, that is no trusted proxy (I-34). What stands left of it is hearsay.
fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let values = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = values.flat_map(|value| value.to_str().unwrap_or("?").rsplit(',').map(str::trim));
    let mut client = peer;
    for hop in hops {
        if !is_in(trusted, client) {
            break;
        }
        // A proxy that writes no address ends the chain: the last address that is known counts.
        let Ok(ip) = hop.parse::<IpAddr>() else { break };
        client = ip.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Config, env::SeededRandom};
    use std::collections::BTreeMap;

    fn config(public_url: &str) -> Config {
        Config::load(
            None,
            [],
            &BTreeMap::from([("public_url", public_url.to_owned())]),
        )
        .unwrap()
    }

    fn client_of(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(value).unwrap());
        }
        let trusted: Vec<_> = trusted
            .iter()
            .map(|network| network.parse().unwrap())
            .collect();
        client_ip(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn over_tls_the_cookie_is_bound_to_the_host_and_never_sent_in_the_clear() {
        let secret = SessionSecret::generate(&SeededRandom::new(1)).unwrap();
        let cookie = session_cookie(&config("https://t.example"), &secret).unwrap();
        let text = cookie.to_str().unwrap();
        assert!(
            cookie.is_sensitive() && text.starts_with("__Host-sid="),
            "{text}"
        );
        for attribute in ["; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"] {
            assert!(text.contains(attribute), "{text}");
        }
        assert!(
            !text.contains("Domain") && !text.contains("Max-Age"),
            "{text}"
        );
    }

    #[test]
    fn on_this_machine_alone_the_cookie_needs_no_tls() {
        let cookie = ended_cookie(&config("http://127.0.0.1:3000")).unwrap();
        assert_eq!(cookie, "sid=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    }

    #[test]
    fn without_trusted_proxies_only_the_peer_counts() {
        assert_eq!(client_of("1.2.3.4", &["9.9.9.9"], &[]), "1.2.3.4");
        assert_eq!(
            client_of("1.2.3.4", &["9.9.9.9"], &["10.0.0.0/8"]),
            "1.2.3.4"
        );
    }

    #[test]
    fn behind_trusted_proxies_the_rightmost_untrusted_address_counts() {
        let trusted = &["10.0.0.0/8", "::1/128"];
        assert_eq!(
            client_of("10.0.0.1", &["6.6.6.6, 5.5.5.5"], trusted),
            "5.5.5.5"
        );
        assert_eq!(
            client_of("10.0.0.1", &["6.6.6.6", "5.5.5.5, 10.0.0.9"], trusted),
            "5.5.5.5"
        );
        assert_eq!(client_of("10.0.0.1", &["10.0.0.8"], trusted), "10.0.0.8");
        assert_eq!(
            client_of("10.0.0.1", &["5.5.5.5, unknown"], trusted),
            "10.0.0.1"
        );
        assert_eq!(client_of("10.0.0.1", &[], trusted), "10.0.0.1");
        assert_eq!(client_of("::1", &["::ffff:5.5.5.5"], trusted), "5.5.5.5");
    }

    #[test]
    fn a_cookie_is_found_among_others_and_by_its_whole_name() {
        let headers =
            HeaderMap::from_iter([(COOKIE, HeaderValue::from_static("a=1; xsid=2;sid=3; sid=4"))]);
        assert_eq!(cookies(&headers, "sid").collect::<Vec<_>>(), ["3", "4"]);
        assert!(!has_cookie(&headers, "si"));
    }
}
