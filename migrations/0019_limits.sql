-- What an organisation may spend, and whom it may call, so that a stolen login runs up no bill.

alter table tenants
    -- ISO 3166 codes of the countries that are dialed; null for all.
    add column allowed_countries text[];

-- Only organisations with a cap have a row. Days and months are of machine time, in UTC: money is real.
create table budgets (
    tenant_id           uuid primary key references tenants (id),
    daily_cap_micros    bigint check (daily_cap_micros >= 0),
    monthly_cap_micros  bigint check (monthly_cap_micros >= 0),
    -- The day that the figures are of.
    day                 date not null,
    -- Spent in the month before that day, on the day, and set aside for calls in flight.
    month_before_micros bigint not null default 0,
    day_micros          bigint not null default 0,
    reserved_micros     bigint not null default 0,
    -- A cap is reached: nobody is dialed until a new day, a new month or a higher cap.
    capped              boolean not null default false
);
call wall_off('budgets');
