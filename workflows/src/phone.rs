//! Telephone numbers: from what people write to what is dialed.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};

use crate::words::words;

/// A valid number, ready to be dialed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    /// The international form: a plus and at most 15 digits.
    pub e164: String,
    /// The country it belongs to, as ISO 3166 alpha-2; `001` for numbers that belong to no country.
    pub country: String,
    /// What sort of line it is.
    pub kind: Kind,
    /// Whether its digits tell where in the country it is.
    pub geographic: bool,
}

words! {
    /// Sorts of telephone lines.
    pub enum Kind, "kind of line" {
        /// A fixed line.
        FixedLine = "fixed_line",
        /// A mobile.
        Mobile = "mobile",
        /// One of the two; in North America the number does not tell which.
        FixedLineOrMobile = "fixed_line_or_mobile",
        /// Free for the caller.
        TollFree = "toll_free",
        /// Costly for the caller.
        PremiumRate = "premium_rate",
        /// Its cost is shared between caller and called.
        SharedCost = "shared_cost",
        /// An internet telephone.
        Voip = "voip",
        /// A personal number, forwarded to wherever its owner is.
        PersonalNumber = "personal_number",
        /// A pager.
        Pager = "pager",
        /// A company's one number for all its offices.
        CompanyNumber = "company_number",
        /// Access to a voicemail box.
        VoicemailAccess = "voicemail_access",
        /// A number of no country: satellite and ship telephones, international networks.
        Worldwide = "worldwide",
        /// Valid, and of no known sort.
        Unknown = "unknown",
    }
}

impl Kind {
    /// Whether it is an ordinary line of a person or an office: fixed, mobile or internet. An import
    /// warns of any other: it may cost much to call, or nobody may be there to answer.
    #[must_use]
    pub const fn is_ordinary(self) -> bool {
        matches!(self, Self::FixedLine | Self::Mobile | Self::FixedLineOrMobile | Self::Voip)
    }
}

/// Why a text is not a number that can be dialed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing was written.
    #[error("the phone number is missing")]
    Missing,
    /// The default country is no country with telephones.
    #[error("`{0}` is not a country code: expected two letters of ISO 3166 such as `US` or `GB`")]
    UnknownCountry(String),
    /// It is not written as a telephone number.
    #[error(
        "`{0}` is not a phone number: expected digits, with a leading + and country code if international"
    )]
    NotANumber(String),
    /// It names an extension, which nobody can dial by itself.
    #[error("`{0}` has an extension, which cannot be dialed automatically: give a direct number")]
    Extension(String),
    /// It starts with a country calling code that no country has.
    #[error("`{0}` starts with an unknown country calling code")]
    UnknownCallingCode(String),
    /// It has too few digits.
    #[error("`{text}` is too short for a phone number of {country}")]
    TooShort {
        /// The text that was given.
        text: String,
        /// The country it would belong to.
        country: String,
    },
    /// It has too many digits.
    #[error("`{text}` is too long for a phone number of {country}")]
    TooLong {
        /// The text that was given.
        text: String,
        /// The country it would belong to.
        country: String,
    },
    /// It has a possible length, and belongs to no range of numbers in use.
    #[error("`{text}` is not a valid phone number of {country}")]
    Invalid {
        /// The text that was given.
        text: String,
        /// The country it would belong to.
        country: String,
    },
}

/// Whether a text has the form of a number in E.164: a plus and 7 to 15 digits, the first of them no zero.
/// Such a number may still not exist.
#[must_use]
pub fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Reads a number as people write it: `+44 20 7946 0123`, `(415) 555-0123`, `tel:+1-415-555-0123`.
///
/// A number without a country calling code is taken for one of `default_country` (ISO 3166 alpha-2, in
/// any letter case). Letters are refused, in words as in vanity numbers, since they are more often a
/// slip of a column than a number; so are extensions. An apostrophe before the number, the mark of text
/// in spreadsheets, is dropped.
///
/// # Errors
/// Says why the text is not a number that can be dialed.
pub fn parse(text: &str, default_country: &str) -> Result<Phone, PhoneError> {
    let shown = || text.trim().chars().take(64).collect::<String>();
    let region = region(default_country)?;
    let written = text.trim();
    let written = written.strip_prefix('\'').unwrap_or(written);
    let written = strip_scheme(written).trim();
    if written.is_empty() {
        return Err(PhoneError::Missing);
    }
    let is_start = |first: char| first.is_numeric() || matches!(first, '+' | '＋' | '(' | '（' | '[');
    if !written.starts_with(is_start) {
        return Err(PhoneError::NotANumber(shown()));
    }

    let country =
        || if written.starts_with(['+', '＋']) { String::from("any country") } else { region.to_string() };
    let number = PHONE_NUMBER_UTIL.parse(written, Some(region)).map_err(|error| match error {
        ParseError::InvalidCountryCode => PhoneError::UnknownCallingCode(shown()),
        ParseError::NotANumber(_) => PhoneError::NotANumber(shown()),
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => {
            PhoneError::TooShort { text: shown(), country: country() }
        }
        ParseError::TooLongNsn => PhoneError::TooLong { text: shown(), country: country() },
    })?;
    if number.extension.is_some() {
        return Err(PhoneError::Extension(shown()));
    }
    if written.chars().any(char::is_alphabetic) {
        return Err(PhoneError::NotANumber(shown()));
    }

    if !number.is_valid() {
        return Err(why_invalid(&number, shown()));
    }
    let country = number.get_region_code().unwrap_or(Region::World);
    Ok(Phone {
        e164: number.format_as(PhoneNumberFormat::E164).into_owned(),
        country: country.to_string(),
        kind: if country == Region::World { worldwide(number.get_type()) } else { kind(number.get_type()) },
        geographic: number.is_geographical(),
    })
}

/// The leading digits of a number in E.164 form that tell its area: calling code and area code. None for a number that
/// belongs to no area, such as a toll-free one or a mobile of most countries.
#[must_use]
pub fn area(e164: &str) -> Option<&str> {
    let number = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
    match number.get_length_of_geographical_area_code() {
        0 => None,
        digits => e164.get(..1 + number.country_code.to_string().len() + digits),
    }
}

/// What is wrong with a number that was read, and belongs to no range in use.
fn why_invalid(number: &PhoneNumber, text: String) -> PhoneError {
    let country = PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code).unwrap_or(Region::World);
    let country = country.to_string();
    match number.is_possible_with_reason() {
        Err(ValidationError::TooShort) | Ok(NumberLengthType::IsPossibleLocalOnly) => {
            PhoneError::TooShort { text, country }
        }
        Err(ValidationError::TooLong) => PhoneError::TooLong { text, country },
        Err(ValidationError::InvalidCountryCode) => PhoneError::UnknownCallingCode(text),
        Err(ValidationError::InvalidLength) | Ok(NumberLengthType::IsPossible) => {
            PhoneError::Invalid { text, country }
        }
    }
}

fn region(country: &str) -> Result<Region, PhoneError> {
    Region::from_code(country.trim())
        .ok()
        .filter(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some())
        .ok_or_else(|| PhoneError::UnknownCountry(country.trim().chars().take(64).collect()))
}

/// The text without the `tel:` of a link.
fn strip_scheme(text: &str) -> &str {
    match text.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => rest,
        _ => text,
    }
}

const fn worldwide(kind: PhoneNumberType) -> Kind {
    match kind {
        PhoneNumberType::TollFree => Kind::TollFree,
        PhoneNumberType::PremiumRate => Kind::PremiumRate,
        PhoneNumberType::SharedCost => Kind::SharedCost,
        _ => Kind::Worldwide,
    }
}

const fn kind(kind: PhoneNumberType) -> Kind {
    match kind {
        PhoneNumberType::FixedLine => Kind::FixedLine,
        PhoneNumberType::Mobile => Kind::Mobile,
        PhoneNumberType::FixedLineOrMobile => Kind::FixedLineOrMobile,
        PhoneNumberType::TollFree => Kind::TollFree,
        PhoneNumberType::PremiumRate => Kind::PremiumRate,
        PhoneNumberType::SharedCost => Kind::SharedCost,
        PhoneNumberType::VoIP => Kind::Voip,
        PhoneNumberType::PersonalNumber => Kind::PersonalNumber,
        PhoneNumberType::Pager => Kind::Pager,
        PhoneNumberType::UAN => Kind::CompanyNumber,
        PhoneNumberType::VoiceMail => Kind::VoicemailAccess,
        PhoneNumberType::Unknown => Kind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, default_country, expected) in [
            ("+923001234567", "PK", "+923001234567 PK mobile"),
            ("+14155552671", "US", "+14155552671 US fixed_line_or_mobile"),
            // The range belongs to Guernsey, which shares its calling code with Great Britain.
            ("+447911123456", "GB", "+447911123456 GG mobile"),
            (" (415) 555-0123 ", "us", "+14155550123 US fixed_line_or_mobile"),
            ("020 7946 0123", "GB", "+442079460123 GB fixed_line"),
            ("0092 300 1234567", "GB", "+923001234567 PK mobile"),
            ("tel:+1-415-555-0123", "GB", "+14155550123 US fixed_line_or_mobile"),
            ("'+14155550123", "US", "+14155550123 US fixed_line_or_mobile"),
            ("４１５５５５０１２３", "US", "+14155550123 US fixed_line_or_mobile"),
            ("٠٣٠٠١٢٣٤٥٦٧", "PK", "+923001234567 PK mobile"),
            ("800 555 0123", "US", "+18005550123 US toll_free"),
            ("900 555 0123", "US", "+19005550123 US premium_rate"),
            ("+15005550006", "US", "+15005550006 US personal_number"),
            ("+881612345678", "US", "+881612345678 001 worldwide"),
            ("+80012345678", "US", "+80012345678 001 toll_free"),
        ] {
            let phone = parse(text, default_country).unwrap();
            assert_eq!(format!("{} {} {}", phone.e164, phone.country, phone.kind), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_dialed_is_refused_with_its_reason() {
        for (text, default_country, expected) in [
            ("", "US", "missing"),
            (" ' ", "US", "missing"),
            ("4155550123", "ZZ", "`ZZ` is not a country code"),
            ("+14155550123", "usa", "`usa` is not a country code"),
            ("+14155550123", "001", "`001` is not a country code"),
            ("call me", "US", "not a phone number"),
            ("Jo 4155550123", "US", "not a phone number"),
            ("415-555-0123 or 0124", "US", "not a phone number"),
            ("1-800-FLOWERS", "US", "not a phone number"),
            ("4.15555E+09", "US", "not a phone number"),
            ("+", "US", "not a phone number"),
            ("+1+1+1", "US", "not a phone number"),
            ("4155550123 x5", "US", "has an extension"),
            ("+1 415 555 0123;ext=5", "US", "has an extension"),
            ("+999123456789", "US", "unknown country calling code"),
            ("5550123", "US", "too short for a phone number of US"),
            ("911", "US", "too short for a phone number of US"),
            ("+4155550123", "US", "too short for a phone number of CH"),
            ("+1", "GB", "not a phone number"),
            ("+441", "GB", "too short for a phone number of any country"),
            ("41555501234", "US", "too long for a phone number of US"),
            ("415-555-0123/415-555-0124", "US", "too long for a phone number of US"),
            ("+442079460123456", "US", "too long for a phone number of GB"),
            ("1234567890", "US", "not a valid phone number of US"),
            // The range that dramas use for mobiles is assigned to nobody.
            ("+447700900123", "GB", "not a valid phone number of GB"),
        ] {
            let error = parse(text, default_country).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn leading_digits_tell_the_area() {
        for (e164, expected) in [
            ("+14155550123", Some("+1415")),
            ("+18005550123", None),
            ("+442079460123", Some("+4420")),
            ("+447911123456", None),
            ("+390612345678", Some("+3906")),
            ("+4930123456", Some("+4930")),
            ("+881612345678", None),
            ("not a number", None),
        ] {
            assert_eq!(area(e164), expected, "{e164}");
        }
    }

    #[test]
    fn hostile_text_is_refused_in_bounded_words() {
        for text in
            ["+".repeat(100_000), "1".repeat(100_000), "(".repeat(100_000), "\u{0}\u{202e}+1".repeat(9999)]
        {
            let error = parse(&text, "US").unwrap_err().to_string();
            assert!(error.len() < 400, "{error}");
        }
    }
}
