//! Housekeeping: campaigns that are through, and a look at what should never be.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;

use crate::{Engine, Error};

impl Engine {
    /// Finishes active campaigns that have nobody left to call. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn finish_campaigns(&self, now: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query!(
            "with finished as (
             update campaigns c
             set status = 'finished', finished_at = $1
             where status = 'active'
               and exists (select 1 from leads l where l.tenant_id = c.tenant_id and l.campaign_id = c.id)
               and not exists (select 1 from leads l where l.tenant_id = c.tenant_id and l.campaign_id = c.id
                               and (l.due_at is not null or l.status = 'in_call'))
               and not exists (select 1 from calls o where o.tenant_id = c.tenant_id and o.campaign_id = c.id
                               and o.open)
             returning tenant_id, id
             )
             insert into events (tenant_id, kind, at, body)
             select tenant_id, 'campaign.finished', $1,
                    json_build_object('campaign_id', printed_id('cmp', id), 'status', 'finished')
             from finished",
            now.to_sqlx(),
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }

    /// Open calls without an alarm: none ever, or a call could hang for good. They are given one.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn rearm_silent_calls(&self, now: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query!(
            "insert into alarms (tenant_id, call_id, due_at)
             select c.tenant_id, c.id, $1
             from calls c
             where c.open and not exists (select 1 from alarms a
                                          where a.tenant_id = c.tenant_id and a.call_id = c.id)
             on conflict do nothing",
            now.to_sqlx(),
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }
}
