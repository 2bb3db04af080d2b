//! The pages. Each asks the server functions for what it shows and puts it into the building blocks of `ui`.

pub(crate) mod frame;
pub(crate) mod help;
pub(crate) mod not_found;
pub mod notice;
pub(crate) mod password;
#[cfg(feature = "ssr")]
pub(crate) mod setup;
#[cfg(feature = "ssr")]
pub(crate) mod sign_in;
pub(crate) mod sign_ins;
pub(crate) mod tokens;

use crate::{domain::user::CurrentUser, error::ApiError, wire::Loaded};
use leptos::prelude::*;

/// The person who is signed in, loaded once for all pages.
#[derive(Clone, Copy)]
pub(crate) struct Viewer(pub(crate) Loaded<Result<CurrentUser, ApiError>>);

impl Viewer {
    /// From the context that the frame around the pages provides.
    ///
    /// # Errors
    /// Unauthenticated, also on a page without the frame.
    pub async fn get() -> Result<CurrentUser, ApiError> {
        match use_context::<Self>() {
            Some(Self(viewer)) => viewer.await,
            None => Err(ApiError::unauthenticated()),
        }
    }
}
