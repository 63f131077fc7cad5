//! Text, spans, lines and columns.

pub mod address;
pub mod keys;
pub mod listed;
pub mod markup;
pub mod moved;
pub mod spans;
pub mod visible;

use std::borrow::Cow;
use std::sync::OnceLock;

/// What some editors write at the very start of a file; it says nothing in UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A text without the mark at its very start.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file of the workspace, by its position in [`Sources`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// No file: the place of what nobody wrote.
    pub const NONE: Self = Self(u32::MAX);
}

/// A stretch of text: byte offsets into one file, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that it lies in.
    pub file: FileId,
    /// The byte at which it begins.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end` of `file`; offsets past 4 GiB (beyond every size limit) saturate.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: small(start), end: small(end.max(start)) }
    }

    /// The very start of a file: the place of findings about a whole file.
    pub fn start_of(file: FileId) -> Self {
        Self { file, start: 0, end: 0 }
    }

    /// The smallest span that holds both; `other` must be of the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read there.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// What a file of a workspace holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `govctl.yaml`.
    Config,
    /// Providers and models.
    Registry,
    /// Use cases, in YAML.
    Estate,
    /// `.gov` statements.
    Policy,
    /// A file in one of the three folders that is not read.
    Ignored,
}

impl FileKind {
    /// The folder in which files of the kind stand, where `govctl.yaml` names no other; empty where there is none.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Estate => "estate",
            Self::Policy => "policies",
            Self::Config | Self::Ignored => "",
        }
    }

    /// How the names of its files end.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Policy => &["gov"],
            Self::Config | Self::Registry | Self::Estate => &["yaml", "yml"],
            Self::Ignored => &[],
        }
    }
}

/// One file as read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path in the workspace, `/`-separated.
    pub path: String,
    /// Its text, without a leading byte order mark.
    pub text: String,
    /// What it holds.
    pub kind: FileKind,
    /// False where the file could not be read and stands here only to give its findings a place.
    pub readable: bool,
    /// SHA-256 of the bytes on disk, lower-case hex; empty where not readable.
    pub sha256: String,
    line_starts: Vec<u32>,
    /// How many characters begin before each block of bytes: a file may be one line.
    counted: Vec<u32>,
    /// The file as it may be shown, where that is not as it is: looked at once, however many findings show it.
    tame: OnceLock<Option<Box<SourceFile>>>,
}

/// Bytes of a block.
const BLOCK: usize = 512;

/// Whether a character begins with a byte.
fn begins(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

impl SourceFile {
    /// A file from its text.
    pub fn new(path: impl Into<String>, kind: FileKind, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut line_starts = vec![0];
        let (mut counted, mut characters) = (Vec::new(), 0u32);
        for (at, byte) in text.bytes().enumerate() {
            if at % BLOCK == 0 {
                counted.push(characters);
            }
            characters = characters.saturating_add(u32::from(begins(byte)));
            if byte == b'\n' {
                line_starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        // So that the end of the file lies in a block.
        counted.push(characters);
        Self {
            path: path.into(),
            text,
            kind,
            readable: true,
            sha256: String::new(),
            line_starts,
            counted,
            tame: OnceLock::new(),
        }
    }

    /// The same file with stand-ins of the same length for every character that is hidden and every key: offsets stay.
    pub fn tame(&self) -> &Self {
        let tame = self.tame.get_or_init(|| {
            let visible = visible::same_length(&self.text);
            let text = match (keys::veiled(&visible), &visible) {
                (Cow::Owned(text), _) => text,
                (Cow::Borrowed(_), Cow::Owned(text)) => text.clone(),
                (Cow::Borrowed(_), Cow::Borrowed(_)) => return None,
            };
            Some(Box::new(Self::new(self.path.clone(), self.kind, text)))
        });
        tame.as_deref().unwrap_or(self)
    }

    /// The line of a byte offset, from 0, and where it starts.
    pub fn line_at(&self, offset: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|&start| start as usize <= offset).saturating_sub(1);
        (line, self.line_starts.get(line).copied().unwrap_or(0) as usize)
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = line.checked_sub(1).and_then(|i| self.line_starts.get(i)).copied().unwrap_or(0);
        // A place within a character is that of the character.
        let is_place = |at: &u32| self.text.is_char_boundary(*at as usize);
        let offset = (start..=offset).rev().find(is_place).unwrap_or(start);
        let before = self.before(offset).saturating_sub(self.before(start));
        (u32::try_from(line).unwrap_or(u32::MAX), before.saturating_add(1))
    }

    /// How many characters stand before a byte offset.
    fn before(&self, offset: u32) -> u32 {
        let block = offset as usize / BLOCK;
        let rest = self.text.as_bytes().get(block * BLOCK..offset as usize).unwrap_or_default();
        let rest = rest.iter().filter(|byte| begins(**byte)).count();
        let counted = self.counted.get(block).copied().unwrap_or(0);
        counted.saturating_add(u32::try_from(rest).unwrap_or(u32::MAX))
    }
}

/// All files of a workspace, in the order in which they were read.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and returns its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// The file of an id that these sources gave out.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// Path of a file, empty for a foreign id.
    pub fn path(&self, id: FileId) -> &str {
        self.file(id).map_or("", |file| file.path.as_str())
    }

    /// The text under a span, empty where it does not lie in its file.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).and_then(|f| f.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// Line and column of a span's start, both from 1.
    pub fn line_column(&self, span: Span) -> (u32, u32) {
        self.file(span.file).map_or((1, 1), |file| file.line_column(span.start))
    }

    /// Path and line of a span: `policies/main.gov:3`.
    pub fn place(&self, span: Span) -> String {
        format!("{}:{}", self.path(span.file), self.line_column(span).0)
    }

    /// Ids and files in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, file)| (FileId(u32::try_from(i).unwrap_or(u32::MAX)), file))
    }

    /// Ids and files of one kind, in order.
    pub fn of_kind(&self, kind: FileKind) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.iter().filter(move |(_, file)| file.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_however_long_a_line_is() {
        let text = format!("a\n{}\n\u{1f7e5}{}", "\u{e9}b\u{4e2d}".repeat(700), "c".repeat(2 * BLOCK));
        let file = SourceFile::new("x", FileKind::Policy, text.clone());
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
            let column = text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
            let offset = u32::try_from(at).unwrap_or(u32::MAX);
            assert_eq!(file.line_column(offset).1 as usize, column, "{at}");
        }
    }

    #[test]
    fn a_place_within_a_character_is_that_of_the_character() {
        let file = SourceFile::new("x", FileKind::Estate, "a: \u{1d11e}".to_owned());
        let columns: Vec<u32> = (3..8).map(|offset| file.line_column(offset).1).collect();
        assert_eq!(columns, [4, 4, 4, 4, 5]);
        assert_eq!(file.line_column(99).1, 5);
    }
}
