//! Help pages as they are seen. Their texts come from the server.

use crate::{
    api::help::get_help,
    domain::help::{HelpPage, HelpPart},
    href,
    ui::{Erase as _, Failure, loading, page_title},
    wire,
};
use leptos::prelude::*;

/// The help page at this address.
#[component]
pub fn Help(address: &'static str) -> impl IntoView {
    let page = wire::load(|| (), move |()| get_help(address.to_owned()));
    loading(move || {
        Box::pin(async move {
            match page.get().await {
                Ok(page) => shown(page, address),
                Err(error) => {
                    let retry = Callback::new(move |()| page.refetch());
                    view! { <div class="card"><Failure error retry whole_page=true/></div> }
                        .erased()
                }
            }
        })
    })
}

fn shown(page: HelpPage, address: &'static str) -> AnyView {
    let HelpPage { title, parts, all } = page;
    let entry = |(other, title): (String, String)| {
        let current = (other == address).then_some("page");
        view! { <li><a href=other aria-current=current>{title}</a></li> }.erased()
    };
    view! {
        {page_title(&format!("Help: {title}"))}
        <div class="card narrow"><article class="help-page">
            <h1>{title}</h1>
            {parts.iter().map(part).collect_view()}
            <nav class="help-all" aria-label="All help">
                <h2>"All help"</h2>
                <ul>
                    {all.into_iter().map(entry).collect_view()}
                    <li><a href=href::DOCS rel="external">"REST API, for programs"</a></li>
                </ul>
            </nav>
        </article></div>
    }
    .erased()
}

fn part(part: &HelpPart) -> AnyView {
    let item = |text: &String| view! { <li>{inline(text)}</li> }.erased();
    let items: Vec<_> = part.texts().iter().map(item).collect();
    match part {
        HelpPart::Head(text) => view! { <h2>{text.clone()}</h2> }.erased(),
        HelpPart::Text(text) => view! { <p>{inline(text)}</p> }.erased(),
        HelpPart::Steps(_) => view! { <ol>{items}</ol> }.erased(),
        HelpPart::Points(_) => view! { <ul>{items}</ul> }.erased(),
    }
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// As it is.
    Plain(&'t str),
    /// `*What stands on the screen*`.
    Bold(&'t str),
    /// A key of the keyboard, between backticks.
    Key(&'t str),
    /// `[A page]`, with its address.
    Link(&'t str, &'static str),
}

impl Piece<'_> {
    /// What is read of it.
    #[cfg(test)]
    pub const fn words(&self) -> &str {
        match self {
            Self::Plain(words) | Self::Bold(words) | Self::Key(words) | Self::Link(words, _) => {
                words
            }
        }
    }
}

/// The pages that a text can link to, by their names.
const LINKS: [(&str, &str); 6] = [
    ("API tokens", href::TOKENS),
    ("Bulk changes", href::BULK_CHANGES),
    ("Audit trail", href::AUDIT_TRAIL),
    ("Modules", href::MODULES),
    ("Users", href::USERS),
    ("Accounts", href::ACCOUNTS),
];

/// The text in pieces. A sign without its other half stays what it is.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, sign, inside, after)) = next_mark(rest) {
        found.push(Piece::Plain(before));
        let link = LINKS.into_iter().find(|(name, _)| *name == inside);
        found.push(match (sign, link) {
            ('[', Some((_, address))) => Piece::Link(inside, address),
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
fn next_mark(text: &str) -> Option<(&str, char, &str, &str)> {
    let start = text.find(['*', '`', '['])?;
    let (before, marked) = text.split_at(start);
    let sign = marked.chars().next()?;
    let (inside, after) = marked[1..].split_once(if sign == '[' { ']' } else { sign })?;
    Some((before, sign, inside, after))
}

fn inline(text: &str) -> AnyView {
    let piece = |piece| match piece {
        Piece::Plain(words) => words.to_owned().into_any(),
        Piece::Bold(words) => view! { <b>{words.to_owned()}</b> }.erased(),
        Piece::Key(words) => view! { <kbd>{words.to_owned()}</kbd> }.erased(),
        Piece::Link(words, address) => view! { <a href=address>{words.to_owned()}</a> }.erased(),
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
