-- Agents and teams as people manage them: changed by one at a time, and agents who took calls are kept.

alter table agent_groups
    add column version integer not null default 1;

alter table agents
    -- Raised by every change of the profile; not by presence or calls, so that an edit does not race with them.
    add column version integer not null default 1,
    -- Removed by somebody, and kept since calls name it. Machine time.
    add column archived_at timestamptz;

-- A login has one agent's profile at most.
create unique index agents_by_user on agents (tenant_id, user_id) where user_id is not null and archived_at is null;
