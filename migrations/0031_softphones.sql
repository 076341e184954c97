-- Softphones: agents who take calls in their browsers, and what their organisation's carrier account lets them in with;
-- carrier accounts that are elsewhere than the installation's.

alter table agents
    -- Where the agent takes calls: `phone`, or `browser` where the account that a call is on has softphones.
    add column reach text not null default 'phone' check (reach in ('phone', 'browser'));

alter table carrier_accounts
    -- The id of an API key, whose secret is among the credentials: null for none.
    add column api_key_sid text check (length(api_key_sid) between 1 and 64),
    -- The application at the carrier that decides what becomes of calls that softphones make: null for none.
    add column application_sid text check (length(application_sid) between 1 and 64),
    -- Where the account is, everything before `/Accounts`, and how that API is spoken to: both null for the carrier of the
    -- installation's account.
    add column api_base text check (length(api_base) between 1 and 256),
    add column dialect text check (length(dialect) between 1 and 64),
    add constraint carrier_accounts_elsewhere check ((api_base is null) = (dialect is null));
