//! What a gateway asks of a token: all of some modules, and one of others.

use super::index::Modules;
use app::domain::{module::ModuleId, program::CurrentToken};
use std::borrow::Cow;

/// What is asked of a token, by the codes of modules. Nothing asks only that it is good.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// It has to have each of these.
    pub all: Vec<Cow<'a, str>>,
    /// It has to have one of these, when there are any.
    pub any: Vec<Cow<'a, str>>,
}

/// What there is to say once every code was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It has what is wanted, by these.
    Granted(Vec<ModuleId>),
    /// It lacks these.
    Lacking(Vec<ModuleId>),
    /// A code is no module's.
    NoSuchModule,
}

impl<'a> Wanted<'a> {
    /// Each of these.
    #[must_use]
    pub fn all(codes: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            all: codes.into_iter().map(Cow::Borrowed).collect(),
            any: Vec::new(),
        }
    }

    /// The token's modules that grant it, if the token's own settle the matter. They do not for alternatives: among those a
    /// mistyped code would go unnoticed.
    pub(super) fn of(&self, token: &CurrentToken) -> Option<Vec<ModuleId>> {
        if !self.any.is_empty() {
            return None;
        }
        self.all.iter().map(|code| held(token, code)).collect()
    }

    /// The same with every code looked at.
    pub(super) fn among(&self, token: &CurrentToken, modules: &Modules) -> Answer {
        let (mut granted, mut lacking, mut alternatives) = (Vec::new(), Vec::new(), Vec::new());
        for code in &self.all {
            match (held(token, code), modules.find(code)) {
                (Some(id), _) => granted.push(id),
                (None, Some(id)) => lacking.push(id),
                (None, None) => return Answer::NoSuchModule,
            }
        }
        let mut found = self.any.is_empty();
        for code in &self.any {
            match (held(token, code), modules.find(code)) {
                (Some(id), _) => {
                    found = true;
                    granted.push(id);
                }
                (None, Some(id)) => alternatives.push(id),
                (None, None) => return Answer::NoSuchModule,
            }
        }
        if !found {
            lacking.append(&mut alternatives);
        }
        if lacking.is_empty() {
            Answer::Granted(granted)
        } else {
            Answer::Lacking(lacking)
        }
    }
}

fn held(token: &CurrentToken, code: &str) -> Option<ModuleId> {
    token.module(code).map(|module| module.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::{
        account::{AccountId, AccountRef, AccountStatus, AccountType},
        program::HeldModule,
        token::TokenId,
    };

    const KNOWN: [&str; 4] = ["billing", "catalog", "reports", "health"];

    fn id(code: &str) -> ModuleId {
        let place = KNOWN.iter().position(|known| *known == code).unwrap();
        ModuleId::from_number(place as u64 + 1).unwrap()
    }

    fn answer(has: &[&str], all: &[&'static str], any: &[&'static str]) -> Answer {
        let modules = has.iter().map(|code| HeldModule {
            id: id(code),
            code: (*code).to_owned(),
        });
        let token = CurrentToken {
            id: TokenId::from_number(1).unwrap(),
            name: String::new(),
            account: AccountRef {
                id: AccountId::from_number(1).unwrap(),
                name: String::new(),
                kind: AccountType::Client,
                status: AccountStatus::Active,
                icon: None,
            },
            modules: modules.collect(),
        };
        let wanted = Wanted {
            any: any.iter().map(|code| Cow::Borrowed(*code)).collect(),
            ..Wanted::all(all.iter().copied())
        };
        let known = Modules::new(0, KNOWN.map(|code| (code.to_owned(), id(code))));
        let whole = wanted.among(&token, &known);
        if let Some(granted) = wanted.of(&token) {
            assert_eq!(whole, Answer::Granted(granted), "the short way differs");
        }
        whole
    }

    fn granted(codes: &[&str]) -> Answer {
        Answer::Granted(codes.iter().map(|code| id(code)).collect())
    }

    fn lacking(codes: &[&str]) -> Answer {
        Answer::Lacking(codes.iter().map(|code| id(code)).collect())
    }

    #[test]
    fn all_means_each_of_them() {
        let has = ["billing", "catalog"];
        assert_eq!(answer(&has, &[], &[]), granted(&[]));
        assert_eq!(answer(&has, &["billing"], &[]), granted(&["billing"]));
        assert_eq!(
            answer(&has, &["catalog", "billing"], &[]),
            granted(&["catalog", "billing"])
        );
        assert_eq!(
            answer(&has, &["billing", "reports"], &[]),
            lacking(&["reports"])
        );
        assert_eq!(answer(&[], &["billing"], &[]), lacking(&["billing"]));
    }

    #[test]
    fn any_means_one_of_them() {
        let has = ["billing"];
        assert_eq!(
            answer(&has, &[], &["reports", "billing"]),
            granted(&["billing"])
        );
        assert_eq!(
            answer(&has, &[], &["reports", "health"]),
            lacking(&["reports", "health"])
        );
        assert_eq!(
            answer(&has, &["catalog"], &["billing"]),
            lacking(&["catalog"])
        );
        assert_eq!(
            answer(&has, &["billing"], &["health"]),
            lacking(&["health"])
        );
    }

    #[test]
    fn a_code_that_is_no_module_s_grants_nothing_in_any_place() {
        for (all, any) in [
            (&["typo"] as &[_], &[] as &[_]),
            (&["billing", "typo"], &[]),
            (&[], &["typo"]),
            (&[], &["billing", "typo"]),
            (&["billing"], &["billing", "typo"]),
            (&[""], &[]),
            (&["Billing"], &[]),
            (&["billing "], &[]),
        ] {
            assert_eq!(
                answer(&["billing"], all, any),
                Answer::NoSuchModule,
                "{all:?} {any:?}"
            );
        }
    }
}
