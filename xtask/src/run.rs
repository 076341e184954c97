//! Running commands so that they end with us, and telling the user what happens.

use std::fmt;
use std::io::{BufRead, BufReader, Write, stdout};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::Duration;
use warmline_embedded::{Error, Janitor};

/// Why a task stops, for the user.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// Something did not work.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// The task was called in a wrong way.
    pub(crate) fn usage(message: &str) -> Self {
        Self { message: format!("{message}; `cargo xtask help` lists the tasks"), code: 2 }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error.to_string())
    }
}

/// Runs commands of the project, one at a time. Each gets a process group of its own, which ends when this process
/// does, even when it is killed: a test run never goes on in the background.
pub(crate) struct Runner {
    janitor: Janitor,
}

impl Runner {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { janitor: Janitor::hire()? })
    }

    /// Runs the command on our terminal.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<ExitStatus, Failure> {
        self.watch(command, None)
    }

    /// Runs the command, passing its standard output on line by line, also to `each_line`.
    pub(crate) fn run_reading(
        &mut self,
        command: &mut Command,
        each_line: &mut dyn FnMut(&str),
    ) -> Result<ExitStatus, Failure> {
        command.stdout(Stdio::piped());
        self.watch(command, Some(each_line))
    }

    /// Runs the command; anything but success is a failure that names it.
    pub(crate) fn run_well(&mut self, command: &mut Command) -> Result<(), Failure> {
        let status = self.run(command)?;
        if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}`: {status}", line_of(command)))) }
    }

    fn watch(
        &mut self,
        command: &mut Command,
        each_line: Option<&mut dyn FnMut(&str)>,
    ) -> Result<ExitStatus, Failure> {
        let spawned = command.stdin(Stdio::null()).process_group(0).spawn();
        let mut child = spawned
            .map_err(|error| Failure::new(format!("could not run `{}`: {error}", line_of(command))))?;
        self.janitor.end_group(child.id())?;
        if let (Some(each_line), Some(pipe)) = (each_line, child.stdout.take()) {
            let mut reader = BufReader::new(pipe);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                let _ = stdout().write_all(&line);
                each_line(String::from_utf8_lossy(&line).trim_end());
                line.clear();
            }
        }
        let status = child.wait().map_err(|error| Failure::new(format!("lost a child process: {error}")))?;
        self.janitor.forget_group()?;
        Ok(status)
    }
}

/// A cargo command in the project's folder, compiling queries against the committed answers: a DATABASE_URL of the
/// user's must not take part.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root()).env("SQLX_OFFLINE", "true");
    command
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// One line for the user.
pub(crate) fn say(line: &str) {
    let _ = writeln!(stdout().lock(), "{line}");
}

/// A duration as people say it: 0.8 s, 95 s, 12 min 5 s.
pub(crate) fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f32()),
        10..120 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spoken() {
        let spoken: Vec<_> = [840, 95_400, 725_000].map(|ms| spoken(Duration::from_millis(ms))).into();
        assert_eq!(spoken, ["0.8 s", "95 s", "12 min 5 s"]);
    }

    #[test]
    fn a_failing_command_is_named() {
        let mut runner = Runner::new().unwrap();
        let failure = runner.run_well(Command::new("/bin/sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(failure.to_string(), "`sh -c exit 3`: exit status: 3");
        let mut lines = Vec::new();
        let mut print = Command::new("/bin/sh");
        let status =
            runner.run_reading(print.args(["-c", "echo a; echo b"]), &mut |line| lines.push(line.to_owned()));
        assert!(status.unwrap().success() && lines == ["a", "b"], "{lines:?}");
    }
}
