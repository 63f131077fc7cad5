//! `usage` for programs.

use serde::Serialize;

use super::json::to_text;
use super::usage::{All, UNRECONCILED};
use crate::event::money::exact;
use crate::model::Period;
use crate::usage::budgets::BudgetRow;
use crate::usage::report::Row;

#[derive(Serialize)]
struct Document<'a> {
    month: &'a str,
    month_is_over: bool,
    by: &'static str,
    total: Amounts,
    rows: Vec<Line<'a>>,
    budgets: Vec<Budget<'a>>,
    unknown: Vec<Unknown<'a>>,
    reconciliation: Vec<Reconciled<'a>>,
    suggestions: Vec<Suggested<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Line<'a> {
    value: Option<&'a str>,
    #[serde(flatten)]
    amounts: Amounts,
    found: Vec<&'static str>,
}

#[derive(Serialize)]
struct Amounts {
    usd: String,
    forecast_usd: Option<String>,
    before_usd: Option<String>,
}

#[derive(Serialize)]
struct Budget<'a> {
    name: &'a str,
    period: &'static str,
    limit_usd: String,
    usd: String,
    over: bool,
    per: Option<&'static str>,
    values: Vec<Each<'a>>,
    untold_usd: String,
}

#[derive(Serialize)]
struct Each<'a> {
    value: Option<&'a str>,
    usd: String,
    over: bool,
}

fn budget(row: &BudgetRow) -> Budget<'_> {
    let each = row.each.as_ref();
    let values = each.into_iter().flat_map(|each| each.values.iter());
    Budget {
        name: &row.name,
        period: match row.period {
            Period::Quarter => "quarter",
            Period::Year => "year",
            Period::Day | Period::Week | Period::Month => "month",
        },
        limit_usd: exact(row.limit),
        usd: exact(row.actual),
        over: !row.over().is_empty(),
        per: each.map(|each| each.dimension),
        values: values
            .map(|(value, usd)| Each { value: value.as_deref(), usd: exact(*usd), over: *usd > row.limit })
            .collect(),
        untold_usd: exact(each.map(|each| each.untold).unwrap_or_default()),
    }
}

#[derive(Serialize)]
struct Unknown<'a> {
    code: &'static str,
    name: Option<&'a str>,
    usd: String,
}

#[derive(Serialize)]
struct Reconciled<'a> {
    month: &'a str,
    provider: Option<&'a str>,
    logs_usd: String,
    bill_usd: String,
    found: Vec<&'static str>,
}

#[derive(Serialize)]
struct Suggested<'a> {
    use_case: &'a str,
    file: &'a str,
    line: u32,
    expected_monthly: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    long_prompts: Option<&'a str>,
}

#[derive(Serialize)]
struct Summary {
    findings: usize,
    undated: u64,
    passed_over: u64,
    unpriced: u64,
    priced: u64,
    priced_usd: String,
    guessed: u64,
    in_costs: u64,
    not_billed: u64,
    repeated: u64,
    other_services: u64,
    other_services_usd: String,
}

fn line(row: &Row) -> Line<'_> {
    Line {
        value: row.value.as_deref(),
        amounts: amounts(row),
        found: row.found.iter().map(|found| found.code()).collect(),
    }
}

fn amounts(row: &Row) -> Amounts {
    Amounts {
        usd: exact(row.actual),
        forecast_usd: row.forecast.map(exact),
        before_usd: row.before.map(exact),
    }
}

/// A month as JSON.
pub fn json(all: &All<'_>) -> String {
    let All { asked, report, ledger, pairs, suggestions, sources, .. } = all;
    let unknown = report.unknown.iter().map(|(found, name, usd)| Unknown {
        code: found.code(),
        name: Some(name.as_str()).filter(|name| !name.is_empty()),
        usd: exact(*usd),
    });
    let reconciliation = pairs.iter().map(|pair| Reconciled {
        month: &pair.month,
        provider: pair.provider.as_deref(),
        logs_usd: exact(pair.gateway),
        bill_usd: exact(pair.bill),
        found: pair.is_off.then_some(UNRECONCILED).into_iter().collect(),
    });
    let suggestions = suggestions.iter().map(|one| Suggested {
        use_case: &one.use_case,
        file: sources.path(one.span.file),
        line: sources.line_column(one.span).0,
        expected_monthly: &one.yaml,
        long_prompts: one.long_prompts.as_deref(),
    });
    let made = ledger.made(asked.month);
    let document = Document {
        month: asked.month,
        month_is_over: asked.is_over,
        by: asked.by.name(),
        total: amounts(&report.total),
        rows: report.rows.iter().map(line).collect(),
        budgets: report.budgets.iter().map(budget).collect(),
        unknown: unknown.collect(),
        reconciliation: reconciliation.collect(),
        suggestions: suggestions.collect(),
        summary: Summary {
            findings: all.findings(),
            undated: ledger.undated,
            passed_over: ledger.passed,
            unpriced: made.unpriced,
            priced: made.priced,
            priced_usd: exact(made.priced_usd),
            guessed: made.guessed,
            in_costs: made.in_costs,
            not_billed: made.not_billed,
            repeated: made.repeated,
            other_services: made.others,
            other_services_usd: exact(made.others_usd),
        },
    };
    // Every key is text, and nothing else could keep a report from being JSON.
    to_text(&document)
}
