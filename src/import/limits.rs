//! What a file may be at most.

/// The most that is taken of a file, and at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it is uploaded.
    pub file_bytes: u64,
    /// Rows below its header.
    pub rows: u64,
    /// Columns.
    pub columns: usize,
    /// Bytes of a row, its quotes included; of the header, too. No more than a chunk of the file.
    pub row_bytes: usize,
    /// Rows that are stored at once.
    pub batch_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 1 << 30, rows: 5_000_000, columns: 200, row_bytes: 64 * 1024, batch_rows: 5_000 }
    }
}
