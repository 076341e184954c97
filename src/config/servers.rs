//! The addresses of Postgres and Redis: given as a URL, or put together from their parts.

use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::error::Error;
use super::parse;
use super::reader::Reader;
use super::variable::{
    DATABASE_URL, DB_HOST, DB_NAME, DB_PASSWORD, DB_PORT, DB_USER, REDIS_HOST, REDIS_PASSWORD, REDIS_PORT,
    REDIS_URL,
};

/// `DATABASE_URL`, else what the `DB_` variables say; none when neither it nor `DB_HOST` is set.
pub(super) fn database_url(reader: &Reader<'_>) -> Result<Option<SecretString>, Error> {
    let given = reader.optional(DATABASE_URL, |text| url(text, &["postgres", "postgresql"]))?;
    let (host, port) = (reader.text(DB_HOST)?, reader.value(DB_PORT, parse::port)?);
    let (name, user) = (reader.text(DB_NAME)?, reader.text(DB_USER)?);
    let password = reader.secret(DB_PASSWORD)?;
    let Some(host) = host.filter(|_| given.is_none()) else { return Ok(given) };
    let encoded = |text: Option<String>| encode(&text.unwrap_or_default());
    let (name, user, password) = (encoded(name), encoded(user), userinfo_password(password.as_ref()));
    let url = match Server::parse(&host).map_err(|is| Error::wrong(DB_HOST, &host, is))? {
        Server::Network(host) => format!("postgres://{user}{password}@{host}:{port}/{name}"),
        Server::Socket(folder) => {
            format!("postgres://{user}{password}@localhost:{port}/{name}?host={}", encode(folder))
        }
    };
    Ok(Some(SecretString::from(url)))
}

/// `REDIS_URL`, else what the other `REDIS_` variables say; none when neither it nor `REDIS_HOST` is set.
pub(super) fn redis_url(reader: &Reader<'_>) -> Result<Option<SecretString>, Error> {
    let given = reader.optional(REDIS_URL, |text| match url(text, &["redis", "redis+unix", "unix"]) {
        Err(_) if text.starts_with("rediss:") => {
            Err("asks for TLS, which is not supported: keep Redis in a private network".to_owned())
        }
        result => result,
    })?;
    let (host, port) = (reader.text(REDIS_HOST)?, reader.value(REDIS_PORT, parse::port)?);
    let password = reader.secret(REDIS_PASSWORD)?;
    let Some(host) = host.filter(|_| given.is_none()) else { return Ok(given) };
    let url = match Server::parse(&host).map_err(|is| Error::wrong(REDIS_HOST, &host, is))? {
        Server::Network(host) => match userinfo_password(password.as_ref()) {
            none if none.is_empty() => format!("redis://{host}:{port}/"),
            password => format!("redis://{password}@{host}:{port}/"),
        },
        Server::Socket(path) => {
            let path: Vec<_> = path.split('/').map(encode).collect();
            let password = password.map(|password| format!("?pass={}", encode(password.expose_secret())));
            format!("redis+unix://{}{}", path.join("/"), password.unwrap_or_default())
        }
    };
    Ok(Some(SecretString::from(url)))
}

/// Where a server listens.
enum Server<'a> {
    /// A host as it stands in a URL.
    Network(String),
    /// A Unix socket, or its folder.
    Socket(&'a str),
}

impl<'a> Server<'a> {
    fn parse(host: &'a str) -> Result<Self, String> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if host.starts_with('/') {
            Ok(Self::Socket(host))
        } else if host.parse::<std::net::Ipv6Addr>().is_ok() {
            Ok(Self::Network(format!("[{host}]")))
        } else if host.bytes().all(is_part) {
            Ok(Self::Network(host.to_owned()))
        } else {
            Err("is not a host".to_owned())
        }
    }
}

/// Checks a URL as far as it can be without connecting. What is wrong is said without quoting it.
fn url(text: &str, schemes: &[&str]) -> Result<SecretString, String> {
    let url = Url::parse(text)
        .map_err(|error| format!("is not a URL ({error}; write special characters of a password as %XX)"))?;
    if !schemes.contains(&url.scheme()) {
        return Err(format!("does not begin with {}://", schemes.join(":// or ")));
    }
    Ok(SecretString::from(text.to_owned()))
}

fn userinfo_password(password: Option<&SecretString>) -> String {
    password.map(|password| format!(":{}", encode(password.expose_secret()))).unwrap_or_default()
}

/// Writes every byte as `%XX` that is neither a letter nor a digit.
fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
