//! Files of what is accepted, as `diff` and `check` read and propose them.

use std::path::Path;

use super::side::Read;
use super::{Common, terminal};
use crate::accepted::{self, Accepted, DAYS_PROPOSED, Entry};
use crate::diag::Finding;
use crate::diff::gate::Moved;
use crate::diff::kind::Kind;
use crate::diff::{Change, Diff, Origin};
use crate::limits::MAX_FILE_BYTES;
use crate::load::repository::Repository;
use crate::load::{file, git};
use crate::model::Date;
use crate::model::words::count;
use crate::render::human;

/// What a file accepts.
pub(super) fn read(path: &Path, common: &Common) -> Result<Accepted, String> {
    let bytes =
        file::read(path, MAX_FILE_BYTES).map_err(|why| format!("cannot read `{}`: {why}", path.display()))?;
    parsed(&path.display().to_string(), bytes, common)
}

fn parsed(name: &str, bytes: Vec<u8>, common: &Common) -> Result<Accepted, String> {
    let text = String::from_utf8(bytes).map_err(|_| format!("`{name}` is not UTF-8"))?;
    Accepted::read(name, &text).map_err(|refused| {
        // What refuses escapes all that it says, so nothing is coloured here.
        let style = human::Style { color: false, ..common.style_err() };
        let lines = refused.findings.iter().take(10);
        let line = |one: &Finding| {
            let line = human::one_line(&refused.sources, one, style);
            match &one.help {
                Some(help) => format!("{}\n  help: {help}\n", line.trim_end()),
                None => line,
            }
        };
        let lines: Vec<String> = lines.map(line).collect();
        format!("`{name}` does not say what is accepted:\n{}", lines.join("").trim_end())
    })
}

/// What a pull request may accept: of a file in its own repository only what the old revision accepts already. Gives how
/// many entries do not count.
pub(super) fn as_of_revision(
    accepted: &mut Accepted,
    path: &Path,
    old: &Read,
    common: &Common,
) -> Result<usize, String> {
    let Origin::Commit(id) = &old.origin else { return Ok(0) };
    as_of_commit(accepted, path, id, common)
}

/// The same of a revision by whatever name.
pub(super) fn as_of_commit(
    accepted: &mut Accepted,
    path: &Path,
    revision: &str,
    common: &Common,
) -> Result<usize, String> {
    let Ok(repository) = Repository::around(&Common::textual(common.folder(None))) else { return Ok(0) };
    let real = path.canonicalize().unwrap_or_default();
    // Whichever way it is named: what lies in the repository is a part of the change.
    let inside = repository.path_of(&Common::textual(path)).or_else(|| repository.path_of_real(&real));
    let Some(inside) = inside else { return Ok(0) };
    let commit = git::commit(&repository, revision).map_err(git::NoCommit::message)?;
    let before = match git::file(&repository, &commit, &inside)? {
        Some(bytes) => parsed(&format!("{inside} of {revision}"), bytes, common)?,
        None => Accepted::default(),
    };
    let all = accepted.entries().count();
    accepted.keep_those_of(&before);
    Ok(all - accepted.entries().count())
}

/// That entries of a file do not count, since another revision does not have them.
pub(super) fn not_counted(dropped: usize, path: &Path, revision: &str) {
    if dropped > 0 {
        let entries = count(dropped, "entry", "entries");
        let (name, do_not) = (path.display(), if dropped == 1 { "does not" } else { "do not" });
        terminal::say(&format!(
            "note: `{name}` accepts more than `{revision}` does, and {entries} of it {do_not} count: what a change accepts of itself is first to be accepted there\n"
        ));
    }
}

/// Who accepts a change. What is proposed is everything that counts once the changes themselves are accepted.
pub(super) fn by(accepted: &Accepted, is_proposal: bool, as_of: Date) -> impl Fn(&str) -> Option<Entry> {
    let nobody = move || Entry {
        fingerprint: String::new(),
        what: String::new(),
        owner: String::new(),
        reason: String::new(),
        until: as_of,
        line: 0,
    };
    move |fingerprint| accepted.of(fingerprint, as_of).cloned().or_else(|| is_proposal.then(nobody))
}

/// Marks what is accepted, and says so where the gate is described.
pub(super) fn mark(diff: &mut Diff, accepted: &Accepted, as_of: Date) {
    let mut said = Vec::new();
    let mut say = |what: String, entry: &Entry| {
        let Entry { owner, reason, until, .. } = entry;
        let text = format!("`{}` accepts {what} until {until}: `{reason}` (`{owner}`)", accepted.name);
        said.push(Moved::noted(text));
    };
    for change in &mut diff.changes {
        change.accepted = accepted.of(&change.fingerprint, as_of).cloned();
        if let Some(entry) = &change.accepted {
            say(format!("the change of `{}`", change.use_case), entry);
        }
    }
    for edit in diff.statements.edits_mut() {
        *edit.accepted = accepted.of(&edit.fingerprint, as_of).cloned();
        if let Some(entry) = edit.accepted {
            say(format!("the edit of `{}`", edit.what), entry);
        }
    }
    for promise in &mut diff.latent {
        let entry = accepted.of(&promise.fingerprint(), as_of);
        promise.accepted = entry.is_some();
        if let Some(entry) = entry {
            say(format!("that a promise of `{}` is gone", promise.what), entry);
        }
    }
    for moved in diff.gate.iter_mut().filter(|moved| moved.loosened) {
        if let Some(entry) = accepted.of(&moved.fingerprint(), as_of) {
            moved.loosened = false;
            let Entry { owner, reason, until, .. } = entry;
            moved.text += &format!(" (accepted until {until}: `{reason}`, `{owner}`)");
        }
    }
    diff.gate.extend(said);
}

/// How the entry of a rule of the gate that is loosened begins.
const GATE: &str = "gate: ";

/// Whether a change of today that is denied is not accepted.
pub(super) fn is_open(diff: &Diff, deny: &[Kind]) -> bool {
    let counts =
        |change: &Change| change.accepted.is_none() && change.kinds().iter().any(|kind| deny.contains(&kind));
    diff.changes.iter().any(counts)
}

/// Whether what an entry accepts is among what a comparison looks for that denies some kinds: much of the gate only with
/// `widened`, and on later days only the kinds that are denied. Of an entry that does not say what it is nobody knows.
/// While changes of today are [open](is_open), what they entail on later days is not looked for apart.
pub(super) fn is_looked_for(entry: &Entry, deny: &[Kind], is_open: bool) -> bool {
    let is_denied = |kind: &Kind| deny.contains(kind);
    if entry.what.is_empty() {
        return Kind::ALL.iter().all(is_denied);
    }
    let Some(gate) = entry.what.strip_prefix(GATE) else { return true };
    if is_open {
        return false;
    }
    // `from 2027-01-01, when …, `chat` changes: widened, cost: …`; of a statement it `changes` alone.
    let (_, kinds) = gate.rsplit_once(" changes").unwrap_or_default();
    let kinds = kinds.strip_prefix(": ").map(|kinds| kinds.split(':').next().unwrap_or_default());
    let is_named = |kind: &Kind| kinds.is_some_and(|kinds| kinds.split(", ").any(|name| name == kind.name()));
    let is_edit = gate.starts_with("from ") && gate.ends_with(" changes");
    is_denied(&Kind::Widened)
        && Kind::ALL.iter().filter(|kind| is_named(kind)).all(is_denied)
        && (!is_edit || is_denied(&Kind::Obligations))
}

/// The day until which something is proposed to be accepted.
pub(super) fn proposed_until(as_of: Date) -> Date {
    as_of.saturating_add(jiff::Span::new().days(DAYS_PROPOSED))
}

/// The changes that are not accepted yet, as entries, behind those that are.
pub(super) fn proposal(diff: &Diff, accepted: &Accepted, as_of: Date) -> String {
    let mut occurring: Vec<Occurring> = Vec::new();
    for change in &diff.changes {
        let kinds: Vec<&str> = change.kinds().iter().map(Kind::name).collect();
        let what = format!("{}: {}", change.use_case, kinds.join(", "));
        occurring.push((change.fingerprint.clone(), what, change.owner.clone()));
    }
    for moved in diff.gate.iter().filter(|moved| moved.loosened) {
        occurring.push((moved.fingerprint(), format!("{GATE}{}", moved.text), None));
    }
    for promise in &diff.latent {
        let what = format!("{}: {} ({})", promise.what, promise.change, promise.text);
        occurring.push((promise.fingerprint(), what, None));
    }
    let edits = diff.statements.fingerprints();
    occurring
        .extend(edits.into_iter().map(|(what, fingerprint)| (fingerprint, format!("{what}: edited"), None)));
    let about = format!("What `govctl diff` found from {} to {}.", diff.old.label, diff.new.label);
    entries(&about, occurring, accepted, as_of)
}

/// The fingerprint of what occurs, what it is, and who may answer for it.
pub(super) type Occurring = (String, String, Option<String>);

/// Entries for everything that occurs: those that stand, and proposals for the rest.
pub(super) fn entries(about: &str, occurring: Vec<Occurring>, accepted: &Accepted, as_of: Date) -> String {
    let entry = |(fingerprint, what, owner): Occurring| {
        let known = accepted.of(&fingerprint, as_of).cloned();
        known.unwrap_or_else(|| Entry {
            fingerprint,
            what,
            owner: owner.unwrap_or_else(|| "nobody yet".to_owned()),
            reason: format!("proposed on {as_of}, not yet explained"),
            until: proposed_until(as_of),
            line: 0,
        })
    };
    let about: String = about.chars().filter(|c| !c.is_control()).collect();
    let entries: Vec<Entry> = occurring.into_iter().map(entry).collect();
    accepted::write(&about, &entries)
}
