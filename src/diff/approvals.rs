//! Approvals that a model gains: of one that its provider has anyway no decision shows that nobody looked at it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::causes::Texts;
use super::destinations::reached;
use super::gate::Moved;
use super::kind::Kind;
use super::rename::Names;
use super::sides::Side;
use super::store::Store;
use super::{Change, Diff};
use crate::limits::shown;
use crate::model::words::some;
use crate::model::{Model, World};
use crate::work;

/// What a model is approved for: names, and what names begin with.
pub(super) struct Approved<'a> {
    names: BTreeSet<&'a str>,
    prefixes: BTreeSet<&'a str>,
}

impl<'a> Approved<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        let entries = || model.approved.iter().map(|entry| entry.value.as_str());
        Self {
            names: entries().filter(|entry| !entry.ends_with('*')).collect(),
            prefixes: entries().filter_map(|entry| entry.strip_suffix('*')).collect(),
        }
    }

    /// Whether it is approved for all that begin so.
    fn has_all(&self, prefix: &str) -> bool {
        beginnings(prefix).any(|beginning| self.prefixes.contains(beginning))
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(name) || self.has_all(name)
    }

    /// Whether it covers an entry of the new side, or that is for a use case that is new itself.
    pub(super) fn knows(&self, entry: &str, called: &Called) -> bool {
        match entry.strip_suffix('*') {
            Some(prefix) => self.has_all(prefix),
            // By a name that something else had before it is approved for another use case.
            None => match called.was.get(entry) {
                Some(old) => self.has(old),
                None => self.has(entry) || called.is_new(entry),
            },
        }
    }
}

/// What use cases are called on both sides.
pub(super) struct Called<'a> {
    before: BTreeSet<&'a str>,
    after: BTreeSet<&'a str>,
    /// The old names of those that have another one now.
    was: HashMap<&'a str, &'a str>,
}

impl<'a> Called<'a> {
    pub(super) fn between(old: &'a World, new: &'a World, names: &'a Names) -> Self {
        let called = |world: &'a World| -> BTreeSet<&'a str> {
            world.use_cases.iter().map(|use_case| use_case.name.value.as_str()).collect()
        };
        let renamed = names.of_kind("use_case").map(|(old, new)| (new.as_str(), old.as_str()));
        Self { before: called(old), after: called(new), was: renamed.collect() }
    }

    fn is_new(&self, name: &str) -> bool {
        self.after.contains(name) && !self.before.contains(name)
    }
}

/// A text with all that it begins with, the empty text too.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.filter_map(|end| text.get(..end))
}

/// Entries of `approved_use_cases` that models of both sides gained and that others of theirs did not cover. One for a
/// use case that is new approves no more than the use case adds; one by which its use case is widened is reported as such.
pub fn gained(diff: &Diff, store: &Store, side: &Side, texts: &Texts) -> Vec<Moved> {
    let names = &diff.names;
    let is_widened = |change: &&Change| change.kinds().has(Kind::Widened);
    let widened = diff.of_use_cases().filter(is_widened).map(|change| change.use_case.as_str());
    let widened: BTreeSet<&str> = widened.collect();
    let (old, new) = (texts.old.1.survey.world, texts.new.1.survey.world);
    let after: HashMap<&str, &Model> = new.models.iter().map(|model| (model.id.as_str(), model)).collect();
    let called = Called::between(old, new, names);
    let mut gained: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for before in &old.models {
        let id = names.of("model", &before.id).unwrap_or(&before.id);
        let Some(after) = after.get(id.as_str()) else { continue };
        let is_same =
            before.approved.iter().map(|entry| &entry.value).eq(after.approved.iter().map(|e| &e.value));
        if is_same && called.was.is_empty() {
            continue;
        }
        let known = Approved::of(before);
        for entry in &after.approved {
            work::step();
            let entry = entry.value.as_str();
            if !known.knows(entry, &called) {
                gained.entry(entry).or_default().push(id);
            }
        }
    }
    let moved = gained.into_iter().filter_map(|(entry, mut ids)| {
        if let Some(case) = side.cases.get(entry).filter(|_| widened.contains(entry)) {
            let serving = reached(store, case);
            ids.retain(|id| !serving.contains(*id));
        }
        if ids.is_empty() {
            return None;
        }
        let verb = if ids.len() == 1 { "is" } else { "are" };
        let text = format!("{} {verb} newly approved for `{entry}`", some(&ids, shown::DIFF_NAMES));
        let rest = ids.iter().skip(shown::DIFF_NAMES).map(|id| (*id).to_owned());
        Some(Moved::loosened(text).binding(rest.collect()))
    });
    moved.chain(renamed(old, new, names)).chain(returned(old, &after, names)).collect()
}

/// Models that were retired and are no longer: what they were approved for once counts again.
fn returned(old: &World, after: &HashMap<&str, &Model>, names: &Names) -> Option<Moved> {
    let is_back = |before: &&Model| {
        let id = names.of("model", &before.id).unwrap_or(&before.id);
        let after = after.get(id.as_str()).filter(|after| !after.retired && !after.approved.is_empty());
        before.retired && after.is_some()
    };
    let back = old.models.iter().filter(is_back);
    let mut ids: Vec<&str> =
        back.map(|model| names.of("model", &model.id).unwrap_or(&model.id).as_str()).collect();
    ids.sort_unstable();
    let (verb, their) = if ids.len() == 1 { ("is", "its") } else { ("are", "their") };
    let text = format!(
        "{} {verb} no longer retired, so {their} approvals count again",
        some(&ids, shown::DIFF_NAMES)
    );
    // What each is approved for is accepted with it.
    let entries = ids
        .iter()
        .filter_map(|id| after.get(id))
        .flat_map(|model| model.approved.iter().map(|entry| format!("{}\u{1f}{}", model.id, entry.value)));
    (!ids.is_empty()).then(|| Moved::loosened(text).binding(entries.collect()))
}

/// Use cases whose new names begin as approvals do, where a model that has one was not approved for them before.
fn renamed(old: &World, new: &World, names: &Names) -> Vec<Moved> {
    if names.of_kind("use_case").next().is_none() {
        return Vec::new();
    }
    let before = old.models.iter().map(|model| {
        let id = names.of("model", &model.id).unwrap_or(&model.id);
        (id.as_str(), Approved::of(model))
    });
    let before: HashMap<&str, Approved> = before.collect();
    let mut by_prefix: HashMap<&str, Vec<&Approved>> = HashMap::new();
    for model in &new.models {
        let Some(known) = before.get(model.id.as_str()) else { continue };
        for prefix in model.approved.iter().filter_map(|entry| entry.value.strip_suffix('*')) {
            // What it gained itself is said of it.
            if known.has_all(prefix) {
                by_prefix.entry(prefix).or_default().push(known);
            }
        }
    }
    let mut moved: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (was, is) in names.of_kind("use_case") {
        for prefix in beginnings(is).filter(|prefix| !was.starts_with(prefix)) {
            let mut models = by_prefix.get(prefix).into_iter().flatten().inspect(|_| work::step());
            if models.any(|known| !known.has(was)) {
                moved.entry(prefix).or_default().push(is);
            }
        }
    }
    let moved = moved.into_iter().map(|(prefix, whom)| {
        let verb = if whom.len() == 1 { "has" } else { "have" };
        let text =
            format!("by another name {} {verb} the approval `{prefix}*`", some(&whom, shown::DIFF_NAMES));
        Moved::loosened(text)
            .binding(whom.iter().skip(shown::DIFF_NAMES).map(|name| (*name).to_owned()).collect())
    });
    moved.collect()
}
