//! Where a deployment is reached: its address, its region, and what its model says of either.

use super::ENVIRONMENT;
use crate::catalogue::vendor;
use crate::yaml::Value;

/// How models are asked for, in front of the id that the provider itself has for them.
const ROUTES: [(&str, &[&str]); 3] = [
    ("bedrock", &["converse", "converse_like", "invoke", "async_invoke"]),
    ("openai", &["responses"]),
    ("azure", &["responses"]),
];

/// The region that stands in front of a model, and the id behind all that the proxy reads for itself.
pub(super) fn route<'a>(prefix: &str, model: &'a str) -> (Option<(&'static str, String)>, &'a str) {
    let family = vendor::family(prefix);
    let ways = ROUTES.iter().find(|(known, _)| *known == family).map_or(&[][..], |(_, ways)| ways);
    let (mut region, mut rest) = (None, model);
    while let Some((head, behind)) = rest.split_once('/').filter(|(_, behind)| !behind.is_empty()) {
        if family == "bedrock" && region.is_none() && is_region(head) {
            region = Some(("model", head.to_owned()));
        } else if !ways.contains(&head) {
            break;
        }
        rest = behind;
    }
    (region, rest)
}

/// Whether a word is a region of AWS: `us-west-2`, `us-gov-west-1`.
fn is_region(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let is_word = |part: &&str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some((number, words)) = parts.split_last() else { return false };
    let is_number = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        && (2..=3).contains(&words.len())
        && words.iter().all(is_word)
        && words.first().is_some_and(|first| first.len() == 2)
}

/// Where a deployment says that it is called.
pub(super) fn region(params: &Value) -> Option<(&'static str, String)> {
    ["region_name", "aws_region_name", "vertex_location", "vertex_ai_location"]
        .into_iter()
        .find_map(|key| Some((key, params.get(key)?.text()?.to_owned())))
        .filter(|(_, region)| !region.starts_with(ENVIRONMENT))
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn what_only_the_proxy_reads_is_no_part_of_the_id() {
        let region = Some(("model", "us-west-2".to_owned()));
        assert_eq!(route("bedrock", "us-west-2/anthropic.claude"), (region.clone(), "anthropic.claude"));
        assert_eq!(route("bedrock", "converse/us-west-2/a.b"), (region, "a.b"));
        assert_eq!(route("openai", "responses/o3"), (None, "o3"));
        assert_eq!(route("openai", "acme/o3"), (None, "acme/o3"));
        assert_eq!(route("bedrock", "us.anthropic.claude-v1:0"), (None, "us.anthropic.claude-v1:0"));
    }
}
