//! Rejected rows as a CSV file, to be mended and imported again.
//!
//! Before the columns of the file stand three of ours: where the row was, and what is wrong with it. An
//! import passes them over, and takes the marks of text off again that a spreadsheet needs.

use futures::Stream;
use futures::stream::try_unfold;
use warmline_engine::imports::Import;
use warmline_engine::{Engine, Error as EngineError};
use warmline_workflows::TenantId;
use warmline_workflows::import::Outcome;

use super::told::ToldRow;
use super::upload::Found;
use crate::csv_out::push_record;

/// The columns before those of the file.
pub(super) const COLUMNS: [&str; 3] = ["rejected_line", "rejected_column", "rejected_because"];
/// Rows that are read at once.
const ROWS_AT_ONCE: i64 = 1_000;

/// The rejected rows of an import, piece by piece: those that are no lead of their own.
pub fn stream(
    engine: Engine,
    tenant: TenantId,
    import: &Import,
) -> impl Stream<Item = Result<String, EngineError>> + use<> {
    let found = import.found.clone().and_then(|found| serde_json::from_value::<Found>(found).ok());
    let columns = found.map(|found| found.columns).unwrap_or_default();
    let mut head = String::from('\u{feff}');
    let names = columns.iter().map(|column| column.name.as_str());
    push_record(&mut head, COLUMNS.into_iter().chain(names));
    let (of, width) = ((tenant, import.id), columns.len());
    try_unfold((Some(head), Some(0)), move |(head, after)| {
        let engine = engine.clone();
        async move {
            let Some(after) = after else { return Ok(None) };
            if let Some(head) = head {
                return Ok(Some((head, (None, Some(after)))));
            }
            let outcomes = [Outcome::Invalid, Outcome::Duplicate];
            let rows = engine.import_rows(of, &outcomes, after, ROWS_AT_ONCE).await?;
            let next = rows.last().map(|row| row.line);
            let mut text = String::new();
            for row in &rows {
                let row = ToldRow::read(row).map_err(|error| EngineError::Unreadable {
                    what: "row of an import",
                    why: error.to_string(),
                })?;
                push_row(&mut text, &row, width);
            }
            Ok(next.map(|next| (text, (None, Some(next)))))
        }
    })
}

fn push_row(text: &mut String, row: &ToldRow, width: usize) {
    let line = row.line.to_string();
    let remark = row.told.remark.as_ref();
    let column = remark.and_then(|remark| remark.column.as_deref()).unwrap_or_default();
    let because = remark.map(|remark| match &remark.hint {
        Some(hint) => format!("{} ({hint})", remark.reason),
        None => remark.reason.clone(),
    });
    let because = because.unwrap_or_default();
    let blanks = width.saturating_sub(row.told.cells.len());
    let cells = row.told.cells.iter().map(String::as_str).chain(std::iter::repeat_n("", blanks));
    push_record(text, [line.as_str(), column, &because].into_iter().chain(cells));
}
