//! Logs that hold the same: everything in them would count twice.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{BEGINNING, fill, unpacked};
use crate::load::file;

/// Refuses a file that is named twice, and one that holds what another one holds, packed or not, and whatever its line
/// ends are.
pub(in crate::cli) fn each_once<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> Result<(), String> {
    let mut known = BTreeSet::new();
    let mut begun: BTreeMap<Vec<u8>, Vec<&PathBuf>> = BTreeMap::new();
    for path in paths {
        let real = if path == Path::new("-") { None } else { path.canonicalize().ok() };
        if !known.insert(real.unwrap_or_else(|| path.clone())) {
            return Err(format!("`{}` is named twice, and would count twice: name it once", path.display()));
        }
        // What cannot be read is told when it is read.
        let Some(beginning) = Lines::of(path).and_then(|mut lines| lines.beginning()) else { continue };
        if beginning.is_empty() {
            continue;
        }
        let others = begun.entry(beginning).or_default();
        if let Some(other) = others.iter().find(|other| is_same(other, path)) {
            let how = if is_same_in_bytes(other, path) { "byte for byte" } else { "line for line" };
            let (path, other) = (path.display(), other.display());
            return Err(format!("`{path}` holds what `{other}` holds, {how}, and would count twice"));
        }
        others.push(path);
    }
    Ok(())
}

/// So many bytes at the beginning tell most logs apart; those that do not differ there are compared whole.
const COMPARED: usize = 1024;

/// Whether two files hold the same lines.
fn is_same(one: &Path, other: &Path) -> bool {
    let (Some(mut one), Some(mut other)) = (Lines::of(one), Lines::of(other)) else { return false };
    loop {
        match (one.next(), other.next()) {
            (Ok(None), Ok(None)) => return true,
            (Ok(one), Ok(other)) if one == other => {}
            _ => return false,
        }
    }
}

fn is_same_in_bytes(one: &Path, other: &Path) -> bool {
    let size = |path: &Path| path.metadata().map(|file| file.len()).ok();
    size(one) == size(other)
        && match (file::open(one), file::open(other)) {
            (Ok(one), Ok(other)) => {
                let (one, other) = (io::BufReader::new(one), io::BufReader::new(other));
                one.bytes().zip(other.bytes()).all(|pair| matches!(pair, (Ok(a), Ok(b)) if a == b))
            }
            _ => false,
        }
}

/// The bytes of a file without those that separate its records in one way or another: it is unpacked, carriage returns and
/// blank lines are left out, and so is a line feed at its end.
struct Lines {
    from: Box<dyn Read + Send>,
    piece: Vec<u8>,
    at: usize,
    is_begun: bool,
    /// A line feed has been read and not handed on.
    has_ended: bool,
    /// What comes behind it.
    waiting: Option<u8>,
}

impl Lines {
    /// Of a regular file: what comes through a pipe comes once.
    fn of(path: &Path) -> Option<Self> {
        let is_file = path.metadata().is_ok_and(|file| file.is_file());
        let mut raw: Box<dyn Read + Send> = Box::new(file::open(path).ok().filter(|_| is_file)?);
        let mut beginning = Vec::new();
        fill(&mut raw, &mut beginning, 2).ok()?;
        let from = unpacked(beginning, raw);
        Some(Self { from, piece: Vec::new(), at: 0, is_begun: false, has_ended: false, waiting: None })
    }

    fn beginning(&mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < COMPARED {
            match self.next() {
                Ok(Some(byte)) => bytes.push(byte),
                Ok(None) => break,
                Err(_) => return None,
            }
        }
        Some(bytes)
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        if let Some(byte) = self.waiting.take() {
            return Ok(Some(byte));
        }
        while let Some(byte) = self.byte()? {
            match byte {
                b'\r' => {}
                b'\n' => self.has_ended = self.is_begun,
                byte if std::mem::take(&mut self.has_ended) => {
                    self.waiting = Some(byte);
                    return Ok(Some(b'\n'));
                }
                byte => {
                    self.is_begun = true;
                    return Ok(Some(byte));
                }
            }
        }
        Ok(None)
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.piece.len() {
            self.at = 0;
            self.piece.clear();
            fill(&mut *self.from, &mut self.piece, BEGINNING)?;
        }
        let byte = self.piece.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }
}
