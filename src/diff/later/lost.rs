//! Promises of a later day that use cases lose by what they state now, or by what else conditions read; and what requests
//! may state that only a statement of a later day reads.

use std::collections::BTreeSet;

use super::days::Turn;
use super::{Search, Stand};
use crate::decide::survey::Survey;
use crate::diff::causes::{Place, Text, Texts};
use crate::diff::gate::quoted;
use crate::diff::latent::{self, Latent, Measured};
use crate::diff::rename::Names;
use crate::diff::sides::Side;
use crate::diff::{Diff, understood};
use crate::model::Date;

/// A promise that use cases lose: its place, who makes it, what it is, and who loses it.
type Said = (Place, String, String, String);

/// What is known on every day.
pub(super) struct Losses {
    /// What requests may state and mean by it, as far as that was said to be otherwise.
    understood: BTreeSet<String>,
    /// The use cases that state something else that a condition may read.
    edited: BTreeSet<String>,
    measured: Measured,
    /// What was said already.
    said: BTreeSet<Said>,
    /// The last day of which it was asked.
    asked: Date,
}

impl Losses {
    /// What the day of both sides says.
    pub(super) fn new(diff: &Diff, texts: &Texts, (old, new): (&Side, &Side)) -> Self {
        let (edited, measured) = (latent::edited(texts), Measured::of(texts.old.1.survey.world));
        let understood = understood::moved(old, new, &diff.names).into_iter().map(|moved| moved.text);
        Self {
            understood: understood.collect(),
            edited,
            measured,
            said: diff.latent.iter().map(said).collect(),
            asked: texts.old.1.as_of,
        }
    }
}

fn said(lost: &Latent) -> Said {
    (lost.place.clone(), lost.what.clone(), lost.change.clone(), lost.text.clone())
}

impl Search<'_> {
    /// Says what use cases lose on a day that they do not lose on an earlier one.
    pub(super) fn losses(
        &mut self,
        (old, new): (&Stand, &Stand),
        (day, turn): (Date, &Turn),
        later: &Diff,
        names: &Names,
    ) {
        for moved in understood::moved(&old.side, &new.side, names) {
            if self.losses.understood.insert(moved.text.clone()) {
                self.say_bound(day, turn, &moved.text, moved.bound);
            }
        }
        let (before, after) = (old.promises.world(), new.promises.world());
        if self.losses.edited.is_empty() && !latent::may_lose((before, after), names) {
            return;
        }
        // Those that stood on an earlier day were asked of then.
        let since = std::mem::replace(&mut self.losses.asked, day);
        if !latent::begins(&self.texts.old.1, since, day) {
            return;
        }
        let (before, after) = (Survey::new(before), Survey::new(after));
        let decided = [&before, &after].into_iter().map(|survey| survey.cases.len()).sum();
        self.left = self.left.saturating_sub(decided);
        let (of_old, of_new) = (self.texts.old.1, self.texts.new.1);
        let old = Text { as_of: day, survey: &before, ..of_old };
        let new = Text { as_of: day, survey: &after, ..of_new };
        let known = (&self.losses.edited, &self.losses.measured);
        for lost in latent::lost(later, (&old, &new), known, names, Some(since)) {
            if self.losses.said.insert(said(&lost)) {
                let text = format!("{}: {}: `{}`", quoted(&lost.what), lost.change, lost.text);
                let bound = lost.whom.into_iter().chain([lost.instead]);
                self.say_bound(day, turn, &text, bound.filter(|bound| !bound.is_empty()).collect());
            }
        }
    }
}
