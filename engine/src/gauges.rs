//! Gauges: how the whole installation stands, in numbers that an alarm can watch.

use crate::{Engine, Error};

/// One number.
#[derive(Debug, Clone, PartialEq)]
pub struct Gauge {
    /// What is measured, such as `outbox_commands`.
    pub name: String,
    /// Of which kind, such as a queue or a state; empty when there are no kinds.
    pub kind: String,
    /// How much: a count, or seconds where the name says so.
    pub value: f64,
}

impl Engine {
    /// Everything that is watched, over all organisations.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn gauges(&self) -> Result<Vec<Gauge>, Error> {
        let rows = sqlx::query!(
            r#"select 'outbox_commands' as "name!", queue || '/' || state as "kind!", count(*)::float8 as "value!"
               from outbox group by queue, state
               union all
               select 'outbox_oldest_due_seconds', '',
                      greatest(coalesce(extract(epoch from now() - min(due_at)), 0), 0)::float8
               from outbox where state in ('pending', 'claimed')
               union all
               select 'placements_in_doubt_oldest_seconds', '',
                      coalesce(extract(epoch from now() - min(sent_at)), 0)::float8
               from outbox where state = 'in_doubt'
               union all
               select 'calls_open', state, count(*)::float8 from calls where open group by state
               union all
               select 'agents', state, count(*)::float8 from agent_board group by state
               union all
               select 'campaigns_active', '', count(*)::float8 from campaigns where status = 'active'
               union all
               select 'violations', 'open call without a timer', count(*)::float8
               from calls c
               where c.open and not exists (select 1 from alarms a
                                            where a.tenant_id = c.tenant_id and a.call_id = c.id)
               union all
               select 'violations', 'agent held for a call that is over', count(*)::float8
               from agent_reservations r
               join calls c on c.tenant_id = r.tenant_id and c.id = r.call_id
               where not c.open
                 and not exists (select 1 from outbox o
                                 where o.tenant_id = c.tenant_id and o.call_id = c.id and o.state <> 'dead')
               union all
               select 'violations', 'command given up', count(*)::float8 from outbox where state = 'dead'"#,
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(rows.into_iter().map(|row| Gauge { name: row.name, kind: row.kind, value: row.value }).collect())
    }
}
