//! How long whoever keeps failing to sign in has to wait (A-4…A-6).
//!
//! Failures count by account and by address, from midnight to midnight (UTC). Many people can share an address,
//! so it is given ten times as many.

use super::{ConsoleService, ServiceError, authz, email_key};
use crate::{
    network::place,
    repo::{self, Conn, WriteTx, throttle::Failures},
};
use app::{
    domain::time::Timestamp,
    error::{ApiError, ErrorCode},
    port::{Actor, Origin},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;
/// From this many failures on, the rest of the day is closed.
const LOCK: i64 = 100;
/// How many people are thought to share an address.
const SHARED: i64 = 10;

/// Where failures to sign in are counted.
pub(super) struct Keys {
    account: String,
    address: Option<String>,
}

impl Keys {
    /// The keys for an address somebody typed and the place he came from; nothing else has a part in them.
    pub(super) fn new(email: &str, origin: &Origin) -> Self {
        Self {
            account: account_key(email),
            address: origin.ip.map(address_key),
        }
    }

    /// Refuses whoever has to wait still.
    pub(super) async fn check(&self, conn: &impl Conn, now: Timestamp) -> Result<(), ServiceError> {
        match self.wait(conn, now).await? {
            0 => Ok(()),
            seconds => Err(too_many(seconds).into()),
        }
    }

    /// How many seconds there are still to wait.
    async fn wait(&self, conn: &impl Conn, now: Timestamp) -> Result<i64, ServiceError> {
        let account = repo::throttle::find_failures(conn, &self.account).await?;
        let mut wait = account.map_or(0, |failures| {
            wait_seconds(failures.count, failures.last_at, now)
        });
        if let Some(key) = &self.address
            && let Some(failures) = repo::throttle::find_failures(conn, key).await?
        {
            wait = wait.max(wait_seconds(failures.count / SHARED, failures.last_at, now));
        }
        Ok(wait)
    }

    /// Counts a failure, and says whether it locked the account.
    pub(super) async fn count(&self, tx: &WriteTx, now: Timestamp) -> Result<bool, ServiceError> {
        let locked = add(tx, &self.account, now).await? == LOCK;
        if let Some(key) = &self.address {
            add(tx, key, now).await?;
        }
        // Yesterday's failures mean nothing any more; made-up names must not pile up.
        repo::throttle::delete_before(tx, Timestamp(now.0 - DAY)).await?;
        Ok(locked)
    }

    /// Forgets the account's failures. The address keeps its own, or one good password would free it for guessing
    /// others.
    pub(super) async fn forgive(&self, tx: &WriteTx) -> Result<(), ServiceError> {
        Ok(repo::throttle::delete_failures(tx, &self.account).await?)
    }
}

impl ConsoleService {
    /// How many seconds whoever was refused with `error` has to wait; nothing when he was refused for another reason.
    pub async fn wait(&self, email: &str, origin: &Origin, error: &ApiError) -> Option<i64> {
        if error.code != ErrorCode::TooManyRequests {
            return None;
        }
        let keys = Keys::new(email, origin);
        let wait = keys.wait(self.db.read(), self.env.clock.now()).await;
        // Over already, or unknown: the next second is soon enough.
        Some(wait.unwrap_or(1).max(1))
    }

    /// The same for a person who is signed in.
    pub async fn own_wait(&self, actor: &Actor, error: &ApiError) -> Option<i64> {
        let user = authz::person(actor).ok()?;
        self.wait(&user.email, &actor.origin, error).await
    }
}

async fn add(tx: &WriteTx, key: &str, now: Timestamp) -> Result<i64, ServiceError> {
    let today = repo::throttle::find_failures(tx, key)
        .await?
        .filter(|failures| same_day(failures.last_at, now));
    let count = today.map_or(0, |failures| failures.count).saturating_add(1);
    repo::throttle::update_failures(
        tx,
        key,
        Failures {
            count,
            last_at: now,
        },
    )
    .await?;
    Ok(count)
}

/// One spelling for all spellings of an address, of fixed length whatever was typed.
pub(super) fn account_key(email: &str) -> String {
    format!(
        "account:{}",
        URL_SAFE_NO_PAD.encode(Sha256::digest(email_key(email)))
    )
}

/// One key for all addresses of one place.
pub(super) fn address_key(ip: IpAddr) -> String {
    format!("address:{}", place(ip))
}

fn same_day(a: Timestamp, b: Timestamp) -> bool {
    a.0.div_euclid(DAY) == b.0.div_euclid(DAY)
}

/// Whole seconds still to wait after `count` failures, the last at `last`.
fn wait_seconds(count: i64, last: Timestamp, now: Timestamp) -> i64 {
    if !same_day(last, now) || count == 0 {
        return 0;
    }
    let pause = match count {
        ..3 => 1,
        3..9 => 3,
        9..25 => 5,
        25..LOCK => 10,
        _ => return micros_to_seconds(DAY - now.0.rem_euclid(DAY)),
    };
    micros_to_seconds(last.plus_seconds(pause).0 - now.0)
}

/// Whole seconds, a begun one too.
pub(super) fn micros_to_seconds(micros: i64) -> i64 {
    micros.max(0).div_euclid(1_000_000) + i64::from(micros.rem_euclid(1_000_000) > 0 && micros > 0)
}

fn too_many(seconds: i64) -> ApiError {
    let message = if seconds > 60 {
        let hours = (seconds / 3_600).max(1);
        format!(
            "Signing in is closed for today after too many failed tries. Try again after midnight UTC, in about \
             {hours} h, or ask your operator to unlock it."
        )
    } else {
        let unit = if seconds == 1 { "second" } else { "seconds" };
        format!("The last try to sign in failed moments ago. Wait {seconds} {unit} and try again.")
    };
    ApiError::new(ErrorCode::TooManyRequests, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(20_000 * DAY + DAY / 2);

    #[test]
    fn the_pause_grows_with_the_failures_and_ends() {
        for (count, pause) in [
            (1, 1),
            (2, 1),
            (3, 3),
            (8, 3),
            (9, 5),
            (24, 5),
            (25, 10),
            (99, 10),
        ] {
            assert_eq!(wait_seconds(count, NOON, NOON), pause, "{count}");
            assert_eq!(
                wait_seconds(count, NOON, NOON.plus_seconds(pause)),
                0,
                "{count}"
            );
        }
        assert_eq!(wait_seconds(0, NOON, NOON), 0);
    }

    #[test]
    fn a_hundred_failures_close_the_rest_of_the_day_and_no_more() {
        assert_eq!(wait_seconds(100, NOON, NOON), 43_200);
        assert_eq!(wait_seconds(100, NOON, NOON.plus_seconds(43_199)), 1);
        assert_eq!(wait_seconds(100, NOON, NOON.plus_seconds(43_200)), 0);
    }

    #[test]
    fn a_begun_second_counts_as_a_whole_one() {
        assert_eq!(wait_seconds(1, NOON, Timestamp(NOON.0 + 1)), 1);
        assert_eq!(wait_seconds(1, NOON, Timestamp(NOON.0 + 999_999)), 1);
    }

    #[test]
    fn spellings_of_one_address_share_a_key_and_networks_count_as_one_place() {
        let key = account_key("sarah@example.com");
        for other in [
            " Sarah@Example.COM",
            "SARAH@EXAMPLE.COM\t",
            "ｓarah@example.com",
            "sarah @example.com",
        ] {
            assert_eq!(account_key(other), key, "{other}");
        }
        let network = |text: &str| address_key(text.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::2"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
