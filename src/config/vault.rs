//! The keys to personal data, which are kept outside the database.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use warmline_engine::Vault;
use warmline_engine::vault::{MasterKey, Secret};

use super::Environment;
use super::error::Error;
use super::parse;
use super::reader::Reader;
use super::variable::{WARMLINE_ENCRYPTION, WARMLINE_INDEX_KEY, WARMLINE_MASTER_KEY};

/// What is set of them.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    masters: Vec<MasterKey>,
    index: Option<Secret>,
    encryption: Option<bool>,
}

/// The name of a master key that is given without one.
const UNNAMED: &str = "1";

impl Parts {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, Error> {
        Ok(Self {
            masters: reader.optional(WARMLINE_MASTER_KEY, masters)?.unwrap_or_default(),
            index: reader.optional(WARMLINE_INDEX_KEY, secret)?,
            encryption: reader.optional(WARMLINE_ENCRYPTION, parse::word(&[("on", true), ("off", false)]))?,
        })
    }

    pub(super) fn vault(&self, environment: Environment) -> Result<Vault, Error> {
        let missing = || Error::missing(WARMLINE_MASTER_KEY);
        let seals = match self.encryption {
            Some(said) => said,
            // Nobody stores people's data in the open for having forgotten a setting.
            None if self.masters.is_empty() && environment == Environment::Production => {
                return Err(missing());
            }
            None => !self.masters.is_empty(),
        };
        if !seals {
            return Ok(Vault::plain(self.masters.clone(), self.index.clone()));
        }
        if self.masters.is_empty() {
            return Err(missing());
        }
        let index = self.index.clone();
        let index = index.ok_or_else(|| Error::missing_beside(WARMLINE_INDEX_KEY, WARMLINE_MASTER_KEY))?;
        Vault::sealing(self.masters.clone(), index).map_err(|_| missing())
    }
}

/// One key, or several with their names.
fn masters(text: &str) -> Result<Vec<MasterKey>, String> {
    let keys = text.split(',').map(|part| {
        let (id, key) = part.trim().split_once(':').unwrap_or_else(|| (UNNAMED, part.trim()));
        MasterKey::new(id, secret(key)?).map_err(|_| "has a key without a proper name".to_owned())
    });
    let keys = keys.collect::<Result<Vec<_>, String>>()?;
    let mut ids: Vec<&str> = keys.iter().map(MasterKey::id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() == keys.len() { Ok(keys) } else { Err("has two keys of one name".to_owned()) }
}

fn secret(text: &str) -> Result<Secret, String> {
    let bytes = STANDARD.decode(text).map_err(|_| "is not base64".to_owned())?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| "is not 32 bytes long".to_owned())?;
    Ok(Secret::new(bytes))
}
