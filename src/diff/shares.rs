//! What is left of a budget decides where some promises hold: a budget that counts less empties them though nobody touches
//! them, and one that counts more does so where they hold while much is left.

mod coverage;
mod readers;
mod strictest;

use std::collections::{BTreeMap, BTreeSet};

use super::gate::Moved;
use super::rename::Names;
use super::{conditions, fingerprint};
use crate::cost::per;
use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::limits::shown;
use crate::limits::{MAX_COVERAGE_WORK, MAX_LATENT_CONTEXTS};
use crate::model::words::{joined, some};
use crate::model::{Budget, IdSet, Period, Selector, UseCase, World};
use crate::number::{Rational, exact, grouped};
use crate::work;
use coverage::Coverage;
use readers::{Reader, Remaining};
use strictest::Strictest;

/// What the budgets of a side count, and whose promises go by what is left of them.
#[derive(Debug, Clone, Default)]
pub struct Shares {
    budgets: BTreeMap<String, Counted>,
    readers: BTreeMap<Remaining, Vec<Reader>>,
    /// The ids of all models.
    models: BTreeSet<String>,
    /// The names of all use cases.
    use_cases: BTreeSet<String>,
}

/// What a budget counts.
#[derive(Debug, Clone)]
struct Counted {
    /// What is spent on these alone; none: everything.
    on: Option<On>,
    /// Which requests, canonical; empty: all.
    when: String,
    /// What has a limit each; empty: all together.
    per: String,
    limit: Rational,
    period: Period,
    /// Whose readers may be asked about a use case that it covers.
    concerns: BTreeSet<Remaining>,
    /// Whom it covers; none where there are too many to tell.
    coverage: Option<Coverage>,
}

/// Providers and models.
#[derive(Debug, Clone, PartialEq, Eq)]
struct On {
    providers: BTreeSet<String>,
    /// By id, each with its provider.
    models: BTreeMap<String, String>,
}

/// In what one budget can count less than another.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Less {
    On,
    When,
    Per,
    Limit,
    /// These use cases are not covered.
    Left(Vec<String>),
    /// These are not covered in all contexts.
    Partly(Vec<String>),
    /// These count for another value of what `per` names.
    Apart(Vec<String>),
    /// It is not known which use cases it covers.
    Unknown,
}

impl Shares {
    /// Of a side; nothing where no promise goes by what is left.
    pub fn of(survey: &Survey) -> Self {
        let world = survey.world;
        let readers = readers::of(world);
        if readers.is_empty() {
            return Self::default();
        }
        let (mut left, mut of_whom) = (MAX_LATENT_CONTEXTS, MAX_COVERAGE_WORK);
        let concerned = readers.iter().map(|(key, readers)| (key.clone(), asked(survey, readers, &mut left)));
        let concerned: BTreeMap<Remaining, Option<IdSet<UseCase>>> = concerned.collect();
        let budgets = world.budgets.enumerated().map(|(id, budget)| {
            let covered = covered(survey, Statement::Budget(id), &mut left);
            let meets = |asked: &Option<IdSet<UseCase>>| match (asked, &covered) {
                (Some(asked), Some(covered)) => covered.ids().any(|id| asked.contains(id)),
                _ => true,
            };
            let own = [Remaining::All, Remaining::Of(budget.name.value.clone())];
            let concerns = own.into_iter().filter(|key| concerned.get(key).is_some_and(meets));
            let mut counted = Counted::of(world, budget, concerns.collect());
            counted.coverage = Coverage::of(survey, id, &mut of_whom);
            (budget.name.value.clone(), counted)
        });
        Self {
            budgets: budgets.collect(),
            readers,
            models: world.models.iter().map(|model| model.id.clone()).collect(),
            use_cases: world.use_cases.iter().map(|one| one.name.value.clone()).collect(),
        }
    }

    /// The same with the names that things have on the new side.
    fn renamed(&self, names: &Names) -> Self {
        let mut shares = self.clone();
        let new = |name: String| names.of("use_case", &name).cloned().unwrap_or(name);
        shares.use_cases = std::mem::take(&mut shares.use_cases).into_iter().map(new).collect();
        for budget in shares.budgets.values_mut() {
            budget.coverage = budget.coverage.as_ref().map(|one| one.renamed(names));
            budget.when = conditions::renamed(&budget.when, names);
            if let Some(fact) = names.of("fact", &budget.per) {
                budget.per.clone_from(fact);
            }
            if let Some(on) = &mut budget.on {
                let models = std::mem::take(&mut on.models).into_iter();
                on.models = models
                    .map(|(id, provider)| (names.of("model", &id).cloned().unwrap_or(id), provider))
                    .collect();
            }
        }
        for reader in shares.readers.values_mut().flatten() {
            reader.said = reader.said.iter().map(|said| conditions::renamed(said, names)).collect();
        }
        shares
    }
}

/// The use cases for which some promise may hold; none where that may be any, or where there are too many to ask.
fn asked(survey: &Survey, readers: &[Reader], left: &mut usize) -> Option<IdSet<UseCase>> {
    let mut all = IdSet::none_of(&survey.world.use_cases);
    for reader in readers {
        all.add_all(&covered(survey, reader.id, left)?);
    }
    Some(all)
}

/// The use cases that a statement may concern, the same.
fn covered(survey: &Survey, statement: Statement, left: &mut usize) -> Option<IdSet<UseCase>> {
    if *left == 0 {
        return None;
    }
    let ids = survey.engine.may_concern(statement)?;
    *left = left.saturating_sub(ids.len().max(1));
    let mut all = IdSet::none_of(&survey.world.use_cases);
    all.extend(ids.into_iter().inspect(|_| work::step()));
    Some(all)
}

impl Counted {
    fn of(world: &World, budget: &Budget, concerns: BTreeSet<Remaining>) -> Self {
        let mut on = On { providers: BTreeSet::new(), models: BTreeMap::new() };
        for selector in &budget.on {
            match *selector {
                Selector::Provider(id) => {
                    on.providers.insert(world.providers[id].name.value.clone());
                }
                Selector::Model(id) => {
                    let model = &world.models[id];
                    let provider = world.providers[model.provider].name.value.clone();
                    on.models.insert(model.id.clone(), provider);
                }
            }
        }
        Self {
            on: (!budget.on.is_empty()).then_some(on),
            when: conditions::text(world, budget.when.as_ref()),
            per: budget.per.map(|per| per.name(world).to_owned()).unwrap_or_default(),
            limit: budget.limit.clone(),
            period: budget.period,
            concerns,
            coverage: None,
        }
    }

    /// In what it counts less than another, of the models that there still are; nothing where it is as strict.
    fn less(&self, other: &Self, models: &BTreeSet<String>) -> Vec<Less> {
        let is_within = |own: &str, other: &str| own.is_empty() || own == other;
        let misses = |own: &On| other.on.as_ref().is_none_or(|on| own.misses(on, models));
        // Where the use case alone decides, whom it covers tells more than how that is written.
        let both = self.coverage.as_ref().zip(other.coverage.as_ref());
        let is_told = both.is_some_and(|(own, other)| own.is_fixed && other.is_fixed);
        let all = [
            (Less::On, self.on.as_ref().is_some_and(misses)),
            (Less::When, !is_told && !is_within(&self.when, &other.when)),
            (Less::Per, !is_within(&self.per, &other.per)),
            // In another period it is used up on other days.
            (Less::Limit, self.period != other.period || self.limit > other.limit),
        ];
        all.into_iter().filter(|(_, is_less)| *is_less).map(|(less, _)| less).collect()
    }

    /// Use cases that another covers and it does not, and those that it counts for another value; of the first not those
    /// of which another budget is as strict.
    fn moved(&self, other: &Self, known: &BTreeSet<String>, by: Option<&Strictest>) -> Vec<Less> {
        let Some((own, coverage)) = self.coverage.as_ref().zip(other.coverage.as_ref()) else {
            return vec![Less::Unknown];
        };
        let (mut gone, mut partly) = own.misses(coverage, known);
        for names in [&mut gone, &mut partly] {
            names.retain(|name| !by.is_some_and(|by| by.covers(name, other)));
        }
        let apart = if self.per == other.per { own.apart(coverage) } else { Vec::new() };
        let all = [(gone, Less::Left as fn(_) -> _), (partly, Less::Partly), (apart, Less::Apart)];
        all.into_iter().filter(|(names, _)| !names.is_empty()).map(|(names, less)| less(names)).collect()
    }

    /// How much it allows in which period.
    fn allows(&self) -> String {
        format!("{} usd {}", grouped(&exact(&self.limit)), per(self.period))
    }
}

impl On {
    /// Whether it does not count something that another does.
    fn misses(&self, other: &Self, models: &BTreeSet<String>) -> bool {
        let counts = |(id, provider): (&String, &String)| {
            !models.contains(id) || self.models.contains_key(id) || self.providers.contains(provider)
        };
        !other.providers.is_subset(&self.providers) || !other.models.iter().all(counts)
    }

    fn names(&self) -> Vec<&String> {
        self.providers.iter().chain(self.models.keys()).collect()
    }
}

/// What became of a budget, with everything that an acceptance of it is of beside the words.
type Turn = (String, Vec<String>);

/// How a budget is another on the new side, in what counts less on either of both; none where nothing does.
fn turn(name: &str, (before, after): (&Counted, &Counted), less: &[Less], is_more: bool) -> Option<Turn> {
    let mut bound = Vec::new();
    let on = |one: &Counted| match &one.on {
        None => "everything".to_owned(),
        Some(on) => format!("what is spent on {}", some(&on.names(), shown::DIFF_NAMES)),
    };
    let per = |one: &Counted| match one.per.as_str() {
        "" => "for all together".to_owned(),
        per => format!("per `{per}`"),
    };
    let named = |names: &[String]| some(&names.iter().collect::<Vec<_>>(), shown::DIFF_NAMES);
    for less in less {
        match less {
            Less::On => bound.extend(after.on.iter().flat_map(|on| on.names().into_iter().cloned())),
            Less::When => bound.extend([before.when.clone(), after.when.clone()]),
            Less::Left(names) | Less::Partly(names) | Less::Apart(names) => {
                bound.extend(names.iter().cloned());
            }
            Less::Per | Less::Limit | Less::Unknown => {}
        }
    }
    // Of whom it covers less, that says more than that the condition is another one.
    let is_told = less.iter().any(|less| matches!(less, Less::Left(_) | Less::Partly(_)));
    let less = less.iter().filter(|less| !is_told || **less != Less::When);
    let said = less.map(|less| match less {
        Less::On => format!("counts {}, before {}", on(after), on(before)),
        Less::When => "covers other requests".to_owned(),
        Less::Per => format!("has its limit {}, before {}", per(after), per(before)),
        Less::Limit => format!("allows {}, before {}", after.allows(), before.allows()),
        Less::Left(names) => {
            format!("{} {}", if is_more { "newly covers" } else { "no longer covers" }, named(names))
        }
        Less::Partly(names) => {
            format!(
                "{} {}",
                if is_more { "now always covers" } else { "no longer always covers" },
                named(names)
            )
        }
        Less::Apart(names) => format!("counts {} for another `{}`", named(names), after.per),
        Less::Unknown => "covers more than is compared here".to_owned(),
    });
    let said: Vec<String> = said.collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    (!said.is_empty()).then(|| (format!("budget `{name}` {}", joined(&said)), bound))
}

/// What less is left of, and more: what empties promises that hold while much is left, and those that hold once little is.
#[derive(Default)]
struct Turns {
    little: Vec<Turn>,
    much: Vec<Turn>,
}

/// What became of the budgets that promises read.
fn turns(key: &Remaining, old: &Shares, new: &Shares, of_all: (&Strictest, &Strictest)) -> Turns {
    let names: BTreeSet<&String> = match key {
        Remaining::All => old.budgets.keys().chain(new.budgets.keys()).collect(),
        Remaining::Of(name) => [name].into(),
    };
    let is_read = |one: &&Counted| one.concerns.contains(key) && (*key != Remaining::All || one.on.is_none());
    let is_all = *key == Remaining::All;
    let is_replaced = |one: &Counted, by: &Strictest| is_all && by.replaces(one);
    let gone = gone(key, old, new);
    let mut turns = Turns::default();
    for name in names {
        work::step();
        let (before, after) = (old.budgets.get(name), new.budgets.get(name));
        if let Some(before) = before.filter(is_read) {
            let is_less = !is_replaced(before, of_all.1);
            turns.little.extend(match after {
                None => is_less.then(|| {
                    let (said, bound) = &gone;
                    (format!("budget `{name}` {said}"), bound.iter().cloned().collect())
                }),
                Some(after) => {
                    let mut less = if is_less { after.less(before, &new.models) } else { Vec::new() };
                    less.extend(after.moved(before, &new.use_cases, is_all.then_some(of_all.1)));
                    turn(name, (before, after), &less, false)
                }
            });
        }
        if let Some(after) = after.filter(is_read) {
            let is_more = !is_replaced(after, of_all.0);
            turns.much.extend(match before {
                None => is_more
                    .then(|| (format!("budget `{name}` is new and allows {}", after.allows()), Vec::new())),
                Some(before) => {
                    let mut more = if is_more { before.less(after, &new.models) } else { Vec::new() };
                    more.extend(before.moved(after, &old.use_cases, is_all.then_some(of_all.0)));
                    turn(name, (before, after), &more, true)
                }
            });
        }
    }
    turns
}

/// What is said of a budget that is gone, with the new ones that count in its place, and what stands for all of those: who
/// accepts the one has seen the others.
fn gone(key: &Remaining, old: &Shares, new: &Shares) -> (String, Option<String>) {
    let is_new = |(name, one): &(&String, &Counted)| {
        *key == Remaining::All && one.on.is_none() && !old.budgets.contains_key(*name)
    };
    let others: Vec<(&String, &Counted)> = new.budgets.iter().filter(is_new).collect();
    let all = others.iter().inspect(|_| work::step());
    let all = all.map(|(name, one)| format!("{name} {} {} {}", one.allows(), one.when, one.per));
    let all: Vec<String> = all.collect();
    let mut said = vec!["counts nothing any more".to_owned()];
    let named = others.iter().take(shown::DIFF_NAMES);
    said.extend(named.map(|(name, one)| format!("`{name}` is new and allows {}", one.allows())));
    let more = others.len().saturating_sub(shown::DIFF_NAMES);
    said.extend((more > 0).then(|| format!("{more} more are new")));
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    (joined(&said), (!all.is_empty()).then(|| fingerprint::whole(&all)))
}

/// Budgets that count otherwise, with the promises that go by what is left of them and may no longer hold where they did.
pub fn moved(old: &Shares, new: &Shares, names: &Names) -> Vec<Moved> {
    if old.readers.is_empty() || new.readers.is_empty() {
        return Vec::new();
    }
    let old = &old.renamed(names);
    let of_all = (Strictest::of(old), Strictest::of(new));
    let mut found: BTreeSet<Turn> = BTreeSet::new();
    for (key, readers) in &old.readers {
        // What nobody promises any more is said to be gone.
        let Some(still) = new.readers.get(key) else { continue };
        let still: BTreeSet<&String> = still.iter().flat_map(|reader| &reader.said).collect();
        let stands = |reader: &&Reader| reader.said.iter().any(|said| still.contains(said));
        let standing: Vec<&Reader> = readers.iter().filter(stands).collect();
        let turns = turns(key, old, new, (&of_all.0, &of_all.1));
        found.extend(with(turns.little, standing.iter().filter(|reader| reader.sense.little)));
        found.extend(with(turns.much, standing.iter().filter(|reader| reader.sense.much)));
    }
    found.into_iter().map(|(text, bound)| Moved::loosened(text).binding(bound)).collect()
}

/// What became of budgets, with who goes by what is left of them; nothing where nobody does.
fn with<'a>(turns: Vec<Turn>, readers: impl Iterator<Item = &'a &'a Reader>) -> Vec<Turn> {
    let whom: BTreeSet<String> = readers.map(|reader| reader.what.clone()).collect();
    if whom.is_empty() {
        return Vec::new();
    }
    let more = whom.len().saturating_sub(shown::DIFF_NAMES);
    let mut named: Vec<String> = whom.iter().take(shown::DIFF_NAMES).cloned().collect();
    named.extend((more > 0).then(|| format!("{more} more")));
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let go = if whom.len() == 1 { "goes" } else { "go" };
    let so = format!("{} {go} by what is left", joined(&named));
    let all = fingerprint::whole(&whom);
    let turns = turns.into_iter().map(|(text, mut bound)| {
        bound.extend((more > 0).then(|| all.clone()));
        (format!("{text}: {so}"), bound)
    });
    turns.collect()
}
