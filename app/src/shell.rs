//! The document around the pages: `<head>`, theme, and the script that brings the page to life.

use crate::{href, theme::Theme};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

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

/// The pages of plain forms, around passwords and oneself: they get no script.
const PLAIN: [&str; 5] = [
    href::SIGN_IN,
    href::SETUP,
    href::INVITATION,
    href::PROFILE,
    href::PASSWORD,
];

/// Whether the page of this request does anything but show text and plain forms.
fn needs_script() -> bool {
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned());
    !path.is_some_and(|path| PLAIN.contains(&path.as_str()))
}

/// The address that the document was served for.
const SERVED: &str = "const served=location.pathname+location.search";

/// Our own in place of Leptos' component, which prints the nonce as `crossorigin` as well.
///
/// Whoever goes back or forward before the page is live is at another address than the one that the document shows. That
/// document cannot be brought to life as another page, so the browser asks for the right one.
#[component]
fn Hydration(js: String, wasm: String) -> impl IntoView {
    let script = format!(
        r#"import init,{{hydrate}} from "{js}";init({{module_or_path:"{wasm}"}}).then(()=>location.pathname+location.search===served?hydrate():location.reload());"#
    );
    view! {
        <script nonce=use_nonce() inner_html=SERVED></script>
        <link rel="modulepreload" href=js nonce=use_nonce()/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=use_nonce() inner_html=script></script>
    }
}
