//! The pages. Each asks the server functions for what it shows and puts it into the building blocks of `ui`.

pub(crate) mod address;
pub(crate) mod administration;
pub(crate) mod audit;
pub(crate) mod bulk;
pub(crate) mod frame;
pub(crate) mod help;
#[cfg(feature = "ssr")]
pub(crate) mod invitation;
mod latest;
pub(crate) mod not_found;
#[cfg(feature = "ssr")]
pub mod notice;
#[cfg(feature = "ssr")]
pub(crate) mod password;
#[cfg(feature = "ssr")]
pub(crate) mod profile;
#[cfg(feature = "ssr")]
pub(crate) mod setup;
mod short_list;
pub(crate) mod shortcuts;
#[cfg(feature = "ssr")]
pub(crate) mod sign_in;
mod sign_in_again;
pub(crate) mod sign_ins;
pub(crate) mod tokens;
pub(crate) mod views;

use crate::{domain::user::CurrentUser, error::ApiError, json::JsonText};
use leptos::prelude::*;

/// The person who is signed in; the same on all pages, since another person is another load of the page.
#[derive(Clone)]
pub(crate) struct Viewer(Option<CurrentUser>);

impl Viewer {
    /// Puts the person into the context: on the server from the request, in the browser from the page.
    pub(crate) fn provide() -> Self {
        let user = SharedValue::<_, JsonText>::new_with_encoding(|| {
            #[cfg(feature = "ssr")]
            if let Ok(crate::port::Actor {
                who: crate::port::Who::User(user),
                ..
            }) = crate::port::actor()
            {
                return Some(user);
            }
            None::<CurrentUser>
        });
        let viewer = Self(user.into_inner());
        provide_context(viewer.clone());
        viewer
    }

    /// The person, if there is one.
    pub(crate) fn user(self) -> Option<CurrentUser> {
        self.0
    }

    /// The person, from the context that the frame around the pages provides.
    ///
    /// # Errors
    /// Unauthenticated, also on a page without the frame.
    pub(crate) fn get() -> Result<CurrentUser, ApiError> {
        use_context::<Self>()
            .and_then(Self::user)
            .ok_or_else(ApiError::unauthenticated)
    }
}
