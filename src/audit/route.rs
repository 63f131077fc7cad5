//! Whether an event went where the decision leads: model, hop, trigger, region, and what it names of the table.

use super::names::Found;
use super::{Case, Kind, Wrong, cut};
use crate::event::Field;
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
        if let Some(target) = self.target(decision, id, is_primary, wrong) {
            self.region(&target, wrong);
            self.failover(decision, &target, id, is_primary, wrong);
        }
    }

    /// The place of the decision at which the model was asked; none where that is wrong, which is then said.
    fn target<'d>(
        &self,
        decision: &Decision<'d>,
        id: &str,
        is_primary: bool,
        wrong: &mut Wrong<'_>,
    ) -> Option<Target<'d>> {
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
            return is_primary.then_some(primary);
        }
        let Some(name) = trigger else {
            // A format without triggers cannot say on which path it was.
            if self.states.has(Field::Trigger) {
                wrong(Kind::WrongTrigger, &|| {
                    format!("`{id}` was asked by failover, and no trigger is named")
                });
            }
            let path = self.by_failover(decision, id)?;
            return path.targets().find(|target| target.model().id == id);
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
        path.targets().nth(place)
    }

    /// The path that leads to a model where no trigger is named: that of the statement that is, else the first.
    fn by_failover<'d>(&self, decision: &Decision<'d>, id: &str) -> Option<Path<'d>> {
        let said = self.event.text(Field::Failover);
        let leads = |path: &Path<'_>| place(path, id).is_some();
        let is_said =
            |path: &Path<'_>| path.failover().is_some_and(|known| Some(known.name.as_str()) == said);
        let named = decision.paths().find(|path| leads(path) && is_said(path));
        named.or_else(|| decision.paths().find(leads))
    }

    fn region(&self, target: &Target<'_>, wrong: &mut Wrong<'_>) {
        let (Some(said), Some(allowed)) = (self.event.text(Field::Region), target.regions()) else { return };
        if !allowed.iter().any(|region| region == said) {
            wrong(Kind::WrongRegion, &|| {
                let allowed = allowed.join("`, `");
                format!("it was processed in `{}`, and may be in `{allowed}` only", cut(said))
            });
        }
    }

    /// What a failover owes: to be logged under its name, and confirmed where the target asks for it.
    fn failover(
        &self,
        decision: &Decision<'_>,
        target: &Target<'_>,
        id: &str,
        is_primary: bool,
        wrong: &mut Wrong<'_>,
    ) {
        if is_primary {
            return;
        }
        let of_trigger = self.event.text(Field::Trigger).and_then(Trigger::parse);
        let path = match of_trigger {
            Some(trigger) => decision.on(trigger),
            None => self.by_failover(decision, id),
        };
        let Some(failover) = path.and_then(|path| path.failover()) else { return };
        if let Some(said) = self.event.text(Field::Failover).filter(|said| *said != failover.name) {
            wrong(Kind::WrongDecision, &|| {
                format!("it names the failover statement `{}`, the table `{}`", cut(said), failover.name)
            });
        }
        if let Some(name) = &failover.log_as
            && self.states.has(Field::LoggedAs)
            && self.event.text(Field::LoggedAs) != Some(name)
        {
            wrong(Kind::FailoverNotLogged, &|| {
                format!("failover `{}` is to be logged as `{name}`", failover.name)
            });
        }
        let is_confirm = |action: &crate::table::format::Action| {
            matches!(action, crate::table::format::Action::Confirm {})
        };
        if self.lacks(Field::ConfirmedBy) && target.actions().iter().any(is_confirm) {
            wrong(Kind::NotConfirmed, &|| format!("`{id}` asks for a confirmation, and nobody is named"));
        }
    }
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
