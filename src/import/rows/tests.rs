//! Tests of reading files, down to bytes that are no file at all.

use proptest::prelude::*;

use super::*;

const LIMITS: Limits =
    Limits { file_bytes: 1 << 20, rows: 1_000, columns: 200, row_bytes: 64 * 1024, batch_rows: 10 };
const TERMS: Terms<'_> = Terms { default_country: "US", mapping: None, limits: &LIMITS };

/// Every row in short, then the notes; or what is wrong with the file.
fn read(bytes: &[u8]) -> Result<Vec<String>, String> {
    let mut rows = Rows::open(bytes, TERMS).map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    while let Some(Row { line, reading }) = rows.next().map_err(|error| error.to_string())? {
        all.push(match reading {
            Reading::Lead(candidate, remark) => {
                let lead = candidate.lead;
                let name = whole_name(&lead.first_name, &lead.last_name);
                let remark = remark.map(|remark| format!("; {remark}")).unwrap_or_default();
                format!("{line} {name} {}{remark}", lead.phone)
            }
            Reading::Rejected { name, remark } => format!("{line} {name} - {remark}"),
        });
    }
    all.extend(rows.position().notes());
    Ok(all)
}

fn only_lead(text: &str) -> NewLead {
    let mut rows = Rows::open(text.as_bytes(), TERMS).unwrap();
    match rows.next().unwrap().unwrap().reading {
        Reading::Lead(candidate, _) => candidate.lead,
        Reading::Rejected { remark, .. } => panic!("{text}: {remark}"),
    }
}

#[test]
fn a_lead_is_everything_its_row_says() {
    let lead = only_lead(
        "First Name,last_name,Mobile,country,type,priority,dnc,notes,email,Shoe Size,Empty\n\
         \" Zoë \n Ann\",O'Neil, 020 7946 0123 ,gb,broker,HIGH,no,\"=1+1\n@x\",zoe@example.com,+7,\n",
    );
    assert_eq!((lead.first_name.as_str(), lead.last_name.as_str()), ("Zoë Ann", "O'Neil"));
    assert_eq!((lead.phone_original.as_str(), lead.phone.as_str()), ("020 7946 0123", "+442079460123"));
    assert_eq!((lead.country.as_deref(), lead.time_zones.join(" ").as_str()), (Some("GB"), "Europe/London"));
    assert_eq!((lead.kind.as_deref(), lead.priority.rank(), lead.do_not_call), (Some("broker"), 2, false));
    // What looks like a formula is data like any other.
    assert_eq!((lead.notes.as_deref(), lead.email.as_deref()), (Some("=1+1\n@x"), Some("zoe@example.com")));
    assert_eq!(serde_json::to_string(&lead.custom).unwrap(), r#"{"Shoe Size":"+7"}"#);
}

#[test]
fn zones_are_those_of_the_number_and_of_the_row() {
    let zones = |text: &str| only_lead(text).time_zones.join(" ");
    assert_eq!(zones("phone\n+12083205550"), "America/Boise America/Los_Angeles");
    assert_eq!(zones("phone,time_zone\n+12083205550,America/Boise"), "America/Boise");
    assert_eq!(zones("phone,tz\n+12125550123,Europe/London"), "America/New_York Europe/London");
    assert_eq!(only_lead("phone,tz\n+881612345678,UTC").country, None);
}

#[test]
fn what_is_wrong_with_a_row_is_said_with_line_column_and_hint() {
    let text = "Name,Phone,country,priority,dnc,email,tz\n\
                A,415 555 0101\n\
                B,,US\n\
                C,5550102\n\
                D,+14155550103,Pakistan\n\
                E,+14155550104,,asap\n\
                F,+14155550105,,,maybe\n\
                G,+14155550106,,,,nobody\n\
                H,+14155550107,,,,,PST\n\
                I,+14155550108,,,,,,surplus\n\
                J,+14155550109,,,,,,, ,\n\
                ,,,,\n\
                K,+18005550110\n\
                L,+881612345678\n\
                M,\"+14155550111\n";
    let expected = [
        "2 A +14155550101",
        "3 B - Phone: the phone number is missing",
        "4 C - Phone: `5550102` is too short for a phone number of US (write it with a plus and its country \
         calling code)",
        "5 D - country: `Pakistan` is not a country code: expected two letters of ISO 3166 such as `US` or `GB`",
        "6 E - priority: `asap` is not a priority: expected one of low, normal, high, urgent",
        "7 F - dnc: `maybe` is neither yes nor no (write true or false; a row in doubt is not imported, lest \
         somebody be called)",
        "8 G - email: `nobody` is not an address for mail: expected one such as ali@example.com",
        "9 H - tz: `PST` is not a time zone: expected a name such as America/New_York",
        "10 I - the row has 8 cells, the header 7 (a cell that holds the delimiter, or a quote, must stand in \
         quotes)",
        "11 J +14155550109",
        "13 K +18005550110; Phone: `+18005550110` is not an ordinary line: toll free (calls to it may cost more, \
         or reach nobody)",
        "14 L +881612345678; Phone: where `+881612345678` rings is not known, nor what time it is there (it will \
         not be called; a column time_zone settles it)",
        "15  - a quote in this line is not closed within 64 KiB (close it, or double it if it is part of the text)",
        "left out, all cells empty: 1 row",
    ];
    assert_eq!(read(text.as_bytes()).unwrap(), expected);
}

#[test]
fn encodings_and_delimiters_are_told_apart() {
    let text = "name;phone\nZoë;415 555 0101\n";
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let row = "2 Zoë +14155550101".to_owned();
    for bytes in [text.as_bytes().to_vec(), [b"\xef\xbb\xbf", text.as_bytes()].concat(), utf16] {
        assert_eq!(read(&bytes).unwrap(), std::slice::from_ref(&row));
    }
    let mixed =
        b"sep=\t\r\nname\tphone\r\nJos\xe9\t4155550101\r\nJos\xc3\xa9\t4155550102\r\nM\xfc\t4155550103\r\n";
    let expected = [
        "3 José +14155550101",
        "4 José +14155550102",
        "5 Mü +14155550103",
        "not UTF-8, and read as windows-1252: 2 rows, the first in line 3; check the accents",
    ];
    assert_eq!(read(mixed).unwrap(), expected);
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let wide = vec!["phone"; 201].join(",");
    let long = format!("phone,{}\n1,2\n", "x".repeat(1 << 20));
    for (bytes, expected) in [
        (&b""[..], "the file is empty"),
        (b"\r\n\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"PK\x03\x04rest", "the file is a spreadsheet"),
        (b"p\0h\0o\0n\0e\0\n\0", "the file is not text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "no column holds the phone number: found `\u{2030}PNG`"),
        (
            b"name,mail\nx,y",
            "no column holds the phone number: found `name`, `mail`; call the column `phone`",
        ),
        (
            b"Ali,+14155550101\n",
            "no column holds the phone number: found `Ali`, `+14155550101`; the first line",
        ),
        (b"phone,\"name\n+14155550101,x\n", "a quote in the header line is not closed"),
        (wide.as_bytes(), "the header line names 201 columns: at most 200 are allowed"),
        (long.as_bytes(), "the header line is longer than 64 KiB"),
    ] {
        let error = read(bytes).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
    let terms = Terms { default_country: "USA", ..TERMS };
    let error = Rows::open(&b"phone\n"[..], terms).err().unwrap().to_string();
    assert!(error.starts_with("`USA` is not a country code"), "{error}");
}

#[test]
fn bad_rows_between_good_ones_cost_nothing_else() {
    let long = "x".repeat(70_000);
    let wide = ",".repeat(5_000);
    let text = format!(
        "phone,name\n4155550101,a\n4155550102,{long}\n4155550103,c\n{wide}\n4155550104,\"d\ne\"\n4155550105,\0\n\
         4155550106,f"
    );
    let expected = [
        "2 a +14155550101",
        "3  - the row is longer than 64 KiB (shorten it, or look for a missing line break)",
        "4 c +14155550103",
        "5  - the row has 5001 cells, the header 2 (a cell that holds the delimiter, or a quote, must stand in quotes)",
        "6 d e +14155550104",
        "8   - the row holds a NUL character (the file may not be text)",
        "9 f +14155550106",
    ];
    assert_eq!(read(text.as_bytes()).unwrap(), expected);
}

#[test]
fn nothing_in_a_file_reaches_a_terminal_as_a_command() {
    let esc = '\u{1b}';
    for text in [
        format!("na{esc}me,pri{esc}ority\nx,y"),
        format!("first_name,phone,p{esc}riority\nA{esc}nn,+141{esc}55550101,{esc}\nBob,4155550101,{esc}[2J"),
    ] {
        let said = read(text.as_bytes()).map_or_else(|error| error, |rows| rows.join("\n"));
        assert!(!said.contains(esc) && said.contains("ority"), "{said:?}");
    }
}

/// Pieces that files are made of, and some that they should not be made of.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = proptest::sample::select(vec![
        &b"phone"[..],
        b"first_name",
        b"priority",
        b"+14155550101",
        b"+442079460123",
        b"high",
        b"true",
        b"Zo\xc3\xab",
        b"M\xfcller",
        b"\"",
        b"\"\"",
        b",",
        b";",
        b"\t",
        b"\r",
        b"\n",
        b"\r\n",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\0",
        b"x",
    ]);
    proptest::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

/// Reads to the end; every line is accounted for at most once, in order.
fn check_any(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(mut rows) = Rows::open(bytes, TERMS) else { return Ok(()) };
    let lines = 2 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    let mut last = 0;
    while let Some(row) = rows.next().map_err(|error| TestCaseError::fail(error.to_string()))? {
        prop_assert!(row.line > last && row.line <= lines, "line {} after {last} of {lines}", row.line);
        last = row.line;
        if let Reading::Lead(candidate, _) = row.reading {
            let lead = candidate.lead;
            prop_assert!(lead.phone.starts_with('+') && (8..=16).contains(&lead.phone.len()));
            let stored = format!("{lead:?}");
            prop_assert!(!stored.contains("\\0"), "{stored}");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        check_any(&bytes)?;
    }

    #[test]
    fn any_pieces_of_files_are_read_without_a_panic(bytes in pieces()) {
        check_any(&[b"phone,first_name\n", bytes.as_slice()].concat())?;
        check_any(&bytes)?;
    }

    /// What a program writes as CSV is read as it was meant.
    #[test]
    fn what_was_written_is_read(
        cells in proptest::collection::vec(("[ -~é\r\n]{0,12}", "[ -~é\r\n]{0,12}"), 1..20),
        crlf in any::<bool>(),
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
        writer.write_record(["phone", "a", "b"]).unwrap();
        for (a, b) in &cells {
            writer.write_record(["+14155550101", a, b]).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let mut rows = Rows::open(bytes.as_slice(), TERMS).unwrap();
        for (a, b) in &cells {
            let Some(Row { reading: Reading::Lead(candidate, _), .. }) = rows.next().unwrap() else {
                panic!("a row is lost")
            };
            for (key, text) in [("a", a), ("b", b)] {
                let expected = Some(text.trim()).filter(|text| !text.is_empty());
                prop_assert_eq!(candidate.lead.custom.get(key).and_then(Value::as_str), expected);
            }
        }
        prop_assert!(rows.next().unwrap().is_none());
    }
}
