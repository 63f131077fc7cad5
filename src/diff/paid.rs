//! What a use case pays for what serves it on both sides: a price counts as far as its own use is billed by it.

use std::collections::{BTreeMap, HashMap};

use super::grid::Part;
use super::kind::{Kind, Kinds};
use super::pairs::Judged;
use super::sides::Volume;
use crate::model::price::Prices;
use crate::number::{Rational, whole};

/// The old or the new side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Of {
    Old,
    New,
}

/// What a use case pays, on which side's price and for which side's use.
#[derive(Debug)]
pub(super) struct Paid<'a> {
    prices: [&'a BTreeMap<String, Prices>; 2],
    uses: [Option<&'a Volume>; 2],
    is_used_otherwise: bool,
    known: HashMap<(&'a str, Of, Of), Option<Amount>>,
}

/// An amount, and whether it is that of a month rather than of a blend of tokens.
type Amount = (bool, Rational);

/// How two decisions differ for a use case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Differing {
    /// The kinds of change, its cost among them.
    pub(super) kinds: Kinds,
    /// Whether a price is behind the cost.
    pub(super) is_priced: bool,
    /// Whether the expected use is.
    pub(super) is_used: bool,
}

impl<'a> Paid<'a> {
    /// By a use case on both sides, of which other use may be expected; a table, which states none, takes it from the other one.
    pub(super) fn by(old: Part<'a>, new: Part<'a>, is_used_otherwise: bool) -> Self {
        let (before, after) = (old.case.volume.as_ref(), new.case.volume.as_ref());
        Self {
            prices: [&old.side.prices, &new.side.prices],
            uses: [before.or(after), after.or(before)],
            is_used_otherwise,
            known: HashMap::new(),
        }
    }

    /// How two decisions differ for this use case.
    pub(super) fn differing(&mut self, judged: &Judged) -> Differing {
        let mut costs = judged.kinds.has(Kind::Cost);
        // Of other use a price beside the primary's is another one too, though no price is.
        let mut is_priced = costs && !self.is_used_otherwise;
        let mut is_used = false;
        for (before, after) in &judged.billed {
            let old = self.pays(before, Of::Old, Of::Old);
            let new = self.pays(after, Of::New, Of::New);
            costs |= differ(old.as_ref(), new.as_ref());
            let now = self.pays(before, Of::Old, Of::New);
            is_priced |= differ(now.as_ref(), new.as_ref());
            is_used |= self.is_used_otherwise && differ(old.as_ref(), now.as_ref());
        }
        // Where another model serves, what each would cost on the other side tells what the use alone does.
        if let Some((before, after)) = judged.primaries.as_ref().filter(|_| self.is_used_otherwise) {
            for (primary, priced) in [(before, Of::Old), (after, Of::New)] {
                let (old, now) = (self.pays(primary, priced, Of::Old), self.pays(primary, priced, Of::New));
                is_used |= differ(old.as_ref(), now.as_ref());
            }
            costs |= is_used;
        }
        let mut kinds = judged.kinds;
        kinds.set(Kind::Cost, costs);
        Differing { kinds, is_priced, is_used }
    }

    /// None where a side states no price or no use.
    fn pays(&mut self, id: &str, priced: Of, used: Of) -> Option<Amount> {
        let at = |of: Of| usize::from(of == Of::New);
        let (id, prices) = self.prices.get(at(priced))?.get_key_value(id)?;
        let used_by = *self.uses.get(at(used))?;
        let amount = || {
            let volume = used_by?;
            Some(match volume.tokens.filter(|(input, output)| *input != 0 || *output != 0) {
                Some(tokens) => (true, prices.monthly(&volume.usage, tokens)),
                // Without tokens three of input stand beside one of output, as in every order by cost.
                None => (false, prices.blended(&volume.usage, (&whole(3), &whole(1)))),
            })
        };
        self.known.entry((id, priced, used)).or_insert_with(amount).clone()
    }
}

/// Whether two amounts differ; what is not known may.
fn differ(a: Option<&Amount>, b: Option<&Amount>) -> bool {
    a.is_none() || b.is_none() || a != b
}
