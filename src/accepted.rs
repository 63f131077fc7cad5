//! Changes and findings that somebody has accepted: by fingerprint, with an owner, a reason and a last day.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Finding, code, day};
use crate::model::Date;
use crate::source::{FileKind, SourceFile, Sources, Span, visible};
use crate::yaml::schema::{Schema, validate};
use crate::yaml::{self, Value};

/// How long what is proposed is accepted, in days.
pub const DAYS_PROPOSED: i64 = 90;

/// One change or finding that is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Of the change or finding.
    pub fingerprint: String,
    /// What it is, for people.
    pub what: String,
    /// Who answers for it.
    pub owner: String,
    /// Why it is accepted, as its owner says it.
    pub reason: String,
    /// The last day on which it is accepted.
    pub until: Date,
    /// Its line, from 1.
    pub line: u32,
}

/// A file of what is accepted.
#[derive(Debug, Clone, Default)]
pub struct Accepted {
    /// What the file is called.
    pub name: String,
    /// By fingerprint.
    entries: BTreeMap<String, Entry>,
}

/// A file that cannot be read, with why.
#[derive(Debug)]
pub struct Refused {
    /// The file that was read, for findings in it.
    pub sources: Sources,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl Accepted {
    /// Reads a file.
    pub fn read(name: &str, text: &str) -> Result<Self, Box<Refused>> {
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new(name, FileKind::Config, text));
        let (document, mut findings) = yaml::parse_as(Schema::Accepted, id, text);
        let mut accepted = Self { name: name.to_owned(), entries: BTreeMap::new() };
        if let Some(document) = &document {
            findings.extend(validate(Schema::Accepted, document));
            let mut places: BTreeMap<String, Span> = BTreeMap::new();
            for value in document.get("accepted").map(Value::items).unwrap_or_default() {
                let Some(entry) = entry(&sources, value, &mut findings) else { continue };
                if let Some(first) = places.insert(entry.fingerprint.clone(), value.span) {
                    let message = format!("`{}` is accepted twice", entry.fingerprint);
                    let finding = Finding::error(code::SCHEMA, value.span, message);
                    findings.push(finding.related(first, "first here").help("remove one of the two"));
                }
                accepted.entries.insert(entry.fingerprint.clone(), entry);
            }
        }
        if findings.is_empty() { Ok(accepted) } else { Err(Box::new(Refused { sources, findings })) }
    }

    /// Who accepted something, and why; none where nobody did or the day has passed.
    pub fn of(&self, fingerprint: &str, as_of: Date) -> Option<&Entry> {
        self.entries.get(fingerprint).filter(|entry| as_of <= entry.until)
    }

    /// Whether there is an entry, its day passed or not.
    pub fn has(&self, fingerprint: &str) -> bool {
        self.entries.contains_key(fingerprint)
    }

    /// What is accepted by one name is accepted by another, unless that has an entry of its own.
    pub fn rename(&mut self, before: &str, now: &str) {
        if !self.has(now)
            && let Some(entry) = self.entries.remove(before)
        {
            self.entries.insert(now.to_owned(), Entry { fingerprint: now.to_owned(), ..entry });
        }
    }

    /// Every entry, by fingerprint.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Without entries that another file does not have in the same words.
    pub fn keep_those_of(&mut self, other: &Self) {
        let same = |a: &Entry, b: &Entry| (&a.owner, &a.reason, a.until) == (&b.owner, &b.reason, b.until);
        self.entries.retain(|name, entry| other.entries.get(name).is_some_and(|known| same(known, entry)));
    }

    /// What people have to know of entries: whose day has passed, and what no longer occurs, as far as it was looked for.
    /// One line each, by line.
    pub fn notes(
        &self,
        occurring: &BTreeSet<String>,
        as_of: Date,
        is_looked_for: impl Fn(&Entry) -> bool,
    ) -> Vec<String> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by_key(|entry| entry.line);
        let notes = entries.into_iter().filter_map(|entry| {
            let place = format!("`{}:{}`", self.name, entry.line);
            let what = if entry.what.is_empty() { &entry.fingerprint } else { &entry.what };
            if !occurring.contains(&entry.fingerprint) {
                let note = || format!("{place} accepts what no longer occurs, so remove it: {what}");
                return is_looked_for(entry).then(note);
            }
            let is_over = as_of > entry.until;
            is_over.then(|| format!("{place} was accepted until {}, so it counts again: {what}", entry.until))
        });
        notes.collect()
    }
}

/// An entry, as far as the schema lets it be one.
fn entry(sources: &Sources, value: &Value, findings: &mut Vec<Finding>) -> Option<Entry> {
    let text = |key: &str| value.get(key).and_then(Value::text).unwrap_or_default().trim().to_owned();
    // A reason of several lines is one sentence after another.
    let prose = |key: &str| text(key).split_whitespace().collect::<Vec<_>>().join(" ");
    let until = value.get("until")?;
    let Some(day) = until.text().and_then(|text| text.parse::<Date>().ok()) else {
        // What is no text at all the schema reports.
        // The schema reports what is not even written as one.
        let is_shaped = |text: &&str| {
            text.len() == 10
                && text.bytes().filter(u8::is_ascii_digit).count() == 8
                && text.bytes().enumerate().all(|(at, byte)| matches!(at, 4 | 7) == (byte == b'-'))
        };
        findings.extend(until.text().filter(is_shaped).map(|text| {
            Finding::error(code::SCHEMA, until.span, format!("there is no day `{text}`"))
                .help(day::no_day(text))
        }));
        return None;
    };
    Some(Entry {
        fingerprint: text("fingerprint"),
        what: prose("what"),
        owner: text("owner"),
        reason: prose("reason"),
        until: day,
        line: sources.line_column(value.span).0,
    })
}

/// Entries as a file: what is proposed is written to be read again.
pub fn write(about: &str, entries: &[Entry]) -> String {
    let about = visible::comment(about);
    // What is hidden is read as it is shown: the reader takes no text with it.
    let quoted = |text: &str| yaml::write::quoted(&visible::inline(text));
    let mut text = format!("# {about}\n# Say of each who answers for it, why, and how long.\naccepted:");
    if entries.is_empty() {
        return text + " []\n";
    }
    text.push('\n');
    for entry in entries {
        text += &format!(
            "  - fingerprint: {}\n    what: {}\n    owner: {}\n    reason: {}\n    until: {}\n",
            quoted(&entry.fingerprint),
            quoted(&entry.what),
            quoted(&entry.owner),
            quoted(&entry.reason),
            entry.until,
        );
    }
    text
}
