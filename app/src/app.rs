//! The router: which address shows which page.

use crate::{
    browser::Live,
    href,
    page::{
        frame::Frame, help::EditTokenHelp, not_found::NotFound, password::Password,
        sign_ins::SignIns, tokens::TokensArea,
    },
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

// Plain forms before anyone is signed in: they get no script, and the browser's half holds nothing of them.
#[cfg(feature = "ssr")]
use crate::page::{setup::Setup, sign_in::SignIn};
#[cfg(not(feature = "ssr"))]
use plain_elsewhere::{Setup, SignIn};

#[cfg(not(feature = "ssr"))]
mod plain_elsewhere {
    use leptos::prelude::*;

    #[component]
    pub fn SignIn() -> impl IntoView {}

    #[component]
    pub fn Setup() -> impl IntoView {}
}

/// The whole console. Pages are rendered in one piece, so that each can be read without script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Live::provide();
    view! {
        <Title formatter=|page: String| format!("{page} · Latchkey")/>
        <Router>
            <Routes fallback=|| view! { <NotFound/> }>
                <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=Setup ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("") view=|| view! { <Redirect path=href::TOKENS/> } ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/settings/api-tokens") view=TokensArea ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!(":id") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!(":id/edit") view=|| () ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("/profile/password") view=Password ssr=SsrMode::Async/>
                    <Route path=path!("/profile/sign-ins") view=SignIns ssr=SsrMode::Async/>
                    <Route path=path!("/help/edit-api-token") view=EditTokenHelp ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
