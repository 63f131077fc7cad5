//! What other languages have and this one says otherwise: `else`, `not in`, `priority`, lists in brackets.

use crate::diag::{elsewhere, nearest};

use super::label::{CLAUSE, Label};
use super::message::{Scene, quote};
use super::scan::{self, Kind};
use super::words;

/// How this language says it, where it is known what was meant.
pub(super) fn help(scene: &Scene<'_>) -> Option<String> {
    GUESSES.iter().find_map(|guess| guess(scene))
}

const GUESSES: &[fn(&Scene<'_>) -> Option<String>] = &[
    second_preference,
    preference,
    action,
    target,
    fact,
    head,
    computed,
    set_test,
    model_named,
    test_of_negation,
    swapped,
    listed,
    bracketed,
    between,
    pattern,
    string,
    given,
    assigned,
    joined_by_word,
    statement,
    clause,
    meant,
];

/// `prefer cheapest, fastest`: each is a clause of its own.
fn second_preference(scene: &Scene<'_>) -> Option<String> {
    let before = scene.before_text();
    let joins = matches!(scene.found_text(), "," | "and" | "then" | "or" | "->" | ">" | "&&" | "+");
    let next = if joins { scene.behind(1)? } else { scene.found_text() };
    let both = words::PREFERENCES.contains(&before) && words::PREFERENCES.contains(&next);
    both.then(|| format!("give each its own clause: `prefer {before}` and then `prefer {next}`"))
}

/// What a `prefer` orders by, in other words.
fn preference(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    if before == "prefer" && found == "not" {
        return Some(format!("prefer the others, or write `forbid model.provider == {}`", scene.behind(1)?));
    }
    if scene.second_before.map(|token| token.text(scene.text)) != Some("prefer") {
        return None;
    }
    if before.contains('.')
        && (words::COMPARISONS.contains(&found) || matches!(found, "has" | "in" | "covers" | "="))
    {
        return Some(format!("write it as `prefer where {before} {}`", scene.rest_of_line(0)));
    }
    if found == ">" {
        return Some("write `,` instead of `>`".to_owned());
    }
    let both = format!("{before}-{found}");
    let order = elsewhere::meant(&both, words::PREFERENCES)?;
    Some(format!("write it as `prefer {order}`"))
}

/// What a budget or a dear target does, without the clause that it stands in.
fn action(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    match (scene.first, before, found) {
        ("budget", "%", "}") => {
            Some("say what happens then: `notify`, `throttle`, `queue` or `block`".to_owned())
        }
        ("budget", "on", _) if scene.behind(1) == Some("%") => Some(format!("write `at {found}%`")),
        ("budget", _, action) if words::BUDGET_ACTIONS.contains(&action) && before != "%" => {
            Some(format!("give it a clause of its own: `at 100% {action}`"))
        }
        ("failover" | "quota", "queue", _) if scene.found?.kind == Kind::Number => {
            Some(format!("write `for {}`", scene.phrase(0)))
        }
        ("failover", "degrade", "to" | "with") => {
            Some(format!("leave out the `{found}`: `degrade {}`", scene.phrase(1)))
        }
        ("failover", "then", model) if model.contains('/') => {
            Some("targets stand in a chain, joined by `->`: `chain a/b -> c/d`".to_owned())
        }
        _ => None,
    }
}

/// A model with another mark between provider and name, or with white space.
fn target(scene: &Scene<'_>) -> Option<String> {
    let list = scene.expects("->") || scene.expected.contains(&Label::Word(","));
    let mark = matches!(scene.found_text(), ":" | "/" | "\\" | "::");
    let before = scene.before.filter(|token| token.kind == Kind::Word)?;
    let next = scene.behind(1).filter(|next| next.starts_with(char::is_alphanumeric))?;
    let provider = scene.text.get(before.start..scene.failed.min(before.end))?;
    (list && mark).then(|| format!("write it as `{provider}/{next}`"))
}

/// The values of a fact.
fn fact(scene: &Scene<'_>) -> Option<String> {
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
fn head(scene: &Scene<'_>) -> Option<String> {
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
        (true, name) if found == "{" => Some(format!("write `{} rule {name}`", scene.first)),
        _ => None,
    }
}

/// Arithmetic, and a choice within a condition.
fn computed(scene: &Scene<'_>) -> Option<String> {
    let number = scene.behind(1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
    let condition = scene.expects("and")
        && scene
            .before
            .is_some_and(|token| token.kind == Kind::Word || (number && token.kind == Kind::Number));
    match scene.found_text() {
        "*" | "+" | "-" | "^" if condition => {
            Some("a condition compares and does not compute: write the number itself".to_owned())
        }
        "?" => {
            Some("there is no `… ? … : …`: write two rules, the second with the opposite `when`".to_owned())
        }
        _ => None,
    }
}

/// A set compared as if it were one value, or tested with another word.
fn set_test(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    let is_set = SETS.contains(&before.rsplit('.').next()?) && scene.expects("has");
    match found {
        "is" | "=" | "equals" | "contain" | "containing" | "include" if is_set => {
            Some(format!("write it as `{before} has {}`", scene.phrase(1)))
        }
        "[" if before == "all" || before == "any" => {
            let set = scene.third_before()?;
            let join = if before == "any" { " or " } else { " and " };
            let all: Vec<String> = scene.listed(1).iter().map(|item| format!("{set} has {item}")).collect();
            Some(format!("write it as `{}`", all.join(join)))
        }
        set if SETS.contains(&set) && matches!(before, "no" | "exists" | "any" | "some") => {
            Some(match before {
                "no" => format!("write it as `not {}`", scene.rest_of_line(0)),
                _ => format!("write it as `{set} has …`"),
            })
        }
        _ => None,
    }
}

/// `forbid model a/b`.
fn model_named(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found.filter(|token| token.kind == Kind::Word)?.text(scene.text);
    (matches!(scene.before_text(), "model" | "provider") && scene.expects("==")).then(|| {
        match found.contains('/') {
            true => format!("write it as `model.id == {found}`"),
            false => format!("write it as `model.provider == {found}`"),
        }
    })
}

/// `use_case not in [a]`, `use_case is not a`.
fn test_of_negation(scene: &Scene<'_>) -> Option<String> {
    let attribute = scene.before.filter(|token| token.kind == Kind::Word)?.text(scene.text);
    match (scene.found_text(), scene.behind(1)?) {
        ("not", operator @ ("in" | "has" | "covers" | "contains")) => {
            let operator = if operator == "contains" { "has" } else { operator };
            let rest = scene.rest_of_line(2);
            Some(format!("write it as `not {attribute} {operator} {rest}`"))
        }
        ("is", "not") => Some(format!("write it as `{attribute} != {}`", scene.rest_of_line(2))),
        _ => None,
    }
}

/// `pii in data`: the set stands on the left.
fn swapped(scene: &Scene<'_>) -> Option<String> {
    let set = scene.found.filter(|token| token.kind == Kind::Word)?.text(scene.text);
    let is_set = SETS.contains(&set.rsplit('.').next()?);
    let element = scene.second_before.filter(|_| is_set && scene.before_text() == "in")?;
    Some(format!("write it as `{set} has {}`", element.text(scene.text)))
}

const SETS: &[&str] =
    &["compliance", "regulations", "residency", "data", "capabilities", "regions", "processed_in"];

/// A list where one value is compared, a value where a list stands.
fn listed(scene: &Scene<'_>) -> Option<String> {
    let value = scene.expects_group("a value or attribute");
    let operand = scene.second_before.map_or("…", |token| token.text(scene.text));
    match (scene.before_text(), scene.found_text()) {
        ("==", "[" | "(" | "{") if value => {
            Some(format!("write it as `{operand} in [{}]`", scene.listed(1).join(", ")))
        }
        ("!=", "[" | "(" | "{") if value => {
            Some(format!("write it as `not {operand} in [{}]`", scene.listed(1).join(", ")))
        }
        (operator @ ("has" | "covers"), "[" | "(" | "{") if value => {
            let all: Vec<String> =
                scene.listed(1).iter().map(|item| format!("{operand} has {item}")).collect();
            let _ = operator;
            Some(format!("test one after the other: `{}`", all.join(" and ")))
        }
        ("in", _) if scene.expects("[") && scene.found?.kind == Kind::Word => {
            Some(format!("write `[{}]`", scene.listed(0).join(", ")))
        }
        (_, ",")
            if scene.second_before.is_some_and(|token| matches!(token.text(scene.text), "has" | "==")) =>
        {
            let (operand, operator) = (scene.third_before()?, scene.second_before?.text(scene.text));
            let value = scene.behind(1).filter(|next| {
                !words::is_keyword(next) && next.starts_with(|c: char| c.is_alphanumeric() || c == '"')
            })?;
            // `data has pii, origin == eu` joins two conditions.
            let condition = scene
                .behind(2)
                .is_some_and(|next| words::COMPARISONS.contains(&next) || matches!(next, "has" | "in"));
            Some(if condition {
                "join two conditions with `and`".to_owned()
            } else {
                format!(
                    "repeat the comparison: `{operand} {operator} {} and {operand} {operator} {value}`",
                    scene.before_text()
                )
            })
        }
        _ => None,
    }
}

/// Brackets around a list that has none here.
fn bracketed(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    if !matches!(found, "[" | "{" | "(") || scene.expects(found) || scene.meant().is_some() {
        return None;
    }
    let before = scene.before_text();
    if found == "{" && before == "when" {
        return Some("leave out the braces around the condition".to_owned());
    }
    let lists = [
        "in",
        "overrides",
        "mask",
        "teams",
        "projects",
        "applications",
        "business_units",
        "data",
        "capabilities",
        "compliance",
        "regions",
        "notify",
        "escalate",
        "on",
        "chain",
        "prefer",
        "down",
        "match",
        "require",
        "given",
    ];
    if before == "queue" {
        return Some("write `queue for 15 minutes`".to_owned());
    }
    let here = lists.contains(&before) && !scene.expects_group("a condition");
    let items = scene.listed(1);
    let joined = match before {
        "chain" => items.join(" -> "),
        "down" => items.join(", down "),
        _ => items.join(", "),
    };
    (here && !items.is_empty()).then(|| format!("a list has no brackets here: write `{joined}`"))
}

/// `cost between 1 and 5`.
fn between(scene: &Scene<'_>) -> Option<String> {
    let attribute = scene.before_text();
    let found = scene.found_text();
    (found == "between").then(|| {
        let low = scene.behind(1).unwrap_or("…");
        let high = scene.behind(3).unwrap_or("…");
        format!("write it as `{attribute} >= {low} and {attribute} <= {high}`")
    })
}

/// `use_case matches support.*`.
fn pattern(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text().to_lowercase().replace('_', "");
    let known =
        ["like", "matches", "startswith", "beginswith", "~", "=~", "glob", "match"].contains(&found.as_str());
    let condition = scene.expects("==") || scene.expects("in");
    let begins = scene.behind(1)?.trim_matches(['"', '\'']).trim_end_matches(['*', '.', '%']);
    if scene.found_text() == "*" && scene.before_text().starts_with('/') {
        let provider = scene.second_before?.text(scene.text);
        return Some(format!("write it as `model.provider == {}`", provider.split('/').next()?));
    }
    (known && condition && scene.before_text() == "use_case")
        .then(|| format!("write it as `use_case == {begins}.*`"))
        .or_else(|| (known && condition).then(|| "compare with whole names: `==`, `in [ … ]`".to_owned()))
}

/// A text in other quotes or in none, up to the end of its line.
fn string(scene: &Scene<'_>) -> Option<String> {
    let wanted = scene.expects_group("a string") && scene.before_text() == "because";
    let found = scene.found?;
    let quotes = ["'", "‘", "’", "“", "”", "`", "«", "„"];
    let is_quote = quotes.contains(&scene.found_text());
    if !(wanted && found.kind == Kind::Word
        || is_quote
            && (scene.expects_group("a string")
                || scene.expects_name()
                || scene.expects_group("a value or attribute")))
    {
        return None;
    }
    let line = scene.text.get(found.start..scan::line_end(scene.text, found.start))?;
    let inner = if is_quote {
        let rest = line.get(found.end - found.start..)?;
        rest.split(['\'', '‘', '’', '“', '”', '`', '»']).next()?
    } else {
        line.split(['#', '}', '"']).next()?.trim_end()
    };
    let short = inner.chars().count() <= 80 && !inner.contains(['\\', '"']);
    short.then(|| format!("write `\"{inner}\"`"))
}

/// What a test gives, without a symbol between name and value.
fn given(scene: &Scene<'_>) -> Option<String> {
    if scene.first != "test" {
        return None;
    }
    let (found, before) = (scene.found_text(), scene.before_text());
    let symbol = matches!(found, "=" | "==" | ":" | "<" | "<=" | ">" | ">=" | "is");
    let of_expect = scene.second_before.is_some_and(|token| token.text(scene.text) == "expect");
    if symbol && of_expect && !words::EXPECTED.contains(&before) {
        return Some("a test expects a decision; conditions stand in a guarantee, `always …`".to_owned());
    }
    if symbol && before != "given" {
        return Some(format!("leave it out: write `{before} {}`", scene.phrase(1)));
    }
    if before == "is" && words::EXPECTED.contains(&scene.second_before?.text(scene.text)) {
        return Some(format!("leave out `is`: write `{} {found}`", scene.second_before?.text(scene.text)));
    }
    match (before, found) {
        ("expect", "not") => return Some(format!("write `never {}`", scene.phrase(1))),
        ("queue", "for") => {
            return Some("leave it out: a test names only how the request ends, `then queue`".to_owned());
        }
        (_, "." | "*") => return Some("a test is about one use case: write its whole name".to_owned()),
        _ => {}
    }
    if scene.second_before.is_some_and(|token| token.text(scene.text) == "expect")
        && scene.found?.kind == Kind::Word
        && !words::TEST.contains(&found)
        && !matches!(found, "then")
        && !words::EXPECTED.contains(&before)
    {
        return Some(format!("write `expect primary {found}`"));
    }
    if matches!(found, "and" | "&&" | ";") {
        let down = scene.second_before.filter(|token| token.text(scene.text) == "down");
        return Some(match (down, scene.behind(1)) {
            (Some(_), Some(next)) if next != "down" => format!("write `, down {next}`"),
            _ => format!("write `,` instead of `{found}`"),
        });
    }
    // `down a, b` and `given support.reply`: the next clause was read as a value.
    let swallowed = words::TEST.contains(&before);
    let name = scene.second_before?.text(scene.text);
    if words::GIVEN.contains(&found) && scene.expected.contains(&Label::Word(",")) {
        return Some(format!("put a comma before `{found}`"));
    }
    if words::GIVEN.contains(&name) {
        return None;
    }
    match scene.third_before() {
        Some("given") if swallowed => Some(format!("write `given use_case {name}`")),
        Some(",") if swallowed => {
            Some(format!("write the name of the fact before its value, or `down {name}`"))
        }
        _ => None,
    }
}

/// `limit = 5`, `require: …`: nothing stands between a word and what it says.
fn assigned(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    let before = scene.before?;
    let word = before.kind == Kind::Word && words::is_keyword(before.text(scene.text));
    let after = word || matches!(before.text(scene.text), "in" | "for" | "as" | "default");
    (after && matches!(found, "=" | ":" | ":=" | "=>") && !scene.expects(found) && scene.meant().is_none())
        .then(|| {
            format!("leave out the `{found}`: {} stands directly before its value", quote(scene.text, before))
        })
}

/// `on a or b`, `prefer a or b`: a list has commas.
fn joined_by_word(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    let list = scene.expected.contains(&Label::Word(","));
    if !list {
        return None;
    }
    if matches!(found, "or" | "and" | "&&" | "||" | "|" | "&" | "then" | "+" | ";") {
        return Some(format!("write `,` instead of `{found}`"));
    }
    let item =
        scene.found.filter(|token| token.kind == Kind::Word || matches!(token.kind, Kind::Text { .. }))?;
    let same_line = !scene.text.get(scene.before?.end..item.start)?.contains('\n');
    let lists = [
        "on",
        "match",
        "mask",
        "overrides",
        "in",
        "notify",
        "escalate",
        "require",
        "prefer",
        "teams",
        "projects",
        "applications",
        "business_units",
        "data",
        "capabilities",
        "compliance",
        "regions",
    ];
    let opened = scene
        .second_before
        .is_some_and(|token| lists.contains(&token.text(scene.text)) || token.text(scene.text) == ",");
    let ends = words::is_keyword(found) || !same_line;
    let ends = ends || words::is_keyword(scene.before_text());
    (opened && !ends).then(|| format!("put a comma before {}", quote(scene.text, item)))
}

/// The beginning of a statement from elsewhere.
fn statement(scene: &Scene<'_>) -> Option<String> {
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
        "rule" | "rules" | "policy" | "policies" | "route" | "routing" | "when" | "if" | "allow" | "deny" | "permit"
        | "forbid" | "require" | "prefer" => Some(format!(
            "a rule names its tier first: write {}",
            tiers(name)
        )),
        "import" | "include" | "use" | "package" | "module" | "from" => {
            Some("leave it out: every file of `policies/` is read".to_owned())
        }
        "version" | "apiversion" | "kind" | "metadata" => Some("leave it out: a policy has no header".to_owned()),
        "let" | "const" | "var" | "def" | "define" | "set" => {
            Some("there are no variables: what requests state is a `fact`, closed lists are `teams a, b` and the like".to_owned())
        }
        "providers" | "use_cases" | "models" | "governance" | "---" => {
            Some("this looks like YAML: registry and estate stand in `.yaml` files".to_owned())
        }
        "<" if scene.behind(1) == Some("!") => Some("a comment begins with `#`".to_owned()),
        _ => None,
    }
}

/// The clause of a rule, budget or failover statement that another language has.
fn clause(scene: &Scene<'_>) -> Option<String> {
    let home = scene.expected.iter().find_map(|label| match label {
        Label::Group(phrase, _) => phrase.strip_prefix(CLAUSE).map(str::trim_start),
        _ => None,
    })?;
    let found = scene.found_text().to_lowercase().replace('-', "_");
    let known = CLAUSES.iter().find(|(of, theirs, _)| home.contains(of) && theirs.contains(&found.as_str()));
    if let Some((.., help)) = known {
        return Some((*help).to_owned());
    }
    None
}

/// A word for which this language has another one, and all that may stand there where it is a closed list.
fn meant(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found.filter(|token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Symbol))?;
    let text = found.text(scene.text);
    let lists: Vec<&[&str]> = scene
        .expected
        .iter()
        .filter_map(|label| match label {
            Label::Group(phrase, words) if !phrase.starts_with(CLAUSE) && words.len() > 1 => Some(*words),
            Label::Word(_) | Label::Group(..) | Label::More(..) | Label::End => None,
        })
        .collect();
    let singles: Vec<&str> = scene
        .expected
        .iter()
        .filter_map(|label| match label {
            Label::Word(word) if word.len() > 1 => Some(*word),
            _ => None,
        })
        .collect();
    let ours = lists.iter().copied().chain([singles.as_slice()]);
    let one = ours.filter_map(|ours| elsewhere::meant(text, ours)).next();
    one.map(|one| match lists.first().filter(|list| list.contains(&one) && list.len() <= 4) {
        Some(list) => format!("did you mean `{one}`? it is one of {}", nearest::either(list)),
        None => format!("did you mean `{one}`?"),
    })
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

/// Clauses of other languages: in which statement, the words, and how it is said here.
const CLAUSES: &[(&str, &[&str], &str)] = &[
    (
        "rule",
        &["else", "otherwise", "elif", "elsif", "elseif"],
        "there is no `else`: write a second rule whose `when` is the opposite, `when not …`",
    ),
    ("rule", &["unless", "except"], "write `when not …`"),
    ("rule", &["then", "do", "so"], "leave it out: the clauses stand one below the other"),
    (
        "rule",
        &["priority", "weight", "order", "rank", "precedence"],
        "rules have no numbers: `overrides NAME` says which of two counts",
    ),
    (
        "rule",
        &["use", "select", "route", "choose", "pick", "send", "model", "target", "provider"],
        "write `prefer …` for a wish, `require …` for a promise",
    ),
    (
        "rule",
        &["exclude", "ban", "not", "avoid", "never", "prohibit"],
        "write `forbid …`, for example `forbid model.provider == openai`",
    ),
    (
        "rule",
        &["only", "must", "ensure", "restrict", "limit_to"],
        "write `require …`, for example `require model.hosting == self-hosted`",
    ),
    (
        "rule",
        &["fallback", "failover", "chain", "follow"],
        "failover is a statement of its own: `failover NAME { follow ranking }`",
    ),
    ("rule", &["residency", "region", "regions", "location", "pin"], "write `process in eu`"),
    (
        "rule",
        &["enabled", "disabled", "active"],
        "a rule is in force unless `from` or `until` says otherwise",
    ),
    (
        "rule",
        &["action", "effect", "return", "severity", "message"],
        "leave it out: a rule says `require`, `forbid` or `prefer`",
    ),
    (
        "rule",
        &["like", "matches", "startswith"],
        "compare with `==`, `in [ … ]` or, of `use_case`, a pattern such as `support.*`",
    ),
    ("rule", &["all", "any", "exists", "no"], "write `has`, for example `data has pii`"),
    (
        "failover",
        &["else", "otherwise", "finally", "default", "last"],
        "write `then queue for 15 minutes`, `then degrade` or `then block`",
    ),
    ("failover", &["hops", "max_hops", "max", "depth", "attempts"], "write `limit 2 hops`"),
    ("failover", &["retries", "max_retries"], "write `retry 2 times`"),
    ("failover", &["cost", "max_cost", "multiplier"], "write `above 2x cost block`"),
    ("failover", &["trigger", "triggers", "errors"], "write `on rate-limited, timeout`"),
    ("failover", &["circuit_breaker", "breaker", "wait", "backoff"], "write `cooldown 30 seconds`"),
    (
        "failover",
        &["order", "models", "route", "use", "fallback", "fallbacks", "targets"],
        "write `chain a/b -> c/d`, `follow ranking` or `follow registry`",
    ),
    (
        "budget",
        &["max", "amount", "cap", "monthly", "ceiling", "maximum", "total"],
        "write `limit 500 usd per month`",
    ),
    ("budget", &["scope", "filter", "applies_to"], "write `when …`"),
    ("budget", &["currency"], "leave it out: amounts are in US dollars"),
    ("budget", &["period", "reset", "interval"], "the period stands in the limit: `limit 500 usd per month`"),
    ("budget", &["alert", "warn", "threshold", "notify"], "write `at 80% notify \"finops@example.com\"`"),
    ("budget", &["action", "enforce", "hard", "stop"], "write `at 100% block`"),
    ("budget", &["rollover", "carry_over"], "leave it out: what is left does not carry over"),
    ("quota", &["max", "rpm", "requests", "cap", "tpm", "tokens"], "write `limit 500 requests per minute`"),
    ("quota", &["at", "action", "exceeded", "else"], "write `then queue`, `then failover` or `then block`"),
    ("quota", &["provider", "model", "for", "of"], "write `on openai`"),
    ("audit", &["keep", "store", "ttl", "retention"], "write `retain 3 years`"),
    ("audit", &["redact", "hide", "anonymize", "anonymise", "scrub", "pseudonymise"], "write `mask pii`"),
    ("audit", &["log", "trace", "record"], "write `lineage required`"),
    ("guarantee", &["assert", "ensure", "must", "check", "invariant", "holds"], "write `always …`"),
    ("guarantee", &["not", "deny", "exclude"], "write `never …`"),
    ("guarantee", &["forall", "for_all", "where", "if", "given", "scope", "all"], "write `for …`"),
    ("test", &["when", "if", "request", "input", "use_case"], "write `given use_case NAME`"),
    ("test", &["then", "should", "result", "output", "assert"], "write `expect …`"),
    ("attribution", &["tags", "dimensions", "labels", "by"], "write `require team, project`"),
];
