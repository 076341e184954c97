//! What must be true of every database after every test.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;
use warmline_workflows::CallId;
use warmline_workflows::call::{Ordinal, State};

use crate::world::{World, until};

impl World {
    /// Checks everything that holds whatever happened.
    pub(crate) async fn audit(&self) {
        for call in self.engine.all_calls(self.tenant).await.unwrap() {
            self.audit_call(call).await;
        }
        self.none("a lead is in a call if and only if one is open", "select l.id::text from leads l
             where (l.status = 'in_call') <> exists (select 1 from calls c where c.lead_id = l.id and c.open)")
            .await;
        self.none(
            "who is called again is due, and nobody else",
            "select id::text from leads
             where status in ('new', 'waiting') and due_at is null
                or status not in ('new', 'waiting') and due_at is not null",
        )
        .await;
        self.none(
            "an agent's calls are counted by the reservations",
            "select a.id::text from agents a
             where a.active_calls <> (select count(*) from agent_reservations r where r.agent_id = a.id)
                or a.active_calls > a.max_concurrent_calls",
        )
        .await;
        self.none(
            "no two open calls to one number",
            "select encode(phone_key, 'hex') from calls where open group by tenant_id, phone_key
             having count(*) > 1",
        )
        .await;
        self.none(
            "attempts are numbered without a gap",
            "select l.id::text from leads l
             left join calls c on c.lead_id = l.id
             group by l.id, l.calls_opened
             having l.calls_opened <> count(c.id) or coalesce(max(c.attempt_no), 0) <> count(c.id)",
        )
        .await;
        self.none(
            "every row is of the organisation of its call",
            "select c.id::text from calls c
             where exists (select 1 from journal x where x.call_id = c.id and x.tenant_id <> c.tenant_id)
                or exists (select 1 from outbox x where x.call_id = c.id and x.tenant_id <> c.tenant_id)
                or exists (select 1 from alarms x where x.call_id = c.id and x.tenant_id <> c.tenant_id)",
        )
        .await;
        // What a caller dropped is rolled back as soon as its connection is back in the pool.
        until("nobody holds a transaction open", async || {
            self.number(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and state like 'idle in transaction%'",
            )
            .await
                == 0
        })
        .await;
    }

    /// The call's row, journal, alarm and outbox agree.
    async fn audit_call(&self, call: CallId) {
        let recorded = self.engine.recorded(self.tenant, call).await.unwrap();
        assert_eq!(recorded.fault(), None);
        let (state, open, disposition, seen): (String, bool, Option<String>, i32) =
            sqlx::query_as("select state, open, disposition, length(seen) from calls where id = $1")
                .bind(call.0)
                .fetch_one(&self.sql)
                .await
                .unwrap();
        assert_eq!(state, recorded.call.state().name(), "{call}");
        assert_eq!(disposition, recorded.call.state().disposition().map(|known| known.to_string()), "{call}");
        assert_eq!(open, !recorded.call.state().is_terminal(), "{call}");
        let keyed = recorded
            .lines
            .iter()
            .filter(|line| !matches!(line.event.name(), "call_opened" | "timer_expired"));
        assert_eq!(usize::try_from(seen).unwrap(), 8 * keyed.count(), "{call}: one key for each event");

        let alarm: Option<jiff_sqlx::Timestamp> =
            sqlx::query_scalar("select due_at from alarms where call_id = $1")
                .bind(call.0)
                .fetch_optional(&self.sql)
                .await
                .unwrap();
        let alarm = alarm.map(jiff_sqlx::Timestamp::to_jiff);
        let deadline: Option<Timestamp> = recorded.call.next_deadline().map(|(_, deadline)| deadline.at);
        match (alarm, deadline) {
            (Some(alarm), Some(deadline)) => {
                assert!(alarm <= deadline, "{call}: the alarm at {alarm} is later than {deadline}");
            }
            (None, None) => assert!(matches!(recorded.call.state(), State::Dispositioned { .. }), "{call}"),
            other => panic!("{call}: alarm and deadline are {other:?}"),
        }

        let given: BTreeSet<Ordinal> = recorded
            .lines
            .iter()
            .flat_map(|line| {
                (0..).zip(&line.commands).map(|(index, _)| Ordinal { version: line.version, index })
            })
            .collect();
        for (ordinal, body) in self.outbox_of(call).await {
            assert!(given.contains(&ordinal), "{call}: {ordinal:?} was never wanted");
            let line = &recorded.lines[ordinal.version as usize - 1];
            assert_eq!(serde_json::to_string(&line.commands[usize::from(ordinal.index)]).unwrap(), body);
        }
    }

    /// The commands of a call that are on the outbox.
    pub(crate) async fn outbox_of(&self, call: CallId) -> Vec<(Ordinal, String)> {
        let rows: Vec<(i32, i16, String)> = sqlx::query_as(
            "select version, index, body::text from outbox where call_id = $1 order by version, index",
        )
        .bind(call.0)
        .fetch_all(&self.sql)
        .await
        .unwrap();
        rows.into_iter()
            .map(|(version, index, body)| {
                let ordinal = Ordinal {
                    version: u32::try_from(version).unwrap(),
                    index: u16::try_from(index).unwrap(),
                };
                (ordinal, body)
            })
            .collect()
    }

    /// Everything that is stored of a call and its lead, without what tells it from other calls.
    pub(crate) async fn contents(&self, call: CallId) -> Vec<String> {
        sqlx::query_scalar(
            "select concat_ws(' ', 'call', version, state, open, disposition, agent_id, answered_at, bridged_at,
                              closed_at, talk_s, cost_micros, encode(seen, 'hex'), snapshot)
             from calls where id = $1
             union all
             select concat_ws(' ', 'journal', lpad(version::text, 4, '0'), at, event, from_state, to_state,
                              commands, ignored)
             from journal where call_id = $1
             union all
             select concat_ws(' ', 'outbox', version, index, queue, kind, body) from outbox where call_id = $1
             union all
             select concat_ws(' ', 'alarm', due_at) from alarms where call_id = $1
             union all
             select concat_ws(' ', 'lead', l.status, l.attempts, l.due_at, l.disposition, l.waiting_for)
             from leads l join calls c on c.lead_id = l.id where c.id = $1
             order by 1",
        )
        .bind::<Uuid>(call.0)
        .fetch_all(&self.sql)
        .await
        .unwrap()
    }

    async fn none(&self, promise: &str, offenders: &'static str) {
        let offenders: Vec<String> = sqlx::query_scalar(offenders).fetch_all(&self.sql).await.unwrap();
        assert!(offenders.is_empty(), "broken: {promise}: {offenders:?}");
    }
}
