//! Reading one file: a regular one, up to its limit and no further.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Why a file is not read.
#[derive(Debug)]
pub enum Unread {
    /// Nothing is there.
    Absent,
    /// It is a folder, a pipe, a socket or a device. Opening one could wait for ever.
    NotRegular,
    /// It has more bytes than the limit.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The system says no.
    Refused(std::io::Error),
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Absent => f.write_str("there is no such file or folder"),
            Self::NotRegular => f.write_str("it is not a regular file"),
            Self::TooLarge { limit } => write!(f, "it is larger than {}", size(*limit)),
            Self::Refused(error) => f.write_str(&reason(error)),
        }
    }
}

impl std::error::Error for Unread {}

/// A regular file, opened. What is none is not even opened: that could wait for ever.
pub fn open(path: &Path) -> Result<File, Unread> {
    if !std::fs::metadata(path).map_err(unread)?.is_file() {
        return Err(Unread::NotRegular);
    }
    let file = File::open(path).map_err(unread)?;
    // It may have been exchanged in between.
    if !file.metadata().map_err(unread)?.is_file() {
        return Err(Unread::NotRegular);
    }
    Ok(file)
}

/// The bytes of a regular file, at most `limit` of them.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
    let file = open(path)?;
    let length = file.metadata().map_err(unread)?.len();
    if length > limit {
        return Err(Unread::TooLarge { limit });
    }
    // It may grow.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > limit {
        return Err(Unread::TooLarge { limit });
    }
    Ok(bytes)
}

/// What the system says, in few words.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// A limit as people read it: `64 KiB`, `256 MiB`.
pub fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    if bytes >= MIB { format!("{} MiB", bytes / MIB) } else { format!("{} KiB", bytes / KIB) }
}

fn unread(error: std::io::Error) -> Unread {
    if error.kind() == ErrorKind::NotFound { Unread::Absent } else { Unread::Refused(error) }
}
