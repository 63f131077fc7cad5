//! Reading logs: plain or compressed, as lines, rows or objects, in any format that is known, however large.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;

use crate::event::adapters::Adapter;
use crate::event::block::{Block, Cutter, Each};
use crate::load::file::{self, Unread};
use crate::source::visible;

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
        begun(path, raw, format).map_err(|error| unreadable(path, &error))
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
) -> io::Result<Log<'a>> {
    let mut beginning = Vec::new();
    fill(&mut raw, &mut beginning, 2)?;
    let is_compressed = beginning == [0x1f, 0x8b];
    let raw = io::Cursor::new(beginning).chain(raw);
    let mut plain: Box<dyn Read + Send> =
        if is_compressed { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
    let mut piece = Vec::new();
    fill(&mut plain, &mut piece, BEGINNING)?;
    if piece.starts_with(b"\xef\xbb\xbf") {
        piece.drain(..3);
    }
    let cutter = Cutter::new(&piece, format);
    let filled = piece.len();
    Ok(Log { path, plain, cutter, piece, filled, is_over: false, failed: None })
}

/// Reads until there is so much or nothing more.
fn fill(from: &mut dyn Read, into: &mut Vec<u8>, size: usize) -> io::Result<()> {
    from.take(size as u64).read_to_end(into).map(|_| ())
}

/// Hands on every event of a log in its order.
pub(super) fn read(
    path: &Path,
    format: Option<&'static Adapter>,
    pages: &mut Pages,
    each: &mut Each<'_>,
) -> Result<(), String> {
    let mut log = Log::open(path, format)?;
    while let Some(block) = log.next()? {
        block.each(each);
        log.cutter.take_back(block);
    }
    pages.turn(&log);
    Ok(())
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

/// Refuses a file that is named twice, and one that holds what another one holds: everything in it would count twice.
pub(super) fn each_once<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> Result<(), String> {
    let mut known = BTreeSet::new();
    let mut by_size: BTreeMap<u64, Vec<&PathBuf>> = BTreeMap::new();
    for path in paths {
        let real = if path == Path::new("-") { None } else { path.canonicalize().ok() };
        if !known.insert(real.unwrap_or_else(|| path.clone())) {
            return Err(format!("`{}` is named twice, and would count twice: name it once", path.display()));
        }
        let size = path.metadata().ok().filter(std::fs::Metadata::is_file).map_or(0, |file| file.len());
        let others = by_size.entry(size).or_default();
        if let Some(other) = others.iter().find(|other| size > 0 && is_same(other, path)) {
            let (path, other) = (path.display(), other.display());
            return Err(format!("`{path}` holds what `{other}` holds, byte for byte, and would count twice"));
        }
        others.push(path);
    }
    Ok(())
}

/// Whether two files hold the same; what cannot be read is told when it is read.
fn is_same(one: &Path, other: &Path) -> bool {
    let (Ok(mut one), Ok(mut other)) = (file::open(one), file::open(other)) else { return false };
    let (mut here, mut there) = (Vec::new(), Vec::new());
    loop {
        here.clear();
        there.clear();
        let read =
            fill(&mut one, &mut here, BEGINNING).and_then(|()| fill(&mut other, &mut there, BEGINNING));
        if read.is_err() || here != there {
            return false;
        }
        if here.is_empty() {
            return true;
        }
    }
}
