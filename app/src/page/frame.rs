//! The frame around every page of a person who is signed in: mark, search, user menu, navigation, messages.

use super::{
    Viewer,
    address::Address,
    shortcuts::{Shortcuts, ShortcutsDialog},
};
use crate::{
    browser::{self, Live},
    chosen_rows::ChosenRows,
    domain::{text::looks_like_secret, token_query::TokenQuery, user::CurrentUser},
    href::{self, Place, TokenTab},
    theme::Theme,
    ui::{
        Avatar, Erase as _, Menu, SEARCH_BOX, Symbol, ToastRegion, Toasts, changing, handler, icon,
        truth,
    },
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// The frame; the page itself are the children.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    Toasts::provide();
    let user = Viewer::provide().user();
    ChosenRows::provide();
    let shortcuts = Shortcuts::provide();
    let Address {
        place,
        search: query,
    } = Address::here();
    let help = move || place.with(|place| query.with(|query| help_page(place, query)));
    view! {
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        {offline()}
        <div class="shell">
            <header class="top">
                <button class="btn quiet icon nav-toggle" type="button" popovertarget="nav" aria-label="Navigation">
                    {icon(Symbol::Menu)}
                </button>
                <a class="brand" href=href::TOKENS>{icon(Symbol::Key)}"Latchkey"</a>
                {search()}
                <a class="btn quiet icon help-link" href=changing(help) aria-label="Help">{icon(Symbol::Help)}</a>
                {user.map(|user| user_menu(user, shortcuts))}
            </header>
            {navigation()}
            <main id="main" tabindex="-1">{children()}</main>
        </div>
        <ToastRegion/>
        {move || shortcuts.shown.get().then(|| view! { <ShortcutsDialog shortcuts/> }.erased())}
    }
    .erased()
}

/// The help page for the task at hand.
fn help_page(place: &Place, search: &str) -> &'static str {
    match place {
        Place::EditToken(_) => href::HELP_EDIT_TOKEN,
        Place::Token(_) if tab(search) == TokenTab::AuditTrail => href::HELP_AUDIT_TRAIL,
        Place::Token(_) => href::HELP_SECRET,
        Place::BulkChanges | Place::BulkChange(_) => href::HELP_BULK,
        Place::AuditTrail => href::HELP_AUDIT_TRAIL,
        Place::Modules => href::HELP_MODULES,
        Place::Users => href::HELP_USERS,
        Place::Accounts => href::HELP_ACCOUNTS,
        Place::Help(address) => address,
        Place::Tokens => href::HELP_FIND_TOKEN,
        _ => href::HELP_ADD_TOKEN,
    }
}

fn tab(search: &str) -> TokenTab {
    TokenTab::lenient(href::query_value(search, "tab").as_deref())
}

fn navigation() -> impl IntoView {
    let path = use_location().pathname;
    // The drawer of a narrow screen closes once it has led somewhere.
    Effect::new(move |led: Option<()>| {
        path.track();
        // It may be open before the page is live.
        if led.is_some() {
            browser::hide_popover("nav");
        }
    });
    let viewer = Viewer::get().ok();
    let sees_all = viewer.as_ref().is_some_and(CurrentUser::sees_all_accounts);
    let sees_users = sees_all || viewer.is_some_and(|viewer| viewer.may_edit_tokens());
    let current =
        move |to: &'static str| changing(move || path.read().starts_with(to).then_some("page"));
    view! {
        <nav class="side" id="nav" popover="auto" aria-label="Settings">
            <h2>"Settings"</h2>
            <a href=href::TOKENS aria-current=current(href::TOKENS)>"API tokens"</a>
            <a href=href::AUDIT_TRAIL aria-current=current(href::AUDIT_TRAIL)>"Audit trail"</a>
            <a href=href::MODULES aria-current=current(href::MODULES)>"Modules"</a>
            {sees_users.then(|| view! { <a href=href::USERS aria-current=current(href::USERS)>"Users"</a> }.erased())}
            {sees_all.then(|| view! { <a href=href::ACCOUNTS aria-current=current(href::ACCOUNTS)>"Accounts"</a> }.erased())}
            <h2>"You"</h2>
            <a href=href::PROFILE rel="external">"Your profile"</a>
            <a href=href::SIGN_INS aria-current=current(href::SIGN_INS)>"Your sign-ins"</a>
        </nav>
    }
    .erased()
}

/// Refuses text in a token's format before the page is live and without script, for it must not get into an address.
pub(super) const NO_SECRET: &str = "(?!.*[a-z][a-z0-9]{1,9}_[0-9A-Za-z]{36}).*";

/// Finds tokens by name or id, from any page.
fn search() -> impl IntoView {
    let Address { place, search } = Address::here();
    let navigate = use_navigate();
    let field = NodeRef::<leptos::html::Input>::new();
    let refused = RwSignal::new(false);
    let waiting = Live::waiting();
    let live = move || !waiting.get();
    // Other lists have a search of their own.
    let typed = move || {
        let of_tokens = |place: &Place| matches!(place, Place::Tokens | Place::AddToken);
        if place.with(of_tokens) {
            search.with(|search| href::token_query(search).search)
        } else {
            String::new()
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let search = field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default();
        refused.set(looks_like_secret(&search));
        if !refused.get_untracked() {
            let query = TokenQuery {
                search: search.trim().to_owned(),
                ..TokenQuery::default()
            };
            navigate(&href::tokens(&query), NavigateOptions::default());
        }
    };
    view! {
        <form class="search" role="search" method="get" action=href::TOKENS novalidate=changing(live) on:submit=handler(submit)>
            <input
                class="field"
                type="search"
                name="search"
                id=SEARCH_BOX
                node_ref=field
                placeholder="Search tokens by name or id   /"
                aria-label="Search tokens by name or id"
                aria-keyshortcuts="/"
                autocomplete="off"
                pattern=NO_SECRET
                title="A name or an id, not a token's secret"
                value=typed()
                prop:value=changing(typed)
                aria-invalid=move || refused.get().then_some("true")
            />
            {move || refused.get().then(|| view! {
                <p class="notice warn" role="alert">
                    "This looks like a token's secret, so it was not sent. Search for the token's name or id instead."
                </p>
            }.erased())}
        </form>
    }
    .erased()
}

fn user_menu(user: CurrentUser, shortcuts: Shortcuts) -> impl IntoView {
    let who = format!("{} · {}", user.account.kind.as_str(), user.name);
    let trigger = view! {
        <span class="who-text"><bdi>{user.account.name.clone()}</bdi><small><bdi>{who}</bdi></small></span>
        <Avatar name=user.name.clone() seed=user.id.number()/>
    };
    view! {
        <Menu label=format!("{}, {}: your menu", user.account.name, user.name) class="who" trigger=Box::new(move || trigger.into_any())>
            {theme_choices()}
            <hr/>
            <a role="menuitem" tabindex="-1" href=href::PROFILE rel="external">"Your profile"</a>
            <a role="menuitem" tabindex="-1" href=href::PASSWORD rel="external">"Password"</a>
            <a role="menuitem" tabindex="-1" href=href::SIGN_INS>"Your sign-ins"</a>
            <button type="button" role="menuitem" tabindex="-1" on:click=handler(move |_| shortcuts.shown.set(true))>
                {icon(Symbol::Keyboard)}"Keyboard shortcuts"
            </button>
            <hr/>
            <form method="post" action=href::SIGN_OUT>
                <button type="submit" role="menuitem" tabindex="-1">"Sign out"</button>
            </form>
        </Menu>
    }
    .erased()
}

/// Light, dark, or as the system has it; the choice holds at once and is kept.
fn theme_choices() -> impl IntoView {
    let root = document().document_element();
    let current = root
        .and_then(|root| root.get_attribute("data-theme"))
        .unwrap_or_default();
    let choose = |theme: &str| {
        browser::set_cookie(Theme::COOKIE, theme);
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", theme);
        }
    };
    view! {
        <div role="group" aria-label="Theme">
            {Theme::ALL.into_iter().map(|theme| view! {
                <button type="button" role="menuitemradio" tabindex="-1" aria-checked=truth(current == theme.as_str()) on:click=handler(move |_| choose(theme.as_str()))>
                    {theme.label()}
                </button>
            }.erased()).collect_view()}
        </div>
    }
    .erased()
}

/// Says that the browser has no network. What was typed stays; actions wait for a click.
fn offline() -> impl IntoView {
    let offline = RwSignal::new(false);
    Effect::new(move |_| {
        offline.set(!window().navigator().on_line());
        let went = window_event_listener(leptos::ev::offline, move |_| offline.set(true));
        let came = window_event_listener(leptos::ev::online, move |_| offline.set(false));
        on_cleanup(move || {
            went.remove();
            came.remove();
        });
    });
    view! {
        {move || offline.get().then(|| view! { <p class="offline" role="alert">"You are offline. What you typed is kept; save again when the connection is back."</p> }.erased())}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_mark_opens_the_help_page_of_the_task_at_hand() {
        for (path, search, help) in [
            (href::TOKENS, "page=2", href::HELP_FIND_TOKEN),
            (href::ADD_TOKEN, "step=modules", href::HELP_ADD_TOKEN),
            ("/settings/api-tokens/TKN-1234-1234", "", href::HELP_SECRET),
            (
                "/settings/api-tokens/TKN-1234-1234",
                "tab=audit-trail&record=AUD-1234-1234-1234-1234",
                href::HELP_AUDIT_TRAIL,
            ),
            (
                "/settings/api-tokens/TKN-1234-1234/edit",
                "tab=audit-trail",
                href::HELP_EDIT_TOKEN,
            ),
            (href::AUDIT_TRAIL, "", href::HELP_AUDIT_TRAIL),
            (href::MODULES, "", href::HELP_MODULES),
            (href::USERS, "page=2", href::HELP_USERS),
            (href::ACCOUNTS, "", href::HELP_ACCOUNTS),
            (href::HELP_LIFECYCLE, "", href::HELP_LIFECYCLE),
        ] {
            let place = Place::from_path(path);
            assert_eq!(help_page(&place, search), help, "{path}?{search}");
        }
    }
}
