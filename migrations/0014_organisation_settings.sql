-- What an organisation settles for itself, and what the installation allows it.

alter table tenants
    -- IANA name; days and hours of its reports are counted in it.
    add column time_zone text not null default 'America/New_York' check (length(time_zone) between 1 and 64),
    -- ISO 3166 code that new campaigns begin with.
    add column default_country text not null default 'US' check (default_country ~ '^[A-Z]{2}$'),
    -- The most people who can log in, invitations that are open included.
    add column max_users integer not null default 100 check (max_users between 1 and 100000),
    -- The most campaigns that are not stopped.
    add column max_campaigns integer not null default 1000 check (max_campaigns between 0 and 100000),
    add column version integer not null default 1;

-- The numbers that campaigns may show. Without any, a campaign may show whichever the carrier lets it.
create table caller_ids (
    tenant_id  uuid not null references tenants (id),
    id         uuid not null,
    -- E.164.
    phone      text not null check (phone ~ '^\+[0-9]{7,15}$'),
    label      text not null default '' check (length(label) <= 200),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, phone)
);

-- The log is read newest first, of one person or of one operation.
create index audit_log_by_actor on audit_log (tenant_id, actor, id);
create index audit_log_by_action on audit_log (tenant_id, action, id);

call wall_off('caller_ids');
