//! `diff` as the comment on a pull request: a table for everyone, details folded, never longer than a comment may be.

use std::collections::BTreeSet;

use super::causes::Cause;
use super::words;
use super::{Change, Diff, source_lines};
use crate::model::words::count;

/// Characters of the whole: code hosts refuse comments past 65,536.
const MOST_CHARACTERS: usize = 60_000;

/// Characters of the table of changes.
const TABLE: usize = 20_000;

/// Characters of the portfolio and the tables of spend.
const PORTFOLIO: usize = 10_000;

/// The whole comparison.
pub fn render(diff: &Diff, with_source: bool) -> String {
    let mut text =
        format!("### govctl: {}\n\n{}.\n", plain(&words::headline(diff)), code_spans(&words::sides(diff)));
    if let Some(total) = words::total(diff) {
        text += &format!("Expected cost: {total}.\n");
    }
    if !diff.changes.is_empty() {
        text += "\n| use case | what changes | contexts | usd a month |\n| --- | --- | ---: | ---: |\n";
        let rows: Vec<String> = diff.changes.iter().map(row).collect();
        fill(&mut text, &rows, TABLE, |more| format!("| … and {more} more | | | |\n"));
    }
    let portfolio = portfolio(diff);
    let room = MOST_CHARACTERS.saturating_sub(portfolio.chars().count() + 200);
    let mut sources = with_source.then(BTreeSet::new);
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

/// Adds as many parts as there is room for, and says how many are left.
fn fill(text: &mut String, parts: &[String], room: usize, rest: impl Fn(usize) -> String) {
    let mut length = text.chars().count();
    for (at, part) in parts.iter().enumerate() {
        length += part.chars().count();
        if length > room {
            *text += &rest(parts.len() - at);
            return;
        }
        *text += part;
    }
}

fn row(change: &Change) -> String {
    let kinds = words::kinds(change).into_iter().map(|kind| match kind.risk() {
        0..=2 => format!("**{}**", kind.name()),
        _ => kind.name().to_owned(),
    });
    let money = words::amounts(&change.money.monthly).unwrap_or_default();
    format!(
        "| {} | {} | {} of {} | {} |\n",
        code(&change.use_case),
        kinds.collect::<Vec<String>>().join(", "),
        change.compared.changed,
        change.compared.contexts,
        money.replace(" usd a month", "")
    )
}

fn details(change: &Change, sources: &mut Sources) -> String {
    let kinds = words::names(&words::kinds(change));
    let mut text = format!("<details><summary>{}: {kinds}</summary>\n\n", html_code(&change.use_case));
    if let Some(old) = &change.renamed_from {
        text += &format!("- was {}\n", code(old));
    }
    if let Some(concerned) = words::concerned(change) {
        text += &format!("- {}\n", code_spans(&concerned));
    }
    for (details, example) in words::by_example(change) {
        let extent = plain(&words::extent(&details, example));
        if words::same_route(example) {
            text += &format!("- {extent}: {}\n", code(&words::route(&example.new, &example.new_then)));
        } else {
            let old = code(&words::route(&example.old, &example.old_then));
            let new = code(&words::route(&example.new, &example.new_then));
            text += &format!("- {extent}:\n  - before: {old}\n  - after: {new}\n");
        }
    }
    for (what, gain) in
        [("**now reachable**", &change.compared.gained), ("no longer reachable", &change.compared.lost)]
    {
        if !gain.is_empty() {
            text += &format!("- {what}: {}\n", code_spans(&gain.words().join(", ")));
        }
    }
    for duty in &change.compared.duties {
        text += &format!("- {}\n", code_spans(duty));
    }
    if let Some(money) = words::cost(change) {
        text += &format!("- cost: {money}\n");
    }
    let reasons = words::reasons(change);
    for reason in reasons.iter().take(MOST_CAUSES) {
        let (because, of) = (reason.because(), reason.of());
        if let [cause] = reason.causes.as_slice() {
            text += &format!("- {because} {}{of}\n{}", code(&cause.to_string()), source(cause, sources));
            continue;
        }
        text += &format!("- {because}{of}\n");
        for cause in reason.causes.iter().take(MOST_CAUSES) {
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
    if all > MOST_CAUSES { format!("{indent}- … and {} more\n", all - MOST_CAUSES) } else { String::new() }
}

/// The most causes of one change that are named.
const MOST_CAUSES: usize = 10;

/// The places whose text was shown, where it is asked for.
type Sources = Option<BTreeSet<String>>;

/// How the text of a cause differs, as a block below an item of a list, where it was not shown yet.
fn source(cause: &Cause, sources: &mut Sources) -> String {
    let first = sources.as_mut().is_some_and(|shown| shown.insert(cause.place.clone()));
    let lines = if first { source_lines::lines(cause) } else { Vec::new() };
    if lines.is_empty() {
        return String::new();
    }
    let lines: String = lines.iter().map(|line| format!("  {} {}\n", line.sign, line.text)).collect();
    // A fence longer than any in the text.
    format!("\n  ``````diff\n{}  ``````\n", lines.replace("``````", "`````"))
}

fn portfolio(diff: &Diff) -> String {
    let lines = words::portfolio(diff);
    let mut text = String::new();
    if !lines.is_empty() {
        text +=
            &format!("\n<details><summary>portfolio: {}</summary>\n\n", count(lines.len(), "line", "lines"));
        let lines: Vec<String> = lines.iter().map(|line| format!("- {}\n", code_spans(line))).collect();
        fill(&mut text, &lines, PORTFOLIO, |more| format!("- and {more} more\n"));
        text += "\n</details>\n";
    }
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
            let room = text.chars().count() + PORTFOLIO / 2;
            fill(&mut text, &rows, room, |more| format!("| and {more} more | | | | | |\n"));
            text += "\n</details>\n";
        }
    }
    text
}

/// Anyone's words as code: nothing in them is Markdown.
fn code(words: &str) -> String {
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("`{}`", words.replace('`', "'").replace('|', "\\|"))
}

/// Anyone's words as code in HTML.
fn html_code(words: &str) -> String {
    format!("<code>{}</code>", escaped(words))
}

fn escaped(words: &str) -> String {
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Our words with anyone's names in back quotes: outside these nothing is Markdown.
fn code_spans(words: &str) -> String {
    let parts = words.split('`').enumerate().map(|(at, part)| match at % 2 {
        0 => plain(part),
        _ => code(part),
    });
    parts.collect()
}

/// Text in which nothing is Markdown.
fn plain(words: &str) -> String {
    let mut plain = String::new();
    for character in words.chars() {
        match character {
            '<' => plain.push_str("&lt;"),
            '@' => plain.push_str("&#64;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '`' => {
                plain.push('\\');
                plain.push(character);
            }
            control if control.is_control() => plain.push(' '),
            other => plain.push(other),
        }
    }
    plain
}
