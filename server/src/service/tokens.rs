//! Reading tokens: the list, one token, and what its edit form starts from.

use super::{ConsoleService, ServiceError, authz, filter_names::filter_form};
use crate::repo::{
    self, Conn,
    filter::{SYSTEM_NAME, Wanted},
    token_pages::COUNTED,
    tokens::{StampRow, TokenRow},
};
use app::{
    domain::{
        module::Module,
        page::{DEFAULT_PAGE_SIZE, PAGE_SIZES, Page, PageRequest, Total},
        secret::{RevealPolicy, SecretAccess},
        token::{ModuleChoice, Stamp, TokenDetails, TokenForm, TokenId, TokenList, TokenSummary},
        token_query::TokenQuery,
        user::PersonRef,
    },
    error::ApiError,
    port::Actor,
    rql,
};
use std::collections::{BTreeSet, HashMap};

impl ConsoleService {
    /// A page of the list.
    pub(super) async fn token_list(
        &self,
        actor: &Actor,
        query: &TokenQuery,
    ) -> Result<TokenList, ServiceError> {
        let filter = rql::parse(&query.filter).map_err(ApiError::from)?;
        let wanted = Wanted::of(authz::token_scope(actor)?, query, filter.as_ref());
        let (page, memory) = (offered(query.page), self.db.memory());
        let page = if query.is_narrowed() {
            let _place = self.list_place(actor).await;
            repo::token_pages::list_page(self.db.list(), memory, wanted, page).await?
        } else {
            repo::token_pages::list_page(self.db.read(), memory, wanted, page).await?
        };
        let form = filter_form(filter.as_ref());
        Ok(TokenList {
            page: self.summaries(actor, page).await?,
            names: self.filter_names(actor, form.as_ref()).await?,
            form,
            several_change: self.several_change(actor).await?,
        })
    }

    /// How many tokens the list has.
    pub(super) async fn count_of_tokens(
        &self,
        actor: &Actor,
        query: &TokenQuery,
        all: bool,
    ) -> Result<Total, ServiceError> {
        let filter = rql::parse(&query.filter).map_err(ApiError::from)?;
        let wanted = Wanted::of(authz::token_scope(actor)?, query, filter.as_ref());
        let most = if all { u64::from(u32::MAX) } else { COUNTED };
        let _place = self.list_place(actor).await;
        Ok(repo::token_pages::count(self.db.list(), wanted, most).await?)
    }

    /// What the list shows of these rows: one more query, however many.
    async fn summaries(
        &self,
        actor: &Actor,
        mut page: Page<TokenRow>,
    ) -> Result<Page<TokenSummary>, ServiceError> {
        self.uses.complete(&mut page.rows);
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        let mut modules = repo::modules::list_of_tokens(self.db.read(), &ids).await?;
        let now = self.env.clock.now();
        Ok(page.map(|row| TokenSummary {
            allowed: authz::allowed(actor, &row, now),
            modules: modules.remove(&row.id).unwrap_or_default(),
            id: row.id,
            name: row.name,
            account: row.account,
            created_by: person(&row.created.1, row.creator_name),
            created_at: row.created.0,
            last_access_at: row.last_access_at,
            status: row.status,
            icon: row.icon,
            revision: row.revision,
        }))
    }

    /// One token.
    pub(super) async fn token(
        &self,
        actor: &Actor,
        id: TokenId,
    ) -> Result<TokenDetails, ServiceError> {
        let conn = self.db.read();
        let row = repo::tokens::find_token(conn, authz::token_scope(actor)?, id).await?;
        self.details(conn, actor, row.ok_or_else(ApiError::not_found)?)
            .await
    }

    /// A token and the modules it could have.
    pub(super) async fn token_form(
        &self,
        actor: &Actor,
        id: TokenId,
    ) -> Result<TokenForm, ServiceError> {
        let token = self.token(actor, id).await?;
        authz::may_edit_token(actor, token.account.id)?;
        if !token.allowed.edit {
            return Err(ApiError::not_found().into());
        }
        let modules = repo::modules::list_of_account(self.db.read(), token.account.id).await?;
        let choices = modules
            .into_iter()
            .map(|module| ModuleChoice {
                fixed: !module.settings.configurable,
                module,
            })
            .collect();
        Ok(TokenForm { token, choices })
    }

    /// Who may see a token's secret: as the token says or as the installation does, whichever is tighter (T-29).
    pub(super) fn policy(&self, row: &TokenRow) -> RevealPolicy {
        row.reveal.max(self.settings.reveal)
    }

    /// All that the details page shows of `row`.
    pub(super) async fn details(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        row: TokenRow,
    ) -> Result<TokenDetails, ServiceError> {
        let mut details = self.details_of(conn, actor, vec![row]).await?;
        Ok(details.pop().ok_or_else(ApiError::not_found)?)
    }

    /// The same of many rows, in their order: two queries, however many.
    pub(super) async fn details_of(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        mut rows: Vec<TokenRow>,
    ) -> Result<Vec<TokenDetails>, ServiceError> {
        self.uses.complete(&mut rows);
        let stamps = rows.iter().flat_map(|row| {
            [&row.updated, &row.enabled, &row.disabled, &row.deleted]
                .into_iter()
                .flatten()
        });
        let people: BTreeSet<_> = stamps.map(|(_, by)| by.clone()).collect();
        let names = repo::users::list_names(conn, people.into_iter().collect()).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut modules = repo::modules::list_whole_of_tokens(conn, &ids).await?;
        let details = rows.into_iter().map(|row| {
            let modules = modules.remove(&row.id).unwrap_or_default();
            self.detailed(actor, row, modules, &names)
        });
        Ok(details.collect())
    }

    fn detailed(
        &self,
        actor: &Actor,
        row: TokenRow,
        modules: Vec<Module>,
        names: &HashMap<String, String>,
    ) -> TokenDetails {
        let stamp = |stamp: Option<StampRow>| stamp.map(|stamp| named(stamp, names));
        let allowed = authz::allowed(actor, &row, self.env.clock.now());
        let reveal = self.policy(&row);
        let secret = match reveal {
            // Stored before the installation was tightened; nobody gets it.
            RevealPolicy::Never => SecretAccess::Gone,
            _ => authz::secret_access(actor, &row),
        };
        TokenDetails {
            id: row.id,
            name: row.name,
            description: row.description,
            status: row.status,
            revision: row.revision,
            hint: row.hint,
            modules,
            last_access_at: row.last_access_at,
            last_access_from: row.last_access_ip,
            uses: row.uses,
            created: Stamp {
                at: row.created.0,
                by: person(&row.created.1, row.creator_name),
            },
            updated: stamp(row.updated),
            enabled: stamp(row.enabled),
            disabled: stamp(row.disabled),
            api_endpoint: format!(
                "{}/public/v1/",
                self.settings.public_url.trim_end_matches('/')
            ),
            deleted: stamp(row.deleted),
            icon: row.icon,
            reveal,
            secret,
            allowed,
            account: row.account,
        }
    }
}

/// The page with a size that is offered: a program could ask for every row at once, and so may a typing error.
fn offered(page: PageRequest) -> PageRequest {
    let is_offered = PAGE_SIZES.contains(&page.size);
    PageRequest {
        size: if is_offered {
            page.size
        } else {
            DEFAULT_PAGE_SIZE
        },
        ..page
    }
}

/// A stamp with its person's name, if `names` has it.
pub(super) fn named((at, by): StampRow, names: &HashMap<String, String>) -> Stamp {
    let name = names.get(&by).cloned();
    Stamp {
        at,
        by: person(&by, name),
    }
}

/// A person by id and name. Without an id it is Latchkey; without a name the id stands for it.
fn person(id: &str, name: Option<String>) -> PersonRef {
    let unnamed = || {
        if id.is_empty() {
            SYSTEM_NAME.to_owned()
        } else {
            id.to_owned()
        }
    };
    PersonRef {
        id: id.to_owned(),
        name: name.unwrap_or_else(unnamed),
    }
}
