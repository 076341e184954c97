-- What every step writes anew, and what every import fills, made lighter.

-- Written eleven times a call and read by the program alone: checking each time that it is JSON cost more than storing
-- it. As JSON for people: snapshot::json.
alter table calls alter column snapshot type text using snapshot::text;
alter table calls alter column snapshot set storage external;

-- One index for both: the leads of an organisation with a number, and that there is one of them per campaign.
drop index leads_by_phone;
alter table leads drop constraint leads_tenant_id_campaign_id_phone_key_key;
alter table leads add constraint leads_one_per_number unique (tenant_id, phone_key, campaign_id);

-- What is common among organisations says nothing of a new one, whose first list would be taken for empty and looked
-- through from end to end for each number. Without statistics of its own an organisation counts as one of many.
alter table leads alter column tenant_id set statistics 0;
alter table dnc_list alter column tenant_id set statistics 0;
