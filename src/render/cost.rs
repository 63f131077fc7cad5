//! `cost` for people, as CSV, as JSON, and in the columns of FOCUS.

use serde::Serialize;
use serde_json::json;

use super::columns::{self, Column};
use super::json::to_text;
use crate::cost::forecast::{By, Forecast, Row};
use crate::model::Date;
use crate::model::words::some_plain;
use crate::number::{self, Rational, dollars, fixed_half_even, round_half_even, whole};
use crate::source::visible;

/// What a use case has that states no value, or that nothing serves.
const NOBODY: &str = "(none)";

fn grouped(amount: &Rational) -> String {
    number::grouped(&dollars(amount))
}

/// US dollars to a billionth, and to cents where that is all: what programs add up is the total.
fn exact(amount: &Rational) -> String {
    let text = round_half_even(amount, 9);
    match text.split_once('.') {
        None => text + ".00",
        Some((_, fraction)) if fraction.len() < 2 => text + "0",
        Some(_) => text,
    }
}

/// A table by the values of a dimension, the dearest first, and one by failure domain.
pub fn human(forecast: &Forecast, by: By, width: usize) -> String {
    let total = forecast.total();
    let mut rows = forecast.rows(by);
    rows.sort_by(|a, b| b.baseline.cmp(&a.baseline).then_with(|| a.value.cmp(&b.value)));
    let mut text = format!(
        "{} usd a month are expected, {} if every use case ran on its most expensive target\n\n",
        grouped(&total.baseline),
        grouped(&total.dearest)
    );
    let head = [by.name(), "usd a month", "share", "worst outage", "usd then", "dearest"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| by_value(forecast, row, &total)));
    let columns = [Column::Cut, Column::Right, Column::Right, Column::Cut, Column::Right, Column::Right];
    text += &(columns::lines(&columns, &lines, 0, width).join("\n") + "\n");
    text += &outages(forecast, &total, width);
    text + &notes(forecast)
}

fn by_value(forecast: &Forecast, row: &Row, total: &Row) -> Vec<String> {
    let share = if total.baseline > whole(0) {
        fixed_half_even(&(&row.baseline * whole(100) / &total.baseline), 1) + "%"
    } else {
        "-".to_owned()
    };
    let (domain, then) = match row.worst_outage() {
        Some((at, spent)) => (forecast.failure_domains.get(at).cloned().unwrap_or_default(), grouped(spent)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    let value = row.value.as_deref().unwrap_or(NOBODY).to_owned();
    vec![value, grouped(&row.baseline), share, domain, then, grouped(&row.dearest)]
}

fn outages(forecast: &Forecast, total: &Row, width: usize) -> String {
    if forecast.failure_domains.is_empty() {
        return String::new();
    }
    let head = ["with this down", "usd a month", "", "use cases that stop"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for ((domain, spent), stopped) in forecast.failure_domains.iter().zip(&total.down).zip(&total.stopped) {
        let by = spent - &total.baseline;
        let sign = if by > whole(0) { "+" } else { "" };
        let stopped = if *stopped == 0 { "-".to_owned() } else { stopped.to_string() };
        lines.push(vec![
            domain.clone(),
            grouped(spent),
            format!("{sign}{}", number::grouped(&dollars(&by))),
            stopped,
        ]);
    }
    let columns = [Column::Cut, Column::Right, Column::Right, Column::Right];
    format!("\n{}\n", columns::lines(&columns, &lines, 0, width).join("\n"))
}

/// What is not counted.
fn notes(forecast: &Forecast) -> String {
    let unstated: Vec<String> = forecast
        .lines
        .iter()
        .filter(|line| line.tokens.is_none())
        .map(|line| line.use_case.clone())
        .collect();
    match unstated.len() {
        0 => String::new(),
        1 => format!(
            "\n1 use case states no tokens, so nothing of it is counted: {}\n",
            some_plain(&unstated, 6)
        ),
        count => format!(
            "\n{count} use cases state no tokens, so nothing of theirs is counted: {}\n",
            some_plain(&unstated, 6)
        ),
    }
}

/// A row for each value and scenario.
pub fn csv(forecast: &Forecast, by: By) -> String {
    let mut text = "dimension,value,scenario,usd_per_month\n".to_owned();
    for row in forecast.rows(by) {
        let value = row.value.as_deref().unwrap_or_default();
        let mut line = |scenario: &str, spent: &Rational| {
            text += &format!("{},{},{},{}\n", by.name(), cell(value), cell(scenario), exact(spent));
        };
        line("baseline", &row.baseline);
        line("dearest", &row.dearest);
        for (domain, spent) in forecast.failure_domains.iter().zip(&row.down) {
            line(&format!("down:{domain}"), spent);
        }
    }
    text
}

/// A cell of CSV: quoted where it has to be, and never what a spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let text = visible::inline(text);
    let is_formula = text.starts_with(['=', '+', '-', '@']);
    if is_formula || text.contains([',', '"', '\n']) {
        let guard = if is_formula { "'" } else { "" };
        return format!("\"{guard}{}\"", text.replace('"', "\"\""));
    }
    text.into_owned()
}

#[derive(Serialize)]
struct Document<'f> {
    as_of: String,
    by: &'static str,
    groups: Vec<Group<'f>>,
    total: Group<'f>,
    without_tokens: Vec<&'f str>,
    undecided: &'f [String],
}

#[derive(Serialize)]
struct Group<'f> {
    value: Option<String>,
    baseline: String,
    dearest: String,
    down: Vec<Down<'f>>,
}

#[derive(Serialize)]
struct Down<'f> {
    failure_domain: &'f str,
    usd: String,
    stopped: usize,
}

fn group(forecast: &Forecast, row: Row) -> Group<'_> {
    let domains = forecast.failure_domains.iter().zip(&row.down).zip(&row.stopped);
    let down = domains.map(|((domain, spent), stopped)| Down {
        failure_domain: domain,
        usd: exact(spent),
        stopped: *stopped,
    });
    Group {
        down: down.collect(),
        baseline: exact(&row.baseline),
        dearest: exact(&row.dearest),
        value: row.value,
    }
}

/// Everything, US dollars a month.
pub fn json(forecast: &Forecast, by: By, as_of: Date) -> String {
    let unstated = forecast.lines.iter().filter(|line| line.tokens.is_none());
    let document = Document {
        as_of: as_of.to_string(),
        by: by.name(),
        groups: forecast.rows(by).into_iter().map(|row| group(forecast, row)).collect(),
        total: group(forecast, forecast.total()),
        without_tokens: unstated.map(|line| line.use_case.as_str()).collect(),
        undecided: &forecast.undecided,
    };
    // Every key is text, and nothing else could keep a report from being JSON.
    to_text(&document)
}

/// The columns of FOCUS that a forecast can fill.
const FOCUS: &str = "BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,\
                     ChargeDescription,ServiceProviderName,ServiceCategory,ServiceName,SkuId,ConsumedQuantity,\
                     ConsumedUnit,EffectiveCost,BilledCost,BillingCurrency,Tags\n";

/// A charge for each use case on its primary, over the month of a day, in the columns of FOCUS 1.3.
pub fn focus(forecast: &Forecast, as_of: Date) -> String {
    let first = as_of.first_of_month();
    let next = as_of.last_of_month().tomorrow().unwrap_or(as_of);
    let period = format!("{first}T00:00:00Z,{next}T00:00:00Z");
    let mut text = FOCUS.to_owned();
    for line in &forecast.lines {
        let (Some(serving), Some((input, output))) = (line.targets.first(), line.tokens) else { continue };
        let mut tags = serde_json::Map::new();
        tags.insert("use_case".to_owned(), json!(line.use_case));
        tags.extend(line.stated.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        let cells = [
            "Usage".to_owned(),
            cell(&format!("forecast of {}", line.use_case)),
            cell(&serving.provider),
            "AI and Machine Learning".to_owned(),
            cell(&serving.model),
            cell(&serving.model),
            input.saturating_add(output).to_string(),
            "Tokens".to_owned(),
            exact(&serving.usd),
            "0.00".to_owned(),
            "USD".to_owned(),
            format!("\"{}\"", serde_json::Value::Object(tags).to_string().replace('"', "\"\"")),
        ];
        text += &format!("{period},{period},{}\n", cells.join(","));
    }
    text
}
