//! Comments and docstrings of Python: what stands in them is not run.

/// From where to where something stands that is not run, in order.
pub(super) fn comments(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut depth) = (0usize, 0usize);
    // Whether nothing but white space stands before, on the logical line.
    let mut begins = true;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => {
                let end =
                    bytes.iter().skip(at).position(|byte| *byte == b'\n').map_or(bytes.len(), |to| at + to);
                found.push((at, end));
                at = end;
            }
            b'"' | b'\'' => {
                let (end, is_triple) = string(bytes, at);
                if is_triple && begins && depth == 0 {
                    found.push((at, end));
                }
                begins = false;
                at = end;
            }
            b'\n' => {
                begins = begins || depth == 0;
                at += 1;
            }
            b' ' | b'\t' | b'\r' | 0x0c => at += 1,
            // A prefix of a string is no statement of its own.
            b'r' | b'R' | b'b' | b'B' | b'f' | b'F' | b'u' | b'U'
                if matches!(
                    bytes.get(at + 1),
                    Some(b'"' | b'\'' | b'r' | b'R' | b'b' | b'B' | b'f' | b'F')
                ) =>
            {
                at += 1;
                if !matches!(bytes.get(at), Some(b'"' | b'\''))
                    && !matches!(bytes.get(at + 1), Some(b'"' | b'\''))
                {
                    begins = false;
                }
            }
            _ => {
                match byte {
                    b'(' | b'[' | b'{' => depth += 1,
                    b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                begins = false;
                at += 1;
            }
        }
    }
    found
}

/// Where a string ends that begins here, and whether its quotes are triple.
fn string(bytes: &[u8], start: usize) -> (usize, bool) {
    let quote = bytes.get(start).copied().unwrap_or_default();
    let is_triple = bytes.get(start + 1) == Some(&quote) && bytes.get(start + 2) == Some(&quote);
    let mut at = start + if is_triple { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            // A string that is not closed ends with its line.
            b'\n' if !is_triple => return (at, false),
            byte if byte == quote => {
                let closes =
                    !is_triple || (bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote));
                if closes {
                    return (at + if is_triple { 3 } else { 1 }, is_triple);
                }
            }
            _ => {}
        }
        at += 1;
    }
    (bytes.len(), is_triple)
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn what_is_not_run_is_told_apart() {
        let text = "\
def f():
    r\"\"\"Asks W1.\"\"\"
    prompt = \"\"\"
    say W2
    \"\"\"
    # W3
    return g(
        \"\"\"W4\"\"\",
        r\"W5\", '#W6',
    )

class A:
    '''
    W7
    '''
    x = \"W8\"  # W9
";
        let ranges = comments(text);
        let is_comment = |word: &str| {
            let at = text.find(word).expect("a word");
            ranges.iter().any(|(from, to)| (*from..*to).contains(&at))
        };
        for word in ["W1", "W3", "W7", "W9"] {
            assert!(is_comment(word), "{word}");
        }
        for word in ["W2", "W4", "W5", "W6", "W8"] {
            assert!(!is_comment(word), "{word}");
        }
    }

    #[test]
    fn any_text_ends() {
        for text in ["\"\"\"", "'", "r", "x = '\\", "(((", "f\"", "#", ")))\"\"\"a"] {
            assert!(comments(text).iter().all(|(from, to)| from <= to && *to <= text.len()), "{text}");
        }
    }
}
