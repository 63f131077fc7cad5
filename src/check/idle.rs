//! Why a wish changes nothing where it applies: told with `ineffective-rule`.

use std::collections::{BTreeMap, BTreeSet};

use crate::decide::reference::{Deciding, Reader, Reading, Silence};
use crate::decide::survey::Survey;
use crate::limits::MAX_PAIRS_COMPARED;
use crate::model::{ModelId, RuleId, World};

/// What keeps a wish from changing an order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// Another rule overrides it.
    Overridden(RuleId),
    /// A rule of its tier has a `when`, and it has none.
    Unconditional(RuleId),
    /// A rule before it puts apart what it would put apart.
    Outranked(RuleId),
    /// It tells no two models apart.
    Level,
    /// There are no two models to tell apart.
    Alone,
    /// The order is that of cost.
    AsCost,
    /// There are too many such rules, contexts and models to find out.
    Untold,
}

/// In how many contexts the reasons are looked for.
const LOOKED_AT: usize = 12;

/// Per rule that changes nothing, why it does not.
pub(super) fn reasons(
    survey: &Survey,
    idle: impl Iterator<Item = RuleId>,
) -> BTreeMap<RuleId, BTreeSet<Why>> {
    let mut reasons: BTreeMap<RuleId, BTreeSet<Why>> = idle.map(|id| (id, BTreeSet::new())).collect();
    let mut left = MAX_PAIRS_COMPARED;
    let mut open: BTreeMap<RuleId, usize> = reasons.keys().map(|id| (*id, LOOKED_AT)).collect();
    for decided in survey.decided() {
        if open.is_empty() {
            break;
        }
        if decided.all.rules.ids().all(|rule| !open.contains_key(&rule)) {
            continue;
        }
        let reader = Reader::new(survey.world, decided.use_case);
        for (at, decision) in decided.examples() {
            let rules: Vec<RuleId> =
                decision.rules.iter().copied().filter(|rule| open.contains_key(rule)).collect();
            for rule in &rules {
                if let Some(times) = open.get_mut(rule) {
                    *times -= 1;
                    if *times == 0 {
                        open.remove(rule);
                    }
                }
            }
            if !rules.is_empty() {
                let Some(context) = decided.space.contexts.get(at) else { continue };
                let reading = reader.where_these_apply(context, decision.rules.to_vec());
                look(&reading, &rules, &mut reasons, &mut left);
            }
        }
    }
    // Where only one model may serve there is nothing to order: a reason only where there is no other.
    for reasons in reasons.values_mut() {
        for weak in [Why::Untold, Why::Alone, Why::Level] {
            if reasons.len() > 1 {
                reasons.remove(&weak);
            }
        }
    }
    reasons
}

/// Adds why some rules change nothing in one context; `left` are the pairs of models that may still be compared.
fn look(
    reading: &Reading,
    rules: &[RuleId],
    reasons: &mut BTreeMap<RuleId, BTreeSet<Why>>,
    left: &mut usize,
) {
    let silent: BTreeMap<RuleId, Silence> = reading.silent().into_iter().collect();
    let mut ranking: Option<Vec<ModelId>> = None;
    for rule in rules {
        let Some(reasons) = reasons.get_mut(rule) else { continue };
        match silent.get(rule) {
            Some(Silence::Overridden(by)) => {
                reasons.insert(Why::Overridden(*by));
                continue;
            }
            Some(Silence::Unconditional(by)) => {
                reasons.insert(Why::Unconditional(*by));
                continue;
            }
            None => {}
        }
        if *left == 0 {
            reasons.insert(Why::Untold);
            continue;
        }
        let ranking = ranking.get_or_insert_with(|| reading.ranking());
        *left = left.saturating_sub(ranking.len());
        let pairs = ranking.iter().copied().zip(ranking.iter().copied().skip(1));
        let decided = pairs.filter(|pair| reading.tells_apart(*rule, *pair));
        let mut seen = decided.map(|(a, b)| match reading.deciding(a, b) {
            Deciding::Preference(by, _) if by != *rule => Why::Outranked(by),
            _ => Why::AsCost,
        });
        match seen.next() {
            None => {
                reasons.insert(if ranking.len() > 1 { Why::Level } else { Why::Alone });
            }
            Some(first) => reasons.extend(seen.chain([first])),
        }
    }
}

impl Why {
    pub(super) fn words(&self, world: &World) -> String {
        let name = |id: &RuleId| world.rules[*id].name.value.as_str();
        match self {
            Self::Overridden(by) => format!("`{}` overrides it", name(by)),
            Self::Unconditional(by) => {
                format!("it has no `when`, and `{}` of its tier has one, so it is silent", name(by))
            }
            Self::Outranked(by) => format!("`{}` comes before it, and orders what it would order", name(by)),
            Self::Level => "it tells no two of the models apart that may serve".to_owned(),
            Self::Alone => {
                "where it applies at most one model may serve, so there is nothing to order".to_owned()
            }
            Self::Untold => "there are too many rules like it to say why".to_owned(),
            Self::AsCost => "without it the primary and every target stay what they are".to_owned(),
        }
    }
}
