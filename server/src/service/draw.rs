//! Drawing an id that nothing has.

use super::ServiceError;
use crate::{
    env::{RandomSource, below},
    repo::StoreError,
};
use std::{collections::HashSet, hash::Hash};

/// How often an id is drawn before giving up.
const DRAWS: u32 = 64;

/// An id that is not taken: one of `space` numbers, drawn again when it makes no id or `is_taken` says so.
///
/// # Errors
/// No randomness; the store failed; every id that was drawn is taken.
pub(super) async fn draw<T: Copy + Eq + Hash, F>(
    random: &dyn RandomSource,
    space: u64,
    from_number: fn(u64) -> Option<T>,
    is_taken: impl Fn(T) -> F,
) -> Result<T, ServiceError>
where
    F: Future<Output = Result<bool, StoreError>>,
{
    let is_taken = &is_taken;
    let taken = |some: Vec<T>| async move {
        let mut taken = HashSet::new();
        for id in some {
            if is_taken(id).await? {
                taken.insert(id);
            }
        }
        Ok(taken)
    };
    let ids = draw_many(random, space, from_number, 1, taken).await?;
    ids.first().copied().ok_or(ServiceError::NoFreeId)
}

/// So many ids, all different, that are not taken; `taken` says which of some are.
///
/// # Errors
/// The same.
pub(super) async fn draw_many<T: Copy + Eq + Hash, F>(
    random: &dyn RandomSource,
    space: u64,
    from_number: fn(u64) -> Option<T>,
    count: usize,
    taken: impl Fn(Vec<T>) -> F,
) -> Result<Vec<T>, ServiceError>
where
    F: Future<Output = Result<HashSet<T>, StoreError>>,
{
    let mut free = Vec::with_capacity(count);
    let mut drawn = HashSet::with_capacity(count);
    let mut rounds = 0..DRAWS;
    while free.len() < count {
        rounds.next().ok_or(ServiceError::NoFreeId)?;
        let mut some = Vec::with_capacity(count - free.len());
        for _ in free.len()..count {
            let id = from_number(below(random, space)?);
            some.extend(id.filter(|id| drawn.insert(*id)));
        }
        let taken = taken(some.clone()).await?;
        free.extend(some.into_iter().filter(|id| !taken.contains(id)));
    }
    Ok(free)
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

    #[tokio::test]
    async fn many_are_all_different_and_none_is_taken() {
        let few = |number| ModuleId::from_number(number).filter(|id| id.number() <= 40);
        let taken: HashSet<_> = (1..=20).filter_map(ModuleId::from_number).collect();
        let draw = async |count| {
            let are = |_| async { Ok(taken.clone()) };
            draw_many(&SeededRandom::new(1), 41, few, count, are).await
        };
        for count in [0, 1, 15] {
            let drawn: HashSet<_> = draw(count).await.unwrap().into_iter().collect();
            assert_eq!(drawn.len(), count);
            assert!(drawn.is_disjoint(&taken));
        }
        assert!(matches!(draw(21).await, Err(ServiceError::NoFreeId)));
    }
}
