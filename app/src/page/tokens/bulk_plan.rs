//! What is told before several tokens are changed: what it means, and which are left alone and why.

use super::selection::Several;
use crate::{
    domain::{
        bulk::{BulkPlan, LeftAlone, count},
        lifecycle::{RECENT_DAYS, TokenAction},
        text::grouped,
    },
    ui::Erase as _,
};
use leptos::prelude::*;

/// The id of the sentence that says what will happen.
pub(super) const WHAT: &str = "several-what";

/// Tokens that programs seem to rely on are deleted only by somebody who knows how many there are.
pub(super) fn asks_number(several: Several, plan: &BulkPlan) -> bool {
    several == Several::Step(TokenAction::Delete) && plan.recent > 0
}

/// All of it. What is typed to confirm it goes into `typed`.
pub(super) fn planned(several: Several, plan: &BulkPlan, typed: RwSignal<String>) -> AnyView {
    let left: u64 = plan.left_alone.iter().map(|group| group.tokens).sum();
    let what = match (several, plan.tokens) {
        (_, 0) => "There is nothing to do: none of them would be changed.".to_owned(),
        (Several::Step(TokenAction::Disable), tokens) => format!(
            "Requests with {} will be refused until {} enabled again.",
            count(tokens),
            if tokens == 1 { "it is" } else { "they are" }
        ),
        (Several::Step(TokenAction::Enable), tokens) => format!(
            "Requests with {} will be accepted again from now on.",
            count(tokens)
        ),
        (Several::Step(TokenAction::Delete), tokens) => format!(
            "This cannot be undone. Requests with {} will be refused from now on.",
            count(tokens)
        ),
        (Several::Give, tokens) => format!("{} may use the module from now on.", count(tokens)),
        (Several::Take, tokens) => format!(
            "{} may no longer use the module: what needs it is refused.",
            count(tokens)
        ),
    };
    let takes_nothing = matches!(several, Several::Give | Several::Step(TokenAction::Enable));
    let recent = (plan.recent > 0 && !takes_nothing).then(|| {
        format!(
            "{} of them were used in the last {RECENT_DAYS} days, so something may still depend on them.",
            grouped(plan.recent)
        )
    });
    let number = asks_number(several, plan).then(|| number_field(typed));
    let groups = plan.left_alone.iter().map(group).collect_view();
    view! {
        <p id=WHAT tabindex="-1">{what}</p>
        {recent.map(|recent| view! { <p id="several-recent">{recent}</p> }.erased())}
        {(left > 0).then(|| view! {
            <div class="left-alone">
                <h3>{count(left)}" left alone"</h3>
                <ul>{groups}</ul>
            </div>
        }.erased())}
        {number}
    }
    .erased()
}

/// Tokens that are left alone for one reason: how many, and the first by name.
fn group(group: &LeftAlone) -> AnyView {
    let names = group.first.iter().map(|token| {
        if token.name.is_empty() {
            token.id.to_string()
        } else {
            token.name.clone()
        }
    });
    let names = names.map(|name| view! { <bdi class="listed">{name}</bdi> }.erased());
    let more = group.tokens.saturating_sub(group.first.len() as u64);
    let more = (more > 0).then(|| format!("and {} more", grouped(more)));
    view! {
        <li>
            <b>{group.reason.words()}</b>" ("{grouped(group.tokens)}")"
            <span class="sub">{names.collect_view()}{more}</span>
        </li>
    }
    .erased()
}

fn number_field(typed: RwSignal<String>) -> AnyView {
    view! {
        <div class="form-row">
            <label for="several-typed">"Type how many API tokens to delete"</label>
            <input
                class="field"
                type="text"
                inputmode="numeric"
                id="several-typed"
                autocomplete="off"
                prop:value=typed
                on:input:target=move |event| typed.set(event.target().value())
                aria-describedby="several-recent"
            />
        </div>
    }
    .erased()
}
