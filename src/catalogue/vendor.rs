//! Whose an address is. What a vendor asks for a model and what the model can do there says nothing about another
//! machine that answers under the same name.

use super::{called, canonical};
use crate::source::address::{host, without_port};
use crate::source::visible::comment;

/// Where a model is reached.
#[derive(Debug, Clone, Copy)]
pub enum Address<'a> {
    /// There.
    Url(&'a str),
    /// Where an environment variable says.
    Variable(&'a str),
}

/// Names under which one provider is configured, by what it is asked with; the first is that of all.
const FAMILIES: [(&str, &[&str]); 12] = [
    ("openai", &["text-completion-openai", "aiohttp_openai"]),
    ("ollama", &["ollama_chat"]),
    ("vertex_ai", &["vertex_ai_beta"]),
    ("anthropic", &["anthropic_text"]),
    ("azure", &["azure_text"]),
    ("cohere", &["cohere_chat"]),
    ("codestral", &["text-completion-codestral"]),
    ("ai21", &["ai21_chat"]),
    ("sagemaker", &["sagemaker_chat"]),
    ("watsonx", &["watsonx_text"]),
    ("bedrock", &["bedrock_converse"]),
    ("hosted_vllm", &["vllm"]),
];

/// The one name of a provider that is configured under several.
pub fn family(prefix: &str) -> &str {
    let family = FAMILIES.iter().find(|(_, others)| others.contains(&prefix));
    family.map_or(prefix, |(name, _)| name)
}

/// Providers whose customers have an address of their own there, so that a variable that holds one holds theirs.
const RESOURCES: [&str; 9] =
    ["azure", "azure_ai", "bedrock", "sagemaker", "vertex_ai", "databricks", "snowflake", "watsonx", "oci"];

/// Where providers answer: a host, or the end of one behind a dot.
#[rustfmt::skip]
const HOSTS: [(&str, &[&str]); 48] = [
    ("ai21", &["api.ai21.com"]),
    ("aiml", &["api.aimlapi.com"]),
    ("anthropic", &["api.anthropic.com"]),
    ("anyscale", &["api.endpoints.anyscale.com"]),
    ("azure", &["openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com", "models.ai.azure.com", "azure-api.net", "openai.azure.us", "openai.azure.cn"]),
    ("azure_ai", &["services.ai.azure.com", "models.ai.azure.com", "inference.ai.azure.com", "cognitiveservices.azure.com", "openai.azure.com"]),
    ("bedrock", &["amazonaws.com", "amazonaws.com.cn"]),
    ("cerebras", &["api.cerebras.ai"]),
    ("cloudflare", &["api.cloudflare.com", "gateway.ai.cloudflare.com"]),
    ("codestral", &["codestral.mistral.ai"]),
    ("cohere", &["api.cohere.ai", "api.cohere.com"]),
    ("dashscope", &["dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"]),
    ("databricks", &["cloud.databricks.com", "azuredatabricks.net", "gcp.databricks.com"]),
    ("deepinfra", &["api.deepinfra.com"]),
    ("deepseek", &["api.deepseek.com"]),
    ("featherless_ai", &["api.featherless.ai"]),
    ("fireworks_ai", &["api.fireworks.ai"]),
    ("friendliai", &["api.friendli.ai", "inference.friendli.ai"]),
    ("gemini", &["generativelanguage.googleapis.com"]),
    ("github", &["models.inference.ai.azure.com", "models.github.ai"]),
    ("groq", &["api.groq.com"]),
    ("huggingface", &["huggingface.co", "endpoints.huggingface.cloud"]),
    ("hyperbolic", &["api.hyperbolic.xyz"]),
    ("jina_ai", &["api.jina.ai"]),
    ("lambda_ai", &["api.lambda.ai", "api.lambdalabs.com"]),
    ("meta_llama", &["api.llama.com"]),
    ("minimax", &["api.minimax.io", "api.minimaxi.com", "api.minimax.chat"]),
    ("mistral", &["api.mistral.ai"]),
    ("moonshot", &["api.moonshot.ai", "api.moonshot.cn"]),
    ("nebius", &["api.studio.nebius.ai", "api.studio.nebius.com", "api.tokenfactory.nebius.com"]),
    ("novita", &["api.novita.ai"]),
    ("nscale", &["inference.api.nscale.com"]),
    ("nvidia_nim", &["integrate.api.nvidia.com"]),
    ("oci", &["oraclecloud.com"]),
    ("openai", &["api.openai.com"]),
    ("openrouter", &["openrouter.ai"]),
    ("ovhcloud", &["endpoints.ai.cloud.ovh.net", "endpoints.kepler.ai.cloud.ovh.net"]),
    ("perplexity", &["api.perplexity.ai"]),
    ("replicate", &["api.replicate.com"]),
    ("sagemaker", &["amazonaws.com", "amazonaws.com.cn"]),
    ("sambanova", &["api.sambanova.ai"]),
    ("snowflake", &["snowflakecomputing.com"]),
    ("together_ai", &["api.together.xyz", "api.together.ai"]),
    ("vercel_ai_gateway", &["ai-gateway.vercel.sh"]),
    ("vertex_ai", &["googleapis.com"]),
    ("voyage", &["api.voyageai.com"]),
    ("watsonx", &["ml.cloud.ibm.com"]),
    ("xai", &["api.x.ai"]),
];

/// The name of the host of an address.
fn name_of(url: &str) -> String {
    without_port(host(url)).to_ascii_lowercase()
}

/// Whether a host is at a known one: that one, or below it.
fn is_at(host: &str, known: &str) -> bool {
    host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The vendor whose own address this is, the same for all customers; none where it is a customer's own resource, and
/// where it is not known whose it is.
pub fn owner(url: &str) -> Option<&'static str> {
    let name = name_of(url);
    let shared = || HOSTS.iter().filter(|(vendor, _)| !RESOURCES.contains(vendor));
    let exact = shared().find(|(_, hosts)| hosts.contains(&name.as_str()));
    let found = exact.or_else(|| shared().find(|(_, hosts)| hosts.iter().any(|known| is_at(&name, known))));
    found.map(|(vendor, _)| *vendor)
}

/// Whether a vendor's own address is the one that is asked where none is stated: it has no other, and neither another port
/// nor no encryption is asked for.
pub fn is_usual(vendor: &str, url: &str) -> bool {
    let whole = host(url).to_ascii_lowercase();
    let name = without_port(&whole);
    let is_encrypted = url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    if !is_encrypted || !["", ":443"].contains(&whole.strip_prefix(name).unwrap_or_default()) {
        return false;
    }
    HOSTS.iter().any(|(known, hosts)| *known == vendor && *hosts == [name])
}

/// Whether two names are those of one provider.
pub fn is_same(one: &str, other: &str) -> bool {
    let other = family(other);
    called(family(one)).contains(&other)
}

/// Whether each customer has an address of their own with a provider.
pub fn has_resources(provider: &str) -> bool {
    called(family(provider)).iter().any(|name| RESOURCES.contains(name))
}

/// Whether it is known where a provider answers.
pub fn is_known(provider: &str) -> bool {
    let names = called(family(provider));
    HOSTS.iter().any(|(name, _)| names.contains(name))
}

/// Why nothing that is known of a provider's models holds at an address; none where the address is the provider's own.
pub fn elsewhere(provider: &str, address: Option<Address>) -> Option<String> {
    let names = called(family(provider));
    let known = || HOSTS.iter().filter(|(name, _)| names.contains(name)).flat_map(|(_, hosts)| *hosts);
    let (shown, is_own) = match address? {
        Address::Variable(name) => {
            let is_own = names.iter().any(|name| RESOURCES.contains(name));
            (format!("the one in the environment variable `{name}`"), is_own)
        }
        Address::Url(url) => {
            let name = name_of(url);
            (format!("`{}`", host(url)), known().any(|known| is_at(&name, known)))
        }
    };
    let provider = comment(canonical(family(provider)));
    (!is_own).then(|| format!("its address, {}, is not known to be `{provider}`'s own", comment(&shown)))
}

#[cfg(test)]
mod tests {
    use super::{Address, elsewhere, is_usual, owner};

    #[test]
    fn a_vendors_own_address_is_told_from_a_customers() {
        for (url, vendor) in [
            ("https://api.openai.com/v1", Some("openai")),
            ("https://API.OpenAI.com:443/", Some("openai")),
            ("https://eu.api.openai.com/v1", Some("openai")),
            ("https://models.inference.ai.azure.com", Some("github")),
            ("https://x.openai.azure.com", None),
            ("https://notapi.openai.com.example", None),
            ("http://10.0.0.1:8000", None),
        ] {
            assert_eq!(owner(url), vendor, "{url}");
        }
        assert!(
            is_usual("openai", "https://API.openai.com/v1")
                && !is_usual("openai", "https://eu.api.openai.com")
        );
        for other in ["http://api.openai.com/v1", "https://api.openai.com:8443/v1", "api.openai.com"] {
            assert!(!is_usual("openai", other), "{other}");
        }
        assert!(is_usual("openai", "HTTPS://api.openai.com:443/v1"));
        assert!(!is_usual("moonshot", "https://api.moonshot.cn/v1"), "it has two");
    }

    #[test]
    fn an_address_is_the_vendors_or_somebody_elses() {
        let url = |provider: &str, url: &str| elsewhere(provider, Some(Address::Url(url))).is_none();
        assert!(url("openai", "https://eu.api.openai.com/v1") && url("openai", "api.openai.com"));
        assert!(
            url("azure", "https://x.openai.azure.com/")
                && url("bedrock", "https://bedrock-runtime.eu-west-1.amazonaws.com")
        );
        assert!(
            !url("openai", "http://10.1.2.3:8000/v1") && !url("openai", "https://notapi.openai.com.example")
        );
        assert!(
            !url("openai", "https://myapi.openai.com.evil.net") && !url("ollama", "http://localhost:11434")
        );
        assert!(!url("openai", "https://xapi.openai.com"), "the end of another name is no domain");
        assert!(
            url("google", "https://europe-west1-aiplatform.googleapis.com"),
            "one name for two of theirs"
        );
        let variable = |provider: &str| elsewhere(provider, Some(Address::Variable("BASE"))).is_none();
        assert!(variable("azure") && !variable("openai") && elsewhere("openai", None).is_none());
    }
}
