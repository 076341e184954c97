-- Calls: one row per attempt, written by the durable step alone.

create table calls (
    tenant_id      uuid not null,
    id             uuid not null,
    campaign_id    uuid not null,
    lead_id        uuid not null,
    attempt_no     smallint not null,
    phone          text not null,
    token          text not null,
    plan           jsonb not null,
    schema_version smallint not null,
    snapshot       json not null,
    version        integer not null,
    -- Eight bytes for each event key the call has taken: its inbox.
    seen           bytea not null,
    state          text not null,
    -- False once the call is dispositioned.
    open           boolean not null default true,
    disposition    text,
    agent_id       uuid,
    opened_at      timestamptz not null,
    answered_at    timestamptz,
    bridged_at     timestamptz,
    closed_at      timestamptz,
    talk_s         integer not null default 0,
    -- Estimated cost in millionths of a US dollar.
    cost_micros    bigint not null default 0,
    primary key (tenant_id, id),
    unique (tenant_id, lead_id, attempt_no),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id)
) with (fillfactor = 60);

-- Every step writes the row anew. A plan that makes the row large is moved out of it, once and for all,
-- rather than the snapshot being compressed each time.
alter table calls
    alter column plan set storage external,
    alter column snapshot set storage external;

-- One open call per number within a tenant, across its campaigns.
create unique index calls_open_phone on calls (tenant_id, phone) where open;
create index calls_open_campaign on calls (tenant_id, campaign_id) where open;

-- What happened to a call, in order; folding a call's journal gives its stored state.
create table journal (
    tenant_id  uuid not null,
    call_id    uuid not null,
    version    integer not null,
    at         timestamptz not null,
    event      json not null,
    from_state text not null,
    to_state   text not null,
    commands   json,
    ignored    text,
    primary key (tenant_id, call_id, version)
);

-- The earliest moment at which a call's timers must be looked at: never later than its earliest
-- armed deadline, sometimes earlier, because a deadline that moves back is not written at once.
create table alarms (
    tenant_id uuid not null,
    call_id   uuid not null,
    due_at    timestamptz not null,
    primary key (tenant_id, call_id)
);

create index alarms_due on alarms (due_at);
