-- What is due, in the order in which it will be dialed.
create view call_queue with (security_invoker = true) as
select l.tenant_id, l.campaign_id, l.id as lead_id, l.phone, l.priority, l.due_at, l.attempts, l.waiting_for
from leads l
join campaigns c on c.tenant_id = l.tenant_id and c.id = l.campaign_id
where l.due_at is not null and c.status = 'active'
order by l.tenant_id, l.priority desc, l.due_at;

-- What each agent is doing: the most advanced of the agent's reservations, else the presence.
create view agent_board with (security_invoker = true) as
select a.tenant_id, a.id as agent_id, a.name, a.presence, a.idle_since, r.call_id,
       coalesce(r.stage, a.presence) as state, coalesce(r.stage_since, a.idle_since) as since
from agents a
left join lateral (
    select stage, stage_since, call_id
    from agent_reservations r
    where r.tenant_id = a.tenant_id and r.agent_id = a.id
    order by array_position(array['on_call', 'whisper', 'ringing', 'reserved', 'wrap_up'], stage)
    limit 1
) r on true;
