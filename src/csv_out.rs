//! CSV that goes out: cells in quotes where they need them, and none that a spreadsheet takes for a formula.

/// Appends a record to a CSV text.
pub fn push_record<'a>(text: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    let start = text.len();
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push_cell(text, cell);
    }
    // A lone cell that is empty would be a blank line.
    if text.len() == start {
        text.push_str("\"\"");
    }
    text.push_str("\r\n");
}

fn push_cell(text: &mut String, cell: &str) {
    let mark = if is_formula(cell) { "'" } else { "" };
    if cell.contains([',', '"', '\r', '\n', ';', '\t']) || cell.trim() != cell {
        text.push('"');
        text.push_str(mark);
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(mark);
        text.push_str(cell);
    }
}

/// Whether a spreadsheet would take a cell for a formula, once the mark of text before it is gone. A number in
/// E.164 form is none: it shows as it is, and would be no number any more behind a mark.
fn is_formula(cell: &str) -> bool {
    let is_e164 = cell.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    !is_e164 && cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell as it was before it went out: without the mark that it was given.
#[must_use]
pub fn unmarked(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_marked_and_numbers_are_not() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-2", "'-2"),
            ("@x", "'@x"),
            ("\tx", "\"'\tx\""),
            ("\r=x", "\"'\r=x\""),
            ("'=x", "''=x"),
            ("+14155550101", "+14155550101"),
            ("+1415555010x", "'+1415555010x"),
            ("O'Neil", "O'Neil"),
            ("'plain", "'plain"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("", "\"\""),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("+1212555010\u{660}", "'+1212555010\u{660}"),
            ("+1212555010012345", "'+1212555010012345"),
        ] {
            let mut text = String::new();
            push_record(&mut text, [cell]);
            assert_eq!(text, format!("{expected}\r\n"));
        }
    }

    proptest! {
        #[test]
        fn what_goes_out_comes_back(
            rows in proptest::collection::vec(proptest::collection::vec("['=+@a0,\"\r\n\t é-]{0,6}", 3), 1..8),
        ) {
            let mut text = String::new();
            for row in &rows {
                push_record(&mut text, row.iter().map(String::as_str));
            }
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let read: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.unwrap().iter().map(|cell| unmarked(cell).to_owned()).collect())
                .collect();
            prop_assert_eq!(read, rows);
        }
    }
}
