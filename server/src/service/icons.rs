//! Pictures of tokens and accounts. One is sent while a form is open and kept under the hash of what was made of it; the
//! form then names it. What nothing shows is dropped after a day.

use super::{ConsoleService, Place, ServiceError, authz, passwords::field, seen};
use crate::{
    hex,
    picture::{KEPT_SIDE, PIXELS_MAX, PictureError, SIDE_MAX},
    repo,
};
use app::{
    domain::{
        account::AccountId,
        icon::{FILE_MAX, IconId},
        token::TokenId,
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;

/// What is said of a picture that is not there for whoever names it.
pub(super) const NOT_KEPT: &str =
    "This logo is no longer kept. Choose the file again, or remove the logo.";
/// For so many seconds a picture is kept that nothing shows.
pub(super) const UNUSED: i64 = 24 * 3_600;
/// A person has at most this many of them.
const MOST: u64 = 20;

impl ConsoleService {
    /// A place for a file that this person is about to send, if he may send any: nobody else's bytes are taken in.
    ///
    /// # Errors
    /// He may not add tokens; too many send files.
    pub(crate) async fn begin_upload(
        &self,
        actor: &Actor,
    ) -> Result<(Place, OwnedSemaphorePermit), ApiError> {
        authz::may_send_icon(actor)?;
        let own = self.uploads.try_take(&authz::actor_id(actor));
        let own = own.ok_or_else(|| refusal(PictureError::Busy));
        let own = seen(own, &actor.origin)?;
        let place = self.pictures.place().await.map_err(refusal);
        Ok((own, seen(place, &actor.origin)?))
    }

    /// Keeps what can be made of `file`.
    pub(super) async fn keep_icon(
        &self,
        actor: &Actor,
        file: Vec<u8>,
    ) -> Result<IconId, ServiceError> {
        authz::may_send_icon(actor)?;
        let (id, png) = self.prepared(file).await?;
        let (tx, actor) = self.begin_write_as(actor).await?;
        authz::may_send_icon(&actor)?;
        let (by, now) = (authz::actor_id(&actor), self.env.clock.now());
        repo::icons::delete_unused_before(&tx, now.plus_seconds(-UNUSED)).await?;
        repo::icons::insert_icon(&tx, &id, png, now, &by).await?;
        if repo::icons::count_unused(&tx, &by).await? > MOST {
            return Err(too_many().into());
        }
        tx.commit().await?;
        Ok(id)
    }

    /// What is kept of a file, and its name.
    pub(super) async fn prepared(&self, file: Vec<u8>) -> Result<(IconId, Vec<u8>), ServiceError> {
        if file.len() > FILE_MAX {
            return Err(complaint("This file is larger than 5 MiB. Choose a smaller one.").into());
        }
        let png = self.pictures.prepare(file).await.map_err(refusal)?;
        Ok((name(&png)?, png))
    }

    /// The picture that a token shows.
    pub(super) async fn icon(
        &self,
        actor: &Actor,
        id: TokenId,
        icon: &IconId,
    ) -> Result<Vec<u8>, ServiceError> {
        let conn = self.db.read();
        let token = repo::tokens::find_token(conn, authz::token_scope(actor)?, id).await?;
        if token.is_none_or(|token| token.icon.as_ref() != Some(icon)) {
            return Err(ApiError::not_found().into());
        }
        let png = repo::icons::find_icon(conn, icon).await?;
        Ok(png.ok_or_else(ApiError::not_found)?)
    }

    /// The picture that an account shows: this one, or whichever it is.
    pub(super) async fn account_icon(
        &self,
        actor: &Actor,
        id: AccountId,
        icon: Option<&IconId>,
    ) -> Result<Vec<u8>, ServiceError> {
        authz::people::may_see_account(actor, id)?;
        let conn = self.db.read();
        let account = repo::accounts::find_account(conn, id).await?;
        let account = account.ok_or_else(ApiError::not_found)?;
        let none = || ApiError::new(ErrorCode::NotFound, "This account has no picture.");
        let shown = account.icon.ok_or_else(none)?;
        if icon.is_some_and(|icon| *icon != shown) {
            return Err(ApiError::not_found().into());
        }
        let png = repo::icons::find_icon(conn, &shown).await?;
        Ok(png.ok_or_else(ApiError::not_found)?)
    }

    /// The name of the picture that a token shows.
    pub(super) async fn icon_of(&self, actor: &Actor, id: TokenId) -> Result<IconId, ServiceError> {
        let scope = authz::token_scope(actor)?;
        let token = repo::tokens::find_token(self.db.read(), scope, id).await?;
        let token = token.ok_or_else(ApiError::not_found)?;
        let none = || ApiError::new(ErrorCode::NotFound, "This API token has no picture.");
        Ok(token.icon.ok_or_else(none)?)
    }
}

fn name(png: &[u8]) -> Result<IconId, ServiceError> {
    let digits = hex::encode(&Sha256::digest(png));
    // A hash has as many digits as a name has; the types do not know.
    let unnamed = |_| ApiError::new(ErrorCode::Internal, "The picture could not be named.");
    Ok(digits.parse().map_err(unnamed)?)
}

fn refusal(error: PictureError) -> ServiceError {
    match error {
        PictureError::Kind => {
            complaint("This file is no PNG and no JPEG picture. Choose one that is.")
        }
        PictureError::Large => complaint(&format!(
            "This picture is too large. Choose one of at most {SIDE_MAX} pixels in width and height and {} million \
             pixels in all; it is shown with at most {KEPT_SIDE}.",
            PIXELS_MAX / 1_000_000
        )),
        PictureError::Damaged => complaint(
            "This picture is damaged or not complete. Save it once more in another program, or choose another.",
        ),
        PictureError::Slow => complaint(
            "This picture takes too long to read. Save it once more in another program, or choose another.",
        ),
        PictureError::Busy => ApiError::new(
            ErrorCode::Unavailable,
            "Latchkey is reading too many pictures at once. Nothing was saved; try again in a moment.",
        ),
    }
    .into()
}

fn complaint(message: &str) -> ApiError {
    ApiError::invalid(vec![field("icon", message)])
}

fn too_many() -> ApiError {
    let message = format!(
        "You have sent {MOST} logos that nothing shows, which is the most there may be. Save what one of them is for, or \
         wait: after a day they are dropped."
    );
    ApiError::new(ErrorCode::TooManyRequests, message)
}
