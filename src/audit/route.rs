//! Whether an event went where the decision leads: model, hop, trigger, region, and what it names of the table.

use super::names::Found;
use super::{Case, Kind, Wrong, cut};
use crate::event::Field;
use crate::table::format::{Action, Failover};
use crate::table::{Decision, Path, Target, Trigger};

impl Case<'_> {
    /// What the event says about the decision itself.
    pub(super) fn named(&self, decision: &Decision<'_>, wrong: &mut Wrong<'_>) {
        if let (Some(said), Some(real)) = (self.event.count(Field::Decision), decision.index())
            && said != real as u64
        {
            wrong(Kind::WrongDecision, &|| format!("it names the decision {said}, the table decides {real}"));
        }
        let said = self.event.list(Field::Policies);
        let differs = || {
            let real = decision.rules();
            real.len() != said.len() || said.iter().any(|name| !real.iter().any(|rule| rule == name))
        };
        if self.event.has(Field::Policies) && differs() {
            wrong(Kind::WrongDecision, &|| {
                let real = decision.rules();
                match real {
                    [] => "it names rules, and none applies".to_owned(),
                    real => format!("it names other rules than those that apply, `{}`", real.join("`, `")),
                }
            });
        }
    }

    /// Whether the model may serve the request, at its hop and after its trigger.
    pub(super) fn route(&self, decision: &Decision<'_>, model: Found, wrong: &mut Wrong<'_>) {
        let models = &self.known.table.table().models;
        let at = match model {
            Found::Target(at) => at,
            Found::NoTarget => {
                return wrong(Kind::NotAllowed, &|| {
                    "no decision of the table leads to this model".to_owned()
                });
            }
            // Said already, or not said at all where the format has no models.
            Found::Unknown | Found::Several => return,
            Found::Unsaid => {
                if self.states.has(Field::RequestModel) || self.states.has(Field::ResponseModel) {
                    wrong(Kind::UnknownModel, &|| "it names no model".to_owned());
                }
                return;
            }
        };
        let Some(id) = models.get(at).map(|model| model.id.as_str()) else { return };
        let Some(primary) = decision.primary() else {
            return wrong(Kind::NotAllowed, &|| format!("the decision is to block, and it went to `{id}`"));
        };
        let is_primary = primary.model().id == id;
        if !is_primary && !decision.paths().any(|path| place(&path, id).is_some()) {
            return wrong(Kind::NotAllowed, &|| {
                format!("`{id}` is neither the primary `{}` nor on any path", primary.model().id)
            });
        }
        if let Some(ways) = self.ways(decision, id, is_primary, wrong) {
            self.region(ways.all(), wrong);
            if !is_primary {
                self.failover(ways.all(), id, wrong);
            }
        }
    }

    /// The ways on which the model may have been asked; none where that is wrong, which is then said.
    fn ways<'d>(
        &self,
        decision: &Decision<'d>,
        id: &str,
        is_primary: bool,
        wrong: &mut Wrong<'_>,
    ) -> Option<Ways<'d>> {
        let primary = decision.primary()?;
        let hop = self.event.count(Field::Hop);
        let trigger = self.event.text(Field::Trigger);
        let is_at_primary = hop.map_or(is_primary && trigger.is_none(), |hop| hop == 0);
        if is_at_primary {
            if !is_primary {
                wrong(Kind::WrongHop, &|| {
                    format!("hop 0 is the primary `{}`, not `{id}`", primary.model().id)
                });
            }
            return is_primary.then_some(Ways::One(Way { target: primary, failover: None }));
        }
        let Some(name) = trigger else {
            // A format without triggers cannot say on which path it was.
            if self.states.has(Field::Trigger) {
                wrong(Kind::WrongTrigger, &|| {
                    format!("`{id}` was asked by failover, and no trigger is named")
                });
            }
            return Some(Ways::Several(self.possible(decision, id)));
        };
        let path = Trigger::parse(name).and_then(|trigger| decision.on(trigger));
        let Some(path) = path else {
            wrong(Kind::WrongTrigger, &|| match Trigger::parse(name) {
                None => format!("`{}` is not a trigger", cut(name)),
                Some(_) => format!("on `{name}` the table leads nowhere, and it went to `{id}`"),
            });
            return None;
        };
        let Some(place) = place(&path, id) else {
            wrong(Kind::WrongTrigger, &|| format!("on `{name}` nothing leads to `{id}`: {}", targets(&path)));
            return None;
        };
        if let Some(hop) = hop.filter(|hop| *hop != place as u64 + 1) {
            wrong(Kind::WrongHop, &|| format!("`{id}` is hop {} on `{name}`, not {hop}", place + 1));
        }
        Some(Ways::One(Way { target: path.targets().nth(place)?, failover: path.failover() }))
    }

    /// The ways that lead to a model where no trigger is named: those that fit what the event says
    /// of statement, log name and hop, as far as any does.
    fn possible<'d>(&self, decision: &Decision<'d>, id: &str) -> Vec<Way<'d>> {
        let hop = self.event.count(Field::Hop);
        let failover = self.event.text(Field::Failover);
        let logged = self.event.text(Field::LoggedAs);
        let mut ways: Vec<(u64, Way<'d>)> = Vec::new();
        for path in decision.paths() {
            let found = (1..).zip(path.targets()).find(|(_, target)| target.model().id == id);
            ways.extend(found.map(|(hop, target)| (hop, Way { target, failover: path.failover() })));
        }
        let mut keep = |fits: &dyn Fn(&(u64, Way<'d>)) -> bool| {
            if ways.iter().any(fits) {
                ways.retain(fits);
            }
        };
        keep(&|(_, way)| failover.is_some() && way.failover.map(|known| known.name.as_str()) == failover);
        keep(&|(_, way)| logged.is_some() && way.log_name() == logged);
        keep(&|(place, _)| hop == Some(*place));
        ways.into_iter().map(|(_, way)| way).collect()
    }

    fn region(&self, ways: &[Way<'_>], wrong: &mut Wrong<'_>) {
        let Some(said) = self.event.text(Field::Region) else { return };
        let has = |allowed: &[String]| allowed.iter().any(|region| region == said);
        if ways.iter().any(|way| way.target.regions().is_none_or(has)) {
            return;
        }
        let Some(allowed) = ways.first().and_then(|way| way.target.regions()) else { return };
        wrong(Kind::WrongRegion, &|| {
            let allowed = allowed.join("`, `");
            format!("it was processed in `{}`, and may be in `{allowed}` only", cut(said))
        });
    }

    /// What a failover owes: to be logged under its name, and confirmed where the target asks for it. Of several ways on
    /// which it may have been, what all of them ask for.
    fn failover(&self, ways: &[Way<'_>], id: &str, wrong: &mut Wrong<'_>) {
        let names = || ways.iter().filter_map(|way| way.failover).map(|failover| failover.name.as_str());
        if names().next().is_none() {
            return;
        }
        if let Some(said) = self.event.text(Field::Failover).filter(|said| !names().any(|name| name == *said))
        {
            wrong(Kind::WrongDecision, &|| {
                let known = one_of(names().map(|name| format!("`{name}`")));
                format!("it names the failover statement `{}`, the table {known}", cut(said))
            });
        }
        let logged = self.event.text(Field::LoggedAs);
        let is_owed = |way: &Way<'_>| way.log_name().is_some_and(|name| Some(name) != logged);
        if self.states.has(Field::LoggedAs) && ways.iter().all(is_owed) {
            wrong(Kind::FailoverNotLogged, &|| {
                let owed = ways.iter().filter_map(|way| Some((&way.failover?.name, way.log_name()?)));
                let owed = owed.map(|(name, log)| format!("failover `{name}` is to be logged as `{log}`"));
                one_of(owed)
            });
        }
        let is_confirm = |action: &Action| matches!(action, Action::Confirm {});
        let asks = |way: &Way<'_>| way.target.actions().iter().any(is_confirm);
        if self.lacks(Field::ConfirmedBy) && ways.iter().all(asks) {
            wrong(Kind::NotConfirmed, &|| format!("`{id}` asks for a confirmation, and nobody is named"));
        }
    }
}

/// A place of a decision, with the failover statement that leads there; none: it is the primary.
#[derive(Debug, Clone, Copy)]
struct Way<'d> {
    target: Target<'d>,
    failover: Option<&'d Failover>,
}

impl<'d> Way<'d> {
    /// Under which name it is to be logged.
    fn log_name(&self) -> Option<&'d str> {
        self.failover?.log_as.as_deref()
    }
}

/// The ways on which a model may have been asked: mostly it is one.
enum Ways<'d> {
    One(Way<'d>),
    Several(Vec<Way<'d>>),
}

impl<'d> Ways<'d> {
    fn all(&self) -> &[Way<'d>] {
        match self {
            Self::One(way) => std::slice::from_ref(way),
            Self::Several(ways) => ways,
        }
    }
}

/// Each of several once, in their order: `a`, `a or b`.
fn one_of(all: impl Iterator<Item = String>) -> String {
    let mut shown: Vec<String> = Vec::new();
    for one in all {
        if !shown.contains(&one) {
            shown.push(one);
        }
    }
    shown.join(", or ")
}

/// At which place of a path a model stands, from 0.
fn place(path: &Path<'_>, id: &str) -> Option<usize> {
    path.targets().position(|target| target.model().id == id)
}

/// The targets of a path in words.
fn targets(path: &Path<'_>) -> String {
    let ids: Vec<String> = path.targets().map(|target| format!("`{}`", target.model().id)).collect();
    if ids.is_empty() {
        "the path has no target".to_owned()
    } else {
        format!("the path is {}", ids.join(", "))
    }
}
