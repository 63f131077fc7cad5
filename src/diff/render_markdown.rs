//! `diff` as the comment on a pull request: a table for everyone, details folded, never longer than a comment may be.

use std::collections::BTreeSet;

use super::causes::{Cause, Place};
use super::findings::Findings;
use super::phrase::Phrase;
use super::words;
use super::{Change, Diff, source_lines};
use crate::limits::gateways;
use crate::limits::shown;
use crate::model::words::{at_least, count};
use crate::render::markdown::{code, cut, html_code};

/// Characters of the table of changes.
const TABLE: usize = 20_000;

/// Characters of a section, such as the portfolio.
const SECTION: usize = 5_000;

/// Characters of a table of spend.
const SPEND: usize = 5_000;

/// By what the comment on a pull request is found again: its first line.
pub const MARKER: &str = "<!-- govctl -->";

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Under each cause stands how its text differs.
    pub with_source: bool,
    /// It is a comment that is found again and edited, and none where nothing is to be said.
    pub is_comment: bool,
    /// Nothing is folded: what would be is left out.
    pub is_compact: bool,
    /// Errors and warnings of the new side, where it was checked.
    pub checked: Option<(usize, usize)>,
}

/// The whole comparison; of a comment nothing where nothing differs and the new side has no errors.
pub fn render(diff: &Diff, findings: &Findings, look: Look) -> String {
    let has_errors = look.checked.is_some_and(|(errors, _)| errors > 0);
    if look.is_comment && !has_errors && is_silent(diff, findings) {
        return String::new();
    }
    let mut text = if look.is_comment { format!("{MARKER}\n") } else { String::new() };
    text += &format!("### govctl: {}\n\n{}.\n", words::headline(diff), words::sides(diff).markdown());
    if let (true, Some((errors, warnings))) = (look.is_comment, look.checked) {
        let (errors, warnings) = (count(errors, "error", "errors"), count(warnings, "warning", "warnings"));
        let errors = if has_errors { format!("**{errors}**") } else { errors };
        text += &format!("\n`check` finds {errors} and {warnings}.\n");
    }
    for line in words::summary(diff, findings) {
        text += &format!("\n{}.\n", line.markdown());
    }
    if let Some(total) = words::total(diff) {
        text += &format!("\nExpected cost: {total}.\n");
    }
    text += &gate(diff);
    if !diff.changes.is_empty() {
        text += "\n| use case | what changes | contexts | usd a month |\n| --- | --- | ---: | ---: |\n";
        let rows: Vec<String> = diff.changes.iter().map(row).collect();
        fill(&mut text, &rows, TABLE, |more| format!("| … and {more} more | | | |\n"));
    }
    if look.is_compact {
        return text + &compact(diff, findings);
    }
    let portfolio = sections(diff, findings) + &portfolio(diff);
    let room = gateways::COMMENT.saturating_sub(portfolio.chars().count() + 200);
    let mut sources = look.with_source.then(BTreeSet::new);
    let details: Vec<String> = diff.changes.iter().map(|change| details(change, &mut sources)).collect();
    if !details.is_empty() {
        text.push('\n');
        fill(&mut text, &details, room, |more| {
            let more = count(more, "more use case", "more use cases");
            format!("\nand {more}; `govctl diff --format json` has the details\n")
        });
    }
    text + &portfolio
}

/// Whether there is nothing to say.
fn is_silent(diff: &Diff, findings: &Findings) -> bool {
    let is_same = diff.changes.is_empty() && diff.statements.is_empty() && diff.portfolio.is_empty();
    let is_kept = diff.latent.is_empty() && diff.gate.is_empty() && diff.renamed().next().is_none();
    is_same && is_kept && diff.left_out.is_empty() && findings.new.is_empty() && findings.gone.is_empty()
}

/// What matters most of what is folded elsewhere, and where the rest is.
fn compact(diff: &Diff, findings: &Findings) -> String {
    let (new, _) = words::findings(findings);
    let lines: Vec<Phrase> = new.into_iter().chain(words::latent(diff)).collect();
    let shown = lines.iter().take(shown::CAUSES).map(|line| format!("- {}\n", line.markdown()));
    let shown: String = shown.collect();
    let shown = if shown.is_empty() { shown } else { format!("\n{shown}{}", more(lines.len(), "")) };
    shown + "\n`govctl diff` has the details.\n"
}

/// What decides whether the change passes, where the change is of that too.
fn gate(diff: &Diff) -> String {
    let lines = diff.gate.iter().take(shown::CAUSES).map(|moved| {
        let what = if moved.loosened { "**gate loosened**" } else { "gate" };
        format!("- {what}: {}\n", code(&moved.text))
    });
    let lines: String = lines.collect();
    if lines.is_empty() { lines } else { format!("\n{lines}{}\n", more(diff.gate.len(), "")) }
}

/// Adds as many parts as there is room for, and says how many are left.
fn fill(text: &mut String, parts: &[String], room: usize, rest: impl Fn(usize) -> String) {
    let mut length = text.chars().count();
    let mut left = 0;
    for part in parts {
        let own = part.chars().count();
        if length + own > room {
            left += 1;
        } else {
            length += own;
            *text += part;
        }
    }
    if left > 0 {
        *text += &rest(left);
    }
}

fn row(change: &Change) -> String {
    let kinds = words::kinds(change).into_iter().map(|kind| match kind.risk() {
        0..=2 => format!("**{}**", kind.name()),
        _ => format!("{}{}", kind.name(), words::behind(kind, change)),
    });
    let money = words::amounts(&change.money.monthly).unwrap_or_default();
    let accepted = change.accepted.as_ref();
    let accepted = accepted.map(|entry| format!("; accepted until {}: {}", entry.until, code(&entry.reason)));
    format!(
        "| {} | {}{} | {}{} of {}{} | {} |\n",
        code(&change.use_case),
        kinds.collect::<Vec<String>>().join(", "),
        accepted.unwrap_or_default(),
        at_least(change.compared.changed),
        change.compared.changed,
        at_least(change.compared.contexts),
        change.compared.contexts,
        money.replace(" usd a month", "")
    )
}

fn details(change: &Change, sources: &mut Sources) -> String {
    let kinds = words::names(&words::kinds(change));
    let mut text = format!("<details><summary>{}: {kinds}</summary>\n\n", html_code(&change.use_case));
    if let Some(old) = &change.renamed_from {
        match &change.asked_as {
            None => text += &format!("- was {}\n", code(old)),
            Some(name) => text += &format!("- asked as {}, which was {}\n", code(name), code(old)),
        }
    }
    if let Some(concerned) = words::concerned(change) {
        text += &format!("- {}\n", concerned.markdown());
    }
    for (details, example) in words::by_example(change) {
        let extent = words::extent(&details, example).markdown();
        if words::same_route(example) {
            text += &format!(
                "- {extent}: {}\n",
                code(&words::route(example.on, &example.new, &example.new_then))
            );
        } else {
            let old = code(&words::route(example.on, &example.old, &example.old_then));
            let new = code(&words::route(example.on, &example.new, &example.new_then));
            text += &format!("- {extent}:\n  - before: {old}\n  - after: {new}\n");
        }
    }
    for (what, gain) in
        [("**now reachable**", &change.compared.gained), ("no longer reachable", &change.compared.lost)]
    {
        if !gain.is_empty() {
            text += &format!("- {what}: {}\n", Phrase::joined(gain.phrases(), ", ").markdown());
        }
    }
    for duty in change.compared.duties.iter().take(shown::CAUSES) {
        text += &format!("- {}\n", code(duty));
    }
    text += &more(change.compared.duties.len(), "");
    if let Some(money) = words::cost(change) {
        text += &format!("- cost: {money}\n");
    }
    if let Some(spent) = words::spent(change) {
        text += &format!("- spent: {spent}\n");
    }
    let reasons = words::reasons(change);
    for reason in reasons.iter().take(shown::CAUSES) {
        let (because, of) = (reason.because(), reason.of());
        if let [cause] = reason.causes.as_slice() {
            text += &format!("- {because} {}{of}\n{}", code(&cause.to_string()), source(cause, sources));
            continue;
        }
        text += &format!("- {because}{of}\n");
        for cause in reason.causes.iter().take(shown::CAUSES) {
            let source = source(cause, sources).replace("\n  ", "\n    ");
            text += &format!("  - {}\n{source}", code(&cause.to_string()));
        }
        text += &more(reason.causes.len(), "  ");
    }
    text += &more(reasons.len(), "");
    text + "\n</details>\n"
}

/// What is left out of a list of causes.
fn more(all: usize, indent: &str) -> String {
    if all > shown::CAUSES {
        format!("{indent}- … and {} more\n", all - shown::CAUSES)
    } else {
        String::new()
    }
}

/// The places whose text was shown, where it is asked for.
type Sources = Option<BTreeSet<Option<Place>>>;

/// How the text of a cause differs, as a block below an item of a list, where it was not shown yet.
fn source(cause: &Cause, sources: &mut Sources) -> String {
    let first = sources.as_mut().is_some_and(|shown| shown.insert(cause.place.clone()));
    let lines = if first { source_lines::lines(cause) } else { Vec::new() };
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("{} {}", line.sign, cut(&line.text))).collect();
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(5) + 1);
    let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("\n  {fence}diff\n{lines}  {fence}\n")
}

/// The longest run of back quotes.
fn longest_run(line: &str) -> usize {
    line.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Lines under a title, folded; nothing where there are none.
fn section(title: &str, lines: &[Phrase]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut text =
        format!("\n<details><summary>{title}: {}</summary>\n\n", count(lines.len(), "line", "lines"));
    let lines: Vec<String> = lines.iter().map(|line| format!("- {}\n", line.markdown())).collect();
    fill(&mut text, &lines, SECTION, |more| format!("- and {more} more\n"));
    text + "\n</details>\n"
}

/// Budgets, duties, promises and findings.
fn sections(diff: &Diff, findings: &Findings) -> String {
    let (new, gone) = words::findings(findings);
    section("budgets", &words::budgets(diff))
        + &section("obligations", &words::obligations(diff))
        + &section("promises gone though no decision changes", &words::latent(diff))
        + &section("edited without effect on a decision", &words::quiet(diff))
        + &section("newly found by check", &new)
        + &section("no longer found by check", &gone)
}

fn portfolio(diff: &Diff) -> String {
    let mut text = section("portfolio", &words::portfolio(diff));
    for (title, by_name) in [("provider", &diff.spend.by_provider), ("team", &diff.spend.by_team)] {
        let rows = words::spend(by_name, &diff.spend.total);
        if !rows.is_empty() {
            text += &format!("\n<details><summary>usd a month by {title}</summary>\n\n");
            text += "| | before | after | | share before | share after |\n";
            text += "| --- | ---: | ---: | ---: | ---: | ---: |\n";
            let rows: Vec<String> = rows
                .iter()
                .map(|[name, old, new, more, before, after]| {
                    format!("| {} | {old} | {new} | {more} | {before} | {after} |\n", code(name))
                })
                .collect();
            let room = text.chars().count() + SPEND;
            fill(&mut text, &rows, room, |more| format!("| and {more} more | | | | | |\n"));
            text += "\n</details>\n";
        }
    }
    text
}
