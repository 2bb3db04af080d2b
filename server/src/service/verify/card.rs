//! How a token is told to the services behind a gateway, ready to be sent.

use app::domain::program::CurrentToken;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::ops::Range;

/// All but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A token's id, name, account and modules as visible ASCII, in one piece of memory.
#[derive(Debug, Clone)]
pub struct Card {
    text: Bytes,
    /// Where each part but the last ends.
    ends: [usize; 3],
}

impl Card {
    pub(super) fn of(token: &CurrentToken) -> Self {
        let mut text = token.id.to_string();
        let mut ends = [text.len(); 3];
        text.extend(utf8_percent_encode(&token.name, RESERVED));
        ends[1] = text.len();
        text.push_str(&token.account.id.to_string());
        ends[2] = text.len();
        for (number, module) in token.modules.iter().enumerate() {
            if number > 0 {
                text.push(',');
            }
            text.push_str(&module.code);
        }
        Self {
            text: text.into(),
            ends,
        }
    }

    /// `TKN-NNNN-NNNN`.
    #[must_use]
    pub fn id(&self) -> Bytes {
        self.part(0..self.ends[0])
    }

    /// Its name, percent-encoded UTF-8 (RFC 3986).
    #[must_use]
    pub fn name(&self) -> Bytes {
        self.part(self.ends[0]..self.ends[1])
    }

    /// `ACC-NNNN-NNNN`.
    #[must_use]
    pub fn account(&self) -> Bytes {
        self.part(self.ends[1]..self.ends[2])
    }

    /// The codes of its modules, with commas between them.
    #[must_use]
    pub fn modules(&self) -> Bytes {
        self.part(self.ends[2]..self.text.len())
    }

    /// Bytes of memory.
    pub(super) fn size(&self) -> usize {
        self.text.len()
    }

    fn part(&self, range: Range<usize>) -> Bytes {
        self.text.slice(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::{
        account::{AccountId, AccountRef, AccountStatus, AccountType},
        module::ModuleId,
        program::HeldModule,
        token::TokenId,
    };
    use proptest::prelude::*;

    fn card(name: &str, codes: &[&str]) -> Card {
        let modules = codes.iter().map(|code| HeldModule {
            id: ModuleId::from_number(1).unwrap(),
            code: (*code).to_owned(),
        });
        Card::of(&CurrentToken {
            id: TokenId::from_number(12_341_234).unwrap(),
            name: name.to_owned(),
            account: AccountRef {
                id: AccountId::from_number(10_002).unwrap(),
                name: "Stark".to_owned(),
                kind: AccountType::Client,
                status: AccountStatus::Active,
                icon: None,
            },
            modules: modules.collect(),
        })
    }

    #[test]
    fn a_card_says_who_and_for_what() {
        let card = card("Zoë's robot, 100%", &["billing", "catalog"]);
        assert_eq!(card.id(), "TKN-1234-1234");
        assert_eq!(card.name(), "Zo%C3%AB%27s%20robot%2C%20100%25");
        assert_eq!(card.account(), "ACC-0001-0002");
        assert_eq!(card.modules(), "billing,catalog");
    }

    #[test]
    fn a_token_without_modules_has_an_empty_list() {
        assert_eq!(card("R", &[]).modules(), "");
    }

    proptest! {
        #[test]
        fn any_name_becomes_visible_ascii_and_comes_back(name: String) {
            let sent = card(&name, &[]).name();
            prop_assert!(sent.iter().all(u8::is_ascii_graphic));
            let back = percent_encoding::percent_decode(&sent).decode_utf8().unwrap();
            prop_assert_eq!(back, name);
        }
    }
}
