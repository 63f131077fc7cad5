//! What a change does on a later day only: a statement that begins tomorrow, a promise that ends tonight, a model that is
//! retired sooner. Both sides are decided again on each day on which something of either begins or ends, each with the
//! other side of that day: what ends on both sides alike is no difference.

mod days;
mod known;
mod lost;
mod news;
mod promises;
mod scope;
mod worse;

use std::collections::{BTreeMap, BTreeSet};

use super::causes::{Text, Texts};
use super::fresh::Fresh;
use super::gate::{Moved, quoted};
use super::grid::{Grid, Part};
use super::kind::Kind;
use super::risk::Gain;
use super::shares::Shares;
use super::sides::Side;
use super::statements::{self, Expected, Half};
use super::store::Store;
use super::{Diff, comparison, extent, fresh};
use crate::decide::survey::Survey;
use crate::limits::{
    LEAST_LATER_DAYS, MAX_COMPARED_CONTEXTS, MAX_LATENT_COMPARED, MAX_LATER_WORK, MOST_LATER_WORK,
};
use crate::model::words::count;
use crate::model::{Date, Moment, World};
use crate::workspace;
use days::Turn;
use known::{News, Whom, said, whom, words};
use lost::Losses;
use news::Sides;
use promises::{By, Promise, Promises, Worldly};
use scope::{Scope, concerned};
use worse::Unheld;

/// A side on a day.
struct Stand<'a> {
    side: Side,
    promises: Promises<'a>,
    shares: Shares,
}

/// The search over all days.
struct Search<'a> {
    deny: &'a [Kind],
    texts: &'a Texts<'a>,
    /// The use cases that anything concerns; none: all of them.
    kept: Option<BTreeSet<String>>,
    /// The later of the days of both sides.
    base: Date,
    known: News,
    /// The fingerprints of changes that are accepted, or said of a later day: no other change of the use case is.
    accepted: BTreeMap<Whom, String>,
    /// Whose change of the day of both sides nobody has accepted.
    open: BTreeSet<Whom>,
    /// By what a model was said to be worse for a use case.
    known_worse: BTreeMap<(Whom, String), Gain>,
    /// Of whom that was said, and what stands for the contexts.
    known_worse_at: BTreeSet<(Whom, String)>,
    /// Of whose failover it was said that targets are held to less.
    known_unheld: Unheld,
    /// Models of which it was said where they newly lead.
    known_fresh: BTreeSet<Fresh>,
    /// The old side on its own day.
    today: &'a Side,
    /// Budgets of which it was said that they count less, by fingerprint.
    known_shares: BTreeSet<String>,
    /// Statements whose edit was said already, each with its fingerprint.
    edited: BTreeSet<(String, String)>,
    /// Promises that are gone on the day before, which was said.
    gone: BTreeSet<Promise>,
    /// Promises that use cases lose by what they state themselves.
    losses: Losses,
    /// Use cases of which it was said that they are not compared, and what stands for what the new side alone decides.
    left_out: BTreeSet<(String, Vec<String>)>,
    /// How many more entries may be read and decided.
    left: usize,
    /// How many more parts of promises may be held against each other.
    comparable: usize,
    found: Vec<Moved>,
}

/// What changes of the kinds that are denied on a later day, and not on the day of both sides.
pub fn find<'a>(
    diff: &Diff,
    store: &mut Store,
    sides: (&'a Side, &'a Side),
    texts: &'a Texts<'a>,
    deny: &'a [Kind],
) -> Vec<Moved> {
    let Some(Scope { only: kept }) = concerned(diff, sides, texts) else { return Vec::new() };
    let (old, new) = (&texts.old.1, &texts.new.1);
    let base = old.as_of.max(new.as_of);
    let turns = days::turns(old.survey.world, new.survey.world, base);
    if turns.is_empty() {
        return Vec::new();
    }
    let size = size(old.survey.world, kept.as_ref()) + size(new.survey.world, kept.as_ref());
    let left = allowed(size);
    let mut search = Search {
        deny,
        texts,
        kept,
        base,
        known: News::new(),
        accepted: diff
            .changes
            .iter()
            .filter(|change| change.accepted.is_some())
            .map(|change| (whom(change), change.fingerprint.clone()))
            .collect(),
        open: diff
            .changes
            .iter()
            .filter(|change| change.accepted.is_none())
            .filter(|change| deny.iter().any(|kind| change.kinds().has(*kind)))
            .map(whom)
            .collect(),
        known_worse: BTreeMap::new(),
        known_worse_at: BTreeSet::new(),
        known_unheld: Unheld::new(),
        known_fresh: BTreeSet::new(),
        today: sides.0,
        known_shares: BTreeSet::new(),
        edited: BTreeSet::new(),
        gone: BTreeSet::new(),
        losses: Losses::new(diff, texts, sides),
        left_out: diff.left_out.iter().map(|(name, _)| (name.clone(), Vec::new())).collect(),
        // Twice that, for what is decided on a day can be more than on the day of both sides.
        left: left.saturating_mul(2),
        comparable: MAX_LATENT_COMPARED,
        found: Vec::new(),
    };
    for change in &diff.changes {
        search.known.insert(whom(change), said(change, &Kind::ALL));
    }
    search.new_worse(&diff.worse);
    search.new_unheld(&diff.unheld);
    search.known_fresh.extend(fresh::found(store, &[sides.0], &sides.0.serving, sides.1, &diff.names));
    let picked = days::picked(&turns, left / size.max(1));
    search.all(diff, store, sides, &turns, &picked);
    search.found.retain(|moved| !is_said(diff, moved));
    search.found
}

/// Whether it is said already that a statement does not stand from that day on: that it does not is all that is known of it
/// then, and no other day.
fn is_said(diff: &Diff, moved: &Moved) -> bool {
    let Some(of) = moved.text.strip_suffix("` promises less") else { return false };
    let said = ["guarantee", "rule"].into_iter().find_map(|kind| {
        let (_, name) = of.rsplit_once(&format!(", {kind} `"))?;
        Some(format!("{kind} `{name}` "))
    });
    let day = |text: &str| text.get(..10)?.parse::<Date>().ok();
    let first = |known: &Moved| {
        let rest = known.text.strip_prefix(said.as_ref()?)?;
        match rest.strip_prefix("ends on ") {
            Some(ends) => day(ends)?.tomorrow().ok(),
            None => day(rest.strip_prefix("begins on ")?.split_once(", before on ")?.1),
        }
    };
    diff.gate.iter().any(|known| moved.from.is_some() && first(known) == moved.from)
}

/// How many entries may be read and decided on all days, where both sides have so many.
fn allowed(size: usize) -> usize {
    MAX_LATER_WORK.max(size.saturating_mul(LEAST_LATER_DAYS).min(MOST_LATER_WORK)).max(size)
}

/// How many entries of a world are read and decided.
fn size(world: &World, kept: Option<&BTreeSet<String>>) -> usize {
    let statements = world.rules.len() + world.failovers.len() + world.guarantees.len() + world.timed.len();
    let use_cases = kept.map_or(world.use_cases.len(), BTreeSet::len);
    world.models.iter().count() + world.expiries.len() + statements + use_cases
}

impl<'a> Search<'a> {
    fn all(
        &mut self,
        diff: &Diff,
        store: &mut Store,
        sides: (&Side, &Side),
        turns: &BTreeMap<Date, Turn>,
        picked: &BTreeSet<Date>,
    ) {
        let texts = self.texts;
        let mut old = Some(self.now(sides.0, &texts.old.1));
        let mut new = Some(self.now(sides.1, &texts.new.1));
        if let (Some(old), Some(new)) = (&old, &new) {
            self.gone = self.missing(old, new, diff).into_iter().map(|(one, _)| one).collect();
            self.new_shares((old, new), diff);
            // Of the same use cases as on later days: whom a statement covers is a part of what it says.
            self.edits(store, (&old.side, &new.side), diff);
        }
        // A side of an earlier day is to be decided again in any case.
        let mut is_due = (texts.old.1.as_of != self.base, texts.new.1.as_of != self.base);
        let mut missed: Vec<Date> = Vec::new();
        for (day, turn) in turns {
            is_due = (is_due.0 || !turn.old.is_empty(), is_due.1 || !turn.new.is_empty());
            if !picked.contains(day) || self.left == 0 {
                missed.push(*day);
                continue;
            }
            if is_due.0 {
                old = self.stand(store, &texts.old.1, Moment::on(*day), sides.0);
            }
            if is_due.1 {
                new = self.stand(store, &texts.new.1, Moment::on(*day), sides.1);
            }
            is_due = (false, false);
            match (&old, &new) {
                (Some(old), Some(new)) => self.day(store, (old, new), (*day, turn), diff),
                (Some(_), None) if self.left_out.insert(Default::default()) => {
                    self.say(*day, turn, "the new side cannot be decided");
                }
                (None, Some(new)) => self.not_compared_at_all(store, &new.side, (*day, turn)),
                _ => {}
            }
        }
        if let Some(first) = missed.first() {
            let of = count(turns.len(), "later day", "later days");
            let compared = turns.len().saturating_sub(missed.len());
            let text = format!(
                "of {of} on which something begins or ends only {compared} are compared: there may be more from {first} on"
            );
            self.found.push(Moved { from: Some(*first), ..Moved::loosened(text) });
        }
    }

    fn say(&mut self, day: Date, turn: &Turn, what: &str) {
        self.say_bound(day, turn, what, Vec::new());
    }

    fn say_bound(&mut self, day: Date, turn: &Turn, what: &str, bound: Vec<String>) {
        let text = format!("from {day}, {}, {what}", turn.words());
        self.found.push(Moved { from: Some(day), ..Moved::loosened(text).binding(bound) });
    }

    /// A side on its own day.
    fn now(&self, side: &Side, text: &'a Text<'a>) -> Stand<'a> {
        let side = self.kept.as_ref().map_or_else(|| side.clone(), |kept| side.only(kept));
        Stand {
            side,
            promises: Promises::of(Worldly::Own(text.survey.world)),
            shares: Shares::of(text.survey),
        }
    }

    /// A side in another moment; none where it cannot be decided then.
    fn stand(
        &mut self,
        store: &mut Store,
        text: &'a Text<'a>,
        moment: Moment,
        side: &Side,
    ) -> Option<Stand<'a>> {
        // Where nothing begins or ends, every day is the same.
        let Some(written) = &text.survey.world.written else { return Some(self.now(side, text)) };
        let world = workspace::world_in(written, moment, self.kept.as_ref())?;
        let survey = Survey::new(&world);
        let side = Side::of_workspace("", &survey, store);
        let decided = size(&world, None).saturating_add(comparison::deciding(&side));
        self.left = self.left.saturating_sub(decided);
        let shares = Shares::of(&survey);
        Some(Stand { side, promises: Promises::of(Worldly::Made(Box::new(world))), shares })
    }

    /// What the old side promises and the new one does not.
    fn missing<'s>(&mut self, old: &'s Stand, new: &Stand, diff: &Diff) -> Vec<(Promise, &'s By)> {
        old.promises.missing(&new.promises, &diff.names, &mut self.comparable)
    }

    /// Compares both sides on a day.
    fn day(
        &mut self,
        store: &mut Store,
        (old, new): (&Stand, &Stand),
        (day, turn): (Date, &Turn),
        diff: &Diff,
    ) {
        let later = super::diff(store, &old.side, &new.side);
        self.left = self.left.saturating_sub(later.work.entries());
        let lapses = self.lapses(day);
        let mut news = self.news(&later, !lapses);
        let mut fresh = self.new_fresh(store, &[&old.side], &new.side, &later);
        if lapses && !(news.is_empty() && fresh.is_empty()) {
            // What the old side reaches with a certificate that is renewed in time is no news.
            let frozen = Moment::on(self.base).with_statements_of(day);
            if let Some(frozen) = self.stand(store, &self.texts.old.1, frozen, &old.side) {
                let sides = Sides { then: &old.side, frozen: &frozen.side, new: &new.side };
                news = self.of_both(store, news, sides, &later);
                fresh = self.new_fresh(store, &[&old.side, &frozen.side], &new.side, &later);
            }
        }
        self.fresh(fresh, (day, turn));
        for (whom, known) in news {
            let text = words(&whom, &known);
            let change = later.changes.iter().find(|change| self::whom(change) == whom);
            let bound = change.map(|change| change.fingerprint.clone());
            // What is denied today already needs no more to be said of it.
            if let Some(now) = bound.clone().filter(|_| !self.open.contains(&whom)) {
                self.accepted.insert(whom.clone(), now);
            }
            self.say_bound(day, turn, &text, bound.into_iter().collect());
            self.known.entry(whom).or_default().join(known);
        }
        self.worse(&later, (day, turn));
        self.unheld(&later, (day, turn));
        for Moved { text, bound, .. } in self.new_shares((old, new), diff) {
            self.say_bound(day, turn, &text, bound);
        }
        self.not_compared(store, &later, (&old.side, &new.side), (day, turn));
        for (what, fingerprint) in self.edits(store, (&old.side, &new.side), diff) {
            self.say_bound(day, turn, &format!("{} changes", quoted(&what)), vec![fingerprint]);
        }
        self.losses((old, new), (day, turn), &later, &diff.names);
        let missing = self.missing(old, new, diff);
        let mut less: BTreeMap<&By, Vec<String>> = BTreeMap::new();
        for ((what, whom), by) in missing.iter().filter(|(promise, _)| !self.gone.contains(promise)) {
            less.entry(by).or_default().push(format!("{what} {whom}"));
        }
        // One that is back for a while is gone anew afterwards.
        self.gone = missing.iter().map(|(promise, _)| promise.clone()).collect();
        for (by, said) in &mut less {
            said.extend(new.promises.beside(&old.promises, by));
        }
        for ((kind, name), bound) in less {
            self.say_bound(day, turn, &format!("{kind} `{name}` promises less"), bound);
        }
    }

    /// Use cases without a decision on one side. Where neither has one, no request gets what it did not get before.
    fn not_compared(
        &mut self,
        store: &Store,
        later: &Diff,
        (old, new): (&Side, &Side),
        (day, turn): (Date, &Turn),
    ) {
        for (name, why) in &later.left_out {
            let mut bound = Vec::new();
            if old.undefined.contains(name) {
                let case = new.cases.get(later.names.of("use_case", name).unwrap_or(name));
                let Some(case) = case else { continue };
                bound.push(decided(store, Part { side: new, case }));
            }
            if self.left_out.insert((name.clone(), bound.clone())) {
                self.say_bound(day, turn, &format!("`{name}` is not compared: {why}"), bound);
            }
        }
    }

    /// The old side cannot be decided and the new one can: what it decides is said to nobody.
    fn not_compared_at_all(&mut self, store: &Store, new: &Side, (day, turn): (Date, &Turn)) {
        let case = |(name, case)| format!("{name}\u{1f}{}", decided(store, Part { side: new, case }));
        let bound: Vec<String> = new.cases.iter().map(case).collect();
        if self.left_out.insert((String::new(), bound.clone())) {
            self.say_bound(day, turn, "the old side cannot be decided", bound);
        }
    }

    /// Budgets, quotas and audit statements that differ only then, or otherwise then.
    fn edits(&mut self, store: &Store, (old, new): (&Side, &Side), diff: &Diff) -> Vec<(String, String)> {
        if !self.deny.contains(&Kind::Obligations) {
            return Vec::new();
        }
        let nothing = Expected::new();
        let [old, new] = [old, new].map(|side| Half { side, expected: &nothing });
        let mut edits = statements::between(store, old, new, &diff.names).fingerprints();
        edits.retain(|edit| self.edited.insert(edit.clone()));
        edits
    }
}

/// Stands for what a side decides in which contexts.
fn decided(store: &Store, part: Part) -> String {
    let grid = Grid::new(part, part);
    if grid.len() > MAX_COMPARED_CONTEXTS { String::new() } else { extent::alone(store, &grid, part).bound }
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn large_sides_are_compared_on_fewer_days() {
        let days = [100, 1_000, 6_000, 24_000, 1_000_000].map(|size| allowed(size) / size);
        assert_eq!(days, [1_000, 100, 40, 10, 1]);
    }
}
