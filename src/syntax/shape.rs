//! What the grammar leaves open: clauses that repeat or lack.

use crate::diag::{Finding, code, nearest};
use crate::limits::effort;
use crate::limits::{MAX_FINDINGS_PER_FILE, MAX_REGION_NESTING};
use crate::source::Span;

use super::tree::{
    AttributionClause, AuditClause, BudgetClause, Clause, FailoverClause, GivenKind, GuaranteeClause,
    QuotaClause, QuotaPeriod, QuotaUnit, Region, RuleClause, Statement, StatementKind, TestClause, Tier,
    TierName,
};

/// Enough is known to be wrong with the file: hostile text could repeat a clause a million times.
fn full(findings: &[Finding]) -> bool {
    findings.len() >= MAX_FINDINGS_PER_FILE
}

/// Findings about one statement, `duplicate-clause` and `syntax`.
pub(super) fn check(text: &str, statement: &Statement, findings: &mut Vec<Finding>) {
    let head = statement.head;
    match &statement.kind {
        StatementKind::Classifications(_) | StatementKind::Vocabulary(..) | StatementKind::Fact(_) => {}
        StatementKind::Regions(regions) => regions.iter().for_each(|region| nesting(region, 1, findings)),
        StatementKind::Precedence(tiers) => precedence(head, tiers, findings),
        StatementKind::Rule(rule) => once(text, &rule.block.clauses, rule_key, findings),
        StatementKind::Failover(block) => {
            once(text, &block.clauses, failover_key, findings);
            failover(head, &block.clauses, findings);
        }
        StatementKind::Budget(block) => {
            once(text, &block.clauses, budget_key, findings);
            if !block.clauses.iter().any(|clause| matches!(clause.kind, BudgetClause::Limit(..))) {
                findings.push(lacks(head, "budget has no limit", "`limit 500 usd per month`"));
            }
        }
        StatementKind::Quota(block) => {
            once(text, &block.clauses, |clause| Some(quota_key(clause)), findings);
            if !block.clauses.iter().any(|clause| matches!(clause.kind, QuotaClause::Limit(..))) {
                findings.push(lacks(head, "quota has no limit", "`limit 600 requests per minute`"));
            }
        }
        StatementKind::Attribution(clauses) => {
            once(text, clauses, |clause| Some(attribution_key(clause)), findings);
        }
        StatementKind::Audit(block) => once(text, &block.clauses, |clause| Some(audit_key(clause)), findings),
        StatementKind::Guarantee(block) => once(text, &block.clauses, guarantee_key, findings),
        StatementKind::Test(block) => test(head, &block.clauses, findings),
    }
}

fn rule_key(clause: &RuleClause) -> Option<&'static str> {
    match clause {
        RuleClause::When(_) => Some("when"),
        RuleClause::Overrides(_) => Some("overrides"),
        RuleClause::From(_) => Some("from"),
        RuleClause::Until(_) => Some("until"),
        RuleClause::Because(_) => Some("because"),
        RuleClause::Require(_) | RuleClause::Forbid(_) | RuleClause::ProcessIn(_) | RuleClause::Prefer(_) => {
            None
        }
    }
}

fn failover_key(clause: &FailoverClause) -> Option<&'static str> {
    match clause {
        FailoverClause::When(_) => Some("when"),
        FailoverClause::On(_) => Some("on"),
        FailoverClause::Match(_) => Some("match"),
        FailoverClause::Limit(_) => Some("limit"),
        FailoverClause::Retry(_) => Some("retry"),
        FailoverClause::Cooldown(_) => Some("cooldown"),
        FailoverClause::Then(_) => Some("then"),
        FailoverClause::LogAs(_) => Some("log as"),
        FailoverClause::Notify(_) => Some("notify"),
        FailoverClause::Overrides(_) => Some("overrides"),
        FailoverClause::From(_) => Some("from"),
        FailoverClause::Until(_) => Some("until"),
        FailoverClause::Because(_) => Some("because"),
        // `chain` and `above` repeat; the ways to choose targets exclude each other: see `failover`.
        FailoverClause::Above(..)
        | FailoverClause::Chain(_)
        | FailoverClause::FollowRegistry
        | FailoverClause::FollowRanking
        | FailoverClause::None => None,
    }
}

fn budget_key(clause: &BudgetClause) -> Option<&'static str> {
    match clause {
        BudgetClause::When(_) => Some("when"),
        BudgetClause::On(_) => Some("on"),
        BudgetClause::Per(_) => Some("per"),
        BudgetClause::From(_) => Some("from"),
        BudgetClause::Until(_) => Some("until"),
        BudgetClause::Limit(..) => Some("limit"),
        BudgetClause::Mode(_) => Some("mode"),
        BudgetClause::Within(_) => Some("within"),
        BudgetClause::Owner(_) => Some("owner"),
        BudgetClause::Escalate(_) => Some("escalate"),
        BudgetClause::Because(_) => Some("because"),
        BudgetClause::At(..) => None,
    }
}

/// `on` where it names one provider or model and takes no list.
const ONE_TARGET: &str = "on …";

fn quota_key(clause: &QuotaClause) -> &'static str {
    match clause {
        QuotaClause::When(_) => "when",
        QuotaClause::On(_) => ONE_TARGET,
        QuotaClause::Per(_) => "per",
        QuotaClause::Limit(_, QuotaUnit::Requests, QuotaPeriod::Minute) => "limit … requests per minute",
        QuotaClause::Limit(_, QuotaUnit::Tokens, QuotaPeriod::Minute) => "limit … tokens per minute",
        QuotaClause::Limit(_, QuotaUnit::Requests, QuotaPeriod::Day) => "limit … requests per day",
        QuotaClause::Limit(_, QuotaUnit::Tokens, QuotaPeriod::Day) => "limit … tokens per day",
        QuotaClause::Then(_) => "then",
        QuotaClause::From(_) => "from",
        QuotaClause::Until(_) => "until",
        QuotaClause::Because(_) => "because",
    }
}

fn attribution_key(clause: &AttributionClause) -> &'static str {
    match clause {
        AttributionClause::Require(_) => "require",
        AttributionClause::Mode(_) => "mode",
        AttributionClause::AnomalyAbove(_) => "anomaly above",
    }
}

fn audit_key(clause: &AuditClause) -> &'static str {
    match clause {
        AuditClause::When(_) => "when",
        AuditClause::Retain(_) => "retain",
        AuditClause::LineageRequired => "lineage required",
        AuditClause::Mask(_) => "mask",
        AuditClause::Owner(_) => "owner",
        AuditClause::From(_) => "from",
        AuditClause::Until(_) => "until",
        AuditClause::Because(_) => "because",
    }
}

fn guarantee_key(clause: &GuaranteeClause) -> Option<&'static str> {
    match clause {
        GuaranteeClause::For(_) => Some("for"),
        GuaranteeClause::From(_) => Some("from"),
        GuaranteeClause::Until(_) => Some("until"),
        GuaranteeClause::Because(_) => Some("because"),
        GuaranteeClause::Always(_) | GuaranteeClause::Never(_) => None,
    }
}

/// Regions lie one within the other only so deep; `depth` counts the outermost as 1.
fn nesting(region: &Region, depth: usize, findings: &mut Vec<Finding>) {
    if full(findings) {
        return;
    }
    if depth > MAX_REGION_NESTING {
        let message = format!("more than {MAX_REGION_NESTING} regions lie one within the other");
        findings.push(
            Finding::error(code::SYNTAX, region.name.span, message)
                .label("too deep")
                .help("leave out regions that no policy, provider or use case names"),
        );
        return;
    }
    region.within.iter().for_each(|inner| nesting(inner, depth + 1, findings));
}

/// Each clause with a key stands once.
fn once<C>(
    text: &str,
    clauses: &[Clause<C>],
    key: impl Fn(&C) -> Option<&'static str>,
    findings: &mut Vec<Finding>,
) {
    let mut seen: Vec<(&str, Span, Span)> = Vec::new();
    for clause in clauses {
        if full(findings) {
            return;
        }
        let Some(key) = key(&clause.kind) else { continue };
        match seen.iter().find(|(name, ..)| *name == key) {
            Some(&(_, first, whole)) => {
                let finding = twice(key, clause.keyword, first);
                findings.push(match joined(text, key, whole, clause.span) {
                    Some(help) => finding.help(help),
                    None => finding,
                });
            }
            None => seen.push((key, clause.keyword, clause.span)),
        }
    }
}

/// One way to choose targets, of three.
fn failover(head: Span, clauses: &[Clause<FailoverClause>], findings: &mut Vec<Finding>) {
    let mut chosen: Option<(&str, Span)> = None;
    for clause in clauses {
        let way = match clause.kind {
            FailoverClause::Chain(_) => "chain",
            FailoverClause::FollowRegistry | FailoverClause::FollowRanking => "follow",
            FailoverClause::None => "none",
            _ => continue,
        };
        if full(findings) {
            return;
        }
        match chosen {
            None => chosen = Some((way, clause.keyword)),
            Some(("chain", _)) if way == "chain" => {}
            Some((first, place)) if first == way => findings.push(twice(way, clause.keyword, place)),
            Some((first, place)) => findings.push(
                Finding::error(code::DUPLICATE_CLAUSE, clause.keyword, format!("`{way}` beside `{first}`"))
                    .label("a second way to choose the targets")
                    .related(place, "the first")
                    .help("a failover statement has chains, or one `follow`, or `none`"),
            ),
        }
    }
    if chosen.is_none() {
        let what = "failover statement does not say where to go";
        findings.push(lacks(head, what, "`chain a/b -> c/d`, `follow registry`, `follow ranking` or `none`"));
    }
}

fn test(head: Span, clauses: &[Clause<TestClause>], findings: &mut Vec<Finding>) {
    let mut seen: std::collections::BTreeMap<(u8, &str), Span> = std::collections::BTreeMap::new();
    let (mut expects, mut misspelt) = (false, None);
    for clause in clauses {
        let TestClause::Given(list) = &clause.kind else {
            expects = true;
            continue;
        };
        for given in list {
            if full(findings) {
                return;
            }
            let (key, what) = match &given.kind {
                GivenKind::UseCase(_) => ((0, ""), "use_case"),
                GivenKind::Classification(_) => ((1, ""), "classification"),
                GivenKind::BudgetRemaining(_) => ((2, ""), "budget.remaining"),
                GivenKind::On(_) => ((4, ""), "on"),
                GivenKind::Share(name, _) => ((3, name.text.as_str()), name.text.as_str()),
                GivenKind::Fact(name, _) => {
                    let near = !nearest::nearest(&name.text, ["use_case"]).is_empty();
                    misspelt = misspelt.or(near.then_some(name.span));
                    ((3, name.text.as_str()), name.text.as_str())
                }
                GivenKind::Down(_) => continue,
            };
            match seen.get(&key) {
                Some(&first) => findings.push(given_twice(what, given.span, first)),
                None => drop(seen.insert(key, given.span)),
            }
        }
    }
    if let Some(span) = misspelt.filter(|_| !seen.contains_key(&(0, ""))) {
        let finding = Finding::error(code::SYNTAX, span, "test has no use case");
        findings.push(finding.label("read as the name of a fact").help("write `use_case`"));
        return;
    }
    let given = "`given use_case planning-agent`";
    let expect = "`expect primary openai/gpt-4`";
    findings.extend(match (seen.contains_key(&(0, "")), expects) {
        (true, true) => None,
        (false, true) => Some(lacks(head, "test has no use case", given)),
        (true, false) => Some(lacks(head, "test expects nothing", expect)),
        (false, false) => {
            Some(lacks(head, "test has no use case and expects nothing", &format!("{given} and {expect}")))
        }
    });
}

fn precedence(head: Span, tiers: &[TierName], findings: &mut Vec<Finding>) {
    const HELP: &str = "list all four, for example `compliance > cost > latency > preference`";
    let before = findings.len();
    let wrong = |span: Span, message: String| Finding::error(code::SYNTAX, span, message).help(HELP);
    for (at, tier) in tiers.iter().enumerate() {
        if full(findings) {
            return;
        }
        let name = tier.tier.name();
        if let Some(first) = tiers.iter().take(at).find(|earlier| earlier.tier == tier.tier) {
            let message = format!("`{name}` appears twice in `precedence`");
            findings.push(wrong(tier.span, message).label("second").related(first.span, "first"));
        } else if at == 0 && tier.tier != Tier::Compliance {
            let message = format!("expected `compliance`, found `{name}`");
            findings.push(wrong(tier.span, message).label("compliance stands first in every precedence"));
        }
    }
    let all = [Tier::Compliance, Tier::Cost, Tier::Latency, Tier::Preference];
    let absent = all.into_iter().find(|tier| !tiers.iter().any(|written| written.tier == *tier));
    if let Some(absent) = absent
        && findings.len() == before
    {
        let message = format!("`precedence` lacks `{}`", absent.name());
        findings.push(wrong(head, message).label("this one"));
    }
}

/// A clause that stands once stands again.
fn twice(clause: &str, second: Span, first: Span) -> Finding {
    let shown = clause.trim_end_matches(" …");
    Finding::error(code::DUPLICATE_CLAUSE, second, format!("second `{shown}` in one statement"))
        .label("second")
        .related(first, "first")
        .help(match clause {
            "when" | "for" => "join the two conditions with `and`".to_owned(),
            "per" => "what is counted is apart by one dimension: keep one `per`, or write a second statement with the other".to_owned(),
            ONE_TARGET => "a quota counts one provider or model: keep one `on`, and write a second quota for the other".to_owned(),
            "on" | "match" | "overrides" | "notify" | "escalate" | "mask" | "require" => {
                format!("join the two lists with a comma, behind one `{clause}`")
            }
            "because" => "keep one of the two, or write both in one text".to_owned(),
            "owner" => "there is one `owner`: keep one of the two".to_owned(),
            _ => "keep one of the two".to_owned(),
        })
}

/// Two conditions of one statement as one, where they are short.
fn joined(text: &str, key: &str, first: Span, second: Span) -> Option<String> {
    let condition = |clause: Span| {
        let written = text.get(clause.start as usize..clause.end as usize)?.strip_prefix(key)?.trim();
        let plain = written.len() <= effort::JOINED_BYTES && !written.contains(['#', '\n']);
        let is_joint = written.split_whitespace().any(|word| word == "or");
        plain.then(|| if is_joint { format!("({written})") } else { written.to_owned() })
    };
    if !matches!(key, "when" | "for") {
        return None;
    }
    let (first, second) = (condition(first)?, condition(second)?);
    Some(format!("join the two with `and`, behind one `{key}`: `{key} {first} and {second}`"))
}

/// Something is given again.
fn given_twice(what: &str, second: Span, first: Span) -> Finding {
    let what: String = what.chars().take(80).collect();
    Finding::error(code::DUPLICATE_CLAUSE, second, format!("`{what}` is given twice in one test"))
        .label("second")
        .related(first, "first")
        .help("keep one of the two; only `down` may repeat")
}

/// A clause that every such statement has is absent.
fn lacks(head: Span, what: &str, example: &str) -> Finding {
    Finding::error(code::SYNTAX, head, what).label("in this statement").help(format!("add {example}"))
}
