//! Failures that show in another place than where the mistake is.

use super::Mend;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::Kind;
use crate::syntax::words;

/// `===`, `<>`, `! =`: a symbol of another language, the beginning of which is one of ours.
pub(super) fn glued_symbol(scene: &Scene<'_>) -> Option<Mend> {
    let (found, before) = (scene.found?, scene.before?);
    let parted = before.end < found.start && matches!(before.text(scene.text), "<" | ">" | "!" | "=");
    if parted && scene.found_text() == "=" {
        let text = format!("{}=", before.text(scene.text));
        return Some(Mend::new(before.start, found.end, text));
    }
    if scene.found_text() == "!" && scene.behind(1) == Some("=") && scene.expects("==") {
        let next = scene.onward().get(1).map_or(found.end, |next| next.end);
        return Some(Mend::new(found.start, next, "!="));
    }
    let symbol =
        found.kind == Kind::Symbol && !matches!(scene.found_text(), "," | "->") && scene.expects("==");
    let ours = words::SYMBOLS.iter().find(|(theirs, ours)| {
        symbol && *theirs == scene.found_text() && words::COMPARISONS.contains(ours)
    })?;
    Some(
        Mend::new(found.start, found.end, ours.1).help(format!("write `{}` instead of `{}`", ours.1, ours.0)),
    )
}

/// `given support.reply`: the use case without the word before it, which makes the next word its value.
pub(super) fn given(scene: &Scene<'_>) -> Option<Mend> {
    if scene.first != "test" {
        return None;
    }
    let (before, second) = (scene.before?, scene.second_before?);
    if before.text(scene.text) == "expect" && scene.found_text() == "not" {
        let onward = scene.onward();
        let name = onward.get(1).filter(|name| !words::EXPECTED.contains(&name.text(scene.text)))?;
        return Some(Mend::new(scene.found?.start, name.end, format!("never {}", name.text(scene.text))));
    }
    if second.text(scene.text) == "down" && matches!(scene.found_text(), "and" | "&&" | ";") {
        let onward = scene.onward();
        let name = onward.get(1).filter(|name| scene.is_word(name) && name.text(scene.text) != "down")?;
        return Some(Mend::new(scene.found?.start, name.end, format!(", down {}", name.text(scene.text))));
    }
    let several = second.text(scene.text) == "use_case" && before.kind == Kind::Word;
    if let Some(found) = scene.found.filter(|found| several && scene.is_word(found)) {
        let name = scene.text.get(before.start..found.end).filter(|name| !name.contains('\n'))?;
        return Some(Mend::new(before.start, found.end, format!("\"{name}\"")));
    }
    let swallowed = words::TEST.contains(&before.text(scene.text))
        && scene.text.get(second.end..before.start).is_some_and(|between| between.contains('\n'));
    let lacking = matches!(scene.found_text(), "," | "}") && scene.expects_group("a name");
    let (name, opener) = if swallowed {
        (second, scene.third_before()?)
    } else if lacking {
        (before, second.text(scene.text))
    } else {
        return None;
    };
    if opener != "given" || !scene.is_word(&name) {
        return None;
    }
    let text = format!("use_case {}", name.text(scene.text));
    let message = format!("expected what is given after `given`, found {}", quote(scene.text, name));
    Some(Mend::new(name.start, name.end, text).message(message))
}

/// `chain a ->` at the end of its line: what stands on the next one was read as a name.
pub(super) fn swallowed(scene: &Scene<'_>) -> Option<Mend> {
    let (read, lacking) = (scene.before?, scene.second_before?);
    let keyword = read.text(scene.text);
    let next_line = scene.text.get(lacking.end..read.start)?.contains('\n');
    let mark = matches!(lacking.text(scene.text), "->" | ",");
    if !next_line || !mark || !scene.beginnings()?.contains(&keyword) {
        return None;
    }
    let mark = lacking.text(scene.text);
    Some(
        Mend::new(lacking.start, lacking.end, "")
            .message(format!("nothing stands after `{mark}` on its line"))
            .help(format!("leave out the `{mark}`, or name what comes after it")),
    )
}
