//! Keys in the configurations of others stay there.

use crate::bundle::{status, stderr, stdout};
use crate::import::{imported, read};

#[test]
fn a_key_in_a_condition_is_not_carried_into_the_policies() {
    let key = ["sk-", "proj-abcdefghijklmnop0123456789"].concat();
    for condition in [format!("headers['k'] == '{key}'"), format!("headers['k'].matches('{key}')")] {
        let text = serde_json::json!({
            "providers": {"openai": {"keys": [{"name": "k", "value": "env.OPENAI_API_KEY", "models": ["gpt-4o"], "weight": 1}]}},
            "governance": {"routing_rules": [{"id": "r", "name": "r", "enabled": true, "cel_expression": condition,
                "targets": [{"provider": "openai", "model": "gpt-4o", "weight": 1}], "scope": "global"}]}
        });
        let (_folder, out, output) = imported("bifrost", &text.to_string());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        assert!(!stdout(&output).contains("abcdefghijklmnop"), "{}", stdout(&output));
        for file in walkdir::WalkDir::new(out).into_iter().filter_map(Result::ok) {
            if file.file_type().is_file() {
                assert!(!read(file.path()).contains("abcdefghijklmnop"), "{}", file.path().display());
            }
        }
    }
}
