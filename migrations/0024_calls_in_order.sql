-- Lists of calls end with the id where several were opened at one moment: an index that ends with it, too, gives its
-- rows in the order of the list. Else Postgres, which cannot know how few rows a page has, would rather sort them all.
drop index calls_closed;
create index calls_closed on calls (tenant_id, disposition, opened_at, id) where not open;
drop index calls_closed_campaign;
create index calls_closed_campaign on calls (tenant_id, campaign_id, disposition, opened_at, id) where not open;
drop index calls_closed_agent;
create index calls_closed_agent on calls (tenant_id, agent_id, opened_at, id) where not open and agent_id is not null;

-- Statistics of all campaigns are asked for most: they get rows of their own, with the zero UUID for the campaign. What
-- was counted before has none, and is counted anew the next time.
delete from call_rollups;
delete from call_rollup_state;
alter table call_rollups drop constraint call_rollups_pkey;
alter table call_rollups add primary key (tenant_id, by_agent, span_min, campaign_id, starts_at, agent_id, disposition);
