//! Commands and servers that are killed at any moment: nothing is lost, and what was begun is gone on with.

use super::*;
use server::{
    backup as copies,
    env::{RandomSource as _, SeededRandom},
    secret::{keyring::Keyring, token::TokenSecret},
    service::{Verdict, Wanted},
};
use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    time::Instant,
};

const ROUNDS: u64 = 30;

/// More tokens than two batches.
const TOKENS: u64 = 1_100;

pub fn secret(number: u64) -> String {
    let secret = TokenSecret::generate("lk", &SeededRandom::new(50_000 + number)).unwrap();
    secret.expose().to_owned()
}

fn secrets() -> Vec<String> {
    (1..=TOKENS).map(secret).collect()
}

/// An installation with so many tokens whose secrets are known.
pub fn with_tokens(secrets: &[String]) -> Host {
    let host = Host::new();
    let tokens: Vec<_> = secrets
        .iter()
        .enumerate()
        .map(|(number, secret)| {
            format!(
                r#"{{"id":"TKN-5000-{number:04}","account":"ACC-0001-0002","name":"Robot {number}","modules":["billing"],"secret":"{secret}"}}"#
            )
        })
        .collect();
    let file = host.folder.path().join("many.json");
    fs::write(&file, format!(r#"{{"tokens":[{}]}}"#, tokens.join(","))).unwrap();
    let made = host.run(&["provision", &file.display().to_string()]);
    assert_eq!(made.code, 0, "{}", made.err);
    host
}

/// Kills commands at moments that its numbers choose, so that some end before and some do not, however busy the machine is.
struct Killer {
    random: SeededRandom,
    most: Duration,
    cut: u32,
    ended: u32,
}

impl Killer {
    /// For a command that takes about so long.
    fn new(seed: u64, whole: Duration) -> Self {
        Self {
            random: SeededRandom::new(seed),
            most: whole,
            cut: 0,
            ended: 0,
        }
    }

    /// Lets the command run for a while, and kills it. Says whether it had ended by itself.
    fn run(&mut self, host: &Host, arguments: &[&str]) -> bool {
        let mut bytes = [0; 2];
        self.random.fill(&mut bytes).unwrap();
        let part = u32::from(u16::from_be_bytes(bytes));
        let mut child = host.begin(arguments);
        std::thread::sleep(self.most * part / u32::from(u16::MAX));
        let ended = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        if let Some(status) = ended {
            assert!(status.success(), "{arguments:?} fails");
            self.ended += 1;
            self.most = self.most * 9 / 10;
        } else {
            self.cut += 1;
            self.most = self.most * 21 / 20;
        }
        ended.is_some()
    }
}

/// How long the command takes when nobody kills it.
fn time_of(host: &Host, arguments: &[&str]) -> Duration {
    let begun = Instant::now();
    let done = host.run(arguments);
    assert_eq!(done.code, 0, "{}", done.err);
    begun.elapsed()
}

/// Every token is let in, by a server that starts now, and the trail verifies.
async fn all_is_well(host: &Host, secrets: &[String]) {
    let server = host.server().await;
    let wanted = Wanted::all(["billing"]);
    for (number, secret) in secrets.iter().enumerate() {
        let verdict = server.service.verify(secret, &wanted, None).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Allowed(_)),
            "token {number} is refused"
        );
    }
    server.service.verify_chain().await.unwrap();
    server.close().await;
}

#[tokio::test]
async fn a_rotation_that_is_killed_at_any_moment_leaves_every_token_good_and_is_gone_on_with() {
    let secrets = secrets();
    let host = with_tokens(&secrets);
    let mut killer = Killer::new(1, time_of(&host, &["keys", "rotate"]));
    let mut open = 0;
    for _ in 0..ROUNDS {
        killer.run(&host, &["keys", "rotate"]);
        let keys = host.json(&["keys", "list"]);
        let keys = keys.as_array().unwrap();
        let is_open = |key: &&Value| key["state"] == "next" || key["state"] == "leaving";
        open += keys.iter().filter(is_open).count();
        let found: u64 = keys
            .iter()
            .map(|key| key["lookups"].as_u64().unwrap())
            .sum();
        assert_eq!(found, TOKENS + 2);
        all_is_well(&host, &secrets).await;
    }
    let Killer { cut, ended, .. } = killer;
    assert!(
        cut > 5 && ended > 1 && open > 0,
        "{cut} were cut short, {open} of them in the middle, {ended} not"
    );
    let end = host.run(&["keys", "rotate", "--resume"]);
    assert_eq!(end.code, 0, "{}", end.err);
    let keys = host.json(&["keys", "list"]);
    for key in keys.as_array().unwrap() {
        let is_active = key["state"] == "active";
        assert!(
            is_active || key["lookups"] == 0 && key["secrets"] == 0,
            "{key}"
        );
    }
    all_is_well(&host, &secrets).await;
}

#[tokio::test]
async fn a_backup_that_is_killed_at_any_moment_leaves_a_whole_one_or_none() {
    let secrets = secrets();
    let host = with_tokens(&secrets);
    let target = |name: &str| host.folder.path().join(name).display().to_string();
    let mut killer = Killer::new(2, time_of(&host, &["backup", &target("first.db")]));
    let keyring = Keyring::load(&host.data().join("keyring.json")).unwrap();
    let mut made = 0;
    for round in 0..ROUNDS {
        // Each name twice, so that what was left is in the way of the second.
        let file = target(&format!("backup-{}.db", round / 2));
        let path = Path::new(&file);
        let before = path.exists();
        let ended = killer.run(&host, &["backup", &file, "--force"]);
        assert!(!ended || path.exists());
        assert!(!before || path.exists(), "what was there is not lost");
        if path.exists() {
            let contents = copies::examine(path, &keyring).await.unwrap();
            assert_eq!(contents.tokens, TOKENS + 2);
            made += 1;
        }
    }
    let Killer { cut, ended, .. } = killer;
    assert!(
        cut > 5 && ended > 1 && made > 1,
        "{cut} were cut short, {ended} not"
    );
    let last = host.run(&["backup", &target("last.db")]);
    assert_eq!(last.code, 0, "{}", last.err);
    all_is_well(&host, &secrets[..10]).await;
}

#[tokio::test]
async fn a_restore_that_is_killed_at_any_moment_leaves_the_old_database_or_the_new_one() {
    let secrets = secrets();
    let host = with_tokens(&secrets);
    let file = host.folder.path().join("backup.db").display().to_string();
    assert_eq!(host.run(&["backup", &file]).code, 0);
    assert_eq!(host.run(&["token", "disable", "TKN-1234-0001"]).code, 0);
    let mut killer = Killer::new(3, time_of(&host, &["restore", &file]));
    for _ in 0..10 {
        killer.run(&host, &["restore", &file]);
        let token = host.json(&["token", "list", "--status", "disabled"]);
        assert_eq!(token[0]["id"], "TKN-1234-0001");
        all_is_well(&host, &secrets[..10]).await;
    }
    assert!(killer.cut > 2, "{} were cut short", killer.cut);
}

/// A server of its own process, killed when dropped.
pub struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    pub fn begin(host: &Host) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let begin = || host.begin(&["serve", "--listen", &address, "--rate-limit-address", "0"]);
        let child = begin();
        let mut serving = Self {
            child,
            address: address.clone(),
        };
        for _ in 0..600 {
            // A command may have the lock for the moment in which it opens the database; service managers try again.
            if serving.child.try_wait().unwrap().is_some() {
                serving.child = begin();
            }
            if TcpStream::connect(&serving.address).is_ok() {
                return serving;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not begin to serve");
    }

    /// Stops it in order, as a service manager does.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(told.success());
        let ended = self.child.wait().unwrap();
        assert!(ended.success(), "{ended}");
    }

    /// The status that a gateway gets for this secret.
    fn status(&self, secret: &str) -> u16 {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "GET /auth/verify?module=billing HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {secret}\r\n\
             Connection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_running_server_lets_every_token_in_while_keys_are_rotated_and_when_it_is_killed_in_between() {
    let secrets = secrets();
    let host = with_tokens(&secrets);
    let mut server = Serving::begin(&host);
    let mut asked = 0;
    for round in 0..3 {
        let mut rotating = host.begin(&["keys", "rotate"]);
        if round > 0 {
            // Another one starts while tokens are moved, and learns in the middle which there are.
            drop(server);
            server = Serving::begin(&host);
        }
        let status = loop {
            for _ in 0..20 {
                let secret = &secrets[asked % secrets.len()];
                assert_eq!(
                    server.status(secret),
                    200,
                    "round {round}, question {asked}"
                );
                asked += 37;
            }
            if let Some(status) = rotating.try_wait().unwrap() {
                break status;
            }
        };
        assert!(status.success());
        // What it has in memory now was learnt in the middle; the next one starts from nothing.
        drop(server);
        server = Serving::begin(&host);
        for secret in secrets.iter().step_by(50) {
            assert_eq!(server.status(secret), 200);
        }
        assert_eq!(server.status(&secret(TOKENS + 1)), 401);
    }
    assert!(asked > 1_000, "{asked}");
    drop(server);
    let keys = host.json(&["keys", "list"]);
    assert_eq!(keys.as_array().unwrap().len(), 4);
    assert_eq!(keys[3]["lookups"], secrets.len() + 2);
    assert_eq!(host.run(&["audit", "verify"]).code, 0);
}
