//! The addresses of the audit trail: the page, the tab of a token, and the record over either.

use super::{AUDIT_TRAIL, TOKENS, TokenTab, query_value, with_query};
use crate::domain::{
    audit::{AuditCursor, AuditId, AuditQuery},
    grid::Layout,
};

/// The key of the record that is open over the audit trail.
const RECORD: &str = "record";

/// The audit trail as this query has it; what is usual is left out.
#[must_use]
pub fn audit_trail(query: &AuditQuery) -> String {
    with_query(AUDIT_TRAIL, audit_pairs(query))
}

/// The whole audit trail, in this layout.
#[must_use]
pub fn whole_audit_trail(layout: &Layout) -> String {
    with_query(AUDIT_TRAIL, layout_pairs(layout))
}

/// The part of its own trail that a token's page shows.
#[must_use]
pub fn token_audit(id: &str, cursor: AuditCursor, layout: &Layout) -> String {
    with_query(&format!("{TOKENS}/{id}"), token_audit_pairs(cursor, layout))
}

/// The audit trail as this query has it, and over it one of its records.
#[must_use]
pub fn audit_record(query: &AuditQuery, record: AuditId) -> String {
    let mut pairs = audit_pairs(query);
    pairs.push((RECORD, record.to_string()));
    with_query(AUDIT_TRAIL, pairs)
}

/// The same on a token's page.
#[must_use]
pub fn token_audit_record(
    id: &str,
    cursor: AuditCursor,
    layout: &Layout,
    record: AuditId,
) -> String {
    let mut pairs = token_audit_pairs(cursor, layout);
    pairs.push((RECORD, record.to_string()));
    with_query(&format!("{TOKENS}/{id}"), pairs)
}

/// The id of the record over a page with the audit trail, whatever its raw query string says.
#[must_use]
pub fn record_id(search: &str) -> Option<String> {
    query_value(search, RECORD)
}

/// What the raw query string of a page with the audit trail asks for.
#[must_use]
pub fn audit_query(search: &str) -> AuditQuery {
    let value = |key| {
        query_value(search, key)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let place = |key| value(key).parse().ok();
    let cursor = match (place("before"), place("after")) {
        (Some(seq), _) => AuditCursor::Before(seq),
        (None, Some(seq)) => AuditCursor::After(seq),
        (None, None) => AuditCursor::Newest,
    };
    AuditQuery {
        cursor,
        object: value("object"),
        actor: value("actor"),
        event: value("event"),
        from: value("from"),
        to: value("to"),
        layout: Layout::lenient(&value("columns"), &value("fit")),
    }
}

fn audit_pairs(query: &AuditQuery) -> Vec<(&'static str, String)> {
    let fields = [
        ("object", &query.object),
        ("actor", &query.actor),
        ("event", &query.event),
        ("from", &query.from),
        ("to", &query.to),
    ];
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let mut pairs: Vec<_> = fields.map(|(key, value)| (key, value.clone())).collect();
    pairs.extend(layout_pairs(&query.layout));
    pairs.extend(cursor_pair(query.cursor));
    pairs
}

fn token_audit_pairs(cursor: AuditCursor, layout: &Layout) -> Vec<(&'static str, String)> {
    let mut pairs = vec![("tab", TokenTab::AuditTrail.as_str().to_owned())];
    pairs.extend(layout_pairs(layout));
    pairs.extend(cursor_pair(cursor));
    pairs
}

/// A layout as it stands in an address, and in the fields of a form that leads to one.
#[must_use]
pub fn layout_pairs(layout: &Layout) -> Vec<(&'static str, String)> {
    let pairs = [
        ("columns", layout.columns_text()),
        ("fit", layout.fit.as_str().to_owned()),
    ];
    let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    said.collect()
}

fn cursor_pair(cursor: AuditCursor) -> Option<(&'static str, String)> {
    match cursor {
        AuditCursor::Newest => None,
        AuditCursor::Before(seq) => Some(("before", seq.to_string())),
        AuditCursor::After(seq) => Some(("after", seq.to_string())),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::href::Place;

    #[test]
    fn a_record_lies_over_the_part_of_the_trail_it_was_opened_from() {
        let query = AuditQuery {
            cursor: AuditCursor::Before(26),
            actor: "sarah@example.com".into(),
            event: "platform.accounts.token.updated".into(),
            from: "2026-11-24".into(),
            layout: Layout::lenient("event~200,actor", "content"),
            ..AuditQuery::default()
        };
        let record = AuditId::from_number(1).unwrap();
        let of_token = token_audit_record("TKN-1234-1234", query.cursor, &query.layout, record);
        for (address, place) in [
            (audit_record(&query, record), Place::AuditTrail),
            (of_token, Place::Token("TKN-1234-1234".into())),
        ] {
            let (path, search) = address.split_once('?').unwrap();
            assert_eq!(Place::from_path(path), place);
            assert_eq!(record_id(search), Some(record.to_string()));
            assert_eq!(audit_query(search).cursor, query.cursor);
            assert_eq!(audit_query(search).layout, query.layout);
        }
        let address = audit_trail(&query);
        let (_, search) = address.split_once('?').unwrap();
        assert_eq!(audit_query(search), query);
        assert_eq!(record_id(search), None);
        let address = whole_audit_trail(&query.layout);
        let (_, search) = address.split_once('?').unwrap();
        let whole = AuditQuery {
            layout: query.layout,
            ..AuditQuery::default()
        };
        assert_eq!(audit_query(search), whole);
        assert_eq!(whole_audit_trail(&Layout::default()), AUDIT_TRAIL);
    }
}
