//! How often tokens are presented, for which module, with which outcome, hour by hour. A row is a day; its hours are packed
//! into a few bytes, so that 400 days of a token in constant use take about 20 kB.

use super::StoreError;
use crate::entity::token_use;
use app::domain::{module::ModuleId, time::Timestamp, token::TokenId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};
use std::collections::{BTreeMap, HashMap};

/// Hours of a day, as a length and as a number of hours.
const HOURS: usize = 24;
const DAY: i64 = 24;
const MICROS_OF_AN_HOUR: i64 = 3_600_000_000;
/// Rows that are read or written in one statement.
const TOGETHER: usize = 500;

/// What became of a token that was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UseOutcome {
    /// It was let in.
    Allowed,
    /// It is good, but lacks the module, or there is no such module.
    ModuleMissing,
    /// It is disabled or deleted.
    Inactive,
}

impl UseOutcome {
    const fn number(self) -> i64 {
        match self {
            Self::Allowed => 0,
            Self::ModuleMissing => 1,
            Self::Inactive => 2,
        }
    }

    const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Allowed),
            1 => Some(Self::ModuleMissing),
            2 => Some(Self::Inactive),
            _ => None,
        }
    }
}

/// Hours since 1970 (UTC).
pub(crate) const fn hour_of(at: Timestamp) -> i64 {
    at.0.div_euclid(MICROS_OF_AN_HOUR)
}

/// How often a token was presented in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UseCount {
    /// The token.
    pub token: TokenId,
    /// Hours since 1970 (UTC).
    pub hour: i64,
    /// What it was presented for; none when nothing was asked for, or what does not exist, or when it was not good.
    pub module: Option<ModuleId>,
    /// What became of it.
    pub outcome: UseOutcome,
    /// How often.
    pub uses: u64,
}

/// Day, token, module, outcome.
type Key = (i64, i64, i64, i64);

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn key(count: &UseCount) -> Key {
    let module = count.module.map_or(0, ModuleId::number);
    (
        count.hour.div_euclid(DAY),
        signed(count.token.number()),
        signed(module),
        count.outcome.number(),
    )
}

/// Adds to what was counted before.
pub(crate) async fn add_uses(
    conn: &impl ConnectionTrait,
    counts: &[UseCount],
) -> Result<(), StoreError> {
    use token_use::Column as Use;
    let mut days: BTreeMap<Key, [u64; HOURS]> = BTreeMap::new();
    for count in counts {
        let hours = days.entry(key(count)).or_default();
        let hour = usize::try_from(count.hour.rem_euclid(DAY)).unwrap_or(0);
        hours[hour] = hours[hour].saturating_add(count.uses);
    }
    let days: Vec<_> = days.into_iter().collect();
    for some in days.chunks(TOGETHER) {
        let before = find_days(conn, some.iter().map(|(key, _)| *key)).await?;
        let models = some.iter().map(|(key, hours)| {
            let mut sum = before.get(key).map_or([0; HOURS], |hours| unpack(hours));
            for (sum, more) in sum.iter_mut().zip(hours) {
                *sum = sum.saturating_add(*more);
            }
            token_use::ActiveModel {
                day: Set(key.0),
                token: Set(key.1),
                module: Set(key.2),
                outcome: Set(key.3),
                hours: Set(pack(&sum)),
            }
        });
        let mut replace = OnConflict::columns([Use::Day, Use::Token, Use::Module, Use::Outcome]);
        replace.update_column(Use::Hours);
        token_use::Entity::insert_many(models)
            .on_conflict(replace)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// What stands in these rows so far.
async fn find_days(
    conn: &impl ConnectionTrait,
    keys: impl Iterator<Item = Key>,
) -> Result<HashMap<Key, Vec<u8>>, StoreError> {
    let mut tokens: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (day, token, ..) in keys {
        tokens.entry(day).or_default().push(token);
    }
    let mut found = HashMap::new();
    for (day, tokens) in tokens {
        let rows = token_use::Entity::find()
            .filter(token_use::Column::Day.eq(day))
            .filter(token_use::Column::Token.is_in(tokens))
            .all(conn)
            .await?;
        let rows = rows
            .into_iter()
            .map(|row| ((row.day, row.token, row.module, row.outcome), row.hours));
        found.extend(rows);
    }
    Ok(found)
}

/// What was counted of a token from the hour `from` up to `to`, in order.
pub(crate) async fn list_uses(
    conn: &impl ConnectionTrait,
    token: TokenId,
    from: i64,
    to: i64,
) -> Result<Vec<UseCount>, StoreError> {
    use token_use::Column as Use;
    let days = from.div_euclid(DAY)..=to.div_euclid(DAY);
    let rows = token_use::Entity::find()
        // Each day by its number: the key begins with it.
        .filter(Use::Day.is_in(days))
        .filter(Use::Token.eq(signed(token.number())))
        .order_by_asc(Use::Day)
        .all(conn)
        .await?;
    let mut counts = Vec::new();
    for row in rows {
        let outcome = UseOutcome::from_number(row.outcome).ok_or_else(|| StoreError::Corrupt {
            what: "the outcome of a use",
            value: row.outcome.to_string(),
        })?;
        let module = u64::try_from(row.module)
            .ok()
            .and_then(ModuleId::from_number);
        for (hour, uses) in (row.day * DAY..).zip(unpack(&row.hours)) {
            if uses > 0 && (from..=to).contains(&hour) {
                counts.push(UseCount {
                    token,
                    hour,
                    module,
                    outcome,
                    uses,
                });
            }
        }
    }
    counts.sort_by_key(|count| (count.hour, count.module, count.outcome));
    Ok(counts)
}

/// Forgets some of the oldest day before `hour`, if there is one, and says whether.
pub(crate) async fn delete_before(
    conn: &impl ConnectionTrait,
    hour: i64,
) -> Result<bool, StoreError> {
    use token_use::Column as Use;
    let old = |column| {
        let oldest = token_use::Entity::find()
            .select_only()
            .column(column)
            .filter(Use::Day.lt(hour.div_euclid(DAY)));
        oldest.order_by_asc(Use::Day)
    };
    let day: Option<i64> = old(Use::Day).into_tuple().one(conn).await?;
    let Some(day) = day else {
        return Ok(false);
    };
    // The last token of those that go now: whoever else writes does not wait for a whole day of all tokens.
    let last: Option<i64> = old(Use::Token)
        .filter(Use::Day.eq(day))
        .order_by_asc(Use::Token)
        .offset(TOGETHER as u64)
        .into_tuple()
        .one(conn)
        .await?;
    let mut delete = token_use::Entity::delete_many().filter(Use::Day.eq(day));
    if let Some(last) = last {
        delete = delete.filter(Use::Token.lte(last));
    }
    delete.exec(conn).await?;
    Ok(true)
}

/// Each number in as few bytes as it needs, seven bits a byte, the lowest first (LEB128); zeros at the end are left out.
fn pack(hours: &[u64; HOURS]) -> Vec<u8> {
    let last = hours.iter().rposition(|uses| *uses > 0);
    let mut bytes = Vec::with_capacity(HOURS);
    for uses in &hours[..last.map_or(0, |last| last + 1)] {
        let mut rest = *uses;
        while rest >= 0x80 {
            bytes.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        bytes.push(rest.to_le_bytes()[0]);
    }
    bytes
}

fn unpack(bytes: &[u8]) -> [u64; HOURS] {
    let mut hours = [0_u64; HOURS];
    let (mut hour, mut shift) = (0, 0);
    for byte in bytes {
        let Some(uses) = hours.get_mut(hour) else {
            break;
        };
        *uses |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte & 0x80 == 0 {
            (hour, shift) = (hour + 1, 0);
        } else {
            shift += 7;
        }
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_takes_few_bytes() {
        assert_eq!(pack(&[0; HOURS]).len(), 0);
        let mut hours = [0; HOURS];
        hours[3] = 127;
        assert_eq!(pack(&hours), [0, 0, 0, 127]);
        assert_eq!(pack(&[10_000; HOURS]).len(), 2 * HOURS);
    }

    #[test]
    fn hours_begin_where_they_should() {
        assert_eq!(hour_of(Timestamp(0)), 0);
        assert_eq!(hour_of(Timestamp(MICROS_OF_AN_HOUR - 1)), 0);
        assert_eq!(hour_of(Timestamp(MICROS_OF_AN_HOUR)), 1);
        assert_eq!(hour_of(Timestamp(-1)), -1);
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(hours: [u64; HOURS], zeros in 0..HOURS) {
            let mut hours = hours;
            hours[zeros..].fill(0);
            prop_assert_eq!(unpack(&pack(&hours)), hours);
        }

        #[test]
        fn any_bytes_are_unpacked_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = unpack(&bytes);
        }
    }
}
