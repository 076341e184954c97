//! Just enough of Postgres's protocol to know that it serves, and to run a script: start-up and simple query.

use crate::error::{At, Error};
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// One connection as the user `warmline`, whom the server trusts because only its owner can reach the socket.
pub(crate) struct Connection {
    stream: UnixStream,
}

impl Connection {
    /// Connects and waits until the server is ready for a query.
    pub(crate) fn open(socket: &Path, database: &str) -> Result<Self, Error> {
        let stream = UnixStream::connect(socket).at("connect to", socket)?;
        stream.set_write_timeout(Some(Duration::from_secs(10))).at("set up", socket)?;
        // Scripts may create databases, which takes its time on a slow disk.
        stream.set_read_timeout(Some(Duration::from_secs(120))).at("set up", socket)?;
        let mut connection = Self { stream };
        connection.send(None, format!("\0\x03\0\0user\0warmline\0database\0{database}\0\0").as_bytes())?;
        connection.until_ready()?;
        Ok(connection)
    }

    /// Runs one statement or a script, which is then one transaction, and discards its rows.
    pub(crate) fn execute(&mut self, sql: &str) -> Result<(), Error> {
        self.send(Some(b'Q'), format!("{sql}\0").as_bytes())?;
        self.until_ready()
    }

    fn send(&mut self, kind: Option<u8>, body: &[u8]) -> Result<(), Error> {
        let length =
            u32::try_from(body.len() + 4).map_err(|_| Error::Refused("the script is too long".to_owned()))?;
        let message = [kind.as_slice(), &length.to_be_bytes(), body].concat();
        self.stream.write_all(&message).doing("write to Postgres")
    }

    /// Reads to the end of the answer; the first complaint in it is the result.
    fn until_ready(&mut self) -> Result<(), Error> {
        let mut complaint = None;
        loop {
            let (kind, body) = self.receive().doing("read from Postgres")?;
            match kind {
                b'Z' => return complaint.map_or(Ok(()), |why| Err(Error::Refused(why))),
                b'E' => {
                    let (severity, why) = complaint_in(&body);
                    if severity == "FATAL" || severity == "PANIC" {
                        return Err(Error::Refused(why));
                    }
                    complaint.get_or_insert(why);
                }
                // Anything but "authenticated" asks for a password that does not exist.
                b'R' if body != [0, 0, 0, 0] => {
                    return Err(Error::Refused("the server does not trust its own socket".to_owned()));
                }
                _ => {}
            }
        }
    }

    fn receive(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.stream.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = u32::from_be_bytes(length).saturating_sub(4);
        if length > 1 << 24 {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        let mut body = vec![0; length as usize];
        self.stream.read_exact(&mut body)?;
        Ok((kind, body))
    }
}

/// Severity and readable text of an error message: fields of one letter and a text, each ended by a zero.
fn complaint_in(body: &[u8]) -> (String, String) {
    let field = |letter: u8| {
        body.split(|byte| *byte == 0)
            .find_map(|field| field.strip_prefix(&[letter]))
            .map(|text| String::from_utf8_lossy(text).into_owned())
    };
    let mut why = field(b'M').unwrap_or_else(|| "no message".to_owned());
    for (letter, label) in [(b'D', "detail"), (b'H', "hint"), (b'P', "at character"), (b'C', "code")] {
        if let Some(text) = field(letter) {
            why = format!("{why} ({label} {text})");
        }
    }
    (field(b'V').unwrap_or_default(), why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_names_what_and_where() {
        let body = b"SFEHLER\0VERROR\0C42P01\0Mrelation \"x\" does not exist\0P15\0\0";
        let (severity, why) = complaint_in(body);
        assert_eq!(severity, "ERROR");
        assert_eq!(why, "relation \"x\" does not exist (at character 15) (code 42P01)");
        assert_eq!(complaint_in(b"\0").1, "no message");
    }
}
