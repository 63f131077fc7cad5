//! What a sentence says of the order of models, and of what keeps others out.

use govctl::decide::Gate;
use govctl::decide::reference::{Deciding, Reading};
use govctl::model::{ModelId, PreferKind};
use govctl::number::Rational;

use super::Reader;
use super::words::{Read, counted, quoted, require};

/// The first part, and what speaks of more models behind it.
fn split_more(text: &str) -> (&str, &str) {
    let speaks_of_more = |rest: &str| {
        let is_rule = rest.starts_with("rule `") || rest.starts_with("rules `");
        let is_count = counted(rest).is_ok_and(|(_, rest)| rest.starts_with("more "));
        (is_rule && rest.contains(" more")) || is_count
    };
    let places = text.match_indices(", ").chain(text.match_indices(" and "));
    let place = places.filter(|(at, joint)| speaks_of_more(&text[at + joint.len()..])).min();
    place.map_or((text, ""), |(at, comma)| (&text[..at], &text[at + comma.len()..]))
}

impl Reader<'_> {
    /// `the cheapest among the 2 that rule `x` prefers`.
    pub(super) fn order(&self, text: &str, primary: ModelId) -> Read<()> {
        let mut group = self.eligible.clone();
        // A long sentence does not say how many a rule prefers.
        let mut text = text;
        if let Some((head, rules)) =
            text.split_once(" that rules `").filter(|(_, rules)| rules.ends_with(" prefer"))
        {
            for rule in rules.split('`').step_by(2).filter(|rule| *rule != " prefer") {
                group = self.left(&format!("that rule `{rule}`"), &group, primary)?;
            }
            text = head;
        }
        while let Some((head, rule)) = text.rsplit_once(" that rule `") {
            if head.ends_with(|c: char| c.is_ascii_digit()) {
                break;
            }
            group = self.left(&format!("that rule `{rule}"), &group, primary)?;
            text = head;
        }
        for (at, part) in text.split(" among the ").enumerate().collect::<Vec<_>>().into_iter().rev() {
            let (wanted, what) =
                if at == 0 { (1, part.strip_prefix("the ").unwrap_or(part)) } else { counted(part)? };
            let (what, of) = match what.split_once(" of the ") {
                Some((what, of)) => (what, Some(of)),
                None => (what, None),
            };
            if let Some(of) = of {
                let (all, of) = counted(of)?;
                if of.ends_with(" prefers") {
                    group = self.left(of, &group, primary)?;
                }
                let is_known = of.ends_with(" prefers") || of == "models that may serve it";
                require(all == group.len() && all > 1 && is_known, text)?;
            }
            let before = group.clone();
            group = self.left(what, &before, primary)?;
            require(group.len() == wanted && group.contains(&primary), &format!("{part} (of {before:?})"))?;
        }
        require(group == [primary], text)
    }

    /// The models of a group that a claim is true of.
    fn left(&self, what: &str, group: &[ModelId], primary: ModelId) -> Read<Vec<ModelId>> {
        let world = self.question.world;
        let best = |key: &dyn Fn(ModelId) -> Option<Rational>| -> Vec<ModelId> {
            let least = group.iter().filter_map(|model| key(*model)).min();
            group.iter().copied().filter(|model| least.is_some() && key(*model) == least).collect()
        };
        let cost = |model: ModelId| Some(self.cost(model));
        let (kind, rule) = match what.split_once("rule `") {
            None if what == "first by name" => return Ok(group.iter().copied().min().into_iter().collect()),
            None if what == "cheapest" => return Ok(best(&cost)),
            None if what.starts_with("fastest") => {
                return Ok(best(&|model| world.models[model].latency_p95.clone()));
            }
            None if what.starts_with("most available") => {
                return Ok(best(&|model| world.models[model].availability.as_ref().map(|percent| -percent)));
            }
            None => return Err(format!("what is `{what}`")),
            Some((kind, rule)) => (kind.trim(), rule.split('`').next().unwrap_or_default()),
        };
        let id = world.rules.position(|known| known.name.value == rule).ok_or("no such rule")?;
        require(self.decision().rules.contains(&id), &format!("rule `{rule}` applies"))?;
        let prefers = || world.rules[id].prefers.iter().map(|prefer| &prefer.kind);
        let has = |wanted: fn(&PreferKind) -> bool| require(prefers().any(wanted), what);
        match kind {
            "cheapest by" => {
                has(|kind| matches!(kind, PreferKind::Cheapest))?;
                Ok(best(&cost))
            }
            "fastest by" | "fastest known by" => {
                has(|kind| matches!(kind, PreferKind::Fastest))?;
                Ok(best(&|model| world.models[model].latency_p95.clone()))
            }
            "most available by" | "most available known by" => {
                has(|kind| matches!(kind, PreferKind::MostAvailable))?;
                Ok(best(&|model| world.models[model].availability.as_ref().map(|percent| -percent)))
            }
            "that" | "put first by" => {
                has(|kind| matches!(kind, PreferKind::Where(_) | PreferKind::Selectors(_)))?;
                let question = &self.question;
                let reading = Reading::of(world, question.use_case, question.context);
                let decides = |other: ModelId| {
                    let by = reading.deciding(primary, other);
                    other != primary && matches!(by, Deciding::Preference(by, _) if by == id)
                };
                Ok(group.iter().copied().filter(|model| !decides(*model)).collect())
            }
            _ => Err(format!("what is `{kind}`")),
        }
    }

    /// `rule `home` excludes 2 other approved models`.
    pub(super) fn kept_out(&self, text: &str) -> Read<()> {
        let question = &self.question;
        let world = question.world;
        let reading = Reading::of(world, question.use_case, question.context);
        let passes = |model: ModelId, gate: Gate| reading.passes(&world.models[model], gate);
        let fit = [Gate::ApprovedUseCase, Gate::Lifecycle, Gate::Capability];
        let contenders = world
            .models
            .ids()
            .filter(|model| !self.eligible.contains(model) && fit.iter().all(|gate| passes(*model, *gate)));
        let mut left: Vec<ModelId> = contenders.collect();
        let mut rest = text;
        while !rest.is_empty() {
            let (part, more) = split_more(rest);
            let others = part.split_once(" more are out for ").or(part.split_once(" more is out for "));
            if let Some((count, _)) = others {
                require(count.parse() == Ok(left.len()) && more.is_empty(), text)?;
                left.clear();
            } else {
                let out = self.part_kept_out(part, &left, &reading)?;
                left.retain(|model| !out.contains(model));
            }
            rest = more;
        }
        require(left.is_empty(), &format!("{text}: and what keeps out {left:?}?"))
    }

    /// Those of some models that one part speaks of.
    fn part_kept_out(&self, text: &str, contenders: &[ModelId], reading: &Reading) -> Read<Vec<ModelId>> {
        let world = self.question.world;
        let passes = |model: ModelId, gate: Gate| reading.passes(&world.models[model], gate);
        if let Some(rest) = text.strip_prefix("rules ") {
            let (names, rest) = rest.split_once(" each exclude ").ok_or("excludes nothing")?;
            let names = names.split('`').skip(1).step_by(2);
            let mut out = names.map(|name| {
                self.part_kept_out(&format!("rule `{name}` excludes {rest}"), contenders, reading)
            });
            let first = out.next().ok_or("no rule")??;
            return out.try_fold(first, |first, other| {
                require(other? == first, text)?;
                Ok(first)
            });
        }
        if let Some(rest) = text.strip_prefix("rule ") {
            let (rule, rest) = quoted(rest)?;
            let (_, rest) = rest.rsplit_once(" excludes ").ok_or("excludes nothing")?;
            let (count, name) = Self::how_many(rest)?;
            let broken = |model: &&ModelId| {
                let promises = reading.broken(&world.models[**model]);
                promises.iter().any(|(by, _)| world.rules[*by].name.value == rule)
            };
            let out: Vec<ModelId> = contenders.iter().filter(broken).copied().collect();
            require(out.len() == count && name.is_none_or(|name| self.id(out[0]) == name), text)?;
            return Ok(out);
        }
        let (count, name) = Self::how_many(text)?;
        let rest = text.split_once(' ').ok_or("nothing said of it")?.1;
        let rest = &format!(" {rest}");
        let gates = [
            (" may not see ", Gate::ClassificationCeiling),
            (" certificate", Gate::ComplianceCoverage),
            (" cannot be kept", Gate::Residency),
            (" not say that ", Gate::Residency),
            (" data too long", Gate::Retention),
            (" not say how long ", Gate::Retention),
        ];
        let gate = gates.into_iter().find(|(words, _)| rest.contains(words)).ok_or("no gate")?.1;
        let out: Vec<ModelId> = contenders.iter().copied().filter(|model| !passes(*model, gate)).collect();
        let states = |model: &ModelId| {
            let model = &world.models[*model];
            match gate {
                Gate::ComplianceCoverage => model.compliance.is_some(),
                Gate::Residency => model.regions.as_ref().is_some_and(|regions| !regions.is_empty()),
                Gate::Retention => model.retention.is_some(),
                _ => true,
            }
        };
        let unstated = out.iter().filter(|model| !states(model)).count();
        let says_unstated =
            rest.contains(" not ") && !rest.contains(" may not ") || rest.contains(" states no ");
        let says_unstated = says_unstated || rest.contains(" state no ");
        let says_stated = rest.contains(" or do not ") || rest.contains(", or do not ") || !says_unstated;
        require(says_unstated == (unstated > 0) && says_stated == (unstated < out.len()), text)?;
        require(out.len() == count && name.is_none_or(|name| self.id(out[0]) == name), text)?;
        Ok(out)
    }

    /// How many models a part begins with; the only one by its name.
    fn how_many(text: &str) -> Read<(usize, Option<&str>)> {
        if text.starts_with('`') {
            return Ok((1, Some(quoted(text)?.0)));
        }
        counted(text).map(|(count, _)| (count, None))
    }
}
