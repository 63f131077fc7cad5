//! `govctl check`: everything that is wrong, in every context.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Answered, Common, Status, accept, catalogues, fix, terminal, watch};
use crate::accepted::{Accepted, Entry};
use crate::catalogue::Catalogue;
use crate::check::{self, CHECKS, kinds, missing_attribute};
use crate::decide::survey::Survey;
use crate::diag::Finding;
use crate::fix::{Mended, Wanted};
use crate::limits::shown;
use crate::load;
use crate::model::Date;
use crate::model::words::count;
use crate::render::{Counts, fingerprint, github, human, json, sarif, tally};
use crate::source::visible;
use crate::workspace::{Checked, Workspace, silent};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Arguments {
    /// The workspace, as with -C
    pub(super) dir: Option<PathBuf>,
    /// How to print what is found
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Print every finding, however many of one kind there are
    #[arg(long)]
    all_findings: bool,
    /// Check again whenever a file changes
    #[arg(short, long)]
    watch: bool,
    /// A catalogue of models: find prices that have moved, models that it does not list, ends that are not stated
    #[arg(long, value_name = "FILE")]
    catalogue: Vec<PathBuf>,
    /// End with status 1 on a warning too
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Leave out the findings accepted in this file; they do not affect the exit status
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Of the baseline, count only entries that this git revision also has, so that a pull request cannot accept its own
    /// findings
    #[arg(long, value_name = "REV", requires = "baseline")]
    baseline_revision: Option<String>,
    /// Print instead the entries by which everything found would be accepted
    #[arg(long)]
    write_baseline: bool,
    /// Mend in place what can be mended: misspelt names, other notations, comments that silence nothing
    #[arg(long, conflicts_with_all = ["watch", "write_baseline"])]
    fix: bool,
    /// With --fix, also make changes that have to be looked at: guessed names, owners and reasons to fill in
    #[arg(long = "unsafe", requires = "fix")]
    not_only_safe: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Sarif,
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    if arguments.watch {
        let before = watch::Before::default();
        return watch::watch(common.folder(arguments.dir.as_deref()), || {
            once(arguments, common, Some(&before))
        });
    }
    once(arguments, common, None)
}

fn once(arguments: &Arguments, common: &Common, before: Option<&watch::Before>) -> Answered {
    if let Some(name) = arguments.dir.as_deref().filter(|dir| !dir.exists()).and_then(Path::to_str) {
        let name = visible::inline(name);
        return Err(format!(
            "there is no workspace `{name}`\n  help: a plain argument is a folder, which is checked whole; `govctl resolve {name}` asks of one use case"
        )
        .into());
    }
    let catalogues = catalogues::read_all(&arguments.catalogue, common)?;
    let mended = mended(arguments, &catalogues, common)?;
    let mut workspace = common.read_saying(arguments.dir.as_deref())?;
    catalogues::ask(&mut workspace, &catalogues, common.as_of());
    let mut checked = super::checked_with_progress(&workspace);
    let mut baseline = accepted(arguments, common)?;
    let is_asked = arguments.write_baseline || arguments.baseline.is_some();
    let fingerprints = if is_asked { fingerprints(&workspace, &checked, &mut baseline) } else { Vec::new() };
    if arguments.write_baseline {
        return terminal::document(
            &proposal(&workspace, &checked, fingerprints, &baseline, common),
            Status::Fine,
        );
    }
    if arguments.baseline.is_some() {
        leave_out(&mut checked, &fingerprints, &baseline, common);
    }
    let sources = &workspace.sources;
    let root = || common.root(arguments.dir.as_deref());
    let text = match arguments.format {
        Format::Human => match before.map(|before| before.newest_last(sources, &checked.findings)) {
            Some(errors) if !errors.is_empty() => in_view(&workspace, &checked, &errors, common),
            _ => for_people(&workspace, &checked, arguments.all_findings, common),
        },
        Format::Json => json::render(sources, &checked.findings, counts(&workspace, &checked)),
        Format::Sarif => sarif::render(&kinds(), sources, &root(), &checked.findings, &checked.silenced),
        Format::Github => github::render(sources, &root(), &checked.findings),
    };
    let status = status(&checked.findings, arguments.deny.is_some());
    let last = mended.map(|mended| fix::summary(&mended, checked.findings.len()));
    let is_talk = matches!(arguments.format, Format::Human);
    let text = match last {
        Some(last) if is_talk => text + &last,
        Some(last) => {
            terminal::say(&last);
            text
        }
        None => text,
    };
    say_silent(&workspace, &checked, common.folder(arguments.dir.as_deref()), common.as_of());
    let answered = if is_talk {
        terminal::show_drawn(&text, common.style_out(), status)
    } else {
        terminal::answer(&text, status)
    };
    if before.is_none() {
        // The program ends here, and giving a large world back piece by piece takes longer than that.
        std::mem::forget(checked);
        std::mem::forget(workspace);
    }
    answered
}

/// Says what is there and does nothing, which no finding is about.
fn say_silent(workspace: &Workspace, checked: &Checked, folder: &Path, as_of: Date) {
    let mut notes = stray(workspace, folder);
    notes.extend(silent::of_texts(workspace, &checked.findings, as_of));
    notes.extend(silent::notes(&workspace.sources, checked));
    for note in notes {
        terminal::say(&format!("note: {}\n", visible::inline(&note)));
    }
}

/// Policies beside the folder that they are read from, in the workspace's own folder and in those within it.
fn stray(workspace: &Workspace, folder: &Path) -> Vec<String> {
    let read: BTreeSet<&str> = workspace.sources.iter().map(|(_, file)| file.path.as_str()).collect();
    let folders_read: BTreeSet<&str> = read.iter().filter_map(|path| Some(path.split_once('/')?.0)).collect();
    let is_policy = |name: &String| {
        !name.starts_with('.') && Path::new(name).extension().is_some_and(|ending| ending == "gov")
    };
    let policies = |folder: &Path| load::names(folder).unwrap_or_default().into_iter().filter(is_policy);
    let mut stray: BTreeSet<String> = policies(folder).filter(|name| !read.contains(name.as_str())).collect();
    // A folder with a workspace of its own is somebody else's.
    let is_other = |within: &Path| within.join("registry").exists() || within.join("govctl.yaml").exists();
    for name in load::folders(folder) {
        let within = folder.join(&name);
        if !folders_read.contains(name.as_str()) && !is_other(&within) {
            stray.extend(policies(&within).map(|policy| format!("{name}/{policy}")));
        }
    }
    let first = stray.first().map(|name| match stray.len() - 1 {
        0 => format!("`{name}` is not read: policies stand in `policies/`"),
        more => format!("`{name}` and {more} more are not read: policies stand in `policies/`"),
    });
    first.into_iter().collect()
}

/// What was mended, where that is asked for.
fn mended(
    arguments: &Arguments,
    catalogues: &[Catalogue],
    common: &Common,
) -> Result<Option<Mended>, String> {
    if !arguments.fix {
        return Ok(None);
    }
    let wanted = if arguments.not_only_safe { Wanted::All } else { Wanted::Safe };
    fix::mend(arguments.dir.as_deref(), wanted, catalogues, common).map(Some)
}

/// What the baseline accepts, as far as that counts.
fn accepted(arguments: &Arguments, common: &Common) -> Result<Accepted, String> {
    let Some(path) = &arguments.baseline else { return Ok(Accepted::default()) };
    let mut baseline = accept::read(path, common)?;
    if let Some(revision) = &arguments.baseline_revision {
        let dropped = accept::as_of_commit(&mut baseline, path, revision, common)?;
        accept::not_counted(dropped, path, revision);
    }
    Ok(baseline)
}

/// What findings are called; entries by an older name get the one of today.
fn fingerprints(workspace: &Workspace, checked: &Checked, baseline: &mut Accepted) -> Vec<String> {
    let all = fingerprint::all(&workspace.sources, &checked.findings);
    for one in &all {
        baseline.rename(&one.before, &one.now);
    }
    all.into_iter().map(|one| one.now).collect()
}

/// Leaves out what somebody has accepted, and says on stderr what there is to know of that.
fn leave_out(checked: &mut Checked, fingerprints: &[String], baseline: &Accepted, common: &Common) {
    let as_of = common.as_of();
    let occurring: BTreeSet<String> = fingerprints.iter().cloned().collect();
    let hidden = hidden(checked);
    let mut accepted = fingerprints.iter().map(|fingerprint| baseline.of(fingerprint, as_of).is_some());
    let all = checked.findings.len();
    checked.findings.retain(|_| !accepted.next().unwrap_or(false));
    let left_out = all - checked.findings.len();
    if left_out > 0 {
        let findings = count(left_out, "finding is", "findings are");
        terminal::say(&format!("note: {findings} accepted by `{}`\n", baseline.name));
    }
    for note in baseline.notes(&occurring, as_of, |entry| is_looked_for(checked, &hidden, entry)) {
        terminal::say(&format!("note: {note}\n"));
    }
}

/// The codes that are not reported while what was found is.
fn hidden(checked: &Checked) -> BTreeSet<&'static str> {
    let known = checked.findings.iter().filter_map(|finding| check::named(finding.code.0));
    known.flat_map(|check| check.hides).map(|code| code.0).collect()
}

/// Whether what an entry of a baseline accepts would have been found: everything was decided, and nothing hides it.
fn is_looked_for(checked: &Checked, hidden: &BTreeSet<&str>, entry: &Entry) -> bool {
    let code = entry.what.split(' ').next().unwrap_or_default();
    checked.survey.as_ref().is_some_and(Survey::complete) && !hidden.contains(code)
}

/// Everything found as entries of a baseline.
fn proposal(
    workspace: &Workspace,
    checked: &Checked,
    fingerprints: Vec<String>,
    baseline: &Accepted,
    common: &Common,
) -> String {
    let owner = |name: &String| {
        let use_cases = workspace.world.iter().flat_map(|world| &world.use_cases);
        let mut owners = use_cases.filter(|one| one.name.value == *name).map(|one| one.owner.clone());
        owners.next()
    };
    let occurring = fingerprints.into_iter().zip(&checked.findings).map(|(fingerprint, finding)| {
        let place = workspace.sources.place(finding.primary.span);
        let what = format!("{} at {place}: {}", finding.code, finding.message);
        (fingerprint, what, finding.use_cases.iter().find_map(owner))
    });
    let about = "What `govctl check` found when the baseline was written.";
    accept::entries(about, occurring.collect(), baseline, common.as_of())
}

fn status(findings: &[Finding], deny_warnings: bool) -> Status {
    let (errors, warnings) = tally(findings);
    if errors > 0 || (deny_warnings && warnings > 0) { Status::Negative } else { Status::Fine }
}

pub(super) fn counts(workspace: &Workspace, checked: &Checked) -> Counts {
    Counts { use_cases: workspace.use_cases, models: workspace.models, contexts: checked.contexts }
}

/// The worst first, in the order in which a person would mend them; at most so many of one kind.
fn for_people(workspace: &Workspace, checked: &Checked, all: bool, common: &Common) -> String {
    let style = common.style_out();
    let mut text = String::new();
    for group in grouped(&missing_attribute::together(&checked.findings)) {
        let shown = if all { group.len() } else { shown::FINDINGS_OF_A_KIND.min(group.len()) };
        for finding in group.iter().take(shown) {
            text += &human::finding(&workspace.sources, finding, style);
            text.push('\n');
        }
        if let (Some(first), more @ 1..) = (group.first(), group.len() - shown) {
            text += &format!("… and {more} more `{}`; `--all-findings` prints them\n\n", first.code);
        }
    }
    text + &human::summary(&checked.findings, counts(workspace, checked), style)
}

/// While one writes: the errors, the newest at the end, where the terminal shows them; warnings wait until none is left.
fn in_view(workspace: &Workspace, checked: &Checked, errors: &[&Finding], common: &Common) -> String {
    let style = common.style_out();
    let skipped = errors.len().saturating_sub(shown::FINDINGS_OF_A_KIND);
    let mut text = String::new();
    if skipped > 0 {
        text += &format!("… {skipped} older errors; `govctl check` prints them\n\n");
    }
    for error in errors.iter().skip(skipped) {
        text += &human::finding(&workspace.sources, error, style);
        text.push('\n');
    }
    text + &human::summary(&checked.findings, counts(workspace, checked), style)
}

/// Findings by severity and kind, kinds in the order of the list of checks.
fn grouped(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let rank = |finding: &Finding| {
        let position = CHECKS.iter().position(|check| check.code == finding.code);
        (finding.severity, position.unwrap_or(CHECKS.len()))
    };
    // Of circles the shortest first: each place but the first of one is a related label.
    let length = |finding: &Finding| {
        if finding.code.0.ends_with("-cycle") { finding.related.len() } else { 0 }
    };
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| (rank(finding), length(finding)));
    sorted.chunk_by(|a, b| rank(a) == rank(b)).map(<[&Finding]>::to_vec).collect()
}
