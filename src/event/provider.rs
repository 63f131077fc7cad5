//! What others call a provider, beside our names: `aws.bedrock`, `azure.ai.openai`, `OpenAI`.

/// A provider as logs may mean it.
#[derive(Debug, Clone, Copy)]
pub struct Seller<'a> {
    /// Our name for it.
    pub name: &'a str,
    /// What it speaks, `endpoint.protocol`, by which gateways call it.
    pub protocol: Option<&'a str>,
    /// Whether the model is run by us.
    pub is_own: bool,
}

/// Words that mean one vendor.
const VENDORS: [&[&str]; 3] = [
    &["google", "gcp", "gemini", "vertex", "vertexai"],
    &["aws", "amazon", "bedrock"],
    &["azure", "microsoft"],
];

/// Words for what runs models of one's own.
const OWN: [&str; 8] = ["self", "selfhosted", "vllm", "ollama", "sglang", "tgi", "llamafile", "local"];

/// How many words of what others say of a provider stand in one of our names, each worth more than what it speaks; the name
/// itself, in any case, is most.
fn likeness(said: &str, seller: Seller<'_>) -> usize {
    if said.eq_ignore_ascii_case(seller.name) {
        return usize::MAX;
    }
    let of_name = shared(said, seller.name);
    if of_name > 0 {
        return of_name.saturating_mul(2);
    }
    let is_own =
        seller.is_own && words(said).any(|word| OWN.iter().any(|own| word.eq_ignore_ascii_case(own)));
    usize::from(is_own || seller.protocol.is_some_and(|protocol| shared(said, protocol) > 0))
}

fn shared(said: &str, ours: &str) -> usize {
    words(said).filter(|word| words(ours).any(|other| is_one(word, other))).count()
}

fn is_one(a: &str, b: &str) -> bool {
    let is_in = |vendor: &[&str], word: &str| vendor.iter().any(|known| word.eq_ignore_ascii_case(known));
    a.eq_ignore_ascii_case(b) || VENDORS.iter().any(|vendor| is_in(vendor, a) && is_in(vendor, b))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Those of some candidates, each with its provider, whose provider is most like what is said; all where nothing is
/// said, and none where none is like it.
pub fn most_alike<'o, T>(said: &str, candidates: impl Iterator<Item = (T, Seller<'o>)>) -> Vec<T> {
    let scored: Vec<(usize, T)> = candidates.map(|(one, ours)| (likeness(said, ours), one)).collect();
    let most = scored.iter().map(|(likeness, _)| *likeness).max().unwrap_or(0);
    let fits = |likeness: usize| said.is_empty() || (likeness > 0 && likeness == most);
    scored.into_iter().filter(|(likeness, _)| fits(*likeness)).map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_call_a_provider_is_told_by_its_words() {
        let ours = ["azure-eu", "bedrock", "openai", "google"];
        let seller = |name| Seller { name, protocol: None, is_own: false };
        let like = |said: &str| most_alike(said, ours.iter().map(|one| (*one, seller(one))));
        assert_eq!(like("OpenAI"), ["openai"]);
        assert_eq!(like("aws.bedrock"), ["bedrock"]);
        assert_eq!(like("azure.ai.inference"), ["azure-eu"]);
        assert_eq!(like("azure.ai.openai"), ["azure-eu", "openai"]);
        assert_eq!(like("vertex_ai"), ["google"]);
        assert_eq!(like(""), ours);
        assert_eq!(like("mistral_ai"), [""; 0]);
    }

    #[test]
    fn what_runs_in_the_own_house_is_called_by_what_it_speaks() {
        let house = Seller { name: "house", protocol: Some("openai"), is_own: true };
        let like = |said: &str| most_alike(said, [((), house)].into_iter()).len();
        assert_eq!([like("openai"), like("hosted_vllm"), like("groq")], [1, 1, 0]);
    }
}
