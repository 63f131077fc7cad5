//! `test --format junit`: a suite for each policy file. No times, so that equal runs give equal bytes.

use super::root::Root;
use super::test_run::{place, undefined, with_place};
use crate::source::markup::{MARKS, escaped};
use crate::source::{FileId, Sources};
use crate::testing::{Reason, TestRun, Verdict};

/// The report; paths are from the root.
pub fn render(sources: &Sources, root: &Root, runs: &[TestRun]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    text += &format!("<testsuites name=\"govctl\" {}>\n", counts(runs.iter()));
    let mut files: Vec<FileId> = runs.iter().map(|run| run.test.name.span.file).collect();
    files.dedup();
    for file in files {
        let of_file = || runs.iter().filter(|run| run.test.name.span.file == file);
        let path = attribute(&root.path(sources, file));
        text += &format!("  <testsuite name=\"{path}\" {}>\n", counts(of_file()));
        text.extend(of_file().map(|run| case(sources, run, &path)));
        text += "  </testsuite>\n";
    }
    text + "</testsuites>\n"
}

fn counts<'a, 'b: 'a>(runs: impl Iterator<Item = &'a TestRun<'b>>) -> String {
    let (mut tests, mut failures) = (0, 0);
    for run in runs {
        tests += 1;
        failures += usize::from(!run.passed());
    }
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\"")
}

fn case(sources: &Sources, run: &TestRun, path: &str) -> String {
    let (line, _) = sources.line_column(run.test.name.span);
    let head = format!(
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{path}\" line=\"{line}\"",
        attribute(&run.test.name.value),
        attribute(&run.use_case.name.value),
    );
    let failures: Vec<(&str, String, String)> = match &run.verdict {
        Verdict::Passed => return head + "/>\n",
        Verdict::Failed(failures) => failures
            .iter()
            .map(|failure| {
                let message = format!("expected {}, got {}", failure.expected, failure.got);
                let body = format!("{message}\nat {}\n", place(sources, failure.place));
                ("expectation", message, body + &reasons(sources, &failure.reasons))
            })
            .collect(),
        Verdict::Undefined(why) => {
            let message = undefined(run);
            vec![("undefined", message.clone(), format!("{message}\n{}", reasons(sources, why)))]
        }
    };
    // One failure a test is all that most readers show: several expectations stand in one.
    let kind = failures.first().map_or("expectation", |(kind, ..)| kind);
    let messages: Vec<&str> = failures.iter().map(|(_, message, _)| message.as_str()).collect();
    let bodies: String = failures.iter().map(|(.., body)| body.as_str()).collect();
    let message = attribute(&messages.join("; "));
    let body = content(&format!("{bodies}see: {}", run.command));
    format!(
        "{head}>\n      <failure type=\"{kind}\" message=\"{message}\">{body}</failure>\n    </testcase>\n"
    )
}

fn reasons(sources: &Sources, reasons: &[Reason]) -> String {
    reasons.iter().map(|reason| format!("because {}\n", with_place(sources, reason))).collect()
}

/// The value of an attribute, in double quotes: what a reader would fold into a space is written as a reference.
fn attribute(text: &str) -> String {
    escaped(text, &MARKS, |escaped, character| match character {
        '\t' | '\n' | '\r' => *escaped += &format!("&#{};", u32::from(character)),
        other => push(escaped, other),
    })
}

/// Text between tags; a carriage return would be read as a line feed.
fn content(text: &str) -> String {
    // `>` too, so that nothing makes `]]>`.
    escaped(text, &['&', '<', '>'], |escaped, character| match character {
        '\r' => *escaped += "&#13;",
        other => push(escaped, other),
    })
}

fn push(escaped: &mut String, character: char) {
    match character {
        // XML 1.0 has no way to write these.
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
            escaped.push('\u{fffd}');
        }
        other => escaped.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{attribute, content};

    #[test]
    fn markup_quotes_and_white_space_survive_and_control_characters_do_not_break_it() {
        assert_eq!(attribute("a<b>&\"c\"\n\t\r"), "a&lt;b&gt;&amp;&quot;c&quot;&#10;&#9;&#13;");
        assert_eq!(content("]]> \"x\"\ny\r"), "]]&gt; \"x\"\ny&#13;");
        assert_eq!(content("a\u{1}\u{1b}\u{ffff}é"), "a\u{fffd}\u{fffd}\u{fffd}é");
    }
}
