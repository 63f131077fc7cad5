//! What an endpoint says that no gateway understands as it looks.

use crate::diag::slip::is_slip;

/// The APIs that decide how a gateway asks.
const KNOWN: [&str; 4] = ["openai", "azure-openai", "anthropic", "bedrock"];

/// What is said of a protocol: one that is a known one misspelt, and one that is the way and not the API.
pub(super) fn protocol(written: &str) -> Option<String> {
    if KNOWN.contains(&written) || written.is_empty() {
        return None;
    }
    if let Some(known) = KNOWN.iter().find(|known| is_slip(written, known)) {
        return Some(format!(
            "`protocol: {written}` is none that a gateway is set up for: did you mean `{known}`?"
        ));
    }
    let is_way = matches!(
        written.to_lowercase().as_str(),
        "http"
            | "https"
            | "http/1.1"
            | "http2"
            | "rest"
            | "grpc"
            | "json"
            | "json-rpc"
            | "sse"
            | "websocket"
            | "tcp"
            | "tls"
    );
    is_way.then(|| {
        format!("`protocol: {written}` is how requests travel, and not the API: write the API that it speaks, as in `protocol: openai`")
    })
}

#[cfg(test)]
mod tests {
    use super::protocol;

    #[test]
    fn a_protocol_is_told_where_it_is_another_one_misspelt_or_none() {
        for written in ["open-ai", "opena", "OpenAI", "azureopenai", "antropic", "Bedrock", "http", "REST"] {
            assert!(protocol(written).is_some(), "{written}");
        }
        for written in
            ["openai", "azure-openai", "azure", "vertex", "ollama", "vllm", "mistral", "openai-compatible"]
        {
            assert_eq!(protocol(written), None, "{written}");
        }
    }
}
