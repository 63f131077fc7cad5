//! YAML documents into an [`Estate`]: schema first, then values.

use super::{Drill, Estate, ExpectedMonthly, UseCase};
use crate::diag::{Finding, code, day};
use crate::registry::Date;
use crate::registry::read::{days, decimal, percent, text, texts, whole};
use crate::source::Spanned;
use crate::yaml::schema::{Schema, validate};
use crate::yaml::{Kind, Value};

/// Reads all estate documents as one.
pub fn read(documents: &[Value]) -> (Estate, Vec<Finding>) {
    let (mut estate, mut findings) = (Estate::default(), Vec::new());
    for document in documents {
        let broken = validate(Schema::Estate, document);
        if broken.is_empty() {
            let entries = document.get("use_cases").map(Value::items).unwrap_or_default();
            findings.extend(entries.iter().filter_map(too_much_cached));
            estate.use_cases.extend(entries.iter().filter_map(use_case));
            for entry in document.get("drills").map(Value::items).unwrap_or_default() {
                match drill(entry) {
                    Ok(drill) => estate.drills.push(drill),
                    Err(finding) => findings.push(*finding),
                }
            }
        }
        findings.extend(broken);
    }
    (estate, findings)
}

fn use_case(value: &Value) -> Option<UseCase> {
    let word =
        |key: &str, default: &str| text(value, key).map_or_else(|| default.to_owned(), |word| word.value);
    let sources = value.get("data_sources").map(Value::items).unwrap_or_default();
    let flag = value.get("regulated_output").is_some_and(|flag| flag.kind == Kind::Bool(true));
    Some(UseCase {
        span: value.span,
        name: text(value, "name")?,
        description: text(value, "description").map(|text| text.value),
        owner: text(value, "owner")?,
        endpoint_tag: text(value, "endpoint_tag"),
        business_unit: text(value, "business_unit"),
        team: text(value, "team"),
        project: text(value, "project"),
        application: text(value, "application"),
        data_classification: text(value, "data_classification")?,
        data: texts(value.get("data")),
        data_sources: sources.iter().filter_map(|source| text(source, "name")).collect(),
        compliance: texts(value.get("compliance")),
        regulations: texts(value.get("regulations")),
        residency: texts(value.get("residency")),
        retention_max: days(value, "retention_max"),
        regulated_output: flag,
        risk: text(value, "risk"),
        criticality: word("criticality", "normal"),
        workload: word("workload", "interactive"),
        capabilities: texts(value.get("capabilities")),
        min_context: whole(value, "min_context"),
        latency_sla_ms: decimal(value, "latency_sla_ms"),
        availability_target: percent(value, "availability_target"),
        expected_monthly: value.get("expected_monthly").map(expected),
        long_prompts: percent(value, "long_prompts"),
        peak_requests_per_minute: whole(value, "peak_requests_per_minute"),
        budget_estimate_usd_per_month: decimal(value, "budget_estimate_usd_per_month"),
    })
}

/// A drill, whose document keeps the schema.
fn drill(value: &Value) -> Result<Drill, Box<Finding>> {
    let text = |key| text(value, key).unwrap_or_else(|| Spanned::new(String::new(), value.span));
    let (date, down) = (text("date"), texts(value.get("down")));
    let refused = |span, message: String, help: &str| {
        Err(Box::new(Finding::error(code::SCHEMA, span, message).help(help)))
    };
    if down.is_empty() {
        let span = value.get("down").map_or(value.span, |down| down.span);
        let help = "name the providers, failure domains or models that were taken down";
        return refused(span, "a drill takes something down, and `down` is empty".to_owned(), help);
    }
    let Ok(day) = date.value.parse::<Date>() else {
        let message = format!("`date`: there is no day `{}`", date.value);
        return refused(date.span, message, &day::no_day(&date.value));
    };
    Ok(Drill {
        span: value.span,
        use_case: text("use_case"),
        date: Spanned::new(day, date.span),
        down,
        passed: text("result").value == "passed",
        answered_by: value.get("answered_by").map(|_| text("answered_by")),
        resolution_ms: decimal(value, "resolution_ms"),
    })
}

/// More input from a cache than there is input.
fn too_much_cached(value: &Value) -> Option<Finding> {
    let expected = value.get("expected_monthly")?;
    let (cached, input) = (whole(expected, "cached_input_tokens")?, whole(expected, "input_tokens")?);
    let message = format!("`cached_input_tokens` is {}, and `input_tokens` {}", cached.value, input.value);
    (cached.value > input.value).then(|| {
        Finding::error(code::SCHEMA, cached.span, message)
            .label("more than all input")
            .related(input.span, "the input of a month")
            .help("cached input is a part of the input: write at most as much")
    })
}

fn expected(value: &Value) -> Spanned<ExpectedMonthly> {
    let number = |key| whole(value, key).map(|number| number.value);
    let expected = ExpectedMonthly {
        requests: number("requests"),
        input_tokens: number("input_tokens"),
        output_tokens: number("output_tokens"),
        cached_input_tokens: number("cached_input_tokens").unwrap_or(0),
    };
    Spanned::new(expected, value.span)
}
