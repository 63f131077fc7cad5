//! Records of a stream in blocks: cut where they are read, made into events on any thread.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::adapters::{self, Adapter};
use super::split::{Cut, Shape, Splitter};
use super::{Event, Fault, json, row};
use crate::limits::MAX_RECORD_BYTES;
use crate::limits::effort;

/// Takes every event, or what is wrong with a record, with the line on which it begins.
pub type Each<'e> = dyn FnMut(u64, Result<&Event<'_>, Fault>, &'static Adapter) + 'e;

/// Some records that follow each other.
#[derive(Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    records: Vec<(u64, Piece)>,
    shape: Option<Shape>,
    format: Option<&'static Adapter>,
    header: Arc<Vec<String>>,
}

/// A record, or why there is none.
#[derive(Debug)]
enum Piece {
    Record(Range<usize>),
    Fault(String),
}

impl Block {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Hands on its events in their order; how many records ask no model, which are passed over.
    pub fn each(&self, each: &mut Each<'_>) -> u64 {
        let format = self.format.unwrap_or(adapters::OWN);
        let (mut own, mut passed) = (Event::default(), 0);
        for (line, piece) in &self.records {
            match piece {
                Piece::Fault(why) => each(*line, Err(Fault(why.clone())), format),
                Piece::Record(range) => {
                    let bytes = self.bytes.get(range.clone()).unwrap_or_default();
                    if self.shape == Some(Shape::Rows) {
                        passed += self.row(*line, bytes, format, each);
                    } else if std::ptr::eq(format, adapters::OWN) {
                        let read = json::read_into(bytes, &mut own);
                        each(*line, read.map(|()| &own), format);
                    } else {
                        passed += object(*line, bytes, format, each);
                    }
                }
            }
        }
        passed
    }

    fn row(&self, line: u64, bytes: &[u8], format: &'static Adapter, each: &mut Each<'_>) -> u64 {
        let mut wrong = |fault: String| {
            each(line, Err(Fault(fault)), format);
            0
        };
        let Ok(text) = std::str::from_utf8(bytes) else { return wrong("it is not UTF-8".to_owned()) };
        let cells = row::cells(text);
        if cells.len() != self.header.len() {
            return wrong(format!("the row has {} cells, and the header {}", cells.len(), self.header.len()));
        }
        let values = cells.into_iter().map(|cell| Value::String(cell.into_owned()));
        let record: Map<String, Value> = self.header.iter().cloned().zip(values).collect();
        read(line, &record, format, each)
    }
}

fn object(line: u64, bytes: &[u8], format: &'static Adapter, each: &mut Each<'_>) -> u64 {
    match serde_json::from_slice::<Map<String, Value>>(bytes) {
        Ok(record) => read(line, &record, format, each),
        Err(error) => {
            each(line, Err(json::fault(&error)), format);
            0
        }
    }
}

fn read(line: u64, record: &Map<String, Value>, format: &'static Adapter, each: &mut Each<'_>) -> u64 {
    (format.read)(record, &mut |event| match event {
        Ok(event) => each(line, Ok(&event), format),
        Err(fault) => each(line, Err(fault), format),
    })
}

/// Cuts a stream into blocks, and finds out what its records are where nobody says.
#[derive(Debug)]
pub struct Cutter {
    splitter: Splitter,
    made: Maker,
}

/// What is cut so far.
#[derive(Debug)]
struct Maker {
    shape: Shape,
    format: Option<&'static Adapter>,
    /// Of rows: the names of the columns.
    header: Arc<Vec<String>>,
    block: Block,
    /// Blocks that were worked on: their memory is used again.
    spare: Vec<Block>,
    /// The last page of an answer, where records are pages.
    last_page: Option<Page>,
    /// What is wrong with the first record, as long as none says what all are.
    unread: Option<(u64, String)>,
    /// Why nothing more can be made of them.
    unknown: Option<String>,
}

/// A page of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What answers so.
    pub format: &'static str,
    /// Whether others follow: under which token, as far as it is said.
    pub more: Option<String>,
}

impl Cutter {
    /// Of a stream that begins so; its format is found out where none is named.
    pub fn new(beginning: &[u8], format: Option<&'static Adapter>) -> Self {
        let shape = Shape::of(beginning);
        let (block, spare, header) = (Block::default(), Vec::new(), Arc::default());
        let (last_page, unread, unknown) = (None, None, None);
        let made = Maker { shape, format, header, block, spare, last_page, unread, unknown };
        Self { splitter: Splitter::new(shape), made }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.splitter.feed(bytes, &mut |line, cut| self.made.take(line, cut));
    }

    /// There are no more bytes.
    pub fn end(&mut self) {
        self.splitter.end(&mut |line, cut| self.made.take(line, cut));
        let unread = self.made.unread.take().filter(|_| self.made.format.is_none());
        if let Some((line, why)) = unread {
            let what = format!("no record of it can be read: line {line}: {why}; {}", name_it());
            self.made.unknown.get_or_insert(what);
        }
    }

    /// The last page that was read, where records are pages.
    pub fn last_page(&self) -> Option<&Page> {
        self.made.last_page.as_ref()
    }

    /// Whether nothing more is taken.
    pub fn is_over(&self) -> bool {
        self.made.unknown.is_some() || self.splitter.is_over()
    }

    /// Why nothing can be made of what follows, where that is so.
    pub fn unknown(&self) -> Option<&str> {
        self.made.unknown.as_deref()
    }

    /// What was cut since the last time.
    pub fn block(&mut self) -> Block {
        let next = self.made.spare.pop().unwrap_or_default();
        let block = std::mem::replace(&mut self.made.block, next);
        let header = Arc::clone(&self.made.header);
        Block { shape: Some(self.made.shape), format: self.made.format, header, ..block }
    }

    /// Takes back a block that was worked on.
    pub fn take_back(&mut self, mut block: Block) {
        if block.bytes.capacity() <= effort::SPARE_BLOCK_BYTES {
            block.bytes.clear();
            block.records.clear();
            self.made.spare.push(block);
        }
    }
}

impl Maker {
    fn take(&mut self, line: u64, cut: Cut<'_>) {
        if self.unknown.is_some() {
            return;
        }
        match cut {
            Cut::Record(bytes) if self.shape == Shape::Rows && self.header.is_empty() => {
                self.head(line, bytes);
            }
            Cut::Record(bytes) if self.format.is_none() => self.first(line, bytes),
            Cut::Record(bytes) => self.keep(line, bytes),
            Cut::TooLong { of_many } => {
                let why = format!("the record is larger than {} MiB", MAX_RECORD_BYTES / (1024 * 1024));
                if of_many {
                    let what = "so its events cannot be counted; write one event per line";
                    self.unknown = Some(format!("line {line}: {why}, {what}"));
                } else {
                    self.fault(line, why);
                }
            }
            Cut::Broken => self.fault(line, "the line ends within a list or an object".to_owned()),
            Cut::Torn => {
                let what = "it is cut off: it ends within an object or a list that began before";
                self.unknown = Some(format!("{what} (line {line})"));
            }
            Cut::OpenQuote => {
                let what = "the quote that opens there is not closed at the end of a cell";
                self.unknown =
                    Some(format!("line {line}: {what}; close it, or write `\"\"` for one in a cell"));
            }
            Cut::Late => {
                let what = "a document of this size needs `resource`, `start_time` and `starting_at` before the \
                            list that they are of";
                self.unknown =
                    Some(format!("line {line}: {what}; put them first, or write smaller documents"));
            }
        }
    }

    fn keep(&mut self, line: u64, bytes: &[u8]) {
        self.page(bytes);
        let from = self.block.bytes.len();
        self.block.bytes.extend_from_slice(bytes);
        self.block.records.push((line, Piece::Record(from..self.block.bytes.len())));
    }

    /// Looks whether a page says that more follow.
    fn page(&mut self, bytes: &[u8]) {
        let Some(format) = self.format.filter(|format| format.is_paged) else { return };
        if !PAGED.iter().any(|key| memchr::memmem::find(bytes, key.as_bytes()).is_some()) {
            return;
        }
        let Ok(record) = serde_json::from_slice::<Map<String, Value>>(bytes) else { return };
        let number = |key: &str| record.get(key).and_then(Value::as_u64);
        let more = if let Some(has_more) = record.get("has_more") {
            let token = || record.get("next_page").and_then(Value::as_str).unwrap_or_default().to_owned();
            has_more.as_bool().unwrap_or_default().then(token)
        } else if let (Some(page), Some(last)) = (number("page"), number("total_pages")) {
            (page < last).then(|| page.saturating_add(1).to_string())
        } else {
            return;
        };
        self.last_page = Some(Page { format: format.name, more });
    }

    fn fault(&mut self, line: u64, why: String) {
        if self.format.is_none() && self.unread.is_none() {
            self.unread = Some((line, why.clone()));
        }
        self.block.records.push((line, Piece::Fault(why)));
    }

    /// The first object that can be read says what all are.
    fn first(&mut self, line: u64, bytes: &[u8]) {
        match serde_json::from_slice::<Map<String, Value>>(bytes) {
            Err(error) => self.fault(line, json::fault(&error).0),
            Ok(record) => match adapters::recognize(&record) {
                None => self.unknown = Some(format!("its format is not known; {}", name_it())),
                format => {
                    self.format = format;
                    self.keep(line, bytes);
                }
            },
        }
    }

    /// The first row: what the columns are called, which says what the file is.
    fn head(&mut self, line: u64, bytes: &[u8]) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return self.fault(line, "it is not UTF-8".to_owned());
        };
        let names: Vec<String> = row::cells(text).iter().map(|cell| cell.trim().to_owned()).collect();
        let record: Map<String, Value> = names.iter().map(|name| (name.clone(), Value::Null)).collect();
        if record.len() < names.len() {
            self.unknown = Some("two of its columns have one name".to_owned());
        }
        self.format = self.format.or_else(|| adapters::recognize(&record));
        self.unknown = self.unknown.take().or_else(|| match (separator(&names), self.format) {
            (Some(by), _) => Some(format!("its columns are separated by {by}, and not by commas")),
            (None, Some(format)) => lacking(format, &names),
            (None, None) => Some(format!(
                "it is neither JSON nor a table whose first row names columns that are known; {}",
                name_it()
            )),
        });
        self.header = Arc::new(names);
    }
}

/// By which of these a page says whether others follow.
const PAGED: [&str; 2] = ["has_more", "total_pages"];

/// What separates the columns of a table that has one only by commas.
fn separator(names: &[String]) -> Option<&'static str> {
    let [all] = names else { return None };
    [("`;`", ';'), ("tabs", '\t'), ("`|`", '|')]
        .into_iter()
        .find(|(_, by)| all.contains(*by))
        .map(|(by, _)| by)
}

/// Which columns a table lacks without which it says nothing.
fn lacking(format: &'static Adapter, names: &[String]) -> Option<String> {
    let is_there = |column: &&&str| names.iter().any(|name| name == *column);
    let missing: Vec<String> =
        format.columns.iter().filter(|one| !is_there(one)).map(|one| format!("`{one}`")).collect();
    if missing.is_empty() {
        return None;
    }
    let word = if missing.len() == 1 { "column" } else { "columns" };
    let text = format!(
        "its first row does not name the {word} {}, without which a table of `{}` says nothing",
        missing.join(" and "),
        format.name
    );
    // What was meant for the table that finance keeps is taken for events, where it names a use case alone.
    let is_own = std::ptr::eq(format, adapters::OWN);
    Some(if is_own { text + "; one of `spend` has `use_case`, `month` and `usd`" } else { text })
}

fn name_it() -> String {
    let names: Vec<&str> = adapters::ALL.iter().map(|adapter| adapter.name).collect();
    format!("if it is one of {}, say so with `--input`", names.join(", "))
}
