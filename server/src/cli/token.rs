//! `latchkey token …`: API tokens, from the host, through the same rules as in the browser.

use super::{
    End,
    uses::{self, Uses},
};
use crate::service::{ConsoleService, system};
use app::{
    domain::{
        account::AccountId,
        lifecycle::TokenAction,
        page::{PAGE_SIZES, PageRequest},
        time::Timestamp,
        token::{TokenId, TokenStatus, TokenSummary},
        token_query::{TokenColumn, TokenOrder, TokenOrders, TokenQuery},
    },
    port::Console as _,
};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List API tokens, the oldest first
    #[command(after_help = "Examples:\n  latchkey token list\n  \
        latchkey token list --account ACC-0001-0002 --status disabled\n  \
        latchkey token list --json | jq -r '.[].id'\n\n\
        Without --status, all but the deleted ones. Secrets are never printed.")]
    List(List),
    /// Refuse requests with a token; a server that runs hears of it within a few seconds
    #[command(after_help = "Example:\n  latchkey token disable TKN-1234-1234")]
    Disable(Which),
    /// Let requests with a token in again
    #[command(after_help = "Example:\n  latchkey token enable TKN-1234-1234")]
    Enable(Which),
    /// Show for what a token was used, and how often
    #[command(after_help = "Examples:\n  latchkey token uses TKN-1234-1234\n  \
        latchkey token uses TKN-1234-1234 --days 400 --json | jq -r '.[] | select(.outcome == \"module_missing\")'\n\n\
        Outcomes: allowed; module_missing, when the token lacks the module or there is no such module; inactive, when it is \
        disabled or deleted. A - stands where no module was asked for, or none that exists. Who asks for several modules \
        at once counts for each of them. With --json each hour stands for itself.")]
    Uses(Uses),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those of this account, as in ACC-0001-0002
    #[arg(long, value_name = "ID")]
    account: Option<AccountId>,
    /// Only those that stand so
    #[arg(long, value_enum)]
    status: Option<StatusName>,
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// The token's id, as in TKN-1234-1234
    #[arg(value_name = "ID")]
    token: TokenId,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusName {
    /// Opens what its modules say
    Active,
    /// Opens nothing until it is enabled
    Disabled,
    /// Gone for good
    Deleted,
}

impl From<StatusName> for TokenStatus {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Active => Self::Active,
            StatusName::Disabled => Self::Disabled,
            StatusName::Deleted => Self::Deleted,
        }
    }
}

pub(super) async fn carry_out(service: &ConsoleService, command: Command) -> Result<End, End> {
    match command {
        Command::List(List { account, status }) => {
            let tokens = every(service, account, status.map(TokenStatus::from)).await?;
            let narrowed = account.is_some() || status.is_some();
            Ok(End::Done(
                table(&tokens, narrowed),
                tokens.iter().map(as_json).collect(),
            ))
        }
        Command::Disable(Which { token }) => step(service, token, TokenAction::Disable).await,
        Command::Enable(Which { token }) => step(service, token, TokenAction::Enable).await,
        Command::Uses(which) => uses::carry_out(service, &which).await,
    }
}

/// Every token that is asked for, page by page. None is missed meanwhile: a new one stands at the end.
async fn every(
    service: &ConsoleService,
    account: Option<AccountId>,
    status: Option<TokenStatus>,
) -> Result<Vec<TokenSummary>, End> {
    let size = PAGE_SIZES.into_iter().max().unwrap_or_default();
    let oldest_first = TokenOrders::new([TokenOrder {
        column: TokenColumn::CreatedAt,
        descending: false,
    }]);
    let account = account.map(|account| format!("eq(account.id,'{account}')"));
    let status = status.map(|status| format!("eq(status,{})", status.as_str()));
    let filter: Vec<_> = account.into_iter().chain(status).collect();
    let mut tokens = Vec::new();
    for number in 1.. {
        let query = TokenQuery {
            page: PageRequest { number, size },
            order: oldest_first.clone(),
            filter: filter.join(","),
            ..TokenQuery::default()
        };
        let page = service.list_tokens(&system(), &query).await?.page;
        tokens.extend(page.rows);
        if !page.more {
            break;
        }
    }
    Ok(tokens)
}

async fn step(service: &ConsoleService, id: TokenId, action: TokenAction) -> Result<End, End> {
    service
        .change_token_status(&system(), id, action, None)
        .await?;
    let token = service.get_token(&system(), id).await?;
    let text = format!("API token \"{}\" ({id}) {}.", token.name, action.done());
    Ok(End::Done(
        text,
        json!({ "id": id.to_string(), "name": token.name, "status": token.status.as_str() }),
    ))
}

/// The tokens in columns. The name stands last: it has any width, also in ways that a terminal does not count.
fn table(tokens: &[TokenSummary], narrowed: bool) -> String {
    if tokens.is_empty() {
        let none = if narrowed {
            "No API token is like that."
        } else {
            "There are no API tokens."
        };
        return none.to_owned();
    }
    let mut lines = vec![row(
        ["ID", "STATUS", "ACCOUNT", "CREATED", "LAST USED"],
        "NAME",
    )];
    lines.extend(tokens.iter().map(|token| {
        let used = token.last_access_at.map_or_else(|| "never".into(), day);
        row(
            [
                &token.id.to_string(),
                token.status.as_str(),
                &token.account.id.to_string(),
                &day(token.created_at),
                &used,
            ],
            &token.name,
        )
    }));
    lines.join("\n")
}

fn row([id, status, account, created, used]: [&str; 5], name: &str) -> String {
    format!("{id:<13}  {status:<8}  {account:<13}  {created:<10}  {used:<10}  {name}")
}

/// The day of a moment, `2026-04-15`, in UTC.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// A token for programs, in the words of the provisioning file. Changing it breaks theirs.
fn as_json(token: &TokenSummary) -> Value {
    let TokenSummary {
        id,
        name,
        account,
        modules,
        created_by,
        created_at,
        last_access_at,
        status,
        ..
    } = token;
    let modules = modules
        .iter()
        .map(|module| json!({ "id": module.id.to_string(), "name": module.name }));
    json!({
        "id": id.to_string(), "name": name, "status": status.as_str(),
        "account": {
            "id": account.id.to_string(), "name": account.name, "type": account.kind.as_str(),
            "status": account.status.as_str(),
        },
        "modules": modules.collect::<Vec<_>>(),
        "createdBy": { "id": created_by.id, "name": created_by.name },
        "createdAt": created_at.to_string(),
        "lastAccessAt": last_access_at.map(|at| at.to_string()),
    })
}
