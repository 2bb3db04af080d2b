//! Reading the audit trail.

use super::{ConsoleService, ServiceError};
use app::{
    domain::{
        audit::{AuditDetails, AuditId, AuditPage, AuditQuery},
        token::TokenId,
    },
    error::ApiError,
    port::Actor,
};

impl ConsoleService {
    pub(super) async fn audit_page(
        &self,
        actor: &Actor,
        query: &AuditQuery,
    ) -> Result<AuditPage, ServiceError> {
        let _ = (actor, query);
        Err(ApiError::not_found().into())
    }

    pub(super) async fn token_audit_page(
        &self,
        actor: &Actor,
        id: TokenId,
        query: &AuditQuery,
    ) -> Result<AuditPage, ServiceError> {
        let _ = (actor, id, query);
        Err(ApiError::not_found().into())
    }

    pub(super) async fn audit_record(
        &self,
        actor: &Actor,
        id: AuditId,
    ) -> Result<AuditDetails, ServiceError> {
        let _ = (actor, id);
        Err(ApiError::not_found().into())
    }
}
