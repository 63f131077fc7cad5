//! What becomes of a link for one use case after the other, written down as they come: together they can be many.

use super::build::Scope;
use super::links::On;
use crate::work;

/// The use cases of which something is so at a link.
#[derive(Debug)]
pub(super) struct Told<W> {
    /// How one is put into words.
    says: fn(&mut String, &str, &W, On),
    /// What stands between two.
    between: &'static str,
    /// All in words, but for the last one.
    text: String,
    /// The last one, and what is so of it on which triggers: more may come.
    last: String,
    open: Vec<(W, On)>,
    count: usize,
    first: Option<(String, W)>,
    /// On which triggers requests come here, of all.
    together: On,
    /// Whether an outage of any leads here.
    is_outage: bool,
}

impl<W: PartialEq> Told<W> {
    pub(super) fn new(between: &'static str, says: fn(&mut String, &str, &W, On)) -> Self {
        Self {
            says,
            between,
            text: String::new(),
            last: String::new(),
            open: Vec::new(),
            count: 0,
            first: None,
            together: On::default(),
            is_outage: false,
        }
    }

    /// Notes what is so of a use case; everything of one comes before anything of the next.
    pub(super) fn note(&mut self, use_case: &str, what: W, on: On) {
        if self.last != use_case {
            self.close();
            use_case.clone_into(&mut self.last);
        }
        let is_it = |(known, _): &&mut (W, On)| {
            work::step();
            *known == what
        };
        if let Some((_, known)) = self.open.iter_mut().find(is_it) {
            known.all = known.all.with(on.all);
        } else {
            self.open.push((what, on));
        }
    }

    /// Puts the last one into words.
    fn close(&mut self) {
        for (what, on) in std::mem::take(&mut self.open) {
            if self.count > 0 {
                self.text += self.between;
            }
            (self.says)(&mut self.text, &self.last, &what, on);
            self.together = self.together.with(on);
            self.is_outage |= on.is_outage();
            self.count += 1;
            if self.first.is_none() {
                self.first = Some((self.last.clone(), what));
            }
        }
    }

    /// Everything that was noted, in words; none where nothing was.
    pub(super) fn finished(mut self) -> Option<All<W>> {
        self.close();
        let Self { text, count, first, together, is_outage, .. } = self;
        let (use_case, what) = first?;
        Some(All { text, count, use_case, what, together, is_outage })
    }
}

/// All use cases of which something is so at a link.
#[derive(Debug)]
pub(super) struct All<W> {
    /// In words.
    pub(super) text: String,
    pub(super) count: usize,
    /// The first use case of them.
    pub(super) use_case: String,
    /// What is so of it.
    pub(super) what: W,
    together: On,
    is_outage: bool,
}

impl<W> All<W> {
    /// On which triggers requests come to a link: of one use case where that is not only an outage, of several where no
    /// outage of any leads there.
    pub(super) fn triggers(&self, scope: Scope) -> Vec<String> {
        match scope {
            Scope::All if self.is_outage => Vec::new(),
            // What is an outage's path for one use case is not for another.
            Scope::All => On { outage: On::default().outage, ..self.together }.words(),
            Scope::One => self.together.words(),
        }
    }
}
