//! The registry of a draft: each endpoint with what the file and a catalogue know of it.

use std::collections::BTreeMap;

use super::{Draft, Endpoint, Options, UseCase};
use crate::catalogue::facts::Unit;
use crate::catalogue::lines::{fact_lines, price_lines};
use crate::catalogue::vendor::{self, Address};
use crate::catalogue::{Entry, agree};
use crate::import::{Notes, text};
use crate::model::words;
use crate::source::{FileId, Span};

impl Draft {
    pub(super) fn registry(&self, source: &str, options: Options, notes: &mut Notes) -> String {
        let mut registry = format!(
            "# What {source} sends requests to. It says nothing about owners, hosting, agreements, regions, certifications\n\
             # or retention: what is not stated here is unknown, and does not satisfy a rule that asks for it.\n"
        );
        if options.approve.is_none() {
            registry += "# Nothing is approved: `data_classification_max` is the lowest, and `approved_use_cases` a comment.\n";
        }
        registry += "providers:\n";
        let mut providers: BTreeMap<&str, Vec<(usize, &Endpoint)>> = BTreeMap::new();
        for (at, endpoint) in self.endpoints.iter().enumerate() {
            providers.entry(&endpoint.provider).or_default().push((at, endpoint));
        }
        let served = self.served();
        let mut unpriced = Vec::new();
        // The next line, and the bytes whose lines are counted.
        let (mut line, mut counted) = (1, 0);
        for (provider, of) in providers {
            registry += &format!("  {}:\n", text::scalar(provider));
            if of.iter().any(|(_, one)| one.base_url.as_deref().is_some_and(is_near)) {
                registry += "    # Do your own machines run it? Its address is private. If so, remove the `#` from the next line.\n    # hosting: self-hosted\n";
            }
            registry += "    models:\n";
            for (at, endpoint) in &of {
                let serves = served.get(at).map(Vec::as_slice).unwrap_or_default();
                let lines = written(endpoint, serves, options, notes);
                if !lines.contains(" cost_per_1m_tokens_input: ") {
                    line += newlines(registry.get(counted..).unwrap_or_default());
                    counted = registry.len();
                    unpriced.push(format!("`{}` (line {line})", text::comment(&endpoint.id())));
                }
                registry += &lines;
            }
            let span = of.iter().find_map(|(_, one)| one.span);
            if let Some(span) = span {
                notes.state(
                    span,
                    format!("facts about `{}`: `owner`, `hosting`, `jurisdiction`, `dpa`, `regions`, `compliance`, `data_retention`, `trains_on_data`, `availability`", text::comment(provider)),
                );
            }
        }
        if !unpriced.is_empty() {
            notes.state(nowhere(), first(&unpriced));
        }
        if self.endpoints.is_empty() { registry.replace("providers:\n", "providers: {}\n") } else { registry }
    }

    /// Per endpoint the use cases that it serves.
    fn served(&self) -> BTreeMap<usize, Vec<&UseCase>> {
        let mut served: BTreeMap<usize, Vec<&UseCase>> = BTreeMap::new();
        for use_case in &self.use_cases {
            for at in &use_case.serves {
                served.entry(*at).or_default().push(use_case);
            }
        }
        served
    }
}

/// What to write before anything else.
fn first(unpriced: &[String]) -> String {
    format!(
        "first of all two lines below the `name` of each of these in registry/providers.yaml, `cost_per_1m_tokens_input: …` and `cost_per_1m_tokens_output: …`: {}; also where machines of your own run it, with `0` only if you count nothing; `govctl registry refresh --from FILE` writes what a catalogue lists; until then `check` reports missing prices and nothing else",
        words::some_plain(unpriced, 20)
    )
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

fn nowhere() -> Span {
    Span::start_of(FileId::NONE)
}

/// An endpoint with the use cases that it serves.
fn written(endpoint: &Endpoint, serves: &[&UseCase], options: Options, notes: &mut Notes) -> String {
    let mut lines = vec![format!("name: {}", text::digits_first(&endpoint.name))];
    lines.extend(endpoint.comments.iter().map(|comment| format!("# {comment}")));
    let serves: Vec<String> = serves.iter().map(|use_case| text::digits_first(&use_case.name)).collect();
    if let Some(classification) = options.approve {
        if !serves.is_empty() {
            lines.push(format!("approved_use_cases: [{}]", serves.join(", ")));
        }
        lines.push(format!("data_classification_max: {}", text::scalar(classification)));
    } else {
        if !serves.is_empty() {
            lines.push(format!(
                "# approved_use_cases: [{}]   # the names that it serves today",
                serves.join(", ")
            ));
        }
        lines.push("data_classification_max: public".to_owned());
    }
    let entry = listed(endpoint, options);
    // What the vendor asks and grants is nobody else's.
    let (entry, theirs) = if endpoint.elsewhere.is_some() { (None, entry) } else { (entry, None) };
    let shown = text::comment(&endpoint.id());
    let span = endpoint.span.unwrap_or(nowhere());
    if let (Some(entry), Some(catalogue)) = (entry, options.catalogue) {
        for one in agree::within(catalogue, entry) {
            notes.read(span, twice(&shown, &one));
        }
    }
    let said = endpoint.stated.over(entry);
    match &said.price {
        Ok(price) => {
            lines.extend(price_lines(price));
            if let (Some(_), Some(why), Some(catalogue)) = (theirs, &endpoint.elsewhere, options.catalogue) {
                let catalogue = text::comment(&catalogue.name);
                notes.read(span, format!("`{shown}` with nothing that `{catalogue}` has of it: {why}"));
            }
        }
        Err(why) if entry.is_some() => {
            notes.state(span, format!("the price of `{shown}`: {}", text::comment(why)));
        }
        Err(_) if endpoint.no_price => {}
        Err(_) => notes.state(span, format!("the price of `{shown}`: {}", unpriced(endpoint, options))),
    }
    lines.extend(fact_lines(&said));
    lines.extend(limits(endpoint));
    lines.extend(endpoint.max_daily_spend.as_ref().map(|usd| format!("max_daily_spend_usd: {usd}")));
    lines.extend(address(endpoint));
    let mut written = String::new();
    for (at, line) in lines.iter().enumerate() {
        written += if at == 0 { "      - " } else { "        " };
        written += line;
        written.push('\n');
    }
    written
}

/// The entry of a catalogue for an endpoint, unless its address is known to be another vendor's.
fn listed<'a>(endpoint: &Endpoint, options: Options<'a>) -> Option<&'a Entry> {
    let models: Vec<&str> = endpoint.asked_as.iter().chain([&endpoint.model]).map(String::as_str).collect();
    let providers = [endpoint.provider.as_str(), endpoint.protocol.as_deref().unwrap_or_default()];
    let at = endpoint.base_url.as_deref().filter(|url| vendor::owner(url).is_some()).map(Address::Url);
    let entry = options.catalogue?.find(&providers, &models)?;
    vendor::elsewhere(&entry.provider, at).is_none().then_some(entry)
}

/// That a catalogue lists a model under two names, with another fact under each.
fn twice(shown: &str, one: &agree::Disputed) -> String {
    let said: Vec<String> = one
        .said
        .iter()
        .map(|(name, text)| format!("`{}` says `{}`", text::comment(name), text::comment(text)))
        .collect();
    format!(
        "`{}` of `{shown}` as it is listed under the id that is asked for: {}",
        one.fact.shown(Unit::Per1m),
        said.join(", ")
    )
}

fn unpriced(endpoint: &Endpoint, options: Options) -> String {
    let stated = &endpoint.stated;
    let half = match (&stated.input, &stated.output) {
        (Some(_), None) => "the file states that of input only; ",
        (None, Some(_)) => "the file states that of output only; ",
        _ => "",
    };
    if let Some(why) = &endpoint.elsewhere {
        return format!("{half}{why}, so nothing is taken from a catalogue");
    }
    match options.catalogue {
        Some(catalogue) if !half.is_empty() => {
            format!("{half}`{}` does not list the model", text::comment(&catalogue.name))
        }
        None if !half.is_empty() => format!("{half}`--catalogue FILE` looks the other up"),
        Some(catalogue) => format!("`{}` does not list it", text::comment(&catalogue.name)),
        None => "the file does not have it; `--catalogue FILE` looks it up".to_owned(),
    }
}

fn limits(endpoint: &Endpoint) -> Option<String> {
    let requests = endpoint.requests_per_minute.map(|n| format!("requests_per_minute: {n}"));
    let tokens = endpoint.tokens_per_minute.map(|n| format!("tokens_per_minute: {n}"));
    let limits: Vec<String> = requests.into_iter().chain(tokens).collect();
    (!limits.is_empty()).then(|| format!("rate_limits: {{{}}}", limits.join(", ")))
}

fn address(endpoint: &Endpoint) -> Option<String> {
    let quoted = |text: &String| text::scalar(text);
    let mut parts: Vec<String> = Vec::new();
    parts.extend(endpoint.protocol.as_ref().map(|text| format!("protocol: {}", quoted(text))));
    parts.extend(endpoint.base_url.as_ref().map(|text| format!("base_url: {}", quoted(text))));
    parts.extend(endpoint.key_env.as_ref().map(|text| format!("api_key_env: {}", quoted(text))));
    if endpoint.model != endpoint.name {
        parts.push(format!("model: {}", text::digits_first(&endpoint.model)));
    }
    (!parts.is_empty()).then(|| format!("endpoint: {{{}}}", parts.join(", ")))
}

/// Whether an address is one of this machine or of a private network.
fn is_near(url: &str) -> bool {
    let name = text::without_port(text::host(url));
    if let Some(address) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let begins = ["fc", "fd", "fe8"];
        return address == "::1"
            || begins.iter().any(|begin| address.to_ascii_lowercase().starts_with(begin));
    }
    // What something else fills in, or nobody has, is at no address yet.
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || !name.chars().all(is_host) {
        return false;
    }
    let parts: Vec<Option<u8>> = name.split('.').map(|part| part.parse().ok()).collect();
    let private = matches!(
        parts.as_slice(),
        [Some(10 | 127), Some(_), Some(_), Some(_)]
            | [Some(192), Some(168), Some(_), Some(_)]
            | [Some(172), Some(16..=31), Some(_), Some(_)]
            | [Some(0), Some(0), Some(0), Some(0)]
    );
    let inner = ["internal", "local"];
    private
        || name == "localhost"
        || !name.contains('.')
        || name.rsplit('.').next().is_some_and(|last| inner.contains(&last))
}
