//! The picture of a thing, or initials on one of twelve colours, chosen by its id.

use super::{Erase as _, handler};
use crate::domain::text::upper_case;
use leptos::{html, prelude::*};

/// Initials in a circle, and over them the picture at the address `icon`, if there is one and it can be loaded. `seed`
/// is a number that stays with the thing. Hidden from assistive technology, since the name always stands beside it.
#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    seed: u64,
    #[prop(optional)] size: &'static str,
    #[prop(optional_no_strip)] icon: Option<String>,
) -> impl IntoView {
    let class = format!("avatar c{} {size}", seed % 12);
    let pixels = match size {
        "sm" => "24",
        "lg" => "44",
        _ => "32",
    };
    view! {
        <span class=class aria-hidden="true">{initials(&name)}{icon.map(|icon| picture(icon, pixels))}</span>
    }
    .erased()
}

/// The picture, taken away when it turns out that it cannot be loaded, so that the initials are seen.
fn picture(address: String, pixels: &'static str) -> AnyView {
    let broken = RwSignal::new(false);
    let node = NodeRef::<html::Img>::new();
    Effect::new(move |_| {
        // It may have failed before the page was live.
        if node
            .get()
            .is_some_and(|image| image.complete() && image.natural_width() == 0)
        {
            broken.set(true);
        }
    });
    view! {
        <img
            class="picture"
            node_ref=node
            src=address
            alt=""
            width=pixels
            height=pixels
            loading="lazy"
            hidden=broken
            on:error=handler(move |_| broken.set(true))
        />
    }
    .erased()
}

/// The first letters of the first two words, or the first two of the only one; an emoji counts as a word.
fn initials(name: &str) -> String {
    let words = name
        .split([' ', '-', '_', '.', '/'])
        .filter(|word| word.starts_with(char::is_alphanumeric));
    let mut words = words.map(|word| word.chars().filter(|c| c.is_alphanumeric()));
    let letters: String = match (words.next(), words.next()) {
        (Some(first), Some(second)) => first.take(1).chain(second.take(1)).collect(),
        (Some(only), None) => only.take(2).collect(),
        _ => name.chars().take(1).collect(),
    };
    upper_case(&letters)
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_come_from_two_words_or_two_letters() {
        for (name, letters) in [
            ("Robot 1", "R1"),
            ("CRM", "CR"),
            ("x", "X"),
            ("sarah jane sanderson", "SJ"),
            ("<b>bold</b>", "B"),
            ("机器人 测试", "机测"),
            ("🤖", "🤖"),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
