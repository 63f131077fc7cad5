//! Keys that begin as no service's do: known by the name in front of them, as in `AZURE_OPENAI_KEY=9f86d08…`.

use crate::limits::effort;
use aho_corasick::{AhoCorasick, MatchKind};

/// With what the name of a secret ends, its parts joined.
const ENDS: [&str; 12] = [
    "apikey",
    "accesskey",
    "secretkey",
    "subscriptionkey",
    "accountkey",
    "masterkey",
    "authkey",
    "token",
    "secret",
    "password",
    "passwd",
    "key",
];

/// What else ends so, and is no secret: its last parts, joined.
const OTHERS: [&str; 24] = [
    "publickey",
    "primarykey",
    "foreignkey",
    "partitionkey",
    "sortkey",
    "hashkey",
    "cachekey",
    "groupkey",
    "objectkey",
    "storagekey",
    "idempotencykey",
    "routingkey",
    "translationkey",
    "dedupkey",
    "querykey",
    "rowkey",
    "hotkey",
    "sitekey",
    "pagetoken",
    "nexttoken",
    "continuationtoken",
    "paginationtoken",
    "stoptoken",
    "canceltoken",
];

/// Names that say that a secret follows.
#[derive(Debug)]
pub(super) struct Named(AhoCorasick);

impl Named {
    pub(super) fn new() -> Result<Self, String> {
        let builder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(ENDS);
        builder.map(Self).map_err(|error| format!("too much to look for: {error}"))
    }

    /// Where values stand that are keys, in order.
    pub(super) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        self.0.find_iter(text).filter_map(|at| {
            let (start, end) = value(text, at.end())?;
            let is_key = is_name(name(text, at.end())?) && is_key(text.get(start..end)?);
            is_key.then_some((start, end))
        })
    }
}

/// The name that ends at a place.
fn name(text: &str, end: usize) -> Option<&str> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = text
        .as_bytes()
        .get(..end)?
        .iter()
        .rev()
        .take(effort::NAME_BEFORE_KEY_BYTES)
        .take_while(|byte| is_part(byte))
        .count();
    text.get(end - length..end)
}

/// Where the value of a name stands that ends at a place: behind `=` or `:`, in quotes or not.
fn value(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let sign = rest.trim_start_matches(['"', '\'', '`', ']']).trim_start_matches([' ', '\t']);
    let behind = ["=>", ":=", "=", ":"].iter().find_map(|mark| sign.strip_prefix(mark))?;
    let word = behind.trim_start_matches([' ', '\t']);
    let word = word.strip_prefix(['"', '\'', '`']).unwrap_or(word);
    let length =
        word.find(|c: char| !(c.is_ascii_alphanumeric() || "-_+/=".contains(c))).unwrap_or(word.len());
    // A call, a path of attributes or an address is no key.
    let goes_on = word.get(length..)?.starts_with(['.', '(', '[', ':', '@', '{', '$', '%']);
    let start = text.len() - word.len();
    (!goes_on).then_some((start, start + length))
}

/// Whether a name is that of a secret: `OPENAI_KEY`, `apiKey`, `client-secret`, and not `key` alone or `cacheKey`.
fn is_name(name: &str) -> bool {
    let joined: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_other = OTHERS.iter().any(|other| joined.ends_with(other));
    let parts = name.split(['_', '-']).filter(|part| !part.is_empty()).count();
    let is_named = ENDS.iter().any(|end| *end != "key" && joined.ends_with(end));
    !is_other && (is_named || (parts > 1 && joined.ends_with("key")))
}

/// Whether a text is as nobody would call anything: long, digits and letters mixed, in hexadecimal or of many kinds.
fn is_key(text: &str) -> bool {
    let text = text.trim_end_matches('=');
    let count = |test: fn(&u8) -> bool| text.bytes().filter(test).count();
    let (digits, letters) = (count(u8::is_ascii_digit), count(u8::is_ascii_alphabetic));
    let mut met = [false; 256];
    text.bytes().for_each(|byte| {
        if let Some(met) = met.get_mut(usize::from(byte)) {
            *met = true;
        }
    });
    let kinds = met.iter().filter(|met| **met).count();
    let marks = text.len() - digits - letters;
    let is_hex = count(u8::is_ascii_hexdigit) == text.len();
    let is_mixed = count(u8::is_ascii_lowercase) > 0 && count(u8::is_ascii_uppercase) > 0;
    let least = if is_hex { 32 } else { 20 };
    text.len() >= least && digits >= 4 && letters >= 4 && kinds >= 8 && (is_hex || (is_mixed && marks <= 4))
}

#[cfg(test)]
mod tests {
    use super::Named;

    #[test]
    fn a_key_is_known_by_the_name_in_front_of_it() {
        let named = Named::new().expect("an automaton");
        let key = "9f86d081884c7d659a2feaa0c55ad015";
        for text in [
            "docker run -e AZURE_OPENAI_KEY=* app",
            "{\"api_key\": \"*\"}",
            "client = Client(apiKey='*')",
            "os.environ[\"MISTRAL_API_KEY\"] = \"*\"",
            "x-api-key: *",
            "const clientSecret := `*`",
        ] {
            let text = text.replace('*', key);
            let found: Vec<&str> = named.find(&text).filter_map(|(from, to)| text.get(from..to)).collect();
            assert_eq!(found, [key], "{text}");
        }
        for text in [
            "key = '9f86d081884c7d659a2feaa0c55ad015'",
            "cacheKey: '9f86d081884c7d659a2feaa0c55ad015'",
            "public_key = '9f86d081884c7d659a2feaa0c55ad015'",
            "api_key = '00000000000000000000000000000000'",
            "api_key = os.environ['OPENAI_API_KEY_2024_X1234']",
            "api_key=settings_of_2024_number_12345.api_key",
            "max_tokens=12345678901234567890123456789012",
            "token: the-name-of-a-token-2024-01-01",
        ] {
            assert_eq!(named.find(text).count(), 0, "{text}");
        }
    }
}
