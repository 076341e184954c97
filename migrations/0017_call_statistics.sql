-- Statistics of calls, counted ahead: what closed calls come to, by quarter of an hour and by day of their opening.

-- What each call counts for; whatever counts calls reads it here.
create view call_facts with (security_invoker = true) as
select tenant_id, id, campaign_id, agent_id, disposition, open, opened_at,
       (answered_at is not null)::integer as answered,
       (bridged_at is not null)::integer as bridged,
       talk_s,
       -- From the answer until lead and agent were connected.
       coalesce((extract(epoch from bridged_at - answered_at) * 1000)::bigint, 0) as wait_ms,
       cost_micros
from calls;
grant select on call_facts to warmline_app, warmline_system;

create table call_rollups (
    tenant_id   uuid not null references tenants (id),
    -- True: the calls of each agent. False: all calls, with the zero UUID for the agent.
    by_agent    boolean not null,
    -- 15 or 1440. Quarters since no time zone of today is off by anything finer; days so that years are read fast.
    span_min    integer not null,
    starts_at   timestamptz not null,
    campaign_id uuid not null,
    agent_id    uuid not null,
    disposition text not null,
    calls       bigint not null,
    answered    bigint not null,
    bridged     bigint not null,
    talk_s      bigint not null,
    wait_ms     bigint not null,
    cost_micros bigint not null,
    primary key (tenant_id, by_agent, span_min, starts_at, campaign_id, agent_id, disposition)
) with (fillfactor = 80);

create table call_rollup_state (
    tenant_id uuid not null references tenants (id),
    -- What could be seen when calls were counted last. A call counts if the transaction that closed it could be seen,
    -- however late it committed.
    rolled    pg_snapshot not null,
    -- Machine time.
    rolled_at timestamptz not null,
    primary key (tenant_id)
) with (fillfactor = 50);

call wall_off('call_rollups');
call wall_off('call_rollup_state');
