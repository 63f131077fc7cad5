//! How much of the traffic logs cover, and how many requests were refused or led elsewhere, by use case.

use std::collections::{BTreeMap, BTreeSet};

use super::money::percent;
use super::{Block, Cell, Input, Table, Tone};
use crate::audit::report::Report;
use crate::audit::traffic::Counts;
use crate::limits::shown;
use crate::model::{Date, UseCase, days_between};
use crate::number::{Rational, whole};
use crate::render::human::thousands;
use crate::usage;

/// Days of the month in which requests are expected.
const MONTH_DAYS: u64 = 30;

/// What logs say of the use cases that are known, and of all others together.
struct Logged<'a> {
    known: BTreeMap<&'a str, Counts>,
    others: Counts,
    /// Days from the first event to the last, both included.
    days: u64,
}

impl<'a> Logged<'a> {
    fn new(input: &'a Input<'_>, report: &Report) -> Option<Self> {
        let traffic = report.traffic.as_ref()?;
        let names = usage::known(input.survey.world);
        let (mut known, mut others) = (BTreeMap::new(), Counts::default());
        for ((_, name), counts) in traffic.iter() {
            match names.get(name.as_str()) {
                Some(name) => known.entry(*name).or_insert_with(Counts::default).add(counts),
                None => others.add(counts),
            }
        }
        let day = |text: &str| text.parse::<Date>().ok();
        let days = report.days.as_ref().and_then(|(first, last)| {
            u64::try_from(days_between(day(first)?, day(last)?)).ok()?.checked_add(1)
        });
        Some(Self { known, others, days: days.unwrap_or(0) })
    }

    fn all(&self) -> Counts {
        let mut all = self.others;
        self.known.values().for_each(|counts| all.add(counts));
        all
    }

    /// Requests that a use case is expected to make in these days.
    fn expected(&self, use_case: &UseCase) -> Option<Rational> {
        let requests = use_case.requests?;
        Some(whole(requests) * whole(self.days) / whole(MONTH_DAYS))
    }
}

/// Sentences on what the logs cover, and a table of use cases.
pub(super) fn told(input: &Input<'_>, report: &Report) -> Vec<Block> {
    let Some(logged) = Logged::new(input, report).filter(|_| report.events > 0) else { return Vec::new() };
    let all = logged.all();
    let sum = format!(
        "They tell of {} that came to an end: answered by a failover {}, blocked, queued or degraded {}{}; attempts that failed: {}.",
        requests(all.requests()),
        thousands(all.elsewhere),
        thousands(all.refused),
        if all.unanswered > 0 {
            format!(", ended in an error {}", thousands(all.unanswered))
        } else {
            String::new()
        },
        thousands(all.failed)
    );
    let beside = [covered(input, &logged), beside_usage(input, report)];
    let lines = std::iter::once(sum).chain(beside.into_iter().flatten());
    vec![Block::Lines("What the logs cover".to_owned(), lines.collect()), Block::Table(table(input, &logged))]
}

fn requests(many: u64) -> String {
    if many == 1 { "1 request".to_owned() } else { format!("{} requests", thousands(many)) }
}

/// Which share of what the estate expects stands in the logs, and which use cases do not.
fn covered(input: &Input<'_>, logged: &Logged) -> Option<String> {
    let all = input.survey.world.use_cases.iter();
    let expecting: Vec<(&UseCase, Rational)> =
        all.filter_map(|one| Some((one, logged.expected(one)?))).filter(|(_, of)| *of > whole(0)).collect();
    if expecting.is_empty() || logged.days == 0 {
        return None;
    }
    let found = |one: &UseCase| logged.known.get(one.name.value.as_str()).map_or(0, Counts::requests);
    let expected = expecting.iter().fold(whole(0), |sum, (_, of)| sum + of);
    let there = expecting.iter().fold(0u64, |sum, (one, _)| sum.saturating_add(found(one)));
    // Where every attempt failed there is a log all the same.
    let is_logged = |one: &UseCase| logged.known.get(one.name.value.as_str()).is_some_and(Counts::is_any);
    let absent = expecting.iter().filter(|(one, _)| !is_logged(one)).count();
    let days = if logged.days == 1 { "1 day".to_owned() } else { format!("{} days", logged.days) };
    let absent = match absent {
        0 => String::new(),
        1 => "; of 1 use case that expects requests, none is logged".to_owned(),
        many => format!("; of {many} use cases that expect requests, none is logged"),
    };
    let share = percent(&whole(there), &expected);
    Some(format!("They cover {share} of the requests that the estate expects in {days}{absent}."))
}

/// Which share of what bills and exports count in their month stands in the logs.
fn beside_usage(input: &Input<'_>, report: &Report) -> Option<String> {
    let known = input.spent.zip(input.ledger).zip(report.traffic.as_ref());
    let (((asked, _), ledger), traffic) = known?;
    let counted = ledger.requests(asked.month);
    if counted == 0 {
        return None;
    }
    let of_month = traffic.iter().filter(|((month, _), _)| month == asked.month);
    let there = of_month.fold(0u64, |sum, (_, counts)| sum.saturating_add(counts.requests()));
    let (share, there, counted) =
        (percent(&whole(there), &whole(counted)), thousands(there), requests(counted));
    let month = asked.month;
    Some(format!("In {month} what was spent stands for {counted}, and the logs hold {there} ({share})."))
}

fn table(input: &Input<'_>, logged: &Logged) -> Table {
    let heads = [
        "Use case",
        "Logged#",
        "Expected#",
        "Covered#",
        "Failed over#",
        "Refused#",
        "Attempts failed#",
        "Wrong#",
    ];
    let mut table = Table::new("Requests in the logs, those with most wrong first", &heads, "");
    let mut rows: Vec<(Counts, Vec<Cell>)> = Vec::new();
    for use_case in &input.survey.world.use_cases {
        let name = use_case.name.value.as_str();
        let counts = logged.known.get(name).copied().unwrap_or_default();
        let expected = logged.expected(use_case).filter(|expected| *expected > whole(0));
        if counts == Counts::default() && expected.is_none() {
            continue;
        }
        let share = expected.as_ref().map(|of| percent(&whole(counts.requests()), of)).unwrap_or_default();
        let expected = expected.map(|of| thousands(crate::number::to_whole(&of.round()).unwrap_or(0)));
        rows.push((counts, row(Cell::name(name), &counts, expected.unwrap_or_default(), share)));
    }
    if logged.others != Counts::default() {
        let row = row(Cell::text("none that is known"), &logged.others, String::new(), String::new());
        rows.push((logged.others, row));
    }
    rows.sort_by_key(|(counts, _)| std::cmp::Reverse((counts.wrong, counts.refused, counts.elsewhere)));
    table.rows = rows.into_iter().map(|(_, row)| row).collect();
    table.cut(shown::ROWS, "govctl audit").folded_past(shown::OPEN_ROWS)
}

fn row(name: Cell, counts: &Counts, expected: String, share: String) -> Vec<Cell> {
    let number =
        |many: u64, tone: Tone| Cell::text(thousands(many)).tone(if many > 0 { tone } else { Tone::Plain });
    vec![
        name,
        Cell::text(thousands(counts.requests())),
        Cell::text(expected),
        Cell::text(share),
        number(counts.elsewhere, Tone::Warn),
        number(counts.refused, Tone::Warn),
        number(counts.failed.saturating_add(counts.unanswered), Tone::Warn),
        number(counts.wrong, Tone::Bad),
    ]
}

/// The use cases of which something in the logs is not as decided.
pub(super) fn wrong(input: &Input<'_>, report: &Report) -> Vec<String> {
    let Some(logged) = Logged::new(input, report) else { return Vec::new() };
    let wrong = logged.known.iter().filter(|(_, counts)| counts.wrong > 0);
    let names: BTreeSet<&str> = wrong.map(|(name, _)| *name).collect();
    names.into_iter().map(str::to_owned).collect()
}
