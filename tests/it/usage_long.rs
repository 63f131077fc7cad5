//! What `govctl usage --suggest` says of long prompts.

use serde_json::json;

use crate::usage::{ESTATE, REGISTRY, report, workspace};

/// The share of long prompts is told by prompts whose length is known, for models that charge them otherwise.
#[test]
fn what_is_suggested_knows_long_prompts() {
    let folder = workspace();
    let long = "long_prompt: {above_tokens: 1000, input: 9, output: 9}}";
    let registry =
        REGISTRY.replace("cost_per_1m_tokens_output: 1}", &format!("cost_per_1m_tokens_output: 1, {long}"));
    // Another model charges all prompts alike.
    let plain = REGISTRY
        .lines()
        .last()
        .expect("a model")
        .replace("{name: alpha, aliases: [alpha-1],", "{name: plain,");
    std::fs::write(folder.path().join("registry/r.yaml"), registry + &plain + "\n").expect("a file");
    let suggested = |prompts: &[u64], stated: Option<&str>| {
        let stated = stated.map(|share| format!(", long_prompts: {share}")).unwrap_or_default();
        let tokens = "{requests: 1000, input_tokens: 40000000, output_tokens: 10000000}";
        let text = ESTATE.replacen(tokens, &format!("{tokens}{stated}"), 1);
        std::fs::write(folder.path().join("estate/e.yaml"), text).expect("a file");
        let events = prompts.iter().enumerate().map(|(at, input)| {
            let route = if *input == 10 { "north/plain" } else { "north/alpha" };
            json!({"request_id": format!("r{at}"), "time": "2026-10-05T00:00:00Z", "use_case": "drafts",
                "route": route, "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": 0})
            .to_string()
                + "\n"
        });
        let report = report(folder.path(), "log.ndjson", &events.collect::<String>(), &["--suggest"]);
        report["suggestions"][0]["long_prompts"].as_str().map(str::to_owned)
    };
    assert_eq!(suggested(&[500, 1500], None), Some("75%".to_owned()));
    assert_eq!(suggested(&[500, 1500], Some("75%")), None);
    assert_eq!(suggested(&[500, 500], Some("75%")), Some("0%".to_owned()));
    // The average prompt says it too.
    assert_eq!(suggested(&[500, 500], None), None);
    assert_eq!(suggested(&[1500, 1500], None), None);
    // Short prompts of another model pull it down.
    assert_eq!(suggested(&[1500, 10, 10, 10], None), Some("100%".to_owned()));
}
