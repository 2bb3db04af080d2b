//! Saved views of a list: which there are, which of them is in use, and what can be done with it.
//!
//! The same for every list; how the list reads an address, it says itself.

mod actions;
mod dialogs;
mod menu;

pub(crate) use dialogs::dialogs;
pub(crate) use menu::menu;

use crate::{
    api::views::list_views,
    domain::view::{ListName, SavedView},
    error::{ApiError, ErrorCode},
    href,
    ui::Toasts,
    wire::{self, Loaded},
};
use dialogs::Asked;
use leptos::prelude::*;

type Answer = Result<Vec<SavedView>, ApiError>;

/// The views of a list, as its page has them.
#[derive(Clone, Copy)]
pub(crate) struct Views {
    list: ListName,
    loaded: Loaded<Answer>,
    known: RwSignal<Option<Answer>>,
    named: Memo<String>,
    kept: Memo<String>,
    keep: fn(&str) -> String,
    asked: RwSignal<Option<Asked>>,
    go: Callback<String>,
    toasts: Toasts,
}

/// The view that the address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum InUse {
    /// None.
    Plain,
    /// One that is not known yet.
    Waiting,
    /// One that is not known because the views could not be had.
    Failed,
    /// One that does not exist for this person.
    Missing,
    /// This one.
    View(Box<SavedView>),
}

impl Views {
    /// The views of the list at the address with the raw query string `search`, of which a view keeps what `keep` says.
    /// `go` leads to another address.
    pub(crate) fn new(
        list: ListName,
        search: Memo<String>,
        keep: fn(&str) -> String,
        go: Callback<String>,
    ) -> Self {
        let loaded = wire::load(|| (), move |()| list_views(list)).for_menu();
        // In the browser, what came with the page is there at once.
        let known = RwSignal::new(untrack(|| loaded.now()));
        Effect::new(move |_| {
            if let Some(now) = loaded.now() {
                known.set(Some(now));
            }
        });
        let named = move |search: &String| href::query_value(search, "view").unwrap_or_default();
        Self {
            list,
            loaded,
            known,
            named: Memo::new(move |_| search.with(named)),
            kept: Memo::new(move |_| search.with(|search| keep(search))),
            keep,
            asked: RwSignal::new(None),
            go,
            toasts: expect_context(),
        }
    }

    /// Waits until the views are there, on the server, which sends the page in one piece. The browser shows the list
    /// without.
    pub(crate) async fn arrive(self) {
        if cfg!(feature = "ssr") {
            let views = self.loaded.get().await;
            let _ = self.known.try_set(Some(views));
        }
    }

    /// The view that the address names.
    pub(crate) fn in_use(self) -> InUse {
        // The page may be left just now.
        let known = |id: &String| self.known.try_with(|known| in_use(id, known.as_ref()));
        self.named.try_with(known).flatten().unwrap_or(InUse::Plain)
    }

    /// The address of the view that the person's list begins with.
    pub(crate) fn default_address(self) -> Option<String> {
        self.known.with(|known| {
            let mut views = known.as_ref()?.as_ref().ok()?.iter();
            views.find(|view| view.is_default).map(href::view)
        })
    }

    /// Whether the list is another one than this view has.
    fn is_changed(self, view: &SavedView) -> bool {
        self.kept.with(|kept| (self.keep)(&view.query) != *kept)
    }

    /// The view with which the person can do something.
    fn current(self) -> Option<SavedView> {
        match self.in_use() {
            InUse::View(view) => Some(*view),
            _ => None,
        }
    }

    /// Changes what is known at once, and asks anew.
    fn update(self, change: impl FnOnce(&mut Vec<SavedView>)) {
        let _ = self.known.try_update(|known| {
            if let Some(Ok(views)) = known {
                change(views);
            }
        });
        self.reload();
    }

    fn reload(self) {
        if !self.known.is_disposed() {
            self.loaded.refetch();
        }
    }
}

fn in_use(id: &str, known: Option<&Answer>) -> InUse {
    if id.is_empty() || id == href::PLAIN_VIEW {
        return InUse::Plain;
    }
    match known {
        None => InUse::Waiting,
        Some(Err(_)) => InUse::Failed,
        Some(Ok(views)) => views
            .iter()
            .find(|view| view.id.to_string() == id)
            .map_or(InUse::Missing, |view| InUse::View(Box::new(view.clone()))),
    }
}

/// Whether a failure says that the views are no longer as the page has them.
const fn is_outdated(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Conflict | ErrorCode::NotFound | ErrorCode::Forbidden
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::{user::PersonRef, view::ViewId};

    pub fn saved(number: u64) -> SavedView {
        SavedView {
            id: ViewId::from_number(number).unwrap(),
            list: ListName::Tokens,
            name: format!("View {number}"),
            query: String::new(),
            shared: false,
            mine: true,
            owner: PersonRef {
                id: "USR-0001-0001".into(),
                name: "Ada".into(),
            },
            may_change: true,
            is_default: false,
            revision: 1,
        }
    }

    #[test]
    fn the_view_in_use_is_the_one_that_the_address_names_if_it_exists_for_the_person() {
        let known = Ok(vec![saved(1), saved(2)]);
        let failed = Err(ApiError::not_found());
        for plain in ["", href::PLAIN_VIEW] {
            for known in [None, Some(&known), Some(&failed)] {
                assert_eq!(in_use(plain, known), InUse::Plain, "{plain}");
            }
        }
        let second = in_use("VIW-0000-0002", Some(&known));
        assert_eq!(second, InUse::View(Box::new(saved(2))));
        for missing in [
            "VIW-0000-0003",
            "viw-0000-0002",
            "nonsense",
            "VIW-0000-0002 ",
        ] {
            assert_eq!(in_use(missing, Some(&known)), InUse::Missing, "{missing}");
        }
        assert_eq!(in_use("VIW-0000-0002", None), InUse::Waiting);
        assert_eq!(in_use("VIW-0000-0002", Some(&failed)), InUse::Failed);
    }
}
