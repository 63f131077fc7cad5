//! What a use case states and gates ask for: less of it is a promise dropped.

use std::collections::BTreeSet;

use super::{Dropped, Latent, Made};
use crate::diff::causes::flat::{EntryName, Flat};
use crate::diff::causes::{Place, Text, Texts};
use crate::diff::rename::Names;
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::names::Set;
use crate::model::{Expr, UseCase, UseCaseId, World};
use crate::number::{Rational, SECONDS_PER_DAY, exact, whole};

/// A key of a use case that says less than before.
pub(super) struct Fact {
    /// The use case on the new side.
    pub(super) use_case: String,
    /// Its name on the old side.
    old_name: String,
    key: &'static str,
}

impl Fact {
    /// States it again.
    pub(super) fn put_back(&self, flat: &mut Flat, old: &Flat) {
        let values = old.use_cases.get(&self.old_name).and_then(|entry| entry.keys.get(self.key));
        flat.state(&self.use_case, self.key, values);
    }
}

/// A use case on both sides.
struct Both<'a> {
    old: (&'a World, &'a UseCase),
    new: (&'a World, &'a UseCase),
}

/// What use cases state less of than before.
pub(super) fn dropped(texts: &Texts, names: &Names) -> Vec<Dropped> {
    let (old, new) = (&texts.old.1, &texts.new.1);
    let measured = Measured::of(old.survey.world);
    let mut found = Vec::new();
    for before in &old.survey.world.use_cases {
        let name = names.of("use_case", &before.name.value).unwrap_or(&before.name.value);
        let all = &new.survey.world.use_cases;
        let Some(after) = all.search(|other| other.name.value.cmp(name)) else { continue };
        let both = Both { old: (old.survey.world, before), new: (new.survey.world, &all[after]) };
        for (key, change, text) in both.less().into_iter().chain(measured.less(before, &all[after])) {
            let fact = Fact { use_case: name.clone(), old_name: before.name.value.clone(), key };
            let latent = Latent {
                place: place(texts, old, before, key),
                what: format!("use case {name}"),
                change: format!("{key} {change}"),
                text,
                whom: Vec::new(),
                instead: String::new(),
                accepted: false,
            };
            found.push(Dropped { latent, made: Made::Fact(fact) });
        }
    }
    found
}

/// Whether all that a clause reads of a use case is among what that states less of, which is reported as such.
pub(super) fn is_said(
    measured: &Measured,
    read: impl IntoIterator<Item = RequestAttribute>,
    (old, before): (&World, &UseCase),
    (new, after): (&World, &UseCase),
) -> bool {
    let both = Both { old: (old, before), new: (new, after) };
    let less: BTreeSet<&str> =
        both.less().into_iter().chain(measured.less(before, after)).map(|(key, ..)| key).collect();
    read.into_iter().all(|read| key(read).is_some_and(|key| less.contains(key)))
}

/// The key of a use case of which less is reported, by what reads it.
fn key(read: RequestAttribute) -> Option<&'static str> {
    use RequestAttribute as A;
    match read {
        A::Compliance => Some("compliance"),
        A::Regulations => Some("regulations"),
        A::Capabilities => Some("capabilities"),
        A::Residency => Some("residency"),
        A::RetentionMax => Some("retention_max"),
        A::MinContext => Some("min_context"),
        A::LatencySla => Some("latency_sla_ms"),
        A::AvailabilityTarget => Some("availability_target"),
        A::UseCase | A::BusinessUnit | A::Team | A::Project | A::Application | A::Workload => None,
        A::Classification | A::Risk | A::Criticality | A::Data | A::RegulatedOutput => None,
        A::BudgetRemaining | A::Share(_) | A::Fact(_) => None,
    }
}

/// What one use case of the new side states less of than one of the old side, in words.
pub(super) fn less(texts: &Texts, (before, after): (UseCaseId, UseCaseId)) -> Vec<String> {
    let (old, new) = (texts.old.1.survey.world, texts.new.1.survey.world);
    let (before, after) = (&old.use_cases[before], &new.use_cases[after]);
    let both = Both { old: (old, before), new: (new, after) };
    let measured = Measured::of(old);
    let less = both.less().into_iter().chain(measured.less(before, after));
    less.map(|(key, change, text)| format!("{key} {change}: {text}")).collect()
}

fn place(texts: &Texts, old: &Text, use_case: &UseCase, key: &str) -> Place {
    let key = EntryName::UseCaseKey(use_case.name.value.clone(), key.to_owned());
    let span = texts.old.0.place(old.sources, &key).map_or(use_case.name.span, |(span, _)| span);
    Place::of(old.sources, span)
}

/// A key, what happened to it, and what it said.
type Less = (&'static str, &'static str, String);

/// Bounds of use cases that some promise holds models or chains against.
pub(in crate::diff) struct Measured {
    latency_sla: bool,
    availability_target: bool,
}

impl Measured {
    pub(in crate::diff) fn of(world: &World) -> Self {
        let promises = world.rules.iter().flat_map(|rule| rule.promises.iter().map(|promise| &promise.expr));
        let parts = world.guarantees.iter().flat_map(|one| one.parts.iter().map(|part| &part.expr));
        let all: Vec<&Expr> = promises.chain(parts).collect();
        let reads = |attribute: RequestAttribute| {
            let of = |expr: &&Expr| expr.reads.iter().any(|(read, _)| *read == Attribute::Request(attribute));
            all.iter().any(of)
        };
        Self {
            latency_sla: reads(RequestAttribute::LatencySla),
            availability_target: reads(RequestAttribute::AvailabilityTarget),
        }
    }

    /// What of that is looser than before.
    fn less(&self, old: &UseCase, new: &UseCase) -> impl Iterator<Item = Less> {
        let latency = self.latency_sla.then(|| {
            let (old, new) = (old.latency_sla.as_ref(), new.latency_sla.as_ref());
            ordered("latency_sla_ms", old, new, |a, b| b > a, milliseconds)
        });
        let availability = self.availability_target.then(|| {
            let (old, new) = (old.availability_target.as_ref(), new.availability_target.as_ref());
            ordered("availability_target", old, new, |a, b| b < a, |share| format!("{}%", exact(share)))
        });
        latency.flatten().into_iter().chain(availability.flatten())
    }
}

impl Both<'_> {
    fn less(&self) -> Vec<Less> {
        let ((_, old), (_, new)) = (self.old, self.new);
        let all = [
            self.sets("compliance", |use_case| &use_case.compliance),
            self.sets("regulations", |use_case| &use_case.regulations),
            self.sets("capabilities", |use_case| &use_case.capabilities),
            self.residency(),
            self.classification(),
            ordered(
                "retention_max",
                old.retention_max.as_ref(),
                new.retention_max.as_ref(),
                |a, b| b > a,
                days,
            ),
            ordered("min_context", old.min_context.as_ref(), new.min_context.as_ref(), |a, b| b < a, exact),
        ];
        all.into_iter().flatten().collect()
    }

    fn names((world, use_case): (&World, &UseCase), set: fn(&UseCase) -> &Set) -> BTreeSet<String> {
        world.names.sorted(set(use_case)).into_iter().collect()
    }

    /// A set of what every serving model must have.
    fn sets(&self, key: &'static str, set: fn(&UseCase) -> &Set) -> Option<Less> {
        let (old, new) = (Self::names(self.old, set), Self::names(self.new, set));
        let less: Vec<String> = old.difference(&new).cloned().collect();
        (!less.is_empty()).then(|| (key, "dropped", less.join(", ")))
    }

    /// Regions where it may be processed: none are all.
    fn residency(&self) -> Option<Less> {
        let set: fn(&UseCase) -> &Set = |use_case| &use_case.residency;
        let (old, new) = (Self::names(self.old, set), Self::names(self.new, set));
        if old.is_empty() || old == new {
            return None;
        }
        let text = |names: BTreeSet<String>| names.into_iter().collect::<Vec<String>>().join(", ");
        if new.is_empty() {
            return Some(("residency", "dropped", text(old)));
        }
        // Only what both sides take to lie within is no more than before.
        let within = |world: &World, region: &str| {
            let known = world.names.find(region);
            let outer = known.map(|symbol| world.regions.enclosing(symbol)).unwrap_or_default();
            outer.iter().any(|outer| old.contains(world.names.name(*outer)))
        };
        let is_new = |region: &&String| {
            !(old.contains(*region) || within(self.old.0, region) && within(self.new.0, region))
        };
        new.iter()
            .any(|region| is_new(&region))
            .then(|| ("residency", "loosened", format!("{} → {}", text(old.clone()), text(new.clone()))))
    }

    /// A lower classification lets more models see it.
    fn classification(&self) -> Option<Less> {
        let name =
            |(world, use_case): (&World, &UseCase)| world.classifications[use_case.classification].clone();
        let (old, new) = (name(self.old), name(self.new));
        let level = |name: &String| self.new.0.classifications.position(|known| known == name);
        let is_lower = level(&new) < level(&old).or(Some(self.old.1.classification));
        (is_lower && old != new).then(|| ("data_classification", "lowered", format!("{old} → {new}")))
    }
}

fn ordered(
    key: &'static str,
    old: Option<&Rational>,
    new: Option<&Rational>,
    looser: fn(&Rational, &Rational) -> bool,
    words: fn(&Rational) -> String,
) -> Option<Less> {
    match (old?, new) {
        (old, None) => Some((key, "dropped", words(old))),
        (old, Some(new)) => {
            looser(old, new).then(|| (key, "loosened", format!("{} → {}", words(old), words(new))))
        }
    }
}

fn days(seconds: &Rational) -> String {
    format!("{} days", exact(&(seconds / whole(SECONDS_PER_DAY))))
}

fn milliseconds(seconds: &Rational) -> String {
    format!("{} ms", exact(&(seconds * whole(1000))))
}
