-- The feed: what happened in an organisation, for its own systems. Written in the same commit as what happened, and
-- read in the order of commits.

create table events (
    tenant_id uuid not null,
    -- The transaction that wrote the row. Readers get rows of transactions older than every open one: what commits
    -- late is then still ahead of every cursor.
    xid       xid8 not null default pg_current_xact_id(),
    id        bigint not null generated always as identity,
    kind      text not null,
    -- Business time.
    at        timestamptz not null,
    -- Machine time; for forgetting.
    stored_at timestamptz not null default now(),
    -- Ids and words, nothing personal. Not jsonb: it is never searched, and costs less to write.
    body      json not null,
    primary key (tenant_id, xid, id)
);

-- Rows come in the order of time: a few bytes per hundred pages tell where the old ones are.
create index events_old on events using brin (stored_at) with (autosummarize = on);

call wall_off('events');

-- An id as it is printed, for statements that tell of many rows at once.
create function printed_id(prefix text, id uuid) returns text
language sql immutable parallel safe
return prefix || '_' || replace(id::text, '-', '');
