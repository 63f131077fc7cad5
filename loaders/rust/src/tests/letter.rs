//! Lookups against docs/table.md, read aloud as slow code.

use proptest::prelude::*;
use serde_json::json;

use super::{EXAMPLE, example, load, sealed};
use crate::format::Table;
use crate::{DecisionTable, Request};

/// A table of one use case with all kinds of axes, each cell a decision of its own.
fn grid(levels: usize, cuts: &[&str], facts: &[(&str, usize, usize)]) -> DecisionTable {
    let mut table = example();
    table["facts"] = json!({});
    let all = ["public", "internal", "confidential", "restricted"];
    let mut axes = Vec::new();
    let mut size = levels * (cuts.len() + 1);
    if levels > 1 {
        axes.push(json!({"fact": "classification", "values": all[4 - levels..]}));
    }
    if !cuts.is_empty() {
        axes.push(json!({"fact": "budget.remaining", "cuts": cuts}));
    }
    for (name, count, default) in facts {
        let values: Vec<String> = (0..*count).map(|value| format!("v{value}")).collect();
        table["facts"][*name] = json!({"values": values, "default": format!("v{default}")});
        if *count > 1 {
            axes.push(json!({"fact": name, "values": values}));
            size *= count;
        }
    }
    let rule = |cell: usize| json!({"primary": null, "paths": [], "rules": cell, "budgets": [], "quotas": [], "audit": null});
    table["decisions"] = (0..size).map(rule).collect();
    table["rule_sets"] = (0..size).map(|cell| json!([format!("r{cell}")])).collect();
    table["reasons"] = json!({});
    for cell in 0..size {
        table["reasons"][format!("rule r{cell}")] = json!(null);
    }
    for empty in ["models", "failovers", "target_lists", "audits"] {
        table[empty] = json!([]);
    }
    table["grids"] = json!([axes]);
    table["use_cases"] = json!([{"name": "u", "endpoint_tag": null, "classification": all[4 - levels], "axes": 0,
        "cells": (0..size).collect::<Vec<_>>(), "tags": {}}]);
    load(&sealed(table)).expect("it loads")
}

/// docs/table.md read aloud: a position on each axis, mixed radix, the first axis most significant.
fn by_the_letter(table: &Table, request: &Request) -> Option<usize> {
    let use_case = table.use_cases.iter().find(|known| known.name == request.use_case)?;
    let level = |name: &str| table.classifications.iter().position(|known| known == name);
    let own = level(&use_case.classification)?;
    let asked = request.classification.map_or(Some(own), level)?.max(own);
    let mut cell = 0;
    for axis in table.axes(use_case) {
        let (position, size) = match (&axis.cuts, axis.fact.as_str()) {
            (Some(cuts), _) => {
                let left: f64 =
                    request.budget_remaining.map_or(100.0, |text| text.parse().expect("a number"));
                let bound = |text: &str| text.trim_matches(['<', '=', '%']).parse::<f64>().expect("a number");
                let holds = |cut: &String| left < bound(cut) || (cut.starts_with("<=") && left <= bound(cut));
                (cuts.iter().position(holds).unwrap_or(cuts.len()), cuts.len() + 1)
            }
            (None, "classification") => (asked - own, table.classifications.len() - own),
            (None, fact) => {
                let declared = &table.facts[fact];
                let stated = request.facts.iter().find(|(name, _)| *name == fact);
                let value = stated.map_or(declared.default.as_str(), |(_, value)| value);
                (declared.values.iter().position(|known| known == value)?, declared.values.len())
            }
        };
        cell = cell * size + position;
    }
    Some(cell)
}

proptest! {
    #[test]
    fn a_lookup_is_what_the_letter_says(
        levels in 1usize..=4,
        cuts in prop::sample::subsequence(vec!["<=0%", "<20%", "<=20%", "<20.5%", "<99%"], 0..=5),
        sizes in prop::collection::vec((1usize..4, any::<prop::sample::Index>()), 0..4),
        asked in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 4),
        level in prop::option::of(prop::sample::select(vec!["public", "internal", "confidential", "restricted"])),
        budget in prop::option::of(prop::sample::select(vec!["0", "0.5", "19.9", "20", "20.0", "20.4", "20.5", "98.99", "99", "100"])),
    ) {
        let names = ["a", "bb", "ab", "c.d"];
        let mut facts: Vec<(&str, usize, usize)> = Vec::new();
        for (name, (size, default)) in names.into_iter().zip(&sizes) {
            facts.push((name, *size, default.index(*size)));
        }
        facts.sort_unstable();
        let table = grid(levels, &cuts, &facts);
        let values: Vec<(&str, String)> = facts.iter().zip(&asked)
            .filter(|(_, (_, stated))| *stated)
            .map(|((name, size, _), (value, _))| (*name, format!("v{}", value.index(*size))))
            .collect();
        let stated: Vec<(&str, &str)> = values.iter().rev().map(|(name, value)| (*name, value.as_str())).collect();
        let request = Request { use_case: "u", classification: level, budget_remaining: budget, budgets: &[], facts: &stated };
        let cell = by_the_letter(table.table(), &request).expect("it is understood");
        prop_assert_eq!(table.decide(&request).rules(), [format!("r{cell}")], "{:?}", request);
    }

    #[test]
    fn a_lookup_never_fails(use_case in ".{0,30}", level in ".{0,12}", budget in "[-0-9.%e]{0,12}", name in ".{0,8}", value in ".{0,8}") {
        let table = load(EXAMPLE).expect("it loads");
        for use_case in [use_case.as_str(), "support.reply"] {
            let facts = [(name.as_str(), value.as_str())];
            let request = Request { use_case, classification: Some(&level), budget_remaining: Some(&budget), budgets: &[], facts: &facts };
            prop_assert!(table.decide(&request).primary().is_none());
            let request = Request { classification: None, facts: &[], ..request };
            table.decide(&request);
        }
    }
}
