//! A moment as the product keeps it, and its plain UTC text.

use serde::{Deserialize, Serialize};
use std::fmt;
use time::OffsetDateTime;

/// Microseconds since 1970-01-01T00:00:00Z. The same number is stored, sent and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Timestamp {
    /// This moment and `seconds` more (or fewer, when negative).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from `earlier` to this moment, negative when `earlier` is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    /// Milliseconds since 1970, as a browser counts.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1_000_000))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// The day for people, `15 Apr 2026`, in UTC.
    #[must_use]
    pub fn utc_day(self) -> String {
        let at = self.utc();
        format!(
            "{} {} {}",
            at.day(),
            MONTHS[usize::from(u8::from(at.month())) - 1],
            at.year()
        )
    }

    /// The time of day for people, `12:34 UTC`.
    #[must_use]
    pub fn utc_time(self) -> String {
        let at = self.utc();
        format!("{:02}:{:02} UTC", at.hour(), at.minute())
    }
}

/// RFC 3339 with milliseconds, `2026-04-15T12:34:00.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.utc();
        let millis = self.unix_millis().rem_euclid(1_000);
        let (month, day) = (u8::from(at.month()), at.day());
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        write!(
            f,
            "{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z",
            at.year()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_day_time_and_exact_text() {
        let at = Timestamp(1_776_256_440_123_456);
        assert_eq!(at.utc_day(), "15 Apr 2026");
        assert_eq!(at.utc_time(), "12:34 UTC");
        assert_eq!(at.to_string(), "2026-04-15T12:34:00.123Z");
    }

    #[test]
    fn moments_before_1970_print_too() {
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }
}
