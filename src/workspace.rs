//! From loaded text to a world and its findings: the one road that every command takes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::check;
use crate::check::allow::{self, Silenced};
use crate::decide;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity, code};
use crate::estate;
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::load::{Config, LintLevel, Loaded};
use crate::model::reviews::{self, Review};
use crate::model::{Date, Moment, World, Written, build};
use crate::registry;
use crate::source::{FileId, FileKind, SourceFile, Sources, Span};
use crate::syntax;
use crate::yaml;
use crate::yaml::schema::Schema;

mod entries;
mod examples;
mod names;
mod nothing;
mod verified;

use entries::{EstateFiles, RegistryFiles};

pub use entries::Memory;
pub use names::{Names, names};
pub use verified::Verified;

/// A workspace as read.
#[derive(Debug)]
pub struct Workspace {
    /// Its files.
    pub sources: Sources,
    /// Its configuration.
    pub config: Config,
    /// Everything resolved; none where a finding keeps it from being so.
    pub world: Option<World>,
    /// What reading and resolving found: empty if and only if there is a world.
    pub findings: Vec<Finding>,
    /// What reading found that keeps nothing from being decided.
    pub beside: Vec<Finding>,
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
}

/// A checked workspace.
#[derive(Debug)]
pub struct Checked<'a> {
    /// All findings, sorted, lint levels applied.
    pub findings: Vec<Finding>,
    /// What comments in the files silence.
    pub silenced: Vec<Silenced>,
    /// Every decision; none where there is no world.
    pub survey: Option<Survey<'a>>,
    /// Contexts decided.
    pub contexts: u64,
}

/// A workspace as trees: what was written, nothing resolved.
#[derive(Debug, Clone, Default)]
pub struct Trees {
    /// Policy files.
    pub policies: Arc<Vec<syntax::tree::File>>,
    /// Registry files.
    pub registry: Arc<Vec<yaml::Value>>,
    /// Estate files.
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
    let (world, findings) = resolved(policies, registry, estate, as_of);
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
) -> (Option<World>, Vec<Finding>) {
    let (mut world, mut findings) = build::build(policies, registry, estate, Moment::on(as_of));
    if let Some(world) = &mut world {
        decide::coverage::settle(world);
        findings.extend(check::too_many_contexts::find(world));
    }
    (world, findings)
}

/// Parses, reads and resolves what was loaded.
pub fn read(loaded: Loaded, as_of: Date) -> Workspace {
    let registry = entries::registry_of(&loaded.sources, false);
    let estate = entries::estate_of(&loaded.sources, false);
    assemble(loaded, as_of, &registry, &estate).0
}

/// The same, and the trees that it was read from.
pub fn read_with_trees(loaded: Loaded, as_of: Date) -> (Workspace, Trees) {
    read_again(loaded, as_of, &mut Memory::default())
}

/// The same, without reading registry and estate again where their files are as they were.
pub fn read_again(loaded: Loaded, as_of: Date, memory: &mut Memory) -> (Workspace, Trees) {
    let registry = memory.registry(&loaded.sources);
    let estate = memory.estate(&loaded.sources);
    assemble(loaded, as_of, &registry, &estate)
}

fn assemble(
    loaded: Loaded,
    as_of: Date,
    registry_files: &RegistryFiles,
    estate_files: &EstateFiles,
) -> (Workspace, Trees) {
    let Loaded { sources, config, mut findings, ignored: mut beside, .. } = loaded;
    let (policies, found) = each(&sources, FileKind::Policy, |id, text| {
        let (tree, found) = syntax::parse(id, text);
        (Some(tree), found)
    });
    findings.extend(found);
    findings.extend_from_slice(&registry_files.findings);
    findings.extend_from_slice(&estate_files.findings);
    beside.extend_from_slice(&registry_files.beside);
    let (registry, estate) = (Arc::clone(&registry_files.registry), Arc::clone(&estate_files.estate));
    findings.extend(
        config.lints.iter().filter_map(|one| check::lint::unknown(&one.0)).take(MAX_FINDINGS_PER_FILE),
    );
    let reviews = planned(&config, as_of, &mut findings, &mut beside);
    let empty = [
        (FileKind::Registry, registry.providers.is_empty()),
        (FileKind::Estate, estate.use_cases.is_empty()),
        (FileKind::Policy, policies.iter().all(|file| file.statements.is_empty())),
    ];
    let empty = empty.into_iter().filter(|(_, is_empty)| *is_empty);
    let nothing: Vec<_> = empty.filter_map(|(kind, _)| nothing::find(&sources, kind, &findings)).collect();
    findings.extend(nothing);
    let models = registry.providers.iter().map(|provider| provider.models.len()).sum();
    let use_cases = estate.use_cases.len();
    let statements =
        policies.iter().flat_map(|file| &file.statements).map(|statement| statement.span).collect();
    let resting = policies.iter().flat_map(|file| &file.statements);
    let resting = resting.filter(|statement| !statement.kind.force().holds(as_of));
    let resting = resting.map(|statement| statement.span).collect();
    let unread = |finding: &Finding| [code::SYNTAX, code::SCHEMA].contains(&finding.code);
    let mut world = None;
    if findings.iter().any(unread) {
        findings.retain(unread);
        examples::name(&mut findings, &sources, &registry, &estate);
    } else {
        let (built, mut found) = resolved(&policies, &registry, &estate, as_of);
        if registry_files.findings.iter().any(|finding| finding.code == code::DUPLICATE_NAME) {
            // A provider under the name of another one takes its own name from every policy.
            found.retain(|finding| !speaks_of_models(finding));
        }
        findings.extend(found);
        world = built.filter(|_| findings.is_empty());
    }
    let policies = Arc::new(policies);
    if let Some(world) = &mut world
        && !(world.expiries.is_empty() && world.timed.is_empty())
    {
        world.written = Some(Arc::new(Written { policies: Arc::clone(&policies), registry, estate }));
    }
    sort(&sources, &mut findings);
    bound(&mut findings);
    let (registry, estate) = (Arc::clone(&registry_files.trees), Arc::clone(&estate_files.trees));
    let trees = Trees { policies, registry, estate };
    let workspace = Workspace {
        sources,
        config,
        world,
        findings,
        beside,
        reviews,
        statements,
        resting,
        use_cases,
        models,
    };
    (workspace, trees)
}

/// Whether a finding is about a name that no provider or model has.
fn speaks_of_models(finding: &Finding) -> bool {
    let is_no = |what: &str| finding.message.starts_with(&format!("no {what}"));
    finding.code == code::UNKNOWN_NAME && (is_no("provider") || is_no("model"))
}

/// The reviews that are planned; what is wrong with them, and which are due.
fn planned(config: &Config, as_of: Date, wrong: &mut Vec<Finding>, due: &mut Vec<Finding>) -> Vec<Review> {
    let (reviews, found) = config.reviews.as_ref().map(reviews::read).unwrap_or_default();
    wrong.extend(found);
    due.extend(check::review_due::find(&reviews, as_of));
    reviews
}

fn documents(sources: &Sources, kind: FileKind) -> (Vec<yaml::Value>, Vec<Finding>) {
    let schema = if kind == FileKind::Estate { Schema::Estate } else { Schema::Registry };
    each(sources, kind, |id, text| yaml::parse_as(schema, id, text))
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

/// Hears how far a check has come.
pub trait Progress: Sync {
    /// Something begins that is done so many times; 0 where that is not known.
    fn begins(&self, what: &'static str, of: usize);
    /// It was done once more.
    fn done(&self);
}

/// Nobody listens.
impl Progress for () {
    fn begins(&self, _: &'static str, _: usize) {}
    fn done(&self) {}
}

impl Workspace {
    /// Decides everything and checks it.
    pub fn check(&self) -> Checked<'_> {
        self.check_showing(&())
    }

    /// The same, heard by somebody.
    pub fn check_showing(&self, progress: &impl Progress) -> Checked<'_> {
        let Some(world) = &self.world else {
            return Checked {
                findings: self.findings.clone(),
                silenced: Vec::new(),
                survey: None,
                contexts: 0,
            };
        };
        progress.begins("deciding use cases", world.use_cases.len());
        let survey = Survey::counted(world, &|| progress.done());
        progress.begins("checking what was decided", 0);
        let mut findings = check::check(&survey);
        findings.extend_from_slice(&self.beside);
        let (mut findings, silenced) =
            allow::apply(&self.sources, &self.statements, &self.resting, world.as_of, findings);
        findings.retain_mut(|finding| self.apply_lint(finding));
        sort(&self.sources, &mut findings);
        Checked { findings, silenced, contexts: survey.contexts(), survey: Some(survey) }
    }

    /// What comments silence, without looking for anything where there is no such comment.
    pub fn silenced(&self, survey: &Survey<'_>) -> Vec<Silenced> {
        if !self.sources.iter().any(|(_, file)| allow::may_silence(&file.text)) {
            return Vec::new();
        }
        let (found, as_of) = (check::check(survey), survey.world.as_of);
        allow::apply(&self.sources, &self.statements, &self.resting, as_of, found).1
    }

    /// How each warning counts: by its own code, else by its group, else as it is built in.
    pub fn levels(&self) -> impl Iterator<Item = (&'static str, LintLevel)> + '_ {
        let warnings = check::CHECKS.iter().filter(|check| check.severity == Severity::Warning);
        warnings.map(|check| (check.code.0, self.level(check.code.0, check.is_on())))
    }

    fn level(&self, code: &str, is_on: bool) -> LintLevel {
        let level = |name: &str| {
            let named = self.config.lints.iter().find(|(code, _)| code.value == name);
            named.map(|(_, level)| *level)
        };
        let of_group = || level(check::PRACTICE).unwrap_or(LintLevel::Allow);
        let usual = || if is_on { LintLevel::Warn } else { of_group() };
        level(code).unwrap_or_else(usual)
    }

    /// Applies `lints:` to a warning; false where it is allowed.
    fn apply_lint(&self, finding: &mut Finding) -> bool {
        if finding.severity == Severity::Error {
            return true;
        }
        let is_on = !finding.is_practice && check::named(finding.code.0).is_none_or(check::Check::is_on);
        match self.level(finding.code.0, is_on) {
            LintLevel::Allow => false,
            LintLevel::Deny => {
                finding.severity = Severity::Error;
                true
            }
            LintLevel::Warn => true,
        }
    }
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
