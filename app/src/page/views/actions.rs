//! What is done with a view, and what an answer means to the page.

use super::{InUse, Views, dialogs::Asked, is_outdated};
use crate::{
    api::views::{create_view, delete_view, edit_view, set_default_view},
    domain::view::{NewView, SavedView, ViewEdit},
    error::ApiError,
    href,
};
use leptos::{prelude::*, task::spawn_local};

impl Views {
    /// Keeps the list as it is under a name, and uses that view from then on.
    ///
    /// # Errors
    /// As [`create_view`].
    pub(super) async fn create(self, name: String, shared: bool) -> Result<(), ApiError> {
        let (list, query) = (self.list, self.kept.get_untracked());
        let view = create_view(NewView {
            list,
            name,
            query,
            shared,
        })
        .await?;
        self.say(&view.name, "saved");
        let address = href::view(&view);
        self.update(|views| views.push(view));
        self.go.try_run(address);
        Ok(())
    }

    /// Gives a view another name, shares it or keeps it for oneself.
    ///
    /// # Errors
    /// As [`edit_view`].
    pub(super) async fn rename(
        self,
        view: SavedView,
        name: String,
        shared: bool,
    ) -> Result<(), ApiError> {
        // After a conflict there is a newer one, which the person has been told of.
        let view = self.newest(view);
        let query = view.query.clone();
        self.change(view, name, query, shared).await
    }

    /// Has the view in use show what the list shows.
    pub(super) fn save_changes(self, view: SavedView) {
        let (name, shared) = (view.name.clone(), view.shared);
        spawn_local(async move {
            let query = self.kept.get_untracked();
            let answer = self.change(view, name, query, shared).await;
            self.told("The view was not updated", answer);
        });
    }

    async fn change(
        self,
        view: SavedView,
        name: String,
        query: String,
        shared: bool,
    ) -> Result<(), ApiError> {
        let edit = ViewEdit {
            revision: view.revision,
            name,
            query,
            shared,
        };
        let view = edit_view(view.id.to_string(), edit).await?;
        self.say(&view.name, "updated");
        self.update(|views| {
            if let Some(old) = views.iter_mut().find(|old| old.id == view.id) {
                *old = view;
            }
        });
        Ok(())
    }

    /// Deletes a view. The list stays as it is.
    pub(super) fn delete(self, view: SavedView) {
        spawn_local(async move {
            let answer = delete_view(view.id.to_string()).await;
            if answer.is_ok() {
                self.say(&view.name, "deleted");
                // First, for otherwise the list could still begin with it.
                self.update(|views| views.retain(|other| other.id != view.id));
                let id = view.id.to_string();
                if self.named.try_get_untracked() == Some(id) {
                    let kept = self.kept.get_untracked();
                    self.go.try_run(href::without_view(self.list, &kept));
                }
            }
            self.told("The view was not deleted", answer);
        });
    }

    /// Has the person's list begin with this view, or with none.
    pub(super) fn begin_with(self, view: SavedView, yes: bool) {
        spawn_local(async move {
            let id = yes.then(|| view.id.to_string());
            let answer = set_default_view(self.list, id).await;
            if answer.is_ok() {
                self.toasts.say(if yes {
                    format!("View \"{}\" is your default now", view.name)
                } else {
                    format!("View \"{}\" is no longer your default", view.name)
                });
                self.update(|views| {
                    for other in views {
                        other.is_default = yes && other.id == view.id;
                    }
                });
            }
            self.told("Your default is as it was", answer);
        });
    }

    fn say(self, name: &str, done: &str) {
        self.toasts.say(format!("View \"{name}\" {done}"));
    }

    /// Tells why something was not done that no dialog is open for.
    fn told(self, title: &'static str, answer: Result<(), ApiError>) {
        if let Err(error) = answer {
            self.outdated(&error);
            let _ = self.asked.try_set(Some(Asked::Failed(title, error)));
        }
    }

    /// Asks for the views anew when a failure says that they are others.
    pub(super) fn outdated(self, error: &ApiError) {
        if is_outdated(error.code) {
            self.reload();
        }
    }

    fn newest(self, view: SavedView) -> SavedView {
        let found = self.known.with_untracked(|known| {
            let views = known.as_ref()?.as_ref().ok()?;
            views.iter().find(|other| other.id == view.id).cloned()
        });
        found.unwrap_or(view)
    }

    /// The name on the button of the menu.
    pub(super) fn title(self) -> String {
        match self.in_use() {
            InUse::Plain | InUse::Missing => "Default view".to_owned(),
            InUse::Waiting => "View is loading".to_owned(),
            InUse::Failed => "View not loaded".to_owned(),
            InUse::View(view) if self.is_changed(&view) => format!("{} (changed)", view.name),
            InUse::View(view) => view.name,
        }
    }
}
