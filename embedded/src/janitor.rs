//! Clearing up after this process however it ends, even by `kill -9`.
//!
//! A shell holds the reading end of a pipe. When the process ends, the kernel closes the writing end, the shell reads
//! to the end and does what it was told. That needs no signal handler and works where nothing of ours can run.

use crate::error::{At, Error};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// Ends the process groups and removes the folders it was told of, when this process ends or drops it.
#[derive(Debug)]
pub struct Janitor {
    shell: Child,
    /// `None` once let go.
    orders: Option<ChildStdin>,
}

impl Janitor {
    /// One with nothing to do yet.
    ///
    /// # Errors
    /// When no shell can be started.
    pub fn hire() -> Result<Self, Error> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "warmline-janitor"]).current_dir("/").env_clear();
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
        // Its own group: a Ctrl-C meant for us must not reach it.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut shell = command.spawn().doing("start /bin/sh")?;
        let orders = shell.stdin.take();
        Ok(Self { shell, orders })
    }

    /// Will remove the folder, after the servers with a `*.pid` file in it have ended.
    ///
    /// # Errors
    /// When the shell is gone, or the path contains a line break.
    pub fn remove_folder(&mut self, folder: &Path) -> Result<(), Error> {
        self.order("folder", &folder.display().to_string())
    }

    /// Will end the process group: asked at first, forced a second later.
    ///
    /// # Errors
    /// When the shell is gone.
    pub fn end_group(&mut self, group: u32) -> Result<(), Error> {
        self.order("group", &group.to_string())
    }

    /// The group has ended by itself; its number may be given to others.
    ///
    /// # Errors
    /// When the shell is gone.
    pub fn forget_group(&mut self) -> Result<(), Error> {
        self.order("group", "")
    }

    fn order(&mut self, verb: &str, object: &str) -> Result<(), Error> {
        let what = "give orders to the clean-up shell";
        let Some(orders) = self.orders.as_mut().filter(|_| !object.contains('\n')) else {
            return Err(std::io::Error::from(std::io::ErrorKind::InvalidInput)).doing(what);
        };
        orders.write_all(format!("{verb} {object}\n").as_bytes()).doing(what)
    }
}

impl Drop for Janitor {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.shell.wait();
    }
}

/// One group at a time, any number of folders (none with a line break in its name).
/// Servers are interrupted here too: on systems other than Linux they do not die with their parent.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
group= folders=
while IFS=' ' read -r verb object; do
  case $verb in
    group) group=$object ;;
    folder) folders="$folders$object
" ;;
  esac
done
if [ -n "$group" ] && kill -TERM -- "-$group" 2>/dev/null; then
  tries=0
  while [ $tries -lt 10 ] && kill -0 -- "-$group" 2>/dev/null; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL -- "-$group" 2>/dev/null
fi
printf %s "$folders" | while IFS= read -r folder; do
  for file in "$folder"/*.pid "$folder"/*/*.pid; do
    [ -f "$file" ] && read -r pid <"$file" && [ "$pid" -gt 1 ] 2>/dev/null || continue
    kill -INT "$pid" 2>/dev/null
    tries=0
    while [ $tries -lt 100 ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; tries=$((tries + 1)); done
  done
  tries=0
  while [ $tries -lt 20 ] && ! rm -rf -- "$folder" 2>/dev/null; do sleep 0.1; tries=$((tries + 1)); done
done
"#;
