//! Server functions about the audit trail.

use crate::{
    call::Call,
    domain::audit::{AuditDetails, AuditPage, AuditQuery},
    error::ApiError,
};
use leptos::prelude::*;

/// A page of the audit trail.
///
/// # Errors
/// As [`Console::list_audit`](crate::port::Console::list_audit); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_audit", protocol = Call)]
pub async fn list_audit(query: AuditQuery) -> Result<AuditPage, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console.list_audit(&actor, &query).await
        }
        .await,
    )
}

/// The audit trail of one token.
///
/// # Errors
/// As [`Console::list_token_audit`](crate::port::Console::list_token_audit); unauthenticated.
#[server(prefix = "/fn", endpoint = "list_token_audit", protocol = Call)]
pub async fn list_token_audit(id: String, query: AuditQuery) -> Result<AuditPage, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            console
                .list_token_audit(&actor, super::existing(&id)?, &query)
                .await
        }
        .await,
    )
}

/// One record of the audit trail.
///
/// # Errors
/// As [`Console::get_audit_record`](crate::port::Console::get_audit_record); unauthenticated.
#[server(prefix = "/fn", endpoint = "get_audit_record", protocol = Call)]
pub async fn get_audit_record(id: String) -> Result<AuditDetails, ApiError> {
    super::answer(
        async {
            let (actor, console) = super::caller()?;
            let id = id.parse().map_err(|_| ApiError::not_found())?;
            console.get_audit_record(&actor, id).await
        }
        .await,
    )
}
