//! Oneself: what is known of the person who is signed in, his name to change, and how the console looks to him. Plain
//! forms without script.

use super::{
    Viewer,
    notice::{FormNotice, NoticeMessage, PlainField},
};
use crate::{
    domain::user::{CurrentUser, Role},
    href,
    theme::Theme,
    ui::{Erase as _, Symbol, icon, page_title},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Profile() -> impl IntoView {
    let notice = FormNotice::of_page();
    view! {
        {page_title("Your profile")}
        <main class="entry" id="main">
            <p class="brand">{icon(Symbol::Key)}"Latchkey"</p>
            <div class="card">
                <h1>"Your profile"</h1>
                <NoticeMessage notice=notice.clone()/>
                {Viewer::provide().user().map(facts)}
            </div>
            <div class="card">{name_form(notice)}</div>
            <div class="card">{theme_form()}</div>
            <p class="entry-links">
                <a href=href::PASSWORD>"Password"</a>
                <a href=href::SIGN_INS>"Your sign-ins"</a>
                <a href=href::TOKENS>"Back to API tokens"</a>
            </p>
        </main>
    }
    .erased()
}

/// What is saved, and who changes what the person cannot.
fn facts(user: CurrentUser) -> impl IntoView {
    let account = format!("{} · {}", user.account.kind.as_str(), user.account.id);
    let who = match user.role {
        Role::Administrator => view! {
            "Your e-mail address can be changed under "<a href=href::USERS>"Users"</a>
            ", your role by another Administrator of your account."
        }
        .erased(),
        Role::Viewer => "Ask an Administrator of your account to change them.".into_any(),
    };
    view! {
        <dl class="dl">
            <div><dt>"Name"</dt><dd><bdi>{user.name}</bdi></dd></div>
            <div><dt>"E-mail"</dt><dd><bdi>{user.email}</bdi></dd></div>
            <div><dt>"Role"</dt><dd>{user.role.as_str()}</dd></div>
            <div><dt>"Account"</dt><dd><bdi>{user.account.name}</bdi><span class="sub">{account}</span></dd></div>
        </dl>
        <p class="sub">"E-mail and role cannot be changed here. "{who}</p>
    }
    .erased()
}

fn name_form(notice: FormNotice) -> impl IntoView {
    view! {
        <form class="form" method="post" action=href::PROFILE>
            <h2>"Your name"</h2>
            <input type="hidden" name="revision" value=notice.value("revision")/>
            <PlainField
                notice
                name="name"
                label="Name"
                kind="text"
                autocomplete="name"
                hint="Others see it beside what you do and the API tokens that you make."
            />
            <button class="btn primary" type="submit">"Save name"</button>
        </form>
    }
    .erased()
}

fn theme_form() -> impl IntoView {
    let current = use_context::<Theme>().unwrap_or_default();
    let radio = |theme: Theme| {
        view! {
            <label>
                <input type="radio" name="theme" value=theme.as_str() checked=theme == current/>
                <span>{theme.label()}</span>
            </label>
        }
        .erased()
    };
    view! {
        <form class="form" method="post" action=href::THEME>
            <fieldset class="choices">
                <legend>"Theme"</legend>
                {Theme::ALL.into_iter().map(radio).collect_view()}
            </fieldset>
            <p class="sub">"It is kept in this browser, for whoever uses it."</p>
            <button class="btn" type="submit">"Use this theme"</button>
        </form>
    }
    .erased()
}
