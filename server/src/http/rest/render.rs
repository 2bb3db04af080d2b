//! The places in the texts of audit records, `{{path}}`, filled in from the record.

use app::domain::record::AuditRecord;
use serde_json::{Value, json};

/// The longest value that is filled in, and about the longest text that comes of it, in characters: a short text with
/// many places must not become a long one.
const VALUE_MAX: usize = 200;
const TEXT_MAX: usize = 8_000;

/// The text with every place filled in: by what the path finds in the record's documents, object or actor, or else by
/// the path itself. Braces that are no place are dropped, so that none is left.
pub fn render(text: &str, record: &AuditRecord) -> String {
    if !text.contains("{{") && !text.contains("}}") {
        return text.to_owned();
    }
    let known = json!({
        "id": record.id.to_string(),
        "event": record.event,
        "timestamp": record.at.to_string(),
        "object": { "id": record.object.id, "name": record.object.name, "objectType": record.object.kind },
        "actor": { "id": record.actor.id, "name": record.actor.name },
    });
    let nothing = Value::Null;
    let documents = record.documents.as_ref().unwrap_or(&nothing);
    let mut rest = text;
    let mut filled = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((path, after)) = after.split_once("}}") else {
            rest = after;
            break;
        };
        let path = path.trim();
        let found = find(documents, path).or_else(|| find(&known, path));
        let value = found.unwrap_or_else(|| path.to_owned());
        filled.extend(value.chars().take(VALUE_MAX));
        rest = after;
        if filled.len() > TEXT_MAX {
            filled.push('…');
            return without_braces(filled);
        }
    }
    filled.push_str(rest);
    without_braces(filled)
}

/// What a value says can hold braces of its own.
fn without_braces(mut text: String) -> String {
    while text.contains("{{") || text.contains("}}") {
        text = text.replace("{{", "{").replace("}}", "}");
    }
    text
}

fn find(value: &Value, path: &str) -> Option<String> {
    let path = path.strip_prefix("documents.").unwrap_or(path);
    let mut value = value;
    for name in path.split('.') {
        value = match value {
            Value::Object(members) => members.get(name)?,
            Value::Array(items) => items.get(name.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::{
        audit::AuditId,
        record::{RecordActor, RecordObject},
        time::Timestamp,
    };
    use proptest::prelude::*;

    fn rendered(text: &str) -> String {
        let record = AuditRecord {
            id: AuditId::from_number(1).unwrap(),
            seq: 1,
            event: "extensions.crm.synced".into(),
            summary: String::new(),
            details: String::new(),
            object: RecordObject {
                id: "PRD-1234-1234".into(),
                name: "CRM".into(),
                kind: "Product".into(),
                revision: None,
            },
            at: Timestamp(0),
            actor: RecordActor {
                id: String::new(),
                name: "Robot".into(),
                account: None,
            },
            private: false,
            ip: None,
            user_agent: None,
            request_id: String::new(),
            documents: Some(json!({"product": {"name": "CRM {{x}}", "parts": [1, true]}})),
            viewers: Vec::new(),
        };
        render(text, &record)
    }

    #[test]
    fn places_are_filled_in_and_no_braces_are_left() {
        for (text, want) in [
            ("plain", "plain"),
            ("{{object.name}} by {{ actor.name }}", "CRM by Robot"),
            (
                "{{product.parts.0}}, {{documents.product.parts.1}}",
                "1, true",
            ),
            ("{{product.name}}", "CRM {x}"),
            ("{{unknown.path}}!", "unknown.path!"),
            ("{{product}}", "product"),
            ("{{open", "open"),
            ("close}} {{{{", "close} {"),
        ] {
            assert_eq!(rendered(text), want, "{text}");
        }
    }

    #[test]
    fn a_short_text_does_not_become_a_long_one() {
        let long = rendered(&"{{object.name}}{{product.name}}".repeat(2_000));
        assert!(long.len() < TEXT_MAX + 1_000, "{}", long.len());
    }

    proptest! {
        #[test]
        fn whatever_the_text_no_double_braces_are_left(text in "[{}a. ]{0,40}") {
            let rendered = rendered(&text);
            prop_assert!(!rendered.contains("{{") && !rendered.contains("}}"), "{}", rendered);
        }
    }
}
