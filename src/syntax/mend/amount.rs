//! Amounts with other words around them: `limit at most 2 hops`, `above cost 2x`, `at 80%, 90% notify`.

use super::Mend;
use crate::diag::elsewhere;
use crate::diag::quantity::{self, Wanted};
use crate::number::whole;
use crate::syntax::foreign;
use crate::syntax::literal::{self, Opener};
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// Words and marks that say no more than the clause says.
const NEEDLESS: [&str; 21] = [
    "of", "is", "the", "a", "an", "for", "to", "=", ":", "==", "about", "exactly", "just", "only", "amount",
    "first", "after", "each", "every", "up", "by",
];

/// Those of a limit: it is the most that may be.
const MOST: [&str; 14] = [
    "at", "most", "max", "maximum", "no", "not", "more", "than", "less", "<", "<=", "below", "under",
    "within",
];

/// Those of an amount from which on something is done.
const OVER: [&str; 14] = [
    "more",
    "than",
    "over",
    "exceeds",
    "exceeding",
    "reaches",
    "reached",
    ">",
    ">=",
    "at",
    "least",
    "above",
    "when",
    "+",
];

/// An amount behind words that say no more.
pub(super) fn after_words(scene: &Scene<'_>) -> Option<Mend> {
    let Opener { token, wanted } = literal::opener(scene)?;
    let first_behind = scan::next(scene.text, token.end)?;
    // Behind `above`, what stands behind the number can be wrong too: `2 times the cost`.
    let directly =
        scene.before.is_some_and(|before| before.start == token.start) || wanted == Wanted::Multiplier;
    let is_number = first_behind.kind == Kind::Number && wanted != Wanted::Multiplier;
    if !directly || is_number || words::COMPARISONS.contains(&token.text(scene.text)) {
        return None;
    }
    let text = |token: &Token| token.text(scene.text);
    let line_end = scan::line_end(scene.text, token.end);
    let onward: Vec<Token> =
        scan::tokens(scene.text, token.end).take_while(|token| token.start < line_end).take(64).collect();
    let own: &[&str] = match (text(&token), wanted) {
        ("limit" | "retry" | "for" | "cooldown", _) => &MOST,
        ("retain", _) => &["at", "least", ">=", "minimum", "min"],
        _ => &OVER,
    };
    let is_of_cost =
        |said: &str| wanted == Wanted::Multiplier && matches!(said, "cost" | "price" | "costs" | "primary");
    let skips = |token: &&Token| {
        let said = text(token).to_lowercase();
        NEEDLESS.contains(&said.as_str()) || own.contains(&said.as_str()) || is_of_cost(&said)
    };
    let skipped = onward.iter().take_while(skips).count();
    // `no more than` is a limit, `no` alone is none.
    let says = |word: &str| onward.iter().take(skipped).any(|token| text(token) == word);
    if (says("no") || says("not")) && !says("more") {
        return None;
    }
    let has_plus = onward.get(..skipped)?.iter().any(|token| text(token) == "+");
    let is_cost = onward.get(..skipped)?.iter().any(|token| is_of_cost(text(token)));
    let rest = onward.get(skipped..)?;
    let first = rest.first()?;
    let line = scene.text.get(first.start..scan::line_end(scene.text, first.start))?;
    let (right, length) = written(line, wanted, has_plus)?;
    let mut end = first.start + line.get(..length)?.trim_end().len();
    let right = if wanted == Wanted::Multiplier {
        let fits = |token: &&Token| {
            let said = text(token);
            token.start >= end && (is_of_cost(said) || matches!(said, "the" | "of" | "more" | "as" | "much"))
        };
        let behind = rest.iter().skip_while(|token| token.start < end).take_while(fits).last();
        end = behind.map_or(end, |last| last.end);
        if !is_cost && behind.is_none() {
            return None;
        }
        format!("{right} cost")
    } else {
        right
    };
    let is_same = scene.text.get(first_behind.start..end)? == right;
    (!is_same && scene.failed <= end)
        .then(|| Mend::new(first_behind.start, end, right.clone()).amount(scene, &right))
}

impl Mend {
    /// A mend that is marked as a whole, and says what was expected.
    fn amount(self, scene: &Scene<'_>, right: &str) -> Self {
        let start = self.start;
        if scene.found.is_some_and(|found| found.start == start) {
            return self;
        }
        let written = scene.text.get(self.start..self.end).unwrap_or_default();
        let message = format!("expected a multiple of the cost, found `{written}`");
        self.message(message).help(format!("write `{right}`"))
    }
}

/// The amount at the beginning of a text as it is written here, and how many bytes of the text it takes.
fn written(text: &str, wanted: Wanted, has_plus: bool) -> Option<(String, usize)> {
    // `x5`
    if let Some(number) = text.strip_prefix(['x', 'X', '×']).filter(|_| wanted == Wanted::Multiplier) {
        let digits = number.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let factor =
            number.get(..digits).filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))?;
        return Some((format!("{factor}x"), text.len() - number.len() + digits));
    }
    let (quantity, length) = quantity::read(text, wanted)?;
    let of_more = has_plus && wanted == Wanted::Multiplier;
    // `+3x` may be three or four times as much, `+50%` is half as much again.
    if of_more && (quantity.unit != quantity::Unit::Percent || quantity.value >= whole(100)) {
        return None;
    }
    Some((quantity.written(wanted)?, length))
}

/// `at 80%, 90% notify "a@b"`: each share is a clause of its own.
pub(super) fn shares(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let at = clause.first().filter(|first| first.text(scene.text) == "at" && scene.first == "budget")?;
    if !matches!(scene.found_text(), "," | "and" | "&" | "/" | ";" | "or") {
        return None;
    }
    let text = |token: &Token| token.text(scene.text);
    let all: Vec<Token> = clause.iter().skip(1).chain(&scene.onward()).copied().collect();
    let action = all.iter().position(|token| words::BUDGET_ACTIONS.contains(&text(token)))?;
    let (shares, rest) = all.split_at_checked(action)?;
    let ends = |token: &&Token| {
        text(token) != "}"
            && (token.start == rest.first().map_or(0, |t| t.start) || !words::is_clause(text(token)))
    };
    let rest: Vec<Token> = rest.iter().take_while(ends).copied().collect();
    let said = scene.written(&rest)?;
    let numbers: Vec<String> = shares
        .iter()
        .filter(|token| token.kind == Kind::Number)
        .map(|token| format!("{}%", text(token)))
        .collect();
    let plain = |token: &Token| {
        token.kind == Kind::Number || matches!(text(token), "%" | "," | "and" | "&" | "/" | ";" | "or")
    };
    if numbers.len() < 2 || !shares.iter().all(plain) {
        return None;
    }
    let clauses: Vec<String> = numbers.iter().map(|share| format!("at {share} {said}")).collect();
    let right = clauses.join(" ");
    let help = format!("each is a clause of its own: write it as `{right}`");
    Some(Mend::new(at.start, rest.last()?.end, right).help(help))
}

/// `500 usd per user per month`: what is counted apart is a clause of its own.
pub(super) fn apart(scene: &Scene<'_>) -> Option<Mend> {
    let Opener { token, wanted } = literal::opener(scene)?;
    if !matches!(wanted, Wanted::Budget | Wanted::Quota) || foreign::stands_already(scene, "per") {
        return None;
    }
    let start = scan::skip(scene.text, token.end);
    let line = scene.text.get(start..scan::line_end(scene.text, start))?;
    let (quantity, length) = quantity::read(line, wanted)?;
    // `500 usd per month and user`: the period was read with it.
    let length = match quantity.per {
        Some(_) => {
            line.find([' ', '/']).and_then(|at| Some(at + 1 + line.get(at + 1..)?.find([' ', '/'])?))?
        }
        None => length,
    };
    let amount = line.get(..length)?.trim_end();
    let (mut names, mut at, mut is_per) = (Vec::new(), length, false);
    while names.len() < 2 {
        let rest = line.get(at..)?;
        let gap = rest.len() - rest.trim_start_matches([' ', '/']).len();
        let word = rest.get(gap..)?.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let end = gap + word.count();
        let name = rest.get(gap..end).filter(|name| !name.is_empty())?;
        let of_slash = rest.get(..gap)?.contains('/');
        at += end;
        if matches!(name, "per" | "each" | "every" | "and") {
            is_per = true;
        } else if is_per || of_slash {
            names.push(name);
            is_per = false;
        } else {
            return None;
        }
    }
    let in_period = |period: &str| {
        let text = format!("{amount} per {period}");
        let (quantity, length) = quantity::read(&text, wanted)?;
        quantity.per.is_some().then(|| quantity.written(wanted)).flatten().filter(|_| length == text.len())
    };
    let [first, second] = names.as_slice() else { return None };
    let (name, right) = match (in_period(second), in_period(first)) {
        (Some(right), None) => (first, right),
        (None, Some(right)) => (second, right),
        _ => return None,
    };
    let name = elsewhere::meant(name, words::DIMENSIONS).unwrap_or(name);
    let right = format!("{right} per {name}");
    let help = format!("what is counted apart is a clause of its own: write it as `{right}`");
    (!words::is_keyword(name) && scene.failed <= start + at)
        .then(|| Mend::new(start, start + at, right).help(help))
}

/// `model.cost < 5 usd per 1m output tokens`: the price of the answer is an attribute of its own.
pub(super) fn of_direction(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let attribute = match scene.found_text().to_lowercase().as_str() {
        "output" | "out" | "completion" | "generated" | "response" | "answer" => "model.output_cost",
        "input" | "in" | "prompt" | "request" | "uncached" => "model.input_cost",
        _ => return None,
    };
    let onward = scene.onward();
    let tokens = onward.get(1).filter(|next| matches!(next.text(scene.text), "tokens" | "token"))?;
    let is_cost = |token: &Token| {
        let costs = ["model.cost", "cost", "model.price", "model.output_cost", "model.input_cost"];
        costs.contains(&token.text(scene.text))
    };
    let start = scan::line_start(scene.text, found.start).max(scene.start);
    let line: Vec<Token> =
        scan::tokens(scene.text, start).take_while(|token| token.start < found.start).take(64).collect();
    let at = line.iter().rposition(is_cost)?;
    let right = format!("{attribute} {} tokens", scene.written(line.get(at + 1..)?)?);
    let start = line.get(at)?.start;
    scene.expects("tokens").then(|| Mend::condition(scene, start, tokens.end, &right))
}
