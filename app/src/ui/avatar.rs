//! The picture of a thing that has none: initials on one of twelve colours, chosen by its id.

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
    let letter = |word: &str| {
        word.chars()
            .next()
            .unwrap_or_default()
            .to_uppercase()
            .to_string()
    };
    let mut words = name
        .split([' ', '-', '_', '.', '/'])
        .filter(|word| word.starts_with(char::is_alphanumeric));
    match (words.next(), words.next()) {
        (Some(first), Some(second)) => letter(first) + &letter(second),
        (Some(only), None) => only.chars().take(2).collect::<String>().to_uppercase(),
        _ => letter(name),
    }
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
            ("<b>bold</b>", "<"),
            ("机器人 测试", "机测"),
            ("🤖", "🤖"),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
