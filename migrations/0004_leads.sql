-- The people to reach, and the numbers that must not be called.

create table leads (
    tenant_id      uuid not null,
    id             uuid not null,
    campaign_id    uuid not null,
    first_name     text not null default '',
    last_name      text not null default '',
    email          text,
    phone_original text not null,
    phone          text not null check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    country        text,
    time_zones     text[] not null default '{}',
    kind           text,
    notes          text,
    priority       smallint not null default 1 check (priority between 0 and 3),
    custom         jsonb not null default '{}',
    status         text not null default 'new',
    -- Calls opened for this lead; numbers the next one.
    calls_opened   smallint not null default 0,
    -- Calls that count against the campaign's maximum.
    attempts       smallint not null default 0,
    -- When the lead may be called next; null when it will not be called any more.
    due_at         timestamptz,
    -- Why it is not due earlier, in the words of the rules.
    waiting_for    text,
    disposition    text,
    created_at     timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, campaign_id, phone),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id)
) with (fillfactor = 80);

-- The order of dialing: most urgent first, then longest due.
create index leads_due on leads (tenant_id, campaign_id, priority desc, due_at) where due_at is not null;

create table dnc_list (
    tenant_id uuid not null references tenants (id),
    phone     text not null check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    reason    text,
    source    text not null default 'manual',
    added_at  timestamptz not null default now(),
    primary key (tenant_id, phone)
);
