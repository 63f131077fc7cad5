//! The audit event: what a gateway or an application logs of one request, in one form for every provider.
//!
//! [`Field`] lists what an event may state; [`json`] reads our own lines, [`adapters`] the logs of others, [`split`] cuts
//! a stream into records.

pub mod adapters;
pub mod block;
pub mod field;
pub mod json;
mod keys;
pub mod models;
pub mod money;
pub mod price;
pub mod provider;
mod quick;
pub mod row;
pub mod seen;
mod spelled;
pub mod split;
pub mod time;

use std::borrow::Cow;

pub use field::{Field, Fields, Kind};
pub use money::Nanos;

/// Text that is borrowed from the record where it can be.
pub type Text<'a> = Cow<'a, str>;

/// What an event states of one field.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value<'a> {
    /// The record has no such field, or it holds nothing.
    #[default]
    Absent,
    /// As it stands in the record; borrowed where no escape is in it.
    Text(Text<'a>),
    /// A whole number.
    Count(u64),
    /// US dollars.
    Money(Nanos),
    /// Texts in their order.
    List(Vec<Text<'a>>),
    /// Texts by name.
    Pairs(Vec<(Text<'a>, Text<'a>)>),
    /// Something whose content does not matter here.
    Present,
}

/// Of a record that adds up requests without saying how many: how long their prompts were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompts {
    /// The record does not say.
    Unsaid,
    /// Of up to so many tokens, or of more than so many.
    Said {
        /// More than this.
        above: u64,
        /// Up to this; none: there is no bound.
        up_to: Option<u64>,
    },
}

/// An event: a value for every field.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    values: [Value<'a>; Field::ALL.len()],
    /// The fields that it states, and maybe some of which it says that they are absent.
    touched: Fields,
    prompts: Option<Prompts>,
    /// What its model may be called besides.
    called: Vec<Text<'a>>,
    marks: Marks,
    spare: Spare<'a>,
}

/// What else is known of an event.
#[derive(Debug, Clone, Copy, Default)]
struct Marks {
    /// Its format says how many tokens came from a cache, and this record does not.
    is_cache_unsaid: bool,
    /// It is a charge, and of a service that is no model.
    is_of_other_service: bool,
    /// Of which of a provider's pages it is.
    page: Option<Page>,
}

/// Which of two pages of a provider a row is of: they tell of the same requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// How many tokens were used.
    Usage,
    /// What that cost.
    Costs,
}

/// The memory of lists that an event held before it was cleared.
#[derive(Debug, Clone, Default)]
struct Spare<'a> {
    lists: Vec<Vec<Text<'a>>>,
    pairs: Vec<Vec<(Text<'a>, Text<'a>)>>,
}

/// So many lists are kept for their memory, and none that is longer.
const MOST_SPARE: (usize, usize) = (8, 64);

impl Default for Event<'_> {
    fn default() -> Self {
        Self {
            values: [const { Value::Absent }; Field::ALL.len()],
            touched: Fields::default(),
            prompts: None,
            called: Vec::new(),
            marks: Marks::default(),
            spare: Spare::default(),
        }
    }
}

/// Why a record is no event: a sentence without a final period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

/// Keeps the memory of a list.
fn keep<T>(spare: &mut Vec<Vec<T>>, mut list: Vec<T>) {
    list.clear();
    if spare.len() < MOST_SPARE.0 && list.capacity() <= MOST_SPARE.1 {
        spare.push(list);
    }
}

impl<'a> Event<'a> {
    /// What it states of a field.
    pub fn get(&self, field: Field) -> &Value<'a> {
        // Every field has its place.
        self.values.get(field as usize).unwrap_or(&Value::Absent)
    }

    /// Whether it states a field.
    pub fn has(&self, field: Field) -> bool {
        !matches!(self.get(field), Value::Absent)
    }

    /// A text; none where it is absent or empty.
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.get(field) {
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// A whole number.
    pub fn count(&self, field: Field) -> Option<u64> {
        match self.get(field) {
            Value::Count(count) => Some(*count),
            _ => None,
        }
    }

    /// US dollars.
    pub fn money(&self, field: Field) -> Option<Nanos> {
        match self.get(field) {
            Value::Money(money) => Some(*money),
            _ => None,
        }
    }

    /// Texts in their order; none where they are absent.
    pub fn list(&self, field: Field) -> &[Text<'a>] {
        match self.get(field) {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// Texts by name; none where they are absent.
    pub fn pairs(&self, field: Field) -> &[(Text<'a>, Text<'a>)] {
        match self.get(field) {
            Value::Pairs(pairs) => pairs,
            _ => &[],
        }
    }

    /// The place of a field, which is about to be stated.
    fn place(&mut self, field: Field) -> Option<&mut Value<'a>> {
        self.touched.add(field);
        self.values.get_mut(field as usize)
    }

    /// States nothing any more. Making an event anew takes longer, for it has many fields and most state few.
    pub fn clear(&mut self) {
        self.prompts = None;
        self.called.clear();
        self.marks = Marks::default();
        for at in std::mem::take(&mut self.touched).places() {
            let Some(place) = self.values.get_mut(at) else { continue };
            match std::mem::take(place) {
                Value::List(list) => keep(&mut self.spare.lists, list),
                Value::Pairs(pairs) => keep(&mut self.spare.pairs, pairs),
                Value::Text(Cow::Owned(_)) => {}
                // Most are borrowed, and nothing of them has to be dropped.
                other => std::mem::forget(other),
            }
        }
    }

    /// A list without anything in it.
    fn empty_list(&mut self) -> Vec<Text<'a>> {
        self.spare.lists.pop().unwrap_or_default()
    }

    /// Pairs of which there are none.
    fn empty_pairs(&mut self) -> Vec<(Text<'a>, Text<'a>)> {
        self.spare.pairs.pop().unwrap_or_default()
    }

    /// States a field of which nothing is stated; none where something is.
    fn fill(&mut self, field: Field, value: Value<'a>) -> Option<()> {
        if value == Value::Absent {
            return Some(());
        }
        let place = self.place(field)?;
        if !matches!(place, Value::Absent) {
            return None;
        }
        // Nothing that was absent has to be dropped.
        std::mem::forget(std::mem::replace(place, value));
        Some(())
    }

    /// States a field, whatever it stated before.
    pub fn set(&mut self, field: Field, value: Value<'a>) {
        if let Some(place) = self.place(field) {
            *place = value;
        }
    }

    /// States a field that a record names; the same again is nothing, something else is a fault.
    ///
    /// # Errors
    ///
    /// The field was stated before, and otherwise.
    pub fn state(&mut self, field: Field, value: Value<'a>) -> Result<(), Fault> {
        if value == Value::Absent {
            return Ok(());
        }
        let Some(place) = self.place(field) else { return Ok(()) };
        if *place != Value::Absent && *place != value {
            return Err(Fault(format!("it says two things of `{}`", field.key())));
        }
        *place = value;
        Ok(())
    }

    /// Adds a pair to a field of pairs: `facts.tenant` of a row or an attribute.
    ///
    /// # Errors
    ///
    /// The name stands there already.
    pub fn pair(&mut self, field: Field, name: Text<'a>, value: Text<'a>) -> Result<(), Fault> {
        let Some(place) = self.place(field) else { return Ok(()) };
        if !matches!(place, Value::Pairs(_)) {
            *place = Value::Pairs(Vec::new());
        }
        if let Value::Pairs(pairs) = place {
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Fault(format!("it says two things of `{}.{name}`", field.key())));
            }
            pairs.push((name, value));
        }
        Ok(())
    }

    /// The use case as a request would name it: by name, else by endpoint tag.
    pub fn use_case(&self) -> Option<&str> {
        self.text(Field::UseCase).or_else(|| self.text(Field::EndpointTag))
    }

    /// How many requests it stands for: 1 unless it is a row that adds several up.
    pub fn requests(&self) -> u64 {
        self.count(Field::Requests).unwrap_or(1)
    }

    /// Its input tokens, those from a cache included: more from a cache than there is input were counted beside the input,
    /// as Anthropic's own API does.
    pub fn input_tokens(&self) -> Option<u64> {
        let input = self.count(Field::InputTokens)?;
        let cached = self.count(Field::CachedTokens).unwrap_or(0);
        Some(if cached > input { input.saturating_add(cached) } else { input })
    }

    /// What is known of the prompts of requests that it adds up without saying how many; none: it says how many.
    pub fn prompts(&self) -> Option<Prompts> {
        self.prompts
    }

    /// It adds up requests, and does not say how many.
    pub fn add_up(&mut self, prompts: Prompts) {
        self.prompts = Some(prompts);
    }

    /// Everything that its model may be called, in the order in which it counts; nothing where one name alone is stated.
    pub fn called(&self) -> &[Text<'a>] {
        &self.called
    }

    /// Its model may be called so: bills name models in one of several columns.
    pub fn may_be_called(&mut self, name: Text<'a>) {
        self.called.push(name);
    }

    /// Whether nobody says how many of its tokens came from a cache.
    pub fn is_cache_unsaid(&self) -> bool {
        self.marks.is_cache_unsaid
    }

    /// Nothing says how many of its tokens came from a cache.
    pub fn leave_cache_unsaid(&mut self) {
        self.marks.is_cache_unsaid = true;
    }

    /// Whether it is a charge of a service that is no model, for no use case.
    pub fn is_of_other_service(&self) -> bool {
        self.marks.is_of_other_service && self.use_case().is_none()
    }

    /// Of which of its provider's pages it is, if it is of one.
    pub fn page(&self) -> Option<Page> {
        self.marks.page
    }

    /// It is of a page of its provider.
    pub fn be_of_page(&mut self, page: Page) {
        self.marks.page = Some(page);
    }

    /// It is a charge of a service that is no model.
    pub fn be_of_other_service(&mut self) {
        self.marks.is_of_other_service = true;
    }

    /// Whether a model was asked: not where the gateway refused, queued or degraded the request itself, which nobody
    /// answers or bills.
    pub fn is_served(&self) -> bool {
        let says_not = matches!(self.text(Field::Status), Some("blocked" | "queued" | "degraded"));
        let is_answered = || self.count(Field::OutputTokens).is_some_and(|tokens| tokens > 0);
        let is_billed = || self.money(Field::Billed).is_some_and(|usd| usd != Nanos::default());
        !says_not || is_answered() || is_billed()
    }
}
