//! Private Postgres and Redis, found or fetched, started and stopped.
