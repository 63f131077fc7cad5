//! Names and endpoint tags that lead to another use case than they did: what the old one was promised and the new one is
//! not, its requests lose, though neither use case says anything else.

use std::collections::BTreeMap;

use super::facts;
use super::implied::Kept;
use super::promises;
use super::requests::{self, Facts, Seen};
use super::standing;
use super::stated::stated_by;
use crate::diff::causes::{Text, Texts};
use crate::diff::conditions;
use crate::diff::gate::Moved;
use crate::diff::rename::{Names, leading};
use crate::limits::MAX_LATENT_CONTEXTS;
use crate::limits::shown;
use crate::model::words::some;
use crate::model::{Timed, UseCaseId, World};

/// The kinds of statements that promise something.
const PROMISING: [&str; 2] = ["rule", "guarantee"];

/// A name that leads elsewhere.
struct Asked<'a> {
    name: &'a str,
    before: UseCaseId,
    after: UseCaseId,
    /// What its requests lose, in words.
    lost: Vec<String>,
}

/// Each name that leads to another use case than it did, which is not the same one renamed, with what its requests lose.
pub fn moved(texts: &Texts, names: &Names) -> Vec<Moved> {
    let (old, new) = (&texts.old.1, &texts.new.1);
    let mut all = led_elsewhere(old.survey.world, new.survey.world, names);
    if all.is_empty() {
        return Vec::new();
    }
    for asked in &mut all {
        asked.lost.extend(facts::less(texts, (asked.before, asked.after)));
    }
    promised(&mut all, texts, names);
    let begins =
        |timed: &Timed| PROMISING.contains(&timed.kind) && timed.from.is_some_and(|from| from > old.as_of);
    let is_promised_later = old.survey.world.timed.iter().any(begins);
    all.iter().map(|asked| entry(asked, (old, new), is_promised_later)).collect()
}

fn led_elsewhere<'a>(old: &'a World, new: &World, names: &Names) -> Vec<Asked<'a>> {
    let (before, after) = (led(old), led(new));
    let both = before.into_iter().filter_map(|(name, before)| {
        let after = *after.get(name)?;
        let own = &old.use_cases[before].name.value;
        let is_same = names.of("use_case", own).unwrap_or(own) == &new.use_cases[after].name.value;
        (!is_same).then(|| Asked { name, before, after, lost: Vec::new() })
    });
    both.collect()
}

/// Per name that a request can state, the use case that it means.
fn led(world: &World) -> BTreeMap<&str, UseCaseId> {
    leading(world.use_cases.enumerated().map(|(id, one)| {
        (one.name.value.as_str(), one.endpoint_tag.as_ref().map(|tag| tag.value.as_str()), id)
    }))
}

/// Adds the promises that the new use case does not have, wherever the old one had them.
fn promised(all: &mut [Asked], texts: &Texts, names: &Names) {
    let (old, new) = (&texts.old.1, &texts.new.1);
    let known = (requests::by_name(old.survey.world), requests::by_name(new.survey.world));
    let before = seen(old, &known.0);
    let after = seen(new, &known.1);
    let mut by_old: BTreeMap<UseCaseId, Vec<&mut Asked>> = BTreeMap::new();
    for asked in all {
        by_old.entry(asked.before).or_default().push(asked);
    }
    let kept = promises::promises(new);
    let mut kept = Kept::new((old, new), &kept, names);
    let mut left = MAX_LATENT_CONTEXTS;
    for promise in promises::promises(old) {
        let said = conditions::renamed(&promise.said, names);
        let same = kept.still(&promise, said);
        let mut asking = kept.asking(&promise, same);
        for case in standing::may_concern(old.survey, promise.id) {
            for asked in by_old.get_mut(&case.id).into_iter().flatten() {
                let both = before.get(&asked.before).zip(after.get(&asked.after));
                // Where a side does not decide, nobody knows what holds.
                let is_lost = both.is_none_or(|(before, after)| {
                    let still = kept.still_for(&mut asking, (before.use_case, after.use_case));
                    still.is_some_and(|still| {
                        requests::lost_in((*before, *after), &promise, &still, &kept, &mut left).is_some()
                    })
                });
                if is_lost {
                    asked.lost.push(promise.words(old.sources));
                }
            }
        }
    }
}

fn seen<'a>(side: &'a Text, facts: &'a Facts<'a>) -> BTreeMap<UseCaseId, Seen<'a>> {
    Seen::all(side.survey, facts, true).into_values().map(|seen| (seen.id(), seen)).collect()
}

/// What is said of a name: it is a loosened gate where its requests lose something, or may from a later day on.
fn entry(asked: &Asked, (old, new): (&Text, &Text), is_promised_later: bool) -> Moved {
    let (before, after) = (
        &old.survey.world.use_cases[asked.before].name.value,
        &new.survey.world.use_cases[asked.after].name.value,
    );
    let text = format!("requests for `{}` count as `{after}`, before as `{before}`", asked.name);
    if !asked.lost.is_empty() {
        let lost = &asked.lost;
        let text = format!("{text}, and lose what that was promised: {}", some(lost, shown::DIFF_NAMES));
        return Moved::loosened(text).binding(lost.clone());
    }
    if is_promised_later {
        // What it may lose goes by what the other use case states.
        let (world, after) = (new.survey.world, &new.survey.world.use_cases[asked.after]);
        let text = format!("{text}, and may lose what that is promised from a later day on");
        return Moved::loosened(text).binding(vec![stated_by(world, after)]);
    }
    Moved::noted(text)
}
