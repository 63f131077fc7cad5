//! Events held against the decision tables that were in force: what was allowed, what was not, and what it cost.
//!
//! [`Auditor::judge`] takes one event; nothing here knows files. [`report`] adds up, [`replay`] asks what another table
//! would have done.

mod duties;
pub mod kind;
pub mod names;
mod price;
pub mod render_human;
pub mod render_json;
pub mod render_replay;
pub mod render_sarif;
pub mod replay;
pub mod report;
mod route;
pub mod tables;
pub mod traffic;

pub use duties::{NOT, PRODUCTION, REAL};
pub use kind::Kind;

use crate::event::price::Cost;
use crate::event::{Event, Field, Fields, Nanos, Text, money, time};
use crate::invariant::there;
use crate::limits::shown;
use crate::table::{Decision, NotUnderstood, Request};
use names::Found;
use tables::{InForce, Known, Tables};

/// What takes everything that is wrong with an event, with what makes its message.
pub type Wrong<'f> = dyn FnMut(Kind, &dyn Fn() -> String) + 'f;

/// What is known of an event when it has been judged.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is said of an event by itself")]
pub struct Judged {
    /// Which table it was held against, of all.
    pub table: Option<usize>,
    /// What it costs by that table's prices.
    pub cost: Option<Cost>,
    /// Its day is before that of the oldest table, which it is held against.
    pub is_before_tables: bool,
    /// It states an amount that cannot be held against the price.
    pub is_unheld: bool,
    /// It names no model, and its format no use case of which that would be asked.
    pub is_of_no_model: bool,
    /// It is a charge of a service that is no model.
    pub is_of_other_service: bool,
    /// Several tables were in force on its day, and this one fits it best.
    pub is_of_several: bool,
}

/// Holds events against tables.
#[derive(Debug)]
pub struct Auditor {
    tables: Tables,
    /// The day of events whose format has no time.
    as_of: String,
}

/// An event with what it is held against.
struct Case<'a> {
    event: &'a Event<'a>,
    /// What its format can state.
    states: Fields,
    known: &'a Known,
}

impl Case<'_> {
    /// Whether something is not there though it could be.
    fn lacks(&self, field: Field) -> bool {
        let is_blank = self.event.text(field).is_none_or(|text| text.trim().is_empty());
        let is_text = field.kind() == crate::event::Kind::Text;
        self.states.has(field) && if is_text { is_blank } else { !self.event.has(field) }
    }
}

/// The amounts that are held against the price.
const STATED: [Field; 2] = [Field::Cost, Field::Billed];
const CENT: Nanos = money::DOLLAR / 100;

impl Auditor {
    /// Of some tables; `as_of` is the day, `YYYY-MM-DD`, of events whose format has no time.
    pub fn new(tables: Tables, as_of: String) -> Self {
        Self { tables, as_of }
    }

    /// The tables that events are held against.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The table in force for an event; none where it names one that is not known, or no time.
    fn in_force(&self, event: &Event<'_>, states: Fields) -> Result<InForce<'_>, Kind> {
        let digest = event.text(Field::Table);
        let find = |day: &str| self.tables.find(digest, day).ok_or(Kind::UnknownTable);
        match event.text(Field::Time) {
            None if states.has(Field::Time) => Err(Kind::UnreadableEvent),
            None => find(&self.as_of),
            Some(at) => match time::plain_day(at) {
                Some(day) => find(day),
                None => find(&time::day(at).ok_or(Kind::UnreadableEvent)?),
            },
        }
    }

    /// Judges an event of a format that can state some fields: what it cannot state is not asked of it.
    pub fn judge(&self, event: &Event<'_>, states: Fields, wrong: &mut Wrong<'_>) -> Judged {
        let (in_force, is_of_several) = match self.fitting(event, states) {
            Ok(fitting) => fitting,
            Err(kind) => {
                wrong(kind, &|| match (kind, event.text(Field::Table)) {
                    (Kind::UnknownTable, Some(digest)) => {
                        format!("no table with the digest `{}`", cut(digest))
                    }
                    _ => match event.text(Field::Time) {
                        None => "it says no time".to_owned(),
                        Some(at) => format!("`{}` is not a time", cut(at)),
                    },
                });
                return Judged::default();
            }
        };
        Judged { is_of_several, ..Self::judge_by(&in_force, event, states, wrong) }
    }

    /// The table that an event is held against, and whether it is one of several: on the day of a new table nobody knows
    /// which one decided, so it is the one that fits best.
    pub fn fitting(&self, event: &Event<'_>, states: Fields) -> Result<(InForce<'_>, bool), Kind> {
        let in_force = self.in_force(event, states)?;
        let beside = self.beside(event, &in_force);
        if beside.is_empty() {
            return Ok((in_force, false));
        }
        let (mut best, mut least) = (in_force, Self::wrongs(&in_force, event, states));
        for one in beside {
            let wrongs = Self::wrongs(&one, event, states);
            if wrongs < least {
                (best, least) = (one, wrongs);
            }
        }
        Ok((best, true))
    }

    /// The other tables of the day of an event that names none, the newest first.
    fn beside(&self, event: &Event<'_>, in_force: &InForce<'_>) -> Vec<InForce<'_>> {
        if self.tables.all().len() < 2 || event.has(Field::Table) || in_force.is_before {
            return Vec::new();
        }
        let of = |day: &str| self.tables.beside(in_force, day);
        match event.text(Field::Time) {
            None => of(&self.as_of),
            Some(at) => match time::plain_day(at) {
                Some(day) => of(day),
                None => time::day(at).map(|day| of(&day)).unwrap_or_default(),
            },
        }
    }

    /// How much is wrong with an event by a table: first that nothing is decided for it, then where it went.
    fn wrongs(in_force: &InForce<'_>, event: &Event<'_>, states: Fields) -> [usize; 3] {
        let [mut undecided, mut elsewhere, mut all] = [0; 3];
        Self::judge_by(in_force, event, states, &mut |kind, _| {
            undecided += usize::from(kind.is_undecided());
            elsewhere += usize::from(kind.is_of_route());
            all += 1;
        });
        [undecided, elsewhere, all]
    }

    fn judge_by(in_force: &InForce<'_>, event: &Event<'_>, states: Fields, wrong: &mut Wrong<'_>) -> Judged {
        validity(in_force, event, wrong);
        let case = Case { event, states, known: in_force.known };
        let names_use_cases = states.has(Field::UseCase) || states.has(Field::EndpointTag);
        let decision = event.use_case().is_some().then(|| case.decide());
        let model = case.known.names.find(event, decision.as_ref());
        if event.is_of_other_service() && !matches!(model, Found::Target(_)) {
            return Judged { table: Some(in_force.at), is_of_other_service: true, ..Judged::default() };
        }
        if model == Found::Unknown && event.is_served() {
            wrong(Kind::UnknownModel, &|| unknown_model(event, &case.known.names));
        }
        if let Some(decision) = &decision {
            match decision.not_understood() {
                Some(what) => not_understood(&case, what, wrong),
                None => case.hold(decision, model, wrong),
            }
        } else if names_use_cases {
            wrong(Kind::UnknownUseCase, &|| "it names no use case".to_owned());
        }
        duties::test_in_production(event, wrong);
        let cost = case.cost(model, decision.as_ref(), wrong);
        Judged {
            table: Some(in_force.at),
            cost,
            is_before_tables: in_force.is_before,
            is_unheld: cost.is_some_and(|cost| {
                let mut stated = STATED.into_iter().filter_map(|field| event.money(field));
                is_open(&cost) && stated.any(|usd| cost.most.is_none() || cost.off(usd) <= CENT)
            }),
            is_of_no_model: model == Found::Unsaid && !names_use_cases,
            ..Judged::default()
        }
    }
}

impl Case<'_> {
    fn decide(&self) -> Decision<'_> {
        decide(self.known, self.event)
    }

    fn hold(&self, decision: &Decision<'_>, model: Found, wrong: &mut Wrong<'_>) {
        self.named(decision, wrong);
        if self.event.is_served() {
            self.route(decision, model, wrong);
        }
        self.duties(decision, wrong);
    }

    fn cost(&self, model: Found, decision: Option<&Decision<'_>>, wrong: &mut Wrong<'_>) -> Option<Cost> {
        let Found::Target(at) = model else { return None };
        let cost = self.known.prices.get(at)?.cost(self.event, || self.known.is_batch(decision))?;
        let held = if is_open(&cost) && cost.most.is_none() { &[][..] } else { &STATED };
        for field in held.iter().copied() {
            let Some(stated) = self.event.money(field).filter(|stated| cost.off(*stated) > CENT) else {
                continue;
            };
            wrong(Kind::CostOff, &|| {
                let id = &there(self.known.table.table().models.get(at), "the model").id;
                let tokens = match cost.most {
                    None => format!("{} usd", money::exact(cost.usual)),
                    Some(most) => format!("at most {} usd", money::exact(most)),
                };
                format!(
                    "`{}` is {} usd, and its tokens cost {tokens} at `{id}`",
                    field.key(),
                    money::exact(stated)
                )
            });
        }
        Some(cost)
    }
}

/// Whether no amount can be held against a cost.
fn is_open(cost: &Cost) -> bool {
    cost.is_open || cost.is_guess
}

/// What a table decides for what an event states.
pub fn decide<'t>(known: &'t Known, event: &Event<'_>) -> Decision<'t> {
    let (mut budgets, mut facts) = (Pairs::default(), Pairs::default());
    known.table.decide(&Request {
        use_case: event.use_case().unwrap_or_default(),
        classification: event.text(Field::Classification),
        budget_remaining: event.text(Field::BudgetRemaining),
        budgets: budgets.of(event.pairs(Field::Budgets)),
        facts: facts.of(event.pairs(Field::Facts)),
    })
}

/// Pairs of texts as a request has them: a few take no memory but this.
#[derive(Default)]
struct Pairs<'e> {
    few: [(&'e str, &'e str); 8],
    many: Vec<(&'e str, &'e str)>,
}

impl<'e> Pairs<'e> {
    fn of(&mut self, pairs: &'e [(Text<'_>, Text<'_>)]) -> &[(&'e str, &'e str)] {
        let texts = pairs.iter().map(|(name, value)| (&**name, &**value));
        if pairs.len() > self.few.len() {
            self.many.extend(texts);
            return &self.many;
        }
        for (place, pair) in self.few.iter_mut().zip(texts) {
            *place = pair;
        }
        self.few.get(..pairs.len()).unwrap_or_default()
    }
}

fn validity(in_force: &InForce<'_>, event: &Event<'_>, wrong: &mut Wrong<'_>) {
    let table = in_force.known.table.table();
    if in_force.is_unmade {
        wrong(Kind::UnknownTable, &|| format!("the table that it names was made later, for {}", table.as_of));
    }
    if in_force.is_expired {
        wrong(Kind::ExpiredTable, &|| {
            let last = table.valid_until.as_deref().unwrap_or_default();
            format!("the table of {} was valid through {last}", table.as_of)
        });
    }
    if let Some(newer) = in_force.newer.filter(|_| event.has(Field::Table)) {
        wrong(Kind::OldTable, &|| {
            format!(
                "it was decided by the table of {}, after that of {} was made",
                table.as_of,
                newer.table.table().as_of
            )
        });
    }
}

fn not_understood(case: &Case<'_>, what: NotUnderstood, wrong: &mut Wrong<'_>) {
    let event = case.event;
    let name = event.use_case().unwrap_or_default();
    match what {
        NotUnderstood::UseCase => {
            wrong(Kind::UnknownUseCase, &|| format!("`{}` is not a use case or endpoint tag", cut(name)));
        }
        _ if event.is_served() => {
            wrong(Kind::NotUnderstood, &|| {
                let which = which(case, what).map(|which| format!(" ({which})")).unwrap_or_default();
                format!("{what}{which}, so the decision is to block")
            });
        }
        _ => {}
    }
}

/// The classification or fact that is not understood.
fn which(case: &Case<'_>, what: NotUnderstood) -> Option<String> {
    let table = case.known.table.table();
    match what {
        NotUnderstood::Classification => {
            let level = case.event.text(Field::Classification)?;
            return Some(format!("the classification `{}`", cut(level)));
        }
        NotUnderstood::Fact => {}
        _ => return None,
    }
    case.event.pairs(Field::Facts).iter().find_map(|(name, value)| match table.facts.get(&**name) {
        None => Some(format!("the fact `{}`", cut(name))),
        Some(fact) if !fact.values.iter().any(|known| known == value) => {
            // The value may be anything, and stands in no output of ours.
            Some(format!("a value of the fact `{}`", cut(name)))
        }
        Some(_) => None,
    })
}

fn unknown_model(event: &Event<'_>, names: &names::Names) -> String {
    let of = event.text(Field::Provider).map(|provider| format!(" of `{}`", cut(provider)));
    if let Some(route) = event.text(Field::Route) {
        return match (names.seller(route), of) {
            (Some(_), Some(of)) => {
                format!("it names the model `{}`, and{of} no such model is known", cut(route))
            }
            _ => format!("`{}` is not a model of the table", cut(route)),
        };
    }
    let name = event.text(Field::ResponseModel).or(event.text(Field::RequestModel)).unwrap_or_default();
    format!("no model is called `{}`{}", cut(name), of.unwrap_or_default())
}

/// As much of a text of others as a message holds.
fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(shown::AUDIT_QUOTED).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
