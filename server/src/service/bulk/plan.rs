//! What a change to several tokens would do, token by token, before anything is done.

use super::{TOGETHER, in_order};
use crate::{
    repo::{self, bulk_items::Before, tokens::TokenScope},
    service::{ConsoleService, ServiceError, authz},
};
use app::{
    domain::{
        account::AccountId,
        bulk::{
            BULK_MAX, BulkAction, BulkPlan, CHOSEN_MAX, Choice, LeftAlone, NAMED, NamedToken,
            Reason,
        },
        lifecycle::RECENT_DAYS,
        module::{Module, ModuleId, ModuleRef},
        text::grouped,
        token::TokenId,
        token_query::TokenQuery,
    },
    error::{ApiError, ErrorCode},
    port::Actor,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a change is about, and what decides whether a token can get or lose that.
pub(super) struct About {
    action: BulkAction,
    pub(super) module: Option<Module>,
    /// The accounts that have the module.
    accounts: HashSet<AccountId>,
}

/// A token of a change: as it stands, if it is there, and why it is left so, if it is.
type Judged = (TokenId, Option<Before>, Option<Reason>);

impl About {
    /// Looks at each of these tokens.
    pub(super) async fn judge(
        &self,
        conn: &impl repo::Conn,
        scope: TokenScope,
        ids: &[TokenId],
    ) -> Result<Vec<Judged>, ServiceError> {
        let before = repo::bulk_items::list_before(conn, scope, ids).await?;
        let mut before: HashMap<_, _> = before.into_iter().map(|token| (token.id, token)).collect();
        let holding = match self.action.module() {
            Some(module) => repo::bulk_items::list_holding(conn, module, ids).await?,
            None => HashSet::new(),
        };
        let judged = ids.iter().map(|id| {
            let token = before.remove(id);
            let reason = token.as_ref().map_or(Some(Reason::Gone), |token| {
                let lends = self.accounts.contains(&token.account);
                self.action
                    .leaves(token.status, holding.contains(id), lends)
            });
            (*id, token, reason)
        });
        Ok(judged.collect())
    }
}

impl ConsoleService {
    /// The tokens that were chosen, each once.
    pub(super) async fn chosen(
        &self,
        actor: &Actor,
        choice: &Choice,
    ) -> Result<Vec<TokenId>, ServiceError> {
        let ids = match choice {
            Choice::These(ids) if ids.len() > CHOSEN_MAX => {
                return Err(too_many(CHOSEN_MAX as u64).into());
            }
            Choice::These(ids) => ids.clone(),
            Choice::Matching { except, .. } if except.len() > CHOSEN_MAX => {
                return Err(too_many(CHOSEN_MAX as u64).into());
            }
            Choice::Matching {
                search,
                filter,
                except,
            } => {
                let query = TokenQuery {
                    search: search.clone(),
                    filter: filter.clone(),
                    ..TokenQuery::default()
                };
                // One more than there may be shows that there are more.
                let most = BULK_MAX + 1 + except.len() as u64;
                let (mut ids, _) = self.listed_ids(actor, &query, most).await?;
                let except: HashSet<_> = except.iter().collect();
                ids.retain(|id| !except.contains(id));
                if ids.len() as u64 > BULK_MAX {
                    return Err(too_many(BULK_MAX).into());
                }
                ids
            }
        };
        Ok(in_order(ids))
    }

    /// What is to be known of the module that a change is about.
    ///
    /// # Errors
    /// It is not there for the actor, or nobody can choose it.
    pub(super) async fn about(
        &self,
        conn: &impl repo::Conn,
        actor: &Actor,
        action: BulkAction,
    ) -> Result<About, ServiceError> {
        let Some(id) = action.module() else {
            return Ok(About {
                action,
                module: None,
                accounts: HashSet::new(),
            });
        };
        let accounts = repo::account_rows::list_with_module(conn, id).await?;
        let accounts: HashSet<_> = accounts.into_iter().collect();
        let module = find_module(conn, id).await?;
        let own = authz::only_account(actor);
        let module = module
            .filter(|_| own.is_none_or(|own| accounts.contains(&own.id)))
            .ok_or_else(ApiError::not_found)?;
        if !module.settings.configurable {
            let message = format!(
                "{} is given to every API token or to none, so it can be neither added nor removed. Choose another module.",
                module.name
            );
            return Err(ApiError::new(ErrorCode::Conflict, message).into());
        }
        Ok(About {
            action,
            module: Some(module),
            accounts,
        })
    }

    /// What the change would do, and to each of these tokens: left alone for a reason, or changed.
    pub(super) async fn plan(
        &self,
        actor: &Actor,
        action: BulkAction,
        ids: &[TokenId],
    ) -> Result<(BulkPlan, Vec<(TokenId, Option<Reason>)>), ServiceError> {
        let (scope, conn) = (authz::token_scope(actor)?, self.db.read());
        // It can be about very many.
        let _place = self.list_place(actor).await;
        let about = self.about(conn, actor, action).await?;
        let since = self.env.clock.now().plus_seconds(-RECENT_DAYS * 24 * 3_600);
        let (mut tokens, mut recent) = (0, 0);
        let mut left: BTreeMap<Reason, LeftAlone> = BTreeMap::new();
        let mut each = Vec::with_capacity(ids.len());
        for some in ids.chunks(TOGETHER) {
            for (id, token, reason) in about.judge(conn, scope, some).await? {
                each.push((id, reason));
                let used = token.as_ref().and_then(|token| token.last_access_at);
                match reason {
                    None => {
                        tokens += 1;
                        recent += u64::from(used.is_some_and(|at| at >= since));
                    }
                    Some(reason) => {
                        let name = token.map(|token| token.name).unwrap_or_default();
                        add(&mut left, reason, NamedToken { id, name });
                    }
                }
            }
        }
        let module = about.module.map(|module| ModuleRef {
            id: module.id,
            name: module.name,
        });
        let plan = BulkPlan {
            module,
            tokens,
            recent,
            left_alone: left.into_values().collect(),
        };
        Ok((plan, each))
    }
}

fn add(left: &mut BTreeMap<Reason, LeftAlone>, reason: Reason, token: NamedToken) {
    let group = left.entry(reason).or_insert(LeftAlone {
        reason,
        tokens: 0,
        first: Vec::new(),
    });
    group.tokens += 1;
    if group.first.len() < NAMED {
        group.first.push(token);
    }
}

/// A module that can be given still.
async fn find_module(conn: &impl repo::Conn, id: ModuleId) -> Result<Option<Module>, ServiceError> {
    let all = repo::modules::list_modules(conn).await?;
    let found = all.into_iter().find(|module| module.id == id);
    Ok(found.filter(|module| !module.retired))
}

fn too_many(most: u64) -> ApiError {
    let message = format!(
        "At most {} API tokens can be changed at once this way. Choose fewer, or narrow the list.",
        grouped(most)
    );
    ApiError::new(ErrorCode::Invalid, message)
}
