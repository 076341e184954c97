//! Numbers are read as libphonenumber reads them: a sample that another implementation has judged.

use warmline_workflows::phone;

/// 5,000 texts, and what the Python package `phonenumbers` says of each (`normalisation.py`).
const SAMPLE: &str = include_str!("normalisation.tsv");

#[test]
fn another_implementation_agrees_on_every_number_of_the_sample() {
    let mut lines = SAMPLE.lines();
    let version = lines.next().unwrap_or_default();
    let (mut read, mut valid, mut differences) = (0, 0, Vec::new());
    for line in lines {
        let [text, country, e164, region]: [&str; 4] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("{line}"));
        read += 1;
        valid += u32::from(!e164.is_empty());
        let ours = phone::parse(text, country);
        let agrees = match &ours {
            Ok(phone) => (phone.e164.as_str(), phone.country.as_str()) == (e164, region),
            Err(_) => e164.is_empty(),
        };
        if !agrees {
            differences.push(format!("{text} of {country}: {ours:?}, and by {version} `{e164}` {region}"));
        }
    }
    assert_eq!(read, 5_000);
    assert!((2_000..4_500).contains(&valid), "{valid} valid numbers prove too little of either sort");
    assert!(differences.is_empty(), "{} differences: {differences:#?}", differences.len());
}
