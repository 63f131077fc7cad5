//! `outages` for people: the combinations ranked in a table, then what each does to every use case.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::columns::{self, Column};
use super::human::{Style, paint, thousands};
use super::pieces::Take;
use crate::limits::shown;
use crate::model::words::count;
use crate::number::{Rational, fixed_half_even, grouped, whole};
use crate::outages::{Combination, Hit, Report, Service, Serving};

/// The report as text, in pieces; `all`: every combination and every use case.
pub fn write(report: &Report, all: bool, style: Style, out: &mut Take) -> io::Result<()> {
    let shown = if all { usize::MAX } else { shown::OUTAGES };
    let mut text = head(report);
    let harmful: Vec<&Combination> = report.combinations.iter().filter(|one| !one.is_harmless()).collect();
    let shown: Vec<&Combination> = harmful.iter().copied().take(shown).collect();
    if !shown.is_empty() {
        text += &table(report, &shown, style);
    }
    let harmless = report.combinations.len() - harmful.len();
    match harmful.len() - shown.len() {
        0 => {}
        more => text += &format!("… and {more} more that change something; `--all` prints everything\n"),
    }
    match harmless {
        0 => {}
        1 => text += "1 combination changes no route: what it takes down only serves as failover\n",
        more => {
            text += &format!(
                "{more} combinations change no route: what they take down only serves as failover\n"
            );
        }
    }
    out(&text)?;
    for combination in shown {
        out(&format!("\n{}", block(report, combination, all, style)))?;
    }
    let unroutable: Vec<&str> =
        report.services.iter().filter(|s| s.targets.is_empty()).map(|service| service.use_case).collect();
    if unroutable.is_empty() {
        return Ok(());
    }
    out(&format!(
        "\n{} no model even with everything up: {}\n",
        if unroutable.len() == 1 {
            "1 use case has".to_owned()
        } else {
            format!("{} use cases have", unroutable.len())
        },
        crate::model::words::some(&unroutable, 5)
    ))
}

fn head(report: &Report) -> String {
    let together = match report.most_down {
        0 | 1 => "one at a time".to_owned(),
        most => format!("up to {most} down together"),
    };
    format!(
        "{} that serve{} {}, {together}: {}\n",
        count(report.failure_domains.len(), "failure domain", "failure domains"),
        if report.failure_domains.len() == 1 { "s" } else { "" },
        count(report.services.len(), "use case", "use cases"),
        count(report.combinations.len(), "combination", "combinations"),
    )
}

fn table(report: &Report, shown: &[&Combination], style: Style) -> String {
    let head = ["", "down", "stopped", "requests", "rerouted", "usd a month", "stops first"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (rank, combination) in (1..).zip(shown) {
        let first = report.first(combination);
        rows.push(vec![
            format!("{rank}"),
            combination.down.join(" + "),
            by_criticality(combination.stopped),
            dash(combination.requests_stopped, || thousands(combination.requests_stopped)),
            by_criticality(combination.rerouted),
            dash(combination.known as u64, || signed(&combination.extra_cost())),
            first.map_or_else(|| "-".to_owned(), |service| service.use_case.to_owned()),
        ]);
    }
    let columns =
        [Column::Right, Column::Cut, Column::Left, Column::Right, Column::Left, Column::Right, Column::Cut];
    let mut lines = columns::lines(&columns, &rows, 0, style.columns).into_iter();
    let head = lines.next().map(|line| paint(&line, "1", style)).unwrap_or_default();
    std::iter::once(head).chain(lines).map(|line| line + "\n").collect()
}

fn dash(n: u64, text: impl Fn() -> String) -> String {
    if n == 0 { "-".to_owned() } else { text() }
}

/// `3 (1 high)`.
fn by_criticality(counts: [usize; 3]) -> String {
    let all: usize = counts.iter().sum();
    match counts {
        [0, ..] => dash(all as u64, || all.to_string()),
        [high, ..] => format!("{all} ({high} high)"),
    }
}

/// US dollars with a sign.
fn signed(amount: &Rational) -> String {
    let text = grouped(&fixed_half_even(amount, 2));
    if *amount > whole(0) { format!("+{text}") } else { text }
}

fn block(report: &Report, combination: &Combination, all: bool, style: Style) -> String {
    let shown = if all { usize::MAX } else { shown::OUTAGE_USE_CASES };
    let mut text = heading(combination, style);
    let hits = report.hits(combination);
    if !all && !hits.iter().any(|hit| hit.together) {
        return text + "  nothing more than with fewer of them down\n";
    }
    let services = hits.iter().filter_map(|hit| Some((hit, report.services.get(hit.service)?)));
    let several = combination.down.len() > 1;
    let rows: Vec<Vec<String>> =
        services.take(shown).map(|(hit, service)| row(hit, service, several)).collect();
    let columns =
        [Column::Cut, Column::Left, Column::Cut, Column::Right, Column::Right, Column::Left, Column::Cut];
    for line in columns::lines(&columns, &rows, 2, style.columns) {
        text += &format!("{line}\n");
    }
    match hits.len().saturating_sub(shown) {
        0 => text,
        more => text + &format!("  … and {more} more; `--all` prints them\n"),
    }
}

/// What is down, on as many lines as that takes.
fn heading(combination: &Combination, style: Style) -> String {
    let mut lines = vec![String::new()];
    let last = combination.down.len().saturating_sub(1);
    for (at, name) in combination.down.iter().enumerate() {
        let part = format!("{name}{}", if at == last { " down" } else { " + " });
        match lines.last_mut() {
            Some(line) if line.is_empty() || line.width() + part.width() <= style.width => *line += &part,
            _ => lines.push(part),
        }
    }
    lines.iter().map(|line| paint(line.trim_end(), "1", style) + "\n").collect()
}

fn row(hit: &Hit, service: &Service, several: bool) -> Vec<String> {
    let normal = service.targets.first();
    let route = hit.route.and_then(|position| service.targets.get(position));
    let criticality = service.criticality.name();
    let together = if several && hit.together { "together" } else { "" };
    let (to, times, cost) = match route {
        None => (format!("stops: {}", service.then), String::new(), String::new()),
        Some(target) => {
            let cost = extra(service, hit).map_or_else(|| "-".to_owned(), |extra| signed(&extra));
            let to = format!("{}{}", target.model, actions(target));
            (to, format!("{}x", target.cost_multiplier), cost)
        }
    };
    vec![
        service.use_case.to_owned(),
        criticality.to_owned(),
        to,
        times,
        cost,
        together.to_owned(),
        normal.map(|target| format!("was {}", target.model)).unwrap_or_default(),
    ]
}

fn actions(target: &Serving) -> String {
    if target.actions.is_empty() { String::new() } else { format!(" ({})", target.actions.join(", ")) }
}

fn extra(service: &Service, hit: &Hit) -> Option<Rational> {
    let (normal, down) = service.costs(hit.route)?;
    Some(down - normal)
}
