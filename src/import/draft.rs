//! A workspace as an importer of gateway configurations puts it together: endpoints, public names, and who steps in.

use std::collections::BTreeSet;

use super::{Imported, Notes, text};
use crate::catalogue::Catalogue;
use crate::catalogue::lines::{fact_lines, price_lines};
use crate::number;
use crate::source::Span;

/// What somebody who imports has to say beforehand.
#[derive(Debug, Default, Clone, Copy)]
pub struct Options<'a> {
    /// Where prices, windows and retirements are looked up.
    pub catalogue: Option<&'a Catalogue>,
    /// The classification up to which each model is approved for the names that it serves; none: nothing is approved.
    pub approve: Option<&'a str>,
}

/// One model as one provider serves it in one place.
#[derive(Debug, Default, Clone)]
pub(super) struct Endpoint {
    pub(super) provider: String,
    pub(super) name: String,
    /// The provider's own id of the model.
    pub(super) model: String,
    /// The whole name by which it is configured; catalogues may know it so.
    pub(super) asked_as: Vec<String>,
    pub(super) protocol: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) key_env: Option<String>,
    /// Prices that the file states itself, per 1M tokens.
    pub(super) price: Option<(number::Rational, number::Rational)>,
    pub(super) requests_per_minute: Option<u64>,
    pub(super) tokens_per_minute: Option<u64>,
    pub(super) max_daily_spend: Option<String>,
    /// Lines of comments, without `#`.
    pub(super) comments: Vec<String>,
    pub(super) span: Option<Span>,
}

impl Endpoint {
    /// Its id in the registry.
    pub(super) fn id(&self) -> String {
        format!("{}/{}", self.provider, self.name)
    }
}

/// A public name: what callers ask for.
#[derive(Debug, Clone)]
pub(super) struct UseCase {
    pub(super) name: String,
    pub(super) span: Span,
    /// Endpoints that serve it themselves, in order.
    pub(super) serves: Vec<usize>,
    pub(super) comments: Vec<String>,
}

/// One step of a failover: an endpoint, or a name that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Endpoint(usize),
    Unknown(String),
}

/// Who steps in for a public name.
#[derive(Debug, Clone)]
pub(super) struct Failover {
    /// The place of the use case among the draft's.
    pub(super) use_case: usize,
    /// What the statement's name ends in; empty for the first.
    pub(super) suffix: &'static str,
    pub(super) on: Vec<&'static str>,
    pub(super) steps: Vec<Step>,
    pub(super) retry: Option<u64>,
    pub(super) cooldown: Option<String>,
    pub(super) comments: Vec<String>,
}

/// Everything together.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) use_cases: Vec<UseCase>,
    pub(super) failovers: Vec<Failover>,
    /// Statements about money, as text.
    pub(super) money: String,
}

impl Draft {
    /// Writes the workspace; `source` names the file in comments.
    pub(super) fn write(mut self, source: &str, options: Options, mut notes: Notes) -> Imported {
        self.name_endpoints();
        let registry = self.registry(source, options, &mut notes);
        let estate = self.estate(source, options, &mut notes);
        let mut files = vec![("registry/providers.yaml", registry), ("estate/use-cases.yaml", estate)];
        files.push(("policies/routing.gov", text::policy(&self.routing(source, options))));
        if !self.failovers.is_empty() {
            files.push(("policies/failover.gov", text::policy(&self.failover(source))));
        }
        if !self.money.is_empty() {
            files.push((
                "policies/money.gov",
                text::policy(&format!("# What {source} limits.\n{}", self.money)),
            ));
        }
        let providers: BTreeSet<&str> = self.endpoints.iter().map(|one| one.provider.as_str()).collect();
        Imported {
            files,
            notes: notes.sorted(),
            providers: providers.len(),
            models: self.endpoints.len(),
            use_cases: self.use_cases.len(),
        }
    }

    /// Names that are unique within their providers.
    pub(super) fn name_endpoints(&mut self) {
        let mut taken: Vec<String> = Vec::new();
        for endpoint in &mut self.endpoints {
            if endpoint.name.is_empty() {
                let name = text::unique(&format!("{}/{}", endpoint.provider, endpoint.model), &mut taken);
                let start = endpoint.provider.len() + 1;
                name.get(start..).unwrap_or_default().clone_into(&mut endpoint.name);
            }
        }
    }

    fn registry(&self, source: &str, options: Options, notes: &mut Notes) -> String {
        let mut registry = format!(
            "# What {source} sends requests to. It says nothing about owners, hosting, agreements, regions, certifications\n\
             # or retention: what is not stated here is unknown, and serves nothing that asks for it.\n"
        );
        if options.approve.is_none() {
            registry += "# Nothing is approved: `data_classification_max` is the lowest, and `approved_use_cases` a comment.\n";
        }
        registry += "providers:\n";
        let providers: BTreeSet<&str> = self.endpoints.iter().map(|one| one.provider.as_str()).collect();
        for provider in providers {
            registry += &format!("  {}:\n", text::scalar(provider));
            let of = || self.endpoints.iter().enumerate().filter(|(_, one)| one.provider == provider);
            if of().any(|(_, one)| one.base_url.as_deref().is_some_and(is_near)) {
                registry += "    # Do your own machines run it? Its address is a private one. If they do, take away the next `#`.\n    # hosting: self-hosted\n";
            }
            registry += "    models:\n";
            for (at, endpoint) in of() {
                registry += &self.endpoint(at, endpoint, options, notes);
            }
            let span = of().find_map(|(_, one)| one.span);
            if let Some(span) = span {
                notes.state(
                    span,
                    format!("facts about `{}`: `owner`, `hosting`, `jurisdiction`, `dpa`, `regions`, `compliance`, `data_retention`, `trains_on_data`, `availability`", text::comment(provider)),
                );
            }
        }
        if self.endpoints.is_empty() { registry.replace("providers:\n", "providers: {}\n") } else { registry }
    }

    fn endpoint(&self, at: usize, endpoint: &Endpoint, options: Options, notes: &mut Notes) -> String {
        let mut lines = vec![format!("name: {}", text::digits_first(&endpoint.name))];
        lines.extend(endpoint.comments.iter().map(|comment| format!("# {comment}")));
        let serves: Vec<String> = self.served_by(at).map(text::digits_first).collect();
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
        let entry = options.catalogue.and_then(|catalogue| {
            let models: Vec<&str> =
                endpoint.asked_as.iter().chain([&endpoint.model]).map(String::as_str).collect();
            let providers = [endpoint.provider.as_str(), endpoint.protocol.as_deref().unwrap_or_default()];
            catalogue.find(&providers, &models)
        });
        let shown = text::comment(&endpoint.id());
        let span = endpoint.span.unwrap_or(Span::start_of(crate::source::FileId::NONE));
        match (&endpoint.price, entry.map(|entry| &entry.price)) {
            (Some((input, output)), _) => {
                lines.push(format!("cost_per_1m_tokens_input: {}", number::exact(input)));
                lines.push(format!("cost_per_1m_tokens_output: {}", number::exact(output)));
            }
            (None, Some(Ok(price))) => lines.extend(price_lines(price)),
            (None, Some(Err(why))) => {
                notes.state(span, format!("the price of `{shown}`: {}", text::comment(why)));
            }
            (None, None) => notes.state(span, format!("the price of `{shown}`: {}", unpriced(options))),
        }
        lines.extend(entry.map(fact_lines).unwrap_or_default());
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

    fn served_by(&self, endpoint: usize) -> impl Iterator<Item = &str> {
        let serves = move |use_case: &&UseCase| use_case.serves.contains(&endpoint);
        self.use_cases.iter().filter(serves).map(|use_case| use_case.name.as_str())
    }

    fn estate(&self, source: &str, options: Options, notes: &mut Notes) -> String {
        let mut estate = format!("# The names that callers of {source} ask for, one use case each.\n");
        let classification = options.approve.unwrap_or("restricted");
        estate += match options.approve {
            Some(_) => {
                "# `data_classification` was said to be this for all of them: state what each one's data is. `owner`: name somebody.\n"
            }
            None => {
                "# What their data is nobody has said, so it is taken to be the highest, and nothing may serve it yet. `owner`: name somebody.\n"
            }
        };
        estate += "use_cases:\n";
        for use_case in &self.use_cases {
            estate += &format!(
                "  - name: {}\n    owner: unassigned\n    data_classification: {}\n",
                text::digits_first(&use_case.name),
                text::scalar(classification)
            );
            for comment in &use_case.comments {
                estate += &format!("    # {comment}\n");
            }
            notes.state(
                use_case.span,
                format!("who owns `{}`, and what its data is", text::comment(&use_case.name)),
            );
        }
        if self.use_cases.is_empty() { estate.replace("use_cases:\n", "use_cases: []\n") } else { estate }
    }

    /// The order of a name's own endpoints: without it the cheapest approved model would come first.
    fn routing(&self, source: &str, options: Options) -> String {
        let mut routing = format!("# What {source} sends each name to first.\n");
        let mut taken = Vec::new();
        for use_case in self.use_cases.iter().filter(|use_case| !use_case.serves.is_empty()) {
            let name = text::slug(&use_case.name, &mut taken);
            let targets: Vec<String> = use_case.serves.iter().filter_map(|at| self.selector(*at)).collect();
            let silent = if options.approve.is_none() || targets.len() < 2 {
                "# govctl: allow(ineffective-rule) it orders nothing until more than one model is approved\n"
            } else {
                ""
            };
            routing += &format!(
                "\n{silent}preference rule {name} {{\n  when use_case == {}\n  prefer {}\n  because \"as configured today\"\n}}\n",
                text::string(&use_case.name),
                targets.join(", ")
            );
        }
        routing
    }

    fn selector(&self, at: usize) -> Option<String> {
        self.endpoints.get(at).map(|endpoint| text::string(&endpoint.id()))
    }

    fn failover(&self, source: &str) -> String {
        let mut failover = format!("# Who steps in, as {source} has it today.\n");
        let mut taken = Vec::new();
        for one in &self.failovers {
            let Some(use_case) = self.use_cases.get(one.use_case) else { continue };
            let name = text::slug(&format!("{}{}", use_case.name, one.suffix), &mut taken);
            let comments: String = one.comments.iter().map(|comment| format!("# {comment}\n")).collect();
            let steps: Vec<String> = one
                .steps
                .iter()
                .filter_map(|step| match step {
                    Step::Endpoint(at) => self.selector(*at),
                    Step::Unknown(name) => Some(text::string(name)),
                })
                .collect();
            let retry = one.retry.map(|times| format!("  retry {times} times\n")).unwrap_or_default();
            let cooldown =
                one.cooldown.as_ref().map(|time| format!("  cooldown {time}\n")).unwrap_or_default();
            failover += &format!(
                "\n{comments}failover {name} {{\n  when use_case == {}\n  on {}\n  chain {}\n  limit {} hops\n{retry}{cooldown}  because \"as configured today\"\n}}\n",
                text::string(&use_case.name),
                one.on.join(", "),
                steps.join(" -> "),
                steps.len().saturating_sub(1).max(1)
            );
        }
        failover
    }
}

fn unpriced(options: Options) -> String {
    match options.catalogue {
        Some(catalogue) => format!("`{}` does not list it", text::comment(&catalogue.name)),
        None => "the file has none; `--catalogue FILE` looks it up".to_owned(),
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
    let host = super::text::host(url);
    let name = host.split(':').next().unwrap_or_default();
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
