//! `govctl diff`: what a change means, for whom, and what it costs.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::progress::ProgressLine;
use super::side::{self as sides, Asked, Content, Read};
use super::{Answered, CommandError, Common, Status, denied, keys, terminal, usage as bills};
use super::{accept, checkout, gate_rules};
use crate::accepted::{Accepted, Entry};
use crate::cost::Spending;
use crate::decide::survey::Survey;
use crate::diag::{Finding, Severity};
use crate::diff::causes::{self, Text, Texts};
use crate::diff::findings::{self, Findings};
use crate::diff::gate::{self, Rules};
use crate::diff::kind::Kind;
use crate::diff::render_markdown::Look;
use crate::diff::sides::Side;
use crate::diff::statements::{self, Expected, Half};
use crate::diff::store::Store;
use crate::diff::{
    self, Diff, approvals, bounds, destinations, endpoints, latent, later, looser, regrouped, render_human,
    render_json, render_markdown, spells, understood,
};
use crate::model::Date;
use crate::model::words::count;
use crate::render::{self, human};
use crate::source::{Sources, visible};
use crate::table::LoadOptions;
use crate::usage::Amount;
use crate::usage::models::Models;
use crate::workspace::{Checked, Progress as _, Workspace};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(super) struct Arguments {
    /// The old side: a workspace folder, a git revision of the workspace, or a compiled table; `git:REV` is a revision
    /// and nothing else
    #[arg(required_unless_present = "old_revision")]
    old: Option<String>,
    /// The new side [default: the workspace]
    new: Option<String>,
    /// The old side is this git revision, even if a file has that name; use this to check pull requests
    #[arg(long, value_name = "REV")]
    old_revision: Option<String>,
    /// The day of the old side [default: the day of both]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_date)]
    old_as_of: Option<Date>,
    /// Require a signature of each side that is a table, in TABLE.sig, by this minisign public key; if repeated, any one
    /// of the keys will do
    #[arg(long, value_name = "FILE")]
    trusted_key: Vec<PathBuf>,
    /// How to print what changes
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Leave out what is folded, for hosts that cannot fold; with `markdown` and `comment`
    #[arg(long)]
    compact: bool,
    /// Show under each cause how its text differs
    #[arg(long)]
    source: bool,
    /// End with status 1 if any decision changes
    #[arg(long)]
    exit_code: bool,
    /// End with status 1 on a kind of change; repeats
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    deny: Vec<Kind>,
    /// What was really spent, in any format that `usage` reads: beside what use cases that change are expected to cost;
    /// repeats
    #[arg(long, value_name = "FILE")]
    usage: Vec<PathBuf>,
    /// Show the changes accepted in this file as such; they do not affect the exit status
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// Print instead the entries by which the changes would be accepted
    #[arg(long)]
    write_accept: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Markdown,
    /// One comment on a pull request, recognised by its first line; empty where there is nothing to say
    Comment,
    Json,
}

/// A kind of change by its name.
fn kinds() -> impl TypedValueParser<Value = Kind> {
    let kind = |name: String| Kind::ALL.into_iter().find(|kind| kind.name() == name);
    PossibleValuesParser::new(Kind::BY_RISK.map(Kind::name))
        .map(move |name| kind(name).unwrap_or(Kind::Widened))
}

impl Arguments {
    /// What is asked for as the old and as the new side.
    fn sides(&self) -> Result<(Asked<'_>, Asked<'_>), String> {
        let (old, new) = (Asked::or_workspace(self.old.as_deref()), Asked::or_workspace(self.new.as_deref()));
        let Some(revision) = &self.old_revision else { return Ok((old, new)) };
        if self.new.is_some() {
            return Err(
                "`--old-revision` is the old side, so only the new one can be named besides".to_owned()
            );
        }
        Ok((Asked::Revision(revision), old))
    }
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let as_of = common.as_of();
    let (old, new) = both(arguments, common)?;
    // The process ends soon: giving back millions of small pieces of memory would only take time.
    let (old, new) = (ManuallyDrop::new(old), ManuallyDrop::new(new));
    let Some(after) = decide(&new, common).map(ManuallyDrop::new) else {
        return Err(CommandError::told());
    };
    // What is the same on both sides is decided once.
    let own = if same(&old, &new) { None } else { Some(decide(&old, common).map(ManuallyDrop::new)) };
    let before: &Decided = match &own {
        None => &after,
        Some(Some(own)) => own,
        Some(None) => return Err(CommandError::told()),
    };
    // What can be accepted is what `widened` counts, if nothing else is denied.
    let usual = [Kind::Widened];
    let deny = if arguments.write_accept && arguments.deny.is_empty() { &usual } else { &*arguments.deny };
    let accepted = accepted(arguments, &old, common)?;
    let accepts = accept::by(&accepted, arguments.write_accept, as_of);
    let (mut diff, store) = compare((&old, before), (&new, &after), deny, accepts);
    diff.gate.extend(checkout::moved(&old, &new, common)?);
    diff.gate.sort_by_key(|moved| !moved.loosened);
    if arguments.write_accept {
        return terminal::document(&accept::proposal(&diff, &accepted, as_of), Status::Fine);
    }
    let occurring = occurring(&diff);
    accept::mark(&mut diff, &accepted, as_of);
    spent(&mut diff, after.survey(), arguments, as_of)?;
    let is_open = accept::is_open(&diff, deny);
    for note in accepted.notes(&occurring, as_of, |entry| accept::is_looked_for(entry, deny, is_open)) {
        terminal::say(&format!("note: {note}\n"));
    }
    let findings = match (&before.checked, &after.checked) {
        (Some(before), Some(after)) => findings::between(before.all(), after.all(), diff.renamed()),
        _ => Findings::default(),
    };
    notes(&diff, &after, &new.name);
    let text = match arguments.format {
        Format::Human => render_human::render(&diff, &findings, arguments.source, common.style_out()),
        Format::Markdown | Format::Comment => {
            render_markdown::render(&diff, &findings, look(arguments, &after))
        }
        Format::Json => render_json::render(&diff, &findings),
    };
    let status = denied::status(&diff, &arguments.deny, arguments.exit_code);
    std::mem::forget((diff, store, findings));
    match arguments.format {
        Format::Human => terminal::show_drawn(&text, common.style_out(), status),
        Format::Markdown | Format::Comment => terminal::document(&text, status),
        Format::Json => terminal::answer(&text, status),
    }
}

/// How the comparison is written in Markdown.
fn look(arguments: &Arguments, after: &Decided) -> Look {
    Look {
        with_source: arguments.source,
        is_comment: arguments.format == Format::Comment,
        is_compact: arguments.compact,
        checked: after.checked.as_ref().map(|found| render::tally(found.all().1)),
    }
}

/// Both sides as read; says why on stderr where one cannot be.
fn both(arguments: &Arguments, common: &Common) -> Result<(Read, Read), CommandError> {
    let as_of = common.as_of();
    let (asked_old, asked_new) = arguments.sides()?;
    let mut options = LoadOptions::default();
    options.trusted_keys = keys::trusted(&arguments.trusted_key)?;
    let progress = ProgressLine::of("reading both sides");
    let (old, new) = rayon::join(
        || sides::read(asked_old, arguments.old_as_of.unwrap_or(as_of), &options, common),
        || sides::read(asked_new, as_of, &options, common),
    );
    drop(progress);
    let (Some(old), Some(new)) = (said(old), said(new)) else { return Err(CommandError::told()) };
    sides::trusted(&old, &new, &options)?;
    sides::comparable(&old, &new, common)?;
    Ok(sides::parse(old, new))
}

/// Adds what was really spent in the last month that is over.
fn spent(diff: &mut Diff, new: Option<&Survey>, arguments: &Arguments, as_of: Date) -> Result<(), String> {
    let Some(survey) = new.filter(|_| !arguments.usage.is_empty()) else { return Ok(()) };
    let ledger = bills::ledger(&arguments.usage, None, Amount::Billed, &Models::new(survey.world))?;
    let month = bills::chosen(None, &ledger, as_of)?;
    bills::notes(&ledger.made(&month));
    diff.spent(&month, &ledger.by_use_case(&month, survey.world));
    Ok(())
}

/// What the file of accepted changes accepts here.
fn accepted(arguments: &Arguments, old: &Read, common: &Common) -> Result<Accepted, String> {
    let Some(path) = &arguments.accept else { return Ok(Accepted::default()) };
    let mut accepted = accept::read(path, common)?;
    let dropped = accept::as_of_revision(&mut accepted, path, old, common)?;
    accept::not_counted(dropped, path, &old.name);
    Ok(accepted)
}

/// The fingerprints of everything that differs.
fn occurring(diff: &Diff) -> BTreeSet<String> {
    let changes = diff.changes.iter().map(|change| change.fingerprint.clone());
    let changes = changes.chain(diff.gate.iter().map(gate::Moved::fingerprint));
    let changes = changes.chain(diff.latent.iter().map(latent::Latent::fingerprint));
    changes.chain(diff.statements.fingerprints().into_iter().map(|(_, fingerprint)| fingerprint)).collect()
}

/// Everything that differs, with what makes it and who accepted it; of the kinds that are denied also what differs on a
/// later day only.
pub(super) fn compare(
    old: (&Read, &Decided),
    new: (&Read, &Decided),
    deny: &[Kind],
    accepts: impl Fn(&str) -> Option<Entry>,
) -> (Diff, Store) {
    let progress = ProgressLine::of("comparing both sides");
    let mut store = Store::default();
    let nothing = Expected::new();
    if let (true, Some(survey)) = (same(old.0, new.0), new.1.survey()) {
        let side = Side::of_itself(&new.0.name, survey, &mut store);
        let mut diff = diff::diff(&store, &side, &side);
        diff.old.label.clone_from(&old.0.name);
        (diff.old.origin, diff.new.origin) = (old.0.origin.clone(), new.0.origin.clone());
        return (diff, store);
    }
    let (after, after_expected) = side(new.0, new.1, &mut store);
    let (before, before_expected) = side(old.0, old.1, &mut store);
    let mut diff = diff::diff(&store, &before, &after);
    for change in &mut diff.changes {
        change.accepted = accepts(&change.fingerprint);
    }
    diff.gate = gate::moved(&old.1.rules, &new.1.rules, (&before, &after), &diff.names);
    diff.gate.extend(gate::unsaid(!deny.is_empty() && (before.is_table || after.is_table)));
    if deny.contains(&Kind::Widened) {
        diff.gate.extend(endpoints::moved(&diff.worse));
        diff.gate.extend(understood::gone(&diff.changes));
    }
    diff.gate.extend(bounds::moved(&old.1.rules.bounds, &new.1.rules.bounds, &diff.names));
    diff.gate.extend(destinations::moved(&store, &before, &after, &diff.names));
    diff.gate.extend(understood::moved(&before, &after, &diff.names));
    (diff.old.origin, diff.new.origin) = (old.0.origin.clone(), new.0.origin.clone());
    let old_half = Half { side: &before, expected: before_expected.as_ref().unwrap_or(&nothing) };
    let new_half = Half { side: &after, expected: after_expected.as_ref().unwrap_or(&nothing) };
    diff.statements = statements::between(&store, old_half, new_half, &diff.names);
    progress.begins("putting differences back", 0);
    if let (Some(old), Some(new)) = (old.1.text(old.0), new.1.text(new.0)) {
        let texts = Texts::new(old, new);
        diff.gate.extend(spells::shortened(&texts));
        diff.gate.extend(regrouped::moved(&texts));
        diff.gate.extend(latent::led_elsewhere(&texts, &diff.names));
        diff.gate.extend(looser::moved(&texts, &diff));
        diff.gate.extend(spells::tests(&texts));
        causes::find(&mut diff, &mut store, (&before, &after), &texts);
        let names = diff.names.clone();
        let gone = latent::find(&diff, &mut store, &after, &texts, &names);
        diff.latent = gone.latent;
        if deny.contains(&Kind::Widened) {
            diff.gate.extend(gone.felt);
            let gained = approvals::gained(&diff, &store, &after, &texts);
            diff.gate.extend(gained);
        }
        if !deny.is_empty() {
            progress.begins("deciding later days", 0);
            let later = later::find(&diff, &mut store, (&before, &after), &texts, deny);
            diff.gate.extend(later);
        }
    }
    diff.gate.sort_by_key(|moved| !moved.loosened);
    (diff, store)
}

/// Whether both sides are one workspace on one day.
pub(super) fn same(old: &Read, new: &Read) -> bool {
    match (&old.content, &new.content) {
        (Content::Workspace(old), Content::Workspace(new)) => Arc::ptr_eq(old, new),
        _ => false,
    }
}

/// What people have to know besides, on stderr.
fn notes(diff: &Diff, new: &Decided, name: &str) {
    for (use_case, why) in &diff.left_out {
        terminal::say(&format!("note: `{use_case}` is not compared: {why}\n"));
    }
    let findings = new.checked.as_ref().map(|checked| checked.checked.findings.as_slice());
    let errors = findings.into_iter().flatten().filter(|finding| finding.severity == Severity::Error);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in errors {
        *kinds.entry(finding.code.0).or_default() += 1;
    }
    if !kinds.is_empty() {
        let all = count(kinds.values().sum(), "error", "errors");
        let kinds: Vec<String> = kinds.iter().map(|(code, n)| format!("{n} `{code}`")).collect();
        let kinds = kinds.join(", ");
        terminal::say(&format!(
            "note: `{name}` has {all}, so it does not compile: {kinds}; `govctl check` says where\n"
        ));
    }
}

/// What was read; why not is said on stderr.
pub(super) fn said(read: Result<sides::Found, String>) -> Option<sides::Found> {
    read.map_err(|message| terminal::say(&format!("error: {message}\n"))).ok()
}

/// A side with everything decided.
pub(super) struct Decided<'a> {
    /// Of a workspace everything that is found in it.
    pub(super) checked: Option<Found<'a>>,
    /// What it says of the gate.
    rules: Rules,
}

/// What is found in a workspace.
pub(super) struct Found<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) checked: Checked<'a>,
}

impl Found<'_> {
    pub(super) fn all(&self) -> (&Sources, &[Finding]) {
        (&self.workspace.sources, &self.checked.findings)
    }
}

impl<'w> Decided<'w> {
    /// The decisions of a workspace.
    fn survey(&self) -> Option<&Survey<'w>> {
        self.checked.as_ref()?.checked.survey.as_ref()
    }

    /// Of a workspace what is written in it, with its decisions.
    fn text<'a>(&'a self, read: &'a Read) -> Option<Text<'a>> {
        match (&read.content, &self.checked) {
            (Content::Workspace(written), Some(found)) => Some(written.text(found.checked.survey.as_ref()?)),
            _ => None,
        }
    }
}

/// Decides and checks one side; says why on stderr where that cannot be done.
pub(super) fn decide<'a>(read: &'a Read, common: &Common) -> Option<Decided<'a>> {
    match &read.content {
        Content::Table(table, key) => {
            let rules = gate_rules::of_table(table.table(), key.clone());
            Some(Decided { checked: None, rules })
        }
        Content::Workspace(written) => {
            let workspace = &written.workspace;
            if workspace.world.is_none() {
                undecided(&read.name, workspace, common);
                return None;
            }
            let checked = super::checked_with_progress(workspace);
            let rules = gate_rules::of_workspace(workspace, &checked);
            Some(Decided { checked: Some(Found { workspace, checked }), rules })
        }
    }
}

/// A side in names, with what its budgets are expected to see.
fn side(read: &Read, decided: &Decided, store: &mut Store) -> (Side, Option<Expected>) {
    match (&read.content, decided.survey()) {
        (Content::Workspace(_), Some(survey)) => {
            let expected = statements::expected(&Spending::new(survey));
            (Side::of_workspace(&read.name, survey, store), Some(expected))
        }
        (Content::Table(table, _), _) => (Side::of_table(&read.name, table.table(), store), None),
        (Content::Workspace(_), None) => (Side::empty(&read.name), None),
    }
}

fn undecided(name: &str, workspace: &Workspace, common: &Common) {
    let style = common.style_err();
    let findings = workspace.findings.iter().take(10);
    let mut text: String =
        findings.map(|finding| human::one_line(&workspace.sources, finding, style)).collect();
    let name = visible::inline(name);
    text += &format!("error: `{name}` has errors that keep decisions from being made\n");
    terminal::say_drawn(&text, style);
}
