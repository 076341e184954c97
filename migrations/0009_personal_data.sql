-- What is known of a person is sealed: one value per lead, under a key of the tenant that is itself stored sealed.
-- Numbers are matched by a keyed digest and never by their text (docs/decisions/0013).

do $$
begin
    if exists (select 1 from leads) or exists (select 1 from calls) or exists (select 1 from dnc_list) then
        raise exception 'leads, calls or a do-not-call list are stored unsealed, and SQL cannot seal them'
            using hint = 'Begin with an empty database, and import the lists again.';
    end if;
end
$$;

create table tenant_keys (
    tenant_id    uuid not null references tenants (id),
    key_id       smallint not null check (key_id > 0),
    -- The key, sealed under the installation's master key, which is not in the database.
    wrapped      bytea not null,
    created_at   timestamptz not null default now(),
    -- Machine time: values are sealed with it from then on, when every process has come to know it.
    sealing_from timestamptz not null,
    -- Set once no value is sealed with it any more.
    retired_at   timestamptz,
    primary key (tenant_id, key_id)
);
call wall_off('tenant_keys');

-- What the index key makes of a known word: tells a wrong index key before a number is matched with it.
alter table tenants add column index_check bytea;

drop view call_queue;

alter table leads
    drop column first_name,
    drop column last_name,
    drop column email,
    drop column phone_original,
    drop column phone,
    drop column notes,
    drop column custom,
    -- Names, number, address, notes and custom fields, sealed; null once erased.
    add column person bytea,
    -- The keyed digest of the number.
    add column phone_key bytea not null check (length(phone_key) = 16),
    add column erased_at timestamptz,
    add unique (tenant_id, campaign_id, phone_key);
create index leads_by_phone on leads (tenant_id, phone_key);

-- For search by name and address: a keyed digest of each word. Not a foreign key, since that would cost more than
-- the row; whoever removes a lead removes its words.
create table lead_words (
    tenant_id uuid not null,
    word      bigint not null,
    lead_id   uuid not null,
    primary key (tenant_id, word, lead_id)
);
call wall_off('lead_words');

alter table dnc_list
    drop column phone,
    add column phone_key bytea not null check (length(phone_key) = 16),
    -- The number, sealed; null when the person was erased and only the digest is kept.
    add column phone bytea,
    add primary key (tenant_id, phone_key);

alter table calls
    drop column phone,
    add column phone_key bytea not null check (length(phone_key) = 16),
    -- The lead's name and number, sealed, for as long as they are kept: the plan is without them.
    add column person bytea;
create unique index calls_open_phone on calls (tenant_id, phone_key) where open;

create view call_queue with (security_invoker = true) as
select l.tenant_id, l.campaign_id, l.id as lead_id, l.priority, l.due_at, l.attempts, l.waiting_for
from leads l
join campaigns c on c.tenant_id = l.tenant_id and c.id = l.campaign_id
where l.due_at is not null and c.status = 'active'
order by l.tenant_id, l.priority desc, l.due_at;
grant select on call_queue to warmline_app, warmline_system;
