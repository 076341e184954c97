//! Cells of files that people open in a spreadsheet.

/// Adds a row, with CRLF at its end as RFC 4180 has it.
pub(super) fn row<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        quoted(out, cell);
    }
    out.push_str("\r\n");
}

/// A cell, quoted where it has to be, and harmless: what a spreadsheet would take for a formula begins with
/// an apostrophe. A telephone number is none, and stays as it is.
fn quoted(out: &mut String, cell: &str) {
    let guard = if is_formula(cell) { "'" } else { "" };
    if cell.contains(['"', ',', '\r', '\n', '\t']) {
        out.push('"');
        out.push_str(guard);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(cell);
    }
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(cell)
}

fn is_number(cell: &str) -> bool {
    cell.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (cell, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("+1", "'+1"),
            ("+12125550100", "+12125550100"),
            ("+1212555010\u{660}", "'+1212555010\u{660}"),
            ("+1212555010012345", "'+1212555010012345"),
            ("+12125550100=", "'+12125550100="),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
        ] {
            let mut out = String::new();
            row(&mut out, [cell]);
            assert_eq!(out, format!("{expected}\r\n"));
        }
    }

    #[test]
    fn a_reader_gets_back_what_was_written() {
        let mut out = String::new();
        row(&mut out, ["a", "b \"c\", d", "", "e\r\nf"]);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.iter().collect::<Vec<_>>(), ["a", "b \"c\", d", "", "e\r\nf"]);
    }
}
