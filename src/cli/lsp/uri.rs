//! Files as the protocol names them: `file:///a/b%20c`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::Uri;

/// The path of a file's URI; none of any other.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    path_of(uri.as_str())
}

/// The same of its text.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let path = rest.get(rest.find('/')?..)?;
    let path = path.split(['?', '#']).next()?;
    let decoded = decoded(path)?;
    // `/c:/…` is how the protocol writes drives.
    let bytes = decoded.as_bytes();
    let has_drive = bytes.get(1).is_some_and(u8::is_ascii_alphabetic) && bytes.get(2) == Some(&b':');
    let plain = if has_drive { decoded.get(1..)? } else { decoded.as_str() };
    Some(PathBuf::from(plain))
}

fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// The URI of a file.
pub(super) fn of(path: &Path) -> Option<Uri> {
    use std::fmt::Write as _;
    let shown = super::super::slashed(path);
    let mut text = String::from("file://");
    if !shown.starts_with('/') {
        text.push('/');
    }
    for byte in shown.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~') {
            text.push(char::from(byte));
        } else {
            // Nothing fails to be written into a text.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    Uri::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::{of, path, path_of};
    use std::path::Path;

    #[test]
    fn a_path_is_the_same_after_a_journey_as_a_uri() {
        for shown in ["/a/b.gov", "/a b/ü/𝄞.gov", "/a%20b/#x?.yaml", "/a+b/[c]"] {
            let uri = of(Path::new(shown)).expect("a uri");
            assert_eq!(path(&uri).as_deref(), Some(Path::new(shown)), "{}", uri.as_str());
        }
        assert_eq!(path_of("file://localhost/a").as_deref(), Some(Path::new("/a")));
        assert_eq!(path_of("file:///c%3A/a").as_deref(), Some(Path::new("c:/a")));
        for other in ["untitled:1", "http://a/b", "file://", "file:///%zz", "file:///%f", "file:///%ff"] {
            assert_eq!(path_of(other), None, "{other}");
        }
    }
}
