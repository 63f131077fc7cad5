//! Statements and clauses that other languages have.

use super::clauses::CLAUSES;
use super::gateways::KEYS;
use crate::limits::effort;
use crate::syntax::label::{CLAUSE, Label};
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind};
use crate::syntax::words;

/// The values of a fact.
pub(super) fn fact(scene: &Scene<'_>) -> Option<String> {
    if scene.first == "fact" && scene.before_text() == "in" && scene.found?.kind == Kind::Number {
        return Some("a fact has a few names as its values: write them, as in `{low, high}`".to_owned());
    }
    let values = scene.first == "fact" && scene.before_text() == "in" && scene.found?.kind == Kind::Word;
    let mut items = scene.listed(0);
    items.truncate(items.iter().position(|item| *item == "default").unwrap_or(items.len()));
    let known =
        matches!(items.as_slice(), ["string" | "strings" | "text" | "bool" | "boolean" | "number" | "enum"]);
    values.then(|| {
        if known {
            "write its values: `{a, b}`".to_owned()
        } else {
            format!("write `{{{}}}`", items.join(", "))
        }
    })
}

/// The head of a statement.
pub(super) fn head(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    if found == "{"
        && scene.expects_group("a name")
        && (before == "rule" || words::CLAUSES.iter().any(|(home, _)| home.contains(before)))
    {
        return Some(format!("give it a name: `{before} NAME {{`"));
    }
    let tier = words::TIERS.contains(&scene.first) && scene.expects_group("a statement");
    match (tier, before) {
        (true, "rules" | "Rule" | "policy") => Some(format!("write `{} rule {found}`", scene.first)),
        (true, name) if found == "{" => Some(format!("write it as `{} rule {name} {{`", scene.first)),
        _ => None,
    }
}

/// The beginning of a statement from elsewhere.
pub(super) fn statement(scene: &Scene<'_>) -> Option<String> {
    if !scene.expects_group("a statement") {
        return None;
    }
    let found = scene.found_text();
    let folded = found.to_lowercase();
    let name = scene.behind(1).filter(|next| next.starts_with(|c: char| c.is_alphabetic()));
    if scene.behind(1) == Some("rule") && words::TIERS.contains(&folded.as_str()) {
        return Some(format!("write `{folded} rule`"));
    }
    if scene.behind(1) == Some("rule") {
        return Some(match TIERS.iter().find(|(theirs, _)| theirs.contains(&folded.as_str())) {
            Some((_, tier)) => format!("write `{tier} rule`"),
            None => format!("a rule names its tier first: write {}", tiers(None)),
        });
    }
    match folded.as_str() {
        "rule" | "rules" | "policy" | "policies" | "route" | "routing" | "allow" | "deny" | "permit" | "if" => {
            // `allow if {`: what another language says there is no name.
            let name = name.filter(|name| !words::is_keyword(name) && *name != "if" && !name.starts_with("input."));
            Some(format!("a rule names its tier first: write {}", tiers(Some(name.unwrap_or("NAME")))))
        }
        "from" if !scene.behind(1).is_some_and(|next| next.starts_with('"')) => None,
        "import" | "include" | "use" | "package" | "module" | "from" => {
            Some("leave it out: every file of `policies/` is read".to_owned())
        }
        "default" | "global" | "otherwise" if scene.behind(1) == Some("failover") => Some(format!(
            "leave out `{found}`: a failover statement without `when` is for every request, and has a name, `failover NAME {{`"
        )),
        "version" | "apiversion" | "kind" | "metadata" => Some("leave it out: a policy has no header".to_owned()),
        "let" | "const" | "var" | "def" | "define" | "set" | "variable" | "variables" | "attribute" | "param"
        | "parameter" | "input" => {
            Some("there are no variables: what requests state is a `fact`, closed lists are `teams a, b` and the like".to_owned())
        }
        "providers" | "use_cases" | "models" | "governance" | "---" | "provider" | "use_case" | "usecase" | "model"
        | "endpoint" | "estate" | "registry" => {
            Some("this looks like YAML: registry and estate stand in `.yaml` files".to_owned())
        }
        "<" if scene.behind(1) == Some("!") => Some("a comment begins with `#`".to_owned()),
        _ => None,
    }
}

/// A clause that another language has: in which statement, its words, and ours.
pub(in crate::syntax) struct Clause {
    /// The statement, as its clauses are called; empty: any.
    pub(super) home: &'static str,
    /// The words of other languages, in lower case and with `_`.
    pub(super) theirs: &'static [&'static str],
    /// What begins the clause here; empty where nothing here says the same.
    pub(in crate::syntax) ours: &'static str,
    /// What to do where what stands behind the word cannot be carried over.
    pub(super) help: &'static str,
}

/// The clause of another language that stands where one of ours could begin.
pub(in crate::syntax) fn clause_of(scene: &Scene<'_>) -> Option<&'static Clause> {
    let home = scene.expected.iter().find_map(|label| match label {
        Label::Group(phrase, _) => phrase.strip_prefix(CLAUSE).map(str::trim_start),
        _ => None,
    })?;
    let found = folded(scene.found_text());
    let begins = scene.beginnings().unwrap_or_default();
    CLAUSES.iter().chain(KEYS).find(|clause| {
        let ours = clause.ours.split(' ').next().unwrap_or_default();
        let fits = ours.is_empty() || begins.contains(&ours);
        fits && home.contains(clause.home) && clause.theirs.iter().any(|theirs| folded(theirs) == found)
    })
}

/// A word without case and without the marks between its parts: `numRetries` is `num_retries`.
fn folded(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Whether the statement has this clause already, which may stand in it once.
pub(in crate::syntax) fn stands_already(scene: &Scene<'_>, ours: &str) -> bool {
    const OFTEN: [&str; 9] =
        ["require", "forbid", "prefer", "process", "chain", "above", "at", "always", "never"];
    let word = ours.split(' ').next().unwrap_or_default();
    // One for each unit and period.
    let is_quota = word == "limit" && scene.first == "quota";
    if word.is_empty() || is_quota || OFTEN.contains(&word) || words::TEST.contains(&word) {
        return false;
    }
    let (mut depth, mut line) = (0_usize, scene.start);
    for token in scan::tokens(scene.text, scene.start)
        .take_while(|token| token.start < scene.start + effort::CLAUSES_READ)
    {
        let text = token.text(scene.text);
        let begins = scene
            .text
            .get(line..token.start)
            .is_some_and(|gap| gap.contains('\n') || gap.trim_end().ends_with('{'));
        match text {
            "{" => depth += 1,
            "}" if depth <= 1 => return false,
            "}" => depth -= 1,
            _ if text == word && depth == 1 && begins => return true,
            _ => {}
        }
        line = if text == "{" { token.start } else { token.end };
    }
    false
}

/// Whether a failover statement says already who comes next.
pub(in crate::syntax) fn follows_already(scene: &Scene<'_>) -> bool {
    let before = scan::tokens(scene.text, scene.start).take_while(|token| token.start < scene.failed);
    let mut words = before.map(|token| token.text(scene.text));
    words.any(|word| matches!(word, "follow" | "chain"))
        || stands_already(scene, "follow")
        || stands_already(scene, "none")
}

/// What to do with the clause of another language.
pub(super) fn clause(scene: &Scene<'_>) -> Option<String> {
    if let Some(clause) = clause_of(scene).filter(|clause| stands_already(scene, clause.ours)) {
        let ours = clause.ours.split(' ').next().unwrap_or_default();
        return Some(format!(
            "the statement has `{ours}` already, which stands in it once: say it there, or leave it out"
        ));
    }
    clause_of(scene).map(|clause| match clause.help.strip_prefix("write `") {
        // What stands behind the word could not be carried over.
        Some(rest) if !rest.contains('…') => format!("write, for example, `{rest}"),
        _ => clause.help.to_owned(),
    })
}

/// The tier that a word of another language stands for, or one of ours.
pub(in crate::syntax) fn tier(word: &str) -> Option<&'static str> {
    let folded = word.to_lowercase();
    let own = TIER_WORDS.into_iter().find(|tier| *tier == folded);
    own.or_else(|| TIERS.iter().find(|(theirs, _)| theirs.contains(&folded.as_str())).map(|(_, tier)| *tier))
}

const TIER_WORDS: [&str; 4] = ["compliance", "cost", "latency", "preference"];

fn tiers(name: Option<&str>) -> String {
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    let tiers = TIER_WORDS.map(|tier| format!("`{tier} rule{name}`"));
    let [init @ .., last] = tiers;
    format!("{} or {last}", init.join(", "))
}

/// Tiers of other languages.
const TIERS: &[(&[&str], &str)] = &[
    (
        &[
            "security",
            "privacy",
            "legal",
            "safety",
            "regulatory",
            "data",
            "gdpr",
            "governance",
            "residency",
            "hard",
        ],
        "compliance",
    ),
    (&["budget", "price", "money", "finops", "spend", "spending", "costs", "cheap"], "cost"),
    (&["speed", "performance", "fast", "sla", "slo"], "latency"),
    (&["quality", "routing", "default", "taste", "soft", "model", "preferences", "prefer"], "preference"),
];
