//! Why a file as a whole cannot be imported.

/// Why an import did not begin, or did not come to its end. What is wrong with single rows stands in
/// the report instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing in it.
    #[error("the file is empty: expected a header line and one line for each lead")]
    Empty,
    /// There is a header, and nothing below it.
    #[error("the file has a header line and no rows: nothing to import")]
    NoRows,
    /// A workbook, by its first bytes.
    #[error("the file is a spreadsheet or an archive, not CSV: export it as `CSV UTF-8` and import that")]
    Spreadsheet,
    /// Not text in an encoding that can be told.
    #[error("the file is not text, or is UTF-16 without its mark: save it as `CSV UTF-8` and import that")]
    NotText,
    /// The first line does not end in time.
    #[error("the header line is longer than {} KiB: is this a CSV file with one line for each lead?", .0 / 1024)]
    HeaderTooLong(usize),
    /// A quote in the first line is not closed.
    #[error("a quote in the header line is not closed: the column names cannot be told apart")]
    HeaderQuote,
    /// More columns than anybody has.
    #[error("the header line names {found} columns: at most {max} are allowed")]
    TooManyColumns {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// The name of a column is a text.
    #[error("the name of column {column} is longer than {max} characters")]
    ColumnNameTooLong {
        /// Which, from 1.
        column: usize,
        /// How long it may be.
        max: usize,
    },
    /// Nothing to dial.
    #[error("no column holds the phone number: found {columns}; {hint}")]
    NoPhoneColumn {
        /// The columns there are.
        columns: String,
        /// What to do.
        hint: &'static str,
    },
    /// The mapping does not fit.
    #[error("the column mapping is wrong: {0}")]
    Mapping(String),
    /// The country for numbers without a prefix is none.
    #[error("`{0}` is not a country code: expected two letters of ISO 3166 such as `US` or `GB`")]
    DefaultCountry(String),
    /// Quotes are open in so many rows that they cannot be meant as quotes.
    #[error(
        "line {line}: quotes are not closed in {count} rows so far: quotes within a cell must be doubled; \
         {STORED_SO_FAR}"
    )]
    OpenQuotes {
        /// Where the reader gave up.
        line: u64,
        /// How many rows.
        count: u32,
    },
    /// The file cannot be read to its end.
    #[error("the file cannot be read: {0}; {STORED_SO_FAR}")]
    Read(#[from] std::io::Error),
    /// More rows than anybody may import at once.
    #[error("line {line}: the file has more than {max} rows: divide it; {STORED_SO_FAR}")]
    TooManyRows {
        /// Where the reader gave up.
        line: u64,
        /// How many there may be.
        max: u64,
    },
    /// More bytes than anybody may upload.
    #[error("the file is larger than {} MiB: divide it", .0 >> 20)]
    TooLarge(u64),
}

impl Error {
    /// The word that programs go by; it never changes its meaning.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty | Self::NoRows => "empty_file",
            Self::Spreadsheet | Self::NotText => "not_csv",
            Self::HeaderTooLong(_) | Self::HeaderQuote | Self::ColumnNameTooLong { .. } => {
                "unreadable_header"
            }
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::NoPhoneColumn { .. } => "no_phone_column",
            Self::Mapping(_) => "invalid_mapping",
            Self::DefaultCountry(_) => "invalid_country",
            Self::OpenQuotes { .. } => "open_quotes",
            Self::Read(_) => "unreadable_file",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooLarge(_) => "file_too_large",
        }
    }

    /// What of an upload is wrong.
    #[must_use]
    pub const fn part(&self) -> &'static str {
        match self {
            Self::Mapping(_) => "mapping",
            Self::DefaultCountry(_) => "default_country",
            _ => "file",
        }
    }
}

/// Importing twice does no harm, so there is nothing to roll back.
const STORED_SO_FAR: &str =
    "leads read before that are stored: import the file again, they will count as duplicates";
