-- What lists and statistics of closed calls go by. Each index is of closed calls only, so that a call gets its one
-- entry when it closes, in an update that writes every index anyway: the many steps before that cost nothing more.
-- Open calls are few, and found by `calls_open_campaign`.
--
-- Dispositions are few: a list of all of them is merged from one range of the index for each, already in order.

-- All calls, or those with a disposition.
create index calls_closed on calls (tenant_id, disposition, opened_at) where not open;
-- Those of a campaign, or of it with a disposition. Merging the two indexes instead would read all of both.
create index calls_closed_campaign on calls (tenant_id, campaign_id, disposition, opened_at) where not open;
-- Those of an agent; most calls have none. The connecting of lead and agent becomes an update that writes indexes.
create index calls_closed_agent on calls (tenant_id, agent_id, opened_at) where not open and agent_id is not null;
