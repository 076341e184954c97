-- Recordings: what became of each after its call.

alter table recordings
    -- Its name in the store, once it is there.
    add column object text,
    add column bytes bigint,
    add column sha256 bytea,
    -- Machine time, as all that follow: when it was first heard of.
    add column noted_at timestamptz not null default now(),
    add column stored_at timestamptz,
    -- Whether the carrier still has it.
    add column at_carrier boolean not null default true,
    -- Why it is not in the store yet, or is still somewhere it should not be.
    add column last_error text,
    add constraint recordings_status
        check (status in ('at_carrier', 'stored', 'missing', 'to_erase', 'erased'));

create index recordings_to_erase on recordings (noted_at) where status = 'to_erase';
create index recordings_by_age on recordings (tenant_id, stored_at) where status = 'stored';

-- Days that an organisation keeps recordings; null for as long as their calls.
alter table tenants add column recording_days integer check (recording_days between 1 and 36500);
