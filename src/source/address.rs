//! Parts of addresses that others wrote.

/// The host of an address with its port, without a name and a password.
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default()
}

/// A host without its port; one in brackets keeps its colons.
pub fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether an address holds a name and a password, or a key behind a question mark.
pub fn holds_secret(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    host.contains('@') || url.contains('?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_cut_out_of_an_address() {
        for (url, whole, bare) in [
            ("https://api.openai.com/v1", "api.openai.com", "api.openai.com"),
            ("http://user:secret@10.0.0.1:8000?x#y", "10.0.0.1:8000", "10.0.0.1"),
            ("localhost:11434", "localhost:11434", "localhost"),
            ("http://[::1]:80/", "[::1]:80", "[::1]"),
            ("http://[::1]/", "[::1]", "[::1]"),
            ("", "", ""),
        ] {
            assert_eq!((host(url), without_port(host(url))), (whole, bare), "{url}");
        }
        assert!(
            holds_secret("https://a:b@c")
                && holds_secret("https://c/?key=1")
                && !holds_secret("https://c/x@y")
        );
    }
}
