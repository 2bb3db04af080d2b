//! Saved views of lists. They are a person's own settings and change no token, so the audit trail does not have them.

use super::{ConsoleService, ServiceError, authz::views as may, draw::draw, passwords::field};
use crate::repo::{
    self, Conn, WriteTx,
    views::{ViewRow, ViewValues},
};
use app::{
    domain::{
        user::{CurrentUser, PersonRef},
        view::{self, ListName, NewView, SavedView, ViewEdit, ViewId},
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};

/// A person has at most this many views, of all lists together.
const OWN_MAX: u64 = 100;
/// In an account at most this many are shared, of all lists together.
const SHARED_MAX: u64 = 100;

impl ConsoleService {
    pub(super) async fn views(
        &self,
        actor: &Actor,
        list: ListName,
    ) -> Result<Vec<SavedView>, ServiceError> {
        let user = may::person(actor)?;
        let rows = repo::views::list_views(self.db.read(), may::scope(user), list).await?;
        Ok(rows.into_iter().map(|row| shown(user, row)).collect())
    }

    /// The view that the actor's list begins with.
    pub(super) async fn chosen_view(
        &self,
        actor: &Actor,
        list: ListName,
    ) -> Result<Option<SavedView>, ServiceError> {
        let user = may::person(actor)?;
        let row = repo::views::find_default(self.db.read(), may::scope(user), list).await?;
        Ok(row.map(|row| shown(user, row)))
    }

    pub(super) async fn add_view(
        &self,
        actor: &Actor,
        new: &NewView,
    ) -> Result<SavedView, ServiceError> {
        let user = may::person(actor)?;
        if new.shared {
            may::may_share(user)?;
        }
        let values = checked(&new.name, &new.query, new.shared)?;
        let tx = self.db.begin_write().await?;
        check_room(&tx, user).await?;
        if new.shared {
            check_shared_room(&tx, user).await?;
        }
        if repo::views::has_name(&tx, user.id, new.list, &values.name, None).await? {
            return Err(named_twice(None).into());
        }
        let taken = |id| repo::views::has_id(&tx, id);
        let id = draw(&*self.env.random, ViewId::SPACE, ViewId::from_number, taken).await?;
        let at = self.env.clock.now();
        repo::views::insert_view(&tx, id, may::scope(user), new.list, &values, at).await?;
        let row = get_row(&tx, user, id).await?;
        tx.commit().await?;
        Ok(shown(user, row))
    }

    /// Saves the change, or says who was first. One that changes nothing is saved already, whatever its revision.
    pub(super) async fn save_view(
        &self,
        actor: &Actor,
        id: ViewId,
        edit: &ViewEdit,
    ) -> Result<SavedView, ServiceError> {
        let user = may::person(actor)?;
        let tx = self.db.begin_write().await?;
        let row = get_row(&tx, user, id).await?;
        may::may_edit(user, &row, edit.shared)?;
        let new = checked(&edit.name, &edit.query, edit.shared)?;
        if new == values_of(&row) {
            return Ok(shown(user, row));
        }
        if edit.revision != row.revision {
            return Err(outdated(&tx, user, &row).await?.into());
        }
        if new.shared && !row.shared {
            check_shared_room(&tx, user).await?;
        }
        if repo::views::has_name(&tx, row.owner, row.list, &new.name, Some(id)).await? {
            let owner = (row.owner != user.id).then_some(row.owner_name.as_str());
            return Err(named_twice(owner).into());
        }
        let stamp = (self.env.clock.now(), user.id);
        repo::views::update_view(&tx, id, row.revision, &new, stamp).await?;
        if row.shared && !new.shared {
            repo::views::delete_other_defaults(&tx, id, row.owner).await?;
        }
        let row = get_row(&tx, user, id).await?;
        tx.commit().await?;
        Ok(shown(user, row))
    }

    pub(super) async fn remove_view(&self, actor: &Actor, id: ViewId) -> Result<(), ServiceError> {
        let user = may::person(actor)?;
        let tx = self.db.begin_write().await?;
        let row = get_row(&tx, user, id).await?;
        may::may_change(user, &row)?;
        repo::views::delete_view(&tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// Makes the actor's list begin with this view, or with none.
    pub(super) async fn choose_view(
        &self,
        actor: &Actor,
        list: ListName,
        id: Option<ViewId>,
    ) -> Result<(), ServiceError> {
        let user = may::person(actor)?;
        let tx = self.db.begin_write().await?;
        match id {
            Some(id) => {
                if get_row(&tx, user, id).await?.list != list {
                    return Err(ApiError::not_found().into());
                }
                repo::views::update_default(&tx, user.id, list, id).await?;
            }
            None => repo::views::delete_default(&tx, user.id, list).await?,
        }
        Ok(tx.commit().await?)
    }
}

/// The view as it exists for this person.
async fn get_row(
    conn: &impl Conn,
    user: &CurrentUser,
    id: ViewId,
) -> Result<ViewRow, ServiceError> {
    let found = repo::views::find_view(conn, may::scope(user), id).await?;
    Ok(found.ok_or_else(ApiError::not_found)?)
}

fn shown(user: &CurrentUser, row: ViewRow) -> SavedView {
    SavedView {
        may_change: may::may_change(user, &row).is_ok(),
        mine: row.owner == user.id,
        id: row.id,
        list: row.list,
        name: row.name,
        query: row.query,
        shared: row.shared,
        owner: PersonRef {
            id: row.owner.to_string(),
            name: row.owner_name,
        },
        is_default: row.is_default,
        revision: row.revision,
    }
}

fn values_of(row: &ViewRow) -> ViewValues {
    ViewValues {
        name: row.name.clone(),
        query: row.query.clone(),
        shared: row.shared,
    }
}

/// What was sent, in the form in which it is kept.
fn checked(name: &str, query: &str, shared: bool) -> Result<ViewValues, ApiError> {
    let name = view::name(name).map_err(|message| field("name", message));
    let query = view::query(query).map_err(|message| field("query", message));
    match (name, query) {
        (Ok(name), Ok(query)) => Ok(ViewValues {
            name,
            query,
            shared,
        }),
        (name, query) => {
            let errors = [name.err(), query.err()];
            Err(ApiError::invalid(errors.into_iter().flatten().collect()))
        }
    }
}

/// Refuses another view of a person who has as many as there may be.
async fn check_room(tx: &WriteTx, user: &CurrentUser) -> Result<(), ServiceError> {
    if repo::views::count_own(tx, user.id).await? < OWN_MAX {
        return Ok(());
    }
    let message = format!(
        "You have {OWN_MAX} saved views, which is the most a person can have. Nothing was saved. Delete one that you no \
         longer need, then save this one."
    );
    Err(ApiError::new(ErrorCode::Invalid, message).into())
}

/// Refuses another shared view in an account that has as many as there may be.
async fn check_shared_room(tx: &WriteTx, user: &CurrentUser) -> Result<(), ServiceError> {
    if repo::views::count_shared(tx, user.account.id).await? < SHARED_MAX {
        return Ok(());
    }
    let message = format!(
        "{SHARED_MAX} views are shared in your account, which is the most there can be. Save this one for yourself, or \
         delete a shared one that nobody needs."
    );
    Err(ApiError::invalid(vec![field("shared", message)]).into())
}

/// One person would have two views of the same name for one list.
fn named_twice(owner: Option<&str>) -> ApiError {
    let who = owner.map_or_else(
        || "You have another view".to_owned(),
        |name| format!("{name}, whose view this is, has another one"),
    );
    let message = format!("{who} with this name for this list. Enter a name that differs.");
    ApiError::invalid(vec![field("name", message)])
}

/// The view is no longer as it was when the change began: who changed it, and when.
async fn outdated(
    tx: &WriteTx,
    user: &CurrentUser,
    row: &ViewRow,
) -> Result<ApiError, ServiceError> {
    let (at, by) = row.updated.clone();
    let who = if by == user.id.to_string() {
        "You".to_owned()
    } else {
        let mut names = repo::users::list_names(tx, vec![by.clone()]).await?;
        names.remove(&by).unwrap_or(by)
    };
    let message = format!(
        "{who} changed this view on {} at {}, after you had opened it. Nothing was saved. Look at it as it is now, and \
         save again what you still want to change.",
        at.utc_day(),
        at.utc_time()
    );
    Ok(ApiError::new(ErrorCode::Conflict, message))
}
