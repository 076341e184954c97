-- Carrier accounts of organisations' own. Without a present one, an organisation calls on the installation's.

create table carrier_accounts (
    tenant_id        uuid not null references tenants (id),
    id               uuid not null,
    account_sid      text not null check (length(account_sid) between 1 and 64),
    -- The auth token and the one before it, as the program's `Credentials` are stored.
    credentials      bytea not null,
    -- Legs placed per second of carrier time, over all processes.
    calls_per_second real not null check (calls_per_second between 0.01 and 1000),
    -- Whether new calls are placed on it. One that no longer is stays for the calls that are still on it.
    is_current       boolean not null,
    version          integer not null,
    created_at       timestamptz not null default now(),
    changed_at       timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, account_sid)
);

create unique index carrier_accounts_current on carrier_accounts (tenant_id) where is_current;

call wall_off('carrier_accounts');
