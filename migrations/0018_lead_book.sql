-- Leads as people look at them: page by page, changed by hand.

alter table leads
    -- Raised when somebody changes what is known of the lead, not by its calls.
    add column version integer not null default 1;

-- Pages of a campaign's leads, and of those of them that stand somewhere. While a lead is new it is in the
-- first alone, so that an import pays for one index.
create index leads_of_campaign on leads (tenant_id, campaign_id, id);
create index leads_by_status on leads (tenant_id, status, id) where status <> 'new';

-- Pages of the do-not-call list, the latest first.
create index dnc_list_by_time on dnc_list (tenant_id, added_at desc, phone_key);
