//! The seam: each call of [`Console`], led to the rule that answers it. What a caller may see of a failure is decided in
//! `error`.

use super::{ConsoleService, seen};
use app::{
    domain::{
        account::AccountId,
        audit::{AuditDetails, AuditId, AuditPage, AuditQuery},
        event_type::{EventType, EventTypeEdit, EventTypeId},
        filter::FilterChoices,
        icon::IconId,
        lifecycle::TokenAction,
        listing::{ListQuery, Listing, Stretch},
        module::{ModuleDetails, ModuleId},
        new_token::{CreatedToken, NewToken, NewTokenForm},
        page::Total,
        record::{AuditRecord, NewRecord},
        secret::{SecretText, SecretUse},
        sign_in::SignIn,
        token::{EditOutcome, TokenDetails, TokenEdit, TokenForm, TokenId, TokenList},
        token_change::{DraftedToken, TokenDelta, TokenDraft},
        token_query::TokenQuery,
        view::{ListName, NewView, SavedView, ViewEdit, ViewId},
    },
    error::ApiError,
    port::{Actor, Console},
};

#[async_trait::async_trait]
impl Console for ConsoleService {
    async fn list_tokens(&self, actor: &Actor, query: &TokenQuery) -> Result<TokenList, ApiError> {
        seen(self.token_list(actor, query).await, &actor.origin)
    }

    async fn count_tokens(
        &self,
        actor: &Actor,
        query: &TokenQuery,
        all: bool,
    ) -> Result<Total, ApiError> {
        seen(self.count_of_tokens(actor, query, all).await, &actor.origin)
    }

    async fn list_filter_choices(&self, actor: &Actor) -> Result<FilterChoices, ApiError> {
        seen(self.filter_choices(actor).await, &actor.origin)
    }

    async fn get_token(&self, actor: &Actor, id: TokenId) -> Result<TokenDetails, ApiError> {
        seen(self.token(actor, id).await, &actor.origin)
    }

    async fn get_token_form(&self, actor: &Actor, id: TokenId) -> Result<TokenForm, ApiError> {
        seen(self.token_form(actor, id).await, &actor.origin)
    }

    async fn edit_token(
        &self,
        actor: &Actor,
        id: TokenId,
        edit: &TokenEdit,
    ) -> Result<EditOutcome, ApiError> {
        seen(self.save_token(actor, id, edit).await, &actor.origin)
    }

    async fn get_new_token_form(
        &self,
        actor: &Actor,
        account: Option<AccountId>,
    ) -> Result<NewTokenForm, ApiError> {
        seen(self.new_token_form(actor, account).await, &actor.origin)
    }

    async fn create_token(&self, actor: &Actor, new: &NewToken) -> Result<CreatedToken, ApiError> {
        seen(self.add_token(actor, new).await, &actor.origin)
    }

    async fn change_token_status(
        &self,
        actor: &Actor,
        id: TokenId,
        action: TokenAction,
        revision: Option<i64>,
    ) -> Result<(), ApiError> {
        seen(
            self.take_step(actor, id, action, revision).await,
            &actor.origin,
        )
    }

    async fn reveal_secret(
        &self,
        actor: &Actor,
        id: TokenId,
        purpose: SecretUse,
    ) -> Result<SecretText, ApiError> {
        seen(self.reveal(actor, id, purpose).await, &actor.origin)
    }

    async fn note_secret_copied(&self, actor: &Actor, id: TokenId) -> Result<(), ApiError> {
        seen(self.note_copied(actor, id).await, &actor.origin)
    }

    async fn confirm_password(&self, actor: &Actor, password: &SecretText) -> Result<(), ApiError> {
        seen(self.reauthenticate(actor, password).await, &actor.origin)
    }

    async fn upload_icon(&self, actor: &Actor, file: Vec<u8>) -> Result<IconId, ApiError> {
        seen(self.keep_icon(actor, file).await, &actor.origin)
    }

    async fn get_icon(
        &self,
        actor: &Actor,
        id: TokenId,
        icon: &IconId,
    ) -> Result<Vec<u8>, ApiError> {
        seen(self.icon(actor, id, icon).await, &actor.origin)
    }

    async fn list_audit(&self, actor: &Actor, query: &AuditQuery) -> Result<AuditPage, ApiError> {
        seen(self.audit_page(actor, query).await, &actor.origin)
    }

    async fn list_token_audit(
        &self,
        actor: &Actor,
        id: TokenId,
        query: &AuditQuery,
    ) -> Result<AuditPage, ApiError> {
        seen(self.token_audit_page(actor, id, query).await, &actor.origin)
    }

    async fn get_audit_record(&self, actor: &Actor, id: AuditId) -> Result<AuditDetails, ApiError> {
        seen(self.audit_record(actor, id).await, &actor.origin)
    }

    async fn list_tokens_matching(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<TokenDetails>, ApiError> {
        seen(
            self.tokens_matching(actor, query, stretch).await,
            &actor.origin,
        )
    }

    async fn list_token_ids(
        &self,
        actor: &Actor,
        query: &ListQuery,
        most: u64,
    ) -> Result<Vec<TokenId>, ApiError> {
        seen(self.token_ids(actor, query, most).await, &actor.origin)
    }

    async fn list_tokens_by_id(
        &self,
        actor: &Actor,
        ids: &[TokenId],
    ) -> Result<Vec<TokenDetails>, ApiError> {
        seen(self.tokens_by_id(actor, ids).await, &actor.origin)
    }

    async fn create_drafted_token(
        &self,
        actor: &Actor,
        draft: &TokenDraft,
    ) -> Result<DraftedToken, ApiError> {
        seen(self.add_draft(actor, draft).await, &actor.origin)
    }

    async fn update_token(
        &self,
        actor: &Actor,
        id: TokenId,
        delta: &TokenDelta,
    ) -> Result<TokenDetails, ApiError> {
        seen(self.apply_delta(actor, id, delta).await, &actor.origin)
    }

    async fn set_icon(
        &self,
        actor: &Actor,
        id: TokenId,
        file: Vec<u8>,
        revision: Option<i64>,
    ) -> Result<TokenDetails, ApiError> {
        seen(
            self.give_icon(actor, id, file, revision).await,
            &actor.origin,
        )
    }

    async fn find_icon(&self, actor: &Actor, id: TokenId) -> Result<IconId, ApiError> {
        seen(self.icon_of(actor, id).await, &actor.origin)
    }

    async fn list_modules(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<ModuleDetails>, ApiError> {
        seen(
            self.modules_matching(actor, query, stretch).await,
            &actor.origin,
        )
    }

    async fn get_module(&self, actor: &Actor, id: ModuleId) -> Result<ModuleDetails, ApiError> {
        seen(self.module(actor, id).await, &actor.origin)
    }

    async fn list_records(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<AuditRecord>, ApiError> {
        seen(
            self.records_matching(actor, query, stretch).await,
            &actor.origin,
        )
    }

    async fn list_record_places(
        &self,
        actor: &Actor,
        query: &ListQuery,
        most: u64,
    ) -> Result<Vec<i64>, ApiError> {
        seen(self.record_numbers(actor, query, most).await, &actor.origin)
    }

    async fn list_records_at(
        &self,
        actor: &Actor,
        places: &[i64],
    ) -> Result<Vec<AuditRecord>, ApiError> {
        seen(self.records_by_number(actor, places).await, &actor.origin)
    }

    async fn get_record(&self, actor: &Actor, id: AuditId) -> Result<AuditRecord, ApiError> {
        seen(self.record_by_id(actor, id).await, &actor.origin)
    }

    async fn create_record(&self, actor: &Actor, new: &NewRecord) -> Result<AuditRecord, ApiError> {
        seen(self.add_record(actor, new).await, &actor.origin)
    }

    async fn list_event_types(
        &self,
        actor: &Actor,
        query: &ListQuery,
        stretch: Stretch,
    ) -> Result<Listing<EventType>, ApiError> {
        seen(
            self.event_types_matching(actor, query, stretch).await,
            &actor.origin,
        )
    }

    async fn get_event_type(&self, actor: &Actor, id: EventTypeId) -> Result<EventType, ApiError> {
        seen(self.event_type(actor, id).await, &actor.origin)
    }

    async fn edit_event_type(
        &self,
        actor: &Actor,
        id: EventTypeId,
        edit: &EventTypeEdit,
    ) -> Result<EventType, ApiError> {
        seen(self.rename_event_type(actor, id, edit).await, &actor.origin)
    }

    async fn list_sign_ins(&self, actor: &Actor) -> Result<Vec<SignIn>, ApiError> {
        seen(self.sign_ins(actor).await, &actor.origin)
    }

    async fn list_views(&self, actor: &Actor, list: ListName) -> Result<Vec<SavedView>, ApiError> {
        seen(self.views(actor, list).await, &actor.origin)
    }

    async fn create_view(&self, actor: &Actor, new: &NewView) -> Result<SavedView, ApiError> {
        seen(self.add_view(actor, new).await, &actor.origin)
    }

    async fn edit_view(
        &self,
        actor: &Actor,
        id: ViewId,
        edit: &ViewEdit,
    ) -> Result<SavedView, ApiError> {
        seen(self.save_view(actor, id, edit).await, &actor.origin)
    }

    async fn delete_view(&self, actor: &Actor, id: ViewId) -> Result<(), ApiError> {
        seen(self.remove_view(actor, id).await, &actor.origin)
    }

    async fn set_default_view(
        &self,
        actor: &Actor,
        list: ListName,
        id: Option<ViewId>,
    ) -> Result<(), ApiError> {
        seen(self.choose_view(actor, list, id).await, &actor.origin)
    }

    async fn get_default_view(
        &self,
        actor: &Actor,
        list: ListName,
    ) -> Result<Option<SavedView>, ApiError> {
        seen(self.chosen_view(actor, list).await, &actor.origin)
    }
}
