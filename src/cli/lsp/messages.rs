//! One message of the protocol, read from its frame: a header that says how long it is, and JSON.
//!
//! What stands in a frame and is no message is answered, and the next one is read; so is JSON whose header does not say how
//! long it is, for it ends where its last brace does. Any other frame that cannot be read ends the connection: nobody knows
//! where the next one begins.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use lsp_server::{ErrorCode, Message};
use serde::Deserialize as _;
use serde::de::IgnoredAny;
use serde_json::{Value as Json, json};

use crate::limits::{MAX_MESSAGE_BYTES, MAX_MESSAGE_HEADER_BYTES};

/// What stands in a frame and is no message.
#[derive(Debug)]
pub(super) struct Bad {
    /// Whose answer it is; null where that cannot be said.
    id: Json,
    code: ErrorCode,
    why: String,
}

impl Bad {
    /// The answer to it.
    pub(super) fn response(&self) -> Json {
        let error = json!({"code": self.code as i32, "message": self.why});
        json!({"jsonrpc": "2.0", "id": self.id, "error": error})
    }
}

/// The next message; none at the end.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Result<Message, Bad>>> {
    let length = match header(from)? {
        Header::End => return Ok(None),
        Header::Unmeasured => return unmeasured(from).map(|bad| Some(Err(bad))),
        Header::Length(length) => length,
    };
    let mut content = Vec::new();
    let read = from.take(length).read_to_end(&mut content)?;
    if u64::try_from(read).ok() != Some(length) {
        return Err(refused("a message is cut off"));
    }
    Ok(Some(message(&content)))
}

/// What a header says of the next message.
enum Header {
    /// There is none.
    End,
    /// How long the body is, in bytes.
    Length(u64),
    /// Not how long it is.
    Unmeasured,
}

/// The header of the next message.
fn header(from: &mut impl BufRead) -> io::Result<Header> {
    let (mut taken, mut length) = (0, None);
    loop {
        let mut line = Vec::new();
        let read = from.by_ref().take(MAX_MESSAGE_HEADER_BYTES - taken).read_until(b'\n', &mut line)?;
        taken += read as u64;
        if !line.ends_with(b"\n") {
            return if taken == 0 {
                Ok(Header::End)
            } else {
                Err(refused("a header is cut off or too long"))
            };
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        // The names of headers have no case.
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<u64>().ok();
            if length.is_some_and(|length| length > MAX_MESSAGE_BYTES) {
                return Err(refused(&format!("a message may have at most {MAX_MESSAGE_BYTES} bytes")));
            }
        }
    }
    Ok(length.map_or(Header::Unmeasured, Header::Length))
}

const UNMEASURED: &str = "a header has no `Content-Length` that says how long the message is";

/// Reads past a message of which it is not known how long it is.
fn unmeasured(from: &mut impl BufRead) -> io::Result<Bad> {
    let mut kept = Kept { from: from.take(MAX_MESSAGE_BYTES), bytes: Vec::new() };
    let read = IgnoredAny::deserialize(&mut serde_json::Deserializer::from_reader(&mut kept));
    let text = String::from_utf8_lossy(&kept.bytes);
    // Anything else does not say itself where it ends.
    if read.is_err() || !text.trim_start().starts_with('{') {
        return Err(refused(UNMEASURED));
    }
    let json: Json = serde_json::from_str(&whole_characters(&text)).unwrap_or_default();
    Ok(Bad { id: id(&json).unwrap_or_default(), code: ErrorCode::InvalidRequest, why: UNMEASURED.to_owned() })
}

/// What is read, kept.
struct Kept<R> {
    from: R,
    bytes: Vec<u8>,
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.bytes.extend_from_slice(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// The id of a message, where it is one that an answer can have.
fn id(json: &Json) -> Option<Json> {
    json.get("id").filter(|id| id.is_number() || id.is_string()).cloned()
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

/// The message in a frame.
fn message(content: &[u8]) -> Result<Message, Bad> {
    let text = String::from_utf8_lossy(content);
    let json: Json = serde_json::from_str(&whole_characters(&text)).map_err(|error| Bad {
        id: Json::Null,
        code: ErrorCode::ParseError,
        why: format!("this is not JSON: {error}"),
    })?;
    let id = id(&json);
    let is_asked = json.get("id").is_some() && json.get("method").is_some();
    let no_message = || Bad {
        id: id.unwrap_or_default(),
        code: ErrorCode::InvalidRequest,
        why: "this is neither a request nor a notification".to_owned(),
    };
    // A list could be read as the members of a message, in their order.
    if !json.is_object() {
        return Err(no_message());
    }
    match serde_json::from_value(json) {
        // An `id` or a `method` that is none does not make something else of a request.
        Ok(Message::Notification(_) | Message::Response(_)) if is_asked => Err(no_message()),
        Ok(message) => Ok(message),
        Err(_) => Err(no_message()),
    }
}

/// How long `\ud83d` is.
const ESCAPE: usize = 6;

/// JSON in which no escape is half a character: editors may cut one in two, and JSON of Rust has whole ones.
fn whole_characters(text: &str) -> Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return Cow::Borrowed(text);
    }
    let unit = |at: usize| {
        let digits = text.get(at..at + ESCAPE)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let (mut whole, mut kept) = (String::with_capacity(text.len()), 0);
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += next;
        at += match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + ESCAPE), Some(0xDC00..=0xDFFF)) => 2 * ESCAPE,
            Some(0xD800..=0xDFFF) => {
                whole += text.get(kept..at).unwrap_or_default();
                whole += "\\ufffd";
                kept = at + ESCAPE;
                ESCAPE
            }
            // A backslash and what it stands before.
            _ => 1 + text.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
        };
    }
    whole += text.get(kept..).unwrap_or_default();
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use super::{read, whole_characters};
    use lsp_server::Message;

    #[test]
    fn half_a_character_is_replaced_and_whole_ones_stay() {
        for (text, whole) in [
            (r#""a \ud83d b""#, r#""a \ufffd b""#),
            (r#""\uDE00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\\ud83d é \\\ud83d""#, r#""\\ud83d é \\\ufffd""#),
            (r#""\u00e9\ud8""#, r#""\u00e9\ud8""#),
        ] {
            assert_eq!(whole_characters(text), whole, "{text}");
        }
    }

    #[test]
    fn what_is_no_message_is_answered_and_the_next_one_is_read() {
        let frame = |text: &str| format!("content-length: {}\r\nX: y\r\n\r\n{text}", text.len());
        for (text, id, code) in [
            ("{foo", "null", -32700),
            ("{}", "null", -32600),
            ("[]", "null", -32600),
            ("[1]", "null", -32600),
            (r#"{"id": 7, "method": 8}"#, "7", -32600),
            (r#"{"id": 99999999999, "method": "a"}"#, "99999999999", -32600),
            (r#"{"id": {}, "method": "a"}"#, "null", -32600),
        ] {
            let both = frame(text) + &frame(r#"{"method": "next"}"#);
            let mut from = both.as_bytes();
            let bad = match read(&mut from) {
                Ok(Some(Err(bad))) => bad.response(),
                other => panic!("{text}: {other:?}"),
            };
            assert_eq!(
                (bad["id"].to_string().as_str(), &bad["error"]["code"]),
                (id, &serde_json::Value::from(code)),
                "{text}"
            );
            let next = read(&mut from);
            assert!(matches!(next, Ok(Some(Ok(Message::Notification(_))))), "{text}: {next:?}");
            assert!(matches!(read(&mut from), Ok(None)), "{text}");
        }
        for (header, text, id) in [
            ("Content-Type: a", r#"{"id": 7, "method": "a", "params": "} \ud83d \" {"}"#, "7"),
            ("Content-Length: many", r#" {"method": "a"}"#, "null"),
        ] {
            let both = format!("{header}\r\n\r\n{text}{}", frame(r#"{"method": "next"}"#));
            let mut from = both.as_bytes();
            let bad = read(&mut from);
            let Ok(Some(Err(bad))) = bad else { panic!("{text}: {bad:?}") };
            assert_eq!(bad.response()["id"].to_string(), id, "{text}");
            let next = read(&mut from);
            assert!(matches!(next, Ok(Some(Ok(Message::Notification(_))))), "{text}: {next:?}");
        }
        for broken in
            ["Content-Length: 5\r\n\r\n{}", "Content-Type: a\r\n\r\n[]", "Content-Length: x\r\n\r\n"]
        {
            assert!(read(&mut broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
