//! The title of a page, as the browser's tab and its history show it.

use leptos::prelude::*;
use leptos_meta::Title;

/// `text`, then the name of the product. Every page says its title by this: `leptos_meta` puts it into the server's
/// page as it is, where a token's name could end the title and begin an element.
pub fn page_title(text: &str) -> impl IntoView + use<> {
    let text = if cfg!(feature = "ssr") {
        as_html(text)
    } else {
        text.to_owned()
    };
    view! { <Title text=format!("{text} · Latchkey")/> }
}

/// The text with the signs of HTML written out.
fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::as_html;

    #[test]
    fn a_name_cannot_end_the_title_that_it_stands_in() {
        assert_eq!(
            as_html("</title><script>a && b</script> &lt;"),
            "&lt;/title>&lt;script>a &amp;&amp; b&lt;/script> &amp;lt;"
        );
    }
}
