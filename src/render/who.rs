//! `who` for people and for programs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::columns::{self, Column};
use super::json::to_text;
use crate::limits::shown;
use crate::model::Date;
use crate::model::words::{count, some};
use crate::who::posture::{Held, Posture};
use crate::who::{Answer, Goes, Question};
use crate::work;

fn words(goes: &Goes) -> String {
    match goes {
        Goes::To(id) => id.clone(),
        Goes::Terminal(kind) => format!("stops: {kind}"),
    }
}

/// Who depends on it, the most critical first.
pub fn human(question: &Question, answer: &Answer, width: usize) -> String {
    let of = question.of().map(|of| format!(" of `{of}`")).unwrap_or_default();
    let (name, models) = (question.name(), some(&answer.models, shown::WHO_MODELS));
    let mut text = match question {
        Question::Certification(..) => format!("certification `{name}`{of} is held by {models}\n"),
        Question::Agreement(_) => format!("the agreement of `{name}` covers {models}\n"),
        Question::Region(_) => format!("processed in `{name}`: {models}\n"),
        Question::Jurisdiction(_) => format!("established in `{name}`: {models}\n"),
        Question::Provider(_) | Question::FailureDomain(_) | Question::Model(_) => {
            format!("{} `{name}`: {models}\n", question.kind().replace('-', " "))
        }
    };
    if !answer.retired.is_empty() {
        let are = if answer.retired.len() == 1 { "is" } else { "are" };
        text += &format!("{} {are} retired\n", some(&answer.retired, shown::WHO_MODELS));
    }
    if answer.rests.is_empty() {
        return text + "nobody depends on it\n";
    }
    text += &format!("{} on it\n\n", count(answer.rests.len(), "use case depends", "use cases depend"));
    let head = ["use case", "criticality", "part", "without it", "owner"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(answer.rests.iter().map(|rest| {
        let without = if rest.now == rest.without { "as now".to_owned() } else { words(&rest.without) };
        vec![
            rest.use_case.clone(),
            rest.criticality.name().to_owned(),
            rest.part.name().to_owned(),
            without,
            rest.owner.clone(),
        ]
    }));
    let columns = [Column::Cut, Column::Left, Column::Left, Column::Cut, Column::Cut];
    text + &columns::lines(&columns, &rows, 0, width).join("\n") + "\n"
}

/// The posture matrix: a row for each model, a column for each certification.
pub fn matrix(all: &[Posture], width: usize) -> String {
    let held = all.iter().filter_map(|one| one.compliance.as_ref()).flatten().map(|(name, _)| name);
    let mut names: Vec<&String> = held.chain(all.iter().flat_map(|one| &one.expired)).collect();
    names.sort();
    names.dedup();
    let mut head = vec!["model".to_owned(), "agreement".to_owned()];
    head.extend(names.iter().map(|name| (*name).clone()));
    head.push("retires".to_owned());
    let mut rows = vec![head];
    for one in all {
        let agreement = match (&one.agreement_held, one.agreement) {
            (Some(held), _) => left(held),
            (None, other) => other.unwrap_or("?").to_owned(),
        };
        let mut row = vec![one.model.clone(), agreement];
        let held = one.compliance.iter().flatten().map(|(name, held)| (name.as_str(), held));
        let held: BTreeMap<&str, &Held> = held.collect();
        let expired: BTreeSet<&str> = one.expired.iter().map(String::as_str).collect();
        row.extend(names.iter().map(|name| {
            work::step();
            match held.get(name.as_str()) {
                Some(held) => left(held),
                None if expired.contains(name.as_str()) => "expired".to_owned(),
                None if one.compliance.is_none() => "?".to_owned(),
                None => "-".to_owned(),
            }
        }));
        row.push(one.retires.as_ref().map_or("-".to_owned(), left));
        rows.push(row);
    }
    let mut columns = vec![Column::Left; names.len() + 3];
    if let Some(first) = columns.first_mut() {
        *first = Column::Cut;
    }
    columns::lines(&columns, &rows, 0, width).join("\n")
        + "\n\nyes: held without an end; 30 d: 30 days left; ?: the registry does not say\n"
}

fn left(held: &Held) -> String {
    held.days_left.map_or("yes".to_owned(), |days| format!("{days} d"))
}

#[derive(Serialize)]
struct Document<'a> {
    as_of: String,
    kind: &'static str,
    name: &'a str,
    of: Option<&'a str>,
    models: &'a [String],
    retired: &'a [String],
    use_cases: Vec<One<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    use_case: &'a str,
    owner: &'a str,
    criticality: &'static str,
    part: &'static str,
    route: Route<'a>,
    without: Route<'a>,
}

#[derive(Serialize)]
struct Route<'a> {
    model: Option<&'a str>,
    terminal: Option<&'static str>,
}

fn route(goes: &Goes) -> Route<'_> {
    match goes {
        Goes::To(id) => Route { model: Some(id), terminal: None },
        Goes::Terminal(kind) => Route { model: None, terminal: Some(kind) },
    }
}

/// The answer for programs.
pub fn json(question: &Question, answer: &Answer, as_of: Date) -> String {
    let use_cases = answer.rests.iter().map(|rest| One {
        use_case: &rest.use_case,
        owner: &rest.owner,
        criticality: rest.criticality.name(),
        part: rest.part.name(),
        route: route(&rest.now),
        without: route(&rest.without),
    });
    let document = Document {
        as_of: as_of.to_string(),
        kind: question.kind(),
        name: question.name(),
        of: question.of(),
        models: &answer.models,
        retired: &answer.retired,
        use_cases: use_cases.collect(),
    };
    // Every key is text, and nothing else could keep a report from being JSON.
    to_text(&document)
}

#[derive(Serialize)]
struct Matrix<'a> {
    as_of: String,
    models: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    model: &'a str,
    agreement: Option<&'static str>,
    agreement_until: Option<String>,
    agreement_days_left: Option<i64>,
    compliance: Option<Vec<Certification<'a>>>,
    expired: &'a [String],
    retires: Option<String>,
    retires_days_left: Option<i64>,
}

#[derive(Serialize)]
struct Certification<'a> {
    name: &'a str,
    until: Option<String>,
    days_left: Option<i64>,
}

fn day(held: Option<&Held>) -> Option<String> {
    held.and_then(|held| held.until).map(|day| day.to_string())
}

/// The posture matrix for programs.
pub fn matrix_json(all: &[Posture], as_of: Date) -> String {
    let rows = all.iter().map(|one| Row {
        model: &one.model,
        agreement: one.agreement,
        agreement_until: day(one.agreement_held.as_ref()),
        agreement_days_left: one.agreement_held.as_ref().and_then(|held| held.days_left),
        compliance: one.compliance.as_ref().map(|held| {
            held.iter()
                .map(|(name, held)| Certification { name, until: day(Some(held)), days_left: held.days_left })
                .collect()
        }),
        expired: &one.expired,
        retires: day(one.retires.as_ref()),
        retires_days_left: one.retires.as_ref().and_then(|held| held.days_left),
    });
    let document = Matrix { as_of: as_of.to_string(), models: rows.collect() };
    to_text(&document)
}
