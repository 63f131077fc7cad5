//! Keys of other tools, and of files in general: which tool has them, and what reads its files or says the same here.

/// A tool, its keys, and what to do with its file.
const TOOLS: &[(&str, &[&str], &str)] = &[
    (
        "LiteLLM",
        &[
            "model_list",
            "litellm_params",
            "litellm_settings",
            "router_settings",
            "general_settings",
            "model_info",
            "model_group_alias",
            "environment_variables",
            "litellm_provider",
            "custom_llm_provider",
            "drop_params",
            "max_parallel_requests",
            "base_model",
            "model_alias",
        ],
        "`govctl import litellm FILE -o DIR` makes a workspace of its file",
    ),
    (
        "Portkey",
        &[
            "targets",
            "virtual_key",
            "override_params",
            "on_status_codes",
            "request_timeout",
            "forward_headers",
            "custom_host",
            "input_guardrails",
            "output_guardrails",
        ],
        "`govctl import portkey FILE -o DIR` makes a workspace of its file",
    ),
    (
        "Bifrost",
        &[
            "virtual_keys",
            "network_config",
            "concurrency_and_buffer_size",
            "config_store",
            "proxy_config",
            "allowed_models",
        ],
        "`govctl import bifrost FILE -o DIR` makes a workspace of its file",
    ),
    (
        "OpenRouter",
        &["allow_fallbacks", "require_parameters", "quantizations", "transforms"],
        "which model serves is written in a policy, as in `preference rule NAME { prefer PROVIDER }`",
    ),
    (
        "OpenRouter",
        &["data_collection", "zdr"],
        "what happens with data is stated as `trains_on_data: false` and `data_retention: zero-retention`",
    ),
    (
        "Kubernetes",
        &["apiversion", "kind", "spec"],
        "no file of Kubernetes is read here: keep it in another folder",
    ),
];

/// Keys that many files have and none here, each with what is to be done.
const ANYWHERE: &[(&[&str], &str)] = &[
    (
        &["order", "only", "sort", "ignore"],
        "which model serves is written in a policy, as in `preference rule NAME { prefer PROVIDER }`",
    ),
    (&["version", "schema_version", "$schema"], "leave it out: a file here states no version"),
    (
        &["include", "includes", "import", "imports", "extends"],
        "leave it out: every file of the folder is read",
    ),
    (
        &["defaults", "default", "common", "anchors", "templates"],
        "nothing is inherited here but what a provider states for its models: write each value where it holds",
    ),
    (
        &["metadata", "labels", "annotations", "environment", "env", "created", "updated", "last_updated"],
        "leave it out: what only people read stands in a comment, behind a `#`",
    ),
];

/// Keys that the configuration of a linter has, each with what is to be done.
const OF_CONFIG: &[(&[&str], &str)] = &[
    (
        &[
            "ignore", "disable", "skip", "allow", "silence", "suppress", "select", "enable", "only", "deny",
            "warn",
        ],
        "how loud findings are is written as `lints: {no-failover: allow}`; files are named by their folders, as in `policies: [policies]`",
    ),
    (
        &[
            "exclude", "files", "paths", "include", "includes", "imports", "import", "extends", "sources",
            "root",
        ],
        "every file of the folders is read, which can be named, as in `policies: [policies]`, `registry: [registry]` or `estate: [estate]`",
    ),
    (
        &["version", "schema_version", "$schema", "name", "project"],
        "leave it out: this file states neither name nor version",
    ),
    (
        &["as_of", "date", "format", "color", "output"],
        "it is an option of the command line: `govctl check --help` says which there are",
    ),
];

/// What is said of a key in `govctl.yaml`.
fn of_config(name: &str) -> Option<String> {
    if name.starts_with("x-") {
        return Some("leave it out: write each value where it holds".to_owned());
    }
    let folded = name.to_lowercase().replace('-', "_");
    OF_CONFIG.iter().find(|(keys, _)| keys.contains(&folded.as_str())).map(|(_, help)| (*help).to_owned())
}

/// What is said of a key that another tool has.
pub(super) fn of_tool(name: &str) -> Option<String> {
    if name.starts_with("supports_") {
        return Some(format!(
            "`{name}` is a key of LiteLLM: what a model can do is named in `capabilities`, as in `capabilities: [tools]`"
        ));
    }
    let folded = name.to_lowercase().replace('-', "_");
    let (tool, _, help) = TOOLS.iter().find(|(_, keys, _)| keys.contains(&folded.as_str()))?;
    Some(format!("`{name}` is a key of {tool}: {help}"))
}

/// What is said of a key that stands in files of any kind.
pub(super) fn anywhere(name: &str, known: &[&str]) -> Option<String> {
    if known.contains(&"lints") {
        return of_config(name);
    }
    if name.starts_with("x-") {
        return Some("leave it out: write each value where it holds".to_owned());
    }
    let folded = name.to_lowercase().replace('-', "_");
    ANYWHERE.iter().find(|(keys, _)| keys.contains(&folded.as_str())).map(|(_, help)| (*help).to_owned())
}
