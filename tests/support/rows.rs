//! What the database holds, read past the engine.

use jiff::Timestamp;
use warmline_engine::testing;
use warmline_workflows::{LeadId, TenantId};

use super::{Rig, until};
use std::time::Duration;

/// A lead's row.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(crate) struct LeadRow {
    pub(crate) tenant_id: sqlx::types::Uuid,
    pub(crate) id: sqlx::types::Uuid,
    /// Opened, not read past the engine.
    pub(crate) phone: String,
    pub(crate) status: String,
    pub(crate) attempts: i16,
    pub(crate) disposition: Option<String>,
    pub(crate) waiting_for: Option<String>,
    /// Seconds since 1970.
    pub(crate) due_at: Option<f64>,
    pub(crate) open_calls: i64,
    pub(crate) max_attempts: i32,
}

/// How an agent stands.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(crate) struct AgentRow {
    pub(crate) name: String,
    pub(crate) presence: String,
    pub(crate) presence_reason: Option<String>,
    pub(crate) active_calls: i32,
    /// In the words of the board.
    pub(crate) state: String,
}

/// A recording's row.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(crate) struct RecordingRow {
    pub(crate) recording_sid: String,
    pub(crate) duration_s: i32,
}

impl LeadRow {
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.due_at.map(instant)
    }
}

impl Rig {
    /// Every lead, over all campaigns, in the order of their import.
    pub(crate) async fn leads(&self) -> Vec<LeadRow> {
        let mut leads: Vec<LeadRow> = sqlx::query_as(
            "select l.tenant_id, l.id, '' as phone, l.status, l.attempts, l.disposition, l.waiting_for,
                    extract(epoch from l.due_at)::float8 as due_at,
                    (select count(*) from calls o where o.lead_id = l.id and o.open) as open_calls,
                    (c.cadence ->> 'max_attempts')::int as max_attempts
             from leads l join campaigns c on c.tenant_id = l.tenant_id and c.id = l.campaign_id
             order by l.id",
        )
        .fetch_all(&self.database)
        .await
        .unwrap();
        for lead in &mut leads {
            let stored = self.engine.lead(TenantId(lead.tenant_id), LeadId(lead.id)).await.unwrap();
            lead.phone = stored.person.map(|person| person.phone).unwrap_or_default();
        }
        leads
    }

    /// The digest of a number, as it stands in the tables.
    pub(crate) async fn phone_key(&self, phone: &str) -> Vec<u8> {
        testing::phone_key(self.engine.database(), self.tenant, phone).await.unwrap()
    }

    /// The only lead with a number.
    pub(crate) async fn lead(&self, phone: &str) -> LeadRow {
        let mut leads = self.leads().await;
        leads.retain(|lead| lead.phone == phone);
        assert_eq!(leads.len(), 1, "leads with {phone}");
        leads.remove(0)
    }

    /// The agents in the order of their names.
    pub(crate) async fn agent_rows(&self) -> Vec<AgentRow> {
        sqlx::query_as(
            "select a.name, a.presence, a.presence_reason, a.active_calls, b.state
             from agents a join agent_board b on b.tenant_id = a.tenant_id and b.agent_id = a.id
             order by a.name",
        )
        .fetch_all(&self.database)
        .await
        .unwrap()
    }

    /// The state of the latest call to a number.
    pub(crate) async fn state(&self, phone: &str) -> Option<String> {
        sqlx::query_scalar("select state from calls where phone_key = $1 order by id desc limit 1")
            .bind(self.phone_key(phone).await)
            .fetch_optional(&self.database)
            .await
            .unwrap()
    }

    /// Waits until the latest call to a number is in a state.
    pub(crate) async fn until_state(&self, phone: &str, state: &str) {
        until(&format!("{phone} is {state}"), Duration::from_secs(20), async || {
            self.state(phone).await.as_deref() == Some(state)
        })
        .await;
    }

    /// When the latest call to a number was over.
    pub(crate) async fn closed_at(&self, phone: &str) -> Timestamp {
        let query = "select extract(epoch from closed_at)::float8 from calls where phone_key = $1
                     order by id desc limit 1";
        let phone = self.phone_key(phone).await;
        instant(sqlx::query_scalar(query).bind(phone).fetch_one(&self.database).await.unwrap())
    }

    /// The distinct states that the latest call to a number went through, in order.
    pub(crate) async fn path(&self, phone: &str) -> Vec<String> {
        let mut states: Vec<String> = sqlx::query_scalar(
            "select j.to_state from journal j
             where j.call_id = (select id from calls where phone_key = $1 order by id desc limit 1)
             order by j.version",
        )
        .bind(self.phone_key(phone).await)
        .fetch_all(&self.database)
        .await
        .unwrap();
        states.dedup();
        states
    }

    /// How many lines of an event all journals have together; of any event, if none is named.
    pub(crate) async fn journaled(&self, event: Option<&str>) -> i64 {
        sqlx::query_scalar("select count(*) from journal where $1::text is null or event ->> 'event' = $1")
            .bind(event)
            .fetch_one(&self.database)
            .await
            .unwrap()
    }

    pub(crate) async fn recordings(&self) -> Vec<RecordingRow> {
        sqlx::query_as("select recording_sid, duration_s from recordings order by recording_sid")
            .fetch_all(&self.database)
            .await
            .unwrap()
    }

    /// One number that a query gives.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.database).await.unwrap()
    }
}

/// An instant from the seconds since 1970 that Postgres gives, to the microsecond.
pub(crate) fn instant(seconds: f64) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "microseconds of our century fit by far")]
    Timestamp::from_microsecond((seconds * 1e6).round() as i64).unwrap()
}
