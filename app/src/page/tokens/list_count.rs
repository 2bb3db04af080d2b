//! How many tokens the list has. Where counting would hold up the rows, they come first and the count after them.

use crate::{
    api::tokens::count_tokens,
    domain::{
        page::{Total, pages},
        text::grouped,
        token_query::TokenQuery,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// The count of a list.
#[derive(Clone, Copy)]
pub struct Count {
    query: Memo<TokenQuery>,
    total: RwSignal<Total>,
    counting: RwSignal<bool>,
}

impl Count {
    /// What is known with the rows; what is not is asked for at once.
    pub fn of(query: Memo<TokenQuery>, total: Total) -> Self {
        let count = Self {
            query,
            total: RwSignal::new(total),
            counting: RwSignal::new(false),
        };
        if total.exact().is_none() {
            Effect::new(move |_| count.ask(false));
        }
        count
    }

    /// Counts, all tokens or as many as are usually counted.
    pub fn ask(self, all: bool) {
        let query = self.query.get_untracked().rows();
        self.counting.set(true);
        spawn_local(async move {
            let counted = count_tokens(query, all).await;
            let _ = self.counting.try_set(false);
            if let Ok(counted) = counted {
                let _ = self.total.try_update(|total| {
                    if counted.at_least() >= total.at_least() || counted.exact().is_some() {
                        *total = counted;
                    }
                });
            }
        });
    }

    /// Whether it goes on counting.
    pub fn is_counting(self) -> bool {
        self.counting.get()
    }

    /// Whether counting ended before all were counted.
    pub fn is_open(self) -> bool {
        self.total.get().exact().is_none() && !self.counting.get()
    }

    /// "37 tokens", "100,000+ tokens".
    pub fn words(self) -> String {
        match self.total.get() {
            Total::Exact(1) => "1 token".to_owned(),
            Total::Exact(total) => format!("{} tokens", grouped(total)),
            Total::AtLeast(total) => format!("{}+ tokens", grouped(total)),
        }
    }

    /// "37", "100,000+".
    pub fn number(self) -> String {
        match self.total.get() {
            Total::Exact(total) => grouped(total),
            Total::AtLeast(total) => format!("{}+", grouped(total)),
        }
    }

    /// "of 4", as far as it is known.
    pub fn pages(self, size: u32) -> String {
        match self.total.get() {
            Total::Exact(total) => format!("of {}", grouped(pages(total, size).into())),
            Total::AtLeast(total) => format!("of {}+", grouped(pages(total, size).into())),
        }
    }
}
