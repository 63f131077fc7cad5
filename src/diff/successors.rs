//! Models that are new where others of their provider are gone: under another name a model may be held to less, and nobody
//! is told that it is the same.

use std::collections::{BTreeMap, BTreeSet};

use super::approvals::{Approved, Called};
use super::bounds::{Bounds, Limits};
use super::destinations;
use super::gate::Moved;
use super::rename::Names;
use crate::limits::MAX_SUCCESSION_WORK;
use crate::limits::shown;
use crate::model::words::{count, some};
use crate::model::{ClassificationId, Model, World};
use crate::work;

/// What is compared.
struct Both<'a> {
    old: (&'a World, Bounds),
    new: (&'a World, Bounds),
    called: Called<'a>,
}

/// What a model is held to: the level of its ceiling, its approvals, its limits.
type Profile<'a> = (ClassificationId, BTreeSet<&'a str>, Option<Limits>);

/// Models of one provider by what they are held to: those that are held to the same are asked about once.
type Alike<'a> = BTreeMap<Profile<'a>, Vec<&'a Model>>;

/// New models that are held to less than every one of their provider that is gone: said of the one that is most alike.
pub fn moved(old: &World, new: &World, names: &Names) -> Vec<Moved> {
    let kept = old.models.iter().map(|model| names.of("model", &model.id).unwrap_or(&model.id).as_str());
    let kept: BTreeSet<&str> = kept.collect();
    let known: BTreeSet<&str> = new.models.iter().map(|model| model.id.as_str()).collect();
    let fresh = by_provider(new, |id| !kept.contains(id));
    let mut gone = by_provider(old, |id| !known.contains(names.of("model", id).map_or(id, String::as_str)));
    gone.retain(|provider, _| fresh.contains_key(provider));
    if gone.is_empty() {
        return Vec::new();
    }
    let both = Both {
        old: (old, Bounds::of_world(old)),
        new: (new, Bounds::of_world(new)),
        called: Called::between(old, new, names),
    };
    let mut left = MAX_SUCCESSION_WORK;
    let mut moved = Vec::new();
    for (provider, gone) in gone {
        let gone = alike(gone, &both.old.1);
        let gone: Vec<(&Model, Approved)> = gone
            .into_values()
            .filter_map(|models| models.first().map(|model| (*model, Approved::of(model))))
            .collect();
        let mut missed: Vec<String> = Vec::new();
        let fresh = fresh.get(provider).into_iter().flatten().copied();
        for ((_, approved, _), models) in alike(fresh, &both.new.1) {
            let ids: Vec<&str> = models.iter().map(|model| model.id.as_str()).collect();
            let work = gone.len().saturating_mul(approved.len().saturating_add(1));
            match left.checked_sub(work) {
                Some(rest) => {
                    left = rest;
                    moved.extend(both.held(&models, &ids, &gone));
                }
                None => missed.extend(ids.into_iter().map(str::to_owned)),
            }
        }
        if !missed.is_empty() {
            let fresh = count(missed.len(), "new model", "new models");
            let text = format!(
                "{fresh} of `{provider}` may be held to less than those of it that are gone: there are too many to compare"
            );
            moved.push(Moved::loosened(text).binding(missed));
        }
    }
    moved
}

/// New models that are asked for just as another one is, at the same address, with the same key: what is held against that
/// one by its name, or stated of it, is not held against them.
pub fn aliases(old: &World, new: &World, names: &Names) -> Vec<Moved> {
    let known: BTreeMap<&str, &Model> = new.models.iter().map(|model| (model.id.as_str(), model)).collect();
    let mut asked: BTreeMap<(&str, Way), &Model> = BTreeMap::new();
    let ways = destinations::of_models(old);
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    for model in &old.models {
        let id = names.of("model", &model.id).unwrap_or(&model.id).as_str();
        kept.insert(id);
        if known.contains_key(id) {
            let provider = old.providers[model.provider].name.value.as_str();
            asked.entry((provider, as_asked(&ways, &model.id))).or_insert(model);
        }
    }
    let both = Both {
        old: (old, Bounds::of_world(old)),
        new: (new, Bounds::of_world(new)),
        called: Called::between(old, new, names),
    };
    let ways = destinations::of_models(new);
    let fresh = new.models.iter().filter(|model| !kept.contains(model.id.as_str()));
    let mut left = MAX_SUCCESSION_WORK;
    let aliases = fresh.filter_map(|model| {
        let provider = new.providers[model.provider].name.value.as_str();
        let way = as_asked(&ways, &model.id);
        let [_, _, upstream] = way.clone();
        let was = asked.get(&(provider, way))?;
        let approved = Approved::of(was);
        // What there is no time to compare is an entry all the same.
        let work = model.approved.len().saturating_add(was.approved.len());
        left = left.saturating_sub(work);
        let (said, approvals) = if left > 0 { both.less(model, was, &approved) } else { Less::default() };
        let said = if said.is_empty() { String::new() } else { format!("; it {}", said.join("; it ")) };
        let text = format!(
            "`{}` is new and asked for as `{upstream}`, which is `{}`: what rules and the registry say of that one by its name does not hold for it{said}",
            model.id, was.id
        );
        let bound = approvals.iter().skip(shown::DIFF_NAMES).map(|name| (*name).to_owned());
        Some(Moved::loosened(text).binding(bound.collect()))
    });
    aliases.collect()
}

/// How a model is asked for: the address, the key, and the name upstream. One address may speak several protocols, and
/// hosts do not tell case apart.
type Way = [String; 3];

fn as_asked(ways: &BTreeMap<String, destinations::Way>, id: &str) -> Way {
    let way = ways.get(id);
    let stated = |key| way.and_then(|way| way.get(key)).cloned();
    let bare = || id.split_once('/').map_or(id, |(_, bare)| bare).to_owned();
    let upstream = stated(destinations::UPSTREAM).unwrap_or_else(bare).to_lowercase();
    [stated("base_url").unwrap_or_default(), stated("api_key_env").unwrap_or_default(), upstream]
}

/// Some models, by provider.
fn by_provider(world: &World, is_meant: impl Fn(&str) -> bool) -> BTreeMap<&str, Vec<&Model>> {
    let mut all: BTreeMap<&str, Vec<&Model>> = BTreeMap::new();
    for model in world.models.iter().filter(|model| is_meant(&model.id)) {
        all.entry(&world.providers[model.provider].name.value).or_default().push(model);
    }
    all
}

fn alike<'a>(models: impl IntoIterator<Item = &'a Model>, bounds: &Bounds) -> Alike<'a> {
    let mut all = Alike::new();
    for model in models {
        let approved = model.approved.iter().inspect(|_| work::step()).map(|entry| entry.value.as_str());
        let profile = (model.ceiling, approved.collect(), bounds.limits(&model.id));
        all.entry(profile).or_default().push(model);
    }
    all
}

/// In what a model is held to less than another, in words, and the approvals that the other did not have.
type Less<'a> = (Vec<String>, Vec<&'a str>);

impl Both<'_> {
    /// In what models that are held to the same are held to less than the most alike of those that are gone; none where
    /// that is nothing.
    fn held(&self, models: &[&Model], ids: &[&str], gone: &[(&Model, Approved)]) -> Option<Moved> {
        let model = models.first()?;
        let less = gone.iter().map(|(was, approved)| (was.id.as_str(), self.less(model, was, approved)));
        let (was, (said, approvals)) =
            less.min_by_key(|(id, (said, approvals))| (said.len(), approvals.len(), *id))?;
        if said.is_empty() {
            return None;
        }
        let (are, each) = if ids.len() == 1 { ("is", "is") } else { ("are", "each is") };
        let (ids_named, said) = (some(ids, shown::DIFF_NAMES), said.join("; it "));
        let text = format!("{ids_named} {are} new where `{was}` is gone, and {each} held to less: it {said}");
        let bound = approvals
            .iter()
            .skip(shown::DIFF_NAMES)
            .chain(ids.iter().skip(shown::DIFF_NAMES))
            .map(|name| (*name).to_owned());
        Some(Moved::loosened(text).binding(bound.collect()))
    }

    fn less<'a>(&self, model: &'a Model, was: &Model, approved: &Approved) -> Less<'a> {
        let ((old, before), (new, after)) = (&self.old, &self.new);
        let mut said = Vec::new();
        let level = |name: &String| new.classifications.position(|known| known == name);
        let ceiling = &old.classifications[was.ceiling];
        if level(ceiling).is_some_and(|at| model.ceiling > at) {
            let own = &new.classifications[model.ceiling];
            said.push(format!("may see up to `{own}` data, before up to `{ceiling}`"));
        }
        let entries = model.approved.iter().inspect(|_| work::step()).map(|entry| entry.value.as_str());
        let more: Vec<&str> = entries.filter(|entry| !approved.knows(entry, &self.called)).collect();
        if !more.is_empty() {
            said.push(format!("is approved for {}, before not", some(&more, shown::DIFF_NAMES)));
        }
        said.extend(after.looser(&model.id, before, &was.id));
        (said, more)
    }
}
