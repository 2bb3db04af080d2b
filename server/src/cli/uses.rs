//! `latchkey token uses ID`: for which modules a token was presented, how often, and what became of it.

use super::End;
use crate::service::{ConsoleService, KEPT_DAYS, UseCount, UseOutcome, system};
use app::{
    domain::{module::ModuleId, text::grouped, time::Timestamp, token::TokenId},
    port::Console as _,
};
use clap::Args;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Seconds of an hour.
const HOUR: i64 = 3_600;

#[derive(Debug, Args)]
pub(super) struct Uses {
    /// The token's id, as in TKN-1234-1234
    #[arg(value_name = "ID")]
    token: TokenId,
    /// So many days (UTC), today included
    #[arg(long, value_name = "NUMBER", default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=KEPT_DAYS))]
    days: i64,
}

pub(super) async fn carry_out(service: &ConsoleService, uses: &Uses) -> Result<End, End> {
    let token = service.get_token(&system(), uses.token).await?;
    let counts = service.list_uses(uses.token, uses.days).await?;
    let modules: BTreeSet<_> = counts.iter().filter_map(|count| count.module).collect();
    let mut codes = BTreeMap::new();
    for id in modules {
        // A module that is gone is still known by its id.
        let module = service.get_module(&system(), id).await;
        codes.insert(
            id,
            module.map_or_else(|_| id.to_string(), |known| known.module.code),
        );
    }
    let json = counts.iter().map(|count| as_json(count, &codes));
    let json = json.collect();
    let text = if counts.is_empty() {
        format!("API token \"{}\" was not used in this time.", token.name)
    } else {
        table(&counts, &codes)
    };
    Ok(End::Done(text, json))
}

const fn word(outcome: UseOutcome) -> &'static str {
    match outcome {
        UseOutcome::Allowed => "allowed",
        UseOutcome::ModuleMissing => "module_missing",
        UseOutcome::Inactive => "inactive",
    }
}

/// Sums by day.
fn table(counts: &[UseCount], codes: &BTreeMap<ModuleId, String>) -> String {
    let mut days: BTreeMap<(i64, Option<ModuleId>, UseOutcome), u64> = BTreeMap::new();
    for count in counts {
        let day = count.hour.div_euclid(24);
        *days.entry((day, count.module, count.outcome)).or_default() += count.uses;
    }
    let mut lines = vec![row(["DAY", "OUTCOME", "USES"], "MODULE")];
    lines.extend(days.into_iter().map(|((day, module, outcome), uses)| {
        let day: String = moment(day * 24).to_string().chars().take(10).collect();
        let module = module
            .and_then(|id| codes.get(&id))
            .map_or("-", |code| code);
        row([&day, word(outcome), &grouped(uses)], module)
    }));
    lines.join("\n")
}

fn row([day, outcome, uses]: [&str; 3], module: &str) -> String {
    format!("{day:<10}  {outcome:<14}  {uses:>12}  {module}")
}

fn moment(hour: i64) -> Timestamp {
    Timestamp(0).plus_seconds(hour * HOUR)
}

/// An hour for programs. Changing it breaks theirs.
fn as_json(count: &UseCount, codes: &BTreeMap<ModuleId, String>) -> Value {
    let module = count
        .module
        .map(|id| json!({ "id": id.to_string(), "code": codes.get(&id) }));
    json!({
        "hour": moment(count.hour).to_string(), "module": module, "outcome": word(count.outcome), "uses": count.uses,
    })
}
