-- Outgoing webhooks: the endpoints that hear of events, and each event on its way to each endpoint.

create table webhook_endpoints (
    tenant_id        uuid not null references tenants (id),
    id               uuid not null,
    url              text not null check (length(url) between 1 and 2048),
    description      text not null default '' check (length(description) <= 500),
    -- The kinds of events it hears of; none named means all.
    kinds            text[] not null default '{}',
    enabled          boolean not null default true,
    -- failing: for days without a success. gone: it answered that it is no more. Null when somebody switched it off.
    disabled_because text check (disabled_because in ('failing', 'gone')),
    -- What deliveries are signed with, as the program's `Secret` stores it; the previous one signs as well until then.
    secret           bytea not null,
    previous_secret  bytea,
    previous_until   timestamptz,
    -- Where in the feed it stands: everything up to here has become a delivery or was of no interest.
    cursor_xid       xid8 not null,
    cursor_id        bigint not null,
    -- Machine time of the first failure since the last success.
    failing_since    timestamptz,
    created_at       timestamptz not null default now(),
    version          integer not null default 1,
    primary key (tenant_id, id)
) with (fillfactor = 50);

create index webhook_endpoints_enabled on webhook_endpoints (tenant_id, id) where enabled;

create table webhook_deliveries (
    tenant_id    uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    event_xid    xid8 not null,
    event_id     bigint not null,
    state        text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
    -- Attempts begun since it was made, or sent again by hand.
    attempts     smallint not null default 0,
    -- Machine time, while pending: when it is handed out next.
    next_at      timestamptz not null default now(),
    -- Machine time: until then a worker has it, or is expected to take it.
    lease_until  timestamptz,
    -- Whether a worker took it since it was last handed out.
    claimed      boolean not null default false,
    -- Grows with each claim: the result of an older one is late.
    fence        integer not null default 0,
    last_status  smallint,
    last_error   text,
    attempted_at timestamptz,
    created_at   timestamptz not null default now(),
    primary key (tenant_id, id),
    -- Looked for by event first, for a forgotten event takes its deliveries along.
    unique (tenant_id, event_xid, event_id, endpoint_id),
    foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id) on delete cascade,
    foreign key (tenant_id, event_xid, event_id) references events (tenant_id, xid, id) on delete cascade
) with (fillfactor = 80);

create index webhook_deliveries_pending on webhook_deliveries (tenant_id, endpoint_id, next_at) where state = 'pending';
create index webhook_deliveries_of_endpoint on webhook_deliveries (tenant_id, endpoint_id, id);
create index webhook_deliveries_old on webhook_deliveries using brin (created_at) with (autosummarize = on);

call wall_off('webhook_endpoints');
call wall_off('webhook_deliveries');

-- A UUID that sorts by time, for rows that one statement makes many of.
create function time_ordered_uuid() returns uuid
language sql volatile
return encode(
    -- Version 7 in place of 4, and milliseconds in place of the first six random bytes.
    set_bit(set_bit(
        overlay(uuid_send(gen_random_uuid())
                placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
        52, 1), 53, 1),
    'hex')::uuid;
