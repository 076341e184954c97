//! The board: how an organisation's telephone floor stands at this moment.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use warmline_workflows::TenantId;

use crate::agents::roster::{self, Agent};
use crate::calls::Summary;
use crate::calls::list::{Filter, Wanted};
use crate::feed::{Cursor, From as Since};
use crate::{Engine, Error};

/// How a floor stands.
#[derive(Debug, Clone)]
pub struct Board {
    /// What is told in the feed from here on is not in it, or may be for a second time.
    pub cursor: Cursor,
    /// The agents, by name.
    pub agents: Vec<Agent>,
    /// The calls that are not over, the newest first.
    pub calls: Vec<Summary>,
    /// What waits.
    pub queues: Vec<(String, i64)>,
    /// Leads that could be called now, but for calls in progress; counted no further than [`DUE_MAX`].
    pub leads_due: i64,
}

/// As far as leads that are due are counted.
pub const DUE_MAX: i64 = 10_000;
/// Agents that are shown.
const AGENTS_MAX: i64 = 2_000;
/// Calls that are shown.
const CALLS_MAX: i64 = 5_000;

impl Engine {
    /// How the floor of an organisation stands.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn board(&self, tenant: TenantId, now: Timestamp) -> Result<Board, Error> {
        // Before the rest, so that whatever happens meanwhile is told behind it.
        let cursor = self.events_after(tenant, Since::Now, &[], 1).await?.next;
        let agents = self.agents(tenant, &roster::Wanted { limit: AGENTS_MAX, ..Default::default() }).await?;
        let filter = Filter { open: Some(true), ..Filter::default() };
        let calls = self.calls(tenant, &Wanted { filter, limit: CALLS_MAX, ..Wanted::default() }).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let queues = sqlx::query!(
            r#"select queue, count(*) as "count!" from outbox
               where tenant_id = $1 and state in ('pending', 'claimed', 'sent', 'in_doubt')
               group by queue order by queue"#,
            tenant.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        let leads_due = sqlx::query_scalar!(
            r#"select count(*) as "count!" from (
                   select 1 from leads l
                   join campaigns c on c.tenant_id = l.tenant_id and c.id = l.campaign_id and c.status = 'active'
                   where l.tenant_id = $1 and l.due_at <= $2 and l.status in ('new', 'waiting')
                   limit $3
               ) as due"#,
            tenant.0,
            now.to_sqlx(),
            DUE_MAX,
        )
        .fetch_one(&mut *transaction)
        .await?;
        Ok(Board {
            cursor,
            agents,
            calls,
            queues: queues.into_iter().map(|row| (row.queue, row.count)).collect(),
            leads_due,
        })
    }
}
