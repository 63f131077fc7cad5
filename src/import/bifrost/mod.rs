//! Bifrost's `config.json`: providers, virtual keys, and routing rules as the gateway asks them.

mod callers;
mod cel;
mod keys;
mod kinds;
mod lex;
mod lower;
mod make;
mod money;
mod owners;
mod parse;
mod providers;
mod rest;
mod rules;
mod shape;

use std::cell::{Cell, RefCell};

use self::callers::VirtualKey;
use self::make::{Bounds, Make};
use self::money::Money;
use self::providers::Providers;
use self::rules::{Asked, Fate};
use super::draft::{Draft, Options};
use super::{Imported, Notes, text};
use crate::limits::{MAX_IMPORTED_LINKS, MAX_IMPORTED_TESTS, MAX_IMPORTED_WORK};
use crate::number;
use crate::source::{FileId, Sources};
use crate::yaml::{Kind, Value};

/// Sections of the format that say how the gateway runs.
const SECTIONS: [&str; 28] = [
    "$schema",
    "server",
    "version",
    "source_of_truth",
    "encryption_key",
    "env_label",
    "auth_config",
    "setup_token",
    "client",
    "framework",
    "alerting",
    "webhooks",
    "mcp",
    "vector_store",
    "config_store",
    "logs_store",
    "plugins",
    "websocket",
    "guardrails_config",
    "audit_logs",
    "cluster_config",
    "load_balancer_config",
    "large_payload_optimization",
    "scim_config",
    "saml_config",
    "access_profiles",
    "feature_flags",
    "circuit_breaker_config",
];

/// Parts of `governance` that are not carried over.
const GOVERNANCE: [&str; 8] = [
    "business_units",
    "roles",
    "pricing_overrides",
    "auth_config",
    "complexity_analyzer_config",
    "users",
    "calendar_aligned",
    "mcp_tools",
];

/// Makes a workspace of a configuration.
pub fn import(sources: &Sources, id: FileId, root: &Value, options: Options) -> Result<Imported, String> {
    if root.get("providers").is_none_or(|providers| !matches!(providers.kind, Kind::Map(_))) {
        return Err("this is not a Bifrost configuration: it has no `providers`".to_owned());
    }
    if root.get("providers").is_some_and(|providers| providers.entries().is_empty()) {
        return Err(
            "its `providers` is empty: they stand in the gateway's database, which is not read".to_owned()
        );
    }
    let mut notes = Notes::default();
    let mut draft = Draft::default();
    sections(root, &mut notes);
    shape::misshapen(root, &mut notes);
    let governance = root.get("governance");
    let empty_is_all = root.get("version").and_then(Value::number) == Some(&number::whole(1));
    let mut providers = Providers::read(root.get("providers"), empty_is_all, &mut notes);
    let keys = callers::keys(governance, empty_is_all, &mut notes);
    let rules = rules::read(governance, &mut notes);
    let mut named = Vec::new();
    for rule in &rules {
        rule.models(&mut named);
    }
    named.sort();
    named.dedup();
    let all = callers::all(&keys, &providers, &named, &mut notes);
    let money = Money::read(governance, &keys, &mut notes);
    let fates = RefCell::new(vec![Fate::Unasked; rules.len()]);
    let mut bounds = Bounds { tests: MAX_IMPORTED_TESTS, links: MAX_IMPORTED_LINKS, work: MAX_IMPORTED_WORK };
    for caller in &all {
        if bounds.work == 0 {
            notes.left(
                caller.span,
                format!(
                    "`{}` and all names after it: the rules and keys are too many to ask for each",
                    text::comment(&caller.name)
                ),
            );
            break;
        }
        let asked = Asked { rules: &rules, keys: &keys, money: &money, work: Cell::new(1), fates: &fates };
        let ways = asked.ways(caller, &mut draft.facts, &mut notes);
        let mut make = Make {
            draft: &mut draft,
            providers: &mut providers,
            keys: &keys,
            notes: &mut notes,
            catalogue: options.catalogue,
            work: 0,
            is_lost: false,
        };
        make.use_case(caller, &ways, &asked, &mut bounds);
        bounds.work = bounds.work.saturating_sub(make.work + asked.work.get());
    }
    draft.name_endpoints();
    money.write(&mut draft, &keys, &all, &mut notes);
    rest::of_keys(governance, &keys, &providers, &mut notes);
    rest::of_providers(&providers, &draft, (&keys, &rules), &mut notes);
    rest::of_rules(&rules, &fates.borrow(), &all, &mut notes);
    general(root, &keys, &draft, &mut notes);
    let path = sources.path(id);
    let source = text::comment(path.rsplit(['/', '\\']).next().unwrap_or(path));
    Ok(draft.write(&source, options, notes))
}

/// Lists the sections that are not carried over.
fn sections(root: &Value, notes: &mut Notes) {
    unread(root, "the configuration", &["providers", "governance", "$schema", "version"], &SECTIONS, notes);
    if let Some(governance) = root.get("governance") {
        unread(
            governance,
            "`governance`",
            &[
                "virtual_keys",
                "routing_rules",
                "budgets",
                "rate_limits",
                "teams",
                "customers",
                "model_configs",
                "providers",
            ],
            &GOVERNANCE,
            notes,
        );
    }
}

/// What holds for the whole gateway.
fn general(root: &Value, keys: &[VirtualKey], draft: &Draft, notes: &mut Notes) {
    if !draft.failovers.is_empty() {
        notes.read(root.span, "fallbacks as Bifrost follows them: on every error that no plugin stops, even one of the caller's own making (400, 401); callers can also send their own `fallbacks`, which no policy sees");
    }
    let client = root.get("client");
    let enforces = ["enforce_auth_on_inference", "enforce_governance_header"].iter().any(|key| {
        client.and_then(|client| client.get(key)).is_some_and(|value| value.kind == Kind::Bool(true))
    });
    if let (false, Some(first)) = (enforces, keys.first()) {
        notes.state(first.span, "who calls without a virtual key: `client.enforce_auth_on_inference` is not true, so such requests reach every provider");
    }
}

/// Lists every key of a map that nothing reads: known ones, and those that the format does not know.
fn unread(map: &Value, of: &str, taken: &[&str], known: &[&str], notes: &mut Notes) {
    let keys = || map.entries().iter().map(|(key, _)| key.value.as_str()).filter(|key| !taken.contains(key));
    let list = |is_known: bool| -> Vec<String> {
        keys()
            .filter(|key| known.contains(key) == is_known)
            .map(|key| format!("`{}`", text::comment(key)))
            .collect()
    };
    let of = text::comment(of);
    let (without, unknown) = (list(true), list(false));
    if !without.is_empty() {
        notes.left(map.span, format!("of {of}: {}", without.join(", ")));
    }
    if !unknown.is_empty() {
        notes
            .left(map.span, format!("of {of}: {}, which Bifrost's schema does not have", unknown.join(", ")));
    }
}
