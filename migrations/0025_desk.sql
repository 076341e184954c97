-- The desk of an agent, and what is told live to browsers.

alter table campaigns
    -- What agents read from while they talk; not in the plans of calls, which are many.
    add column script text not null default '' check (length(script) <= 20000);

alter table agents
    -- When the agent's console was last there, in machine time; null for those who work by telephone alone.
    add column console_seen_at timestamptz;
create index agents_by_console on agents (console_seen_at) where console_seen_at is not null;

-- A ticket opens one live connection, once and soon: browsers cannot send a token along with it.
create table live_tickets (
    tenant_id  uuid not null references tenants (id),
    id         uuid not null,
    -- The digest of its secret.
    secret     bytea not null,
    session_id uuid not null,
    -- Machine time.
    expires_at timestamptz not null,
    primary key (tenant_id, id)
);

-- What an agent noted during a call. Sealed, as all that is said of a person.
create table call_notes (
    tenant_id  uuid not null references tenants (id),
    call_id    uuid not null,
    notes      bytea not null,
    -- Machine time.
    updated_at timestamptz not null default now(),
    primary key (tenant_id, call_id),
    foreign key (tenant_id, call_id) references calls (tenant_id, id)
);

call wall_off('live_tickets');
call wall_off('call_notes');
