//! Who the servers run as: Postgres refuses to run as root, so root lends them to a lesser user.

use crate::error::{At, Error};
use crate::sys;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The user that the servers and their files belong to.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    uid: u32,
    /// Only for root: the group to switch to along with the user.
    switch_to_gid: Option<u32>,
}

impl Owner {
    /// Ourselves; for root `postgres`, else `nobody`.
    pub(crate) fn current() -> Result<Self, Error> {
        let uid = sys::effective_uid();
        if uid != 0 {
            return Ok(Self { uid, switch_to_gid: None });
        }
        let path = Path::new("/etc/passwd");
        let passwd = fs::read_to_string(path).at("read", path)?;
        let (uid, gid) = ["postgres", "_postgres", "nobody"]
            .into_iter()
            .find_map(|name| lookup(&passwd, name))
            .ok_or_else(|| Error::Failed {
                what: "Postgres refuses to run as root, and this machine has neither a user `postgres` nor `nobody` to \
                       run it as: run this as an ordinary user"
                    .to_owned(),
                log: String::new(),
            })?;
        Ok(Self { uid, switch_to_gid: Some(gid) })
    }

    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// Whether files have to be handed over because we are root.
    pub(crate) fn is_lent(&self) -> bool {
        self.switch_to_gid.is_some()
    }

    /// Makes the command run as this user.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Some(gid) = self.switch_to_gid {
            command.uid(self.uid).gid(gid);
        }
    }

    /// A folder of ours; when the servers run as somebody else, one that lets them pass.
    pub(crate) fn open_folder(&self, path: &Path) -> Result<(), Error> {
        fs::create_dir_all(path).at("create", path)?;
        let mode = if self.is_lent() { 0o755 } else { 0o700 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).at("set the permissions of", path)
    }

    /// A folder that only this user may enter; its parent exists.
    pub(crate) fn private_folder(&self, path: &Path) -> Result<(), Error> {
        match fs::DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).at("create", path),
            _ => {}
        }
        // In a shared folder such as /tmp somebody else may have been first: theirs is refused.
        let found = fs::symlink_metadata(path).at("look at", path)?;
        if !found.is_dir() || ![self.uid, sys::effective_uid()].contains(&found.uid()) {
            let what = format!("{} exists and is not a folder of ours: remove it", path.display());
            return Err(Error::Failed { what, log: String::new() });
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).at("restrict", path)?;
        if let Some(gid) = self.switch_to_gid {
            lchown(path, Some(self.uid), Some(gid)).at("hand over", path)?;
        }
        Ok(())
    }

    /// Whether this user could reach what lies in the folder: every part of its path lets others pass.
    pub(crate) fn can_reach(&self, path: &Path) -> bool {
        let passable =
            |part: &Path| fs::metadata(part).is_ok_and(|found| found.permissions().mode() & 0o001 != 0);
        !self.is_lent() || path.ancestors().all(passable)
    }
}

/// User and group of a name in the text of a passwd file.
fn lookup(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut numbers = line.split(':').skip(2).map_while(|field| field.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_looked_up_by_whole_name() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nnobody2:x:7:8::/:/bin/false\nnobody:x:65534:65533:::\n";
        assert_eq!(lookup(passwd, "nobody"), Some((65534, 65533)));
        assert_eq!(lookup(passwd, "postgres"), None);
        assert_eq!(lookup("postgres:x", "postgres"), None);
    }
}
