//! What somebody accepted or silenced, with owner, reason and end.

use super::{Block, Cell, Input, Section, Table, Tile, Tone};
use crate::model::words::count;
use crate::model::{Date, days_between};
use crate::source::spans::quoted;

/// Within so many days an end is near.
const NEAR_DAYS: i32 = 30;

fn days(as_of: Date, until: Option<Date>) -> Cell {
    match until.map(|until| days_between(as_of, until)) {
        None => Cell::text("no end").tone(Tone::Warn),
        Some(left) if left < 0 => Cell::text("over").tone(Tone::Bad),
        Some(left) if left <= NEAR_DAYS => Cell::text(left.to_string()).tone(Tone::Warn),
        Some(left) => Cell::text(left.to_string()),
    }
}

fn count_of(input: &Input<'_>) -> (usize, usize) {
    let accepted = input.accepted.entries().count();
    let endless = input.silenced.iter().filter(|one| one.until.is_none()).count();
    (accepted + input.silenced.len(), endless)
}

/// The number at the top.
pub(super) fn tile(input: &Input<'_>) -> Tile {
    let (all, endless) = count_of(input);
    Tile {
        label: "Exceptions",
        value: all.to_string(),
        note: match endless {
            0 if all == 0 => "nothing is excepted".to_owned(),
            0 => "each has an end".to_owned(),
            n => format!("{n} without an end"),
        },
        tone: if endless > 0 { Tone::Warn } else { Tone::Plain },
    }
}

/// Accepted entries that are over or end soon, and silenced findings that soon are none: what, who, and their last day.
pub(super) fn ending(input: &Input<'_>) -> impl Iterator<Item = (String, String, Date)> {
    let as_of = input.survey.world.as_of;
    let accepted = input.accepted.entries().filter_map(move |entry| {
        let left = days_between(as_of, entry.until);
        let what = match left {
            ..0 => format!("the accepted entry {} is over", quoted(&entry.what)),
            0..=NEAR_DAYS => format!("the accepted entry {} ends", quoted(&entry.what)),
            _ => return None,
        };
        Some((what, quoted(&entry.owner), entry.until))
    });
    let silenced = input.silenced.iter().filter_map(move |one| {
        let until = one.until.filter(|until| days_between(as_of, *until) <= NEAR_DAYS)?;
        let (code, place) = (one.finding.code.0, input.sources.place(one.finding.primary.span));
        let what =
            format!("`{code}` in `{place}` is no longer silenced after that day: {}", one.finding.message);
        Some((what, super::attention::owners(input, &one.finding.use_cases), until))
    });
    accepted.chain(silenced)
}

pub(super) fn section(input: &Input<'_>) -> Section {
    let as_of = input.survey.world.as_of;
    let heads = ["What", "Reason", "Who", "Until", "Days left#"];
    let mut table =
        Table::new("Accepted changes and silenced findings", &heads, "Nothing is accepted or silenced.");
    let day = |until: Option<Date>| Cell::text(until.map_or_else(String::new, |until| until.to_string()));
    let mut rows: Vec<(Option<Date>, Vec<Cell>)> = Vec::new();
    rows.extend(input.accepted.entries().map(|entry| {
        let until = Some(entry.until);
        let cells = vec![
            Cell::text(format!("accepted: {}", quoted(&entry.what))),
            Cell::name(&entry.reason),
            Cell::name(&entry.owner),
            day(until),
            days(as_of, until),
        ];
        (until, cells)
    }));
    rows.extend(input.silenced.iter().map(|one| {
        let place = input.sources.place(one.finding.primary.span);
        let cells = vec![
            Cell::text(format!("silenced `{}` in `{place}`: {}", one.finding.code.0, one.finding.message)),
            Cell::name(&one.reason),
            Cell::text("git blame of that line").tone(Tone::Muted),
            day(one.until),
            days(as_of, one.until),
        ];
        (one.until, cells)
    }));
    // What ends first comes first, and what never does last.
    rows.sort_by_key(|(until, _)| (until.is_none(), *until));
    table.rows = rows.into_iter().map(|(_, cells)| cells).collect();
    let lead = format!(
        "{} from what the policy and `check` ask.",
        count(count_of(input).0, "exception", "exceptions")
    );
    Section { id: "exceptions", title: "Exceptions", lead, blocks: vec![Block::Table(table)] }
}
