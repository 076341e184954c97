//! The shell of Warmline: configuration, command line, webhooks, REST API, import, and the composition of all parts.
//!
//! Start with [`app`], which puts a process together; `main.rs` only reads the command line.

pub mod admin;
pub mod api;
pub mod app;
pub mod check;
pub mod cli;
pub mod config;
pub mod console;
pub mod cost;
pub mod csv_out;
pub mod dev;
mod hex;
pub mod http;
pub mod import;
pub mod leads_file;
pub mod media;
pub mod metrics;
pub mod operations;
pub mod problem;
pub mod rehearse;
pub mod roles;
pub mod simulate;
pub mod telemetry;
pub mod webhooks;
