//! Filling an installation from a file: what is missing is made, what exists is left alone.
//!
//! Owns: the order of the work, what an entry must satisfy, and the report. Everything happens in one transaction
//! and is recorded as Latchkey's own doing; a wrong entry refuses the whole file and names its place.

mod accounts;
mod file;
mod known;
mod loading;
mod modules;
mod reading;
mod records;
mod tokens;
mod users;

pub use file::{AccountEntry, ModuleEntry, SettingsEntry, TokenEntry, UserEntry};
pub use reading::ProvisionFile;

use crate::{
    repo::{self, StoreError, WriteTx},
    service::{ConsoleService, Doer, ServiceError, system},
};
use app::domain::{
    account::{AccountId, AccountRef},
    id::AuditId,
    module::Module,
    time::Timestamp,
    token::TokenId,
};
use secrecy::SecretString;
use std::{
    borrow::Borrow,
    collections::{HashMap, HashSet},
    fmt,
    str::FromStr,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// What came of a file.
#[derive(Debug, Default)]
pub struct ProvisionReport {
    /// How many modules were made.
    pub modules: usize,
    /// How many accounts were made.
    pub accounts: usize,
    /// How many users were made.
    pub users: usize,
    /// How many tokens were made.
    pub tokens: usize,
    /// How many audit records were added.
    pub records: usize,
    /// Where the file says something else than what exists and was left alone, a sentence each.
    pub differences: Vec<String>,
    /// The secrets that were made, for tokens without one. Shown once, by the command only.
    pub made_secrets: Vec<(TokenId, SecretString)>,
}

/// Why nothing of a file was taken.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// An entry is wrong.
    #[error("{path}: {message}")]
    Wrong {
        /// Where, as in `tokens[3].modules[1]`.
        path: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// The server failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for ProvisionError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

/// Makes what the file names and the installation lacks.
///
/// # Errors
/// A wrong entry, with its place, or a failure of the server; nothing was made then.
pub async fn provision(
    service: &ConsoleService,
    file: ProvisionFile,
) -> Result<ProvisionReport, ProvisionError> {
    let ProvisionFile { contents, tokens } = file;
    let hashes = users::hash_passwords(service, &contents.users).await?;
    let actor = system();
    let tx = service.db.begin_write().await?;
    let mut run = Run::begin(service, &tx, Doer::actor(&actor)).await?;
    for (index, entry) in contents.modules.iter().enumerate() {
        run.module(Place::entry("modules", index), entry).await?;
    }
    for (index, entry) in contents.accounts.iter().enumerate() {
        run.account(Place::entry("accounts", index), entry).await?;
    }
    for (index, (entry, hash)) in contents.users.iter().zip(hashes).enumerate() {
        run.user(Place::entry("users", index), entry, hash).await?;
    }
    run.tokens(tokens).await?;
    for (index, entry) in contents.audit_records.into_iter().enumerate() {
        run.record(Place::entry("auditRecords", index), entry)
            .await?;
    }
    let report = run.report;
    tx.commit().await?;
    Ok(report)
}

/// The work on one file: what exists so far, and what is reported.
struct Run<'a> {
    service: &'a ConsoleService,
    tx: &'a WriteTx,
    doer: Doer<'a>,
    modules: Vec<Module>,
    accounts: HashMap<AccountId, AccountRef>,
    /// The lines that this transaction adds to the audit trail, as far as their ids can still be drawn again.
    lines: HashSet<AuditId>,
    report: ProvisionReport,
}

impl<'a> Run<'a> {
    async fn begin(
        service: &'a ConsoleService,
        tx: &'a WriteTx,
        doer: Doer<'a>,
    ) -> Result<Self, ProvisionError> {
        let modules = repo::modules::list_modules(tx).await?;
        let accounts = repo::accounts::list_accounts(tx).await?;
        let accounts = accounts
            .into_iter()
            .map(|account| (account.id, account))
            .collect();
        Ok(Self {
            service,
            tx,
            doer,
            modules,
            accounts,
            lines: HashSet::new(),
            report: ProvisionReport::default(),
        })
    }

    /// The account that an entry names.
    fn account_named(&self, place: Place, id: &str) -> Result<AccountRef, ProvisionError> {
        let account = id.parse().ok().and_then(|id| self.accounts.get(&id));
        account.cloned().ok_or_else(|| place.no_account(id))
    }
}

/// The modules that an entry names by id or code, each with its place in the list of names.
fn modules_named<'m, M: Borrow<Module>>(
    modules: &'m [M],
    place: Place,
    names: &[String],
) -> Result<Vec<(usize, &'m Module)>, ProvisionError> {
    let mut found: Vec<(usize, &Module)> = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let id = name.parse().ok();
        let mut modules = modules.iter().map(Borrow::borrow);
        let module = modules.find(|module| module.code == *name || Some(module.id) == id);
        let module = module.ok_or_else(|| {
            let message = format!("There is no module {name}.");
            place.wrong(&format!("modules[{index}]"), message)
        })?;
        // Named twice, by id and by code, is still one.
        if !found.iter().any(|(_, other)| other.id == module.id) {
            found.push((index, module));
        }
    }
    Ok(found)
}

impl ProvisionReport {
    /// Notes where the file and what exists differ.
    fn compare<T: PartialEq + fmt::Display>(
        &mut self,
        place: Place,
        field: &str,
        here: T,
        file: T,
    ) {
        if here != file {
            self.differences.push(format!(
                "{place}.{field}: \"{here}\" stays; the file says \"{file}\"."
            ));
        }
    }
}

/// An entry's place in the file.
#[derive(Debug, Clone, Copy)]
struct Place {
    list: &'static str,
    index: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.list, self.index)
    }
}

impl Place {
    fn entry(list: &'static str, index: usize) -> Self {
        Self { list, index }
    }

    /// The error that this field of the entry is wrong.
    fn wrong(self, field: &str, message: impl Into<String>) -> ProvisionError {
        wrong(format!("{self}.{field}"), message)
    }

    /// The error that there is no such account.
    fn no_account(self, id: &str) -> ProvisionError {
        self.wrong("account", format!("There is no account {id}."))
    }

    /// The value of a field that was checked.
    fn check<T>(self, field: &str, checked: Result<T, String>) -> Result<T, ProvisionError> {
        checked.map_err(|message| self.wrong(field, message))
    }

    /// An id in a field.
    fn id<T: FromStr>(self, field: &str, text: &str, shape: &str) -> Result<T, ProvisionError> {
        text.parse()
            .map_err(|_| self.wrong(field, format!("This is not an id. Write one like {shape}.")))
    }

    /// A moment in a field.
    fn moment(self, field: &str, text: Option<&str>) -> Result<Option<Timestamp>, ProvisionError> {
        let Some(text) = text else { return Ok(None) };
        let message = "This is not a time. Write one like 2026-04-15T12:34:00.000Z.";
        let moment =
            OffsetDateTime::parse(text, &Rfc3339).map_err(|_| self.wrong(field, message))?;
        let micros = i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000));
        micros
            .map(|micros| Some(Timestamp(micros)))
            .map_err(|_| self.wrong(field, message))
    }
}

fn wrong(path: impl Into<String>, message: impl Into<String>) -> ProvisionError {
    ProvisionError::Wrong {
        path: path.into(),
        message: message.into(),
    }
}

/// Modules as a difference shows them.
fn codes<'m>(modules: impl IntoIterator<Item = &'m Module>) -> String {
    let mut codes: Vec<_> = modules
        .into_iter()
        .map(|module| module.code.as_str())
        .collect();
    codes.sort_unstable();
    codes.join(", ")
}
