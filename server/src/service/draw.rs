//! Drawing an id that nothing has.

use super::ServiceError;
use crate::{
    env::{RandomSource, below},
    repo::StoreError,
};

/// How often an id is drawn before giving up.
const DRAWS: u32 = 64;

/// An id that is not taken: one of `space` numbers, drawn again when it makes no id or `is_taken` says so.
///
/// # Errors
/// No randomness; the store failed; every id that was drawn is taken.
pub(super) async fn draw<T: Copy, F>(
    random: &dyn RandomSource,
    space: u64,
    from_number: fn(u64) -> Option<T>,
    is_taken: impl Fn(T) -> F,
) -> Result<T, ServiceError>
where
    F: Future<Output = Result<bool, StoreError>>,
{
    for _ in 0..DRAWS {
        if let Some(id) = from_number(below(random, space)?)
            && !is_taken(id).await?
        {
            return Ok(id);
        }
    }
    Err(ServiceError::NoFreeId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SeededRandom;
    use app::domain::id::ModuleId;
    use std::cell::Cell;

    #[tokio::test]
    async fn what_is_taken_is_drawn_again_and_at_last_given_up() {
        let random = SeededRandom::new(1);
        let asked = Cell::new(0);
        let third = |_| {
            asked.set(asked.get() + 1);
            let taken = asked.get() < 3;
            async move { Ok(taken) }
        };
        let drawn = draw(&random, ModuleId::SPACE, ModuleId::from_number, third).await;
        assert!(drawn.is_ok() && asked.get() == 3);
        let all_taken = |_| async { Ok(true) };
        let drawn = draw(&random, ModuleId::SPACE, ModuleId::from_number, all_taken).await;
        assert!(matches!(drawn, Err(ServiceError::NoFreeId)));
    }
}
