//! A line of our words with the words of others among them, kept apart: every output marks those of others in its own way.

use crate::limits::shown;
use crate::render::markdown::code;

/// Our words and those of others, in order. Written out it is what a terminal shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phrase(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Words of ours, never escaped.
    Words(&'static str),
    /// Numbers, amounts and days that we wrote.
    Figures(String),
    /// A name of others, which people see in back quotes.
    Name(String),
    /// A text of others, which people see as it is.
    Text(String),
}

impl Phrase {
    /// A phrase that has words of ours alone.
    pub fn of(words: &'static str) -> Self {
        Self::default().words(words)
    }

    /// With our words behind it.
    #[must_use]
    pub fn words(mut self, words: &'static str) -> Self {
        self.0.push(Part::Words(words));
        self
    }

    /// With numbers, amounts, days or counts of things behind it. What is none is taken for the words of others.
    #[must_use]
    pub fn figures(mut self, figures: impl Into<String>) -> Self {
        let figures = figures.into();
        let is_figure = |c: char| c.is_ascii_alphanumeric() || " .,:;%()+-→–".contains(c);
        let is_ours = figures.chars().all(is_figure);
        self.0.push(if is_ours { Part::Figures(figures) } else { Part::Text(figures) });
        self
    }

    /// With a name of others behind it.
    #[must_use]
    pub fn name(mut self, name: impl AsRef<str>) -> Self {
        self.0.push(Part::Name(name.as_ref().to_owned()));
        self
    }

    /// With a text of others behind it.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    /// With another phrase behind it.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Several with the same words between them.
    pub fn joined(phrases: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let mut all = Self::default();
        for phrase in phrases {
            all = if all.0.is_empty() { phrase } else { all.words(between).then(phrase) };
        }
        all
    }

    /// Names: `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``; of many the first and how many more there are.
    pub fn list<S: AsRef<str>>(names: &[S], most: usize) -> Self {
        let quoted = |name: &S| Self::default().name(name);
        let more = names.len().saturating_sub(most);
        match names {
            [] => Self::of("nothing"),
            _ if more > 0 => {
                let shown = Self::joined(names.iter().take(most).map(quoted), ", ");
                shown.words(" and ").figures(format!("{more} more"))
            }
            [one] => quoted(one),
            [init @ .., last] => Self::joined(init.iter().map(quoted), ", ").words(" and ").name(last),
        }
    }

    /// As Markdown: everything of others is code, so that it is never markup, a link or a mention. Of a long line the end
    /// is counted.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        for (at, part) in self.0.iter().enumerate() {
            if text.chars().count() > shown::MARKDOWN_LINE {
                return text + &format!(" … and {} more words", self.0.len() - at);
            }
            match part {
                Part::Words(words) => text += words,
                Part::Figures(figures) => text += figures,
                Part::Name(theirs) | Part::Text(theirs) if theirs.is_empty() => {}
                Part::Name(theirs) | Part::Text(theirs) => {
                    // Two runs of back quotes that touch would be one.
                    text += if text.ends_with('`') { " " } else { "" };
                    text += &code(theirs);
                }
            }
        }
        text
    }
}

impl std::fmt::Display for Phrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Words(words) => f.write_str(words),
            Part::Figures(text) | Part::Text(text) => f.write_str(text),
            Part::Name(name) => write!(f, "`{name}`"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Phrase;

    #[test]
    fn what_others_wrote_is_code_however_it_is_called() {
        let name = "alpha`, which was reachable before (no change); see GH-12 and `x";
        let phrase = Phrase::of("because of ").text(name).words(" (").figures("2 use cases").words(")");
        assert_eq!(
            phrase.markdown(),
            "because of `alpha', which was reachable before (no change); see GH-12 and 'x` (2 use cases)"
        );
        assert_eq!(phrase.to_string(), format!("because of {name} (2 use cases)"));
        assert_eq!(Phrase::default().figures("@octocat").markdown(), "`@octocat`");
        assert_eq!(Phrase::default().name("a").name("b").markdown(), "`a` `b`");
    }

    #[test]
    fn lists_read_as_sentences_and_end() {
        assert_eq!(Phrase::list(&["a", "b", "c"], 5).to_string(), "`a`, `b` and `c`");
        assert_eq!(Phrase::list(&["a", "b", "c"], 1).to_string(), "`a` and 2 more");
        let many = Phrase::list(&vec!["z".repeat(190); 40], 40).markdown();
        assert!(many.len() < 2_300 && many.ends_with(" more words"), "{many}");
    }
}
