//! Import: a CSV file becomes the leads of a campaign, and every row that did not says why.
//!
//! A file is [uploaded](upload) in chunks and then [performed](run) by a worker, whichever has time. Reading,
//! in [`rows`], is apart from storing and needs no database. Row by row the number decides: what is not a
//! number that can be called is rejected with the reason; a number that the file or the campaign has already
//! is a duplicate; one on the do-not-call list, or marked so in its row, is stored and not called.

mod cells;
mod delimiter;
mod error;
mod header;
mod limits;
mod pieces;
mod records;
pub mod rejects;
pub mod rows;
pub mod run;
mod text;
mod told;
pub mod upload;

pub use error::Error;
pub use warmline_engine::imports::Options;

pub use header::{Field, Mapping, Usage};
pub use limits::Limits;
pub use pieces::notes;
pub use run::Importer;
pub use text::Encoding;
pub use told::{Remark, Told, ToldRow};
pub use upload::Upload;

#[cfg(test)]
mod tests;
