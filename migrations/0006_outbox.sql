-- Commands that a step decided on and a worker has yet to perform: the queue of record. A row is
-- deleted once its result is stored; `dead` rows wait for a person.

create table outbox (
    tenant_id   uuid not null,
    call_id     uuid not null,
    version     integer not null,
    index       smallint not null,
    queue       text not null,
    kind        text not null,
    body        json not null,
    -- pending: to be performed. claimed: a worker has it until its lease ends. sent: a placement left
    -- us and has not been confirmed. in_doubt: it may or may not have been carried out. dead: given up.
    state       text not null default 'pending'
                check (state in ('pending', 'claimed', 'sent', 'in_doubt', 'dead')),
    -- Machine time: when a sweep looks at the row next, unless it was settled before then. Moved on by
    -- each push, so that a push that was lost is repeated.
    due_at      timestamptz not null,
    -- Machine time: not to be performed before; set when the carrier asked us to slow down.
    ready_at    timestamptz not null default now(),
    lease_until timestamptz,
    fence       integer not null default 0,
    -- How often work on it began since it last came to an orderly result.
    crash_count smallint not null default 0,
    sent_at     timestamptz,
    -- For a placement in doubt: how often the carrier's list was read in vain.
    empty_lists smallint not null default 0,
    last_error  text,
    primary key (tenant_id, call_id, version, index)
) with (fillfactor = 80);

-- What a sweep has to look at.
create index outbox_due on outbox (due_at) where state <> 'dead';

create table agent_reservations (
    tenant_id  uuid not null,
    agent_id   uuid not null,
    call_id    uuid not null,
    stage      text not null check (stage in ('reserved', 'ringing', 'whisper', 'on_call', 'wrap_up')),
    -- The version of the call whose command reserved the agent; the same command reserves once.
    reserved_by integer not null,
    -- The version of the call whose command wrote the row; an older command is late and changes nothing.
    fence      integer not null,
    reserved_at timestamptz not null,
    stage_since timestamptz not null,
    primary key (tenant_id, agent_id, call_id),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade
);

create index agent_reservations_by_call on agent_reservations (tenant_id, call_id);

create table recordings (
    tenant_id     uuid not null,
    call_id       uuid not null,
    recording_sid text not null,
    duration_s    integer not null,
    status        text not null default 'at_carrier',
    completed_at  timestamptz not null,
    primary key (tenant_id, call_id, recording_sid),
    foreign key (tenant_id, call_id) references calls (tenant_id, id) on delete cascade
);
