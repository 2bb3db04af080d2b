//! The foot of the list of tokens.

use super::{list::Shared, list_count::Count};
use crate::{
    browser,
    chosen_rows::ChosenRows,
    domain::{
        page::{Page, PageRequest},
        text::grouped,
        token::TokenSummary,
        token_query::TokenQuery,
    },
    href,
    ui::{Erase as _, Pager},
};
use leptos::prelude::*;

/// The ways to other pages. They start from the address as it is when they are taken, not as it was when the rows were
/// asked for: what was chosen meanwhile is not lost.
pub(super) fn pages(shared: Shared, page: &Page<TokenSummary>, count: Count) -> AnyView {
    let (query, number, size) = (shared.query, page.number, page.size);
    let at = move |number: u32| {
        query.with(|query| {
            let page = PageRequest {
                number,
                ..query.page
            };
            href::tokens(&TokenQuery {
                page,
                ..query.clone()
            })
        })
    };
    let rows = expect_context::<ChosenRows>();
    let go = move |(number, chosen): (String, String)| {
        let mut query = query.get_untracked();
        let mut page = PageRequest::lenient(Some(&number), Some(&chosen));
        if page.size != query.page.size {
            page.number = 1;
            query.sized = true;
            // Back is to show as many rows as there are now, though another number is remembered from now on.
            browser::rewrite_address(&href::tokens(&query));
            rows.choose(page.size);
        }
        shared.go.run(TokenQuery { page, ..query });
    };
    let span = page.span();
    let place = move || match span {
        Some((first, last)) => {
            format!("{}–{} of {}", grouped(first), grouped(last), count.number())
        }
        None => format!("0 of {}", count.number()),
    };
    let more = page.more;
    view! {
        <Pager
            number
            size
            pages=Signal::derive(move || count.pages(size))
            place=Signal::derive(place)
            action=href::TOKENS
            hidden=query.with_untracked(href::narrowing)
            previous=Signal::derive(move || (number > 1).then(|| at(number - 1)))
            next=Signal::derive(move || more.then(|| at(number + 1)))
            go=Callback::new(go)
        />
    }
    .erased()
}
