//! Texts that name a place: what stands in a setting of a model is none.

use super::profile::VARIABLE;

/// Ends of names of files that could be those of hosts.
const FILES: [&str; 7] = ["md", "txt", "json", "yaml", "yml", "prompt", "tmpl"];

/// Whether a text holds a URL, or is the name or number of a host, with a port and a path or without.
pub(super) fn is_address(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    if ["://", "www.", VARIABLE].iter().any(|part| lower.contains(part)) || lower.starts_with("//") {
        return true;
    }
    let host = lower.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let bare = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let bare = bare.map_or(host, |(bare, _)| bare).trim_matches(['[', ']']);
    if [host, bare].into_iter().any(is_number) || bare == "localhost" {
        return true;
    }
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    bare.rsplit_once('.').is_some_and(|(before, end)| {
        let is_end = end.len() > 1 && end.chars().all(char::is_alphabetic) || end.starts_with("xn--");
        before.split('.').all(label) && is_end && !FILES.contains(&end)
    })
}

/// Whether a host is written as a number: `10.0.0.1`, `[::1]`.
fn is_number(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let is_part = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let six = host.trim_matches(['[', ']']);
    let is_six =
        six.matches(':').count() > 1 && six.bytes().all(|byte| byte == b':' || byte.is_ascii_hexdigit());
    (parts.len() == 4 && parts.iter().all(is_part)) || is_six
}
