-- Organisations and the people who can log in. Every later table leads its keys with tenant_id, so
-- that rows can be walled off by row-level security and distributed by tenant.

create table tenants (
    id                   uuid primary key,
    name                 text not null check (length(name) between 1 and 200),
    enabled              boolean not null default true,
    max_concurrent_calls integer not null default 10 check (max_concurrent_calls between 0 and 100000),
    created_at           timestamptz not null default now()
);

create table users (
    tenant_id     uuid not null references tenants (id),
    id            uuid not null,
    email         text not null check (email = lower(email)),
    name          text not null default '',
    role          text not null check (role in ('admin', 'tenant_admin', 'manager', 'agent')),
    password_hash text,
    created_at    timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, email)
);
