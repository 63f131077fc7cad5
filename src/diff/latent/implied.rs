//! Promises that say more than another one did: `require model.tier >= premium` still promises that the tier is `standard`.
//!
//! What is found is certain, whatever is not known: a promise counts as kept only where each model that the new one lets
//! through was let through by the old one. What is written in another shape is not looked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::part::{APART, Domain, Part};
use super::promises::{ClauseSaid, Promise};
use super::reader::{Reader, Said, read_of_use_cases, readers, shared};
use crate::decide::engine::Statement as Id;
use crate::diff::causes::Text;
use crate::diff::rename::Names;
use crate::limits::MAX_LATENT_COMPARED;
use crate::limits::effort;
use crate::model::attribute::RequestAttribute;
use crate::model::{Context, Date, Expr, UseCase, World};

/// A promise as it is held against others: who makes it, what it says, and for which requests.
struct Own<'a> {
    promise: &'a Promise<'a>,
    said: Said,
    condition: Part,
}

/// What the new side promises.
pub(super) struct Kept<'a> {
    /// What always has one of some values.
    domains: Vec<Domain>,
    old: Reader<'a>,
    reader: Reader<'a>,
    new: Vec<Own<'a>>,
    /// Positions by for which requests.
    by_when: BTreeMap<&'a str, Vec<usize>>,
    /// The same by who promises it: one that is only stricter mostly keeps its name.
    by_name: BTreeMap<(&'static str, &'a str), Vec<usize>>,
    /// The same by the words.
    by_words: BTreeMap<&'a str, Vec<usize>>,
    /// The same by the statement.
    by_id: BTreeMap<Id, Vec<usize>>,
    /// Who says something in the same words until a day.
    known: HashMap<(String, Date), Rc<BTreeSet<Id>>>,
    /// How much more may be compared.
    left: usize,
}

impl<'a> Kept<'a> {
    pub(super) fn new(
        (old, new): (&'a Text<'a>, &'a Text<'a>),
        promises: &'a [Promise<'a>],
        names: &'a Names,
    ) -> Self {
        let (old, reader) = readers(old.survey.world, new.survey.world, names);
        let own = |promise: &'a Promise<'a>| Own {
            promise,
            said: reader.said(promise.understood),
            condition: reader.condition(promise.condition),
        };
        let mut kept = Self {
            domains: shared(&old, &reader),
            old,
            new: promises.iter().map(own).collect(),
            reader,
            by_when: BTreeMap::new(),
            by_name: BTreeMap::new(),
            by_words: BTreeMap::new(),
            by_id: BTreeMap::new(),
            known: HashMap::new(),
            left: MAX_LATENT_COMPARED,
        };
        for (at, promise) in promises.iter().enumerate() {
            kept.by_when.entry(&promise.when).or_default().push(at);
            kept.by_name.entry(promise.of).or_default().push(at);
            kept.by_words.entry(&promise.said).or_default().push(at);
            kept.by_id.entry(promise.id).or_default().push(at);
        }
        kept
    }

    /// Whether promises for the same requests, or for more, together say what one of the old side said, for as long.
    pub(super) fn keeps(&mut self, gone: &Promise, (words, when): (&str, &str)) -> bool {
        let whens = [Some(when), Some("").filter(|_| !when.is_empty())].into_iter().flatten();
        let others = whens.filter_map(|when| self.by_when.get(when)).flatten();
        let own = self.by_name.get(&gone.of).into_iter().flatten();
        let same = self.by_words.get(words).into_iter().flatten();
        let all = own
            .take(effort::ALIKE_PROMISES)
            .chain(others.take(effort::ALIKE_PROMISES))
            .chain(same.take(effort::ALIKE_PROMISES));
        let all: BTreeSet<usize> = all.copied().collect();
        let all = all.iter().filter_map(|at| self.new.get(*at)).filter(|own| own.promise.outlasts(gone));
        let all: Vec<(&Said, &Part)> = all.map(|own| (&own.said, &own.condition)).collect();
        let gone = (self.old.said(gone.understood), self.old.condition(gone.condition));
        pay(&mut self.left, (&gone.0, &gone.1), &all).is_some()
            && is_kept_by((&gone.0, &gone.1), &all, &self.domains)
    }

    /// The statements that still say what one of the old side said, each for its own requests: in these words, or by
    /// themselves in stricter ones. One that ends sooner does not count.
    pub(super) fn still(&mut self, gone: &Promise, words: String) -> Rc<BTreeSet<Id>> {
        let Some(all) = self.by_words.get(words.as_str()) else { return Rc::new(self.stricter(gone)) };
        let all = all.iter().filter_map(|at| self.new.get(*at)).map(|own| own.promise);
        let all = all.filter(|one| one.outlasts(gone));
        let known = self.known.entry((words, gone.last()));
        Rc::clone(known.or_insert_with(|| Rc::new(all.map(|one| one.id).collect())))
    }

    /// Those that say it in stricter words.
    fn stricter(&mut self, gone: &Promise) -> BTreeSet<Id> {
        let said = self.old.said(gone.understood);
        let own = self.by_name.get(&gone.of).into_iter().flatten().take(effort::ALIKE_PROMISES);
        let own = own.filter_map(|at| self.new.get(*at));
        let all =
            own.chain(self.new.iter().take(effort::ALIKE_PROMISES)).filter(|own| own.promise.outlasts(gone));
        let all: Vec<&Own> = all.collect();
        let others: Vec<(&Said, &Part)> = all.iter().map(|own| (&own.said, &own.condition)).collect();
        if pay(&mut self.left, (&said, &Part::Known(None)), &others).is_none() {
            return BTreeSet::new();
        }
        all.into_iter().filter(|own| own.said.keeps(&said)).map(|own| own.promise.id).collect()
    }

    /// Whether some statements of the new side say to a request what one of the old side said to it.
    pub(super) fn says_at(
        &self,
        gone: &Promise,
        saying: &[Id],
        (before, earlier): (&UseCase, &Context),
        (after, later): (&UseCase, &Context),
    ) -> bool {
        let said = self.old.at(before, earlier).said(gone.understood);
        let reader = self.reader.at(after, later);
        let all = saying.iter().filter_map(|id| self.by_id.get(id)).flatten();
        let mut all = all.filter_map(|at| self.new.get(*at)).map(|own| own.promise);
        said.is_empty() || all.any(|one| one.outlasts(gone) && reader.said(one.understood).keeps(&said))
    }

    /// Asks of a promise which of some statements still say it to each use case: all of them, where its clause reads nothing
    /// that use cases state.
    pub(super) fn asking<'s>(&self, gone: &'s Promise<'s>, same: Rc<BTreeSet<Id>>) -> Asking<'s> {
        let mut asking =
            Asking { gone, same, held: Vec::new(), reads: Vec::new(), size: 0, known: HashMap::new() };
        let mut reads = read_of_use_cases(gone.understood);
        if reads.is_empty() {
            return asking;
        }
        let own = self.by_name.get(&gone.of).into_iter().flatten().take(effort::ALIKE_PROMISES);
        let mut held: BTreeSet<usize> = own.copied().collect();
        held.extend(asking.same.iter().filter_map(|id| self.by_id.get(id)).flatten());
        let lasting = |at: &usize| self.new.get(*at).is_some_and(|own| own.promise.outlasts(gone));
        asking.held = held.into_iter().filter(lasting).collect();
        let others = asking.held.iter().filter_map(|at| self.new.get(*at));
        reads.extend(others.clone().flat_map(|own| read_of_use_cases(own.promise.understood)));
        reads.sort_unstable();
        reads.dedup();
        let size = self.old.said(gone.understood).size();
        asking.size = others.fold(size, |size, own| size.saturating_add(own.said.size()));
        asking.reads = reads;
        asking
    }

    /// Of the statements in question those that still say to a use case what was said to it; none where nothing was.
    pub(super) fn still_for(
        &mut self,
        asking: &mut Asking,
        (before, after): (&UseCase, &UseCase),
    ) -> Option<Rc<BTreeSet<Id>>> {
        if asking.reads.is_empty() {
            return Some(Rc::clone(&asking.same));
        }
        let key = [self.old.of(before).values(&asking.reads), self.reader.of(after).values(&asking.reads)];
        if let Some(known) = asking.known.get(&key) {
            return known.clone();
        }
        let still = self.saying_to(asking, (before, after)).map(Rc::new);
        asking.known.insert(key, still.clone());
        still
    }

    fn saying_to(&mut self, asking: &Asking, (before, after): (&UseCase, &UseCase)) -> Option<BTreeSet<Id>> {
        // To read them is most of the work; what there is no time to read is shown.
        let Some(left) = self.left.checked_sub(asking.size.saturating_mul(READ)) else {
            return Some(BTreeSet::new());
        };
        self.left = left;
        let said = self.old.of(before).said(asking.gone.understood);
        if said.is_empty() {
            return None;
        }
        let reader = self.reader.of(after);
        let mut still = BTreeSet::new();
        for own in asking.held.iter().filter_map(|at| self.new.get(*at)) {
            let other = reader.said(own.promise.understood);
            let paid = pay(&mut self.left, (&said, &Part::Known(None)), &[(&other, &Part::Known(None))]);
            if paid.is_some() && other.keeps(&said) {
                still.insert(own.promise.id);
            }
        }
        Some(still)
    }
}

/// To read a part costs as much as so many comparisons.
const READ: usize = 8;

/// A promise, asked of one use case after another.
pub(super) struct Asking<'s> {
    gone: &'s Promise<'s>,
    /// The statements that say it, each for its own requests.
    same: Rc<BTreeSet<Id>>,
    /// The promises of the new side that may say it.
    held: Vec<usize>,
    /// What all of them read of use cases.
    reads: Vec<RequestAttribute>,
    /// Of how many parts they are.
    size: usize,
    /// What was found, by what is read of both.
    known: HashMap<[String; 2], Option<Rc<BTreeSet<Id>>>>,
}

/// The promises of two worlds, held against each other one by one.
pub(in crate::diff) struct Implied<'a> {
    domains: Vec<Domain>,
    old: Reader<'a>,
    new: Reader<'a>,
}

/// A clause and for which requests it is said.
pub(in crate::diff) type SaidTo<'a> = (ClauseSaid<'a>, Option<&'a Expr>);

impl<'a> Implied<'a> {
    pub(in crate::diff) fn new(old: &'a World, new: &'a World, names: &'a Names) -> Self {
        let (old, new) = readers(old, new, names);
        Self { domains: shared(&old, &new), old, new }
    }

    /// Whether some promises of the new world together say what one of the old says, to all to whom it does; not, where no
    /// more may be compared.
    pub(in crate::diff) fn keeps(&self, gone: SaidTo, others: &[SaidTo], left: &mut usize) -> bool {
        let gone = (self.old.said(gone.0), self.old.condition(gone.1));
        let others = others.iter().take(effort::ALIKE_PROMISES_IN_ALL);
        let others: Vec<(Said, Part)> =
            others.map(|(said, when)| (self.new.said(*said), self.new.condition(*when))).collect();
        let others: Vec<(&Said, &Part)> = others.iter().map(|(said, when)| (said, when)).collect();
        pay(left, (&gone.0, &gone.1), &others).is_some()
            && is_kept_by((&gone.0, &gone.1), &others, &self.domains)
    }
}

/// Takes what a comparison costs from what may be compared; none where that is not enough.
fn pay(left: &mut usize, (said, when): (&Said, &Part), others: &[(&Said, &Part)]) -> Option<()> {
    let sizes = (said.size(), when.size());
    let each = others.iter().map(|(other, other_when)| {
        let said = other.size().saturating_mul(sizes.0);
        let whens = other_when.size().saturating_mul(sizes.1);
        said.saturating_add(whens).saturating_add(other_when.size().saturating_mul(APART))
    });
    *left = left.checked_sub(each.fold(0, usize::saturating_add))?;
    Some(())
}

/// Whether some promises together say what another one does, to all to whom it does.
fn is_kept_by((said, when): (&Said, &Part), others: &[(&Said, &Part)], domains: &[Domain]) -> bool {
    let covers = |wanted: &dyn Fn(&Said) -> bool| {
        let whens = others.iter().filter(|(other, _)| wanted(other)).map(|(_, when)| *when);
        let whens: Vec<&Part> = whens.collect();
        !whens.is_empty() && (when.is_covered(&whens) || when.is_covered_apart(&whens, domains))
    };
    if covers(&|other| other.keeps(said)) {
        return true;
    }
    let Said::Holds(part) = said else { return false };
    let Some(parts) = part.joined(true) else { return false };
    parts.iter().all(|part| covers(&|other| matches!(other, Said::Holds(own) if own.implies(part, true))))
}
