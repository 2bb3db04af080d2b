use super::*;
use axum::routing::get;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

struct Server {
    address: SocketAddr,
    stop: mpsc::Sender<()>,
    stopping: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

/// A server that answers `done` after `takes`.
async fn start(takes: Duration, delay: Duration) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = mpsc::channel(2);
    let stopping = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stopping);
    let router = Router::new().route(
        "/",
        get(
            move |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move {
                sleep(takes).await;
                format!("done {}", peer.ip())
            },
        ),
    );
    let options = Options {
        delay,
        ..Options::default()
    };
    let on_stop = move || flag.store(true, Ordering::SeqCst);
    let task = tokio::spawn(serve(listener, router, options, on_stop, stopped));
    Server {
        address,
        stop,
        stopping,
        task,
    }
}

async fn ask(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_request_is_answered_and_knows_its_peer() {
    let server = start(Duration::ZERO, Duration::ZERO).await;
    let answer = ask(server.address).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("done 127.0.0.1"),
        "{answer}"
    );
    assert!(!answer.to_lowercase().contains("\r\nserver:"), "{answer}");
}

#[tokio::test]
async fn stopping_finishes_what_was_begun_and_takes_nothing_new() {
    let server = start(Duration::from_millis(300), Duration::ZERO).await;
    let begun = tokio::spawn(ask(server.address));
    sleep(Duration::from_millis(100)).await;
    server.stop.send(()).await.unwrap();
    assert!(begun.await.unwrap().ends_with("done 127.0.0.1"));
    timeout(Duration::from_secs(2), server.task)
        .await
        .unwrap()
        .unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn while_a_balancer_looks_elsewhere_requests_are_still_answered() {
    let server = start(Duration::ZERO, Duration::from_millis(500)).await;
    server.stop.send(()).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    assert!(server.stopping.load(Ordering::SeqCst));
    assert!(ask(server.address).await.ends_with("done 127.0.0.1"));
    timeout(Duration::from_secs(2), server.task)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn half_a_request_does_not_hold_up_the_end_and_a_second_signal_waits_for_nothing() {
    let server = start(Duration::from_mins(1), Duration::ZERO).await;
    let mut stuck = TcpStream::connect(server.address).await.unwrap();
    stuck.write_all(GET).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    server.stop.send(()).await.unwrap();
    server.stop.send(()).await.unwrap();
    timeout(Duration::from_secs(2), server.task)
        .await
        .unwrap()
        .unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_client_that_reads_no_answer_loses_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_stop, stopped) = mpsc::channel(2);
    let large = "x".repeat(100_000);
    let router = Router::new().route("/", get(move || std::future::ready(large.clone())));
    let options = Options {
        write_deadline: Duration::from_millis(50),
        ..Options::default()
    };
    tokio::spawn(serve(listener, router, options, || {}, stopped));
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It can send until every buffer is full, and then waits, until it hears that its connection is gone.
    let sending = async { while stream.write_all(GET).await.is_ok() {} };
    timeout(Duration::from_secs(8), sending).await.unwrap();
    // Whoever reads is answered.
    assert!(ask(address).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = start(Duration::ZERO, Duration::ZERO).await;
    for head in [
        format!(
            "GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
            "a".repeat(HEAD_MAX)
        ),
        format!(
            "GET / HTTP/1.1\r\nhost: x\r\n{}\r\n",
            "x: 1\r\n".repeat(HEADERS_MAX)
        ),
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 431");
    }
}

#[test]
fn one_address_has_its_share_and_gets_it_back() {
    let limits = Limits::new(vec!["10.0.0.0/8".parse().unwrap()]);
    let (one, other, proxy) = (
        "1.1.1.1".parse().unwrap(),
        "2.2.2.2".parse().unwrap(),
        "10.0.0.1".parse().unwrap(),
    );
    let places: Vec<_> = (0..CONNECTIONS_PER_ADDRESS)
        .map(|_| limits.admit(one).unwrap())
        .collect();
    assert!(limits.admit(one).is_none());
    assert!(limits.admit(other).is_some());
    let many: Vec<_> = (0..=CONNECTIONS_PER_ADDRESS)
        .filter_map(|_| limits.admit(proxy))
        .collect();
    assert_eq!(many.len(), CONNECTIONS_PER_ADDRESS + 1);
    drop(places);
    assert!(limits.admit(one).is_some());
    assert!(
        limits.strangers.lock().unwrap().by_address.is_empty(),
        "nothing is remembered of who has gone"
    );
}

#[test]
fn a_network_of_ipv6_has_one_share() {
    let limits = Limits::new(Vec::new());
    let at = |last: usize| format!("2001:db8::{last:x}").parse().unwrap();
    let places: Vec<_> = (0..CONNECTIONS_PER_ADDRESS)
        .filter_map(|last| limits.admit(at(last)))
        .collect();
    assert_eq!(places.len(), CONNECTIONS_PER_ADDRESS);
    assert!(limits.admit(at(CONNECTIONS_PER_ADDRESS)).is_none());
    assert!(limits.admit("2001:db8:0:1::1".parse().unwrap()).is_some());
}

#[test]
fn strangers_leave_room_for_gateways() {
    let gateway: IpNet = "10.0.0.0/8".parse().unwrap();
    let limits = Limits::new(vec![gateway]);
    let stranger = |number: usize| {
        let [.., high, low] = (number / CONNECTIONS_PER_ADDRESS).to_be_bytes();
        limits.admit([192, 0, high, low].into())
    };
    let mut places: Vec<_> = (0..STRANGERS_MAX).map(stranger).collect();
    assert!(places.iter().all(Option::is_some));
    assert!(stranger(STRANGERS_MAX).is_none());
    assert!(limits.admit([10, 1, 2, 3].into()).is_some());
    places.pop();
    assert!(stranger(STRANGERS_MAX).is_some());
}
