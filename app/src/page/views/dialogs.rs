//! The dialogs of saved views: a name for a new one, another name for an old one, the question before one is deleted,
//! and why something was not done.

use super::Views;
use crate::{
    browser,
    domain::{user::Role, view::SavedView},
    error::ApiError,
    page::Viewer,
    ui::{
        Confirm, Dialog, Erase as _, TextField, changing, failure_dialog, handler, sentence, truth,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// What a dialog is about.
#[derive(Clone)]
pub(super) enum Asked {
    /// A new view.
    New,
    /// The name of a view, and who sees it.
    Rename(SavedView),
    /// Whether a view is to be deleted.
    Delete(SavedView),
    /// Why something was not done.
    Failed(&'static str, ApiError),
}

/// The dialog that is open.
pub(crate) fn dialogs(views: Views) -> impl IntoView {
    let close = Callback::new(move |()| views.asked.set(None));
    changing(move || {
        views.asked.get().map(|asked| match asked {
            Asked::New => view! { <NameForm views view=None close/> }.erased(),
            Asked::Rename(view) => view! { <NameForm views view=Some(view) close/> }.erased(),
            Asked::Delete(view) => deletion(views, view, close),
            Asked::Failed(title, error) => failure_dialog(title, error, close),
        })
    })
}

fn deletion(views: Views, view: SavedView, close: Callback<()>) -> AnyView {
    let text = question(&view, &account());
    let on_yes = move |()| {
        close.run(());
        views.delete(view.clone());
    };
    view! { <Confirm title="Delete this view?" text yes="Delete view" no="Keep it" on_yes on_no=close/> }
        .into_any()
}

/// What deleting a view means to those who see it.
fn question(view: &SavedView, account: &str) -> String {
    let name = &view.name;
    if view.shared {
        return format!(
            "“{name}” is shared with everybody in {account}. It will be gone for all of them, and whoever's list begins \
             with it gets the plain list. No token changes."
        );
    }
    format!("“{name}” will be gone. The list stays as it is, and no token changes.")
}

fn account() -> String {
    Viewer::get()
        .map(|viewer| viewer.account.name)
        .unwrap_or_default()
}

/// Asks for the name of a view and who is to see it.
#[component]
fn NameForm(views: Views, view: Option<SavedView>, close: Callback<()>) -> impl IntoView {
    let title = if view.is_some() {
        "Rename or share"
    } else {
        "Save as a new view"
    };
    let name = RwSignal::new(
        view.as_ref()
            .map_or_else(String::new, |view| view.name.clone()),
    );
    let shared = RwSignal::new(view.as_ref().is_some_and(|view| view.shared));
    let running = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    let subject = StoredValue::new(view);
    let of_field = move |field: &'static str| {
        Signal::derive(move || {
            problem.with(|error| error.as_ref()?.field(field).map(str::to_owned))
        })
    };
    let (name_error, shared_error) = (of_field("name"), of_field("shared"));
    let other =
        move || problem.with(|error| error.as_ref().filter(|error| is_other(error)).map(sentence));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if running.get_untracked() {
            return;
        }
        running.set(true);
        problem.set(None);
        let (name, shared) = (name.get_untracked(), shared.get_untracked());
        spawn_local(async move {
            let answer = match subject.get_value() {
                Some(view) => views.rename(view, name, shared).await,
                None => views.create(name, shared).await,
            };
            if let Err(error) = &answer {
                views.outdated(error);
            }
            if running.is_disposed() {
                return;
            }
            running.set(false);
            match answer {
                Ok(()) => close.run(()),
                Err(error) => {
                    if error.field("name").is_some() {
                        browser::focus_id("view-name");
                    }
                    problem.set(Some(error));
                }
            }
        });
    };
    let shares = Viewer::get().is_ok_and(|viewer| viewer.role == Role::Administrator);
    view! {
        <Dialog labelled_by="view-title" small=true on_close=close>
            <form class="dialog-inner" novalidate=true on:submit=handler(save)>
                <header><h2 id="view-title">{title}</h2></header>
                <div class="body">
                    <TextField id="view-name" label="Name" value=name frozen=running.into() error=name_error/>
                    {shares.then(|| sharing(shared, running, shared_error))}
                    {move || other().map(|text| view! { <p class="notice danger" role="alert">{text}</p> }.erased())}
                </div>
                <footer>
                    <button type="button" class="btn quiet" on:click=handler(move |_| close.run(()))>"Cancel"</button>
                    <button type="submit" class="btn primary" disabled=running aria-busy=move || truth(running.get())>"Save"</button>
                </footer>
            </form>
        </Dialog>
    }
    .erased()
}

fn is_other(error: &ApiError) -> bool {
    error.field("name").is_none() && error.field("shared").is_none()
}

fn sharing(
    shared: RwSignal<bool>,
    running: RwSignal<bool>,
    error: Signal<Option<String>>,
) -> AnyView {
    view! {
        <div class="form-row">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=shared
                    disabled=running
                    aria-describedby="view-shared-error"
                    on:change:target=move |event| shared.set(event.target().checked())
                />
                <span>"Share with everybody in "<bdi>{account()}</bdi></span>
            </label>
            <div class="row-foot"><span class="error" id="view-shared-error" aria-live="polite">{error}</span></div>
        </div>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::FieldError, page::views::tests::saved};

    #[test]
    fn deleting_a_shared_view_says_what_happens_to_others() {
        let own = question(&saved(1), "Stark Industries");
        assert!(!own.contains("Stark"), "{own}");
        let shared = SavedView {
            shared: true,
            ..saved(1)
        };
        let shared = question(&shared, "Stark Industries");
        assert!(
            shared.contains("everybody in Stark Industries")
                && shared.contains("gone for all of them"),
            "{shared}"
        );
    }

    #[test]
    fn a_failure_of_the_query_is_said_in_its_own_words() {
        let error = ApiError::invalid(vec![FieldError {
            field: "query".into(),
            message: "The filter is too long.".into(),
        }]);
        assert!(is_other(&error));
        assert_eq!(sentence(&error), "The filter is too long.");
        assert_eq!(
            sentence(&ApiError::not_found()),
            ApiError::not_found().message
        );
    }
}
