//! Models that are worse than they were on a later day only.

use super::{Search, Turn};
use crate::diff::Diff;
use crate::diff::endpoints::{self, Case};
use crate::diff::kind::Kind;
use crate::model::Date;

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
            case.worse.retain(|id, worse| {
                let known = self.known_worse.entry((case.whom.clone(), id.clone())).or_default();
                let is_new = !worse.gain.beyond(known).is_empty();
                known.join(worse.gain.clone());
                is_new
            });
        }
        news.retain(|case| !case.worse.is_empty());
        news
    }
}
