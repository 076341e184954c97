-- The people who take calls. `presence` is what the agent chose; what the agent does right now is
-- derived from the reservations, one row for each call the agent is held for.

create table agent_groups (
    tenant_id  uuid not null references tenants (id),
    id         uuid not null,
    name       text not null check (length(name) between 1 and 200),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, name)
);

create table agents (
    tenant_id            uuid not null references tenants (id),
    id                   uuid not null,
    user_id              uuid,
    name                 text not null check (length(name) between 1 and 200),
    phone                text not null,
    presence             text not null default 'offline' check (presence in ('available', 'break', 'offline')),
    presence_reason      text,
    -- A break that ends by itself, such as the pause after a missed offer.
    break_until          timestamptz,
    max_concurrent_calls integer not null default 1 check (max_concurrent_calls between 1 and 20),
    -- How many reservations there are for the agent; kept here so that two reservers exclude each other.
    active_calls         integer not null default 0 check (active_calls >= 0),
    -- When the agent may be called, as a calling window; none means always.
    working_hours        jsonb,
    idle_since           timestamptz not null default now(),
    created_at           timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
);

create table agent_group_members (
    tenant_id uuid not null,
    group_id  uuid not null,
    agent_id  uuid not null,
    primary key (tenant_id, group_id, agent_id),
    foreign key (tenant_id, group_id) references agent_groups (tenant_id, id) on delete cascade,
    foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade
);

create index agent_group_members_by_agent on agent_group_members (tenant_id, agent_id);
