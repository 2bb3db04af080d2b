//! What a client says of itself, in words for people: "Firefox on Windows".
//!
//! Owns the rules by which browsers and systems are known; `data/README.md` says where they come from. It must not know
//! who asks. Whatever the client says is a claim of a stranger: nothing is decided by it.

use app::domain::text::first_bad_character;
use serde::Deserialize;
use std::sync::LazyLock;
use ua_parser::{os, user_agent};

/// What is said where nothing is known.
const UNKNOWN: &str = "Unknown device";
/// A name that is longer, in bytes, is none: some rules take a part of the client's own words for it.
const NAME_MAX: usize = 40;

static RULES: &str = include_str!("../data/user-agents.json");

/// Made when the first person asks: 40 ms, and 11 MB that an installation without such a person never needs.
static KNOWN: LazyLock<Option<Known>> = LazyLock::new(|| Known::read(RULES));

#[derive(Deserialize)]
struct Rules {
    #[serde(borrow)]
    user_agent_parsers: Vec<user_agent::Parser<'static>>,
    #[serde(borrow)]
    os_parsers: Vec<os::Parser<'static>>,
}

struct Known {
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
}

impl Known {
    fn read(rules: &'static str) -> Option<Self> {
        let rules: Rules = serde_json::from_str(rules).ok()?;
        let mut browsers = user_agent::Builder::new();
        for rule in rules.user_agent_parsers {
            browsers = browsers.push(rule).ok()?;
        }
        let mut systems = os::Builder::new();
        for rule in rules.os_parsers {
            systems = systems.push(rule).ok()?;
        }
        Some(Self {
            browsers: browsers.build().ok()?,
            systems: systems.build().ok()?,
        })
    }
}

/// The device that a client claims to be. Takes some 50 µs, the first time longer.
#[must_use]
pub fn device(said: Option<&str>) -> String {
    let (Some(said), Some(known)) = (said, &*KNOWN) else {
        return UNKNOWN.to_owned();
    };
    let browser = known.browsers.extract(said);
    let browser = browser.and_then(|found| name(&found.family).map(browser_name));
    let system = known.systems.extract(said);
    let system = system.and_then(|found| name(&found.os).map(|name| system_name(&name, said)));
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser,
        (None, Some(system)) => format!("Unknown browser on {system}"),
        (None, None) => UNKNOWN.to_owned(),
    }
}

/// The client's own words, with a mark in place of each character that would hide or turn what stands around it.
#[must_use]
pub fn legible(said: &str) -> String {
    let bad = |c: char| first_bad_character(c.encode_utf8(&mut [0; 4]), false).is_some();
    said.chars()
        .map(|c| {
            if bad(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

/// A name that reads like one.
fn name(found: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || " -_.+/!'&".contains(c);
    let name = found.trim();
    (!name.is_empty() && name.len() <= NAME_MAX && name.chars().all(plain)).then(|| name.to_owned())
}

/// A browser as its users call it, whatever it runs on.
fn browser_name(family: String) -> String {
    let name = match &*family {
        "Chrome Mobile" | "Chrome Mobile iOS" | "Chrome Mobile WebView" | "HeadlessChrome" => {
            "Chrome"
        }
        "Firefox Mobile" | "Firefox iOS" => "Firefox",
        "Mobile Safari" | "Mobile Safari UI/WKWebView" => "Safari",
        "Edge Mobile" => "Edge",
        "Opera Mobile" => "Opera",
        "IE" | "IE Mobile" => "Internet Explorer",
        _ => return family,
    };
    name.to_owned()
}

/// A system as its users call it.
fn system_name(family: &str, said: &str) -> String {
    let name = match family {
        "Mac OS X" => "macOS",
        "Chrome OS" => "ChromeOS",
        "iOS" if said.contains("iPhone") => "iPhone",
        "iOS" if said.contains("iPad") => "iPad",
        other => other,
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_rules_can_be_read() {
        assert!(KNOWN.is_some());
    }

    #[test]
    fn usual_browsers_have_the_names_that_their_users_know() {
        for (said, device) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 OPR/122.0.0.0",
                "Opera on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
                "Internet Explorer on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Ubuntu",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "Chrome on ChromeOS",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
                "Firefox on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPad",
            ),
        ] {
            assert_eq!(super::device(Some(said)), device, "{said}");
        }
    }

    #[test]
    fn what_is_no_browser_or_says_little_is_called_by_what_is_known_of_it() {
        for (said, device) in [
            (None, UNKNOWN),
            (Some(""), UNKNOWN),
            (Some("a browser"), UNKNOWN),
            (Some("not kept: it held what looks like a secret"), UNKNOWN),
            (Some("curl/8.14.1"), "curl"),
            (
                Some("Something (Windows NT 10.0)"),
                "Unknown browser on Windows",
            ),
        ] {
            assert_eq!(super::device(said), device, "{said:?}");
        }
    }

    #[test]
    fn what_a_stranger_makes_up_is_no_name() {
        let long = format!("{}bot/1.0", "x".repeat(400));
        for said in [
            "<b>Bot</b>/1.0",
            "\u{202e}tob\u{202c}/1.0",
            "Mozilla/5.0 (\u{202e}Windows) <script>alert(1)</script>bot/2",
            &long,
        ] {
            let device = device(Some(said));
            assert!(!device.contains(['<', '\u{202e}']), "{device}");
            assert!(device.len() <= 2 * NAME_MAX + " on ".len(), "{device}");
        }
    }

    #[test]
    fn characters_that_hide_or_turn_become_a_mark() {
        let said = "Fire\u{202e}xof\u{200b}/1\t(ä) 🦊";
        assert_eq!(legible(said), "Fire\u{fffd}xof\u{fffd}/1\u{fffd}(ä) 🦊");
    }

    proptest! {
        #[test]
        fn any_words_give_a_short_plain_device(said in "\\PC{0,512}") {
            let device = device(Some(&said));
            prop_assert!(!device.is_empty() && device.len() <= 2 * NAME_MAX + "Unknown browser on ".len());
            prop_assert!(device.chars().all(|c| c.is_ascii_graphic() || c == ' '), "{}", device);
        }
    }
}
