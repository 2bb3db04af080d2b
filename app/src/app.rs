//! The router: which address shows which page.

use crate::{
    browser::Live,
    href::Place,
    page::{
        address::Address,
        administration::{Accounts, Modules, Users},
        audit::AuditTrail,
        bulk::{BulkChanges, OneBulkChange},
        frame::Frame,
        help::Help,
        not_found::NotFound,
        sign_ins::SignIns,
        tokens::TokensArea,
    },
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The whole console. Pages are rendered in one piece, so that each can be read without script.
///
/// One route takes every address: [`Place`] alone says what an address means, and a page is kept while a dialog
/// opens over it, which separate routes would not do.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Live::provide();
    view! {
        <Router>
            <FlatRoutes fallback=|| ()>
                <Route path=path!("/*any") view=Pages ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}

/// What is shown in the frame; the dialog over it is the page's own matter.
#[derive(Clone, PartialEq)]
enum Shown {
    Tokens,
    BulkChanges,
    BulkChange(String),
    SignIns,
    AuditTrail,
    Modules,
    Users,
    Accounts,
    Help(&'static str),
    Nothing,
}

#[component]
fn Pages() -> impl IntoView {
    let address = Address::provide();
    let place = address.place;
    // Plain forms, around passwords and oneself: they get no script, and the browser's half holds nothing of them.
    #[cfg(feature = "ssr")]
    match place.get_untracked() {
        Place::SignIn => return view! { <crate::page::sign_in::SignIn/> }.into_any(),
        Place::Setup => return view! { <crate::page::setup::Setup/> }.into_any(),
        Place::Invitation => {
            return view! { <crate::page::invitation::Invitation/> }.into_any();
        }
        Place::Profile => return view! { <crate::page::profile::Profile/> }.into_any(),
        Place::Password => return view! { <crate::page::password::Password/> }.into_any(),
        _ => {}
    }
    let shown = Memo::new(move |_| match place.get() {
        Place::Tokens | Place::AddToken | Place::Token(_) | Place::EditToken(_) => Shown::Tokens,
        Place::BulkChanges => Shown::BulkChanges,
        Place::BulkChange(id) => Shown::BulkChange(id),
        Place::SignIns => Shown::SignIns,
        Place::AuditTrail => Shown::AuditTrail,
        Place::Modules => Shown::Modules,
        Place::Users => Shown::Users,
        Place::Accounts => Shown::Accounts,
        Place::Help(address) => Shown::Help(address),
        Place::SignIn
        | Place::Setup
        | Place::Invitation
        | Place::Profile
        | Place::Password
        | Place::Nowhere => Shown::Nothing,
    });
    view! {
        <Frame>
            {move || match address.provide_while(shown) {
                Shown::Tokens => view! { <TokensArea/> }.into_any(),
                Shown::BulkChanges => view! { <BulkChanges/> }.into_any(),
                Shown::BulkChange(id) => view! { <OneBulkChange id/> }.into_any(),
                Shown::SignIns => view! { <SignIns/> }.into_any(),
                Shown::AuditTrail => view! { <AuditTrail/> }.into_any(),
                Shown::Modules => view! { <Modules/> }.into_any(),
                Shown::Users => view! { <Users/> }.into_any(),
                Shown::Accounts => view! { <Accounts/> }.into_any(),
                Shown::Help(address) => view! { <Help address/> }.into_any(),
                Shown::Nothing => view! { <NotFound/> }.into_any(),
            }}
        </Frame>
    }
    .into_any()
}
