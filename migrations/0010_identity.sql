-- Who may do what: logins, the keys of programs, invitations, and what was done by whom. Times are
-- machine time: a rehearsal's clock must not keep a login alive.

alter table users
    add column enabled boolean not null default true,
    add column version integer not null default 1,
    add column password_changed_at timestamptz,
    add column last_login_at timestamptz;

-- Logins look an address up in every organisation.
create index users_by_email on users (email);

-- One login of one person. A session lives as long as it is refreshed in time.
create table sessions (
    tenant_id    uuid not null,
    id           uuid not null,
    user_id      uuid not null,
    -- SHA-256 of the one refresh token that is valid, and of the one before it. The older one, shown
    -- again, was stolen or replayed: the session ends.
    token        bytea not null,
    token_before bytea,
    created_at   timestamptz not null default now(),
    refreshed_at timestamptz not null default now(),
    expires_at   timestamptz not null,
    revoked_at   timestamptz,
    client       text not null default '',
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);

create index sessions_by_user on sessions (tenant_id, user_id);
create index sessions_expired on sessions (expires_at);

create table api_keys (
    tenant_id    uuid not null references tenants (id),
    id           uuid not null,
    name         text not null check (length(name) between 1 and 200),
    -- SHA-256 of the secret; the secret itself is shown once.
    secret       bytea not null,
    scopes       text[] not null,
    created_by   uuid,
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    primary key (tenant_id, id)
);

create table invitations (
    tenant_id   uuid not null references tenants (id),
    id          uuid not null,
    email       text not null check (email = lower(email)),
    name        text not null default '',
    role        text not null check (role in ('admin', 'tenant_admin', 'manager', 'agent')),
    secret      bytea not null,
    invited_by  uuid,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null,
    accepted_at timestamptz,
    revoked_at  timestamptz,
    primary key (tenant_id, id)
);

-- Failed logins by address and by origin, so that guessing slows down. No tenant: nobody knows yet whose
-- login it is. The key is a digest.
create table login_failures (
    subject       bytea primary key,
    failures      integer not null,
    blocked_until timestamptz not null,
    failed_at     timestamptz not null
);

-- What a POST with an Idempotency-Key came to, so that it can be sent again.
create table idempotent_requests (
    tenant_id    uuid not null references tenants (id),
    -- Who asked: a person's or a key's id.
    actor        uuid not null,
    key          text not null check (length(key) between 1 and 255),
    -- SHA-256 of method, path, query and body.
    request      bytea not null,
    -- Null while it is being answered.
    status       smallint,
    headers      jsonb,
    body         bytea,
    created_at   timestamptz not null default now(),
    -- Moved on when a request that was never answered is taken up again.
    started_at   timestamptz not null default now(),
    primary key (tenant_id, actor, key)
);

create index idempotent_requests_old on idempotent_requests (created_at);

-- What people and programs changed. Rows are only ever added.
create table audit_log (
    tenant_id uuid not null references tenants (id),
    id        uuid not null,
    at        timestamptz not null default now(),
    actor     text not null,
    action    text not null,
    subject   text not null,
    detail    jsonb not null default '{}',
    primary key (tenant_id, id)
);

call wall_off('sessions');
call wall_off('api_keys');
call wall_off('invitations');
call wall_off('idempotent_requests');
call wall_off('audit_log');
revoke update, delete on audit_log from warmline_app, warmline_system;
grant select, insert, update, delete on login_failures to warmline_system;
