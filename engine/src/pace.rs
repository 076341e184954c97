//! Pacing: opens as many calls as there are agents to take them, for the leads that the rules allow.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::{
    Call, Command, CommandId, Conduct, Event, Handled, Moment, Ordinal, Plan, SCHEMA_VERSION,
};
use warmline_workflows::caller_ids::Pool;
use warmline_workflows::feed::{CallOf, Notice};
use warmline_workflows::pacing::{Cap, Supply, dials_now};
use warmline_workflows::rules::{self, Facts, Hours, Permission, Reason};
use warmline_workflows::window::CallingWindow;
use warmline_workflows::{CallId, CampaignId, CarrierId, GroupId, LeadId, TenantId, campaign, lead};

use crate::step::Ready;
use crate::vault::{Keys, Person, Place};
use crate::{Engine, Error, caller_ids, crash, feed, plan, supply};

/// What one round of pacing did for a campaign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paced {
    /// Calls opened.
    pub opened: u32,
    /// Due leads that a rule held back or closed.
    pub denied: u32,
}

/// Leads looked at for each call that may be opened, so that a few who may not be called now do not
/// hold up those behind them; and at most this many in one round.
const CANDIDATES_PER_DIAL: u32 = 4;
const CANDIDATES_MAX: u32 = 400;

impl Engine {
    /// Opens the calls that a campaign can make now, in one transaction.
    ///
    /// # Errors
    /// When the database does not do it; then nothing was opened.
    pub async fn pace(&self, tenant: TenantId, campaign: CampaignId, now: Timestamp) -> Result<Paced, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let Some(round) = Round::begin(&mut transaction, (tenant, campaign), keys, now).await? else {
            return Ok(Paced::default());
        };
        if dials_now(&round.supply) == 0 {
            return Ok(Paced::default());
        }
        let mut pool = caller_ids::pool(&mut transaction, (tenant, campaign), now).await?;
        // Leads that wait for a caller id stay as they are: another number, or a higher cap, helps at once.
        let dials = dials_now(&round.supply).min(pool.room());
        if dials == 0 {
            return Ok(Paced::default());
        }
        let candidates = round.candidates(&mut transaction, dials).await?;
        let mut openings = Vec::new();
        let mut denials = Vec::new();
        for candidate in candidates {
            if openings.len() >= dials as usize {
                break;
            }
            match rules::may_call(&round.facts(&candidate, &pool, openings.len()), now) {
                Permission::Allow => {
                    let lead = LeadId(candidate.id);
                    match round.opening(candidate, &mut pool) {
                        Ok(opening) => openings.push(opening),
                        // One that cannot be read does not hold up the others.
                        Err(error) => {
                            tracing::error!(lead.id = %lead, error = %error, "a lead is passed over")
                        }
                    }
                }
                Permission::DenyUntil { at, reason } => denials.push((candidate.id, Some(at), reason)),
                Permission::DenyForever { reason } => denials.push((candidate.id, None, reason)),
            }
        }
        let opened = round.open(&mut transaction, &openings).await?;
        let stored = || openings.iter().filter(|opening| opened.contains(&opening.plan.call.0));
        let shown: Vec<&str> = stored().map(|opening| opening.plan.caller_id.as_str()).collect();
        caller_ids::count(&mut transaction, tenant, &shown, now).await?;
        let notices: Vec<Notice> = stored().map(Opening::notice).collect();
        feed::record(&mut transaction, tenant, &notices, now).await?;
        round.deny(&mut transaction, &denials).await?;
        crash::point("pace: before the calls are committed");
        transaction.commit().await?;
        crash::point("pace: after the calls are committed");
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let paced = Paced { opened: count(opened.len()), denied: count(denials.len()) };
        self.announce(stored().flat_map(Opening::ready).collect());
        Ok(paced)
    }
}

/// The campaign, the tenant and the supply, locked against another round.
struct Round {
    tenant: TenantId,
    campaign: CampaignId,
    keys: Arc<Keys>,
    now: Timestamp,
    tenant_enabled: bool,
    spend_capped: bool,
    group: GroupId,
    carrier: Option<CarrierId>,
    conduct: Conduct,
    window: CallingWindow,
    cadence: Cadence,
    supply: Supply,
}

/// A lead that is due.
struct Candidate {
    id: Uuid,
    person: Vec<u8>,
    phone: Vec<u8>,
    zones: Vec<String>,
    status: lead::Status,
    calls_opened: u16,
    attempts: u16,
    do_not_call: bool,
    country_denied: bool,
    open_call: bool,
}

/// A call that is about to be stored for the first time.
struct Opening {
    plan: Plan,
    phone: Vec<u8>,
    call: Call,
    handled: Handled,
}

impl Opening {
    fn ready(&self) -> impl Iterator<Item = Ready> + '_ {
        (0_u16..).zip(&self.handled.commands).map(|(index, command)| Ready {
            tenant: self.plan.tenant,
            command: CommandId { call: self.plan.call, ordinal: Ordinal { version: 1, index } },
            queue: command.queue(),
            once_only: command.is_once_only(),
        })
    }

    fn notice(&self) -> Notice {
        let plan = &self.plan;
        let call = CallOf { call_id: plan.call, campaign_id: plan.campaign, lead_id: plan.lead };
        Notice::CallOpened { call, attempt_no: plan.attempt_no }
    }
}

impl Round {
    async fn begin(
        transaction: &mut Transaction<'_, Postgres>,
        (tenant, campaign): (TenantId, CampaignId),
        keys: Arc<Keys>,
        now: Timestamp,
    ) -> Result<Option<Self>, Error> {
        let row = sqlx::query!(
            r#"select t.enabled, t.max_concurrent_calls as tenant_max,
                      exists (select 1 from budgets b where b.tenant_id = t.id and b.capped) as "spend_capped!",
                      (select a.id from carrier_accounts a where a.tenant_id = t.id and a.is_current) as carrier,
                      c.group_id, c.conduct, c.calling_window, c.cadence, c.max_concurrent_calls
               from campaigns c
               join tenants t on t.id = c.tenant_id
               where c.tenant_id = $1 and c.id = $2 and c.status = 'active'
               for no key update of t, c"#,
            tenant.0,
            campaign.0,
        )
        .fetch_optional(&mut **transaction)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let group = GroupId(row.group_id);
        let counts = supply::count(transaction, (tenant, campaign), group, now).await?;
        let max = |number: i32| u32::try_from(number).unwrap_or(0);
        let json = |what| Error::unreadable(what);
        Ok(Some(Self {
            tenant,
            campaign,
            keys,
            now,
            tenant_enabled: row.enabled,
            spend_capped: row.spend_capped,
            group,
            carrier: row.carrier.map(CarrierId),
            conduct: serde_json::from_value(row.conduct).map_err(json("conduct"))?,
            window: serde_json::from_value(row.calling_window).map_err(json("calling window"))?,
            cadence: serde_json::from_value(row.cadence).map_err(json("cadence"))?,
            supply: Supply {
                agents_available: counts.agents_available,
                dials_in_flight: counts.dials_in_flight,
                tenant_calls: Cap { in_flight: counts.tenant_calls, max: max(row.tenant_max) },
                campaign_calls: Cap { in_flight: counts.campaign_calls, max: max(row.max_concurrent_calls) },
            },
        }))
    }

    /// The due leads in the order of dialing, locked; those that another round holds are skipped.
    async fn candidates(
        &self,
        transaction: &mut Transaction<'_, Postgres>,
        dials: u32,
    ) -> Result<Vec<Candidate>, Error> {
        let limit = i64::from(dials.saturating_mul(CANDIDATES_PER_DIAL).min(CANDIDATES_MAX));
        let rows = sqlx::query!(
            r#"select l.id, l.person as "person!", l.phone_key, l.time_zones, l.status, l.calls_opened, l.attempts,
                      exists (select 1 from tenants t where t.id = l.tenant_id and t.allowed_countries is not null
                              and not coalesce(l.country = any (t.allowed_countries), false)) as "country_denied!",
                      exists (select 1 from dnc_list d where d.tenant_id = l.tenant_id and d.phone_key = l.phone_key)
                          as "do_not_call!",
                      exists (select 1 from calls o where o.tenant_id = l.tenant_id and o.phone_key = l.phone_key
                              and o.open)
                          as "open_call!"
               from leads l
               where l.tenant_id = $1 and l.campaign_id = $2 and l.due_at is not null and l.due_at <= $3
                 and l.person is not null
               order by l.priority desc, l.due_at
               limit $4
               for update of l skip locked"#,
            self.tenant.0,
            self.campaign.0,
            self.now.to_sqlx(),
            limit,
        )
        .fetch_all(&mut **transaction)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Candidate {
                id: row.id,
                person: row.person,
                phone: row.phone_key,
                zones: row.time_zones,
                status: row.status.parse().unwrap_or(lead::Status::Closed),
                calls_opened: u16::try_from(row.calls_opened).unwrap_or(0),
                attempts: u16::try_from(row.attempts).unwrap_or(u16::MAX),
                do_not_call: row.do_not_call,
                country_denied: row.country_denied,
                open_call: row.open_call,
            })
            .collect())
    }

    fn facts<'a>(&'a self, candidate: &'a Candidate, pool: &Pool, opened: usize) -> Facts<'a> {
        let opened = u32::try_from(opened).unwrap_or(u32::MAX);
        let more = |cap: Cap| Cap { in_flight: cap.in_flight.saturating_add(opened), max: cap.max };
        Facts {
            tenant_disabled: !self.tenant_enabled,
            country_denied: candidate.country_denied,
            spend_capped: self.spend_capped,
            caller_ids: pool.availability(),
            campaign: campaign::Status::Active,
            hours: Hours { window: &self.window, zones: &candidate.zones },
            lead: candidate.status,
            do_not_call: candidate.do_not_call,
            open_call: candidate.open_call,
            attempts: candidate.attempts,
            max_attempts: self.cadence.terms().max_attempts,
            due_at: None,
            tenant_calls: more(self.supply.tenant_calls),
            campaign_calls: more(self.supply.campaign_calls),
        }
    }

    fn opening(&self, candidate: Candidate, pool: &mut Pool) -> Result<Opening, Error> {
        let lead = LeadId(candidate.id);
        let person: Person = self.keys.open(Place::lead(lead), &candidate.person)?;
        let caller_id = pool
            .take(&person.phone)
            .ok_or_else(|| Error::Refused("no caller id is left to show".to_owned()))?;
        let plan = Plan {
            tenant: self.tenant,
            call: CallId(Uuid::now_v7()),
            campaign: self.campaign,
            lead,
            group: self.group,
            opened_at: self.now,
            attempt_no: candidate.calls_opened + 1,
            attempts_before: candidate.attempts,
            token: token(),
            lead_name: person.name(),
            lead_phone: person.phone,
            carrier: self.carrier,
            caller_id,
            conduct: self.conduct.clone(),
            window: self.window.clone(),
            zones: candidate.zones,
            cadence: self.cadence.clone(),
        };
        let mut call = Call::new();
        let handled = call.handle(&Event::CallOpened, Moment { plan: &plan, now: self.now, version: 1 });
        Ok(Opening { plan, phone: candidate.phone, call, handled })
    }

    /// Stores the calls; those whose number is in a call by now are left out. Returns the stored.
    async fn open(
        &self,
        transaction: &mut Transaction<'_, Postgres>,
        openings: &[Opening],
    ) -> Result<HashSet<Uuid>, Error> {
        let json = |what| Error::unreadable(what);
        let mut plans = Vec::new();
        let mut persons = Vec::new();
        let mut snapshots = Vec::new();
        let mut commands = Vec::new();
        let mut bodies: Vec<(Uuid, i16, &'static str, String)> = Vec::new();
        for opening in openings {
            let stored = plan::store(&self.keys, &opening.plan)?;
            plans.push(stored.plan);
            persons.push(stored.person);
            snapshots.push(serde_json::to_string(&opening.call).map_err(json("snapshot"))?);
            commands.push(serde_json::to_string(&opening.handled.commands).map_err(json("commands"))?);
            for (index, command) in (0_i16..).zip(&opening.handled.commands) {
                bodies.push((opening.plan.call.0, index, command.queue().as_str(), body(command)?));
            }
        }
        let column =
            |field: fn(&Plan) -> Uuid| -> Vec<Uuid> { openings.iter().map(|o| field(&o.plan)).collect() };
        let calls = column(|plan| plan.call.0);
        let leads = column(|plan| plan.lead.0);
        let attempts: Vec<i16> =
            openings.iter().map(|o| i16::try_from(o.plan.attempt_no).unwrap_or(i16::MAX)).collect();
        let alarms: Vec<jiff_sqlx::Timestamp> = openings
            .iter()
            .map(|o| o.call.next_deadline().map_or(self.now, |(_, deadline)| deadline.at).to_sqlx())
            .collect();
        let event = serde_json::to_string(&Event::CallOpened).map_err(json("event"))?;
        let opened = sqlx::query_scalar!(
            r#"with opened as (
                   insert into calls (tenant_id, campaign_id, id, lead_id, attempt_no, phone_key, person, token, plan,
                                      schema_version, snapshot, version, seen, state, opened_at)
                   select $1, $2, i.id, i.lead_id, i.attempt_no, i.phone_key, i.person, i.token, i.plan::jsonb, $3,
                          i.snapshot, 1, '', 'queued', $4
                   from unnest($5::uuid[], $6::uuid[], $7::smallint[], $8::bytea[], $9::text[], $10::text[],
                               $11::text[], $19::bytea[])
                        as i(id, lead_id, attempt_no, phone_key, token, plan, snapshot, person)
                   on conflict do nothing
                   returning id, lead_id
               ), journaled as (
                   insert into journal (tenant_id, call_id, version, at, event, from_state, to_state, commands)
                   select $1, o.id, 1, $4, $12::text::json, 'queued', 'queued', i.commands::json
                   from unnest($5::uuid[], $13::text[]) as i(id, commands)
                   join opened o on o.id = i.id
               ), alarmed as (
                   insert into alarms (tenant_id, call_id, due_at)
                   select $1, o.id, i.due_at
                   from unnest($5::uuid[], $14::timestamptz[]) as i(id, due_at)
                   join opened o on o.id = i.id
               ), commanded as (
                   insert into outbox (tenant_id, call_id, version, index, queue, kind, body, due_at)
                   select $1, o.id, 1, i.index, i.queue, i.body::json ->> 'command', i.body::json, now() + interval '5 seconds'
                   from unnest($15::uuid[], $16::smallint[], $17::text[], $18::text[]) as i(id, index, queue, body)
                   join opened o on o.id = i.id
               ), taken as (
                   update leads l
                   set status = 'in_call', due_at = null, waiting_for = null, calls_opened = calls_opened + 1
                   from opened o
                   where l.tenant_id = $1 and l.id = o.lead_id
               )
               select id as "id!" from opened"#,
            self.tenant.0,
            self.campaign.0,
            SCHEMA_VERSION,
            self.now.to_sqlx(),
            &calls,
            &leads,
            &attempts,
            &openings.iter().map(|opening| opening.phone.as_slice()).collect::<Vec<_>>() as &[&[u8]],
            &openings.iter().map(|opening| opening.plan.token.as_str()).collect::<Vec<_>>() as &[&str],
            &plans,
            &snapshots,
            event,
            &commands,
            &alarms as &[jiff_sqlx::Timestamp],
            &bodies.iter().map(|(call, ..)| *call).collect::<Vec<_>>(),
            &bodies.iter().map(|(_, index, ..)| *index).collect::<Vec<_>>(),
            &bodies.iter().map(|(_, _, queue, _)| *queue).collect::<Vec<_>>() as &[&str],
            &bodies.iter().map(|(.., body)| body.clone()).collect::<Vec<_>>(),
            &persons,
        )
        .fetch_all(&mut **transaction)
        .await?;
        Ok(opened.into_iter().collect())
    }

    /// Stores why leads were not called, and when to look at them again.
    async fn deny(
        &self,
        transaction: &mut Transaction<'_, Postgres>,
        denials: &[(Uuid, Option<Timestamp>, Reason)],
    ) -> Result<(), Error> {
        let soon = self.now.saturating_add(SignedDuration::from_secs(LOOK_AGAIN_S)).unwrap_or(self.now);
        let ids: Vec<Uuid> = denials.iter().map(|(id, ..)| *id).collect();
        let closed: Vec<Option<&str>> =
            denials.iter().map(|(.., reason)| reason.closes_lead().map(lead::Status::as_str)).collect();
        let due: Vec<Option<jiff_sqlx::Timestamp>> = denials
            .iter()
            .map(|(_, at, reason)| match (at, reason) {
                _ if reason.closes_lead().is_some() => None,
                (Some(at), _) => Some(at.to_sqlx()),
                // The campaign is over for this lead.
                (None, Reason::CampaignEnded | Reason::LeadClosed) => None,
                (None, _) => Some(soon.to_sqlx()),
            })
            .collect();
        let reasons: Vec<String> = denials.iter().map(|(.., reason)| reason.explain()).collect();
        sqlx::query!(
            "update leads l
             set due_at = i.due_at, waiting_for = i.reason,
                 status = coalesce(i.status, case when i.due_at is null then 'closed' else l.status end)
             from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[]) as i(id, due_at, reason, status)
             where l.tenant_id = $1 and l.id = i.id",
            self.tenant.0,
            &ids,
            &due as &[Option<jiff_sqlx::Timestamp>],
            &reasons,
            &closed as &[Option<&str>],
        )
        .execute(&mut **transaction)
        .await?;
        Ok(())
    }
}

/// When a lead is looked at again whose hindrance has no known end, such as a call in another campaign.
const LOOK_AGAIN_S: i64 = 60;

fn body(command: &Command) -> Result<String, Error> {
    serde_json::to_string(command).map_err(Error::unreadable("command"))
}

/// 128 random bits, printed in hexadecimal.
fn token() -> String {
    format!("{:032x}", rand::random::<u128>())
}
