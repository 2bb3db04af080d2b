//! Streams that nobody reads: after a while they are given up, and their place is for others.

use crate::service::Place;
use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How long nobody may read a stream, and how often that is looked at.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_secs(5);

/// Whether somebody reads a stream still. Who does not for a while loses its place, and gets no more of it.
#[derive(Debug)]
pub struct Watch {
    begun: Instant,
    /// When the last piece was asked for, in seconds since the beginning.
    last: AtomicU64,
    /// Until the stream is over or given up.
    place: Mutex<Option<Place>>,
}

impl Watch {
    /// Keeps the place until the stream is over or nobody reads it.
    pub fn begin(place: Place) -> Reader {
        let watch = Arc::new(Self {
            begun: Instant::now(),
            last: AtomicU64::new(0),
            place: Mutex::new(Some(place)),
        });
        let watched = Arc::clone(&watch);
        tokio::spawn(async move {
            while watched.has_place() {
                tokio::time::sleep(LOOK).await;
                let read = Duration::from_secs(watched.last.load(Ordering::Acquire));
                if watched.begun.elapsed().saturating_sub(read) > PATIENCE && watched.end() {
                    tracing::info!("a list that nobody reads is given up");
                }
            }
        });
        Reader(watch)
    }

    fn has_place(&self) -> bool {
        self.place
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// Gives the place back; says whether there was one still.
    fn end(&self) -> bool {
        self.place
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .is_some()
    }
}

/// Somebody who reads a stream. The watch ends with him.
pub struct Reader(Arc<Watch>);

impl Reader {
    /// Notes that a piece is asked for.
    ///
    /// # Errors
    /// The stream was given up.
    pub fn asks(&self) -> io::Result<()> {
        if !self.0.has_place() {
            return Err(io::Error::other("nobody read the list for too long"));
        }
        self.0
            .last
            .store(self.0.begun.elapsed().as_secs(), Ordering::Release);
        Ok(())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.end();
    }
}
