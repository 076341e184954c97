-- Files of leads that are read in, and what became of their rows.

create table imports (
    tenant_id        uuid not null references tenants (id),
    id               uuid not null,
    -- Whose request with which key it was that began the upload, digested: sent again, it begins no other.
    request_key      bytea,
    -- Null only while the file is uploaded.
    campaign_id      uuid,
    status           text not null default 'uploading'
                     check (status in ('uploading', 'queued', 'running', 'finished', 'failed', 'cancelled',
                                       'undoing', 'undone')),
    file_name        text not null default '' check (length(file_name) <= 255),
    -- How it is read: the document that the importer knows.
    options          jsonb not null default '{}',
    -- Of the file as it was uploaded.
    bytes            bigint not null default 0,
    chunks           integer not null default 0,
    -- What was found in the file: its encoding, its delimiter, its columns.
    found            jsonb,
    -- How far it is, and what the reader has to know to go on from there: moved on in the commit that stores the
    -- leads before it.
    position         jsonb,
    -- What became of the rows up to there. `duplicates` were known already, `do_not_call` are stored and not called.
    rows             bigint not null default 0,
    valid            bigint not null default 0,
    invalid          bigint not null default 0,
    duplicates       bigint not null default 0,
    do_not_call      bigint not null default 0,
    -- Bytes of its text that were read.
    bytes_read       bigint not null default 0,
    -- For an import that is being undone: leads that are gone, and leads that stay because they were called.
    leads_deleted    bigint not null default 0,
    -- Why it failed, for people.
    error            text,
    -- Machine time: when a worker is to be told of it next; null when there is nothing to do.
    due_at           timestamptz,
    -- Machine time: until then it is its worker's. A later worker has a higher fence, and the earlier one's
    -- batches are not stored any more.
    lease_until      timestamptz,
    fence            integer not null default 0,
    -- How often it was taken up since a batch was last stored.
    crash_count      smallint not null default 0,
    created_at       timestamptz not null default now(),
    started_at       timestamptz,
    finished_at      timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, request_key),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade,
    check (valid + invalid + duplicates + do_not_call = rows),
    check (campaign_id is not null or status in ('uploading', 'failed', 'cancelled'))
) with (fillfactor = 50);

create index imports_due on imports (due_at) where due_at is not null;
create index imports_by_campaign on imports (tenant_id, campaign_id);

-- The file, in pieces, so that any worker can read it. Gone once the import is over.
create table import_chunks (
    tenant_id uuid not null,
    import_id uuid not null,
    -- From 0, without gaps.
    place     integer not null,
    -- Sealed: it is personal data.
    bytes     bytea not null,
    primary key (tenant_id, import_id, place),
    foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);
-- Compressing them would cost more than it saves: they are read once.
alter table import_chunks alter column bytes set storage external;

-- Rows that somebody should see: all that were not stored, all with a remark, and the first ones.
create table import_rows (
    tenant_id uuid not null,
    import_id uuid not null,
    -- The line of the file that the row begins in, from 1.
    line      bigint not null,
    outcome   text not null check (outcome in ('valid', 'invalid', 'duplicate', 'do_not_call')),
    -- What it says, and why it has this outcome: personal data, sealed.
    body      bytea not null,
    primary key (tenant_id, import_id, line),
    foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);

-- The numbers that a dry run has come upon: it stores no lead, but has to know a number again.
create table import_numbers (
    tenant_id uuid not null,
    import_id uuid not null,
    phone_key bytea not null,
    line      bigint not null,
    primary key (tenant_id, import_id, phone_key),
    foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);

-- Column mappings under a name.
create table import_templates (
    tenant_id  uuid not null references tenants (id),
    id         uuid not null,
    name       text not null check (length(name) between 1 and 200),
    -- {"CSV column": "field"}.
    mapping    jsonb not null,
    version    integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, name)
);

call wall_off('imports');
call wall_off('import_chunks');
call wall_off('import_rows');
call wall_off('import_numbers');
call wall_off('import_templates');

-- Which import a lead is from, and from which line. No foreign key: an import may be forgotten before its leads.
alter table leads add column import_id uuid, add column import_line integer;
create index leads_by_import on leads (tenant_id, import_id) where import_id is not null;
