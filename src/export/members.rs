//! Members of the body of a request: what says how a model answers, what a caller may say, and what neither may.

use std::collections::BTreeSet;

/// Members of a request's body that say how a model answers, sorted. The integrations hold the same list.
pub const SETTINGS: [&str; 45] = [
    "best_of",
    "chat_template_kwargs",
    "enable_thinking",
    "frequency_penalty",
    "ignore_eos",
    "include_reasoning",
    "include_stop_str_in_output",
    "length_penalty",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "min_p",
    "min_tokens",
    "mirostat",
    "mirostat_eta",
    "mirostat_tau",
    "modalities",
    "n",
    "num_ctx",
    "num_predict",
    "parallel_tool_calls",
    "presence_penalty",
    "random_seed",
    "reasoning",
    "reasoning_effort",
    "repeat_last_n",
    "repeat_penalty",
    "repetition_penalty",
    "response_format",
    "safe_prompt",
    "seed",
    "skip_special_tokens",
    "stop",
    "stop_token_ids",
    "temperature",
    "thinking",
    "tool_choice",
    "top_a",
    "top_k",
    "top_logprobs",
    "top_p",
    "typical_p",
    "use_beam_search",
    "verbosity",
];

/// What a caller's body may say, sorted: nothing that chooses a model, a provider, a place or a number of tries. The
/// integrations hold the same list.
pub const CALLERS: [&str; 27] = [
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "modalities",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "reasoning_effort",
    "response_format",
    "seed",
    "stop",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
];

/// What it may say besides where the body goes on as it is: names of a caller's own.
const OTHERS: [&str; 2] = ["prompt_cache_key", "safety_identifier"];

/// Members that go on from a caller to a provider where nothing between them has a say: those of chat completions, and
/// settings of how a model answers. Whatever else there is, or will be, is dropped.
pub(crate) fn passed() -> BTreeSet<&'static str> {
    CALLERS.into_iter().chain(OTHERS).chain(SETTINGS).collect()
}

/// The two names of one setting: how long an answer may be.
pub(crate) const LENGTHS: [&str; 2] = ["max_completion_tokens", "max_tokens"];

/// Members of a body that choose models, providers, accounts or numbers of tries, in lower case.
const CHOOSING: [&str; 49] = [
    "models",
    "model_group",
    "model_list",
    "route",
    "routes",
    "router",
    "provider",
    "providers",
    "custom_llm_provider",
    "deployment",
    "deployment_id",
    "engine",
    "preset",
    "prompt",
    "plugins",
    "transforms",
    "fallbacks",
    "default_fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "num_retries",
    "max_retries",
    "api_base",
    "base_url",
    "api_key",
    "api_version",
    "organization",
    "project",
    "user_config",
    "extra_body",
    "extra_headers",
    "extra_query",
    "mock_response",
    "mock_testing_fallbacks",
    "config",
    "tags",
    "fallback_models",
    "provideroptions",
    "provider_options",
    "targets",
    "strategy",
    "virtual_key",
    "variant_name",
    "modelid",
    "model_id",
    "inference_profile",
    "inference_profile_arn",
    "region",
    "aws_region_name",
];

/// What else is no profile's to say: where a request goes, as whom, what it says, and how it travels.
const STEERING: [&str; 42] = [
    "address",
    "auth",
    "authorization",
    "base",
    "body",
    "callback",
    "callbacks",
    "client",
    "client_id",
    "credential",
    "credentials",
    "custom_host",
    "endpoint",
    "endpoints",
    "general_settings",
    "guardrails",
    "header",
    "headers",
    "host",
    "input",
    "key",
    "messages",
    "method",
    "model",
    "model_info",
    "model_name",
    "override_params",
    "password",
    "path",
    "port",
    "protocol",
    "proxies",
    "proxy",
    "router_settings",
    "secret",
    "ssl_verify",
    "stream",
    "stream_options",
    "tenant_id",
    "token",
    "uri",
    "url",
];

/// What names of that kind begin and end with.
const BEGINS: [&str; 5] = ["aws_", "azure_", "litellm_", "use_litellm_", "vertex_"];
const ENDS: [&str; 14] = [
    "_address",
    "_base",
    "_callback",
    "_credentials",
    "_endpoint",
    "_headers",
    "_host",
    "_key",
    "_password",
    "_proxy",
    "_region",
    "_secret",
    "_uri",
    "_url",
];

/// Whether a key acts on where a request goes, as whom, or what it says, however it is spelled.
pub(super) fn steers(key: &str) -> bool {
    let key: String = key
        .trim()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    CHOOSING.contains(&key.as_str())
        || STEERING.contains(&key.as_str())
        || BEGINS.iter().any(|begin| key.starts_with(begin))
        || ENDS.iter().any(|end| key.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::{CALLERS, CHOOSING, SETTINGS, passed, steers};

    #[test]
    fn no_setting_steers_a_request() {
        assert!(SETTINGS.is_sorted() && CALLERS.is_sorted());
        for setting in SETTINGS {
            assert!(!steers(setting), "{setting}");
        }
        for key in CHOOSING {
            assert!(steers(key), "{key}");
            assert!(!passed().contains(key), "{key}");
        }
        for key in [
            "API-Base",
            "Api Key",
            "api.key",
            " api_base ",
            "MODEL",
            "Messages",
            "aws_region_name",
            "X-Api-Key",
            "default-headers",
            "OPENAI_API_BASE",
            "callbacks",
            "stream",
        ] {
            assert!(steers(key), "{key}");
        }
        for key in
            ["prompt_style", "system_prompt", "max_output_tokens", "temperature", "guided_json", "user"]
        {
            assert!(!steers(key), "{key}");
        }
    }
}
