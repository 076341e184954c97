//! The durable step on Postgres; the only SQL.
