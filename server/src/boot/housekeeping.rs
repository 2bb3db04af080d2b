//! What is done while the server serves: uses of tokens are written down, changes of others are heard of, secrets are learnt,
//! changes to several tokens are carried out, and what nobody needs any more is forgotten.
//!
//! Each is a task of its own, so that none waits for another; when one ends, by a fault, the server must end too, since
//! nothing would be certain from then on.

use crate::{checkpoints::Checkpoints, http::rest::RateLimits, service::ConsoleService};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{Interval, MissedTickBehavior},
};

/// The longest pause between two times that uses are written.
const WRITING_PAUSE: Duration = Duration::from_secs(5);

/// From one look at what others changed to the next. OPERATIONS.md promises that a command is heard of within two seconds.
const FOLLOWING: Duration = Duration::from_secs(1);

/// Between two checkpoints of the audit trail (L-3).
const CHECKPOINTS: Duration = Duration::from_hours(1);
/// So many records make one due before.
const MANY_RECORDS: i64 = 1_000;

/// How long the last writing may take at the end.
const LAST: Duration = Duration::from_secs(3);

/// The tasks. They end when this is dropped.
pub(super) struct Housekeeping {
    tasks: JoinSet<()>,
    /// Asks the one that writes to end once it is through.
    stop: Arc<Notify>,
}

impl Housekeeping {
    /// Begins.
    pub(super) fn begin(
        service: &Arc<ConsoleService>,
        rates: &Arc<RateLimits>,
        checkpoints: Option<Checkpoints>,
    ) -> Self {
        let (mut tasks, stop) = (JoinSet::new(), Arc::default());
        tasks.spawn(write_uses(Arc::clone(service), Arc::clone(&stop)));
        tasks.spawn(follow(Arc::clone(service)));
        tasks.spawn(learn(Arc::clone(service)));
        tasks.spawn(rotate(Arc::clone(service)));
        tasks.spawn(change_many(Arc::clone(service)));
        if let Some(file) = checkpoints {
            tasks.spawn(note_the_trail(Arc::clone(service), file));
        }
        tasks.spawn(forget(Arc::clone(service), Arc::clone(rates)));
        Self { tasks, stop }
    }

    /// Waits until one of them ends, which none does but by a fault.
    pub(super) async fn ended(&mut self) {
        self.tasks.join_next().await;
    }

    /// Ends them in order: what is being written is written first.
    pub(super) async fn finish(mut self) {
        self.stop.notify_one();
        if tokio::time::timeout(LAST, self.ended()).await.is_err() {
            tracing::warn!("the last uses of tokens were not written in time");
        }
    }
}

/// Writes down, each second and at once for a first use, when tokens were used.
async fn write_uses(service: Arc<ConsoleService>, stop: Arc<Notify>) {
    let mut seconds = every(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = seconds.tick() => {}
            () = service.uses_due() => {}
            () = stop.notified() => return,
        }
        let began = Instant::now();
        service.write_uses().await;
        service.write_moves().await;
        // Others write in between: a pause four times as long as writing took, up to a limit.
        let pause = (began.elapsed() * 4).min(WRITING_PAUSE);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.notified() => return,
        }
    }
}

/// Hears of what others changed.
async fn follow(service: Arc<ConsoleService>) {
    again(FOLLOWING, || service.follow_changes()).await;
}

/// Keeps knowing which secrets there are.
async fn learn(service: Arc<ConsoleService>) {
    loop {
        service.learn_secrets().await;
    }
}

/// Goes on with a rotation of keys that was not brought to its end: at the start, and in case one comes to a halt later.
async fn rotate(service: Arc<ConsoleService>) {
    again(Duration::from_hours(1), || service.go_on_rotating()).await;
}

/// Carries out changes to several tokens that were begun, also those that an earlier process did not finish.
async fn change_many(service: Arc<ConsoleService>) {
    loop {
        service.work_on_bulk_changes().await;
    }
}

/// Signs how far the audit trail goes, into a file: at the start, each hour, and as soon as many records came (L-3).
async fn note_the_trail(service: Arc<ConsoleService>, file: Checkpoints) {
    let mut known = match service.look_at_checkpoints(&file).await {
        Ok(known) => known,
        Err(error) => {
            tracing::error!(%error, "the checkpoints of the audit trail cannot be trusted; new ones are added all the same");
            0
        }
    };
    let mut seconds = every(Duration::from_secs(1));
    let mut written: Option<Instant> = None;
    let (mut tried, mut failing) = (known, false);
    loop {
        seconds.tick().await;
        let many = service.last_record() >= tried + MANY_RECORDS;
        let due = written.is_none_or(|at| at.elapsed() >= CHECKPOINTS || many);
        if !due {
            continue;
        }
        // Also when it fails: it is tried again when the next one is due.
        written = Some(Instant::now());
        tried = service.last_record();
        match service.write_checkpoint(&file, known).await {
            Ok(now) => (known, failing) = (now, false),
            Err(error) if !failing => {
                tracing::error!(%error, "no checkpoint of the audit trail could be written; it is tried again");
                failing = true;
            }
            Err(_) => {}
        }
    }
}

/// Signs where the audit trail ends when the server does (L-3).
pub(super) async fn note_the_end(service: &ConsoleService, file: &Checkpoints) {
    if let Err(error) = service.write_checkpoint(file, 0).await {
        tracing::error!(%error, "the last checkpoint of the audit trail could not be written");
    }
}

/// Forgets who sent nothing for a while, and uses of long ago.
async fn forget(service: Arc<ConsoleService>, rates: Arc<RateLimits>) {
    let mut minutes = every(Duration::from_mins(1));
    loop {
        minutes.tick().await;
        rates.forget_idle();
        service.forget_old_uses().await;
    }
}

/// Does this at once, and then again so long after it began, or as soon as it ends when it takes longer.
async fn again<F: Future<Output = ()>>(time: Duration, work: impl Fn() -> F) {
    let mut interval = every(time);
    loop {
        interval.tick().await;
        work().await;
    }
}

fn every(time: Duration) -> Interval {
    let mut interval = tokio::time::interval(time);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::FOLLOW_PATIENCE;

    /// A change that was made just after a look began is heard of by the next one, which begins when it is time, or when the
    /// look before has ended. A look that takes longer than [`FOLLOW_PATIENCE`] is given up, and then nobody is let in.
    #[test]
    fn a_change_beside_the_server_is_heard_of_as_soon_as_is_promised() {
        let operations = include_str!("../../../docs/OPERATIONS.md");
        let promise = "is heard of within two seconds, while the database is slow\n  within four:";
        assert!(operations.contains(promise));
        // While it is quick, a look takes far less than a second.
        let quick = FOLLOWING + Duration::from_secs(1);
        assert!(quick <= Duration::from_secs(2), "{quick:?}");
        let slow = FOLLOWING.max(FOLLOW_PATIENCE) + FOLLOW_PATIENCE;
        assert!(slow <= Duration::from_secs(4), "{slow:?}");
    }
}
