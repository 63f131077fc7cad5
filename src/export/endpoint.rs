//! Where a model is reached, from the table's `endpoint`.

use crate::table::format::Model;

use super::Refused;

/// One model's endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name or address.
    pub host: String,
    /// The port, also where it is that of the scheme.
    pub port: u16,
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// What the upstream's `host` header says.
    pub authority: String,
    /// The path of its chat completions.
    pub path: String,
    /// The environment variable that holds its key.
    pub key: Option<String>,
    /// The header that carries the key, and what stands before it.
    pub key_header: (&'static str, &'static str),
    /// The provider's own id of the model.
    pub model: String,
}

impl Endpoint {
    /// Reads it; a model that nobody can reach is refused.
    pub fn read(model: &Model) -> Result<Self, Refused> {
        let text = |key: &str| model.endpoint.get(key).and_then(serde_json::Value::as_str);
        let refused = |why: &str| Refused {
            message: format!("`{}` {why}", model.id),
            help: "write `endpoint: {base_url: \"https://…\"}` at the model or its provider".to_owned(),
        };
        let url = text("base_url").ok_or_else(|| refused("states no `endpoint.base_url`"))?;
        let bad = || refused("has an `endpoint.base_url` that is not an http or https address");
        let (tls, host, port, authority) = address(url).ok_or_else(bad)?;
        let base = url.splitn(4, '/').nth(3).unwrap_or_default();
        if !is_plain(base) || base.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(bad());
        }
        let key = text("api_key_env").map(str::to_owned);
        if let Some(key) = key.as_ref().filter(|key| !is_variable(key)) {
            return Err(Refused {
                message: format!(
                    "`{}` has an `endpoint.api_key_env` that is not the name of a variable: `{key}`",
                    model.id
                ),
                help: "name the environment variable that holds the key, such as `OPENAI_API_KEY`".to_owned(),
            });
        }
        let base = base.trim_end_matches('/');
        let slash = if base.is_empty() { "" } else { "/" };
        let key_header = match text("protocol") {
            Some("anthropic") => ("x-api-key", ""),
            Some("azure-openai" | "azure") => ("api-key", ""),
            _ => ("authorization", "Bearer "),
        };
        Ok(Self {
            host,
            port,
            tls,
            authority,
            path: format!("{slash}{base}/chat/completions"),
            key,
            key_header,
            model: text("model").unwrap_or(&model.name).to_owned(),
        })
    }

    /// The endpoint of a key set, if its address is one.
    pub fn of_url(url: &str) -> Option<Self> {
        let (tls, host, port, authority) = address(url)?;
        let (path, key_header) = (String::new(), ("authorization", ""));
        Some(Self { host, port, tls, authority, path, key: None, key_header, model: String::new() })
    }

    /// Whether the host is an address, so that no name has to be looked up.
    pub fn is_address(&self) -> bool {
        self.host.parse::<core::net::IpAddr>().is_ok()
    }
}

/// Whether it is encrypted, host, port, and both as the `host` header has them.
fn address(url: &str) -> Option<(bool, String, u16, String)> {
    let (tls, rest) = match url.split_once("://")? {
        ("https", rest) => (true, rest),
        ("http", rest) => (false, rest),
        _ => return None,
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = split_port(authority, if tls { 443 } else { 80 })?;
    let sound = !host.is_empty() && is_plain(authority) && !authority.contains('@');
    sound.then(|| (tls, host, port, authority.to_owned()))
}

/// Whether an environment variable can be called so.
fn is_variable(text: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    text.starts_with(is_first) && text.chars().all(|c| is_first(c) || c.is_ascii_digit())
}

/// Nothing that could be read as anything but itself.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'%' | b'?' | b'#' | b'"' | b'\\'))
}

/// `host`, `host:port`, `[::1]:port`.
fn split_port(authority: &str, default: u16) -> Option<(String, u16)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) = rest.split_once(']')?;
        let port = match after.strip_prefix(':') {
            Some(port) => port.parse().ok()?,
            None if after.is_empty() => default,
            None => return None,
        };
        return Some((host.to_owned(), port));
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host.to_owned(), port.parse().ok()?)),
        None => Some((authority.to_owned(), default)),
    }
}
