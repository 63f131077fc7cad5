//! The models that exist: `benches/data/models.csv`.

/// A model as the catalogue has it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub provider: &'static str,
    pub name: &'static str,
    /// USD per 1M tokens, as written.
    pub input: &'static str,
    pub output: &'static str,
    /// Tokens; empty: not known.
    pub context_window: &'static str,
    /// A letter each.
    pub letters: &'static str,
    /// The first day without it; empty: none.
    pub retires: &'static str,
}

const LETTERS: [(char, &str); 6] =
    [('t', "tools"), ('v', "vision"), ('j', "json-schema"), ('r', "reasoning"), ('a', "audio"), ('p', "pdf")];

/// Providers that an enterprise has contracts with, the most likely first: small worlds have these only.
pub const ENTERPRISE: [&str; 14] = [
    "openai",
    "azure",
    "anthropic",
    "bedrock",
    "vertex-ai",
    "mistral",
    "gemini",
    "databricks",
    "cohere",
    "snowflake",
    "watsonx",
    "oci",
    "azure-ai",
    "sagemaker",
];

impl Entry {
    /// The names of what it can do.
    pub fn capabilities(&self) -> Vec<&'static str> {
        LETTERS.iter().filter(|(letter, _)| self.letters.contains(*letter)).map(|(_, name)| *name).collect()
    }

    /// Whether anybody may run it.
    pub fn open_weights(&self) -> bool {
        self.letters.contains('o')
    }

    /// Whether it can do all that a use case of these worlds asks for.
    pub fn is_able(&self) -> bool {
        let window: u64 = self.context_window.parse().unwrap_or(0);
        window >= 128_000 && ['t', 'v', 'j', 'r'].iter().all(|letter| self.letters.contains(*letter))
    }
}

/// All entries, by provider and name.
pub fn entries() -> Vec<Entry> {
    include_str!("../data/models.csv").lines().skip(1).map(entry).collect()
}

fn entry(line: &'static str) -> Entry {
    let mut fields = line.split(',');
    let mut field = || fields.next().unwrap_or_default();
    Entry {
        provider: field(),
        name: field(),
        input: field(),
        output: field(),
        context_window: field(),
        letters: field(),
        retires: field(),
    }
}

/// So many entries, spread evenly over as many providers as fit that number.
pub fn choose(count: usize) -> Vec<Entry> {
    let all = entries();
    let mut providers: Vec<&str> = ENTERPRISE.to_vec();
    providers.extend(all.iter().map(|entry| entry.provider).filter(|name| !ENTERPRISE.contains(name)));
    providers.dedup();
    let mut wanted = (count / 8).max(4);
    loop {
        let kept: Vec<&str> = providers.iter().take(wanted).copied().collect();
        let of: Vec<Entry> = all.iter().filter(|entry| kept.contains(&entry.provider)).copied().collect();
        if of.len() >= count || wanted > providers.len() {
            assert!(of.len() >= count, "the catalogue has {} models, not {count}", of.len());
            return (0..count).map(|at| of[at * of.len() / count]).collect();
        }
        wanted += 1;
    }
}
