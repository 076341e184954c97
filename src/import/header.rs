//! What the columns of a file mean: told by a mapping, else guessed from their names.

use std::collections::BTreeMap;

use warmline_workflows::phone;

use super::cells::shown;
use super::error::Error;
use super::rejects;

/// What a column of a file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The number to call. The only one that a file must have.
    Phone,
    /// The given name, or the whole one.
    FirstName,
    /// The family name.
    LastName,
    /// The address for mail.
    Email,
    /// The country that the number is written for, ISO 3166 alpha-2.
    Country,
    /// What sort of lead it is.
    Kind,
    /// How urgent it is.
    Priority,
    /// Whether it must not be called.
    DoNotCall,
    /// Notes for the agent.
    Notes,
    /// The time zone of the lead, a name of the IANA database.
    TimeZone,
}

impl Field {
    /// All of them, in the order in which they choose among the columns.
    pub const ALL: &'static [Self] = &[
        Self::Phone,
        Self::FirstName,
        Self::LastName,
        Self::Email,
        Self::Country,
        Self::Kind,
        Self::Priority,
        Self::DoNotCall,
        Self::Notes,
        Self::TimeZone,
    ];

    /// The name of the field in a mapping.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
            Self::Country => "country",
            Self::Kind => "type",
            Self::Priority => "priority",
            Self::DoNotCall => "do_not_call",
            Self::Notes => "notes",
            Self::TimeZone => "time_zone",
        }
    }

    /// Names of columns, without blanks and the like, the surest first.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Phone => &[
                "phone",
                "phonenumber",
                "mobile",
                "mobilephone",
                "mobilenumber",
                "cell",
                "cellphone",
                "cellphonenumber",
                "telephone",
                "telephonenumber",
                "tel",
                "phoneno",
                "mobileno",
                "contactnumber",
                "primaryphone",
                "workphone",
                "homephone",
                "businessphone",
                "msisdn",
            ],
            Self::FirstName => &["firstname", "first", "givenname", "forename", "fname", "name", "fullname"],
            Self::LastName => &["lastname", "last", "surname", "familyname", "lname"],
            Self::Email => &["email", "emailaddress", "mail"],
            Self::Country => &["country", "countrycode", "countryiso", "isocountry"],
            Self::Kind => &["type", "kind", "leadtype"],
            Self::Priority => &["priority", "urgency"],
            Self::DoNotCall => &["donotcall", "dnc", "donotcontact", "dontcall", "optout"],
            Self::Notes => &["notes", "note", "comments", "comment", "remarks"],
            Self::TimeZone => &["timezone", "tz"],
        }
    }

    fn of_target(target: &str) -> Option<Self> {
        // The database's column is called `kind`, the files' is `type`.
        let target = if target == "kind" { "type" } else { target };
        Self::ALL.iter().copied().find(|field| field.as_str() == target)
    }
}

/// What a column is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Usage {
    /// One of the fields of every lead.
    Field(Field),
    /// Kept with the lead under this name.
    Custom(String),
    /// Not read.
    Ignored,
}

/// Which columns are to be used for what, by the names of the columns. Columns that it does not name
/// are guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping(Vec<(String, Usage)>);

impl Mapping {
    /// Reads a JSON object such as `{"Mobile":"phone","Shoe size":"custom.shoe_size","Id":"ignore"}`.
    ///
    /// # Errors
    /// When it is no such object.
    pub fn pairs(text: &str) -> Result<BTreeMap<String, String>, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::Mapping(format!("expected {{\"CSV column\":\"field\"}}, but {error}")))
    }

    /// Makes a mapping of pairs of a column and a field.
    ///
    /// # Errors
    /// When one of the fields does not exist or is given twice.
    pub fn new(pairs: &BTreeMap<String, String>) -> Result<Self, Error> {
        let wrong = |what: String| Err(Error::Mapping(what));
        let mut mapping: Vec<(String, Usage)> = Vec::new();
        for (column, target) in pairs {
            let usage = match (Field::of_target(target), target.strip_prefix("custom.")) {
                (Some(field), _) => Usage::Field(field),
                (None, Some(key)) if !key.trim().is_empty() => Usage::Custom(key.trim().to_owned()),
                (None, _) if target.as_str() == "ignore" => Usage::Ignored,
                (None, _) => {
                    let known: Vec<_> = Field::ALL.iter().map(|field| field.as_str()).collect();
                    let (target, known) = (shown(target), known.join(", "));
                    return wrong(format!(
                        "`{target}` is not a field: expected {known}, custom.<name> or ignore"
                    ));
                }
            };
            if usage != Usage::Ignored && mapping.iter().any(|(_, other)| *other == usage) {
                return wrong(format!("two columns are mapped to `{target}`"));
            }
            mapping.push((column.clone(), usage));
        }
        Ok(Self(mapping))
    }
}

/// The columns of a file, with what each is used for; and whether it is a file of rejected rows that we wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns(Vec<(String, Usage)>, bool);

/// The longest name of a column, in characters.
const NAME_CHARS_MAX: usize = 200;

impl Columns {
    pub(super) fn new(header: &[String], mapping: Option<&Mapping>) -> Result<Self, Error> {
        if let Some(index) = header.iter().position(|name| name.chars().count() > NAME_CHARS_MAX) {
            return Err(Error::ColumnNameTooLong { column: index + 1, max: NAME_CHARS_MAX });
        }
        let mut usages = mapped(header, mapping)?;
        guess(header, &mut usages);
        if !usages.contains(&Some(Usage::Field(Field::Phone))) {
            return Err(no_phone(header));
        }
        let mut columns: Vec<(String, Usage)> = Vec::new();
        for (index, usage) in usages.into_iter().enumerate() {
            let name = match header[index].as_str() {
                "" => format!("column {}", index + 1),
                name => name.to_owned(),
            };
            let usage = match usage {
                Some(usage) => usage,
                // What we wrote into the file ourselves, when we rejected its rows.
                None if rejects::COLUMNS.contains(&name.as_str()) => Usage::Ignored,
                None => Usage::Custom(name.clone()),
            };
            let usage = match usage {
                Usage::Custom(key) => Usage::Custom(unused(key, &columns)),
                usage => usage,
            };
            columns.push((name, usage));
        }
        let are_rejects = rejects::COLUMNS.iter().all(|ours| columns.iter().any(|(name, _)| name == ours));
        Ok(Self(columns, are_rejects))
    }

    /// How many columns of a header are clear, the one with the number counting most.
    pub(super) fn count_known(header: &[String], mapping: Option<&Mapping>) -> usize {
        let Ok(mut usages) = mapped(header, mapping) else { return 0 };
        guess(header, &mut usages);
        let has_phone = usages.contains(&Some(Usage::Field(Field::Phone)));
        usages.iter().flatten().count() + if has_phone { header.len() } else { 0 }
    }

    /// Whether it is a file of rejected rows that we wrote, in which some cells have a mark before them.
    pub(super) fn are_rejects(&self) -> bool {
        self.1
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Every column, from the first, with its usage.
    pub(super) fn as_slice(&self) -> &[(String, Usage)] {
        &self.0
    }

    /// The name of the column that is used for a field.
    pub(super) fn name_of(&self, field: Field) -> Option<&str> {
        let column = self.0.iter().find(|(_, usage)| *usage == Usage::Field(field));
        column.map(|(name, _)| name.as_str())
    }
}

/// What the mapping says of each column.
fn mapped(header: &[String], mapping: Option<&Mapping>) -> Result<Vec<Option<Usage>>, Error> {
    let mut usages = vec![None; header.len()];
    for (column, usage) in mapping.iter().flat_map(|mapping| &mapping.0) {
        let exact = header.iter().position(|name| name == column.trim());
        let index = exact.or_else(|| header.iter().position(|name| plain(name) == plain(column)));
        let Some(index) = index else {
            return Err(Error::Mapping(format!(
                "the file has no column `{}`: it has {}",
                shown(column),
                listed(header)
            )));
        };
        if usages[index].replace(usage.clone()).is_some() {
            return Err(Error::Mapping(format!("the column `{}` is named twice", shown(&header[index]))));
        }
    }
    Ok(usages)
}

/// Lets each field that has no column yet choose one by its name.
fn guess(header: &[String], usages: &mut [Option<Usage>]) {
    let plain: Vec<String> = header.iter().map(|name| plain(name)).collect();
    for field in Field::ALL {
        let usage = Some(Usage::Field(*field));
        if usages.contains(&usage) {
            continue;
        }
        let free = |name: &&str| {
            plain.iter().zip(usages.iter()).position(|(plain, usage)| plain == *name && usage.is_none())
        };
        if let Some(index) = field.names().iter().find_map(free) {
            usages[index] = usage;
        }
    }
}

/// A name without anything but letters and digits, in small letters: `First Name` is `first_name`.
fn plain(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The key, with a number if another column has it.
fn unused(key: String, columns: &[(String, Usage)]) -> String {
    let is_used =
        |key: &str| columns.iter().any(|(_, usage)| matches!(usage, Usage::Custom(other) if other == key));
    let mut unused = key.clone();
    let mut number = 2;
    while is_used(&unused) {
        unused = format!("{key} {number}");
        number += 1;
    }
    unused
}

fn no_phone(header: &[String]) -> Error {
    let looks_like_data = header.iter().any(|cell| phone::parse(cell, "US").is_ok());
    Error::NoPhoneColumn {
        columns: listed(header),
        hint: if looks_like_data {
            "the first line looks like a lead: put a line of column names above it"
        } else {
            "call the column `phone`, or say in a mapping which one it is"
        },
    }
}

/// The names for people, the first few of them.
fn listed(header: &[String]) -> String {
    const SHOWN: usize = 20;
    let names: Vec<_> = header.iter().take(SHOWN).map(|name| format!("`{}`", shown(name))).collect();
    let more = header.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    /// The columns in short: a field's name, a custom key in brackets, a minus if not read.
    fn columns(line: &str, mapping: Option<&str>) -> String {
        let mapping = mapping.map(|json| Mapping::new(&Mapping::pairs(json).unwrap()).unwrap());
        match Columns::new(&header(line), mapping.as_ref()) {
            Err(error) => error.to_string(),
            Ok(columns) => {
                let short = |(_, usage): &(String, Usage)| match usage {
                    Usage::Field(field) => field.as_str().to_owned(),
                    Usage::Custom(key) => format!("[{key}]"),
                    Usage::Ignored => "-".to_owned(),
                };
                columns.as_slice().iter().map(short).collect::<Vec<_>>().join(" ")
            }
        }
    }

    #[test]
    fn columns_are_known_by_their_names() {
        for (line, expected) in [
            (
                "first_name,last_name,phone,country,type,priority,do_not_call,notes",
                "first_name last_name phone country type priority do_not_call notes",
            ),
            (
                "First Name,SURNAME,E-Mail,Mobile,DNC,Time-Zone,Kind",
                "first_name last_name email phone do_not_call time_zone type",
            ),
            ("telephone,mobile,Phone", "[telephone] [mobile] phone"),
            ("Name,phone", "first_name phone"),
            ("Name,phone,First", "[Name] phone first_name"),
            ("phone,phone,,,shoe size", "phone [phone] [column 3] [column 4] [shoe size]"),
            ("phone,x,x,x 2", "phone [x] [x 2] [x 2 2]"),
        ] {
            assert_eq!(columns(line, None), expected, "{line}");
        }
    }

    #[test]
    fn a_mapping_goes_before_the_names() {
        for (line, mapping, expected) in [
            ("a,b,phone", r#"{"a":"phone"}"#, "phone [b] [phone]"),
            ("A b,phone", r#"{" a_B ":"custom.x","phone":"phone"}"#, "[x] phone"),
            ("phone,notes,type", r#"{"notes":"ignore","type":"notes"}"#, "phone - notes"),
            ("phone,a", r#"{"a":"kind"}"#, "phone type"),
            (
                "phone,a",
                r#"{"b":"email"}"#,
                "the column mapping is wrong: the file has no column `b`: it has `phone`, `a`",
            ),
        ] {
            assert_eq!(columns(line, Some(mapping)), expected, "{line} {mapping}");
        }
        for (json, expected) in [
            ("[]", "the column mapping is wrong: expected {\"CSV column\":\"field\"}, but invalid type"),
            (
                r#"{"a":"phnoe"}"#,
                "the column mapping is wrong: `phnoe` is not a field: expected phone, first_name",
            ),
            (r#"{"a":"custom."}"#, "the column mapping is wrong: `custom.` is not a field"),
            (
                r#"{"a":"phone","b":"phone"}"#,
                "the column mapping is wrong: two columns are mapped to `phone`",
            ),
        ] {
            let mapping = Mapping::pairs(json).and_then(|pairs| Mapping::new(&pairs));
            let error = mapping.unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn without_a_number_the_columns_are_named() {
        assert_eq!(
            columns("first,last,tlf", None),
            "no column holds the phone number: found `first`, `last`, `tlf`; call the column `phone`, or say in a \
             mapping which one it is"
        );
        assert!(columns("Ali,+14155550123", None).ends_with("put a line of column names above it"));
        assert!(columns(&"x,".repeat(150), None).contains("and 131 more"));
        assert!(columns(&"x".repeat(201), None).starts_with("the name of column 1 is longer than 200"));
    }
}
