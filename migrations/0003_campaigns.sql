-- Campaigns. `conduct`, `calling_window` and `cadence` are the documents that the core reads; each
-- call keeps a copy of those it was opened with.

create table campaigns (
    tenant_id            uuid not null references tenants (id),
    id                   uuid not null,
    group_id             uuid not null,
    name                 text not null check (length(name) between 1 and 200),
    status               text not null default 'draft'
                         check (status in ('draft', 'active', 'paused', 'stopped', 'finished')),
    caller_id            text not null,
    default_country      text not null default 'US' check (default_country ~ '^[A-Z]{2}$'),
    conduct              jsonb not null,
    calling_window       jsonb not null,
    cadence              jsonb not null,
    max_concurrent_calls integer not null default 10 check (max_concurrent_calls between 0 and 100000),
    started_at           timestamptz,
    finished_at          timestamptz,
    created_at           timestamptz not null default now(),
    version              integer not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, group_id) references agent_groups (tenant_id, id)
);

create index campaigns_active on campaigns (tenant_id, id) where status = 'active';
