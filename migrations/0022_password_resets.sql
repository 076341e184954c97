-- A password that was forgotten is chosen anew by whoever shows this secret.

alter table users
    -- SHA-256 of it; null when nobody asked, or it was used.
    add column reset_secret bytea,
    add column reset_expires_at timestamptz;
