//! The audit trail: the page, the tab of a token, and a record in a dialog over either.
//!
//! Everything is loaded before any of it is shown, and the tab only reads it as it goes: what is loaded inside a part
//! that itself waits would be counted differently on both sides, and the browser would not find it again.

mod columns;
mod diff;
mod filters;
mod record;
mod rows;

use crate::{
    api::audit::{get_audit_record, list_audit, list_token_audit},
    domain::{
        audit::{AuditCursor, AuditDetails, AuditId, AuditPage, AuditQuery},
        grid::Layout,
    },
    error::ApiError,
    href::{self, Place, TokenTab},
    page::address::Address,
    ui::{Erase as _, close_dialog, loading_within, page_title},
    wire::{self, Loaded},
};
use leptos::prelude::*;

/// Which part of the trail is shown, where and how.
#[derive(Clone, PartialEq)]
enum Shown {
    /// On the page.
    All(AuditQuery),
    /// In the tab of the token with this id; of the query only the part and the layout.
    Token(String, AuditQuery),
}

impl Shown {
    const fn query(&self) -> &AuditQuery {
        match self {
            Self::All(query) | Self::Token(_, query) => query,
        }
    }

    /// The same place with another query.
    fn with(&self, query: AuditQuery) -> Self {
        match self {
            Self::All(_) => Self::All(query),
            Self::Token(id, _) => Self::Token(id.clone(), query),
        }
    }

    /// What the rows depend on.
    fn rows(&self) -> Self {
        self.with(self.query().rows())
    }

    /// Its address.
    fn address(&self) -> String {
        match self {
            Self::All(query) => href::audit_trail(query),
            Self::Token(id, query) => href::token_audit(id, query.cursor, &query.layout),
        }
    }

    /// The address of another part of the same trail.
    fn at(&self, cursor: AuditCursor) -> String {
        let query = AuditQuery {
            cursor,
            ..self.query().clone()
        };
        self.with(query).address()
    }

    /// The address of the same part in another layout.
    fn laid_out(&self, layout: Layout) -> String {
        let query = AuditQuery {
            layout,
            ..self.query().clone()
        };
        self.with(query).address()
    }

    /// The address of a record over it.
    fn record(&self, record: AuditId) -> String {
        match self {
            Self::All(query) => href::audit_record(query, record),
            Self::Token(id, query) => {
                href::token_audit_record(id, query.cursor, &query.layout, record)
            }
        }
    }

    async fn load(self) -> Result<AuditPage, ApiError> {
        match self {
            Self::All(query) => list_audit(query).await,
            Self::Token(id, query) => list_token_audit(id, query).await,
        }
    }
}

/// A record that was asked for, under the id that the address gave.
type Opened = (String, Result<AuditDetails, ApiError>);

/// What is shown, what was loaded for it, and the record over it.
#[derive(Clone, Copy)]
pub struct Trail {
    shown: Memo<Shown>,
    /// Nothing while the trail is out of sight.
    page: Loaded<Option<Result<AuditPage, ApiError>>>,
    /// The id of the record that the address opens.
    wanted: Memo<Option<String>>,
    record: Loaded<Option<Opened>>,
    close: Callback<()>,
}

impl Trail {
    /// Loads it while it is `visible`, and again whenever `changes` rises.
    fn load(
        shown: Memo<Shown>,
        visible: Signal<bool>,
        wanted: Memo<Option<String>>,
        changes: Signal<u32>,
    ) -> Self {
        let rows = Memo::new(move |_| shown.with(Shown::rows));
        let page = wire::load(
            move || visible.get().then(|| (rows.get(), changes.get())),
            |asked| async move {
                match asked {
                    Some((shown, _)) => Some(shown.load().await),
                    None => None,
                }
            },
        );
        let record = wire::load(
            move || wanted.get(),
            |wanted| async move {
                let id = wanted?;
                let found = get_audit_record(id.clone()).await;
                Some((id, found))
            },
        );
        let close = close_dialog(Memo::new(move |_| {
            wanted.get().map(|_| shown.with(Shown::address))
        }));
        Self {
            shown,
            page,
            wanted,
            record,
            close,
        }
    }

    /// Waits on the server until all of it is there, so that the tab goes out with its rows and the browser finds the
    /// same. In the browser the tab shows itself that something is on its way.
    pub async fn arrived(self) {
        if cfg!(feature = "ssr") {
            let _ = self.page.get().await;
            let _ = self.record.get().await;
        }
    }
}

/// The page.
#[component]
pub fn AuditTrail() -> impl IntoView {
    let search = Address::here().search;
    let query = Memo::new(move |_| search.with(|search| href::audit_query(search)));
    let shown = Memo::new(move |_| Shown::All(query.get()));
    let wanted = Memo::new(move |_| search.with(|search| href::record_id(search)));
    let no_changes = Signal::stored(0);
    let trail = Trail::load(shown, Signal::stored(true), wanted, no_changes);
    view! {
        {page_title("Audit trail")}
        <p class="crumb">"Settings › Audit trail"</p>
        <div class="head"><h1>"Audit trail"</h1></div>
        <section class="card">
            {filters::filters(query)}
            {loading_within(move || rows::trail(trail))}
        </section>
        {loading_within(move || record::over(trail))}
    }
    .erased()
}

/// Loads what the tab of the token with this id needs, again whenever `changes` rises, and puts it into the context.
pub fn provide_token_audit(id: String, tab: Memo<TokenTab>, changes: RwSignal<u32>) -> Trail {
    let Address { place, search } = Address::here();
    let here = Memo::new(move |_| {
        let bare = place.with(|place| matches!(place, Place::Token(_)));
        bare && tab.get() == TokenTab::AuditTrail
    });
    let shown = Memo::new(move |last: Option<&Shown>| match last {
        // The same while a dialog for editing lies over it.
        Some(last) if !here.get() => last.clone(),
        _ => {
            let AuditQuery { cursor, layout, .. } = search.with(|search| href::audit_query(search));
            let query = AuditQuery {
                cursor,
                layout,
                ..AuditQuery::default()
            };
            Shown::Token(id.clone(), query)
        }
    });
    let wanted = Memo::new(move |_| {
        let record = search.with(|search| href::record_id(search));
        record.filter(|_| here.get())
    });
    let visible = Signal::derive(move || tab.get() == TokenTab::AuditTrail);
    let trail = Trail::load(shown, visible, wanted, changes.into());
    provide_context(trail);
    trail
}

/// The tab of a token, from what [`provide_token_audit`] loads.
#[component]
pub fn TokenAudit() -> impl IntoView {
    let trail = use_context::<Trail>();
    trail.map(|trail| {
        view! {
            {rows::trail(trail)}
            {record::over(trail)}
        }
        .erased()
    })
}
