//! Tokens that are selected in the list, and what can be done to all of them.

use super::{list::Shared, list_count::Count};
use crate::{
    browser::{Live, focus_id},
    domain::{
        bulk::{BulkAction, CHOSEN_MAX, Choice},
        lifecycle::TokenAction,
        module::ModuleId,
        text::grouped,
        token::{TokenId, TokenStatus, TokenSummary},
        token_query::TokenQuery,
    },
    href,
    ui::{Erase as _, changing, handler},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The box for the whole page. The focus goes there when the button that had it goes with the selection.
pub const PICK_PAGE: &str = "pick-page";

/// What is selected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// These; or, when all are selected, all but these.
    ids: BTreeSet<TokenId>,
    /// All that the list holds, on whichever page.
    all: bool,
}

/// What is about to be done: which action is asked about. A module is chosen in the dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Several {
    /// A step in their lives.
    Step(TokenAction),
    /// They get a module.
    Give,
    /// They lose one.
    Take,
}

impl Several {
    const ALL: [Self; 5] = [
        Self::Step(TokenAction::Disable),
        Self::Step(TokenAction::Enable),
        Self::Give,
        Self::Take,
        Self::Step(TokenAction::Delete),
    ];

    /// The action, with a module where it is about one.
    pub fn with(self, module: Option<ModuleId>) -> Option<BulkAction> {
        match self {
            Self::Step(step) => Some(BulkAction::Step(step)),
            Self::Give => module.map(BulkAction::Give),
            Self::Take => module.map(BulkAction::Take),
        }
    }

    /// The words on its button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Step(step) => step.label(),
            Self::Give => "Add a module",
            Self::Take => "Remove a module",
        }
    }
}

/// The selection of a list, and the question about it. It outlives the rows: who turns the page keeps what he selected.
#[derive(Clone, Copy)]
pub struct Selection {
    selected: RwSignal<Selected>,
    /// What the list was narrowed by when it was selected.
    narrowed: StoredValue<Option<[String; 2]>>,
    /// What is asked about all of it, if anything is.
    pub asked: RwSignal<Option<Several>>,
}

impl Selection {
    /// Nothing is selected.
    pub fn new() -> Self {
        Self {
            selected: RwSignal::default(),
            narrowed: StoredValue::new(None),
            asked: RwSignal::new(None),
        }
    }

    /// Selects nothing any more.
    pub fn clear(self) {
        let _ = self.selected.try_set(Selected::default());
    }

    /// Called with what the rows are shown for. Nothing stays selected when the list is narrowed otherwise than before: it
    /// would be about tokens that nobody sees.
    pub fn belongs_to(self, query: &TokenQuery) {
        let now = Some([query.search.clone(), query.filter.clone()]);
        let before = self.narrowed.try_get_value().flatten();
        if before.is_some() && before != now {
            self.clear();
        }
        self.narrowed.try_set_value(now);
    }

    fn has(self, id: TokenId) -> bool {
        self.selected
            .with(|selected| selected.all != selected.ids.contains(&id))
    }

    /// Takes tokens in or out.
    fn set(self, ids: &[TokenId], on: bool) {
        self.selected.update(|selected| {
            for id in ids {
                if on == selected.all {
                    selected.ids.remove(id);
                } else {
                    selected.ids.insert(*id);
                }
            }
        });
    }

    /// What is selected, as the server is told.
    pub fn choice(self, query: &TokenQuery) -> Choice {
        self.selected.with_untracked(|selected| {
            if selected.all {
                Choice::Matching {
                    search: query.search.clone(),
                    filter: query.filter.clone(),
                    except: selected.ids.iter().copied().collect(),
                }
            } else {
                Choice::These(selected.ids.iter().copied().collect())
            }
        })
    }
}

/// The box beside a token's name.
pub(super) fn pick(selection: Selection, token: &TokenSummary) -> AnyView {
    if token.status == TokenStatus::Deleted {
        return ().into_any();
    }
    let (id, waiting) = (token.id, Live::waiting());
    let label = format!("Select {}", token.name);
    let turn = move |event: leptos::ev::Event| {
        selection.set(&[id], event_target_checked(&event));
    };
    view! {
        <input type="checkbox" class="pick" id=format!("pick-{id}") aria-label=label disabled=waiting prop:checked=changing(move || selection.has(id)) on:change=handler(turn)/>
    }
    .erased()
}

/// The row that says what is selected, and what can be done to it. `page` are the tokens of the page that can be.
pub(super) fn bar(shared: Shared, page: Vec<TokenId>, count: Count, more: bool) -> AnyView {
    let selection = shared.selection;
    let waiting = Live::waiting();
    let whole = {
        let page = page.clone();
        move || !page.is_empty() && page.iter().all(|id| selection.has(*id))
    };
    let turn = {
        let page = page.clone();
        move |event: leptos::ev::Event| selection.set(&page, event_target_checked(&event))
    };
    let all_of = whole.clone();
    let tools = move || {
        let (number, all) = selection
            .selected
            .with(|selected| (selected.ids.len(), selected.all));
        if number == 0 && !all {
            return view! {
                <span class="grow"></span>
                <a class="btn quiet small" href=href::BULK_CHANGES>"Bulk changes"</a>
            }
            .erased();
        }
        let words = match (all, number) {
            (true, 0) => format!("All {} selected", count.number()),
            (true, _) => format!(
                "All {} but {} selected",
                count.number(),
                grouped(number as u64)
            ),
            (false, _) => format!("{} selected", grouped(number as u64)),
        };
        let clear = move || {
            let clear = move |_| {
                selection.clear();
                focus_id(PICK_PAGE);
            };
            view! { <button type="button" class="btn quiet small" id="pick-none" on:click=handler(clear)>"Clear selection"</button> }.erased()
        };
        // In one place, so that a second click does not reach an action.
        let offer = (!all && more && all_of()).then(|| {
            let take_all = move |_| {
                selection.selected.set(Selected {
                    all: true,
                    ..Selected::default()
                });
                focus_id("pick-none");
            };
            view! { <button type="button" class="btn quiet small" id="pick-all" on:click=handler(take_all)>{format!("Select all {}", count.number())}</button> }.erased()
        });
        let too_many = number > CHOSEN_MAX;
        let button = |several: Several| {
            let class = match several {
                Several::Step(TokenAction::Delete) => "btn quiet small danger-text",
                _ => "btn quiet small",
            };
            let label = several.label();
            let id = format!("several-{label}").replace(' ', "-");
            let ask = move |_| selection.asked.set(Some(several));
            view! { <button type="button" class=class id=id aria-haspopup="dialog" disabled=too_many on:click=handler(ask)>{label}</button> }.erased()
        };
        view! {
            <span class="count" role="status">{words}</span>
            {offer}
            {all.then(clear)}
            {Several::ALL.map(button).into_iter().collect_view()}
            {(!all).then(clear)}
            {too_many.then(|| view! { <span class="sub">{format!("At most {} can be picked one by one.", grouped(CHOSEN_MAX as u64))}</span> }.erased())}
        }
        .erased()
    };
    view! {
        <div class="bar picks" role="group" aria-label="Selected API tokens">
            <label class="pick-page">
                <input type="checkbox" class="pick" id=PICK_PAGE disabled=waiting prop:checked=changing(whole) on:change=handler(turn)/>
                "Select page"
            </label>
            {changing(tools)}
        </div>
    }
    .erased()
}
