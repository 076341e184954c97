-- What the carrier is still asked of calls that are over: what their legs cost, and where their recordings are.

create table inquiries (
    tenant_id  uuid not null,
    call_id    uuid not null,
    about      text not null check (about in ('price', 'recording')),
    -- The organisation's own carrier account that the call was on; the zero UUID for the installation's.
    carrier_id uuid not null,
    -- Business time, which is the carrier's, as all that follow: the stretch in which the call was there.
    opened_at  timestamptz not null,
    closed_at  timestamptz not null,
    -- When to ask next.
    due_at     timestamptz not null,
    primary key (tenant_id, call_id, about)
);
create index inquiries_due on inquiries (about, due_at);
-- Calls of one account that were opened one after the other are asked for with one list.
create index inquiries_of_account on inquiries (about, carrier_id, opened_at);
call wall_off('inquiries');

alter table calls
    -- Its cost with the carrier's own prices of its legs; null as long as there is an estimate only.
    add column billed_micros bigint,
    add column cost_basis text not null default 'estimated'
        check (cost_basis in ('estimated', 'billed', 'other_currency', 'not_priced'));

-- By how much calls cost more than was estimated when they closed. They are counted into the rollup as closings are:
-- by the transaction that wrote them.
create table cost_corrections (
    tenant_id    uuid not null,
    call_id      uuid not null,
    micros       bigint not null,
    xid          xid8 not null default pg_current_xact_id(),
    -- Machine time.
    corrected_at timestamptz not null default now(),
    primary key (tenant_id, call_id)
);
create index cost_corrections_news on cost_corrections (tenant_id, xid);
call wall_off('cost_corrections');

create or replace view call_facts with (security_invoker = true) as
select tenant_id, id, campaign_id, agent_id, disposition, open, opened_at,
       (answered_at is not null)::integer as answered,
       (bridged_at is not null)::integer as bridged,
       talk_s,
       -- From the answer until lead and agent were connected.
       coalesce((extract(epoch from bridged_at - answered_at) * 1000)::bigint, 0) as wait_ms,
       coalesce(billed_micros, cost_micros) as cost_micros
from calls;
