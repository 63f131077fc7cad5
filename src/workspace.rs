//! From loaded text to a world and its findings: the one road that every command takes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::check;
use crate::decide;
use crate::diag::{Code, Finding, code};
use crate::estate;
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::load::{Config, Loaded};
use crate::model::reviews::{self, Review};
use crate::model::{Date, Moment, World, Written, build};
use crate::registry;
use crate::source::{FileId, FileKind, SourceFile, Sources, Span};
use crate::syntax;
use crate::yaml;
use crate::yaml::apparent::Said;

mod again;
mod checked;
mod entries;
mod examples;
mod names;
mod nothing;
mod others;
pub mod silent;
pub(crate) mod stated;
mod unread;
mod unseen;
mod verified;

use entries::{EstateFiles, RegistryFiles, With};

pub use crate::check::{PRACTICE, kinds};
pub use again::{Carried, Since, carried};
pub use checked::{Checked, Progress};
pub use entries::Memory;
pub use names::{Names, names};
pub use verified::Verified;

/// A workspace as read.
#[derive(Debug)]
pub struct Workspace {
    /// Every file that was found, read or not.
    pub sources: Sources,
    /// What `govctl.yaml` says, else what holds without it.
    pub config: Config,
    /// Everything resolved; none where a finding keeps it from being so.
    pub world: Option<World>,
    /// What reading and resolving found: empty if and only if there is a world.
    pub findings: Vec<Finding>,
    /// What reading found that keeps nothing from being decided.
    pub beside: Vec<Finding>,
    /// Whether what catalogues say is among that.
    pub asked_catalogues: bool,
    /// Reviews that are planned.
    pub reviews: Vec<Review>,
    /// The place of every statement.
    pub statements: Vec<Span>,
    /// The places of statements that are not in force.
    pub resting: Vec<Span>,
    /// How many use cases were read.
    pub use_cases: usize,
    /// How many models were read.
    pub models: usize,
    /// What is said of the values of files, as far as it was asked for when they were read.
    pub said: BTreeMap<FileId, Said>,
}

/// A workspace as trees: what was written, nothing resolved.
#[derive(Debug, Clone, Default)]
pub struct Trees {
    /// Policies, in the order of their paths.
    pub policies: Arc<Vec<syntax::tree::File>>,
    /// The registry, in the order of paths.
    pub registry: Arc<Vec<yaml::Value>>,
    /// The estate, in the order of paths.
    pub estate: Arc<Vec<yaml::Value>>,
}

/// A registry from its trees; none where a finding is in it.
pub fn registry_of(trees: &[yaml::Value]) -> Option<registry::Registry> {
    let (registry, found) = registry::read::read(trees);
    found.is_empty().then_some(registry)
}

/// An estate from its trees; none where a finding is in it.
pub fn estate_of(trees: &[yaml::Value]) -> Option<estate::Estate> {
    let (estate, found) = estate::read::read(trees);
    found.is_empty().then_some(estate)
}

/// Everything resolved; none where a finding keeps it from being so.
pub fn world_of(
    policies: &[syntax::tree::File],
    registry: &registry::Registry,
    estate: &estate::Estate,
    as_of: Date,
) -> Option<World> {
    let (world, findings) = resolved(policies, registry, estate, as_of, true);
    world.filter(|_| findings.is_empty())
}

/// The same in another moment, with some of the use cases only where they are named.
pub fn world_in(written: &Written, moment: Moment, kept: Option<&BTreeSet<String>>) -> Option<World> {
    let (world, _) = build::build(&written.policies, &written.registry, &written.estate, moment);
    let mut world = world?;
    if let Some(kept) = kept {
        world.keep_use_cases(|use_case| kept.contains(&use_case.name.value));
    }
    decide::coverage::settle(&mut world);
    check::too_many_contexts::find(&world).is_empty().then_some(world)
}

/// Everything resolved, with what keeps it from being decided.
fn resolved(
    policies: &[syntax::tree::File],
    registry: &registry::Registry,
    estate: &estate::Estate,
    as_of: Date,
    may_be_too_many: bool,
) -> (Option<World>, Vec<Finding>) {
    let (mut world, mut findings) = build::build(policies, registry, estate, Moment::on(as_of));
    if let Some(world) = &mut world {
        decide::coverage::settle(world);
        if may_be_too_many {
            findings.extend(check::too_many_contexts::find(world));
        }
    }
    (world, findings)
}

/// Parses, reads and resolves what was loaded.
pub fn read(loaded: Loaded, as_of: Date) -> Workspace {
    let registry = entries::registry_of(&loaded.sources, With::Nothing);
    let estate = entries::estate_of(&loaded.sources, With::Nothing);
    assemble(loaded, as_of, (&registry, &estate), None).0
}

/// The same, with what is said of the values of its files.
pub fn read_saying(loaded: Loaded, as_of: Date) -> Workspace {
    let day = as_of.to_string();
    let registry = entries::registry_of(&loaded.sources, With::Said(&day));
    let estate = entries::estate_of(&loaded.sources, With::Said(&day));
    let mut workspace = assemble(loaded, as_of, (&registry, &estate), None).0;
    workspace.said = registry.said.into_iter().chain(estate.said).collect();
    workspace
}

/// The same, and the trees that it was read from.
pub fn read_with_trees(loaded: Loaded, as_of: Date) -> (Workspace, Trees) {
    let (workspace, trees, _) = read_again(loaded, as_of, &mut Memory::default(), None);
    (workspace, trees)
}

/// The same, without reading registry and estate again where their files are as they were, and what it has of an earlier
/// reading.
pub fn read_again(
    loaded: Loaded,
    as_of: Date,
    memory: &mut Memory,
    earlier: Option<(&Workspace, &Trees)>,
) -> (Workspace, Trees, Option<Since>) {
    let registry = memory.registry(&loaded.sources);
    let estate = memory.estate(&loaded.sources);
    assemble(loaded, as_of, (&registry, &estate), earlier)
}

/// Where every statement stands, and where those that are not in force.
fn places(policies: &[syntax::tree::File], as_of: Date) -> (Vec<Span>, Vec<Span>) {
    let all = || policies.iter().flat_map(|file| &file.statements);
    let resting = all().filter(|statement| !statement.kind.force().holds(as_of));
    (all().map(|statement| statement.span).collect(), resting.map(|statement| statement.span).collect())
}

/// Whether it is another world on some later day.
fn changes_with_time(world: &World) -> bool {
    !(world.expiries.is_empty() && world.timed.is_empty())
}

/// A provider under the name of another one takes its own name from every policy: what that leads to is left out.
fn keep_what_counts(found: &mut Vec<Finding>, registry: &RegistryFiles) {
    if registry.findings.iter().any(|finding| finding.code == code::DUPLICATE_NAME) {
        found.retain(|finding| !speaks_of_models(finding));
    }
}

/// The policy files, parsed; those that have not changed are taken from an earlier reading.
fn policies(
    sources: &Sources,
    earlier: Option<(&Workspace, &Trees)>,
) -> (Vec<syntax::tree::File>, Vec<Finding>) {
    let known = again::parsed(earlier);
    each(sources, FileKind::Policy, |id, text| {
        if let Some((_, tree)) = known.get(&id).filter(|(before, _)| *before == text) {
            return (Some((*tree).clone()), Vec::new());
        }
        let (tree, found) = syntax::parse(id, text);
        (Some(tree), found)
    })
}

fn assemble(
    loaded: Loaded,
    as_of: Date,
    (registry_files, estate_files): (&RegistryFiles, &EstateFiles),
    earlier: Option<(&Workspace, &Trees)>,
) -> (Workspace, Trees, Option<Since>) {
    let Loaded { sources, config, mut findings, ignored: mut beside, .. } = loaded;
    let (policies, found) = policies(&sources, earlier);
    findings.extend(found);
    findings.extend_from_slice(&registry_files.findings);
    findings.extend_from_slice(&estate_files.findings);
    beside.extend_from_slice(&registry_files.beside);
    let (registry, estate) = (Arc::clone(&registry_files.registry), Arc::clone(&estate_files.estate));
    findings.extend(
        config.lints.iter().filter_map(|one| check::lint::unknown(&one.0)).take(MAX_FINDINGS_PER_FILE),
    );
    let reviews = planned(&config, as_of, &mut findings, &mut beside);
    let is_empty = (registry.providers.is_empty(), estate.use_cases.is_empty());
    empty(&sources, is_empty, &policies, &mut findings);
    let models = registry.providers.iter().map(|provider| provider.models.len()).sum();
    let use_cases = estate.use_cases.len();
    let (statements, resting) = places(&policies, as_of);
    let unread = |finding: &Finding| [code::SYNTAX, code::SCHEMA].contains(&finding.code);
    let policies = Arc::new(policies);
    let (registry_trees, estate_trees) = (Arc::clone(&registry_files.trees), Arc::clone(&estate_files.trees));
    let trees = Trees { policies: Arc::clone(&policies), registry: registry_trees, estate: estate_trees };
    let since = earlier.and_then(|earlier| Since::between(earlier, (&sources, &trees), as_of));
    let mut world = None;
    if findings.iter().any(unread) {
        findings.retain(unread);
        unseen::once(&mut findings);
        in_own_words(&mut findings, &sources, (&policies, &registry, &estate));
    } else {
        // What could be decided before can be now.
        let is_known = since.as_ref().is_some_and(Since::is_decided_alike);
        let (built, mut found) = resolved(&policies, &registry, &estate, as_of, !is_known);
        keep_what_counts(&mut found, registry_files);
        unread::name(&mut found, &beside, &sources, &config);
        findings.extend(found);
        findings.extend(built.iter().flat_map(|world| stated::unknown(&config, world)));
        world = built.filter(|_| findings.is_empty());
    }
    if !findings.is_empty() {
        // A key that everybody can read is as bad in a file in which something else is wrong.
        let secrets = registry_files.beside.iter().filter(|finding| finding.code == code::SECRET_IN_REGISTRY);
        findings.extend(secrets.cloned());
    }
    if let Some(world) = world.as_mut().filter(|world| changes_with_time(world)) {
        world.written = Some(Arc::new(Written { policies, registry, estate }));
    }
    sort(&sources, &mut findings);
    bound(&mut findings);
    let workspace = Workspace {
        sources,
        config,
        world,
        findings,
        beside,
        asked_catalogues: false,
        reviews,
        statements,
        resting,
        use_cases,
        models,
        said: BTreeMap::new(),
    };
    (workspace, trees, since)
}

/// Puts names of the workspace into help that was given without them.
fn in_own_words(
    findings: &mut [Finding],
    sources: &Sources,
    (policies, registry, estate): (&[syntax::tree::File], &registry::Registry, &estate::Estate),
) {
    examples::name(findings, sources, registry, estate);
    others::name(findings, policies, registry, estate);
}

/// Says what there is nothing of: providers, use cases, statements.
fn empty(
    sources: &Sources,
    (no_providers, no_use_cases): (bool, bool),
    policies: &[syntax::tree::File],
    findings: &mut Vec<Finding>,
) {
    let empty = [
        (FileKind::Registry, no_providers),
        (FileKind::Estate, no_use_cases),
        (FileKind::Policy, policies.iter().all(|file| file.statements.is_empty())),
    ];
    let empty = empty.into_iter().filter(|(_, is_empty)| *is_empty);
    let nothing: Vec<_> = empty.filter_map(|(kind, _)| nothing::find(sources, kind, findings)).collect();
    findings.extend(nothing);
}

/// Whether a finding is about a name that no provider or model has.
fn speaks_of_models(finding: &Finding) -> bool {
    finding
        .missing
        .as_ref()
        .is_some_and(|missing| missing.wanted.starts_with("provider") || missing.wanted.starts_with("model"))
}

/// The reviews that are planned; what is wrong with them, and which are due.
fn planned(config: &Config, as_of: Date, wrong: &mut Vec<Finding>, due: &mut Vec<Finding>) -> Vec<Review> {
    let (reviews, found) = config.reviews.as_ref().map(reviews::read).unwrap_or_default();
    wrong.extend(found);
    due.extend(check::review_due::find(&reviews, as_of));
    reviews
}

/// Below this many bytes one core reads as fast as several.
const FEW_BYTES: usize = 64 * 1024;

/// Every readable file of a kind, parsed; in the order of the files.
fn each<T: Send>(
    sources: &Sources,
    kind: FileKind,
    parse: impl Fn(FileId, &str) -> (Option<T>, Vec<Finding>) + Sync,
) -> (Vec<T>, Vec<Finding>) {
    let files: Vec<_> = sources.of_kind(kind).filter(|(_, file)| file.readable).collect();
    let one = |(id, file): &(FileId, &SourceFile)| parse(*id, &file.text);
    let parsed: Vec<_> = if files.iter().map(|(_, file)| file.text.len()).sum::<usize>() < FEW_BYTES {
        files.iter().map(one).collect()
    } else {
        files.par_iter().map(one).collect()
    };
    let (trees, found): (Vec<_>, Vec<_>) = parsed.into_iter().unzip();
    (trees.into_iter().flatten().collect(), found.into_iter().flatten().collect())
}

/// Keeps the first findings of every file: the rest of a thousand repeats says nothing new.
fn bound(findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<FileId, usize> = BTreeMap::new();
    findings.retain_mut(|finding| {
        let count = seen.entry(finding.primary.span.file).or_default();
        *count += 1;
        if *count == MAX_FINDINGS_PER_FILE {
            // The readers stop here too, so nobody knows whether there are more.
            let note = format!(
                "no more than {MAX_FINDINGS_PER_FILE} findings of a file are shown: there may be more"
            );
            finding.notes.push(note);
        }
        *count <= MAX_FINDINGS_PER_FILE
    });
}

/// Sorts by file, line, column, code; equal ones once.
fn sort(sources: &Sources, findings: &mut Vec<Finding>) {
    let key = |finding: &Finding| {
        let span = finding.primary.span;
        (sources.path(span.file).to_owned(), sources.line_column(span), finding.code)
    };
    findings.sort_by_cached_key(|finding| {
        let (path, place, code): (String, (u32, u32), Code) = key(finding);
        (path, place, code, finding.message.clone())
    });
    findings.dedup();
}
