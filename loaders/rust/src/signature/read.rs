//! Reading a `.sig` file: four lines, of which the first two bytes in base64 name the algorithm.

use crate::limits::MAX_SIGNATURE_BYTES;
use minisign_verify::Signature;

use super::{base64, key};

/// How the lines with a comment begin.
const UNTRUSTED: &str = "untrusted comment: ";
const TRUSTED: &str = "trusted comment: ";

/// How many bytes the other two have before they are base64.
const SIGNATURE_BYTES: usize = 74;
const GLOBAL_BYTES: usize = 64;

/// What minisign signs with: the file's hash, or in its old form the file.
const ALGORITHMS: [&[u8]; 2] = [b"ED", b"Ed"];

/// A signature in one piece, of which nothing is checked yet.
pub(super) struct Read {
    pub(super) parsed: Signature,
    /// The key that made it, as it says.
    pub(super) key_id: String,
    lines: [String; 4],
}

impl Read {
    /// The same signature with another trusted comment.
    pub(super) fn with_comment(&self, comment: &str) -> Option<Signature> {
        let [untrusted, signature, _, global] = &self.lines;
        Signature::decode(&format!("{untrusted}\n{signature}\n{TRUSTED}{comment}\n{global}\n")).ok()
    }
}

/// Reads a signature; why it is none.
pub(super) fn read(bytes: &[u8]) -> Result<Read, String> {
    if bytes.len() > MAX_SIGNATURE_BYTES {
        return Err(foreign(&format!("it is larger than {MAX_SIGNATURE_BYTES} bytes")));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| foreign("it is not UTF-8 text"))?;
    let lines: Vec<&str> = text.lines().collect();
    // The end of the file may be missing, and then its last line may be short.
    let whole = text.ends_with('\n') || lines.len() > 4;
    for (at, line) in lines.iter().enumerate() {
        let cut = !whole && at + 1 == lines.len();
        let wrong = match at {
            0 => comment(UNTRUSTED, line, cut, 1),
            1 => number(SIGNATURE_BYTES, line, cut, 2),
            2 => comment(TRUSTED, line, cut, 3),
            3 => number(GLOBAL_BYTES, line, cut, 4),
            _ => Err(foreign("it has more than four lines")),
        };
        wrong?;
    }
    let lines: [&str; 4] = lines.try_into().map_err(|lines: Vec<&str>| truncated(lines.len() + 1))?;
    let signature = base64::decode(lines[1]).unwrap_or_default();
    if !ALGORITHMS.iter().any(|known| signature.starts_with(known)) {
        return Err(foreign("its line 2 names another algorithm"));
    }
    let key_id = key::key_id(&signature).ok_or_else(|| truncated(2))?;
    let parsed = Signature::decode(text).map_err(|_| foreign("it cannot be read"))?;
    Ok(Read { parsed, key_id, lines: lines.map(str::to_owned) })
}

fn comment(prefix: &str, line: &str, cut: bool, number: usize) -> Result<(), String> {
    match line {
        line if line.starts_with(prefix) => Ok(()),
        line if cut && prefix.starts_with(line) => Err(truncated(number)),
        _ => Err(foreign(&format!("its line {number} does not begin with `{}`", prefix.trim_end()))),
    }
}

fn number(bytes: usize, line: &str, cut: bool, number: usize) -> Result<(), String> {
    let found = base64::decode(line).map(|decoded| decoded.len());
    match found {
        Some(found) if found == bytes => Ok(()),
        _ if cut && line.len() < bytes.div_ceil(3) * 4 => Err(truncated(number)),
        _ => Err(foreign(&format!("its line {number} is not {bytes} bytes in base64"))),
    }
}

fn truncated(line: usize) -> String {
    format!("its signature is cut short in line {line} of 4; fetch it again")
}

fn foreign(why: &str) -> String {
    format!(
        "what stands beside it is not a minisign signature: {why}; put the `.sig` file that `govctl compile --sign-key` \
         writes there"
    )
}
