//! `# govctl: allow(code) reason`: a warning silenced where it stands, and `unused-allow` where none is left to silence.

use std::collections::{BTreeMap, BTreeSet, HashMap};

mod foreign_comments;

use super::last_day::{self, DAY, Said, Within, Wrong};
use super::places::Places;
use super::{CHECKS, Check, Family, Run};
use crate::diag::fix::{Applies, Change, Fix};
use crate::diag::slip::is_slip;
use crate::diag::{Code, Finding, Severity, Silenced, day, nearest};
use crate::model::Date;
use crate::source::{FileId, SourceFile, Sources, Span};

pub(super) const CHECK: Check = Check {
    code: Code("unused-allow"),
    severity: Severity::Warning,
    family: Family::Accountability,
    summary: "a comment silences a finding that does not occur",
    why: "A comment that silences nothing hides the next finding of that kind at the same place.",
    example: example!("unused-allow"),
    hides: &[],
    run: Run::Reading,
};

pub(super) const MARK: &str = "govctl: allow(";

/// A comment that silences.
struct Allow {
    code: String,
    reason: String,
    /// Its last day, where it has one; one that does not exist as it is written.
    until: Option<Result<Date, Wrong>>,
    /// Where that is written.
    day: Option<Span>,
    /// The end that its reason speaks of, and where.
    within: Option<(Within, Span)>,
    /// The comment, from its mark to its closing parenthesis.
    span: Span,
    /// What it covers: its line, or where it stands alone the line below it and other comments; the whole statement
    /// that begins there.
    covers: Span,
    is_statement: bool,
    used: bool,
}

/// Whether a text can have such a comment.
pub fn may_silence(text: &str) -> bool {
    text.contains("govctl:")
}

/// The lines of a file on which a comment silences a code.
pub fn lines(id: FileId, file: &SourceFile, code: Code, as_of: Date) -> Vec<Span> {
    let all = allows(id, file, &Places::default());
    let of_code = all.into_iter().filter(|allow| allow.code == code.0 && allow.silences(as_of));
    of_code.map(|allow| allow.covers).collect()
}

/// Splits off what comments silence; comments that silence nothing are findings themselves.
///
/// `resting` are the statements that are not in force: nothing is said of comments on them. Nor is anything said of a
/// comment about what catalogues say where nobody `asked` any.
pub fn apply(
    sources: &Sources,
    statements: &[Span],
    resting: &[Span],
    as_of: Date,
    asked: bool,
    findings: Vec<Finding>,
) -> (Vec<Finding>, Vec<Silenced>) {
    let statements = Places::of(statements.iter().copied());
    let mut allows: Vec<Allow> =
        sources.iter().flat_map(|(id, file)| allows(id, file, &statements)).collect();
    let covers = Covers::of(&allows, as_of);
    let (mut kept, mut silenced) = (Vec::new(), Vec::new());
    for finding in findings {
        let is_warning = finding.severity == Severity::Warning;
        let silences = covers.first(finding.code.0, finding.primary.span).filter(|_| is_warning);
        match silences.and_then(|at| allows.get_mut(at)) {
            Some(allow) => {
                allow.used = true;
                let until = allow.until.clone().and_then(Result::ok);
                silenced.push(Silenced { finding, reason: allow.reason.clone(), until });
            }
            None => kept.push(finding),
        }
    }
    let resting = Places::of(resting.iter().copied());
    let rests = |allow: &&Allow| resting.around(allow.covers.file, allow.covers.start);
    let waits = |allow: &&Allow| !asked && allow.waits(as_of);
    let is_unused = |allow: &&Allow| !allow.used && !rests(allow) && !waits(allow);
    kept.extend(
        allows.iter().filter(|allow| allow.used && !rests(allow)).filter_map(|allow| ended(allow, as_of)),
    );
    let unused: Vec<&Allow> = allows.iter().filter(is_unused).collect();
    if !unused.is_empty() {
        let standing = Standing::of(&kept);
        let told: Vec<Finding> = unused.into_iter().map(|allow| finding(allow, as_of, &standing)).collect();
        kept.extend(told);
    }
    kept.extend(sources.iter().flat_map(|(id, file)| foreign_comments::find(id, file)));
    (kept, silenced)
}

/// What comments that may silence cover, statements and single lines apart: of each kind none stands within another.
#[derive(Default)]
struct Covers {
    statements: ByPlace,
    lines: ByPlace,
}

/// By code: by file and where it begins, where it ends and the first comment that covers it.
type ByPlace = HashMap<String, BTreeMap<(FileId, u32), (u32, usize)>>;

impl Covers {
    fn of(allows: &[Allow], as_of: Date) -> Self {
        let mut covers = Self::default();
        for (at, allow) in allows.iter().enumerate().filter(|(_, allow)| allow.silences(as_of)) {
            let kind = if allow.is_statement { &mut covers.statements } else { &mut covers.lines };
            let of_code = kind.entry(allow.code.clone()).or_default();
            of_code.entry((allow.covers.file, allow.covers.start)).or_insert((allow.covers.end, at));
        }
        covers
    }

    /// The first comment that silences a code at a place.
    fn first(&self, code: &str, place: Span) -> Option<usize> {
        let kinds = [&self.statements, &self.lines].into_iter().filter_map(|kind| kind.get(code));
        let near = kinds.flat_map(|kind| {
            kind.range((place.file, 0)..=(place.file, place.start)).rev().take(2).map(|(_, cover)| *cover)
        });
        near.filter(|(end, _)| place.start <= *end).map(|(_, at)| at).min()
    }
}

impl Allow {
    /// Whether it may silence anything: it says why, and its last day has not passed.
    fn silences(&self, as_of: Date) -> bool {
        self.lasts(as_of) && !self.reason.is_empty()
    }

    fn lasts(&self, as_of: Date) -> bool {
        self.until.as_ref().is_none_or(|until| until.as_ref().is_ok_and(|day| as_of <= *day))
    }

    /// Whether only catalogues can tell if there is anything to silence.
    fn waits(&self, as_of: Date) -> bool {
        self.lasts(as_of)
            && super::named(&self.code).is_some_and(|check| matches!(check.run, Run::Catalogues))
    }
}

/// Where warnings stand that nothing silences, by code.
struct Standing(BTreeSet<(&'static str, FileId, u32)>);

impl Standing {
    fn of(findings: &[Finding]) -> Self {
        let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning);
        let place = |finding: &Finding| {
            let Code(code) = finding.code;
            (code, finding.primary.span.file, finding.primary.span.start)
        };
        Self(warnings.map(place).collect())
    }

    /// Whether a comment would silence any of a code.
    fn has(&self, allow: &Allow, code: &str) -> bool {
        let Some(check) = super::named(code) else { return false };
        let (Code(code), covers) = (check.code, allow.covers);
        let place = |at: u32| (code, covers.file, at);
        self.0.range(place(covers.start)..=place(covers.end)).next().is_some()
    }
}

/// What is wrong with a comment that silences nothing. What it could silence is only offered where that occurs.
fn finding(allow: &Allow, as_of: Date, standing: &Standing) -> Finding {
    let code = &allow.code;
    let remove = || Fix::safe("remove the comment", Change::Comment(allow.span));
    match super::named(code).map(|rule| rule.severity) {
        Some(Severity::Warning) if let Some(Err(wrong)) = &allow.until => no_end(allow, wrong),
        Some(Severity::Warning)
            if allow.until.as_ref().is_some_and(|day| day.as_ref().is_ok_and(|day| *day < as_of)) =>
        {
            CHECK
                .finding(allow.span, format!("`{code}` is no longer silenced here: its last day has passed"))
                .help("mend what it reports and remove the comment, or give it a later day")
                .fix(remove())
                .later(allow, as_of, standing)
        }
        Some(Severity::Warning) if allow.reason.is_empty() && standing.has(allow, code) => CHECK
            .finding(allow.span, format!("a comment that silences `{code}` says why"))
            .help(format!("write `# govctl: allow({code}) reason`")),
        Some(Severity::Error) => CHECK
            .finding(allow.span, format!("`{code}` is an error and cannot be silenced"))
            .help("mend what it reports, and remove this comment")
            .fix(remove()),
        Some(Severity::Warning) => CHECK
            .finding(allow.span, format!("there is no `{code}` to silence here"))
            .help("remove the comment")
            .fix(remove()),
        None if code.contains([',', ' ']) => {
            let each = code.split([',', ' ']).filter(|code| !code.is_empty()).take(4);
            let reason = if allow.reason.is_empty() { "reason" } else { "…" };
            let each: Vec<String> = each.map(|code| format!("`# govctl: allow({code}) {reason}`")).collect();
            CHECK.finding(allow.span, format!("a comment silences one kind of finding, found `{code}`")).help(
                format!("write a comment for each, in lines of their own above: {}", each.join(" and ")),
            )
        }
        None => {
            let codes: Vec<&str> = CHECKS.iter().map(|rule| rule.code.0).collect();
            CHECK
                .finding(allow.span, format!("no finding is called `{code}`"))
                .help(nearest::help(code, "finding", &codes))
                .renamed(allow, &nearest::nearest(code, codes.iter().copied()), standing)
        }
    }
}

/// What is said of a comment that silences although its reason speaks of an end that has passed.
fn ended(allow: &Allow, as_of: Date) -> Option<Finding> {
    let (within, span) = allow.within.filter(|(within, _)| within.day < as_of)?;
    let message = format!("`{}` stays silenced here: a day within the reason ends nothing", allow.code);
    Some(CHECK.finding(span, message).help(format!(
        "if that was its last day, remove the comment; a last day stands before the reason, as in `until {}`, and is none elsewhere",
        within.day
    )))
}

/// What is said of a last day that cannot be read as it is written.
fn no_end(allow: &Allow, wrong: &Wrong) -> Finding {
    let place = |written: &str| {
        allow.day.map_or(allow.span, |day| Span {
            end: day.start + u32::try_from(written.len()).unwrap_or(0),
            ..day
        })
    };
    let otherwise = |place: Span, message: String, right: &str, applies: Applies| {
        let write = format!("write `{right}`");
        let fix = Fix { applies, ..Fix::safe(write.clone(), Change::Text(place, right.to_owned())) };
        CHECK.finding(place, message).help(write).fix(fix)
    };
    match wrong {
        Wrong::Words(written, right) => {
            // What else `ends` or goes `through` a day may be what the reason speaks of.
            let is_until = written.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("until"));
            let applies = if is_until { Applies::Safe } else { Applies::Unsafe };
            let message = format!("a last day is written `{right}`, and not `{written}`");
            otherwise(place(written), message, right, applies)
        }
        Wrong::Day(written) => match day::read(written) {
            Some(meant) => otherwise(
                place(written),
                format!("a last day is written year-month-day, and not `{written}`"),
                &meant,
                Applies::Safe,
            ),
            None => CHECK
                .finding(place(written), format!("there is no day `{written}`"))
                .help(day::doubt(written).unwrap_or_else(|| day::no_day(written))),
        },
        Wrong::Nothing => CHECK
            .finding(allow.span, "this comment ends on no day that can be read".to_owned())
            .help("write its last day before the reason, year-month-day, as in `until 2027-03-01`"),
    }
}

impl Finding {
    /// Adds that the comment may silence for some time more.
    fn later(self, allow: &Allow, as_of: Date, standing: &Standing) -> Self {
        if !standing.has(allow, &allow.code) {
            return self;
        }
        let Some((span, day)) = allow.day.zip(as_of.checked_add(jiff::Span::new().days(LONGER)).ok()) else {
            return self;
        };
        let title = format!("silence it for {LONGER} days more");
        self.fix(Fix { applies: Applies::Choice, ..Fix::safe(title, Change::Text(span, day.to_string())) })
    }

    /// Adds the codes that the comment may mean.
    fn renamed(self, allow: &Allow, near: &[&str], standing: &Standing) -> Self {
        if !near.is_empty() && !near.iter().any(|meant| standing.has(allow, meant)) {
            return self.fix(Fix::safe("remove the comment", Change::Comment(allow.span)));
        }
        let inside = u32::try_from(MARK.len()).unwrap_or(0);
        let span = Span { start: allow.span.start + inside, end: allow.span.end - 1, ..allow.span };
        near.iter().fold(self, |finding, meant| {
            let applies = match near {
                [one] if is_slip(&allow.code, one) => Applies::Safe,
                [_] => Applies::Unsafe,
                _ => Applies::Choice,
            };
            let change = Change::Text(span, (*meant).to_owned());
            finding.fix(Fix { applies, ..Fix::safe(format!("write `{meant}`"), change) })
        })
    }
}

/// For how many days more a comment may silence.
const LONGER: i64 = 90;

/// The comments of a file.
fn allows(id: FileId, file: &SourceFile, statements: &Places) -> Vec<Allow> {
    if !may_silence(&file.text) {
        return Vec::new();
    }
    let (mut found, mut waiting, mut start) = (Vec::new(), Vec::new(), 0);
    let allow = |at: usize, comment: Comment, target: usize| {
        let end = at + MARK.len() + comment.code.len() + 1;
        let (covers, is_statement) = covered(id, &file.text, target, statements);
        let Comment { at: in_line, code, until, day, within, reason } = comment;
        let place =
            |from: usize, length: usize| Span::new(id, at - in_line + from, at - in_line + from + length);
        let day = day.map(|day| place(day, DAY));
        let within = within.map(|within| (within, place(within.at, within.length)));
        let span = Span::new(id, at, end);
        Allow { code, reason, until, day, within, span, covers, is_statement, used: false }
    };
    for line in file.text.split_inclusive('\n') {
        let comment = comment(line);
        if line.trim_start().starts_with('#') {
            // Comments that stand alone cover what stands directly below the last of them.
            waiting.extend(comment.map(|comment| (start + comment.at, comment)));
        } else {
            found.extend(waiting.drain(..).map(|(at, comment)| allow(at, comment, start)));
            found.extend(comment.map(|comment| allow(start + comment.at, comment, start)));
        }
        start += line.len();
    }
    found.extend(waiting.into_iter().map(|(at, comment)| allow(at, comment, start)));
    found
}

/// A comment that silences, in its line.
struct Comment {
    /// Where its mark stands.
    at: usize,
    code: String,
    until: Option<Result<Date, Wrong>>,
    /// Where its last day is written.
    day: Option<usize>,
    within: Option<Within>,
    reason: String,
}

/// The comment that silences in a line.
fn comment(line: &str) -> Option<Comment> {
    let hash = line.match_indices('#').map(|(at, _)| at).find(|at| {
        let before = line.get(..*at).unwrap_or_default();
        let after = line.get(at + 1..).unwrap_or_default();
        (before.is_empty() || before.ends_with(char::is_whitespace)) && after.trim_start().starts_with(MARK)
    })?;
    let at = hash + line.get(hash..)?.find(MARK)?;
    let (code, said) = line.get(at + MARK.len()..)?.split_once(')')?;
    let Said { until, at: day, reason, within } = last_day::read(said);
    let before = line.len() - said.len();
    let day = day.map(|day| before + day);
    let within = within.map(|within| Within { at: before + within.at, ..within });
    Some(Comment { at, code: code.trim().to_owned(), until, day, within, reason })
}

/// The statement that begins in a line, else the line; and which of the two.
fn covered(id: FileId, text: &str, line: usize, statements: &Places) -> (Span, bool) {
    let rest = text.get(line..).unwrap_or_default();
    let end = line + rest.find('\n').unwrap_or(rest.len());
    let whole = Span::new(id, line, end);
    let statement = statements.first_in(whole);
    (statement.unwrap_or(whole), statement.is_some())
}
