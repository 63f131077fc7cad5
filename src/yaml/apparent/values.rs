//! What single values of a document say that nobody means.

use super::endpoint;
use crate::limits::shown;
use crate::number::whole;
use crate::source::Spanned;
use crate::yaml::read::KEEPS_NULL;
use crate::yaml::slip::short;
use crate::yaml::{Kind, Value};

const CACHE: &str = "what comes from a cache costs no more; are the two mixed up?";

/// Numbers of which the first is at least the second, and why.
const ORDERED: [(&str, &str, &str); 3] = [
    ("p95_ms", "p50_ms", "95 of 100 answers take at least as long as half of them; are the two mixed up?"),
    ("cost_per_1k_tokens_input", "cost_per_1k_tokens_cached_input", CACHE),
    ("cost_per_1m_tokens_input", "cost_per_1m_tokens_cached_input", CACHE),
];

/// Keys of whole numbers and of amounts for a month or a day, where a dot and three digits are no fraction.
const LARGE: [&str; 18] = [
    "min_context",
    "context_window",
    "requests",
    "input_tokens",
    "output_tokens",
    "cached_input_tokens",
    "above_tokens",
    "max_output_tokens",
    "tokens_per_month",
    "requests_per_minute",
    "tokens_per_minute",
    "peak_requests_per_minute",
    "latency_sla_ms",
    "p50_ms",
    "p95_ms",
    "per_month",
    "max_daily_spend_usd",
    "budget_estimate_usd_per_month",
];

/// Keys whose values may be anything.
const FREE: [&str; 4] = ["profile", "description", "note", "notes"];

/// Keys of a use case that hold one name, which people take for lists.
const ONE_NAME: [&str; 4] = ["team", "business_unit", "project", "application"];

/// What is said of the values of a document, each with its place.
pub(super) fn notes(text: &str, document: &Value, as_of: &str) -> Vec<(usize, String)> {
    let mut walk = Walk { text, as_of, notes: Vec::new() };
    walk.value("", document);
    walk.notes
}

struct Walk<'a> {
    text: &'a str,
    as_of: &'a str,
    notes: Vec<(usize, String)>,
}

impl Walk<'_> {
    fn note(&mut self, key: &Spanned<String>, note: String) {
        self.notes.push((key.span.start as usize, note));
    }

    fn value(&mut self, key: &str, value: &Value) {
        for item in value.items() {
            self.value(key, item);
        }
        for (name, inner) in value.entries() {
            self.entry(name, inner);
            if !FREE.contains(&name.value.as_str()) {
                self.value(&name.value, inner);
            }
        }
        self.map(key, value);
    }

    fn entry(&mut self, key: &Spanned<String>, value: &Value) {
        let name = key.value.as_str();
        match &value.kind {
            Kind::Null => {
                if let Some(note) = self.nothing(key, value) {
                    self.note(key, note);
                }
            }
            Kind::Number { text, .. } if LARGE.contains(&name) => {
                if let Some(note) = thousands(&format!("{name}: {text}"), text) {
                    self.note(key, note);
                }
            }
            Kind::String(text) if !FREE.contains(&name) => {
                if ONE_NAME.contains(&name) && text.contains(", ") {
                    let text = short(text);
                    self.note(
                        key,
                        format!("`{name}` is one name, `{text}`, comma and all: `{name}` holds no list"),
                    );
                }
                if let Some(variable) = variable(text) {
                    let right = match name {
                        "api_key_env" => {
                            format!("write `{name}: {}`", variable.trim_matches(['$', '{', '}']))
                        }
                        _ => "write the value itself".to_owned(),
                    };
                    self.note(
                        key,
                        // The rest of the value may be one to be kept.
                        format!("`{name}` is read with `{variable}` in it as it stands: nothing is put in for that; {right}"),
                    );
                }
            }
            _ => {}
        }
    }

    /// A key after which nothing stands.
    fn nothing(&self, key: &Spanned<String>, value: &Value) -> Option<String> {
        if key.value == KEEPS_NULL {
            return None;
        }
        let written = self.text.get(value.span.start as usize..value.span.end as usize).unwrap_or_default();
        let behind = self.text.get(key.span.end as usize..).unwrap_or_default();
        let behind = behind.trim_start_matches([':', ' ']);
        let is_mark = |text: &str| text.starts_with(['!', '&']);
        let shown = short(&key.value);
        if is_mark(behind) && (written.trim().is_empty() || is_mark(written)) {
            let mark = behind.split([' ', ',', '}', ']', '\n', '\r']).next().unwrap_or_default();
            let what = if mark.starts_with('!') { "a tag" } else { "an anchor" };
            return Some(format!(
                "`{shown}` holds nothing: `{}` is {what} of YAML, behind which nothing stands; write the value, in quotes if it begins so",
                short(mark)
            ));
        }
        written.trim().is_empty().then(|| {
            format!("`{shown}` holds nothing, and is read as if it were not there: write its value, or leave it out")
        })
    }

    /// What the keys of a map say together.
    fn map(&mut self, key: &str, map: &Value) {
        if key == "providers" {
            for (provider, body) in map.entries() {
                self.doubled(provider, body);
            }
            return;
        }
        for (larger, smaller, why) in ORDERED {
            self.order(map, larger, smaller, why);
        }
        self.ahead(map, key);
        if key == "endpoint"
            && let Some((protocol, value)) = map.entry("protocol")
            && let Some(note) = value.text().and_then(endpoint::protocol)
        {
            self.note(protocol, note);
        }
    }

    /// A number that is at least another one, and is less.
    fn order(&mut self, map: &Value, larger: &str, smaller: &str, why: &str) {
        let (Some((key, large)), Some(small)) = (map.entry(larger), map.get(smaller)) else { return };
        if let (Some(a), Some(b)) = (large.number(), small.number())
            && a < b
            && *a > whole(0)
        {
            let shown = |value: &Value| match &value.kind {
                Kind::Number { text, .. } => text.clone(),
                _ => String::new(),
            };
            let note = format!("`{larger}` is {}, and `{smaller}` {}: {why}", shown(large), shown(small));
            self.note(key, note);
        }
    }

    /// Days of what has happened that lie ahead.
    fn ahead(&mut self, map: &Value, key: &str) {
        const PAST: [(&str, &str, &str); 3] = [
            ("evidence", "read_on", "nothing was read on a day to come"),
            ("reviews", "last", "a review that was not held yet counts as held"),
            ("drills", "date", "a drill that was not held yet counts for nothing"),
        ];
        for (_, name, what) in PAST.into_iter().filter(|(of, ..)| *of == key) {
            if let Some((at, day)) = map.entry(name)
                && let Some(day) = day.text().filter(|day| *day > self.as_of)
            {
                let note = format!(
                    "`{name}: {}` lies after {}, the day that is asked about: {what}",
                    short(day),
                    self.as_of
                );
                self.note(at, note);
            }
        }
        if key == "evidence"
            && let (Some((at, read)), Some(expires)) = (map.entry("read_on"), map.get("expires"))
            && let (Some(read), Some(expires)) = (read.text(), expires.text())
            && expires < read
        {
            self.note(
                at,
                format!(
                    "`read_on: {}` lies after `expires: {}`; are the two mixed up?",
                    short(read),
                    short(expires)
                ),
            );
        }
    }

    /// `- name: openai/gpt-4o` below `openai`: its id has the provider twice.
    fn doubled(&mut self, provider: &Spanned<String>, body: &Value) {
        // OpenRouter has models of its own that are called so.
        if provider.value == "openrouter" {
            return;
        }
        for model in body.get("models").map(Value::items).unwrap_or_default() {
            let Some((key, name)) = model.entry("name") else { continue };
            let Some((begin, rest)) = name.text().and_then(|name| name.split_once('/')) else { continue };
            if begin.eq_ignore_ascii_case(&provider.value) && !rest.is_empty() {
                self.note(key, format!(
                    "the id of this model is `{}/{begin}/{}`: the provider stands before the name already, so write `name: {}`",
                    short(&provider.value), short(rest), short(rest)
                ));
            }
        }
    }
}

/// `480.000`: what is said of a number that is whole, and written with the dot of thousands.
pub fn thousands(shown: &str, value: &str) -> Option<String> {
    let (whole, thousands) = value.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_so = digits(whole) && digits(thousands) && thousands.len() == 3 && whole.len() <= 3;
    let read = value.trim_end_matches('0').trim_end_matches('.');
    (is_so && !whole.starts_with('0')).then(|| {
        format!("`{shown}` is read as {read}: a dot begins a fraction; write `{whole}{thousands}` if thousands are meant")
    })
}

/// `${OWNER}`, `$OWNER`, `{{ owner }}`: what other programs put a value in for.
fn variable(text: &str) -> Option<&str> {
    let braced = |open: &str, close: &str| {
        let at = text.find(open)?;
        let rest = text.get(at..)?;
        rest.get(..rest.find(close)? + close.len())
    };
    let plain = || {
        let name = text.strip_prefix('$')?;
        let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        (name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(is_name)).then_some(text)
    };
    let found = braced("${", "}").or_else(|| braced("{{", "}}")).or_else(plain);
    found.filter(|found| found.len() <= shown::VARIABLE)
}
