//! A token's details page.

use super::Changes;
use crate::{
    api::tokens::get_token,
    domain::token::{Stamp, TokenDetails},
    href::{self, Behind, EditStep, TokenTab},
    ui::{
        AccountChip, Avatar, CopyButton, Failure, Moment, OptionalMoment, StatusChip, Symbol, Tabs,
        icon, loading, page_title,
    },
    wire,
};
use leptos::prelude::*;

/// The token with this id, whatever the address says, on this tab.
#[component]
pub fn Details(id: String, tab: Memo<TokenTab>) -> impl IntoView {
    let changes = expect_context::<Changes>();
    let token = wire::load(
        move || changes.0.get(),
        move |_| {
            let id = id.clone();
            async move { get_token(id).await }
        },
    );
    let refetch = Callback::new(move |()| changes.raise());
    view! {
        {loading(move || Box::pin(async move {
                match token.get().await {
                    Ok(token) => token_page(token, tab).into_any(),
                    Err(error) => view! {
                        {page_title("API token")}
                        <div class="card"><Failure error retry=refetch whole_page=true/></div>
                    }
                    .into_any(),
                }
            }))}
    }
}

fn token_page(token: TokenDetails, tab: Memo<TokenTab>) -> impl IntoView {
    let id = token.id.to_string();
    let tabs = [
        ("General", TokenTab::General),
        ("Modules", TokenTab::Modules),
        ("Details", TokenTab::Details),
    ];
    let links = tabs.map(|(label, tab)| (label, href::token(&id, tab)));
    let edit = {
        let id = id.clone();
        move || href::edit_token(&id, EditStep::General, &Behind::Details(tab.get()))
    };
    let token = StoredValue::new(token);
    let TokenDetails {
        name,
        status,
        can_edit,
        ..
    } = token.get_value();
    view! {
        {page_title(&name)}
        <p class="crumb"><a href=href::TOKENS>"API tokens"</a>" / "<bdi>{name.clone()}</bdi></p>
        <div class="head">
            <a class="back" href=href::TOKENS aria-label="Back to API tokens">{icon(Symbol::Left)}</a>
            <Avatar name=name.clone() seed=token.with_value(|token| token.id.number()) size="lg"/>
            <div class="title">
                <h1><bdi>{name}</bdi></h1>
                <span class="sub">"API token "{id}</span>
            </div>
            <StatusChip status/>
            <span class="grow"></span>
            {can_edit.then(|| view! { <a class="btn primary" href=edit data-noscroll="">"Edit"</a> }.into_any())}
        </div>
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
            }}
        </section>
    }
}

fn facts(token: TokenDetails) -> impl IntoView {
    let account = token.account;
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
                            <Avatar name=account.name.clone() seed=account.id.number()/>
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
                        {token.last_access_from.map(|from| view! { <span class="sub">"from "{from}</span> }.into_any())}
                    </dd>
                </div>
                <div>
                    <dt>"Modules"</dt>
                    <dd>{token.modules.len()}<span class="sub"><bdi>{names}</bdi></span></dd>
                </div>
            </dl>
        </section>
    }
}

fn general(token: TokenDetails) -> impl IntoView {
    let description = if token.description.is_empty() {
        view! { <span class="sub">"No description"</span> }.into_any()
    } else {
        view! { <p class="pre"><bdi>{token.description}</bdi></p> }.into_any()
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
        </dl>
    }
}

fn modules(token: TokenDetails) -> impl IntoView {
    if token.modules.is_empty() {
        return view! { <p class="dl">"This token may not use any module yet."</p> }.into_any();
    }
    let entry = |module: crate::domain::module::Module| {
        view! {
            <div>
                <dt><bdi>{module.name}</bdi></dt>
                <dd><span class="sub">{module.id.to_string()}</span><bdi>{module.description}</bdi></dd>
            </div>
        }.into_any()
    };
    view! { <dl class="dl">{token.modules.into_iter().map(entry).collect_view()}</dl> }.into_any()
}

fn history(token: TokenDetails) -> impl IntoView {
    let stamps = [
        ("Created", Some(token.created)),
        ("Updated", token.updated),
        ("Enabled", token.enabled),
        ("Disabled", token.disabled),
    ];
    let entry = |(label, stamp): (&'static str, Option<Stamp>)| {
        let value = match stamp {
            None => view! { <OptionalMoment at=None/> }.into_any(),
            Some(stamp) => {
                view! { <Moment at=stamp.at/><span class="sub">"by "<bdi>{stamp.by.name}</bdi>" "{stamp.by.id}</span> }.into_any()
            }
        };
        view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.into_any()
    };
    view! {
        <dl class="dl">
            {stamps.into_iter().map(entry).collect_view()}
            <div><dt>"Revision"</dt><dd>{token.revision}</dd></div>
        </dl>
    }
}
