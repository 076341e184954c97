//! Brings a database up to this version's tables: `cargo run -p warmline-engine --example migrate -- URL`.
//!
//! Queries are checked against such a database when the engine is compiled.

use std::process::ExitCode;

use warmline_engine::Database;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: cargo run -p warmline-engine --example migrate -- postgres://USER@HOST/DATABASE");
        return ExitCode::from(2);
    };
    match migrate(&url).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the database was not migrated: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn migrate(url: &str) -> Result<(), warmline_engine::Error> {
    let database = Database::connect(url, 1).await?;
    database.migrate().await?;
    database.close().await;
    Ok(())
}
