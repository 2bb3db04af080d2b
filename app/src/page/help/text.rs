//! How a help page is written: parts with texts in which a few signs stand for bold words, keys and links.

use crate::{href, ui::Erase as _};
use leptos::prelude::*;

/// A part of a help page.
pub enum Part {
    /// A heading.
    Head(&'static str),
    /// A paragraph.
    Text(&'static str),
    /// What to do, one after the other.
    Steps(&'static [&'static str]),
    /// What may matter, in no order.
    Points(&'static [&'static str]),
}

impl Part {
    /// The part as it is seen.
    pub fn view(&self) -> AnyView {
        let items = |texts: &'static [&'static str]| {
            let item = |text: &&'static str| view! { <li>{inline(text)}</li> }.erased();
            texts.iter().map(item).collect_view()
        };
        match self {
            Self::Head(text) => view! { <h2>{*text}</h2> }.erased(),
            Self::Text(text) => view! { <p>{inline(text)}</p> }.erased(),
            Self::Steps(texts) => view! { <ol>{items(texts)}</ol> }.erased(),
            Self::Points(texts) => view! { <ul>{items(texts)}</ul> }.erased(),
        }
    }

    /// Its texts.
    #[cfg(test)]
    pub fn texts(&self) -> Vec<&'static str> {
        match self {
            Self::Head(text) | Self::Text(text) => vec![text],
            Self::Steps(texts) | Self::Points(texts) => texts.to_vec(),
        }
    }
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Plain(&'static str),
    /// `*What stands on the screen*`.
    Bold(&'static str),
    /// A key of the keyboard, between backticks.
    Key(&'static str),
    /// `[A page]`, with its address.
    Link(&'static str, &'static str),
}

impl Piece {
    /// What is read of it.
    #[cfg(test)]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Plain(words) | Self::Bold(words) | Self::Key(words) | Self::Link(words, _) => {
                words
            }
        }
    }
}

/// The pages that a text can link to, by their names.
const LINKS: [(&str, &str); 2] = [
    ("API tokens", href::TOKENS),
    ("Audit trail", href::AUDIT_TRAIL),
];

/// The text in pieces. A sign without its other half stays what it is.
pub fn pieces(text: &'static str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, sign, inside, after)) = next_mark(rest) {
        found.push(Piece::Plain(before));
        let link = LINKS.into_iter().find(|(name, _)| *name == inside);
        found.push(match (sign, link) {
            ('[', Some((name, address))) => Piece::Link(name, address),
            ('`', _) => Piece::Key(inside),
            _ => Piece::Bold(inside),
        });
        rest = after;
    }
    found.push(Piece::Plain(rest));
    found.retain(|piece| *piece != Piece::Plain(""));
    found
}

/// What stands before the next mark, its sign, what it encloses and what stands after it.
fn next_mark(text: &'static str) -> Option<(&'static str, char, &'static str, &'static str)> {
    let start = text.find(['*', '`', '['])?;
    let (before, marked) = text.split_at(start);
    let sign = marked.chars().next()?;
    let (inside, after) = marked[1..].split_once(if sign == '[' { ']' } else { sign })?;
    Some((before, sign, inside, after))
}

fn inline(text: &'static str) -> AnyView {
    let piece = |piece| match piece {
        Piece::Plain(words) => words.into_any(),
        Piece::Bold(words) => view! { <b>{words}</b> }.erased(),
        Piece::Key(words) => view! { <kbd>{words}</kbd> }.erased(),
        Piece::Link(words, address) => view! { <a href=address>{words}</a> }.erased(),
    };
    pieces(text)
        .into_iter()
        .map(piece)
        .collect_view()
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_for_bold_words_keys_and_links() {
        assert_eq!(
            pieces("Open [API tokens], press `/` or *Add*."),
            [
                Piece::Plain("Open "),
                Piece::Link("API tokens", href::TOKENS),
                Piece::Plain(", press "),
                Piece::Key("/"),
                Piece::Plain(" or "),
                Piece::Bold("Add"),
                Piece::Plain("."),
            ]
        );
        assert_eq!(pieces("2 * 3"), [Piece::Plain("2 * 3")]);
    }
}
