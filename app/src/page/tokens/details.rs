//! A token's details page.

use super::{
    Changes,
    lifecycle::{Asked, Subject, entries, question},
    secret,
};
use crate::{
    api::tokens::get_token,
    browser::{KeptFocus, Live},
    domain::{
        module::{ACCESS_MANAGEMENT, AUDIT_TRAIL},
        text::grouped,
        token::{Stamp, TokenDetails},
    },
    href::{self, Behind, EditStep, TokenTab},
    page::{
        address::Address,
        audit::{TokenAudit, provide_token_audit},
    },
    ui::{
        AccountChip, Avatar, CopyButton, Erase as _, Failure, Menu, Moment, OptionalMoment,
        StatusChip, Symbol, Tabs, handler, icon, loading, page_title,
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The token with this id, on the tab that the address names.
#[component]
pub fn Details(id: String) -> impl IntoView {
    let changes = expect_context::<Changes>();
    let search = Address::here().search;
    let tab = Memo::new(move |_| {
        search.with(|search| TokenTab::lenient(href::query_value(search, "tab").as_deref()))
    });
    let trail = provide_token_audit(id.clone(), tab, changes.0);
    let token = wire::load(
        move || changes.0.get(),
        move |_| {
            let id = id.clone();
            async move { get_token(id).await }
        },
    );
    let refetch = Callback::new(move |()| changes.raise());
    let (asked, focus) = (Asked::new(), KeptFocus::new());
    let navigate = use_navigate();
    let deleted = Callback::new(move |()| {
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(href::TOKENS, options);
    });
    view! {
        <section node_ref=focus.part on:focusin=handler(move |event: leptos::ev::FocusEvent| focus.note(&event))>
            {loading(move || Box::pin(async move {
                let token = token.get().await;
                trail.arrived().await;
                match token {
                    Ok(token) => {
                        focus.keep();
                        token_page(token, tab, asked).into_any()
                    }
                    Err(error) => view! {
                        {page_title("API token")}
                        <div class="card"><Failure error retry=refetch whole_page=true/></div>
                    }
                    .erased(),
                }
            }))}
        </section>
        {question(asked, Some(deleted))}
    }
    .erased()
}

fn token_page(token: TokenDetails, tab: Memo<TokenTab>, asked: Asked) -> impl IntoView {
    let id = token.id.to_string();
    let tabs = [
        ("General", TokenTab::General),
        ("Modules", TokenTab::Modules),
        ("Details", TokenTab::Details),
        ("Audit trail", TokenTab::AuditTrail),
    ];
    let links = tabs.map(|(label, tab)| (label, href::token(&id, tab)));
    let edit = {
        let id = id.clone();
        move || href::edit_token(&id, EditStep::General, &Behind::Details(tab.get()))
    };
    let subject = Subject::from(&token);
    let TokenDetails {
        name,
        status,
        deleted,
        allowed,
        icon: picture,
        ..
    } = token.clone();
    let picture = picture.map(|picture| href::icon(token.id, &picture));
    let (waiting, changes) = (Live::waiting(), expect_context::<Changes>());
    let token = StoredValue::new(token);
    view! {
        {page_title(&name)}
        <p class="crumb"><a href=href::TOKENS>"API tokens"</a>" / "<bdi>{name.clone()}</bdi></p>
        <div class="head">
            <a class="back" href=href::TOKENS aria-label="Back to API tokens">{icon(Symbol::Left)}</a>
            <Avatar name=name.clone() seed=token.with_value(|token| token.id.number()) size="lg" icon=picture/>
            <div class="title">
                <h1><bdi>{name}</bdi></h1>
                <span class="sub">"API token "{id}</span>
            </div>
            <StatusChip status/>
            <span class="grow"></span>
            // The tab of the audit trail has its own.
            {move || (tab.get() != TokenTab::AuditTrail).then(|| view! {
                <button type="button" class="btn icon" id="refresh" aria-label="Refresh" title="Refresh" disabled=waiting on:click=handler(move |_| changes.raise())>
                    {icon(Symbol::Refresh)}
                </button>
            }.erased())}
            {allowed.edit.then(|| view! { <a class="btn primary" id="edit-token" href=edit.clone() data-noscroll="">"Edit"</a> }.erased())}
            {subject.has_menu().then(|| menu(subject, edit, asked))}
        </div>
        {deleted.map(gone)}
        {facts(token.get_value())}
        <section class="card">
            <Tabs
                label="Parts of the token"
                tabs=links.to_vec()
                current=Signal::derive(move || tabs.iter().position(|(_, other)| *other == tab.get()).unwrap_or(0))
            />
            {move || match tab.get() {
                TokenTab::General => general(token.get_value()).into_any(),
                TokenTab::Modules => modules(token.get_value()).into_any(),
                TokenTab::Details => history(token.get_value()).into_any(),
                TokenTab::AuditTrail => view! { <TokenAudit/> }.erased(),
            }}
        </section>
    }
    .erased()
}

/// What else can be done to the token, beside **Edit**.
fn menu(
    subject: Subject,
    edit: impl Fn() -> String + Send + Sync + 'static,
    asked: Asked,
) -> AnyView {
    view! {
        <Menu label="More actions" id=subject.menu_id() class="btn icon" trigger=Box::new(|| icon(Symbol::Down).into_any())>
            {entries(&subject, edit(), asked)}
        </Menu>
    }
    .erased()
}

fn gone(deleted: Stamp) -> AnyView {
    view! {
        <div class="notice">
            <p>
                "Deleted by "<bdi>{deleted.by.name}</bdi>", "<Moment at=deleted.at/>
                ". Requests with this token are refused, and it cannot be restored."
            </p>
        </div>
    }
    .erased()
}

/// From where the token was used last, and how often it was.
fn used(from: Option<String>, uses: u64) -> Option<String> {
    let from = from.map(|from| format!("from {from}"));
    let uses = match uses {
        0 => None,
        1 => Some("1 use".to_owned()),
        uses => Some(format!("{} uses", grouped(uses))),
    };
    let said: Vec<_> = [from, uses].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn facts(token: TokenDetails) -> impl IntoView {
    let account = token.account;
    let logo = href::account_icon(&account);
    let names = token
        .modules
        .iter()
        .map(|module| module.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    view! {
        <section class="card">
            <dl class="facts">
                <div>
                    <dt>"Account"</dt>
                    <dd>
                        <div class="id">
                            <Avatar name=account.name.clone() seed=account.id.number() icon=logo/>
                            <div>
                                <b><bdi>{account.name}</bdi></b>" "<AccountChip status=account.status/>
                                <span class="sub">{account.id.to_string()}</span>
                            </div>
                        </div>
                    </dd>
                </div>
                <div>
                    <dt>"Last access"</dt>
                    <dd>
                        <OptionalMoment at=token.last_access_at/>
                        {used(token.last_access_from, token.uses).map(|used| view! { <span class="sub">{used}</span> }.erased())}
                    </dd>
                </div>
                <div>
                    <dt>"Modules"</dt>
                    <dd>{token.modules.len()}<span class="sub"><bdi>{names}</bdi></span></dd>
                </div>
            </dl>
        </section>
    }
    .erased()
}

fn general(token: TokenDetails) -> impl IntoView {
    let secret = secret::rows(&token).into_any();
    let (call, hint) = curl(&token);
    let description = if token.description.is_empty() {
        view! { <span class="sub">"No description"</span> }.erased()
    } else {
        view! { <p class="pre"><bdi>{token.description}</bdi></p> }.erased()
    };
    view! {
        <dl class="dl">
            <div><dt>"Description"</dt><dd>{description}</dd></div>
            <div>
                <dt>"API endpoint"</dt>
                <dd>
                    <span class="secret">
                        <span id="api-endpoint">{token.api_endpoint.clone()}</span>
                        <CopyButton what="API endpoint" text=token.api_endpoint source="api-endpoint"/>
                    </span>
                </dd>
            </div>
            {secret}
            <div>
                <dt>"Call with curl"</dt>
                <dd>
                    <span class="secret">
                        <span id="curl">{call.clone()}</span>
                        <CopyButton what="curl line" text=call source="curl"/>
                    </span>
                    <span class="sub">{hint}" "<a href=href::DOCS rel="external">"All calls are described here."</a></span>
                </dd>
            </div>
        </dl>
    }
    .erased()
}

/// A line for the shell that calls with this token, whose secret it takes from a variable, and what to know of it.
fn curl(token: &TokenDetails) -> (String, &'static str) {
    let has = |code| token.modules.iter().any(|module| module.code == code);
    let (path, hint) = if has(ACCESS_MANAGEMENT) {
        (
            format!("accounts/api-tokens/{}", token.id),
            "Put the secret into the variable TOKEN first.",
        )
    } else if has(AUDIT_TRAIL) {
        (
            "audit/records?limit=10".to_owned(),
            "Put the secret into the variable TOKEN first.",
        )
    } else {
        (
            String::new(),
            "Put the secret into the variable TOKEN first, and the path that you want behind the address.",
        )
    };
    let endpoint = &token.api_endpoint;
    let call = format!("curl -H \"Authorization: Bearer $TOKEN\" \"{endpoint}{path}\"");
    (call, hint)
}

fn modules(token: TokenDetails) -> impl IntoView {
    if token.modules.is_empty() {
        return view! { <p class="dl">"This token may not use any module yet."</p> }.erased();
    }
    let entry = |module: crate::domain::module::Module| {
        view! {
            <div>
                <dt><bdi>{module.name}</bdi></dt>
                <dd><span class="sub">{module.id.to_string()}</span><bdi>{module.description}</bdi></dd>
            </div>
        }.erased()
    };
    view! { <dl class="dl">{token.modules.into_iter().map(entry).collect_view()}</dl> }.erased()
}

fn history(token: TokenDetails) -> impl IntoView {
    let stamps = [
        ("Created", Some(token.created)),
        ("Updated", token.updated),
        ("Enabled", token.enabled),
        ("Disabled", token.disabled),
        ("Deleted", token.deleted),
    ];
    let entry = |(label, stamp): (&'static str, Option<Stamp>)| {
        let value = match stamp {
            None => view! { <OptionalMoment at=None/> }.erased(),
            Some(stamp) => {
                view! { <Moment at=stamp.at/><span class="sub">"by "<bdi>{stamp.by.name}</bdi>" "{stamp.by.id}</span> }.erased()
            }
        };
        view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.erased()
    };
    view! {
        <dl class="dl">
            {stamps.into_iter().map(entry).collect_view()}
            <div><dt>"Revision"</dt><dd>{token.revision}</dd></div>
        </dl>
    }
    .erased()
}
