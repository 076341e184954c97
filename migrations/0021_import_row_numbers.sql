-- Whose a kept row is: who is erased goes from there as well.

alter table import_rows
    -- The digest of its number; null when it has none that can be called.
    add column phone_key bytea check (length(phone_key) = 16);

create index import_rows_phone on import_rows (tenant_id, phone_key) where phone_key is not null;
