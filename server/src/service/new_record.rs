//! Audit records that programs add: what is valid, to what they may be added, and who sees them.

use super::{
    ConsoleService, Doer, ServiceError, authz,
    passwords::field,
    record_lists::{seen_records, viewers},
};
use crate::repo::{self, WriteTx, audit::AuditRow, audit_read::AuditScope};
use app::{
    domain::{
        account::AccountId,
        id::AuditId,
        record::{AuditRecord, NewRecord},
        text::{first_bad_character, looks_like_secret, nfc},
    },
    error::{ApiError, ErrorCode, FieldError},
    port::Actor,
};
use serde_json::Value;

/// Characters.
const SUMMARY_MAX: usize = 500;
const DETAILS_MAX: usize = 4_000;
/// Bytes.
const EVENT_MAX: usize = 200;
/// The words for the kinds of objects, by what their ids begin with.
const KINDS: [(&str, &str); 12] = [
    ("ACC", "Account"),
    ("AGR", "Agreement"),
    ("BUY", "Buyer"),
    ("EXT", "Extension"),
    ("INV", "Invoice"),
    ("LST", "Listing"),
    ("MOD", "Module"),
    ("ORD", "Order"),
    ("PRD", "Product"),
    ("SUB", "Subscription"),
    ("TKN", "Token"),
    ("USR", "User"),
];

/// Who is to see a record.
pub(crate) struct Audience {
    /// The account that it concerns.
    pub account: Option<AccountId>,
    /// Others that see it.
    pub others: Vec<AccountId>,
    /// Only Operations see it, whatever else is said.
    pub private: bool,
    /// Who writes it, when he acts for one account only.
    pub writer: Option<AccountId>,
}

impl ConsoleService {
    /// Adds a record for a program.
    pub(super) async fn add_record(
        &self,
        actor: &Actor,
        new: &NewRecord,
    ) -> Result<AuditRecord, ServiceError> {
        authz::audit_scope(actor)?;
        authz::may_add_record(actor)?;
        check(new)?;
        let (tx, actor) = self.begin_write_as(actor).await?;
        let actor = &actor;
        let scope = authz::audit_scope(actor)?;
        let audience = audience(&tx, scope, actor, new).await?;
        let id = self.free_audit_id(&tx).await?;
        self.append_record(&tx, &Doer::actor(actor), id, new, audience)
            .await?;
        let row = repo::audit_read::find_record(&tx, scope, id).await?;
        let mut records = seen_records(&tx, row.into_iter().collect()).await?;
        tx.commit().await?;
        Ok(records.pop().ok_or_else(ApiError::not_found)?)
    }

    /// Writes the line of a record that is valid.
    pub(crate) async fn append_record(
        &self,
        tx: &WriteTx,
        doer: &Doer<'_>,
        id: AuditId,
        new: &NewRecord,
        audience: Audience,
    ) -> Result<(), ServiceError> {
        self.know_event(tx, audience.writer, &new.event).await?;
        let name = if new.object_name.is_empty() {
            new.object_id.clone()
        } else {
            nfc(&new.object_name)
        };
        let others: Vec<_> = audience.others.iter().map(AccountId::to_string).collect();
        let documents = new.documents.as_ref().map(Value::to_string);
        let said = AuditRow {
            details: Some(nfc(&new.details)),
            documents: Some(documents.unwrap_or_else(|| "{}".to_owned())),
            visibility: audience.private.then(|| "Private".to_owned()),
            viewers: (!others.is_empty()).then(|| others.join(",")),
            event: new.event.clone(),
            object_type: if new.object_kind.is_empty() {
                object_kind(&new.object_id).unwrap_or("Object").to_owned()
            } else {
                new.object_kind.clone()
            },
            object_id: new.object_id.clone(),
            object_name: name,
            account_id: audience.account.map(|account| account.to_string()),
            summary: nfc(&new.summary),
            ..doer.line(id, self.env.clock.now())
        };
        let seq = self.append(tx, said).await?;
        Ok(repo::record_lists::insert_viewers(tx, seq, &audience.others).await?)
    }
}

/// Who sees the record: whoever saw the object's last one. Only who acts in all accounts may write of what none of his
/// accounts has a record of, or make it private.
async fn audience(
    tx: &WriteTx,
    scope: AuditScope,
    actor: &Actor,
    new: &NewRecord,
) -> Result<Audience, ServiceError> {
    let last = repo::record_lists::find_latest_of(tx, scope, &new.object_id).await?;
    let own = authz::home(actor);
    if let Some(row) = &last {
        let mut seen_by = viewers(row).into_iter();
        let account = row.account_id.as_ref().and_then(|_| seen_by.next());
        return Ok(Audience {
            account: account.or(own),
            others: seen_by.collect(),
            private: new.private.unwrap_or(row.visibility.is_some()) && scope.account.is_none(),
            writer: scope.account,
        });
    }
    if scope.account.is_some() {
        let message =
            "There is no record of this object that your account sees, so none can be added to it.";
        return Err(ApiError::new(ErrorCode::Forbidden, message).into());
    }
    Ok(Audience {
        account: own,
        others: Vec::new(),
        private: new.private.unwrap_or(false),
        writer: None,
    })
}

/// Whether the fields are valid.
pub(crate) fn check(new: &NewRecord) -> Result<(), ApiError> {
    let complaints = [
        ("event", event_complaint(&new.event)),
        ("object.id", object_complaint(&new.object_id)),
        (
            "object.name",
            text_complaint(&new.object_name, SUMMARY_MAX, false),
        ),
        ("object.objectType", kind_complaint(&new.object_kind)),
        ("summary", needed(&new.summary, SUMMARY_MAX, false)),
        ("details", needed(&new.details, DETAILS_MAX, true)),
        (
            "documents",
            new.documents.as_ref().and_then(document_complaint),
        ),
    ];
    let errors: Vec<FieldError> = complaints
        .into_iter()
        .filter_map(|(name, complaint)| Some(field(name, &complaint?)))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(ApiError::invalid(errors))
    }
}

fn event_complaint(event: &str) -> Option<String> {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let words: Vec<_> = event.split('.').collect();
    let good = event.len() <= EVENT_MAX
        && !looks_like_secret(event)
        && words.len() >= 3
        && words[0] == "extensions"
        && words.iter().all(|part| word(part));
    (!good)
        .then(|| "Write extensions.EXTENSION.EVENT, with letters, digits and hyphens.".to_owned())
}

fn object_complaint(id: &str) -> Option<String> {
    object_kind(id)
        .is_none()
        .then(|| "Write the id of the object, as in PRD-1234-1234.".to_owned())
}

fn kind_complaint(kind: &str) -> Option<String> {
    let good = kind.len() <= 40 && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!good).then(|| "Write a word of up to 40 letters, as in Product.".to_owned())
}

/// The word for the kind of object that has this id; `None` when it is no id.
fn object_kind(id: &str) -> Option<&'static str> {
    let (prefix, numbers) = id.split_once('-')?;
    let digits = |group: &str| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = prefix.len() == 3
        && prefix.bytes().all(|byte| byte.is_ascii_uppercase())
        && numbers.len() < 32
        && numbers.split('-').all(digits);
    let kind = KINDS.iter().find(|(known, _)| *known == prefix);
    shaped.then(|| kind.map_or("Object", |(_, word)| word))
}

fn needed(text: &str, most: usize, line_breaks: bool) -> Option<String> {
    if text.trim().is_empty() {
        return Some("This cannot be empty.".to_owned());
    }
    text_complaint(text, most, line_breaks)
}

fn text_complaint(text: &str, most: usize, line_breaks: bool) -> Option<String> {
    if text.chars().count() > most {
        return Some(format!("This has more than {most} characters. Shorten it."));
    }
    if first_bad_character(&nfc(text), line_breaks).is_some() {
        return Some("This holds a character that cannot be seen. Take it out.".to_owned());
    }
    looks_like_secret(text).then(secret_complaint)
}

fn secret_complaint() -> String {
    "This holds what looks like the secret of a token. Records are kept for ever: take it out."
        .to_owned()
}

/// Documents are an object without a secret in it. A name `self` in it would end the public client.
fn document_complaint(documents: &Value) -> Option<String> {
    if !documents.is_object() {
        return Some("Write an object.".to_owned());
    }
    let mut open = vec![documents];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if looks_like_secret(text) => return Some(secret_complaint()),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                if members.contains_key("self") {
                    return Some("A member cannot be called self. Rename it.".to_owned());
                }
                if members.keys().any(|name| looks_like_secret(name)) {
                    return Some(secret_complaint());
                }
                open.extend(members.values());
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_s_kind_follows_from_its_id() {
        for (id, kind) in [
            ("PRD-7255-3950", Some("Product")),
            ("ACC-0001-0002", Some("Account")),
            ("ZZZ-1234-1234-1234", Some("Object")),
            ("MOD-1756", Some("Module")),
            ("PRD", None),
            ("PRD-", None),
            ("prd-1234", None),
            ("PRD-12345", None),
            ("", None),
        ] {
            assert_eq!(object_kind(id), kind, "{id}");
        }
    }

    #[test]
    fn an_event_is_an_extension_s() {
        for good in ["extensions.crm.synced", "extensions.my-crm.order.synced_2"] {
            assert_eq!(event_complaint(good), None);
        }
        for bad in [
            "",
            "extensions.crm",
            "platform.accounts.token.created",
            "extensions..x",
            "extensions.a.b c",
            "extensions.a.{{x}}",
        ] {
            assert!(event_complaint(bad).is_some(), "{bad}");
        }
    }
}
