//! Reading the audit trail: a page of it, the page of one token, one record.
//!
//! What a filter says is turned into ids here; what makes no sense finds nothing, and is no error.

use super::{
    ConsoleService, ServiceError,
    audit_view::{details, summary},
    authz,
};
use crate::repo::{
    self, StoreError,
    audit::AuditRow,
    audit_read::{AuditFilter, AuditScope},
    filter::SYSTEM_NAME,
};
use app::{
    domain::{
        account::AccountId,
        audit::{AUDIT_PAGE, AuditCursor, AuditDetails, AuditId, AuditPage, AuditQuery},
        id::{ModuleId, UserId},
        text::fold,
        time::Timestamp,
        token::TokenId,
    },
    error::ApiError,
    port::Actor,
};
use std::net::IpAddr;
use time::{
    Date, UtcOffset, format_description::StaticFormatDescription, macros::format_description,
};

/// How a day is written in a filter.
const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");
/// Digits of a sign-in's name, by which its records know it.
const HANDLE: usize = 16;

impl ConsoleService {
    pub(super) async fn audit_page(
        &self,
        actor: &Actor,
        query: &AuditQuery,
    ) -> Result<AuditPage, ServiceError> {
        match self.audit_filter(authz::audit_scope(actor)?, query).await? {
            Some(filter) => self.page_at(actor, &filter, query.cursor).await,
            None => Ok(AuditPage {
                rows: Vec::new(),
                older: None,
                newer: None,
            }),
        }
    }

    pub(super) async fn token_audit_page(
        &self,
        actor: &Actor,
        id: TokenId,
        query: &AuditQuery,
    ) -> Result<AuditPage, ServiceError> {
        let scope = authz::token_scope(actor)?;
        let token = repo::tokens::find_token(self.db.read(), scope, id).await?;
        token.ok_or_else(ApiError::not_found)?;
        let query = AuditQuery {
            object: id.to_string(),
            ..query.clone()
        };
        self.audit_page(actor, &query).await
    }

    pub(super) async fn audit_record(
        &self,
        actor: &Actor,
        id: AuditId,
    ) -> Result<AuditDetails, ServiceError> {
        let scope = authz::audit_scope(actor)?;
        let row = repo::audit_read::find_record(self.db.read(), scope, id).await?;
        details(row.ok_or_else(ApiError::not_found)?)
    }

    /// The page at the cursor's place, and whether there is more on either side.
    async fn page_at(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        cursor: AuditCursor,
    ) -> Result<AuditPage, ServiceError> {
        let _place = self.list_place(actor).await;
        let conn = self.db.list();
        let size = usize::try_from(AUDIT_PAGE).unwrap_or(usize::MAX);
        let mut rows =
            repo::audit_read::list_records(conn, filter, cursor, u64::from(AUDIT_PAGE) + 1).await?;
        let more = rows.len() > size;
        rows.truncate(size);
        let is_any = async |cursor: Option<AuditCursor>| match cursor {
            Some(cursor) => {
                let found = repo::audit_read::list_records(conn, filter, cursor, 1).await?;
                Ok::<_, StoreError>((!found.is_empty()).then_some(cursor))
            }
            None => Ok(None),
        };
        if matches!(cursor, AuditCursor::After(_)) {
            rows.reverse();
        }
        let (mut newer, mut older) = around(cursor, &rows);
        // The row beyond the page says what is on its side; the other side has to be asked for.
        if matches!(cursor, AuditCursor::After(_)) {
            newer = newer.filter(|_| more);
            older = is_any(older).await?;
        } else {
            older = older.filter(|_| more);
            newer = is_any(newer).await?;
        }
        let rows = rows.into_iter().map(summary).collect::<Result<_, _>>()?;
        Ok(AuditPage { rows, older, newer })
    }

    /// What `query` asks for, in ids and moments; `None` when nothing can match.
    async fn audit_filter(
        &self,
        scope: AuditScope,
        query: &AuditQuery,
    ) -> Result<Option<AuditFilter>, ServiceError> {
        let event = query.event.trim();
        let (Ok(from), Ok(to)) = (day(&query.from), day(&query.to)) else {
            return Ok(None);
        };
        let objects = self.objects(scope, query.object.trim()).await?;
        let actors = self.actors(scope, query.actor.trim()).await?;
        let nothing = |ids: &Option<Vec<String>>| ids.as_ref().is_some_and(Vec::is_empty);
        if nothing(&objects) || nothing(&actors) {
            return Ok(None);
        }
        Ok(Some(AuditFilter {
            scope,
            objects,
            actors,
            event: (!event.is_empty()).then(|| event.to_owned()),
            named: repo::audit_read::is_named(self.db.read(), scope).await?,
            from: from.map(midnight),
            // The last day is a part of the answer; after the last day that there is, nothing ends.
            until: to.and_then(Date::next_day).map(midnight),
        }))
    }

    async fn objects(
        &self,
        scope: AuditScope,
        text: &str,
    ) -> Result<Option<Vec<String>>, StoreError> {
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(id) = object_id(text) {
            return Ok(Some(vec![id]));
        }
        let ids = repo::audit_read::list_objects_named(self.db.read(), scope, text).await?;
        Ok(Some(ids))
    }

    async fn actors(
        &self,
        scope: AuditScope,
        text: &str,
    ) -> Result<Option<Vec<String>>, StoreError> {
        if text.is_empty() {
            return Ok(None);
        }
        if let Ok(id) = text.to_uppercase().parse::<UserId>() {
            return Ok(Some(vec![id.to_string()]));
        }
        let mut ids = repo::audit_read::list_actors_named(self.db.read(), scope, text).await?;
        if fold(SYSTEM_NAME).contains(&fold(text)) {
            ids.push(String::new());
        }
        Ok(Some(ids))
    }
}

/// Where what is newer and what is older than these rows lies; than the cursor's place, when there are none.
fn around(cursor: AuditCursor, rows: &[AuditRow]) -> (Option<AuditCursor>, Option<AuditCursor>) {
    let ends = rows.first().zip(rows.last());
    let (newest, oldest) = match (ends, cursor) {
        (Some((newest, oldest)), _) => (newest.seq, oldest.seq),
        (None, AuditCursor::Newest) => return (None, None),
        (None, AuditCursor::Before(seq)) => (seq.saturating_sub(1), seq),
        (None, AuditCursor::After(seq)) => (seq, seq.saturating_add(1)),
    };
    // Whoever asks for the newest has them.
    let newer = (cursor != AuditCursor::Newest).then_some(AuditCursor::After(newest));
    (newer, Some(AuditCursor::Before(oldest)))
}

/// The id of an object that `text` is, in the spelling of the trail.
fn object_id(text: &str) -> Option<String> {
    let upper = text.to_uppercase();
    let named = upper.parse::<TokenId>().is_ok()
        || upper.parse::<UserId>().is_ok()
        || upper.parse::<ModuleId>().is_ok()
        || upper.parse::<AccountId>().is_ok();
    if named {
        return Some(upper);
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_string());
    }
    let is_handle = text.len() == HANDLE && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_handle.then(|| text.to_lowercase())
}

/// The text of a filter is no day.
#[derive(Debug)]
struct NoDay;

/// The day that `text` names; nothing for no text.
fn day(text: &str) -> Result<Option<Date>, NoDay> {
    match text.trim() {
        "" => Ok(None),
        // The parser would take a sign before the year.
        text if text.len() == "2026-11-24".len() => {
            Date::parse(text, DAY).map(Some).map_err(|_| NoDay)
        }
        _ => Err(NoDay),
    }
}

/// The first moment of a day, in UTC.
fn midnight(day: Date) -> Timestamp {
    let seconds = day
        .midnight()
        .assume_offset(UtcOffset::UTC)
        .unix_timestamp();
    Timestamp(0).plus_seconds(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_calendar_and_nothing_else() {
        assert_eq!(day(" ").unwrap(), None);
        let noon = Timestamp(1_795_521_600_000_000);
        let found = day("2026-11-24").unwrap().map(midnight);
        assert_eq!(found, Some(noon.plus_seconds(-12 * 3_600)));
        for nonsense in [
            "2026-02-30",
            "24.11.2026",
            "2026-11-24T00:00",
            "2026-1-1",
            "+2026-11-24",
            "x",
        ] {
            assert!(day(nonsense).is_err(), "{nonsense}");
        }
        let last = day("9999-12-31").unwrap().unwrap();
        assert_eq!(last.next_day(), None);
    }

    #[test]
    fn an_object_is_named_by_its_id_in_any_case() {
        for (text, id) in [
            ("tkn-0000-0001", "TKN-0000-0001"),
            ("MOD-1756", "MOD-1756"),
            ("192.0.2.7", "192.0.2.7"),
            ("66687AADF862BD77", "66687aadf862bd77"),
        ] {
            assert_eq!(object_id(text).as_deref(), Some(id));
        }
        for name in [
            "Robot 1",
            "TKN-0000-0000",
            "TKN-0000",
            "66687aadf862bd7",
            "ROB-0000-0001",
        ] {
            assert_eq!(object_id(name), None, "{name}");
        }
    }
}
