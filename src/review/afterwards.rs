//! What becomes of requests when something ends and nothing takes its place: each thing alone, and all of it together.

use std::collections::BTreeMap;

use super::endings::Ends;
use super::outage::more_or_less;
use super::{Block, Cell, Input, Table, Tone};
use crate::cost::monthly;
use crate::decide::endings::{Rests, on_day};
use crate::decide::trial::{Then, ordinary};
use crate::limits::shown;
use crate::model::words::{count, some, some_of};
use crate::model::{Date, ModelId, UseCase, UseCaseId, World};
use crate::number::{Rational, whole};
use crate::render::human::thousands;
use crate::source::spans::quoted;

/// What can become of ordinary requests, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Undefined,
    Blocked,
    Elsewhere,
    AsToday,
}

/// What becomes of some use cases that are treated alike.
#[derive(Debug)]
pub(super) struct Row {
    fate: Fate,
    /// Ordinary requests are served, and some others that are today no longer are.
    stops: bool,
    /// Ordinary requests are served, and of the others nothing is known: they are too many to be compared.
    is_uncompared: bool,
    today: String,
    then: String,
    /// In the order of their names.
    use_cases: Vec<UseCaseId>,
    /// How much more they cost a month, where that is known of any of them.
    more: Option<Rational>,
}

impl Row {
    /// The use cases whose ordinary requests are served today and by nothing then.
    pub(super) fn blocked(&self) -> &[UseCaseId] {
        if self.fate == Fate::Blocked { &self.use_cases } else { &[] }
    }

    /// Those that are served, and some of whose other requests are no longer.
    pub(super) fn stopped(&self) -> &[UseCaseId] {
        if self.stops { &self.use_cases } else { &[] }
    }

    /// Those for which nothing is decided then.
    pub(super) fn undecided(&self) -> &[UseCaseId] {
        if self.fate == Fate::Undefined { &self.use_cases } else { &[] }
    }

    /// Those of whose other requests nothing is known.
    fn uncompared(&self) -> &[UseCaseId] {
        if self.is_uncompared { &self.use_cases } else { &[] }
    }

    /// Of use cases that are served as before, with what is otherwise.
    pub(super) fn as_today(use_cases: Vec<UseCaseId>, then: &str) -> Self {
        let (today, then) = (String::new(), then.to_owned());
        let (stops, is_uncompared) = (false, false);
        Self { fate: Fate::AsToday, stops, is_uncompared, today, then, use_cases, more: None }
    }

    fn cells(&self, world: &World) -> Vec<Cell> {
        let tone = match self.fate {
            Fate::Undefined | Fate::Blocked => Tone::Bad,
            Fate::Elsewhere => Tone::Warn,
            Fate::AsToday => Tone::Plain,
        };
        vec![
            Cell::text(self.use_cases.len().to_string()),
            Cell::text(some_of(names(world, &self.use_cases), self.use_cases.len(), shown::REVIEW_NAMES)),
            Cell::text(&self.today),
            Cell::text(&self.then).tone(tone),
            Cell::text(self.more.as_ref().map(more_or_less).unwrap_or_default()),
        ]
    }
}

/// What use cases are called.
pub(super) fn names<'w>(world: &'w World, ids: &'w [UseCaseId]) -> impl Iterator<Item = &'w str> {
    ids.iter().map(|id| world.use_cases[*id].name.value.as_str())
}

/// What is alike for use cases of one row.
type Alike = (Fate, bool, bool, String, String);

/// Rows on their way.
struct Rows<'i> {
    input: &'i Input<'i>,
    rows: BTreeMap<Alike, (Vec<UseCaseId>, Option<Rational>)>,
}

impl<'i> Rows<'i> {
    fn new(input: &'i Input<'i>) -> Self {
        Self { input, rows: BTreeMap::new() }
    }

    /// Adds a use case, with what becomes of it and the models that it newly reaches.
    fn add(&mut self, id: UseCaseId, then: &Then, new: &[ModelId]) {
        let survey = self.input.survey;
        let Some(decided) = survey.decided_at(id) else { return };
        let today = ordinary(decided.all).unwrap_or_default();
        let fate = match &then.tried {
            None => Fate::Undefined,
            Some(tried) if tried.is_empty() && !today.is_empty() => Fate::Blocked,
            Some(tried) if tried.first() != today.first() => Fate::Elsewhere,
            Some(_) => Fate::AsToday,
        };
        let stops = then.stops && fate > Fate::Blocked;
        let words = self.words(fate, &today, then, new);
        let costs = |models: &[ModelId]| models.first().map(|model| self.cost(decided.use_case, *model));
        let moved = then.tried.as_deref().and_then(costs).zip(costs(&today));
        let is_uncompared = then.is_uncompared && fate > Fate::Blocked;
        let alike = (fate, stops, is_uncompared, self.chain(&today), words);
        let (use_cases, more) = self.rows.entry(alike).or_default();
        use_cases.push(id);
        if let Some((then, today)) = moved.filter(|_| decided.use_case.tokens.is_some()) {
            *more = Some(more.take().unwrap_or_else(|| whole(0)) + then - today);
        }
    }

    fn cost(&self, use_case: &UseCase, model: ModelId) -> Rational {
        monthly(use_case, &self.input.survey.world.models[model])
    }

    fn words(&self, fate: Fate, today: &[ModelId], then: &Then, new: &[ModelId]) -> String {
        let tried = then.tried.as_deref().unwrap_or_default();
        let mut words = match fate {
            Fate::Undefined => "nothing is decided: `govctl check` on that day says why".to_owned(),
            Fate::Blocked => "blocked: no model may serve it".to_owned(),
            Fate::Elsewhere => self.chain(tried),
            Fate::AsToday if tried != today && tried.len() < 2 => {
                format!("{}, and nothing else on an outage", self.chain(tried))
            }
            Fate::AsToday if tried != today => self.chain(tried),
            Fate::AsToday if then.is_routed_alike => {
                "the same models as today; regions, terms of failover, budgets, quotas or audit duties change"
                    .to_owned()
            }
            Fate::AsToday if then.is_uncompared => "ordinary requests as today".to_owned(),
            Fate::AsToday => "ordinary requests as today; other requests or later targets change".to_owned(),
        };
        if then.is_uncompared && fate > Fate::Blocked {
            words += "; other requests are of too many kinds to be compared";
        }
        if then.stops && fate > Fate::Blocked {
            words += "; some other requests are blocked";
        }
        if !new.is_empty() {
            let world = self.input.survey.world;
            let ids: Vec<&str> = new.iter().map(|id| world.models[*id].id.as_str()).collect();
            words += &format!("; widens to {}", some(&ids, shown::NEWLY_REACHED));
        }
        words
    }

    /// Models in the order in which they are tried.
    fn chain(&self, models: &[ModelId]) -> String {
        let world = self.input.survey.world;
        let ids: Vec<String> = models.iter().map(|id| quoted(&world.models[*id].id)).collect();
        if ids.is_empty() { "blocked".to_owned() } else { ids.join(", then ") }
    }

    fn finished(self) -> Vec<Row> {
        let row = |((fate, stops, is_uncompared, today, then), (use_cases, more))| Row {
            fate,
            stops,
            is_uncompared,
            today,
            then,
            use_cases,
            more,
        };
        self.rows.into_iter().map(row).collect()
    }
}

/// What becomes of those who rest on something when it alone ends.
pub(super) fn of_one(input: &Input<'_>, rests: &Rests) -> Vec<Row> {
    let (changed, mut new) = (&rests.changed, BTreeMap::<UseCaseId, Vec<ModelId>>::new());
    for (model, ids) in changed.reached.iter().chain(&changed.wider) {
        for id in ids {
            new.entry(*id).or_default().push(*model);
        }
    }
    let mut rows = Rows::new(input);
    for (id, then) in changed.use_cases.iter().zip(&changed.then) {
        rows.add(*id, then, new.get(id).map(Vec::as_slice).unwrap_or_default());
    }
    rows.finished()
}

/// The heads that rows have.
const HEADS: [&str; 5] = ["Use cases#", "Which", "Today", "Then", "USD a month"];

/// What becomes of requests: a table of each ending alone, and one of all of them together, with a sentence on it.
pub(super) fn blocks(input: &Input<'_>, ends: &[Ends]) -> (String, Vec<Block>) {
    let Some(day) = ends.last().and_then(|last| last.last_day.tomorrow().ok()) else {
        return (String::new(), Vec::new());
    };
    let heads = [&["When this ends", "Last day"][..], &HEADS].concat();
    let none = "No request is routed otherwise when one of these ends.";
    let mut alone = Table::new("What becomes of requests when one of these ends alone", &heads, none);
    let rows = ends.iter().flat_map(|one| one.after.iter().map(move |row| (one, row)));
    let cells = rows.map(|(one, row)| {
        let mut cells = vec![Cell::text(&one.what), Cell::text(one.last_day.to_string())];
        cells.extend(row.cells(input.survey.world));
        cells
    });
    alone.rows = cells.collect();
    let alone = alone.cut(shown::ROWS, &listed(day)).folded_past(shown::OPEN_ROWS);
    let (said, together) = all_together(input, day);
    let blocks = [Some(alone), together].into_iter().flatten().map(Block::Table);
    (said, blocks.collect())
}

/// What shows every route of a day.
fn listed(day: Date) -> String {
    format!("govctl resolve --all --as-of {day}")
}

/// For how many use cases requests are no longer served, in words.
fn lost(rows: &[Row]) -> String {
    let many = |of: fn(&Row) -> &[UseCaseId]| rows.iter().map(|row| of(row).len()).sum::<usize>();
    let are = |many: usize| if many == 1 { "is" } else { "are" };
    let (blocked, stopped, undecided) = (many(Row::blocked), many(Row::stopped), many(Row::undecided));
    let shown = |many: usize| thousands(u64::try_from(many).unwrap_or(u64::MAX));
    let said = [
        (blocked > 0).then(|| format!("{} of them {} blocked", shown(blocked), are(blocked))),
        (stopped > 0).then(|| format!("some requests for {} of them are blocked", shown(stopped))),
        (undecided > 0).then(|| format!("nothing is decided for {} of them", shown(undecided))),
    ];
    let mut said: Vec<String> = said.into_iter().flatten().collect();
    let uncompared = many(Row::uncompared);
    if uncompared > 0 {
        said.push(format!(
            "requests for {} of them are of too many kinds to be compared, so that only of ordinary ones it is known",
            shown(uncompared)
        ));
    } else if said.is_empty() {
        return "none is blocked".to_owned();
    }
    said.join(", and ")
}

fn all_together(input: &Input<'_>, day: Date) -> (String, Option<Table>) {
    let Some(changed) = on_day(input.survey, day) else {
        return (
            format!(" What {day} is like was not worked out: `govctl check --as-of {day}` shows it."),
            None,
        );
    };
    if changed.is_empty() {
        return (format!(" If nothing is renewed, requests are still routed as today on {day}."), None);
    }
    let mut rows = Rows::new(input);
    for (id, reached, then) in &changed {
        rows.add(*id, then, &reached.iter().copied().collect::<Vec<ModelId>>());
    }
    let rows = rows.finished();
    let more = rows.iter().filter_map(|row| row.more.as_ref()).fold(whole(0), |sum, more| sum + more);
    let are = if changed.len() == 1 { "is" } else { "are" };
    let mut said = format!(
        " If nothing is renewed, on {day} {} {are} decided otherwise than today, and {}",
        count(changed.len(), "use case", "use cases"),
        lost(&rows)
    );
    said += &match more_or_less(&more).as_str() {
        "the same" => ".".to_owned(),
        moved => format!("; those that are still served cost {moved}, in US dollars a month."),
    };
    let caption = format!("What becomes of requests if nothing is renewed: on {day}");
    let mut table = Table::new(caption, &HEADS, "");
    table.rows = rows.iter().map(|row| row.cells(input.survey.world)).collect();
    (said, Some(table.cut(shown::ROWS, &listed(day)).folded_past(shown::OPEN_ROWS)))
}

#[cfg(test)]
mod tests {
    use super::{Fate, Row, lost};
    use crate::model::UseCaseId;

    fn row(fate: Fate, is_uncompared: bool) -> Row {
        let use_cases = vec![UseCaseId::new(0), UseCaseId::new(1)];
        let (today, then) = (String::new(), String::new());
        Row { fate, stops: false, is_uncompared, today, then, use_cases, more: None }
    }

    #[test]
    fn of_what_was_not_compared_it_is_not_said_that_none_is_blocked() {
        assert_eq!(lost(&[row(Fate::AsToday, false)]), "none is blocked");
        let unknown = "requests for 2 of them are of too many kinds to be compared, so that only of ordinary ones it is known";
        assert_eq!(lost(&[row(Fate::AsToday, true)]), unknown);
        let both = [row(Fate::Blocked, false), row(Fate::Elsewhere, true)];
        assert_eq!(lost(&both), format!("2 of them are blocked, and {unknown}"));
    }
}
