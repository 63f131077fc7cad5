//! What tests reach, as a table for people and as lcov for viewers.

use std::collections::BTreeMap;

use super::columns::{self, Column};
use super::human::{Style, paint};
use super::test_run::place;
use crate::limits::shown;
use crate::model::words::count;
use crate::number::round_half_even;
use crate::source::{FileKind, Sources};
use crate::testing::coverage::{Coverage, Covered, Share};
use crate::testing::items::Kind;

/// The table, then what no test reaches.
pub fn table(sources: &Sources, coverage: &Coverage, style: Style) -> String {
    let row = |what: &str, share: Share| {
        let percent = format!("{}%", round_half_even(&share.percent(), 1));
        let percent = if share.all == 0 { "-".to_owned() } else { percent };
        vec![what.to_owned(), share.reached.to_string(), share.all.to_string(), percent]
    };
    let mut rows = vec![["coverage", "reached", "of", "share"].map(str::to_owned).to_vec()];
    rows.extend(Kind::ALL.into_iter().map(|kind| row(kind.plural(), coverage.of(kind))));
    rows.push(row("distinct decisions", coverage.decisions));
    rows.push(row("total", coverage.total()));
    let columns = [Column::Left, Column::Right, Column::Right, Column::Right];
    let mut lines = columns::lines(&columns, &rows, 0, style.width).into_iter();
    let mut text = lines.next().map(|line| paint(&line, "1", style) + "\n").unwrap_or_default();
    text.extend(lines.map(|line| line + "\n"));
    let unreached: Vec<&Covered> = coverage.unreached().collect();
    text += &list(sources, "no test reaches", &unreached, style);
    text += &missed(coverage, style);
    let unreachable: Vec<&Covered> = coverage.items.iter().filter(|one| !one.reachable()).collect();
    text + &list(sources, "no request can reach, so these are not counted", &unreachable, style)
}

fn list(sources: &Sources, title: &str, items: &[&Covered], style: Style) -> String {
    if items.is_empty() {
        return String::new();
    }
    let rows = items
        .iter()
        .take(shown::COVERAGE)
        .map(|one| vec![place(sources, one.item.place), one.item.what.clone()]);
    let rows: Vec<Vec<String>> = rows.collect();
    let mut text = format!("\n{}\n", paint(&format!("{title}:"), "1", style));
    for line in columns::lines(&[Column::Left, Column::Cut], &rows, 2, style.width) {
        text += &format!("{line}\n");
    }
    match items.len().saturating_sub(shown::COVERAGE) {
        0 => text,
        more => text + &format!("  … and {more} more; `--format json` has them all\n"),
    }
}

fn missed(coverage: &Coverage, style: Style) -> String {
    if coverage.missed.is_empty() {
        return String::new();
    }
    let all: usize = coverage.missed.iter().map(|(_, decisions)| decisions).sum();
    let title =
        format!("{} that no test reaches, first of:", count(all, "distinct decision", "distinct decisions"));
    let mut text = format!("\n{}\n", paint(&title, "1", style));
    let rows = coverage.missed.iter().take(shown::COVERAGE);
    let rows: Vec<Vec<String>> =
        rows.map(|(name, decisions)| vec![name.clone(), decisions.to_string()]).collect();
    for line in columns::lines(&[Column::Cut, Column::Right], &rows, 2, style.width) {
        text += &format!("{line}\n");
    }
    match coverage.missed.len().saturating_sub(shown::COVERAGE) {
        0 => text,
        more => text + &format!("  … and {}\n", count(more, "more use case", "more use cases")),
    }
}

/// lcov over the lines of policy files; `prefix` leads from where the viewer runs to the workspace.
///
/// A line with several things on it counts as often as the one that the fewest tests reach; what no request can
/// reach is left out, as in the table.
pub fn lcov(sources: &Sources, coverage: &Coverage, prefix: &str) -> String {
    let mut text = String::new();
    for (id, file) in sources.of_kind(FileKind::Policy) {
        let items = coverage.items.iter().filter(|one| one.item.place.file == id && one.reachable());
        let items: Vec<&Covered> = items.collect();
        // A file without anything to reach would only warn that it has no data.
        if items.is_empty() {
            continue;
        }
        let line = |one: &Covered| sources.line_column(one.item.place).0;
        let mut lines: BTreeMap<u32, usize> = BTreeMap::new();
        for one in &items {
            let tests = lines.entry(line(one)).or_insert(one.tests);
            *tests = one.tests.min(*tests);
        }
        let statements: Vec<&&Covered> = items.iter().filter(|one| is_statement(one.item.kind)).collect();
        text += &format!("TN:\nSF:{prefix}{}\n", one_line(&file.path));
        for one in &statements {
            text += &format!("FN:{},{}\n", line(one), one_line(&one.item.what));
        }
        for one in &statements {
            text += &format!("FNDA:{},{}\n", one.tests, one_line(&one.item.what));
        }
        let hit = statements.iter().filter(|one| one.tests > 0).count();
        text += &format!("FNF:{}\nFNH:{hit}\n", statements.len());
        for (line, tests) in &lines {
            text += &format!("DA:{line},{tests}\n");
        }
        let hit = lines.values().filter(|tests| **tests > 0).count();
        text += &format!("LF:{}\nLH:{hit}\nend_of_record\n", lines.len());
    }
    text
}

/// What has a name of its own: functions, in the words of lcov.
fn is_statement(kind: Kind) -> bool {
    matches!(kind, Kind::Rule | Kind::Failover | Kind::Budget | Kind::Guarantee)
}

/// Text without what would end a record or a field.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control() || c == ',', " ")
}
