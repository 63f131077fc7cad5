//! `cost` for people, as CSV, as JSON, and in the columns of FOCUS.

use std::io;

use serde::Serialize;
use serde_json::json;

use super::columns::{self, Column};
use super::pieces::{Json, Take};
use crate::cost::forecast::{By, Forecast, Row, Scenario};
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
    for (at, domain) in forecast.failure_domains.iter().enumerate() {
        let (spent, stopped) = total.down(at);
        let by = spent - &total.baseline;
        let sign = if by > whole(0) { "+" } else { "" };
        let stopped = if stopped == 0 { "-".to_owned() } else { stopped.to_string() };
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
        .map(|line| line.use_case.to_owned())
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

/// A row for each value and scenario, in pieces.
pub fn csv(forecast: &Forecast, by: By, out: &mut Take) -> io::Result<()> {
    out("dimension,value,scenario,usd_per_month\n")?;
    let scenarios = forecast.failure_domains.iter().map(|domain| cell(&format!("down:{domain}")));
    let scenarios: Vec<String> = scenarios.collect();
    for row in forecast.rows(by) {
        let head = format!("{},{}", by.name(), cell(row.value.as_deref().unwrap_or_default()));
        let baseline = exact(&row.baseline);
        let mut text = format!("{head},baseline,{baseline}\n{head},dearest,{}\n", exact(&row.dearest));
        for (at, scenario) in scenarios.iter().enumerate() {
            let (spent, _) = row.down(at);
            let own = (*spent != row.baseline).then(|| exact(spent));
            let spent = own.as_deref().unwrap_or(&baseline);
            for part in [&head, ",", scenario, ",", spent, "\n"] {
                text += part;
            }
        }
        out(&text)?;
    }
    Ok(())
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
struct Down<'f> {
    failure_domain: &'f str,
    usd: &'f str,
    stopped: usize,
}

/// The sums with one failure domain down as they were written last: of most use cases the same.
#[derive(Default)]
struct Written {
    usd: String,
    stopped: usize,
    text: String,
}

/// Everything, US dollars a month, in pieces.
pub fn json(forecast: &Forecast, by: By, as_of: Date, out: &mut Take) -> io::Result<()> {
    let mut json = Json::new(out);
    json.object()?;
    json.field("as_of", &as_of.to_string())?;
    json.field("by", &by.name())?;
    json.list_of("groups")?;
    let mut written = forecast.failure_domains.iter().map(|_| Written::default()).collect::<Vec<_>>();
    forecast.rows(by).iter().try_for_each(|row| group(&mut json, &mut written, forecast, row))?;
    json.end()?;
    json.key("total")?;
    written.fill_with(Written::default);
    group(&mut json, &mut written, forecast, &forecast.total())?;
    let unstated = forecast.lines.iter().filter(|line| line.tokens.is_none());
    json.field("without_tokens", &unstated.map(|line| line.use_case).collect::<Vec<&str>>())?;
    json.field("undecided", &forecast.undecided)?;
    json.end()
}

fn group(json: &mut Json, written: &mut [Written], forecast: &Forecast, row: &Row) -> io::Result<()> {
    let baseline = exact(&row.baseline);
    json.object()?;
    json.field("value", &row.value)?;
    json.field("baseline", &baseline)?;
    json.field("dearest", &exact(&row.dearest))?;
    json.list_of("down")?;
    for (at, (failure_domain, written)) in forecast.failure_domains.iter().zip(written).enumerate() {
        let (spent, stopped) = row.down(at);
        let own = (*spent != row.baseline).then(|| exact(spent));
        let usd = own.as_deref().unwrap_or(&baseline);
        if written.text.is_empty() || written.usd != usd || written.stopped != stopped {
            let text = json.made(&Down { failure_domain, usd, stopped });
            *written = Written { usd: usd.to_owned(), stopped, text };
        }
        json.text(&written.text)?;
    }
    json.end()?;
    json.end()
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
        let serving = forecast.serving(line, Scenario::Baseline);
        let (Some(serving), Some((input, output))) = (serving, line.tokens) else { continue };
        let mut tags = serde_json::Map::new();
        tags.insert("use_case".to_owned(), json!(line.use_case));
        tags.extend(line.stated.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        let cells = [
            "Usage".to_owned(),
            cell(&format!("forecast of {}", line.use_case)),
            cell(serving.provider),
            "AI and Machine Learning".to_owned(),
            cell(serving.model),
            cell(serving.model),
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
