//! Figures about the running server, for Prometheus.
//!
//! Owns their names and meaning. Counting is a few atomic additions; what can be asked at any time is asked when it is
//! scraped. It must not know who counts. No label holds anything that a client chose.

use crate::service::{Connections, Figures};
use prometheus::{
    Encoder as _, Error, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry, TextEncoder,
};
use std::time::Duration;

/// Upper ends of the histogram of verification, in seconds: 1 µs to 1 s.
const LATENCIES: [f64; 16] = [
    0.000_001, 0.000_002, 0.000_005, 0.000_01, 0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5,
    0.001, 0.002, 0.005, 0.02, 0.1, 0.5, 1.0,
];

/// What became of a question of a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Let through.
    Allowed,
    /// Nothing was presented.
    NoCredential,
    /// Malformed, or nobody's.
    Unknown,
    /// Of a token that is disabled or deleted.
    Inactive,
    /// The token lacks a module.
    ModuleMissing,
    /// The gateway asks for a module that does not exist, or in words that nobody understands: it is set up wrongly.
    UnknownModule,
    /// Too many requests from an address that is no trusted proxy.
    Limited,
    /// Nothing certain could be said.
    Unavailable,
}

impl Outcome {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Allowed, "allowed"),
        (Self::NoCredential, "no_credential"),
        (Self::Unknown, "unknown"),
        (Self::Inactive, "inactive"),
        (Self::ModuleMissing, "module_missing"),
        (Self::UnknownModule, "unknown_module"),
        (Self::Limited, "limited"),
        (Self::Unavailable, "unavailable"),
    ];
}

/// What became of a question of a service about a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Introspected {
    /// The secret is good, and was described.
    Active,
    /// It is not, or not the asking service's business.
    Inactive,
    /// Whoever asked may not, asked in a way that nobody understands, or too often.
    Refused,
    /// Nothing certain could be said.
    Unavailable,
}

impl Introspected {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Active, "active"),
        (Self::Inactive, "inactive"),
        (Self::Refused, "refused"),
        (Self::Unavailable, "unavailable"),
    ];
}

/// The figures of this process.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    verifications: [IntCounter; Outcome::ALL.len()],
    latency: Histogram,
    introspections: [IntCounter; Introspected::ALL.len()],
    scraped: Scraped,
}

/// What is asked when it is scraped.
struct Scraped {
    cache_entries: IntGauge,
    cache_bytes: IntGauge,
    cache_capacity: IntGauge,
    cache_hits: IntCounter,
    cache_misses: IntCounter,
    known_secrets: IntGauge,
    waiting_uses: IntGauge,
    use_write_failures: IntCounter,
    connections: IntGaugeVec,
    audit_seq: IntGauge,
    certain: IntGauge,
}

impl Metrics {
    /// All of them at zero.
    ///
    /// # Errors
    /// A name is wrong or stands twice, which a test rules out.
    pub fn new() -> Result<Self, Error> {
        let registry = Registry::new();
        let build = gauges(
            &registry,
            "latchkey_build_info",
            "Which Latchkey this is; always 1.",
            &["version"],
        )?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let requests = IntCounterVec::new(
            Opts::new(
                "latchkey_http_requests_total",
                "Requests by route, method and status, but for verification.",
            ),
            &["route", "method", "status"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        let verifications = IntCounterVec::new(
            Opts::new(
                "latchkey_verifications_total",
                "Questions of gateways by what became of them.",
            ),
            &["outcome"],
        )?;
        registry.register(Box::new(verifications.clone()))?;
        let latency = Histogram::with_opts(
            HistogramOpts::new(
                "latchkey_verification_seconds",
                "How long a question of a gateway took, without the network.",
            )
            .buckets(LATENCIES.to_vec()),
        )?;
        registry.register(Box::new(latency.clone()))?;
        let introspections = IntCounterVec::new(
            Opts::new(
                "latchkey_introspections_total",
                "Questions of services about a secret by what became of them.",
            ),
            &["outcome"],
        )?;
        registry.register(Box::new(introspections.clone()))?;
        Ok(Self {
            introspections: Introspected::ALL
                .map(|(_, word)| introspections.with_label_values(&[word])),
            scraped: Scraped::new(&registry)?,
            registry,
            requests,
            verifications: Outcome::ALL.map(|(_, word)| verifications.with_label_values(&[word])),
            latency,
        })
    }

    /// Counts a question of a gateway.
    pub fn verified(&self, outcome: Outcome, took: Duration) {
        for (counter, (each, _)) in self.verifications.iter().zip(Outcome::ALL) {
            if each == outcome {
                counter.inc();
            }
        }
        self.latency.observe(took.as_secs_f64());
    }

    /// Counts a question of a service, which is a request like any other besides.
    pub fn introspected(&self, outcome: Introspected) {
        for (counter, (each, _)) in self.introspections.iter().zip(Introspected::ALL) {
            if each == outcome {
                counter.inc();
            }
        }
    }

    /// Counts any other request. `route` is a pattern, never an address as it was sent.
    pub fn answered(&self, route: &str, method: &str, status: u16) {
        let status = status.to_string();
        self.requests
            .with_label_values(&[route, method, &*status])
            .inc();
    }

    /// All of them as text, with what stands so now.
    ///
    /// # Errors
    /// The text cannot be made.
    pub fn text(&self, figures: &Figures) -> Result<Vec<u8>, Error> {
        self.scraped.set(figures);
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }

    /// What the text is sent as.
    #[must_use]
    pub fn content_type() -> &'static str {
        prometheus::TEXT_FORMAT
    }
}

impl Scraped {
    fn new(registry: &Registry) -> Result<Self, Error> {
        let gauge = |name, help| gauge(registry, name, help);
        Ok(Self {
            cache_entries: gauge("latchkey_token_cache_entries", "Tokens in memory.")?,
            cache_bytes: gauge("latchkey_token_cache_bytes", "Memory that they take.")?,
            cache_capacity: gauge(
                "latchkey_token_cache_capacity_bytes",
                "Memory that they may take (setting token_cache).",
            )?,
            cache_hits: counter(
                registry,
                "latchkey_token_cache_hits_total",
                "How often a token was there.",
            )?,
            cache_misses: counter(
                registry,
                "latchkey_token_cache_misses_total",
                "How often the database was asked for a token.",
            )?,
            known_secrets: gauge(
                "latchkey_known_secrets",
                "Secrets that are known to be somebody's; for any other the database is not asked.",
            )?,
            waiting_uses: gauge(
                "latchkey_waiting_uses",
                "Tokens with uses that are not written down yet.",
            )?,
            use_write_failures: counter(
                registry,
                "latchkey_use_write_failures_total",
                "How often uses of tokens could not be written down.",
            )?,
            connections: gauges(
                registry,
                "latchkey_database_connections",
                "Connections to the database by purpose and state.",
                &["purpose", "state"],
            )?,
            audit_seq: gauge(
                "latchkey_audit_seq",
                "The last line of the audit trail that was read.",
            )?,
            certain: gauge(
                "latchkey_changes_followed",
                "1 while changes can be read from the database; 0 while tokens are not verified.",
            )?,
        })
    }

    fn set(&self, figures: &Figures) {
        let index = figures.index;
        self.cache_entries.set(whole(index.entries));
        self.cache_bytes.set(whole(index.bytes));
        self.cache_capacity.set(whole(index.capacity));
        raise(&self.cache_hits, index.hits);
        raise(&self.cache_misses, index.misses);
        self.known_secrets.set(whole(figures.known_secrets as u64));
        self.waiting_uses.set(whole(figures.waiting_uses as u64));
        raise(&self.use_write_failures, figures.use_write_failures);
        for Connections {
            purpose,
            open,
            idle,
        } in figures.connections
        {
            let idle = u64::try_from(idle).unwrap_or(0);
            let busy = u64::from(open).saturating_sub(idle);
            for (state, count) in [("idle", idle), ("busy", busy)] {
                let gauge = self.connections.with_label_values(&[purpose, state]);
                gauge.set(whole(count));
            }
        }
        self.audit_seq.set(figures.audit_seq);
        self.certain.set(i64::from(figures.certain));
    }
}

fn gauge(registry: &Registry, name: &str, help: &str) -> Result<IntGauge, Error> {
    let gauge = IntGauge::new(name, help)?;
    registry.register(Box::new(gauge.clone()))?;
    Ok(gauge)
}

fn gauges(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntGaugeVec, Error> {
    let gauges = IntGaugeVec::new(Opts::new(name, help), labels)?;
    registry.register(Box::new(gauges.clone()))?;
    Ok(gauges)
}

fn counter(registry: &Registry, name: &str, help: &str) -> Result<IntCounter, Error> {
    let counter = IntCounter::new(name, help)?;
    registry.register(Box::new(counter.clone()))?;
    Ok(counter)
}

/// Brings a counter up to what was counted elsewhere.
fn raise(counter: &IntCounter, to: u64) {
    counter.inc_by(to.saturating_sub(counter.get()));
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
