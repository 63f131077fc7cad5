//! Reading logs: plain or compressed, as lines, rows or objects, in any format that is known, however large.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;

use crate::event::adapters::Adapter;
use crate::event::block::{Block, Cutter, Each};
use crate::load::file::{self, Unread};
use crate::source::visible;

mod copies;

pub(super) use copies::each_once;

/// So much is read at once.
const PIECE: usize = 1024 * 1024;

/// So much of the beginning says what a file is.
const BEGINNING: usize = 64 * 1024;

/// So many blocks for each core are worked on while the next ones are read.
const BLOCKS: usize = 2;

/// A log that is being read.
pub(super) struct Log<'a> {
    path: &'a Path,
    plain: Box<dyn Read + Send>,
    cutter: Cutter,
    piece: Vec<u8>,
    /// So many bytes of the piece have been read.
    filled: usize,
    is_over: bool,
    /// Why it cannot be read any further.
    failed: Option<String>,
}

impl<'a> Log<'a> {
    /// Opens a file, or stdin for `-`; the format is found out where none is named.
    pub(super) fn open(path: &'a Path, format: Option<&'static Adapter>) -> Result<Self, String> {
        let raw: Box<dyn Read + Send> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            if path.is_dir() {
                return Err(format!(
                    "cannot read `{}`: it is a folder; name the files in it",
                    path.display()
                ));
            }
            let opened = file::open(path).map_err(|why| {
                let help = match why {
                    Unread::NotRegular => "; `-` reads stdin",
                    _ => "",
                };
                format!("cannot read `{}`: {why}{help}", path.display())
            });
            Box::new(opened?)
        };
        begun(path, raw, format)
    }

    /// The next records; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Block>, String> {
        while !self.is_over {
            let read = self.piece.get(..self.filled).unwrap_or_default();
            if read.is_empty() {
                self.cutter.end();
            } else {
                self.cutter.feed(read);
                self.failed = self.read().err().map(|error| unreadable(self.path, &error));
            }
            self.is_over = self.cutter.is_over() || self.failed.is_some();
            let block = self.cutter.block();
            if !block.is_empty() {
                return Ok(Some(block));
            }
        }
        let unknown =
            self.cutter.unknown().map(|why| format!("cannot read `{}`: {why}", self.path.display()));
        self.failed.clone().or(unknown).map_or(Ok(None), Err)
    }

    fn read(&mut self) -> io::Result<()> {
        // Only once: a pipe hands on little at a time.
        self.piece.resize(PIECE, 0);
        self.filled = loop {
            match self.plain.read(&mut self.piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        Ok(())
    }

    /// The next few blocks, and why there are not more; nothing but an end has none.
    fn some(&mut self) -> (Vec<Block>, Result<(), String>) {
        let mut blocks = Vec::new();
        while blocks.len() < BLOCKS * rayon::current_num_threads() {
            match self.next() {
                Ok(Some(block)) => blocks.push(block),
                Ok(None) => break,
                Err(why) => return (blocks, Err(why)),
            }
        }
        (blocks, Ok(()))
    }
}

/// The last page of every format that comes in pages: the files are one answer, in their order.
#[derive(Debug, Default)]
pub(super) struct Pages(BTreeMap<&'static str, (PathBuf, Option<String>)>);

impl Pages {
    fn turn(&mut self, log: &Log<'_>) {
        if let Some(page) = log.cutter.last_page() {
            self.0.insert(page.format, (log.path.to_path_buf(), page.more.clone()));
        }
    }

    /// Refuses an answer whose last page says that more follow: what is added up would be too little.
    pub(super) fn whole(&self) -> Result<(), String> {
        for (path, more) in self.0.values() {
            let Some(token) = more else { continue };
            let shown: String = token.chars().take(100).collect();
            let token = if token.is_empty() {
                String::new()
            } else {
                format!(", from `{}` on", visible::inline(&shown))
            };
            let path = path.display();
            return Err(format!(
                "cannot read `{path}` to its end: its last page says that more follow{token}; name their files after it"
            ));
        }
        Ok(())
    }
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    format!("cannot read `{}`: {}", path.display(), file::reason(error))
}

fn begun<'a>(
    path: &'a Path,
    mut raw: Box<dyn Read + Send>,
    format: Option<&'static Adapter>,
) -> Result<Log<'a>, String> {
    let failed = |error: io::Error| unreadable(path, &error);
    let mut beginning = Vec::new();
    fill(&mut raw, &mut beginning, 2).map_err(failed)?;
    let mut plain = unpacked(beginning, raw);
    let mut piece = Vec::new();
    fill(&mut plain, &mut piece, BEGINNING).map_err(failed)?;
    if let Some((kind, what)) = no_text(&piece) {
        return Err(format!("cannot read `{}`: it is {kind}; {what}", path.display()));
    }
    if piece.starts_with(b"\xef\xbb\xbf") {
        piece.drain(..3);
    }
    let cutter = Cutter::new(&piece, format);
    let filled = piece.len();
    Ok(Log { path, plain, cutter, piece, filled, is_over: false, failed: None })
}

/// The text of a stream that begins so: gzip is unpacked.
fn unpacked(beginning: Vec<u8>, rest: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
    let is_compressed = beginning == [0x1f, 0x8b];
    let raw = io::Cursor::new(beginning).chain(rest);
    if is_compressed { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) }
}

/// What a file is that is no text, and what to do with it.
fn no_text(beginning: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "unpack it first, or pipe it in as `-`";
    const EXPORT: &str = "export it as JSON or CSV";
    const KINDS: [(&[u8], &str, &str); 11] = [
        (b"BZh", "compressed with bzip2", UNPACK),
        (b"\xfd7zXZ\0", "compressed with xz", UNPACK),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd", UNPACK),
        (b"\x04\x22\x4d\x18", "compressed with lz4", UNPACK),
        (b"7z\xbc\xaf\x27\x1c", "an archive of 7-Zip", UNPACK),
        (b"PK\x03\x04", "a zip archive, or a workbook", UNPACK),
        (b"PAR1", "Parquet", EXPORT),
        (b"Obj\x01", "Avro", EXPORT),
        (b"ORC", "ORC", EXPORT),
        (b"SQLite format 3\0", "a database of SQLite", EXPORT),
        (b"%PDF-", "PDF", EXPORT),
    ];
    if beginning.starts_with(b"\xff\xfe") || beginning.starts_with(b"\xfe\xff") {
        return Some(("UTF-16", "write it as UTF-8"));
    }
    if beginning.get(257..262) == Some(b"ustar") {
        return Some(("an archive of tar", "unpack it first, and name the files in it"));
    }
    // Text has none of these bytes, and may begin like any of them.
    let is_text = std::str::from_utf8(beginning).is_ok() && !beginning.contains(&0);
    let kind = KINDS.iter().find(|(magic, ..)| beginning.starts_with(magic) && !is_text);
    kind.map(|(_, kind, what)| (*kind, *what))
}

/// Reads until there is so much or nothing more.
fn fill(from: &mut dyn Read, into: &mut Vec<u8>, size: usize) -> io::Result<()> {
    from.take(size as u64).read_to_end(into).map(|_| ())
}

/// Hands on every event of a log in its order; how many records ask no model, which are passed over.
pub(super) fn read(
    path: &Path,
    format: Option<&'static Adapter>,
    pages: &mut Pages,
    each: &mut Each<'_>,
) -> Result<u64, String> {
    let (mut log, mut passed) = (Log::open(path, format)?, 0);
    while let Some(block) = log.next()? {
        passed += block.each(each);
        log.cutter.take_back(block);
    }
    pages.turn(&log);
    Ok(passed)
}

/// Makes something of every block of a log on all cores, while the next ones are read, and takes it in their order.
pub(super) fn on_all_cores<P: Send>(
    path: &Path,
    format: Option<&'static Adapter>,
    pages: &mut Pages,
    make: &(dyn Fn(&Block) -> P + Sync),
    take: &mut dyn FnMut(&Block, P),
) -> Result<(), String> {
    let mut log = Log::open(path, format)?;
    let (mut blocks, mut read) = log.some();
    while !blocks.is_empty() {
        let is_last = read.is_err();
        let work = || blocks.par_iter().map(make).collect::<Vec<P>>();
        let (made, (next, more)) =
            rayon::join(work, || if is_last { (Vec::new(), Ok(())) } else { log.some() });
        for (block, part) in blocks.iter().zip(made) {
            take(block, part);
        }
        for block in blocks {
            log.cutter.take_back(block);
        }
        blocks = next;
        read = read.and(more);
    }
    pages.turn(&log);
    read
}
