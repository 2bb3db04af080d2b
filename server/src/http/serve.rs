//! The accept loop: connections, their limits, and an orderly end (I-20, R-16).
//!
//! Our own, because `axum::serve` sets neither a deadline for request heads nor `TCP_NODELAY`, and waits for ever
//! for the last connection. It must not know what is served.

use crate::network::{is_in, place};
use axum::{Router, extract::ConnectInfo, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use ipnet::IpNet;
use socket2::{SockRef, TcpKeepalive};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
};
use tower::ServiceExt as _;

/// How long the head of a request may take, and how long a connection may lie idle between two.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How long nothing of an answer may be taken by the other end. (On Linux; others go by the keep-alive alone.)
const WRITE_DEADLINE: Duration = Duration::from_secs(30);
/// The most header lines.
const HEADERS_MAX: usize = 64;
/// The largest head, in bytes.
const HEAD_MAX: usize = 32 * 1024;
/// The most connections, from everyone and from one address.
const CONNECTIONS_MAX: usize = 4_096;
/// The most of them from others than trusted proxies, so that strangers cannot keep gateways out.
const STRANGERS_MAX: usize = 3_072;
const CONNECTIONS_PER_ADDRESS: usize = 256;
/// How long requests that are being answered may take once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(25);
/// After this much silence the other end is asked whether it is still there.
const KEEPALIVE: Duration = Duration::from_mins(1);

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Proxies may open as many connections as they need: behind one stand many people.
    pub trusted_proxies: Vec<IpNet>,
    /// How long to go on accepting after [`Options::on_stop`], so that a balancer can look elsewhere.
    pub delay: Duration,
    /// How long nothing of an answer may be taken by the other end, before its connection is closed.
    pub write_deadline: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            delay: Duration::ZERO,
            write_deadline: WRITE_DEADLINE,
        }
    }
}

/// Serves until told to stop by a message on `stop`, then ends in order. A second message, or the end of 25 seconds,
/// ends it at once. `on_stop` is called first, to take the server out of traffic.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    options: Options,
    on_stop: impl FnOnce() + Send,
    mut stop: mpsc::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    let limits = Limits::new(options.trusted_proxies);
    let answers = Answers {
        router,
        write_deadline: options.write_deadline,
    };
    let mut accepting = Box::pin(accept(&listener, &answers, &limits, &graceful));
    tokio::select! {
        () = &mut accepting => {}
        _ = stop.recv() => {}
    }
    tracing::info!("stopping: requests that are being answered are finished first");
    on_stop();
    tokio::select! {
        () = &mut accepting => {}
        () = tokio::time::sleep(options.delay) => {}
        _ = stop.recv() => return,
    }
    drop(accepting);
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => tracing::info!("stopped"),
        () = tokio::time::sleep(DRAIN) => tracing::warn!("stopped; some requests were not finished"),
        _ = stop.recv() => tracing::warn!("stopped at once; some requests were not finished"),
    }
}

/// What each connection gets.
#[derive(Clone)]
struct Answers {
    router: Router,
    write_deadline: Duration,
}

async fn accept(
    listener: &TcpListener,
    answers: &Answers,
    limits: &Limits,
    graceful: &GracefulShutdown,
) {
    loop {
        let permit = limits.wait().await;
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Usually too many open files: time lets some be closed.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // Over the limit of its address: closed without a word.
        let Some(place) = limits.admit(peer.ip()) else {
            continue;
        };
        let connection = connection(stream, peer, answers.clone(), graceful.watcher());
        tokio::spawn(async move {
            connection.await;
            drop((place, permit));
        });
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, answers: Answers, watcher: Watcher) {
    // Without it a page sent in pieces waits 40 ms for the other end's delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was not set");
    }
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE);
    if let Err(error) = SockRef::from(&stream).set_tcp_keepalive(&keepalive) {
        tracing::debug!(%error, "keep-alive was not set");
    }
    // Whoever sends requests and takes no answer would keep the connection, and its place among all, for ever. Somebody who
    // reads slowly does take some.
    #[cfg(target_os = "linux")]
    if let Err(error) = SockRef::from(&stream).set_tcp_user_timeout(Some(answers.write_deadline)) {
        tracing::debug!(%error, "the limit for answers that nobody takes was not set");
    }
    let service = answers
        .router
        .map_request(move |request: Request<Incoming>| {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_headers(HEADERS_MAX)
        .max_header_size(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// How many connections strangers have, all and by address.
#[derive(Default)]
struct Strangers {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

type Counts = Arc<Mutex<Strangers>>;

/// How many connections there are.
struct Limits {
    all: Arc<Semaphore>,
    strangers: Counts,
    unlimited: Vec<IpNet>,
}

impl Limits {
    fn new(unlimited: Vec<IpNet>) -> Self {
        Self {
            all: Arc::new(Semaphore::new(CONNECTIONS_MAX)),
            strangers: Arc::default(),
            unlimited,
        }
    }

    /// Waits until one more connection may be accepted at all.
    async fn wait(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed, so there is always a permit in the end.
        Arc::clone(&self.all).acquire_owned().await.ok()
    }

    /// A place for a connection from this address, if it has one left.
    fn admit(&self, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        if is_in(&self.unlimited, address) {
            return Some(Place(None));
        }
        // As failed sign-ins are counted: else one household could take every connection there is.
        let address = place(address);
        let mut strangers = self
            .strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let has = strangers.by_address.get(&address).copied().unwrap_or(0);
        if has >= CONNECTIONS_PER_ADDRESS || strangers.all >= STRANGERS_MAX {
            return None;
        }
        strangers.all += 1;
        strangers.by_address.insert(address, has + 1);
        Some(Place(Some((Arc::clone(&self.strangers), address))))
    }
}

/// A stranger's connection among those of his address, given back when dropped.
struct Place(Option<(Counts, IpAddr)>);

impl Drop for Place {
    fn drop(&mut self) {
        let Some((strangers, address)) = &self.0 else {
            return;
        };
        let mut strangers = strangers.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.all -= 1;
        if let Some(has) = strangers.by_address.get_mut(address) {
            *has -= 1;
            if *has == 0 {
                strangers.by_address.remove(address);
            }
        }
    }
}

#[cfg(test)]
mod tests;
