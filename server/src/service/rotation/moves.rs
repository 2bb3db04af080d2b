//! Tokens whose secret is not stored: they are moved to the active key when they are used, because their secret is known
//! then (T-12).

use super::super::{ConsoleService, ServiceError};
use crate::repo::{self, keys::Lookups};
use app::domain::token::TokenId;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// As many wait to be written. Others are noted with their next use.
const MOST: usize = 500;

/// Tokens that were used and are to be moved.
#[derive(Debug, Default)]
pub(in super::super) struct Moves(Mutex<HashMap<TokenId, (Lookups, String)>>);

impl Moves {
    /// Notes that a token is found under another key than this one, the active one.
    pub(in super::super) fn note(&self, token: TokenId, lookups: Lookups, kid: &str) {
        let mut moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if moves.len() < MOST || moves.contains_key(&token) {
            moves.insert(token, (lookups, kid.to_owned()));
        }
    }

    fn take(&self) -> HashMap<TokenId, (Lookups, String)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ConsoleService {
    /// Moves tokens that were used to the active key. What fails is noted again with the next use.
    pub async fn write_moves(&self) {
        let moves = self.moves.take();
        if moves.is_empty() {
            return;
        }
        if let Err(error) = self.try_write_moves(moves).await {
            tracing::warn!(%error, "tokens that were used could not be moved to the active key; it is tried again with their next use");
        }
    }

    async fn try_write_moves(
        &self,
        moves: HashMap<TokenId, (Lookups, String)>,
    ) -> Result<(), ServiceError> {
        let keyring = self.keyring();
        let tx = self.db.begin_write().await?;
        for (token, (lookups, kid)) in moves {
            // The key may have ceased to be the active one meanwhile.
            if kid != keyring.active().kid() {
                continue;
            }
            repo::keys::update_lookup(&tx, token, lookups, &kid).await?;
            // Also when another process was first: what is in memory is found by the old value.
            tx.moves_token(token, &lookups.to);
        }
        Ok(tx.commit().await?)
    }
}
