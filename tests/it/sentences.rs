//! Sentences are read back: whatever clause one has must be true of the decision that it speaks of.

use govctl::decide::outage::{self, Outcome};
use govctl::decide::reference::{self, Reading};
use govctl::decide::survey::Survey;
use govctl::decide::{Decision, Path, Target};
use govctl::explain::{self, Explanation, Question};
use govctl::model::trigger::OUTAGE;
use govctl::model::{Down, ModelId, TerminalKind, Trigger};
use govctl::number::Rational;

use crate::bundle;
use crate::properties::read;
use crate::worlds::{rolls, workspace};

mod budgets;
mod nowhere;
mod order;
mod ways;
mod words;
use words::{MET, Read, WAYS, after, costs, quoted, require};

/// The default sentence has no more words than this, names counted as one each.
const MOST_WORDS: usize = 40;

/// What a test knows of a request, from the evaluator alone.
struct Reader<'a> {
    question: Question<'a>,
    eligible: Vec<ModelId>,
}

impl<'a> Reader<'a> {
    fn id(&self, model: ModelId) -> &'a str {
        &self.question.world.models[model].id
    }

    fn decision(&self) -> &'a Decision {
        self.question.decision
    }

    fn cost(&self, model: ModelId) -> Rational {
        self.question.use_case.blended_cost(&self.question.world.models[model])
    }

    /// The whole sentence.
    fn sentence(&self, sentence: &str) -> Read<()> {
        let question = &self.question;
        require(!sentence.contains(" inf "), "a number is `inf`")?;
        require(!sentence.contains("``") && !sentence.contains("  "), "something is empty")?;
        require(question.context.facts.len() > 2 || explain::count(sentence) < 90, "it is too long")?;
        let usual = *question.context == question.world.baseline(question.use_case);
        let plain = usual && question.down.is_empty() && question.on.is_none();
        require(!plain || explain::count(sentence) <= MOST_WORDS, "it has too many words")?;
        let is_ended = sentence.ends_with('.') || sentence.ends_with('…');
        require(is_ended && !sentence.ends_with("…."), "it does not end")?;
        let text = sentence.trim_end_matches('.');
        let text = if question.on.is_some() {
            let (first, text) = text.split_once(", ").ok_or("no comma")?;
            let primary = question.decision.primary.ok_or("no primary")?;
            let fails = self.question.on.map_or("", explain::phrases::fails);
            require(first == format!("When `{}` {fails}", self.id(primary)), first)?;
            text
        } else {
            text
        };
        let text = text.split_once(" `").map(|(_, rest)| rest).ok_or("no subject")?;
        let (class, text) = text.split_once('`').ok_or("no class")?;
        require(class == question.world.classifications[question.context.classification], class)?;
        let (use_case, text) = quoted(after(text, " request for ")?)?;
        require(use_case == question.use_case.name.value, use_case)?;
        let mut clauses = text.split("; ");
        let first = clauses.next().unwrap_or_default();
        if let Some(trigger) = question.on {
            return self.on_trigger(first, clauses.next(), trigger);
        }
        match outage::outcome(question.world, question.decision, None, question.down) {
            Outcome::Unroutable => {
                require(self.eligible.is_empty(), "nothing is eligible")?;
                require(first.contains("is blocked, as no model may serve it"), first)?;
            }
            Outcome::Terminal => self.nowhere(first, clauses)?,
            Outcome::Route(model) => {
                self.route(first, model)?;
                let clauses: Vec<&str> = clauses.collect();
                for clause in &clauses {
                    self.clause(clause, &clauses, model)?;
                }
                if usual {
                    self.no_way_is_left_unsaid(&clauses, model)?;
                }
            }
        }
        Ok(())
    }

    /// `goes to `m`, WHY`.
    fn route(&self, clause: &str, model: ModelId) -> Read<()> {
        if let Some((_, stopped)) =
            clause.split_once(" is blocked by ").or_else(|| clause.split_once(" is queued by "))
        {
            return require(self.names_budgets(stopped) || self.names_quota(stopped), clause);
        }
        let (_, text) = clause.split_once(" goes to ").ok_or_else(|| format!("goes nowhere: {clause}"))?;
        let (id, text) = quoted(text)?;
        require(id == self.id(model), id)?;
        if self.decision().primary != Some(model) {
            let path = self.decision().outage_path().ok_or("no path")?;
            let target = path.targets.iter().find(|target| target.model == model).ok_or("no target")?;
            let text = Self::notes(text, target)?;
            return require(text.starts_with(", the first "), text);
        }
        if let Some(kept_out) = text.strip_prefix(", as ") {
            return self.kept_out(kept_out);
        }
        let text = after(text, ", ")?;
        let (order, kept_out) = match text.split_once(": ") {
            Some((order, kept_out)) => (order, Some(kept_out)),
            None => (text, None),
        };
        if order == "the only model that may serve it" {
            require(self.eligible == [model], order)?;
        } else {
            self.order(order, model)?;
        }
        kept_out.map_or(Ok(()), |text| self.kept_out(text))
    }

    /// What stands behind the first `;`.
    fn clause(&self, clause: &str, clauses: &[&str], route: ModelId) -> Read<()> {
        let decision = self.decision();
        if let Some(text) = clause.strip_prefix("if that is down too it ") {
            return self.fate(text, decision.outage_path(), Some(route));
        }
        if let Some(text) = clause.strip_prefix("on an outage it ") {
            require(decision.primary == Some(route), "what fails is the primary")?;
            require(self.led_elsewhere(&OUTAGE) == 0, "an outage leads here and elsewhere")?;
            return self.fate(text, decision.outage_path(), Some(route));
        }
        if let Some(holds) = self.hints(clause, clauses) {
            return require(holds, clause);
        }
        if let Some(ways) = clause.strip_prefix("that is on ") {
            let is_outage = |way: &str| {
                let trigger = WAYS.iter().find(|(words, _)| *words == way).map(|(_, trigger)| *trigger);
                trigger.is_some_and(|trigger| OUTAGE.contains(&trigger) && !self.leads_elsewhere(trigger))
            };
            return require(ways.replace(" or ", ", ").split(", ").all(is_outage), clause);
        }
        if let Some((ways, text)) = clause.strip_prefix("on ").and_then(|clause| clause.split_once(" it ")) {
            for way in ways.replace(" or ", ", ").split(", ") {
                let trigger = WAYS.iter().find(|(words, _)| *words == way).ok_or("no such way")?.1;
                // A target stands in for the primary, which may be followed by it on another trigger too.
                let from = Some(route).filter(|route| decision.primary == Some(*route));
                self.fate(text, decision.path_on(trigger), from)?;
            }
            return Ok(());
        }
        for (words, trigger) in MET {
            if let Some(text) = clause.strip_prefix(words) {
                let from = Some(route).filter(|route| decision.primary == Some(*route));
                return self.fate(text.trim_start(), decision.path_on(trigger), from);
            }
        }
        if let Some(text) = clause.strip_prefix("not ") {
            return self.alternative(clause, text);
        }
        if clause.starts_with("it is throttled")
            || clause.starts_with("it is blocked")
            || clause.starts_with("it is queued")
        {
            // What a budget does and where its share leads are said together.
            let Some((done, then)) = clause.split_once(", and then ") else {
                return require(self.names_budgets(clause), clause);
            };
            let (_, budget) = done.rsplit_once("budget is ").ok_or("no budget")?;
            self.share(&format!("{budget}, it {then}"))?;
            return require(self.names_budgets(done), clause);
        }
        if clause.contains(" a notice") && clause.contains("budget") {
            return require(self.only_notices(clause), clause);
        }
        if let Some(text) = clause.strip_prefix("if that budget is ") {
            return self.share(text);
        }
        if clause.starts_with("quota ") {
            return require(self.names_quota(clause), clause);
        }
        if clause.starts_with("otherwise it would go to ") {
            let id = decision.primary.map(|_| self.id(route)).ok_or("no primary")?;
            return require(clause.starts_with(&format!("otherwise it would go to `{id}`")), clause);
        }
        Err(format!("what is `{clause}`"))
    }

    /// `not `m` (about a third cheaper), as …`.
    fn alternative(&self, clause: &str, text: &str) -> Read<()> {
        let (world, decision) = (self.question.world, self.decision());
        let (id, text) = quoted(text)?;
        let model = world.models.position(|model| model.id == id).ok_or("no such model")?;
        require(!self.eligible.contains(&model) && !decision.reaches().contains(&model), clause)?;
        if let Some(cost) = text.strip_prefix(" (")
            && let Some(primary) = decision.primary
        {
            let (cost, _) = cost.split_once(')').ok_or("no bracket")?;
            let (first, other) = (&world.models[primary], &world.models[model]);
            let times = reference::cost_multiplier(self.question.use_case, first, other);
            require(costs(cost, &times), clause)?;
        }
        Ok(())
    }

    /// `goes to `a` (about a third dearer), then `b`, and then waits in a queue`.
    fn fate(&self, text: &str, path: Option<&Path>, from: Option<ModelId>) -> Read<()> {
        let is_up = |model| outage::is_up(self.question.world, self.question.down, model);
        let all = path.map(|path| path.targets.as_slice()).unwrap_or_default();
        let up: Vec<&Target> =
            all.iter().filter(|target| Some(target.model) != from && is_up(target.model)).collect();
        if let Some(text) = text.strip_prefix("would go to ") {
            let (id, text) = quoted(text)?;
            let first = up.first().ok_or("goes nowhere")?;
            require(id == self.id(first.model), text)?;
            let (_, by) = Self::notes(text, first)?.split_once(" by ").ok_or("no budget")?;
            return require(self.names_budgets(by) || self.names_quota(by), text);
        }
        if text == "goes there too" {
            return require(self.goes_there_too(path), text);
        }
        if let Some(end) = text.strip_prefix("goes there too, else ") {
            require(self.goes_there_too(path), text)?;
            return self.end(end, path);
        }
        let Some(text) = text.strip_prefix("goes to ") else {
            require(up.is_empty(), &format!("nothing is tried: {text}"))?;
            let (end, why) = text.split_once(", as ").unwrap_or((text, ""));
            // Behind a target that stood no reason is claimed.
            if from.is_none() || !why.is_empty() {
                self.no_more(why, path, from)?;
            }
            return self.end(end, path);
        };
        // A long sentence does not say how it ends.
        let (models, end) = match text.rsplit_once(", else ") {
            Some((models, end)) => (models, Some(end)),
            None => (text, None),
        };
        let mut named = 0;
        let mut rest = models;
        while !rest.is_empty() {
            if let Some((more, notes)) = rest.split_once(" more").filter(|_| !rest.starts_with('`')) {
                let more: usize = more.parse().map_err(|_| format!("more of what: {rest}"))?;
                let (shown, hidden) = up.split_at(named);
                require(more == hidden.len() && more > 0, rest)?;
                self.notes_of_more(notes, shown, hidden)?;
                named += more;
                break;
            }
            let (id, text) = quoted(rest)?;
            let target = up.get(named).ok_or("too many targets")?;
            require(id == self.id(target.model), &format!("{id} in {models}"))?;
            let text = match text.strip_prefix(" (likewise)") {
                Some(text) => {
                    let before = named.checked_sub(1).and_then(|before| up.get(before)).ok_or("like what")?;
                    let asks = |one: &Target| (one.notify.is_some(), one.throttle, one.confirm);
                    let is_alike = asks(before) == asks(target) && before.multiplier == target.multiplier;
                    require(is_alike, models)?;
                    text
                }
                None => Self::notes(text, target)?,
            };
            rest = text.strip_prefix(", then ").unwrap_or(text);
            named += 1;
        }
        require(named == up.len(), &format!("all targets of {models}"))?;
        // A mark stands for an end that a long sentence leaves out.
        end.filter(|end| *end != "…").map_or(Ok(()), |end| self.end(end, path))
    }

    fn end(&self, text: &str, path: Option<&Path>) -> Read<()> {
        let text = text.trim();
        let kind =
            path.map_or(TerminalKind::Block, |path| self.question.world.failovers[path.failover].then.kind());
        let said = if text.ends_with("is blocked") {
            TerminalKind::Block
        } else if text.ends_with("gets a degraded answer") || text.ends_with("degrades") {
            TerminalKind::Degrade
        } else if text.ends_with("queues") || text.contains("queues for up to ") {
            TerminalKind::Queue
        } else {
            return Err(format!("what end is `{text}`"));
        };
        require(said == kind, text)
    }

    fn on_trigger(&self, first: &str, then: Option<&str>, trigger: Trigger) -> Read<()> {
        let path = self.decision().path_on(trigger);
        let is_up = |model| outage::is_up(self.question.world, self.question.down, model);
        let up: Vec<&Target> = path.into_iter().flat_map(|p| &p.targets).filter(|t| is_up(t.model)).collect();
        let stopped = first.split_once(" is blocked by ").or_else(|| first.split_once(" is queued by "));
        if let Some((_, by)) = stopped {
            return require(self.names_budgets(by) || self.names_quota(by), first);
        }
        let Some((_, text)) = first.split_once(" goes to ") else {
            require(up.is_empty(), first)?;
            let (end, why) = first.split_once(", as ").ok_or("no reason")?;
            self.end(end, path)?;
            let is_down = why.contains(", where failover ");
            return if is_down { Ok(()) } else { self.nothing_follows(why, path) };
        };
        let (id, text) = quoted(text)?;
        let target = up.first().ok_or("no target")?;
        require(id == self.id(target.model), first)?;
        let text = Self::notes(text, target)?;
        let (by, _) = quoted(after(text, " by failover ")?)?;
        let failover = path.map(|path| self.question.world.failovers[path.failover].name.value.as_str());
        require(Some(by) == failover, first)?;
        let then = after(then.ok_or("no end")?, "if that fails too it ")?;
        self.fate(then, path, Some(target.model))
    }
}

/// Reads every sentence of a request back: with nothing down, with the primary's provider down, on each trigger.
fn read_back(question: Question) -> Read<usize> {
    let (world, decision) = (question.world, question.decision);
    let out = Reading::of(world, question.use_case, question.context).removed();
    let eligible: Vec<ModelId> =
        world.models.ids().filter(|model| !out.iter().any(|out| out.model == *model)).collect();
    let mut asked = vec![question];
    let down = decision
        .primary
        .map(|primary| [Down::Model(primary), Down::Named(world.models[primary].provider_symbol)]);
    let down = down.unwrap_or([Down::Model(ModelId::new(0)); 2]);
    if decision.primary.is_some() {
        asked.extend([Question { down: &down[..1], ..question }, Question { down: &down[1..], ..question }]);
        asked.extend(Trigger::ALL.map(|on| Question { on: Some(on), ..question }));
    }
    for question in &asked {
        let explanation = Explanation::of(*question);
        let sentence = explain::sentence(&explanation);
        let reader = Reader { question: *question, eligible: eligible.clone() };
        reader.sentence(&sentence).map_err(|why| format!("{why}\n{sentence}"))?;
        for model in world.models.ids() {
            let answer = explain::why_not(&explanation, model);
            let reached = decision.reaches().contains(&model);
            let has_failed = decision.primary == Some(model) && question.on.is_some();
            let serves = reached && explanation.is_up(model) && !has_failed;
            require(answer.contains("does serve `") == serves, &answer)?;
            let would = ["would serve `", "else it does serve it"].iter().any(|word| answer.contains(word));
            require(would == (reached && !serves), &answer)?;
            require(answer.contains("may not serve") <= !eligible.contains(&model), &answer)?;
            require(!answer.contains("inf "), &answer)?;
        }
    }
    Ok(asked.len())
}

#[test]
fn whatever_a_sentence_says_is_true_of_the_decision() {
    let mut read_sentences = 0;
    for seed in 0..120 {
        let files = workspace(&rolls(seed, 700));
        let read_workspace = read(&files);
        let Some(world) = &read_workspace.world else { continue };
        let survey = Survey::new(world);
        for case in survey.cases.iter().filter(|case| case.is_decided()) {
            let use_case = &world.use_cases[case.id];
            for (context, decision) in survey.pairs(case).take(5) {
                let Ok(decision) = decision else { continue };
                let question =
                    Question { world, use_case, context, decision, on: None, down: &[], stated: &[] };
                match read_back(question) {
                    Ok(count) => read_sentences += count,
                    Err(why) => panic!("seed {seed}: {why}\n{}", files[2].1),
                }
            }
        }
    }
    assert!(read_sentences > 2_000, "{read_sentences} sentences were read");
}

#[test]
fn the_sentences_of_the_examples_are_short() {
    let folders = std::fs::read_dir(bundle::root("examples")).expect("the examples");
    let mut lengths = Vec::new();
    for folder in folders.map(|folder| folder.expect("an example").path()) {
        if !folder.join("policies").is_dir() {
            continue;
        }
        let output = bundle::run(&folder, &["resolve", "--all"]);
        for sentence in bundle::stdout(&output).lines() {
            let count = explain::count(sentence);
            assert!(count <= MOST_WORDS, "{count} words: {sentence}");
            lengths.push(count);
        }
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 35, "half of the sentences have {median} words or more");
}
