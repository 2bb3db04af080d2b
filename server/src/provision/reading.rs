//! Reading a provisioning file. Its tokens, of which there may be a million, stay in its text and are taken out of it one by
//! one, twice: once to see that all of the file is well-formed, and once to be made.

use super::{
    ProvisionError,
    file::{Contents, TokenEntry},
    wrong,
};
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use std::{
    fmt::{self, Formatter},
    ops::ControlFlow,
};
use zeroize::Zeroizing;

/// A file that is well-formed. It may hold passwords and secrets.
pub struct ProvisionFile {
    pub(super) contents: Contents,
    pub(super) tokens: TokenList,
}

impl ProvisionFile {
    /// Reads a file.
    ///
    /// # Errors
    /// No JSON, an unknown name, a missing or ill-typed value, with its place.
    pub fn parse(text: impl Into<Zeroizing<String>>) -> Result<Self, ProvisionError> {
        let text = text.into();
        // The reader would take a list for an object whose fields come in order.
        if !text.trim_start().starts_with('{') {
            let message = "This is not a provisioning file. It is JSON and begins with a brace.";
            return Err(wrong("the file", message));
        }
        let mut json = serde_json::Deserializer::from_str(&text);
        let contents: Result<Contents, _> = serde_path_to_error::deserialize(&mut json);
        let contents = contents.map_err(|error| {
            let path = error.path().to_string();
            let path = if path == "." {
                "the file".to_owned()
            } else {
                path
            };
            wrong(path, without_value(&error.into_inner().to_string()))
        })?;
        json.end()
            .map_err(|error| wrong("the file", error.to_string()))?;
        let count = contents.tokens;
        let tokens = TokenList { text, count };
        Ok(Self { contents, tokens })
    }
}

/// The tokens of a file.
pub(super) struct TokenList {
    text: Zeroizing<String>,
    count: usize,
}

impl TokenList {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Hands out one after the other, until `take` wants no more.
    pub(super) fn for_each(
        &self,
        mut take: impl FnMut(TokenEntry) -> ControlFlow<()>,
    ) -> Result<(), ProvisionError> {
        let mut ended = false;
        let take = |entry| {
            let flow = take(entry);
            ended = flow.is_break();
            flow
        };
        let mut json = serde_json::Deserializer::from_str(&self.text);
        let read = json.deserialize_map(OnlyTokens(take));
        match read {
            Err(error) if !ended => Err(wrong("the file", without_value(&error.to_string()))),
            _ => Ok(()),
        }
    }
}

/// How many tokens a list has, all of them well-formed. `null` is none.
pub(super) fn count_tokens<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let mut count = 0;
    let counting = |_| {
        count += 1;
        ControlFlow::Continue(())
    };
    EachToken(counting).deserialize(deserializer)?;
    Ok(count)
}

/// Goes through a list of tokens.
struct EachToken<F>(F);

impl<'de, F: FnMut(TokenEntry) -> ControlFlow<()>> DeserializeSeed<'de> for EachToken<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(TokenEntry) -> ControlFlow<()>> Visitor<'de> for EachToken<F> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(entry) = list.next_element()? {
            if (self.0)(entry).is_break() {
                return Err(A::Error::custom("no more is wanted"));
            }
        }
        Ok(())
    }
}

/// Goes through a file for its tokens.
struct OnlyTokens<F>(F);

impl<'de, F: FnMut(TokenEntry) -> ControlFlow<()>> Visitor<'de> for OnlyTokens<F> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a provisioning file")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut file: A) -> Result<(), A::Error> {
        while let Some(name) = file.next_key::<String>()? {
            if name == "tokens" {
                file.next_value_seed(EachToken(&mut self.0))?;
            } else {
                file.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A reader's complaint without the value it complains about, which may be a password in the wrong place.
fn without_value(message: &str) -> String {
    let kind_of = ["invalid type: ", "invalid value: "];
    let Some(kind) = kind_of.into_iter().find(|kind| message.starts_with(kind)) else {
        return message.to_owned();
    };
    let rest = &message[kind.len()..];
    let value = rest.find(['"', '`']);
    match (value, rest.rfind(", expected ")) {
        (Some(from), Some(to)) if from < to => {
            format!("{kind}{}{}", rest[..from].trim_end(), &rest[to..])
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(file: &str, most: usize) -> Vec<String> {
        let file = ProvisionFile::parse(file.to_owned()).unwrap();
        let mut names = Vec::new();
        let take = |token: TokenEntry| {
            names.push(token.name);
            if names.len() == most {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        };
        file.tokens.for_each(take).unwrap();
        names
    }

    const FILE: &str = r#"{"tokens":[{"id":"1","account":"a","name":"one"},{"id":"2","account":"a","name":"two"}],
        "accounts":[{"id":"a","name":"A","type":"Client","modules":["tokens"]}]}"#;

    #[test]
    fn tokens_come_one_by_one_wherever_their_list_stands_and_no_more_than_are_wanted() {
        assert_eq!(named(FILE, 9), ["one", "two"]);
        assert_eq!(named(FILE, 1), ["one"]);
        assert!(named(r#"{"tokens":null}"#, 9).is_empty() && named("{}", 9).is_empty());
        assert_eq!(
            ProvisionFile::parse(FILE.to_owned()).unwrap().tokens.len(),
            2
        );
    }

    #[test]
    fn what_is_wrong_with_a_token_is_found_before_any_is_taken() {
        for (from, to, place) in [
            (
                r#""name":"two""#,
                r#""nam":"two""#,
                "tokens[1].nam: unknown field",
            ),
            (r#","name":"two""#, "", "tokens[1]: missing field `name`"),
            (
                r#""two""#,
                r#""two","modules":[1]"#,
                "tokens[1].modules[0]: invalid type",
            ),
            (
                r#""accounts":"#,
                r#""tokens":[],"accounts":"#,
                "the file: duplicate field",
            ),
            (
                r#"[{"id":"1""#,
                r#"7,"x":[{"id":"1""#,
                "tokens: invalid type: integer",
            ),
        ] {
            assert!(FILE.contains(from), "{from}");
            let error = ProvisionFile::parse(FILE.replace(from, to)).err().unwrap();
            assert!(error.to_string().starts_with(place), "{error}");
        }
    }
}
