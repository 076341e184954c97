-- The second wall between organisations. Queries name their tenant; should one forget to, the database still
-- shows and takes the rows of one tenant only.
--
-- warmline_system looks over all tenants: committers, duties, look-ups at a login. warmline_app sees the one tenant
-- that its transaction names. Neither owns a table, and neither can log in: the program's login switches to them.

do $$
declare
    needed text;
    -- Up to 15 who is a member may switch; from 16 on that is a right of its own.
    switching text := case when current_setting('server_version_num')::integer >= 160000 then 'SET' else 'MEMBER' end;
begin
    foreach needed in array array['warmline_system', 'warmline_app'] loop
        -- Roles are of the server, not of the database: another installation, or an administrator, may have made
        -- them, and another migration may be making them right now.
        if not exists (select 1 from pg_roles where rolname = needed) then
            begin
                execute format('create role %I nologin nosuperuser nocreatedb nocreaterole nobypassrls', needed);
            exception
                when duplicate_object or unique_violation then null;
                when insufficient_privilege then
                    raise exception 'the role % is missing and % may not make it', needed, current_user
                        using hint = format('As an administrator: create role %I nologin; grant %I to %I;',
                                            needed, needed, current_user);
            end;
        end if;
        -- Not granted again to whom it was granted, nor to a superuser: migrations of several databases at once
        -- would get in each other's way.
        if not pg_has_role(current_user, needed, switching) then
            begin
                execute format('grant %I to %I', needed, current_user);
            exception
                when insufficient_privilege then
                    raise exception '% may not switch to the role %', current_user, needed
                        using hint = format('As an administrator: grant %I to %I;', needed, current_user);
            end;
        end if;
        if not has_schema_privilege(needed, current_schema(), 'usage') then
            execute format('grant usage on schema %I to %I', current_schema(), needed);
        end if;
    end loop;
end
$$;

-- Walls a table off: every table with rows of tenants has to be, and the program does not start when one is not.
-- A transaction that names no tenant gets an error rather than no rows.
create procedure wall_off(target regclass, tenant_column name default 'tenant_id')
language plpgsql
as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy one_tenant on %1$s to warmline_app
             using (%2$I = current_setting(''app.tenant_id'')::uuid)
             with check (%2$I = current_setting(''app.tenant_id'')::uuid)',
        target, tenant_column);
    execute format(
        'create policy all_tenants on %s to warmline_system using (true) with check (true)',
        target);
    execute format(
        'grant select, insert, update, delete on %s to warmline_app, warmline_system',
        target);
end
$$;
revoke execute on procedure wall_off(regclass, name) from public;

call wall_off('tenants', 'id');
call wall_off('users');
call wall_off('agent_groups');
call wall_off('agents');
call wall_off('agent_group_members');
call wall_off('campaigns');
call wall_off('leads');
call wall_off('dnc_list');
call wall_off('calls');
call wall_off('journal');
call wall_off('alarms');
call wall_off('outbox');
call wall_off('agent_reservations');
call wall_off('recordings');

-- Views read with the rights of whoever asks.
grant select on call_queue, agent_board to warmline_app, warmline_system;
