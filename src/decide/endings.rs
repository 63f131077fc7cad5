//! What ends or begins some day, and for whom that can matter.
//!
//! To make a world again costs as much as to make it once, so what cannot change a decision is not tried: a model nobody
//! may use, a certification that no use case needs and nothing reads, an agreement that nothing reads, a model that ends
//! and that no request reaches.

mod rests;

use std::collections::{BTreeMap, BTreeSet};

pub use rests::{Rests, ends, in_force, resting, rests};

use rayon::prelude::*;

use super::survey::{Decided, Survey};
use super::trial::{Asked, Changed, Difference, Ready, Then, Trial, difference_after};
use crate::limits::{MAX_TRIAL_WORK, MAX_TRIALS};
use crate::model::attribute::{Attribute, ModelAttribute};
use crate::model::names::Set;
use crate::model::{
    Aspect, Date, EndingKind, Expiry, Expr, IdSet, Model, ModelId, Moment, PreferKind, Timed, UseCaseId,
    World,
};
use crate::vocabulary::DpaStatus;

/// The use cases of a survey as endings look at them.
pub struct Concerned<'s> {
    survey: &'s Survey<'s>,
    cases: Vec<Concern<'s>>,
    read: BTreeSet<ModelAttribute>,
    asked: Asked,
}

/// A use case whose every decision is defined.
struct Concern<'s> {
    decided: Decided<'s>,
    /// The models approved for it.
    approved: IdSet<Model>,
    /// Its primaries and targets, in any context, ascending.
    reached: Vec<ModelId>,
}

impl<'s> Concerned<'s> {
    /// Every use case of a survey whose decisions are all defined, and what is asked of endings.
    pub fn new(survey: &'s Survey<'s>, asked: Asked) -> Self {
        let cases = survey.decided().map(|decided| Concern {
            approved: survey.engine.approved(decided.use_case),
            reached: decided.reached(),
            decided,
        });
        Self { survey, cases: cases.collect(), read: read(survey.world), asked }
    }

    /// The use cases that the end of an entry can touch.
    pub fn touched(&self, expiry: &Expiry) -> Vec<UseCaseId> {
        let reads = |attribute| self.read.contains(&attribute);
        match expiry.kind {
            // Who does not reach a model is not served by it once there is one fewer.
            EndingKind::Model => self.where_(|case| expiry.models.iter().any(|id| case.reaches(*id))),
            EndingKind::Dpa if !reads(ModelAttribute::Dpa) => Vec::new(),
            EndingKind::Certification if !reads(ModelAttribute::Compliance) => {
                let names = &self.survey.world.names;
                let needs = |case: &Concern| {
                    case.decided.use_case.compliance.iter().any(|symbol| names.name(symbol) == expiry.name)
                };
                self.where_(|case| case.approves(expiry) && needs(case))
            }
            EndingKind::Dpa | EndingKind::Certification | EndingKind::Evidence => self.approving(expiry),
        }
    }

    /// The use cases for which a model that an entry bears on is approved: nothing else that ends or begins makes the
    /// entry matter to another one.
    pub fn approving(&self, expiry: &Expiry) -> Vec<UseCaseId> {
        self.where_(|case| case.approves(expiry))
    }

    /// The use cases with data that reach a model whose agreement ends.
    pub fn with_data(&self, expiry: &Expiry) -> Vec<UseCaseId> {
        let models = &self.survey.world.models;
        let confirmed = |id: &&ModelId| models[**id].dpa == Some(DpaStatus::Confirmed);
        let agreed: Vec<&ModelId> = expiry.models.iter().filter(confirmed).collect();
        self.where_(|case| {
            !case.decided.use_case.data.is_empty() && agreed.iter().any(|id| case.reaches(**id))
        })
    }

    /// The decisions of the day.
    pub fn survey(&self) -> &'s Survey<'s> {
        self.survey
    }

    /// Every use case.
    pub fn all(&self) -> Vec<UseCaseId> {
        self.where_(|_| true)
    }

    fn where_(&self, wanted: impl Fn(&Concern) -> bool) -> Vec<UseCaseId> {
        self.cases.iter().filter(|case| wanted(case)).map(|case| case.decided.id).collect()
    }

    /// The use cases among some of which something is true of its decisions, by number.
    pub fn among(&self, ids: &[UseCaseId], wanted: impl Fn(&Decided) -> bool + Sync) -> Vec<UseCaseId> {
        let found = self.each(ids, |decided| wanted(decided).then_some(()));
        found.into_iter().map(|(decided, ())| decided.id).collect()
    }

    /// What is found of the decisions of some use cases, by number.
    fn each<T: Send>(
        &self,
        ids: &[UseCaseId],
        find: impl Fn(&Decided) -> Option<T> + Sync,
    ) -> Vec<(&Decided<'s>, T)> {
        let one = |id: &UseCaseId| self.decided(*id).and_then(|decided| Some((decided, find(decided)?)));
        if ids.len() < FEW {
            ids.iter().filter_map(one).collect()
        } else {
            ids.par_iter().filter_map(one).collect()
        }
    }

    fn decided(&self, id: UseCaseId) -> Option<&Decided<'s>> {
        let at = self.cases.binary_search_by_key(&id, |case| case.decided.id).ok()?;
        self.cases.get(at).map(|case| &case.decided)
    }
}

/// Below this many use cases one core decides as fast as several.
const FEW: usize = 8;

impl Concern<'_> {
    fn reaches(&self, model: ModelId) -> bool {
        self.reached.binary_search(&model).is_ok()
    }

    fn approves(&self, expiry: &Expiry) -> bool {
        expiry.models.iter().any(|id| self.approved.contains(*id))
    }
}

/// The attributes of models that some promise, wish, guarantee or `match` reads.
fn read(world: &World) -> BTreeSet<ModelAttribute> {
    let rules = world.rules.iter().flat_map(|rule| {
        let promises = rule.promises.iter().map(|promise| &promise.expr);
        let wishes = rule.prefers.iter().filter_map(|prefer| match &prefer.kind {
            PreferKind::Where(expr) => Some(expr),
            _ => None,
        });
        promises.chain(wishes).collect::<Vec<&Expr>>()
    });
    let guarantees =
        world.guarantees.iter().flat_map(|guarantee| guarantee.parts.iter().map(|part| &part.expr));
    let reads = rules.chain(guarantees).flat_map(|expr| &expr.reads);
    let mut read: BTreeSet<ModelAttribute> = reads
        .filter_map(|(attribute, _)| match attribute {
            Attribute::Model(attribute) => Some(*attribute),
            Attribute::Request(_) | Attribute::Chain(_) | Attribute::Duty(_) => None,
        })
        .collect();
    let aspects = world.failovers.iter().flat_map(|failover| &failover.matches);
    if aspects.into_iter().any(|(aspect, _)| *aspect == Aspect::Compliance) {
        read.insert(ModelAttribute::Compliance);
    }
    read
}

/// The last day before the first later one on which, though nobody edits anything, some decision is another, a guarantee
/// breaks, or a statement begins or has ended; and the first in byte order of what ends or begins then.
pub fn last_day(survey: &Survey) -> Option<(Date, String)> {
    let world = survey.world;
    let mut turns: BTreeMap<Date, Turn> = BTreeMap::new();
    for expiry in &world.expiries {
        turns.entry(expiry.last_day).or_default().entries.push(expiry);
    }
    for statement in &world.timed {
        let words = format!("{} {}", statement.kind, statement.name);
        if let Some(eve) =
            statement.from.filter(|from| *from > world.as_of).and_then(|from| from.yesterday().ok())
        {
            turns.entry(eve).or_default().statements.push(format!("start of {words}"));
        }
        if let Some(until) = statement.until.filter(|until| *until >= world.as_of) {
            turns.entry(until).or_default().statements.push(words);
        }
    }
    let mut concerned = None;
    let mut tried = 0;
    let (eve, turn) = turns.into_iter().find(|(eve, turn)| {
        let Ok(day) = eve.tomorrow() else { return false };
        turn.statements.is_empty().then(|| {
            let concerned = concerned.get_or_insert_with(|| Concerned::new(survey, Asked::Reached));
            turn.matters(concerned, day, &mut tried)
        }) != Some(false)
    })?;
    let entries = turn.entries.iter().map(|expiry| expiry.words());
    Some((eve, entries.chain(turn.statements).min()?))
}

/// What ends with a day or begins with the next.
#[derive(Default)]
struct Turn<'a> {
    entries: Vec<&'a Expiry>,
    /// In a table's words.
    statements: Vec<String>,
}

impl Turn<'_> {
    /// Whether what ends in the registry changes a decision or breaks a guarantee on a day. After too many tries it is
    /// taken to: a table that is refused too early is safe.
    fn matters(&self, concerned: &Concerned, day: Date, tried: &mut usize) -> bool {
        let touched: BTreeSet<UseCaseId> =
            self.entries.iter().flat_map(|expiry| concerned.touched(expiry)).collect();
        let touched: Vec<UseCaseId> = touched.into_iter().collect();
        if touched.is_empty() {
            return false;
        }
        *tried += 1;
        let world = concerned.survey.world;
        let Some(trial) =
            (*tried <= most_trials(world)).then(|| Trial::new(world, Moment::on(day), &touched)).flatten()
        else {
            return true;
        };
        let ready = trial.ready(world);
        touched
            .par_iter()
            .any(|id| concerned.decided(*id).is_some_and(|decided| ready.differs_or_breaks(*id, decided.all)))
    }
}

/// What ends alone, and the use cases that it can touch.
pub struct Ends<'a> {
    /// What has its last day: a certification, an agreement, a statement.
    pub what: What<'a>,
    /// Whose decisions it can change.
    pub touched: Vec<UseCaseId>,
    /// Whose decisions are never changed by it or by what ends beside it, are all others.
    pub near: Vec<UseCaseId>,
}

/// An entry of the registry or a statement that ends.
#[derive(Clone, Copy)]
pub enum What<'a> {
    /// An entry of the registry that expires.
    Entry(&'a Expiry),
    /// A statement, and the one of its name that begins the day after.
    Statement(&'a Timed, Option<&'a Timed>),
}

/// Per ending what differs if it alone has ended. Past the most worlds that are made for that, every use case that it
/// touches.
pub fn carried(concerned: &Concerned, ends: &[Ends]) -> Vec<Changed> {
    let mut carried: Vec<Changed> = ends.iter().map(|_| Changed::default()).collect();
    let most = most_trials(concerned.survey.world);
    for (number, together) in apart(ends, most).into_iter().enumerate() {
        let tried =
            || try_models(concerned, ends, &together).or_else(|| try_together(concerned, ends, &together));
        let one = (number < most).then(tried).flatten();
        let found = one.unwrap_or_else(|| {
            let touched = |at: &usize| {
                let use_cases = ends.get(*at)?.touched.clone();
                Some((*at, Changed { use_cases, is_untried: true, ..Changed::default() }))
            };
            together.iter().filter_map(touched).collect()
        });
        for (at, changed) in found {
            if let Some(slot) = carried.get_mut(at) {
                *slot = changed;
            }
        }
    }
    carried
}

fn try_together(concerned: &Concerned, ends: &[Ends], together: &[usize]) -> Option<Vec<(usize, Changed)>> {
    let world = concerned.survey.world;
    let mut moment = Moment::on(world.as_of);
    let all = || together.iter().filter_map(|at| Some((*at, ends.get(*at)?)));
    for (_, end) in all() {
        match end.what {
            What::Entry(expiry) => moment.end(expiry),
            What::Statement(statement, next) => {
                moment.end_statement(statement.head);
                if let Some(next) = next {
                    moment.begin_statement(next.head);
                }
            }
        }
    }
    let touched: Vec<UseCaseId> = all().flat_map(|(_, end)| end.touched.iter().copied()).collect();
    let trial = Trial::new(world, moment, &touched)?;
    let ready: Ready = trial.ready(world);
    let difference = |decided: &Decided| ready.difference(decided.id, decided.all, concerned.asked);
    Some(all().map(|(at, end)| (at, changed(concerned, end, difference))).collect())
}

/// What differs once models end, each of them alone; none where something else ends too.
fn try_models(concerned: &Concerned, ends: &[Ends], together: &[usize]) -> Option<Vec<(usize, Changed)>> {
    let survey = concerned.survey;
    // Where nobody knows what the world was made from, nothing is tried.
    survey.world.written.as_ref()?;
    let one = |at: &usize| {
        let end = ends.get(*at)?;
        match end.what {
            What::Entry(expiry) if expiry.kind == EndingKind::Model => Some((*at, end, &expiry.models)),
            What::Entry(_) | What::Statement(..) => None,
        }
    };
    let models: Vec<(usize, &Ends, &Vec<ModelId>)> = together.iter().map(one).collect::<Option<_>>()?;
    let all = models.into_iter().map(|(at, end, ended)| {
        let tried = |decided: &Decided| {
            difference_after(&survey.engine, decided.id, decided.all, ended, concerned.asked)
        };
        let difference = |decided: &Decided| match concerned.asked {
            Asked::Reached => survey.tried.after(decided.id, ended, || tried(decided)),
            Asked::Fates => tried(decided),
        };
        (at, changed(concerned, end, difference))
    });
    Some(all.collect())
}

/// What differs for the use cases that an ending touches, by what each of them newly reaches.
fn changed(
    concerned: &Concerned,
    end: &Ends,
    difference: impl Fn(&Decided) -> Option<Difference> + Sync,
) -> Changed {
    let mut changed = Changed::default();
    for (decided, Difference { reached: new, then }) in concerned.each(&end.touched, difference) {
        changed.use_cases.push(decided.id);
        changed.then.extend(then);
        let before = decided.reached();
        for model in new {
            let is_new = before.binary_search(&model).is_err();
            let by_model = if is_new { &mut changed.reached } else { &mut changed.wider };
            by_model.entry(model).or_default().push(decided.id);
        }
    }
    changed
}

/// What becomes of requests on a later day if nothing is renewed: per use case of which some decision is another then,
/// the models that it newly reaches and what becomes of its requests; none where that day cannot be tried.
pub fn on_day(survey: &Survey, day: Date) -> Option<Vec<(UseCaseId, BTreeSet<ModelId>, Then)>> {
    if size(survey.world) > MAX_TRIAL_WORK {
        return None;
    }
    let concerned = Concerned::new(survey, Asked::Fates);
    let all = concerned.all();
    let trial = Trial::new(survey.world, Moment::on(day), &all)?;
    let ready = trial.ready(survey.world);
    let each = concerned.each(&all, |decided| {
        let Difference { reached, then } = ready.difference(decided.id, decided.all, concerned.asked)?;
        Some((reached, then?))
    });
    Some(each.into_iter().map(|(decided, (reached, then))| (decided.id, reached, then)).collect())
}

/// How many worlds are made to see what endings change: a large one fewer times, and at least once.
fn most_trials(world: &World) -> usize {
    (MAX_TRIAL_WORK / size(world).max(1)).clamp(1, MAX_TRIALS)
}

/// How many entries and statements are read to make a world again.
fn size(world: &World) -> usize {
    let statements = world.rules.len() + world.failovers.len() + world.budgets.len() + world.quotas.len();
    let statements = statements + world.audits.len() + world.guarantees.len();
    let held = world.models.iter().filter_map(|model| model.compliance.as_ref());
    let asked = world.use_cases.iter().map(|use_case| &use_case.compliance);
    // Ten certifications are read about as fast as one entry.
    let certifications = held.chain(asked).flat_map(Set::iter).count() / 10;
    world.models.len() + world.use_cases.len() + statements + certifications
}

/// The endings in groups that touch no use case together: one world answers for all of a group; so many groups, and the
/// rest each alone.
fn apart(ends: &[Ends], most: usize) -> Vec<Vec<usize>> {
    let mut rest: Vec<Vec<usize>> = Vec::new();
    let mut groups: Vec<(Vec<usize>, BTreeSet<UseCaseId>)> = Vec::new();
    for (at, end) in ends.iter().enumerate().filter(|(_, end)| !end.touched.is_empty()) {
        let full = groups.len() >= most;
        let free = groups.iter_mut().find(|(_, taken)| end.near.iter().all(|id| !taken.contains(id)));
        match free {
            Some((group, taken)) => {
                group.push(at);
                taken.extend(&end.near);
            }
            None if full => rest.push(vec![at]),
            None => groups.push((vec![at], end.near.iter().copied().collect())),
        }
    }
    groups.into_iter().map(|(group, _)| group).chain(rest).collect()
}
