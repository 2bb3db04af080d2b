//! Audit records of a provisioning file.

use super::{
    Place, ProvisionError, Run,
    file::{RecordEntry, Visibility},
};
use crate::{
    repo,
    service::{Audience, check_record},
};
use app::domain::{id::AuditId, record::NewRecord};

impl Run<'_> {
    /// Adds the record, unless there is one with its id: records stay as they are.
    pub(super) async fn record(
        &mut self,
        place: Place,
        entry: RecordEntry,
    ) -> Result<(), ProvisionError> {
        let id: AuditId = place.id("id", &entry.id, "AUD-1234-1234-1234-1234")?;
        let audience = self.audience(place, &entry)?;
        let new = NewRecord {
            event: entry.event,
            object_id: entry.object.id,
            object_name: entry.object.name.unwrap_or_default(),
            object_kind: entry.object.object_type.unwrap_or_default(),
            summary: entry.summary,
            details: entry.details,
            private: None,
            documents: entry.documents,
        };
        check_record(&new).map_err(|error| {
            let first = error.fields.into_iter().next();
            first.map_or_else(
                || place.wrong("event", error.message),
                |field| place.wrong(&field.field, field.message),
            )
        })?;
        if repo::audit::has_record(self.tx, id).await? {
            return Ok(());
        }
        self.service
            .append_record(self.tx, &self.doer, id, &new, audience)
            .await?;
        self.report.records += 1;
        Ok(())
    }

    fn audience(&self, place: Place, entry: &RecordEntry) -> Result<Audience, ProvisionError> {
        let mut viewers = Vec::with_capacity(entry.viewers.len());
        for (index, viewer) in entry.viewers.iter().enumerate() {
            let account = viewer.parse().ok().and_then(|id| self.accounts.get(&id));
            let account = account.ok_or_else(|| {
                let message = format!("There is no account {viewer}.");
                place.wrong(&format!("viewers[{index}]"), message)
            })?;
            if !viewers.contains(&account.id) {
                viewers.push(account.id);
            }
        }
        let mut viewers = viewers.into_iter();
        Ok(Audience {
            account: viewers.next(),
            others: viewers.collect(),
            private: entry.visibility == Some(Visibility::Private),
            writer: None,
        })
    }
}
