//! Where one set of private servers lives: data, sockets, logs, and the cache of fetched binaries.

use crate::binaries::{Scope, Search};
use crate::error::{At, Error};
use crate::janitor::Janitor;
use crate::owner::Owner;
use crate::sys;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

/// A folder for one Postgres and one Redis. Two homes never meet: several may run side by side.
///
/// Choosing one touches nothing; the folder is made when a server starts in it. A scratch home is removed when it is
/// dropped, so drop the servers first (declare them after it).
#[derive(Debug)]
pub struct Home {
    root: PathBuf,
    /// Present for a scratch home: removes it even when this process is killed.
    janitor: Option<Janitor>,
}

impl Home {
    /// The lasting home called `name` of the project in the current folder: the same one at every start.
    ///
    /// `.warmline/<name>` below the current folder; for root `/var/lib/warmline/<project>/<name>`, because the
    /// servers then run as a lesser user who may not be able to pass the folders above the project. `WARMLINE_HOME`
    /// replaces the part before the name.
    #[must_use]
    pub fn for_project(name: &str) -> Self {
        let project = env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        Self::in_project(&project, name)
    }

    /// The same for a project in a named folder.
    #[must_use]
    pub fn in_project(project: &Path, name: &str) -> Self {
        let base = match env::var_os("WARMLINE_HOME").filter(|value| !value.is_empty()) {
            Some(folder) => project.join(folder),
            None if sys::effective_uid() == 0 => {
                Path::new("/var/lib/warmline").join(fingerprint(project.as_os_str().as_encoded_bytes()))
            }
            None => project.join(".warmline"),
        };
        Self { root: base.join(name), janitor: None }
    }

    /// A new, empty home for this run alone, removed with everything in it when dropped or when the process ends in
    /// any way.
    ///
    /// # Errors
    /// When the folder or its watcher cannot be created.
    pub fn scratch() -> Result<Self, Error> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let owner = Owner::current()?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("warmline-{}-{}-{count}", owner.uid(), std::process::id());
        let near = env::temp_dir();
        let fits = near.as_os_str().len() + 60 < SOCKET_PATH_MAX && owner.can_reach(&near);
        let root = if fits { near } else { PathBuf::from("/tmp") }.join(name);
        // Not `create_dir_all`: in a shared folder the name could be somebody else's.
        fs::create_dir(&root).at("create", &root)?;
        let mut janitor = Janitor::hire()?;
        janitor.remove_folder(&root)?;
        Ok(Self { root, janitor: Some(janitor) })
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// How and where to look for binaries on behalf of this home.
    pub(crate) fn search(&self) -> Result<Search, Error> {
        let owner = Owner::current()?;
        let folder =
            |variable: &str| env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
        let cache = folder("WARMLINE_CACHE")
            .or_else(|| owner.is_lent().then(|| PathBuf::from("/var/cache/warmline")))
            .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("warmline")))
            .or_else(|| folder("HOME").filter(|home| home.is_dir()).map(|home| home.join(".cache/warmline")))
            .unwrap_or_else(|| env::temp_dir().join(format!("warmline-{}-cache", owner.uid())));
        Ok(Search { owner, cache, scope: Scope::from_environment() })
    }

    /// The folder for a server's socket `file`: in this home if the path is short enough for the system's limit on
    /// socket addresses, else a private one below /tmp.
    pub(crate) fn socket_folder(&self, owner: &Owner, file: &str) -> PathBuf {
        let near = self.root.join("run");
        if near.join(file).as_os_str().len() <= SOCKET_PATH_MAX {
            return near;
        }
        let hash = fingerprint(self.root.as_os_str().as_encoded_bytes());
        PathBuf::from(format!("/tmp/warmline-{}-{hash}", owner.uid()))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.janitor.is_some() {
            let _ = fs::remove_dir_all(&self.root);
        }
    }
}

/// `sun_path` less the ending zero byte.
const SOCKET_PATH_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Begins a new log and keeps the one before, so that neither grows for ever.
pub(crate) fn start_log(log: &Path) -> Result<(), Error> {
    match fs::rename(log, log.with_extension("log.old")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).at("rename", log),
        _ => Ok(()),
    }
}

/// A path as part of a URL: everything but plain characters and slashes is escaped.
pub(crate) fn url_encoded(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    bytes
        .map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A short name for a path, the same in every version of this program (FNV-1a; the standard hasher promises nothing).
fn fingerprint(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{:012x}", hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_home_keeps_its_sockets_elsewhere() {
        let owner = Owner::current().unwrap();
        let home = |root: &str| Home { root: root.into(), janitor: None };
        assert_eq!(home("/srv/a").socket_folder(&owner, "redis.sock"), Path::new("/srv/a/run"));
        let deep = format!("/srv/{}", "deep/".repeat(30));
        let folder = home(&deep).socket_folder(&owner, "redis.sock");
        assert!(folder.starts_with("/tmp") && folder.as_os_str().len() < 60, "{folder:?}");
        assert_ne!(folder, home(&format!("{deep}er")).socket_folder(&owner, "redis.sock"));
    }

    #[test]
    fn paths_survive_in_urls() {
        assert_eq!(url_encoded(Path::new("/srv/a b&c/ü")), "/srv/a%20b%26c/%C3%BC");
    }

    #[test]
    fn fingerprints_stay_what_they_were() {
        assert_eq!(fingerprint(b"/srv/warmline"), fingerprint(b"/srv/warmline"));
        assert_eq!(fingerprint(b""), "cbf29ce48422");
    }
}
