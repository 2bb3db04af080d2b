//! The menu of saved views: which view is in use, the ways to others, and what can be done with it.

use super::{Views, dialogs::Asked};
use crate::{
    domain::view::SavedView,
    href,
    ui::{Erase as _, Menu, Symbol, handler, icon, key_of, truth},
};
use leptos::prelude::*;

/// The id of the menu's button.
const BUTTON: &str = "views-menu";

/// The button, and the menu under it.
pub(crate) fn menu(views: Views) -> AnyView {
    let title = Memo::new(move |_| views.title());
    let label = Signal::derive(move || format!("View: {}", title.get()));
    let trigger = view! { {icon(Symbol::Views)}<bdi class="view-name">{title}</bdi> };
    view! {
        <Menu label id=BUTTON key=key_of(BUTTON) class="btn quiet" start=true trigger=Box::new(move || trigger.into_any())>
            {plain(views)}
            {move || ways(views)}
            <hr/>
            {entry("Save as a new view…", None, move || views.asked.set(Some(Asked::New)))}
            {move || views.current().map(|view| steps(views, &view))}
        </Menu>
    }
    .erased()
}

fn plain(views: Views) -> AnyView {
    // Where there is no default for certain, the bare address is the plain list, and reads better.
    let bare = views.known.with_untracked(
        |known| matches!(known, Some(Ok(views)) if !views.iter().any(|view| view.is_default)),
    );
    let address = if bare {
        href::list(views.list).to_owned()
    } else {
        href::plain(views.list)
    };
    let chosen = untrack(|| views.current()).is_none();
    way(address, chosen, "Default view".to_owned(), None)
}

/// A way to a view.
fn way(address: String, chosen: bool, name: String, note: Option<String>) -> AnyView {
    let note = note.map(|note| view! { <span class="sub">{note}</span> }.erased());
    view! {
        <a role="menuitemradio" tabindex="-1" aria-checked=truth(chosen) href=address data-noscroll="">
            <span><bdi>{name}</bdi>{note}</span>
        </a>
    }
    .erased()
}

/// The views that there are, or why there are none.
fn ways(views: Views) -> AnyView {
    match views.known.get() {
        None => remark("Your views are being loaded."),
        Some(Err(_)) => view! {
            {remark("Your views could not be loaded.")}
            {entry("Try again", None, move || views.reload())}
        }
        .into_any(),
        Some(Ok(all)) => {
            let used = untrack(|| views.current()).map(|view| view.id);
            let (own, shared): (Vec<_>, Vec<_>) = all.into_iter().partition(|view| view.mine);
            let group = |title, all: Vec<SavedView>| {
                let ways = all.into_iter().map(|view| {
                    let chosen = used == Some(view.id);
                    way(href::view(&view), chosen, view.name.clone(), note(&view))
                });
                let ways: Vec<_> = ways.collect();
                (!ways.is_empty()).then(|| {
                    view! {
                        <div role="group" aria-label=title>
                            <div class="menu-title" aria-hidden="true">{title}</div>
                            {ways}
                        </div>
                    }
                    .erased()
                })
            };
            view! { {group("Yours", own)}{group("Shared with your account", shared)} }.into_any()
        }
    }
}

/// What is to be said of a view beside its name.
fn note(view: &SavedView) -> Option<String> {
    let default = view.is_default.then(|| "Your default".to_owned());
    let whose = match (view.mine, view.shared) {
        (true, true) => Some("Shared with your account".to_owned()),
        (false, _) => Some(format!("By {}", view.owner.name)),
        (true, false) => None,
    };
    let notes: Vec<_> = [default, whose].into_iter().flatten().collect();
    (!notes.is_empty()).then(|| notes.join(" · "))
}

fn remark(text: &'static str) -> AnyView {
    view! { <div role="menuitem" tabindex="-1" aria-disabled="true">{text}</div> }.erased()
}

fn entry(
    words: &'static str,
    class: Option<&'static str>,
    act: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    let act: Box<dyn Fn() + Send + Sync> = Box::new(act);
    view! { <button type="button" role="menuitem" tabindex="-1" class=class on:click=handler(move |_| act())>{words}</button> }
        .erased()
}

/// What can be done with the view in use.
fn steps(views: Views, view: &SavedView) -> AnyView {
    let changed = untrack(|| views.is_changed(view));
    let step = |words, class, act: fn(Views, SavedView)| {
        let view = view.clone();
        entry(words, class, move || act(views, view.clone()))
    };
    let ask_name: fn(Views, SavedView) = |views, view| views.asked.set(Some(Asked::Rename(view)));
    let ask_deletion: fn(Views, SavedView) =
        |views, view| views.asked.set(Some(Asked::Delete(view)));
    let begin: fn(Views, SavedView) = |views, view| views.begin_with(view, true);
    let begin_plain: fn(Views, SavedView) = |views, view| views.begin_with(view, false);
    let default = if view.is_default {
        step("Do not use as your default", None, begin_plain)
    } else {
        step("Use as your default", None, begin)
    };
    if !view.may_change {
        return default;
    }
    view! {
        {changed.then(|| step("Save changes to this view", None, Views::save_changes))}
        {step("Rename or share…", None, ask_name)}
        {default}
        {step("Delete this view…", Some("del"), ask_deletion)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_says_whose_it_is_and_whether_the_list_begins_with_it() {
        let own = crate::page::views::tests::saved(1);
        assert_eq!(note(&own), None);
        let default = SavedView {
            is_default: true,
            shared: true,
            ..own.clone()
        };
        assert_eq!(
            note(&default).unwrap(),
            "Your default · Shared with your account"
        );
        let other = SavedView {
            mine: false,
            shared: true,
            ..own
        };
        assert_eq!(note(&other).unwrap(), "By Ada");
    }
}
