//! The picture of a thing that has none: initials on one of twelve colours, chosen by its id.

use crate::domain::text::upper_case;
use leptos::prelude::*;

/// Initials in a circle. `seed` is a number that stays with the thing. Hidden from assistive technology, since the
/// name always stands beside it.
#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    seed: u64,
    #[prop(optional)] size: &'static str,
) -> impl IntoView {
    let class = format!("avatar c{} {size}", seed % 12);
    view! { <span class=class aria-hidden="true">{initials(&name)}</span> }
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
