//! The document around the pages: `<head>`, theme, and the script that brings the page to life.

use crate::href;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// How the console looks: as the system does, or as the person chose. Kept in the cookie `theme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Follows the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    /// The name of the cookie that keeps it.
    pub const COOKIE: &'static str = "theme";

    /// The theme that a cookie names; nonsense means the system's.
    #[must_use]
    pub fn lenient(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == text)
            .unwrap_or_default()
    }

    /// The word in the cookie and in `<html data-theme>`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The word in the menu.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// Changes with every build of the browser's half, so that its files can be kept for ever under their address.
#[derive(Debug, Clone, Default)]
pub struct AssetVersion(pub String);

/// The whole document. The nonce is the one in the response's policy (`SECURITY.md` A-17), and stands in no other
/// attribute.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = use_context::<Theme>().unwrap_or_default();
    let AssetVersion(version) = use_context().unwrap_or_default();
    let base = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let [css, js, wasm] = ["css", "js", "wasm"].map(|kind| format!("{base}.{kind}?v={version}"));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
                {needs_script().then(|| view! { <Hydration js wasm/> })}
                <MetaTags/>
            </head>
            <body>
                <crate::app::App/>
            </body>
        </html>
    }
}

/// Whether the page of this request does anything but show text and plain forms.
fn needs_script() -> bool {
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned());
    !path.is_some_and(|path| [href::SIGN_IN, href::SETUP, href::PASSWORD].contains(&path.as_str()))
}

/// Our own in place of Leptos' component, which prints the nonce as `crossorigin` as well.
#[component]
fn Hydration(js: String, wasm: String) -> impl IntoView {
    let script = format!(
        r#"import init,{{hydrate}} from "{js}";init({{module_or_path:"{wasm}"}}).then(()=>hydrate());"#
    );
    view! {
        <link rel="modulepreload" href=js nonce=use_nonce()/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=use_nonce() inner_html=script></script>
    }
}
