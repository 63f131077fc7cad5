//! Routing rules: by scope, then by priority, the first that matches.

use std::cell::{Cell, RefCell};

use super::callers::{Caller, VirtualKey};
use super::cel::{Expr, Known};
use super::keys::Allowed;
use super::lower;
use super::money::Money;
use super::parse::Why;
use super::unread;
use crate::import::condition::Test;
use crate::import::facts::Facts;
use crate::import::{Notes, text};
use crate::limits::gateways;
use crate::limits::{MAX_IMPORTED_ENTRIES, MAX_IMPORTED_ROUTES};
use crate::number::{self, Rational};
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// For whom a rule is, those asked first at the start.
const SCOPES: [&str; 4] = ["virtual_key", "team", "customer", "global"];

/// Who is asked, and for what; none: what the request names.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) provider: Option<String>,
    pub(super) model: Option<String>,
    pub(super) keys: Allowed,
    weight: Rational,
}

impl Target {
    /// A provider for the model that is asked for.
    pub(super) fn of(provider: &str, keys: Allowed) -> Self {
        Self { provider: Some(provider.to_owned()), model: None, keys, weight: number::whole(1) }
    }
}

/// A rule as written.
pub(super) struct Rule {
    /// Its place in the order in which rules are asked.
    at: usize,
    pub(super) title: String,
    pub(super) span: Span,
    scope: (usize, Option<String>),
    priority: Rational,
    expression: String,
    /// None where the expression is not understood.
    expr: Option<Expr>,
    pub(super) targets: Vec<Target>,
    pub(super) fallbacks: Vec<Target>,
    is_chain: bool,
}

/// What became of a rule, the later the more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// No request was asked about.
    Unasked,
    /// It never matches.
    Never,
    /// It matches where another rule has decided.
    Shadowed,
    Decides,
}

/// Where a request of some kind goes.
pub(super) struct Way<'a> {
    pub(super) when: Test,
    /// The rule that decides; none: what the virtual key says.
    pub(super) rule: Option<&'a Rule>,
    /// What the request asks for by then.
    pub(super) provider: Option<String>,
    pub(super) model: Option<String>,
}

/// Reads the rules, in the order in which they are asked.
pub(super) fn read(governance: Option<&Value>, notes: &mut Notes) -> Vec<Rule> {
    let items = governance.and_then(|governance| governance.get("routing_rules")).map(Value::items);
    let mut rules: Vec<Rule> = Vec::new();
    for item in items.unwrap_or_default() {
        if rules.len() >= MAX_IMPORTED_ENTRIES {
            notes.left(item.span, format!("routing rules beyond {MAX_IMPORTED_ENTRIES}"));
            break;
        }
        rules.extend(rule(item, notes));
    }
    rules.sort_by(|a, b| (a.scope.0, &a.priority).cmp(&(b.scope.0, &b.priority)));
    rules.iter_mut().enumerate().for_each(|(at, rule)| rule.at = at);
    rules
}

fn rule(item: &Value, notes: &mut Notes) -> Option<Rule> {
    let of = |key: &str| item.get(key).and_then(Value::text);
    let title = of("name").or_else(|| of("id")).unwrap_or("rule").to_owned();
    let shown = text::comment(&title);
    if item.get("enabled").is_some_and(|enabled| enabled.kind == Kind::Bool(false)) {
        notes.left(item.span, format!("the rule `{shown}`: it is not enabled"));
        return None;
    }
    unread(
        item,
        &format!("the rule `{shown}`"),
        &[
            "id",
            "name",
            "enabled",
            "cel_expression",
            "chain_rule",
            "targets",
            "provider",
            "model",
            "fallbacks",
            "scope",
            "scope_id",
            "priority",
        ],
        &["description", "query", "created_at", "updated_at"],
        notes,
    );
    let scope = of("scope").unwrap_or("global");
    let Some(rank) = SCOPES.iter().position(|known| *known == scope) else {
        notes.left(
            item.span,
            format!("the rule `{shown}`: `{}` is not a scope that Bifrost documents", text::comment(scope)),
        );
        return None;
    };
    let expression = of("cel_expression").unwrap_or_default();
    let expr = expr(expression, &shown, item.span, notes).ok()?;
    let is_chain = item.get("chain_rule").is_some_and(|chain| chain.kind == Kind::Bool(true));
    let targets = targets(item, &shown, is_chain, notes)?;
    Some(Rule {
        at: 0,
        title,
        span: item.span,
        scope: (rank, of("scope_id").map(str::to_owned)),
        priority: item.get("priority").and_then(Value::number).cloned().unwrap_or_else(|| number::whole(0)),
        expression: expression.to_owned(),
        expr,
        targets,
        fallbacks: fallbacks(item, &shown, notes),
        is_chain,
    })
}

/// A rule that Bifrost skips.
struct Skipped;

/// When a rule matches; none where that has to be stated as a whole.
fn expr(expression: &str, shown: &str, span: Span, notes: &mut Notes) -> Result<Option<Expr>, Skipped> {
    match lower::read(expression) {
        Ok((expr, None)) => Ok(Some(expr)),
        Ok((_, Some(why))) => {
            notes.state(span, format!("when the rule `{shown}` matches: {why}; it becomes a yes-or-no fact that requests have to state (Bifrost skips a rule whose expression does not compile)"));
            Ok(None)
        }
        Err(Why::Bound(why)) => {
            notes.state(span, format!("when the rule `{shown}` matches: {why}; it becomes a yes-or-no fact that requests have to state"));
            Ok(None)
        }
        Err(Why::Invalid(why)) => {
            notes.left(
                span,
                format!(
                    "the rule `{shown}`: its `cel_expression` is not valid CEL ({why}), so Bifrost skips it"
                ),
            );
            Err(Skipped)
        }
    }
}

/// The targets of a rule, the likeliest first; none where it has none.
fn targets(item: &Value, shown: &str, is_chain: bool, notes: &mut Notes) -> Option<Vec<Target>> {
    for target in ["targets", "fallbacks"].iter().filter_map(|key| item.get(key)).flat_map(Value::items) {
        unread(
            target,
            &format!("a target of the rule `{shown}`"),
            &["provider", "model", "key_id", "provider_key_name", "weight"],
            &[],
            notes,
        );
    }
    let mut targets: Vec<Target> =
        item.get("targets").map(Value::items).unwrap_or_default().iter().filter_map(target).collect();
    if targets.is_empty() && (item.get("provider").is_some() || item.get("model").is_some()) {
        targets.extend(target(item));
    }
    if targets.is_empty() {
        notes.left(item.span, format!("the rule `{shown}`: it has no targets"));
        return None;
    }
    targets.sort_by(|a, b| b.weight.cmp(&a.weight));
    if targets.len() > 1 {
        let why = if is_chain {
            "here only the likeliest counts, because the rules are evaluated again"
        } else {
            "here they are tried in that order"
        };
        notes.read(
            item.span,
            format!("the rule `{shown}` spreads requests over {} targets by weight: {why}", targets.len()),
        );
    }
    Some(targets)
}

/// Where a rule leads next; a text that names no provider leads nowhere, as Bifrost reads it.
fn fallbacks(item: &Value, shown: &str, notes: &mut Notes) -> Vec<Target> {
    let mut found = Vec::new();
    for fallback in item.get("fallbacks").map(Value::items).unwrap_or_default() {
        match fallback.text().filter(|written| !written.contains('/')) {
            Some(written) => notes.left(
                fallback.span,
                format!("a fallback of the rule `{shown}`: `{}` names no provider (`provider/model`, or `provider/` for the model that was asked for), so Bifrost skips it", text::comment(written)),
            ),
            None => found.extend(target(fallback)),
        }
    }
    found
}

/// `"provider/model"`, `"provider/"`, or an object.
fn target(value: &Value) -> Option<Target> {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if let Some(written) = value.text() {
        let (provider, model) = written.split_once('/').unwrap_or((written, ""));
        return Some(Target {
            provider: filled(provider),
            model: filled(model),
            keys: Allowed::All,
            weight: number::whole(1),
        });
    }
    let of = |key: &str| value.get(key).and_then(Value::text).and_then(filled);
    let key = of("key_id").or_else(|| of("provider_key_name"));
    let (provider, model) = (of("provider"), of("model"));
    matches!(value.kind, Kind::Map(_)).then(|| Target {
        provider,
        model,
        keys: key.map_or(Allowed::All, |key| Allowed::these(vec![key])),
        weight: value.get("weight").and_then(Value::number).cloned().unwrap_or_else(|| number::whole(1)),
    })
}

impl Rule {
    /// Models that its expression names.
    pub(super) fn models(&self, found: &mut Vec<String>) {
        if let Some(expr) = &self.expr {
            expr.models(found);
        }
    }

    /// Whether its expression may ask which provider a request names.
    pub(super) fn asks_for_provider(&self) -> bool {
        self.expression.contains("provider")
    }

    /// Whom alone it is for.
    pub(super) fn only_for(&self) -> Option<(&'static str, &str)> {
        SCOPES.get(self.scope.0).copied().zip(self.scope.1.as_deref()).filter(|(scope, _)| *scope != "global")
    }

    fn concerns(&self, key: Option<&VirtualKey>) -> bool {
        let id = self.scope.1.as_deref();
        let of =
            |group: Option<&super::callers::Group>| group.is_some_and(|group| Some(group.id.as_str()) == id);
        match self.scope.0 {
            0 => key.is_some_and(|key| Some(key.id.as_str()) == id),
            1 => of(key.and_then(|key| key.team.as_ref())),
            2 => of(key.and_then(|key| key.customer.as_ref())),
            _ => true,
        }
    }
}

/// What rules are asked with.
pub(super) struct Asked<'a> {
    pub(super) rules: &'a [Rule],
    pub(super) keys: &'a [VirtualKey],
    pub(super) money: &'a Money<'a>,
    /// How many times a rule was asked.
    pub(super) work: Cell<usize>,
    /// What became of each rule so far.
    pub(super) fates: &'a RefCell<Vec<Fate>>,
}

impl<'a> Asked<'a> {
    /// Every way that a caller's requests may go; the first whose condition is true counts, and the last one's always is.
    pub(super) fn ways(&self, caller: &Caller, facts: &mut Facts, notes: &mut Notes) -> Vec<Way<'a>> {
        let mut found = Vec::new();
        let asked = (caller.provider.clone(), caller.model.clone());
        self.walk(caller, asked, &Test::Always, None, 0, facts, notes, &mut found);
        found
    }

    #[expect(clippy::too_many_arguments, reason = "a walk that carries what it found")]
    fn walk(
        &self,
        caller: &Caller,
        (provider, model): (Option<String>, Option<String>),
        when: &Test,
        last: Option<&'a Rule>,
        depth: usize,
        facts: &mut Facts,
        notes: &mut Notes,
        found: &mut Vec<Way<'a>>,
    ) {
        let key = caller.key.and_then(|at| self.keys.get(at));
        for rule in self.rules.iter().filter(|rule| rule.concerns(key)) {
            if found.len() >= MAX_IMPORTED_ROUTES {
                notes.left(
                    rule.span,
                    format!("ways of `{}` beyond {MAX_IMPORTED_ROUTES}", text::comment(&caller.name)),
                );
                return;
            }
            self.work.set(self.work.get() + 1);
            let test = self.test(rule, caller, (provider.as_deref(), model.as_deref()), facts, notes);
            self.became(rule.at, if test == Test::Never { Fate::Never } else { Fate::Shadowed });
            if test == Test::Never {
                continue;
            }
            let both = Test::all([when.clone(), test.clone()]);
            let then = rule.targets.first().map(|target| {
                (
                    target.provider.clone().or_else(|| provider.clone()),
                    target.model.clone().or_else(|| model.clone()),
                )
            });
            let then = then.unwrap_or_default();
            let goes_on =
                rule.is_chain && depth < gateways::BIFROST_CHAIN && then != (provider.clone(), model.clone());
            if goes_on {
                self.became(rule.at, Fate::Decides);
                self.walk(caller, then, &both, Some(rule), depth + 1, facts, notes, found);
            } else {
                found.push(Way {
                    when: both,
                    rule: Some(rule),
                    provider: provider.clone(),
                    model: model.clone(),
                });
            }
            if test == Test::Always {
                return;
            }
        }
        found.push(Way { when: when.clone(), rule: last, provider, model });
    }

    fn became(&self, at: usize, fate: Fate) {
        if let Some(known) = self.fates.borrow_mut().get_mut(at) {
            *known = fate.max(*known);
        }
    }

    /// Says of some rules that they decide.
    pub(super) fn decide<'b>(&self, rules: impl Iterator<Item = &'b Rule>) {
        for rule in rules {
            self.became(rule.at, Fate::Decides);
        }
    }

    fn test(
        &self,
        rule: &Rule,
        caller: &Caller,
        (provider, model): (Option<&str>, Option<&str>),
        facts: &mut Facts,
        notes: &mut Notes,
    ) -> Test {
        let Some(expr) = &rule.expr else { return facts.opaque(&rule.expression, true, false) };
        let key = caller.key.and_then(|at| self.keys.get(at));
        let of_key = |of: fn(&VirtualKey) -> &str| Some(key.map(of).unwrap_or_default().to_owned());
        let team = key.and_then(|key| key.team.clone()).unwrap_or_default();
        let customer = key.and_then(|key| key.customer.clone()).unwrap_or_default();
        let texts = [
            ("model", model.map(str::to_owned)),
            ("provider", provider.map(str::to_owned)),
            ("virtual_key_id", of_key(|key| &key.id)),
            ("virtual_key_name", of_key(|key| &key.name)),
            ("team_id", Some(team.id)),
            ("team_name", Some(team.name)),
            ("customer_id", Some(customer.id)),
            ("customer_name", Some(customer.name)),
        ];
        let budgets = provider.map(|provider| self.money.of(provider, model, key));
        let known = Known { texts: &texts, budgets: budgets.as_deref() };
        let before = facts.opaque;
        let test = expr.test(true, &known, facts);
        if facts.opaque > before {
            notes.state(rule.span, format!("parts of `{}`, when the rule `{}` matches: they are valid, but no budget, use case or fact of the workspace stands for them, so each becomes a yes-or-no fact that requests have to state", text::comment(&rule.expression), text::comment(&rule.title)));
        }
        test
    }
}
