//! `govctl audit` over the events of all logs: judged on all cores, added up in the order of the logs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::audit::Format;
use super::progress::ProgressLine;
use super::{Answered, CommandError, Status, logs, terminal};
use crate::audit::report::{Report, Violation};
use crate::audit::{Auditor, Kind, render_human, render_json, render_sarif};
use crate::event::adapters::Adapter;
use crate::event::block::Block;
use crate::event::seen::{self, Place, Seen};
use crate::event::{Event, Fault, Field};
use crate::limits::shown;
use crate::model::words::some_plain;
use crate::render::human::thousands;
use crate::render::root::Root;
use crate::render::sarif;

/// So many bytes of a list are written at once.
const AT_ONCE: usize = 1024 * 1024;

/// What is asked of the events.
pub(super) struct Asked<'a> {
    pub(super) logs: &'a [PathBuf],
    pub(super) input: Option<&'static Adapter>,
    pub(super) allow: &'a [Kind],
    pub(super) examples: usize,
    pub(super) format: Format,
    pub(super) auditor: &'a Auditor,
    /// Requests are counted by month and use case.
    pub(super) counts_traffic: bool,
    /// What paths in SARIF are from.
    pub(super) root: &'a Root,
}

/// What was found in some records.
struct Part {
    report: Report,
    list: String,
    /// What identifies each event and the line of it; 0 where nothing does.
    ids: Vec<(u64, u64)>,
}

/// A log, and where it is in SARIF.
struct Of<'a> {
    path: &'a Path,
    artifact: Value,
}

impl Asked<'_> {
    fn report(&self) -> Report {
        Report::new(self.auditor.tables().all().len(), self.examples).with_traffic(self.counts_traffic)
    }

    /// Judges some records.
    fn part(&self, of: &Of<'_>, block: &Block) -> Part {
        let mut part = Part { report: self.report(), list: String::new(), ids: Vec::new() };
        let passed = block.each(&mut |line, event, adapter| {
            let mut is_wrong = false;
            match event {
                Err(Fault(why)) => {
                    part.report.unread += 1;
                    is_wrong |= self.wrong(&mut part, of, line, None, Kind::UnreadableEvent, &|| why.clone());
                    if is_wrong {
                        part.report.unreadable();
                    }
                    part.ids.push((0, line));
                }
                Ok(event) => {
                    let judged = self.auditor.judge(event, adapter.states, &mut |kind, message| {
                        is_wrong |= self.wrong(&mut part, of, line, Some(event), kind, message);
                    });
                    part.report.event(event, adapter, &judged, is_wrong);
                    part.ids.push((seen::id(event).unwrap_or(0), line));
                }
            }
        });
        part.report.passed = passed;
        part
    }

    /// Takes up something wrong; whether it is to be reported.
    fn wrong(
        &self,
        part: &mut Part,
        of: &Of<'_>,
        line: u64,
        event: Option<&Event<'_>>,
        kind: Kind,
        message: &dyn Fn() -> String,
    ) -> bool {
        if self.allow.contains(&kind) {
            return false;
        }
        let text = |field: Field| event.and_then(|event| event.text(field)).map(str::to_owned);
        let violation = || Violation {
            file: of.path.display().to_string(),
            line,
            request_id: text(Field::RequestId),
            use_case: event.and_then(Event::use_case).map(str::to_owned),
            message: message(),
        };
        match self.format {
            Format::Lines => part.list += &render_json::line(kind, &violation()),
            Format::Sarif => part.list += &render_sarif::result(kind, &violation(), &of.artifact),
            Format::Human | Format::Json => {}
        }
        part.report.wrong(kind, violation);
        true
    }
}

/// Everything that was found so far.
struct Found<'a> {
    asked: &'a Asked<'a>,
    report: Report,
    seen: Seen,
    list: String,
    /// How the list was written so far.
    written: Answered,
}

pub(super) fn run(asked: &Asked<'_>) -> Answered {
    logs::each_once(asked.logs)?;
    let (head, tail) = match asked.format {
        Format::Sarif => render_sarif::around(asked.root),
        _ => Default::default(),
    };
    let mut found = Found::new(asked, head);
    let read = found.read().and_then(|()| found.nothing());
    if asked.format == Format::Sarif {
        found.list += &render_sarif::end(&tail, read.as_ref().err().map(String::as_str));
    }
    found.answer(read)
}

/// What is wrong in all logs, added up.
pub(super) fn report(asked: &Asked<'_>) -> Result<Report, String> {
    logs::each_once(asked.logs)?;
    let mut found = Found::new(asked, String::new());
    found.read()?;
    Ok(found.report)
}

impl<'a> Found<'a> {
    fn new(asked: &'a Asked<'a>, list: String) -> Self {
        Found { asked, report: asked.report(), seen: Seen::default(), list, written: Ok(Status::Fine) }
    }
}

impl Found<'_> {
    fn read(&mut self) -> Result<(), String> {
        let progress = ProgressLine::of("auditing events");
        let read = self.read_all();
        drop(progress);
        self.report.forgotten = self.seen.forgotten();
        read
    }

    fn read_all(&mut self) -> Result<(), String> {
        let (asked, mut pages) = (self.asked, logs::Pages::default());
        for (file, path) in (0..).zip(asked.logs) {
            let of = Of { path, artifact: artifact(path, asked.root) };
            let before = self.report.events + self.report.unread;
            logs::on_all_cores(
                path,
                asked.input,
                &mut pages,
                &|block| asked.part(&of, block),
                &mut |block, part| {
                    self.take(file, &of, block, part);
                },
            )?;
            if self.report.events + self.report.unread == before {
                self.report.empty.push(path.display().to_string());
            }
        }
        pages.whole()
    }

    /// Refuses logs without any event: nothing was asked, which is not the same as that nothing is wrong.
    fn nothing(&self) -> Result<(), String> {
        let Report { events, passed, unread, .. } = self.report;
        let is_said = events > 0 || self.report.violations() > 0;
        if is_said { Ok(()) } else { Err(nothing(self.asked.logs, passed, unread)) }
    }

    fn take(&mut self, file: u32, of: &Of<'_>, block: &Block, part: Part) {
        let mut repeated: BTreeMap<usize, Place> = BTreeMap::new();
        for (at, (id, line)) in part.ids.iter().enumerate().filter(|(_, (id, _))| *id != 0) {
            if let Some(before) = self.seen.before(*id, Place { file, line: *line }) {
                repeated.insert(at, before);
            }
        }
        self.add(part.report, &part.list);
        if !repeated.is_empty() {
            self.repeats(of, block, &repeated);
        }
        if self.list.len() > AT_ONCE {
            let list = std::mem::take(&mut self.list);
            if matches!(self.written, Ok(Status::Fine)) {
                self.written = terminal::answer(&list, Status::Fine);
            }
        }
    }

    fn add(&mut self, report: Report, list: &str) {
        // Of the results of SARIF, the first has nothing before it.
        let is_first = self.asked.format == Format::Sarif && self.report.violations() == 0;
        self.list += if is_first { list.strip_prefix(',').unwrap_or(list) } else { list };
        self.report.add(report);
    }

    /// What was read before counts once, and is said.
    fn repeats(&mut self, of: &Of<'_>, block: &Block, repeated: &BTreeMap<usize, Place>) {
        let asked = self.asked;
        let mut part = Part { report: asked.report(), list: String::new(), ids: Vec::new() };
        let mut at = 0;
        block.each(&mut |line, event, adapter| {
            if let (Some(before), Ok(event)) = (repeated.get(&at), event) {
                let mut was_wrong = false;
                let judged = asked.auditor.judge(event, adapter.states, &mut |kind, _| {
                    was_wrong |= !asked.allow.contains(&kind);
                });
                self.report.repeat(event, &judged);
                let first = usize::try_from(before.file).ok().and_then(|at| asked.logs.get(at));
                let first = first.map(|path| path.display().to_string()).unwrap_or_default();
                let message = || format!("`{first}:{}` holds it already", before.line);
                let is_wrong = asked.wrong(&mut part, of, line, Some(event), Kind::RepeatedEvent, &message);
                if is_wrong && !was_wrong {
                    part.report.unreadable();
                }
            }
            at += 1;
        });
        self.add(part.report, &part.list);
    }

    fn answer(self, read: Result<(), String>) -> Answered {
        let (report, tables) = (&self.report, self.asked.auditor.tables());
        let status = if report.violations() == 0 { Status::Fine } else { Status::Negative };
        match self.asked.format {
            Format::Human => {
                read?;
                terminal::show(&render_human::render(report, tables), status)
            }
            Format::Json => {
                read?;
                terminal::answer(&render_json::render(report, tables), status)
            }
            Format::Lines | Format::Sarif => {
                let written = match self.written? {
                    Status::Fine => terminal::answer(&self.list, status)?,
                    // Nobody reads on: a negative answer stays one.
                    lost => {
                        if status == Status::Fine {
                            lost
                        } else {
                            status
                        }
                    }
                };
                read.map_err(CommandError::from)?;
                Ok(written)
            }
        }
    }
}

/// Why there is nothing to say about logs.
pub(super) fn nothing(logs: &[PathBuf], passed: u64, unread: u64) -> String {
    let names: Vec<String> = logs.iter().map(|path| format!("`{}`", path.display())).collect();
    let hold = if names.len() == 1 { "holds" } else { "hold" };
    let many = |count: u64, [one, several]: [&str; 2]| match count {
        0 => String::new(),
        1 => format!("; 1 record that {one}"),
        _ => format!("; {} records that {several}", thousands(count)),
    };
    let more = many(passed, ["asks no model, passed over", "ask no model, passed over"])
        + &many(unread, ["cannot be read"; 2]);
    format!("nothing was asked: {} {hold} no event{more}", some_plain(&names, shown::LOGS))
}

/// Where a log is in SARIF.
fn artifact(path: &Path, root: &Root) -> Value {
    match path.canonicalize() {
        Ok(real) if path != Path::new("-") => sarif::artifact(&super::slashed(&real), root),
        _ => json!({"uri": "-"}),
    }
}
