//! One process per server folder: a file lock, which the kernel releases however its holder ends.

use crate::error::{At, Error};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// Held for as long as a server of ours runs, or may be restarted, in the folder.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the folder for `server`, or names the process that has it.
    pub(crate) fn take(folder: &Path, server: &'static str) -> Result<Self, Error> {
        let path = folder.join(format!("{}.lock", server.to_lowercase()));
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .at("open", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
                return Err(Error::InUse { server, folder: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(error).at("lock", &path),
        }
        let command: Vec<_> = std::env::args_os().map(|part| part.to_string_lossy().into_owned()).collect();
        let holder = format!("process {} ({})", std::process::id(), command.join(" "));
        let written =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(holder.as_bytes()));
        written.at("write", &path)?;
        Ok(Self { _file: file })
    }
}
