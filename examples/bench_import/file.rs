//! The file: rows that anybody might have, with numbers that nobody has.
//!
//! +1 NPA 555-0100 to 0199 are reserved for fiction, which makes a hundred numbers an area code: too few for a
//! million rows. The others are of the same exchange, 555, whose numbers were given back to the numbering plan
//! and reach nobody; 555-1212, information, is left out. Nothing here ever dials.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::Failure;

/// Area codes of the United States.
const AREA_CODES: [u16; 160] = [
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229,
    231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304,
    305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 334, 336, 337,
    339, 347, 351, 352, 360, 361, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417,
    419, 423, 425, 432, 434, 435, 440, 443, 469, 478, 479, 480, 484, 501, 502, 503, 504, 505, 507, 508, 509,
    510, 512, 513, 515, 516, 517, 518, 520, 530, 540, 541, 551, 559, 561, 562, 563, 567, 570, 571, 573, 574,
    580, 585, 586, 601, 602, 603, 605, 606, 607, 608, 609, 610, 612, 614, 615, 616, 617, 618, 619, 620, 623,
    626, 630, 631, 636, 641, 646, 650, 651, 660, 661, 662, 678, 682,
];
const LINES: u64 = 10_000;
/// 555-1212.
const INFORMATION: u64 = 1212;

const FIRST: [&str; 12] = [
    "Ann",
    "Bashir",
    "Chloé",
    "Dmitri",
    "Esperanza",
    "Farid",
    "Grace",
    "Håkon",
    "Ines",
    "Jürgen",
    "Kiran",
    "Lucía",
];
const LAST: [&str; 10] = [
    "Abbott",
    "Bianchi",
    "Castellanos",
    "Dubois",
    "Eriksson",
    "Fitzgerald",
    "Greene",
    "Hoang",
    "Ibrahim",
    "Johnson",
];
const PRIORITIES: [&str; 5] = ["normal", "", "high", "low", "normal"];

/// Writes a file of so many rows. The same number of rows is the same file.
pub(crate) fn write(path: &Path, rows: u64) -> Result<(), Failure> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(file, "first_name,last_name,phone,email,priority,do_not_call,notes,company,city,customer_no")?;
    for row in 0..rows {
        let phone = match row % 100 {
            // Of each hundred the 7th, 32nd, 57th and 82nd are no numbers.
            7 => "n/a".to_owned(),
            32 => "555-0199".to_owned(),
            57 => "+1 415 555".to_owned(),
            82 => "4.15555E+09".to_owned(),
            // And four repeat an earlier one.
            13 | 38 | 63 | 88 => phone(row / 2 / 100 * 100, row),
            _ => phone(row, row),
        };
        let pick = |from: &[&'static str], by: u64| from[usize::try_from(row / by).unwrap_or(0) % from.len()];
        let (first, last) = (pick(&FIRST, 1), pick(&LAST, 7));
        let dnc = if matches!(row % 100, 21 | 71) { "yes" } else { "" };
        writeln!(
            file,
            "{first},{last},{phone},{}{row}@example.com,{},{dnc},\"Asked for a quote, lane {}\",{last} Freight LLC,Springfield,C-{row:07}",
            last.to_lowercase(),
            pick(&PRIORITIES, 1),
            row % 977,
        )?;
    }
    Ok(file.flush()?)
}

/// A number that is another one for every `index` of a file, written as people write.
fn phone(index: u64, row: u64) -> String {
    // Scattered, as in a real list: the same digits in steps that meet every number once.
    let codes = AREA_CODES.len() as u64;
    let space = codes * (LINES - 1);
    let place = index * 1_000_003 % space;
    let area = AREA_CODES[usize::try_from(place % codes).unwrap_or(0)];
    let line = place / codes;
    let line = if line >= INFORMATION { line + 1 } else { line };
    match row % 3 {
        0 => format!("+1{area}555{line:04}"),
        1 => format!("({area}) 555-{line:04}"),
        _ => format!("{area}-555-{line:04}"),
    }
}
