//! Models that are worse than they were, targets that are held to less, and budgets that count less, on a later day only.

use std::collections::{BTreeMap, BTreeSet};

use super::known::Whom;
use super::{Search, Stand, Turn};
use crate::diff::endpoints::{self, Case};
use crate::diff::fresh::{self, Fresh};
use crate::diff::holds::{self, Loss};
use crate::diff::kind::Kind;
use crate::diff::sides::Side;
use crate::diff::store::Store;
use crate::diff::{Diff, gate::Moved, shares};
use crate::model::Date;

/// By whom and what is lost, what stands for the contexts in which it was said.
pub(super) type Unheld = BTreeMap<(Whom, Loss), BTreeSet<String>>;

impl Search<'_> {
    /// Models that are worse than they were only then.
    pub(super) fn worse(&mut self, later: &Diff, (day, turn): (Date, &Turn)) {
        if !self.deny.contains(&Kind::Widened) {
            return;
        }
        for moved in endpoints::moved(&self.new_worse(&later.worse)) {
            self.say_bound(day, turn, &moved.text, moved.bound);
        }
    }

    /// What of that was not said yet.
    pub(super) fn new_worse(&mut self, cases: &[Case]) -> Vec<Case> {
        let mut news = cases.to_vec();
        for case in &mut news {
            // Who accepts it does so in these contexts.
            let is_elsewhere = self.known_worse_at.insert((case.whom.clone(), case.bound.clone()));
            case.worse.retain(|id, worse| {
                let known = self.known_worse.entry((case.whom.clone(), id.clone())).or_default();
                let is_new = is_elsewhere || !worse.gain.beyond(known).is_empty();
                known.join(worse.gain.clone());
                is_new
            });
        }
        news.retain(|case| !case.worse.is_empty());
        news
    }

    /// Targets that are held to less only then.
    pub(super) fn unheld(&mut self, later: &Diff, (day, turn): (Date, &Turn)) {
        for Moved { text, bound, .. } in holds::moved(&self.new_unheld(&later.unheld)) {
            self.say_bound(day, turn, &text, bound);
        }
    }

    /// What of that was not said yet, in these contexts or of the statement as a whole.
    pub(super) fn new_unheld(&mut self, cases: &[holds::Case]) -> Vec<holds::Case> {
        let mut news = cases.to_vec();
        for case in &mut news {
            let (whom, bound) = (&case.whom, &case.losses.bound);
            case.losses.all.retain(|loss, _| {
                let known = self.known_unheld.entry((whom.clone(), loss.clone())).or_default();
                let is_said = loss.is_of_one() && !known.is_empty();
                known.insert(bound.clone()) && !is_said
            });
        }
        news.retain(|case| !case.losses.all.is_empty());
        news
    }

    /// Models that newly lead elsewhere than any old side does, of which that was not said yet.
    pub(super) fn new_fresh(&self, store: &Store, olds: &[&Side], new: &Side, later: &Diff) -> Vec<Fresh> {
        let mut news = fresh::found(store, olds, &self.today.serving, new, &later.names);
        news.retain(|one| !self.known_fresh.contains(one));
        news
    }

    /// Names what is newly reached on the day.
    pub(super) fn fresh(&mut self, news: Vec<Fresh>, (day, turn): (Date, &Turn)) {
        for Moved { text, bound, .. } in fresh::moved(&news) {
            self.say_bound(day, turn, &text, bound);
        }
        self.known_fresh.extend(news);
    }

    /// Budgets that count less, of which that was not said yet.
    pub(super) fn new_shares(&mut self, (old, new): (&Stand, &Stand), diff: &Diff) -> Vec<Moved> {
        let mut news = shares::moved(&old.shares, &new.shares, &diff.names);
        news.retain(|moved| self.known_shares.insert(moved.fingerprint()));
        news
    }
}
