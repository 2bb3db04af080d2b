//! One change to several tokens at once: what is asked for, which tokens it changes and which it leaves as they are, and
//! how far it has come.

pub use super::id::BulkChangeId;
use super::{
    lifecycle::TokenAction,
    module::{ModuleId, ModuleRef},
    text::grouped,
    time::Timestamp,
    token::{TokenId, TokenStatus},
    user::PersonRef,
};
use serde::{Deserialize, Serialize};

/// The most tokens of one change.
pub const BULK_MAX: u64 = 1_000_000;
/// The most tokens that can be chosen one by one.
pub const CHOSEN_MAX: usize = 1_000;
/// How many tokens a group of [`LeftAlone`] names.
pub const NAMED: usize = 10;
/// How long the results of a change that has ended are kept, in days.
pub const RESULTS_KEPT_DAYS: i64 = 30;

/// What is done to each of the tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkAction {
    /// A step in its life.
    Step(TokenAction),
    /// It may use this module from now on.
    Give(ModuleId),
    /// It may no longer use this module.
    Take(ModuleId),
}

/// The tokens of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// These, at most [`CHOSEN_MAX`].
    These(Vec<TokenId>),
    /// All that the list holds on all its pages, at most [`BULK_MAX`].
    Matching {
        /// Text in names and ids; empty for all.
        search: String,
        /// The filter; empty for all.
        filter: String,
        /// But not these, at most [`CHOSEN_MAX`].
        except: Vec<TokenId>,
    },
}

/// A change that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkOrder {
    /// What is done.
    pub action: BulkAction,
    /// To which tokens.
    pub choice: Choice,
}

/// Why a change leaves a token as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// It stands there already.
    Disabled,
    /// It stands there already.
    Active,
    /// Nothing can be done to it any more.
    Deleted,
    /// It has the module already.
    HasModule,
    /// It does not have the module.
    LacksModule,
    /// Its account does not have the module.
    NotInAccount,
    /// It does not exist for whoever made the change, or no longer.
    Gone,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Disabled,
        Self::Active,
        Self::Deleted,
        Self::HasModule,
        Self::LacksModule,
        Self::NotInAccount,
        Self::Gone,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Active => "active",
            Self::Deleted => "deleted",
            Self::HasModule => "has-module",
            Self::LacksModule => "lacks-module",
            Self::NotInAccount => "not-in-account",
            Self::Gone => "gone",
        }
    }

    /// The reason in a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Disabled => "Disabled already",
            Self::Active => "Active already",
            Self::Deleted => "Deleted",
            Self::HasModule => "Has the module already",
            Self::LacksModule => "Does not have the module",
            Self::NotInAccount => "Its account does not have the module",
            Self::Gone => "No longer there",
        }
    }
}

impl BulkAction {
    /// Why it leaves a token as it is; `None` when it changes it. `holds` says whether the token has the module that the
    /// action is about, `lends` whether its account has.
    #[must_use]
    pub fn leaves(self, status: TokenStatus, holds: bool, lends: bool) -> Option<Reason> {
        match (self, status) {
            (_, TokenStatus::Deleted) => Some(Reason::Deleted),
            (Self::Step(TokenAction::Disable), TokenStatus::Disabled) => Some(Reason::Disabled),
            (Self::Step(TokenAction::Enable), TokenStatus::Active) => Some(Reason::Active),
            (Self::Give(_), _) if holds => Some(Reason::HasModule),
            (Self::Give(_), _) if !lends => Some(Reason::NotInAccount),
            (Self::Take(_), _) if !holds => Some(Reason::LacksModule),
            _ => None,
        }
    }

    /// The module that it is about, if it is about one.
    #[must_use]
    pub const fn module(self) -> Option<ModuleId> {
        match self {
            Self::Give(module) | Self::Take(module) => Some(module),
            Self::Step(_) => None,
        }
    }

    /// "Disable 3 API tokens", "Add Billing to 1 API token".
    #[must_use]
    pub fn title(self, module: &str, tokens: u64) -> String {
        let tokens = count(tokens);
        match self {
            Self::Step(action) => format!("{} {tokens}", action.label()),
            Self::Give(_) => format!("Add {module} to {tokens}"),
            Self::Take(_) => format!("Remove {module} from {tokens}"),
        }
    }

    /// "3 API tokens disabled", "Billing added to 1 API token".
    #[must_use]
    pub fn done(self, module: &str, tokens: u64) -> String {
        let tokens = count(tokens);
        match self {
            Self::Step(action) => format!("{tokens} {}", action.done()),
            Self::Give(_) => format!("{module} added to {tokens}"),
            Self::Take(_) => format!("{module} removed from {tokens}"),
        }
    }
}

/// "1 API token", "2,000 API tokens".
#[must_use]
pub fn count(tokens: u64) -> String {
    match tokens {
        1 => "1 API token".to_owned(),
        _ => format!("{} API tokens", grouped(tokens)),
    }
}

/// A token by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedToken {
    /// Its id.
    pub id: TokenId,
    /// Its name; empty when it is not there.
    pub name: String,
}

/// Tokens that a change would leave as they are, for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftAlone {
    /// Why.
    pub reason: Reason,
    /// How many.
    pub tokens: u64,
    /// The first of them, at most [`NAMED`].
    pub first: Vec<NamedToken>,
}

/// What a change would do, shown before it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkPlan {
    /// The module that it is about, if it is about one.
    pub module: Option<ModuleRef>,
    /// How many tokens it changes.
    pub tokens: u64,
    /// How many of those were used lately, so that programs seem to rely on them.
    pub recent: u64,
    /// Those that it leaves as they are.
    pub left_alone: Vec<LeftAlone>,
}

/// What came of asking for a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkAnswer {
    /// Nothing was begun yet: this is what it would do, and to more tokens than was agreed to.
    Planned(BulkPlan),
    /// It has begun.
    Begun(BulkChange),
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkState {
    /// It goes on.
    Running,
    /// Every token was looked at.
    Completed,
    /// It was ended before that. What was done stays.
    Stopped,
}

impl BulkState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Running, Self::Completed, Self::Stopped];

    /// The word that is shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Completed => "Completed",
            Self::Stopped => "Stopped",
        }
    }
}

/// A change that was begun, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkChange {
    /// Its id.
    pub id: BulkChangeId,
    /// What it does.
    pub action: BulkAction,
    /// The name of the module that it is about; empty when it is about none.
    pub module: String,
    /// Who began it.
    pub by: PersonRef,
    /// When.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Where it stands.
    pub state: BulkState,
    /// Why it was stopped; empty when it was not.
    pub stopped: String,
    /// How many tokens it is about.
    pub total: u64,
    /// How many it has changed.
    pub changed: u64,
    /// How many it has left as they were.
    pub left_alone: u64,
    /// Whether whoever asks may stop it.
    pub may_stop: bool,
    /// The change that has to end before this one begins; those of an account follow one another.
    pub waits_for: Option<BulkChangeId>,
}

impl BulkChange {
    /// "Disable 3 API tokens", without those that are left alone.
    #[must_use]
    pub fn title(&self) -> String {
        let concerned = self.total.saturating_sub(self.left_alone);
        self.action.title(&self.module, concerned)
    }

    /// "2 API tokens disabled", as far as it has come.
    #[must_use]
    pub fn done(&self) -> String {
        self.action.done(&self.module, self.changed)
    }

    /// Tokens that it has not come to.
    #[must_use]
    pub const fn waiting(&self) -> u64 {
        self.total
            .saturating_sub(self.changed)
            .saturating_sub(self.left_alone)
    }
}

/// What became of one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenOutcome {
    /// The change has not come to it.
    Waiting,
    /// It was changed.
    Changed,
    /// It was left as it was.
    LeftAlone(Reason),
}

/// A token of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResult {
    /// Which.
    pub token: NamedToken,
    /// Whether it has a page for whoever asks.
    pub shown: bool,
    /// What became of it.
    pub outcome: TokenOutcome,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_leaves_alone_what_it_would_not_change() {
        use TokenStatus::{Active, Deleted, Disabled};
        let module = ModuleId::from_number(1).unwrap();
        let (give, take) = (BulkAction::Give(module), BulkAction::Take(module));
        for (action, status, [holds, lends], left) in [
            (
                BulkAction::Step(TokenAction::Disable),
                Active,
                [false; 2],
                None,
            ),
            (
                BulkAction::Step(TokenAction::Disable),
                Disabled,
                [false; 2],
                Some(Reason::Disabled),
            ),
            (
                BulkAction::Step(TokenAction::Enable),
                Active,
                [false; 2],
                Some(Reason::Active),
            ),
            (
                BulkAction::Step(TokenAction::Enable),
                Disabled,
                [false; 2],
                None,
            ),
            (
                BulkAction::Step(TokenAction::Delete),
                Disabled,
                [false; 2],
                None,
            ),
            (
                BulkAction::Step(TokenAction::Delete),
                Deleted,
                [false; 2],
                Some(Reason::Deleted),
            ),
            (give, Active, [false, true], None),
            (give, Disabled, [true, true], Some(Reason::HasModule)),
            (give, Active, [false, false], Some(Reason::NotInAccount)),
            (give, Deleted, [false, true], Some(Reason::Deleted)),
            (take, Active, [true, true], None),
            (take, Active, [false, true], Some(Reason::LacksModule)),
        ] {
            assert_eq!(
                action.leaves(status, holds, lends),
                left,
                "{action:?} {status:?}"
            );
        }
    }

    #[test]
    fn every_reason_is_stored_under_a_word_of_its_own() {
        let keys: std::collections::HashSet<_> = Reason::ALL.map(Reason::key).into();
        assert_eq!(keys.len(), Reason::ALL.len());
    }

    #[test]
    fn a_change_is_told_in_words() {
        let module = BulkAction::Give(ModuleId::from_number(1).unwrap());
        assert_eq!(module.title("Billing", 1), "Add Billing to 1 API token");
        assert_eq!(
            module.done("Billing", 2_000),
            "Billing added to 2,000 API tokens"
        );
        let step = BulkAction::Step(TokenAction::Delete);
        assert_eq!(step.title("", 3), "Delete 3 API tokens");
        assert_eq!(step.done("", 1), "1 API token deleted");
    }
}
