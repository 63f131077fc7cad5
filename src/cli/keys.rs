//! Reading keys and signatures. What stands in a secret key never leaves this place but as a signature.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::compile::sign::{PASSWORD_VARIABLE, SigningKey};
use crate::limits::MAX_KEY_BYTES;
use crate::load::file::{self, Unread};
use crate::table::TrustedKey;

/// The secret key of a file, opened with the password of the environment where it has one.
pub(super) fn signing(path: &Path) -> Result<SigningKey, String> {
    let file = text(path)?;
    let password = std::env::var_os(PASSWORD_VARIABLE);
    let password = password
        .map(OsString::into_string)
        .transpose()
        .map_err(|_| format!("the password in {PASSWORD_VARIABLE} is not UTF-8"))?;
    SigningKey::open(&file, password.as_deref())
        .map_err(|why| format!("cannot sign with `{}`: {why}", path.display()))
}

/// The public keys of files.
pub(super) fn trusted(paths: &[PathBuf]) -> Result<Vec<TrustedKey>, String> {
    let key = |path: &PathBuf| {
        let key = text(path)?.parse::<TrustedKey>();
        key.map_err(|why| format!("cannot trust `{}`: {why}", path.display()))
    };
    paths.iter().map(key).collect()
}

/// Where the signature of a table stands.
pub(super) fn signature_path(table: &Path) -> PathBuf {
    let mut path = table.as_os_str().to_owned();
    path.push(".sig");
    path.into()
}

/// The beginning of what a signature's second line says: the method and the key. Of another key it is another one.
pub(super) fn named_in(signature: &[u8]) -> Option<String> {
    /// Base64 digits of two bytes of method and eight of key, the last without its two bits of what follows.
    const DIGITS: usize = 13;
    let line = std::str::from_utf8(signature).ok()?.lines().nth(1)?;
    line.get(..DIGITS).filter(|key| key.bytes().all(|byte| byte.is_ascii_graphic())).map(str::to_owned)
}

/// The signature beside a table, if there is one.
pub(super) fn signature_beside(table: &Path) -> Result<Option<Vec<u8>>, String> {
    let path = signature_path(table);
    match file::read(&path, MAX_KEY_BYTES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Unread::Absent) => Ok(None),
        Err(why) => Err(unreadable(&path, &why)),
    }
}

/// A key is a line of text; what is none has no character of a key in it.
fn text(path: &Path) -> Result<String, String> {
    let bytes = file::read(path, MAX_KEY_BYTES).map_err(|why| unreadable(path, &why))?;
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

fn unreadable(path: &Path, why: &Unread) -> String {
    format!("cannot read `{}`: {why}", path.display())
}
