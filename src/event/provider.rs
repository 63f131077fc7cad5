//! What others call a provider, beside our names: `aws.bedrock`, `azure.ai.openai`, `OpenAI`.

/// How many words of what others say of a provider stand in one of our names; the name itself, in any case, is most.
pub fn likeness(said: &str, ours: &str) -> usize {
    if said.eq_ignore_ascii_case(ours) {
        return usize::MAX;
    }
    words(said).filter(|word| words(ours).any(|other| word.eq_ignore_ascii_case(other))).count()
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Those of some candidates, each with its provider, whose provider is most like what is said; all where none is.
pub fn most_alike<'o, T>(said: &str, candidates: impl Iterator<Item = (T, &'o str)>) -> Vec<T> {
    let scored: Vec<(usize, T)> = candidates.map(|(one, ours)| (likeness(said, ours), one)).collect();
    let most = scored.iter().map(|(likeness, _)| *likeness).max().unwrap_or(0);
    scored.into_iter().filter(|(likeness, _)| *likeness == most).map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_call_a_provider_is_told_by_its_words() {
        let ours = ["azure-eu", "bedrock", "openai"];
        let like = |said: &str| most_alike(said, ours.iter().map(|one| (*one, *one)));
        assert_eq!(like("OpenAI"), ["openai"]);
        assert_eq!(like("aws.bedrock"), ["bedrock"]);
        assert_eq!(like("azure.ai.inference"), ["azure-eu"]);
        assert_eq!(like("azure.ai.openai"), ["azure-eu", "openai"]);
        assert_eq!(like("mistral_ai"), ours);
    }
}
