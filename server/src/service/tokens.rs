//! Reading tokens: the list, one token, and what its edit form starts from.

use super::{ConsoleService, ServiceError, authz};
use crate::repo::{
    self, Conn,
    filter::SYSTEM_NAME,
    tokens::{StampRow, TokenRow},
};
use app::{
    domain::{
        module::Module,
        page::{DEFAULT_PAGE_SIZE, PAGE_SIZES, Page},
        secret::{RevealPolicy, SecretAccess},
        token::{ModuleChoice, Stamp, TokenDetails, TokenForm, TokenId, TokenQuery, TokenSummary},
        user::PersonRef,
    },
    error::ApiError,
    port::Actor,
    rql,
};
use std::collections::{BTreeSet, HashMap};

impl ConsoleService {
    /// A page of the list: three queries, however many rows.
    pub(super) async fn tokens_page(
        &self,
        actor: &Actor,
        query: &TokenQuery,
    ) -> Result<Page<TokenSummary>, ServiceError> {
        let conn = self.db.read();
        let query = &offered(query);
        let filter = rql::parse(&query.filter).map_err(ApiError::from)?;
        let scope = authz::token_scope(actor)?;
        let page = match &filter {
            Some(_) => {
                let _place = self.list_place(actor).await;
                repo::tokens::list_tokens(self.db.list(), scope, query, filter.as_ref()).await?
            }
            None => repo::tokens::list_tokens(conn, scope, query, None).await?,
        };
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        let mut modules = repo::modules::list_of_tokens(conn, &ids).await?;
        let now = self.env.clock.now();
        let rows = page.rows.into_iter().map(|row| {
            let modules = modules.remove(&row.id).unwrap_or_default();
            TokenSummary {
                allowed: authz::allowed(actor, &row, now),
                id: row.id,
                name: row.name,
                account: row.account,
                modules,
                created_by: person(&row.created.1, row.creator_name),
                created_at: row.created.0,
                last_access_at: row.last_access_at,
                status: row.status,
                icon: row.icon,
            }
        });
        Ok(Page {
            rows: rows.collect(),
            number: page.number,
            size: page.size,
            total: page.total,
        })
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
        rows: Vec<TokenRow>,
    ) -> Result<Vec<TokenDetails>, ServiceError> {
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

/// The query with a size that is offered: a program could ask for every row at once, and so may a typing error.
fn offered(query: &TokenQuery) -> TokenQuery {
    let mut query = query.clone();
    if !PAGE_SIZES.contains(&query.page.size) {
        query.page.size = DEFAULT_PAGE_SIZE;
    }
    query
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
