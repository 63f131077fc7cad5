//! The parts of small workspaces.

use std::fmt::Write as _;

use crate::Files;

/// Every number below `n` in a text of its own, one after the other.
pub(crate) fn each(n: usize, one: impl Fn(usize) -> String) -> String {
    (0..n).map(one).collect()
}

/// The same between commas.
pub(crate) fn listed(n: usize, one: impl Fn(usize) -> String) -> String {
    (0..n).map(one).collect::<Vec<String>>().join(", ")
}

pub(crate) fn model(name: &str, price: usize, more: &str) -> String {
    format!(
        "      - {{name: {name}, approved_use_cases: [\"*\"], data_classification_max: restricted, \
         cost_per_1m_tokens_input: {price}, cost_per_1m_tokens_output: 2{more}}}\n"
    )
}

pub(crate) fn provider(name: &str, facts: &str, models: &str) -> String {
    format!("  {name}:\n    owner: o@example.com\n{facts}    models:\n{models}")
}

pub(crate) fn use_case(name: &str, more: &str) -> String {
    format!("  - {{name: {name}, owner: o@example.com, data_classification: internal{more}}}\n")
}

pub(crate) fn rule(name: &str, tier: &str, clauses: &str) -> String {
    format!("{tier} rule {name} {{\n{clauses}  because \"b\"\n}}\n")
}

const FAILOVER: &str = "failover standard {\n  follow  ranking\n  because \"b\"\n}\n";

/// Two providers, two use cases and one failover statement, and what is added to or put in place of them.
pub(crate) struct Workspace {
    pub(crate) registry: String,
    pub(crate) estate: String,
    pub(crate) policy: String,
    pub(crate) failover: String,
    pub(crate) config: Option<String>,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let alpha = model("a1", 1, "") + &model("a2", 2, "");
        Self {
            registry: provider("alpha", "", &alpha) + &provider("beta", "", &model("b1", 3, "")),
            estate: use_case("chat", "") + &use_case("plan", ", team: t0"),
            policy: String::new(),
            failover: FAILOVER.to_owned(),
            config: None,
        }
    }

    pub(crate) fn registry(mut self, providers: String) -> Self {
        self.registry = providers;
        self
    }

    pub(crate) fn estate(mut self, use_cases: String) -> Self {
        self.estate = use_cases;
        self
    }

    pub(crate) fn policy(mut self, statements: String) -> Self {
        self.policy = statements;
        self
    }

    pub(crate) fn failover(mut self, statements: &str) -> Self {
        statements.clone_into(&mut self.failover);
        self
    }

    pub(crate) fn config(mut self, config: String) -> Self {
        self.config = Some(config);
        self
    }

    pub(crate) fn files(self) -> Files {
        let mut policy = self.failover;
        let _ = write!(policy, "{}", self.policy);
        let mut files = vec![
            ("registry/main.yaml", format!("providers:\n{}", self.registry)),
            ("estate/main.yaml", format!("use_cases:\n{}", self.estate)),
            ("policies/main.gov", policy),
        ];
        files.extend(self.config.map(|config| ("govctl.yaml", config)));
        files
    }
}
