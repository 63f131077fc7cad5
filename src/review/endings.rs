//! What expires or retires, and who rests on it.

use std::collections::BTreeSet;

use super::afterwards::{self, Row};
use super::{Block, Cell, Days, Input, Section, Table, Tile, Tone, attention};
use crate::decide::endings::{self, Rests};
use crate::limits::shown;
use crate::model::words::{count, some};
use crate::model::{Date, EndingKind, Expiry, Timed, UseCaseId, World, days_between};
use crate::source::spans::{plain, quoted};

/// How far ahead is looked, in days.
pub(super) const AHEAD_DAYS: i32 = 120;
/// Within so many days something is near.
const NEAR_DAYS: i32 = 30;

/// Something that ends.
#[derive(Debug)]
pub(super) struct Ends {
    /// What it is, names of others in back quotes.
    pub(super) what: String,
    /// The last day on which it stands.
    pub(super) last_day: Date,
    /// From the as-of date on.
    pub(super) days: i32,
    /// How many use cases reach what it bears on.
    pub(super) rests: usize,
    who: String,
    /// Who answers for them.
    pub(super) owners: String,
    /// What becomes of their requests.
    pub(super) after: Vec<Row>,
}

impl Ends {
    /// Some use cases of [`Ends::after`].
    pub(super) fn names(&self, world: &World, of: fn(&Row) -> &[UseCaseId]) -> Vec<String> {
        let rows = self.after.iter().map(of);
        rows.flat_map(|ids| afterwards::names(world, ids)).map(str::to_owned).collect()
    }
}

/// Everything that ends in the next days, the first first.
pub(super) fn all(input: &Input<'_>) -> Vec<Ends> {
    let world = input.survey.world;
    let soon = |day: Date| (0..=AHEAD_DAYS).contains(&days_between(world.as_of, day));
    let mut ends: Vec<Ends> = Vec::new();
    let entries: Vec<&Expiry> = world.expiries.iter().filter(|expiry| soon(expiry.last_day)).collect();
    let in_force = |one: &&Timed| one.from.is_none_or(|from| from <= world.as_of);
    let statements: Vec<&Timed> =
        world.timed.iter().filter(in_force).filter(|one| one.until.is_some_and(soon)).collect();
    let mut rests = endings::rests(input.survey, &entries, &statements).into_iter();
    let mut next = || rests.next().unwrap_or_default();
    for expiry in entries {
        let rests = next();
        let after = after(input, &rests, "as today: no decision changes");
        let what = match expiry.kind {
            EndingKind::Certification => {
                format!("certification {} of {}", quoted(&expiry.name), quoted(&expiry.owner))
            }
            EndingKind::Dpa => format!("agreement with {}", quoted(&expiry.owner)),
            EndingKind::Evidence => format!("evidence about {}", quoted(&expiry.owner)),
            EndingKind::Model => format!("model {}", quoted(&expiry.owner)),
        };
        let providers = expiry.models.iter().map(|id| &world.providers[world.models[*id].provider]);
        let own: BTreeSet<&String> = providers.filter_map(|provider| provider.owner.as_ref()).collect();
        let own = own.into_iter().cloned().collect();
        ends.push(Ends { after, ..one(input, what, expiry.last_day, &rests, own) });
    }
    for statement in statements {
        let rests = next();
        let Some(until) = statement.until else { continue };
        let another = if statement.is_succeeded { " (another one takes its place)" } else { "" };
        let what = format!("{} {}{another}", statement.kind, quoted(&statement.name));
        let budget = world.budgets.iter().find(|budget| budget.head == statement.head);
        let own = budget.and_then(|budget| budget.owner.clone());
        let after = after(input, &rests, "as today; nothing holds it to this any more");
        ends.push(Ends { after, ..one(input, what, until, &rests, own.into_iter().collect()) });
    }
    ends.sort_by(|a, b| (a.last_day, &a.what).cmp(&(b.last_day, &b.what)));
    ends
}

/// What becomes of those who rest on something: of those of whom no decision changes it is said what they lose.
fn after(input: &Input<'_>, rests: &Rests, lost: &str) -> Vec<Row> {
    if rests.changed.is_untried {
        let untried = "not worked out: too much ends; `--as-of` shows it";
        return vec![Row::as_today(rests.use_cases.iter().copied().collect(), untried)];
    }
    let mut rows = afterwards::of_one(input, rests);
    let changed: BTreeSet<_> = rests.changed.use_cases.iter().copied().collect();
    let others: Vec<_> = rests.use_cases.difference(&changed).copied().collect();
    if !others.is_empty() {
        rows.push(Row::as_today(others, lost));
    }
    rows
}

/// `own` are those who answer for what ends itself: they are named where nobody rests on it.
fn one(input: &Input<'_>, what: String, last_day: Date, rests: &Rests, own: Vec<String>) -> Ends {
    let world = input.survey.world;
    let names: BTreeSet<String> =
        rests.use_cases.iter().map(|id| world.use_cases[*id].name.value.clone()).collect();
    let names: Vec<String> = names.into_iter().collect();
    Ends {
        what,
        last_day,
        days: days_between(world.as_of, last_day),
        rests: names.len(),
        who: if names.is_empty() { String::new() } else { some(&names, shown::REVIEW_NAMES) },
        owners: attention::answering(input, &names, own),
        after: Vec::new(),
    }
}

fn tone(ends: &Ends) -> Tone {
    match ends.days {
        _ if ends.rests == 0 => Tone::Muted,
        ..=NEAR_DAYS => Tone::Bad,
        _ => Tone::Warn,
    }
}

/// The number at the top.
pub(super) fn tile(ends: &[Ends]) -> Tile {
    let near = ends.iter().filter(|one| one.days <= NEAR_DAYS && one.rests > 0).count();
    Tile {
        label: "Ends within 120 days",
        value: ends.len().to_string(),
        note: if near == 0 { "none within 30 days".to_owned() } else { format!("{near} within 30 days") },
        tone: if near > 0 { Tone::Warn } else { Tone::Plain },
    }
}

pub(super) fn section(input: &Input<'_>, ends: &[Ends]) -> Section {
    let heads = ["What", "Last day", "Days left#", "Use cases#", "Who rests on it", "Who answers"];
    let mut table = Table::new("What ends, the first first", &heads, "");
    table.rows = ends
        .iter()
        .map(|one| {
            vec![
                Cell::text(&one.what),
                Cell::text(one.last_day.to_string()),
                Cell::text(one.days.to_string()).tone(tone(one)),
                Cell::text(one.rests.to_string()),
                Cell::text(&one.who),
                Cell::text(&one.owners),
            ]
        })
        .collect();
    let mut lead = format!(
        "{} within {AHEAD_DAYS} days: certifications, agreements, evidence, models and statements. Each can be used up to its last day.",
        count(ends.len(), "thing ends", "things end")
    );
    if ends.is_empty() {
        lead = format!("Nothing ends within {AHEAD_DAYS} days.");
    } else {
        lead += &input.left_out(", so what they rest on is not known");
    }
    let (said, afterwards) = afterwards::blocks(input, ends);
    lead += &said;
    let mut blocks = Vec::new();
    if !ends.is_empty() {
        blocks.push(Block::Days(chart(input.survey.world.as_of, ends)));
    }
    blocks.push(Block::Table(table));
    blocks.extend(afterwards);
    Section { id: "ends", title: "What ends", lead, blocks }
}

fn chart(as_of: Date, ends: &[Ends]) -> Days {
    let day = |days: i32| u16::try_from(days).unwrap_or(0);
    let tick = |days: i32| {
        let date = as_of.saturating_add(jiff::Span::new().days(days));
        (day(days), date.to_string())
    };
    let shown = ends.iter().take(shown::MARKS);
    Days {
        title: super::titled("What ends on which day", "first", shown::MARKS, ends.len()),
        description: format!(
            "{} on a line of {AHEAD_DAYS} days from {as_of} on; the table has the days.",
            count(ends.len(), "ending", "endings")
        ),
        length: day(AHEAD_DAYS),
        ticks: [0, 30, 60, 90, AHEAD_DAYS].map(tick).to_vec(),
        marks: shown.map(|one| (day(one.days), plain(&one.what), tone(one))).collect(),
    }
}
