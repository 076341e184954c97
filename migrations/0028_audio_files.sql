-- Audio files: what an organisation's calls may play instead of speaking a text.

create table audio_files (
    tenant_id   uuid not null references tenants (id),
    id          uuid not null,
    name        text not null check (length(name) between 1 and 200),
    -- `arriving` while it is uploaded, `to_erase` until the store has it no more. Its name in the store follows from
    -- its id.
    status      text not null default 'arriving' check (status in ('arriving', 'stored', 'to_erase')),
    -- By its bytes. All four are known once it is stored.
    format      text check (format in ('wav', 'mp3')),
    bytes       bigint check (bytes > 0),
    duration_ms bigint check (duration_ms > 0),
    sha256      bytea check (length(sha256) = 32),
    -- Who brought it, as in the audit log.
    created_by  text not null,
    -- Machine time.
    created_at  timestamptz not null default now(),
    primary key (tenant_id, id),
    check (status <> 'stored' or num_nulls(format, bytes, duration_ms, sha256) = 0)
);

create index audio_files_unfinished on audio_files (created_at) where status <> 'stored';

call wall_off('audio_files');
