//! What a newer database knows of tokens and people, so that a restored one does not revive what was ended since.

use super::{ReadOnlyDb, StoreError, audit, id, setup, word};
use crate::entity::{api_token, invitation, session, token_module, token_secret, user};
use app::domain::{
    token::{TokenId, TokenStatus},
    user::UserStatus,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{HashMap, HashSet};

/// Rows that are read in one question.
const TOGETHER: u64 = 5_000;

/// How a token stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub status: TokenStatus,
    pub modules: HashSet<String>,
    /// Whether its secret can still be shown.
    pub stored: bool,
}

/// How a person stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonStanding {
    pub email: String,
    pub status: UserStatus,
    pub password_hash: Option<String>,
}

/// How all stand.
#[derive(Debug, Default)]
pub struct Standings {
    pub(crate) tokens: HashMap<TokenId, Standing>,
    pub(crate) people: HashMap<String, PersonStanding>,
}

impl ReadOnlyDb {
    /// This installation's name for itself.
    ///
    /// # Errors
    /// The database failed.
    pub async fn instance(&self) -> Result<Option<String>, StoreError> {
        setup::find_instance(self.read()).await
    }

    /// The hash of the record with this number, as it stands there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn hash_of(&self, seq: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let lines = audit::list_after(self.read(), seq - 1, 1).await?;
        let line = lines.into_iter().find(|(row, _)| row.seq == seq);
        Ok(line.map(|(_, hash)| hash))
    }

    /// The number of the last record, as the head of the trail has it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn last_record(&self) -> Result<i64, StoreError> {
        Ok(audit::find_head(self.read()).await?.0)
    }

    /// How tokens and people stand.
    ///
    /// # Errors
    /// The database failed, or holds what nothing here writes.
    pub async fn standings(&self) -> Result<Standings, StoreError> {
        list_standings(self.read()).await
    }
}

/// How tokens and people stand.
pub(crate) async fn list_standings(conn: &impl ConnectionTrait) -> Result<Standings, StoreError> {
    let mut tokens = HashMap::new();
    let mut after = String::new();
    loop {
        let some: Vec<(String, String)> = api_token::Entity::find()
            .select_only()
            .columns([api_token::Column::Id, api_token::Column::Status])
            .filter(api_token::Column::Id.gt(&*after))
            .order_by_asc(api_token::Column::Id)
            .limit(TOGETHER)
            .into_tuple()
            .all(conn)
            .await?;
        let Some((last, _)) = some.last() else {
            break;
        };
        let upto = last.clone();
        let mut modules = modules(conn, &after, &upto).await?;
        let stored = stored(conn, &after, &upto).await?;
        for (text, status) in some {
            let standing = Standing {
                status: word("a token's status", &status)?,
                modules: modules.remove(&text).unwrap_or_default(),
                stored: stored.contains(&text),
            };
            tokens.insert(id("a token's id", &text)?, standing);
        }
        after = upto;
    }
    let people = people(conn).await?;
    Ok(Standings { tokens, people })
}

async fn modules(
    conn: &impl ConnectionTrait,
    after: &str,
    upto: &str,
) -> Result<HashMap<String, HashSet<String>>, StoreError> {
    use token_module::Column as Given;
    let given: Vec<(String, String)> = token_module::Entity::find()
        .select_only()
        .columns([Given::TokenId, Given::ModuleId])
        .filter(Given::TokenId.gt(after))
        .filter(Given::TokenId.lte(upto))
        .into_tuple()
        .all(conn)
        .await?;
    let mut modules: HashMap<String, HashSet<String>> = HashMap::new();
    for (token, module) in given {
        modules.entry(token).or_default().insert(module);
    }
    Ok(modules)
}

async fn stored(
    conn: &impl ConnectionTrait,
    after: &str,
    upto: &str,
) -> Result<HashSet<String>, StoreError> {
    use token_secret::Column as Secret;
    let found: Vec<String> = token_secret::Entity::find()
        .select_only()
        .column(Secret::TokenId)
        .filter(Secret::TokenId.gt(after))
        .filter(Secret::TokenId.lte(upto))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().collect())
}

async fn people(
    conn: &impl ConnectionTrait,
) -> Result<HashMap<String, PersonStanding>, StoreError> {
    use user::Column as User;
    let rows: Vec<(String, String, String, Option<String>)> = user::Entity::find()
        .select_only()
        .columns([User::Id, User::Email, User::Status, User::PasswordHash])
        .into_tuple()
        .all(conn)
        .await?;
    let people = rows.into_iter().map(|(id, email, status, password_hash)| {
        let status = word("a user's status", &status)?;
        let standing = PersonStanding {
            email,
            status,
            password_hash,
        };
        Ok((id, standing))
    });
    people.collect()
}

/// Ends every sign-in there is.
pub(crate) async fn delete_sessions(conn: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let result = session::Entity::delete_many().exec(conn).await?;
    Ok(result.rows_affected)
}

/// Takes every invitation back: one that was used since would be good again.
pub(crate) async fn delete_invitations(conn: &impl ConnectionTrait) -> Result<(), StoreError> {
    invitation::Entity::delete_many().exec(conn).await?;
    Ok(())
}
