//! What stands many times in a table: decisions, targets, use cases.

use std::collections::BTreeMap;

use super::Reader;
use crate::canonical::utf16_order;
use crate::format::{Action, Decision, Path, Primary, Target, Trigger, UseCase};

/// Memory for short lists, used again and again, so that each list takes no more than it needs.
#[derive(Default)]
pub(super) struct Kept {
    numbers: Vec<usize>,
    texts: Vec<String>,
    triggers: Vec<Trigger>,
    paths: Vec<Path>,
    targets: Vec<Target>,
}

impl Reader<'_> {
    pub(super) fn decision(&mut self) -> Option<Decision> {
        self.eat(b"{\"audit\":")?;
        let audit = self.or_null(Self::number)?;
        self.eat(b",\"budgets\":")?;
        let budgets = self.numbers()?;
        self.eat(b",\"paths\":")?;
        let paths = self.short(|kept| &mut kept.paths, Self::path)?;
        self.eat(b",\"primary\":")?;
        let primary = self.or_null(Self::primary)?;
        self.eat(b",\"quotas\":")?;
        let quotas = self.numbers()?;
        self.eat(b",\"rules\":")?;
        let rules = self.number()?;
        self.eat(b"}")?;
        Some(Decision { primary, paths, rules, budgets, quotas, audit })
    }

    fn path(&mut self) -> Option<Path> {
        self.eat(b"{\"failover\":")?;
        let failover = self.number()?;
        self.eat(b",\"on\":")?;
        let on = self.short(|kept| &mut kept.triggers, Self::trigger)?;
        self.eat(b",\"targets\":")?;
        let targets = self.number()?;
        self.eat(b"}")?;
        Some(Path { on, failover, targets })
    }

    fn trigger(&mut self) -> Option<Trigger> {
        Trigger::parse(self.plain()??)
    }

    fn primary(&mut self) -> Option<Primary> {
        self.eat(b"{\"model\":")?;
        let model = self.number()?;
        self.eat(b",\"regions\":")?;
        let regions = self.or_null(Self::texts)?;
        self.eat(b"}")?;
        Some(Primary { model, regions })
    }

    pub(super) fn targets(&mut self) -> Option<Vec<Target>> {
        self.short(|kept| &mut kept.targets, Self::target)
    }

    fn target(&mut self) -> Option<Target> {
        self.eat(b"{\"actions\":")?;
        let actions = self.list(Self::action)?;
        self.eat(b",\"cost_multiplier\":")?;
        let cost_multiplier = self.string()?;
        self.eat(b",\"model\":")?;
        let model = self.number()?;
        self.eat(b",\"regions\":")?;
        let regions = self.or_null(Self::texts)?;
        self.eat(b"}")?;
        Some(Target { model, cost_multiplier, actions, regions })
    }

    fn action(&mut self) -> Option<Action> {
        self.eat(b"{\"action\":")?;
        let action = match self.plain()?? {
            "throttle" => Action::Throttle {},
            "confirm" => Action::Confirm {},
            "notify" => {
                self.eat(b",\"notify\":")?;
                Action::Notify { notify: self.texts()? }
            }
            _ => return None,
        };
        self.eat(b"}")?;
        Some(action)
    }

    pub(super) fn use_case(&mut self) -> Option<UseCase> {
        self.eat(b"{\"axes\":")?;
        let axes = self.number()?;
        self.eat(b",\"cells\":")?;
        let cells = self.numbers()?;
        self.eat(b",\"classification\":")?;
        let classification = self.string()?;
        self.eat(b",\"endpoint_tag\":")?;
        let endpoint_tag = self.or_null(Self::string)?;
        self.eat(b",\"name\":")?;
        let name = self.string()?;
        self.eat(b",\"tags\":")?;
        let tags = self.tags()?;
        self.eat(b"}")?;
        Some(UseCase { name, endpoint_tag, classification, axes, cells, tags })
    }

    /// Keys in their order, each once.
    fn tags(&mut self) -> Option<BTreeMap<String, String>> {
        let mut tags: Vec<(String, String)> = Vec::new();
        self.eat(b"{")?;
        if self.eat(b"}").is_some() {
            return Some(BTreeMap::new());
        }
        loop {
            let key = self.string()?;
            if tags.last().is_some_and(|(last, _)| utf16_order(last, &key).is_ge()) {
                return None;
            }
            self.eat(b":")?;
            tags.push((key, self.string()?));
            if self.eat(b",").is_none() {
                self.eat(b"}")?;
                return Some(tags.into_iter().collect());
            }
        }
    }

    pub(super) fn texts(&mut self) -> Option<Vec<String>> {
        self.short(|kept| &mut kept.texts, Self::string)
    }

    fn numbers(&mut self) -> Option<Vec<usize>> {
        self.short(|kept| &mut kept.numbers, Self::number)
    }

    /// A list that is short, as most are.
    #[expect(clippy::drain_collect, reason = "the memory stays, and the list takes no more than it needs")]
    fn short<T>(
        &mut self,
        memory: fn(&mut Kept) -> &mut Vec<T>,
        item: fn(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut items = std::mem::take(memory(&mut self.kept));
        self.items(|reader| {
            items.push(item(reader)?);
            Some(())
        })?;
        let list = items.drain(..).collect();
        *memory(&mut self.kept) = items;
        Some(list)
    }
}
