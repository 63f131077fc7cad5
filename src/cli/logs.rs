//! Reading logs: plain or compressed, as lines, rows or objects, in any format that is known, however large.

use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value};

use crate::event::adapters::{self, Adapter};
use crate::event::split::{Cut, Shape, Splitter};
use crate::event::{Event, Fault, json, row};
use crate::limits::MAX_RECORD_BYTES;
use crate::load::file::{self, Unread};

/// So much is read at once.
const PIECE: usize = 1024 * 1024;

/// So much of the beginning says what a file is.
const BEGINNING: usize = 64 * 1024;

/// Takes every event, or what is wrong with a record, with the line on which it begins.
pub(super) type Each<'e> = dyn FnMut(u64, Result<&Event<'_>, Fault>, &'static Adapter) + 'e;

/// Reads a file, or stdin for `-`; the format is found out where none is named.
pub(super) fn read(path: &Path, format: Option<&'static Adapter>, each: &mut Each<'_>) -> Result<(), String> {
    let unreadable = |error: &io::Error| format!("cannot read `{}`: {}", path.display(), file::reason(error));
    let raw: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        if path.is_dir() {
            return Err(format!("cannot read `{}`: it is a folder; name the files in it", path.display()));
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
    stream(raw, format, each).map_err(|why| match why {
        Stopped::Unreadable(error) => unreadable(&error),
        Stopped::Unknown(why) => format!("cannot read `{}`: {why}", path.display()),
    })
}

/// Why a stream is not read to its end.
enum Stopped {
    Unreadable(io::Error),
    Unknown(String),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

fn stream(
    mut raw: Box<dyn Read>,
    format: Option<&'static Adapter>,
    each: &mut Each<'_>,
) -> Result<(), Stopped> {
    let mut beginning = Vec::new();
    fill(&mut raw, &mut beginning, 2)?;
    let is_compressed = beginning == [0x1f, 0x8b];
    let raw = io::Cursor::new(beginning).chain(raw);
    let mut plain: Box<dyn Read> =
        if is_compressed { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
    let mut piece = Vec::new();
    fill(&mut plain, &mut piece, BEGINNING)?;
    if piece.starts_with(b"\xef\xbb\xbf") {
        piece.drain(..3);
    }
    let shape = Shape::of(&piece);
    let mut splitter = Splitter::new(shape);
    let mut records = Records { shape, format, header: Vec::new(), unknown: None };
    while !piece.is_empty() && records.unknown.is_none() && !splitter.is_over() {
        splitter.feed(&piece, &mut |line, cut| records.take(line, cut, each));
        piece.clear();
        piece.resize(PIECE, 0);
        let read = loop {
            match plain.read(&mut piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        piece.truncate(read);
    }
    splitter.end(&mut |line, cut| records.take(line, cut, each));
    records.unknown.map_or(Ok(()), |why| Err(Stopped::Unknown(why)))
}

/// Reads until there is so much or nothing more.
fn fill(from: &mut dyn Read, into: &mut Vec<u8>, size: usize) -> io::Result<()> {
    from.take(size as u64).read_to_end(into).map(|_| ())
}

/// The records of a stream on their way to events.
struct Records {
    shape: Shape,
    format: Option<&'static Adapter>,
    /// Of rows: the names of the columns.
    header: Vec<String>,
    /// Why nothing can be made of them.
    unknown: Option<String>,
}

impl Records {
    fn take(&mut self, line: u64, cut: Cut<'_>, each: &mut Each<'_>) {
        if self.unknown.is_some() {
            return;
        }
        let format = self.format.unwrap_or(adapters::OWN);
        let mut fault = |what: &str| each(line, Err(Fault(what.to_owned())), format);
        match cut {
            Cut::Record(bytes) if self.shape == Shape::Rows => self.row(line, bytes, each),
            Cut::Record(bytes) => self.object(line, bytes, each),
            Cut::TooLong => {
                fault(&format!("the record is larger than {}", file::size(MAX_RECORD_BYTES as u64)));
            }
            Cut::Junk => fault("something stands between the objects, and nothing after it is read"),
            Cut::Torn => {
                let what = "it is cut off: it ends within an object or a list that began before";
                self.unknown = Some(format!("{what} (line {line})"));
            }
        }
    }

    fn object(&mut self, line: u64, bytes: &[u8], each: &mut Each<'_>) {
        if let Some(format) = self.format.filter(|format| std::ptr::eq(*format, adapters::OWN)) {
            return match json::read(bytes) {
                Ok(event) => each(line, Ok(&event), format),
                Err(fault) => each(line, Err(fault), format),
            };
        }
        let record = match serde_json::from_slice::<Map<String, Value>>(bytes) {
            Ok(record) => record,
            Err(error) => {
                return each(line, Err(json::fault(&error)), self.format.unwrap_or(adapters::OWN));
            }
        };
        let Some(format) = self.format.or_else(|| adapters::recognize(&record)) else {
            self.unknown = Some(format!("its format is not known; {}", name_it()));
            return;
        };
        self.format = Some(format);
        if std::ptr::eq(format, adapters::OWN) {
            return self.object(line, bytes, each);
        }
        (format.read)(&record, &mut |event| match event {
            Ok(event) => each(line, Ok(&event), format),
            Err(fault) => each(line, Err(fault), format),
        });
    }

    fn row(&mut self, line: u64, bytes: &[u8], each: &mut Each<'_>) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return each(
                line,
                Err(Fault("it is not UTF-8".to_owned())),
                self.format.unwrap_or(adapters::OWN),
            );
        };
        let cells = row::cells(text);
        if self.header.is_empty() {
            self.head(cells.iter().map(|cell| cell.trim().to_owned()).collect());
            return;
        }
        let Some(format) = self.format else { return };
        if cells.len() != self.header.len() {
            let fault = format!("the row has {} cells, and the header {}", cells.len(), self.header.len());
            return each(line, Err(Fault(fault)), format);
        }
        let values = cells.into_iter().map(|cell| Value::String(cell.into_owned()));
        let record: Map<String, Value> = self.header.iter().cloned().zip(values).collect();
        (format.read)(&record, &mut |event| match event {
            Ok(event) => each(line, Ok(&event), format),
            Err(fault) => each(line, Err(fault), format),
        });
    }

    /// The first row: what the columns are called, which says what the file is.
    fn head(&mut self, names: Vec<String>) {
        let record: Map<String, Value> = names.iter().map(|name| (name.clone(), Value::Null)).collect();
        if record.len() < names.len() {
            self.unknown = Some("two of its columns have one name".to_owned());
        }
        self.format = self.format.or_else(|| adapters::recognize(&record));
        if self.format.is_none() {
            self.unknown = Some(format!(
                "it is neither JSON nor a table whose first row names columns that are known; {}",
                name_it()
            ));
        }
        self.header = names;
    }
}

fn name_it() -> String {
    let names: Vec<&str> = adapters::ALL.iter().map(|adapter| adapter.name).collect();
    format!("if it is one of {}, say so with `--input`", names.join(", "))
}
