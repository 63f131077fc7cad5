//! Where a change holds: which answers differ in which contexts, however many others the sides tell apart, and where
//! requests newly go. Who accepts a change accepts it there and nowhere else.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use sha2::{Digest, Sha256};

use super::change::Lens;
use super::endpoints::{self, Worse};
use super::grid::{Axis, Grid, Part};
use super::kind::{Kind, Kinds};
use super::paid::Paid;
use super::pairs::{Judged, Pairs};
use super::risk::Gain;
use super::store::{NumberedDecision, Portrait, Store};
use crate::invariant::there;
use crate::table::{following, strides};
use crate::vocabulary::Trigger;

/// Where a change holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extent {
    /// Stands for which answers differ in which contexts, and for where requests newly go.
    pub bound: String,
    /// Models that are worse than before, by id.
    pub worse: BTreeMap<String, Worse>,
    /// Stands for which of these are worse by what in which contexts.
    pub worse_bound: String,
}

/// Texts by number; the empty one, of contexts in which nothing differs, is the first.
struct Answers {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
    /// Per context of the grid.
    at: Vec<u32>,
}

impl Answers {
    fn new() -> Self {
        Self { numbers: HashMap::from([(String::new(), 0)]), texts: vec![String::new()], at: Vec::new() }
    }

    fn number(&mut self, text: String) -> u32 {
        let next = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(text.clone()).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        number
    }
}

/// What is known of two outcomes that differ.
#[derive(Clone, Copy)]
struct Pair {
    answer: u32,
    worse: u32,
}

/// What stands for how two outcomes differ.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// How the answers differ, prices aside; empty where they do not.
    lines: Vec<String>,
    /// What the models cost that both reach.
    prices: Vec<String>,
    /// The models that are worse, in words.
    worse: String,
    /// Those that are worse while others are not.
    beside: Vec<Worse>,
}

/// Where two sides of a use case differ.
pub(super) fn between(
    lens: &Lens,
    (pairs, paid): (&mut Pairs, &mut Paid),
    grid: &Grid,
    old: Part,
    new: Part,
) -> Extent {
    let (mut answers, mut worse) = (Answers::new(), Answers::new());
    let mut known: HashMap<(u32, u32), Pair> = HashMap::new();
    let mut found: BTreeMap<String, Worse> = BTreeMap::new();
    grid.each(|a, b, _, _| {
        let cells = old.case.cells.get(a).copied().zip(new.case.cells.get(b).copied());
        let differs = |a: u32, b: u32| a != b || lens.volume || !lens.tags.is_empty();
        let pair = cells.filter(|(a, b)| differs(*a, *b)).map(|pair| {
            *known.entry(pair).or_insert_with(|| {
                let judged = pairs.judge(lens, pair);
                let said = &judged.said;
                let mut text = said.answer(paid.differing(&judged).kinds);
                if lens.volume && !text.is_empty() {
                    text += &format!("\nvolume {:?}", new.case.volume);
                }
                text += &said.worse;
                let beside: Vec<String> = said.beside.iter().map(Worse::text).collect();
                for one in &said.beside {
                    let known = found.entry(one.id.clone()).and_modify(|known| known.join(one));
                    known.or_insert_with(|| one.clone());
                }
                Pair { answer: answers.number(text), worse: worse.number(beside.join("\n")) }
            })
        });
        answers.at.push(pair.map_or(0, |pair| pair.answer));
        worse.at.push(pair.map_or(0, |pair| pair.worse));
    });
    let worse_bound = if found.is_empty() { String::new() } else { digest(grid, &worse) };
    Extent { bound: digest(grid, &answers), worse: found, worse_bound }
}

/// Stands for what is said in which contexts, once of all that have the same; empty where nothing is.
pub(super) fn of_contexts<K: Copy + Eq + Hash>(
    grid: &Grid,
    key: impl Fn(usize, usize) -> Option<K>,
    mut say: impl FnMut(K) -> String,
) -> String {
    let mut answers = Answers::new();
    let mut known: HashMap<K, u32> = HashMap::new();
    grid.each(|a, b, _, _| {
        let number = key(a, b).map(|key| *known.entry(key).or_insert_with(|| answers.number(say(key))));
        answers.at.push(number.unwrap_or(0));
    });
    if answers.texts.len() == 1 { String::new() } else { digest(grid, &answers) }
}

/// Where a use case that one side alone has is answered how.
pub fn alone(store: &Store, grid: &Grid, part: Part) -> Extent {
    let mut answers = Answers::new();
    let mut known: HashMap<u32, u32> = HashMap::new();
    grid.each(|at, _, _, _| {
        let cell = part.case.cells.get(at).copied();
        let number = cell.map(|cell| {
            *known.entry(cell).or_insert_with(|| {
                let reached = store.get(cell).map(|outcome| reached(store, outcome, |_| true));
                let mut lines = store.routes(cell);
                lines.extend(reached.unwrap_or_default());
                answers.number(lines.join("\n"))
            })
        });
        answers.at.push(number.unwrap_or(0));
    });
    Extent { bound: digest(grid, &answers), ..Extent::default() }
}

/// What stands for how two outcomes differ.
pub(super) fn said(lens: &Lens, judged: &Judged, both: (&NumberedDecision, &NumberedDecision)) -> Said {
    let own = endpoints::worse(lens, both.0, both.1);
    let worse = own.all.into_iter().map(|(id, one)| format!("\nworse {id} {}", one.words().join("; ")));
    let (lines, prices) = answer(lens, judged, both);
    Said { lines, prices, worse: worse.collect(), beside: own.beside }
}

impl Said {
    /// How the answers differ where these are the kinds of change; empty where there are none.
    fn answer(&self, kinds: Kinds) -> String {
        if kinds.is_empty() {
            return String::new();
        }
        let mut lines: Vec<&str> = kinds.iter().map(Kind::name).collect();
        let prices = self.prices.iter().filter(|_| kinds.has(Kind::Cost));
        lines.extend(self.lines.iter().chain(prices).map(String::as_str));
        lines.join("\n")
    }
}

/// How the answers in some contexts differ, and what the models cost that both reach.
fn answer(
    lens: &Lens,
    judged: &Judged,
    (before, after): (&NumberedDecision, &NumberedDecision),
) -> (Vec<String>, Vec<String>) {
    if !judged.may_differ() {
        return (Vec::new(), Vec::new());
    }
    let store = lens.store;
    let mut lines: Vec<String> = Vec::new();
    lines.extend([&judged.gained, &judged.lost].map(|gain: &Gain| gain.words().join("; ")));
    lines.extend(judged.duties.iter().cloned());
    lines.extend(judged.routes.0.iter().chain(&judged.routes.1).cloned());
    let own: BTreeSet<&str> =
        store.reached(before).map(|(_, portrait)| lens.new_id(&portrait.model.id)).collect();
    lines.extend(reached(store, after, |portrait| !own.contains(portrait.model.id.as_str())));
    let prices = if judged.may_cost() { prices(lens, before, after) } else { BTreeSet::new() };
    (lines, prices.into_iter().collect())
}

/// Where some of the models that an outcome reaches are, with what they promise; what they cost aside.
fn reached(
    store: &Store,
    outcome: &NumberedDecision,
    counts: impl Fn(&Portrait) -> bool,
) -> BTreeSet<String> {
    let targets = store.reached(outcome).filter(|(_, portrait)| counts(portrait));
    let texts = targets.map(|(target, portrait)| {
        let mut model = portrait.model.clone();
        (model.input_usd_per_1m, model.output_usd_per_1m) = (String::new(), String::new());
        (model.cached_input_usd_per_1m, model.batch_discount, model.long_prompt) = (None, None, None);
        let known = Portrait { model, promised: portrait.promised.clone() };
        let regions = store.regions.get(target.regions);
        // Plain data with text keys always serialises.
        serde_json::to_string(&(known, regions)).unwrap_or_default()
    });
    texts.collect()
}

/// What the models cost that both outcomes reach.
fn prices(lens: &Lens, before: &NumberedDecision, after: &NumberedDecision) -> BTreeSet<String> {
    let all = Trigger::ALL.into_iter().flat_map(|on| lens.common(before, after, on));
    let text = all.map(|(old, new)| {
        let price = |target: super::store::Target| {
            let model = lens.store.models.get(target.model).map(|portrait| &portrait.model);
            let said = model.map(|model| {
                let usd = (&model.input_usd_per_1m, &model.output_usd_per_1m, &model.cached_input_usd_per_1m);
                (&model.id, usd, &model.long_prompt, &model.batch_discount)
            });
            (said, lens.store.multipliers.get(target.multiplier))
        };
        serde_json::to_string(&(price(old), price(new))).unwrap_or_default()
    });
    text.collect()
}

/// What stays the same while the answers do: only the axes count on which they depend, and of each the values, not how
/// the sides tell them apart.
fn digest(grid: &Grid, answers: &Answers) -> String {
    let all = strides(&grid.axes, |axis| axis.steps.len());
    let mut axes: Vec<Groups> = all.filter_map(|(axis, stride)| groups(axis, stride, &answers.at)).collect();
    axes.sort();
    let mut hash = Sha256::new();
    let mut write = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    for (name, groups) in &axes {
        write(name);
        for (values, _) in groups {
            write(&values.join("\n"));
        }
    }
    let mut at = vec![0usize; axes.len()];
    loop {
        let offsets = axes.iter().zip(&at).filter_map(|((_, groups), at)| Some(groups.get(*at)?.1));
        let number = *there(answers.at.get(offsets.sum::<usize>()), "the answer");
        write(there::<&String>(answers.texts.get(number as usize), "the answer"));
        if !following(&mut at, axes.iter().map(|(_, groups)| groups.len())) {
            break;
        }
    }
    crate::source::hex(&hash.finalize())
}

/// The name of an axis, and its values in groups in which every answer is the same, each with its offset.
type Groups = (String, Vec<(Vec<String>, usize)>);

/// The groups of an axis; none where no answer depends on it.
fn groups(axis: &Axis, stride: usize, answers: &[u32]) -> Option<Groups> {
    let steps = axis.steps.len();
    if steps < 2 {
        return None;
    }
    let mut slices = vec![Sha256::new(); steps];
    for (at, answer) in answers.iter().enumerate() {
        if let Some(slice) = slices.get_mut(at / stride % steps) {
            slice.update(answer.to_le_bytes());
        }
    }
    let mut groups: BTreeMap<Vec<u8>, (BTreeSet<String>, usize)> = BTreeMap::new();
    for (at, (slice, step)) in slices.into_iter().zip(&axis.steps).enumerate() {
        let group = groups.entry(slice.finalize().to_vec()).or_insert((BTreeSet::new(), at * stride));
        group.0.extend(step.values.iter().cloned());
    }
    let mut groups: Vec<(Vec<String>, usize)> =
        groups.into_values().map(|(values, at)| (values.into_iter().collect(), at)).collect();
    groups.sort();
    (groups.len() > 1).then(|| (axis.name.to_string(), groups))
}
