-- Campaigns that show one of several numbers, and numbers that are shown so often a day and no more.

alter table campaigns
    -- What it may show besides `caller_id`, which is the first of its pool.
    add column more_caller_ids text[] not null default '{}' check (cardinality(more_caller_ids) < 100),
    -- Whether a lead sees a number of its own area, where the pool has one.
    add column local_presence boolean not null default false;

alter table caller_ids
    -- Calls a day; null for any number. Those that were here before go on without.
    add column daily_cap integer check (daily_cap between 1 and 100000),
    -- Whether the carrier lets the organisation's account show it; null while it has not been asked. Those that were
    -- here before go on until it is.
    add column listed boolean default true,
    -- Machine time: when it was asked last, and when it is asked next.
    add column checked_at timestamptz,
    add column check_at timestamptz not null default now();
alter table caller_ids alter column listed drop default;

-- Calls opened with each number, by the calendar day of the organisation: business time. By number and not by its row
-- in `caller_ids`, so that one that is removed and added again is not fresh.
create table caller_id_days (
    tenant_id uuid not null references tenants (id),
    phone     text not null,
    day       date not null,
    calls     integer not null check (calls > 0),
    primary key (tenant_id, phone, day)
) with (fillfactor = 80);

call wall_off('caller_id_days');
