//! Random workspaces that are well formed: every statement, clause and attribute of the language comes up in them.
//!
//! `coverage` counts that it does, from the grammar itself.

mod conditions;
mod coverage;
mod estate;
mod policies;
mod registry;

/// Choices drawn in advance: proptest shrinks them towards 0, which is always the plainest choice.
pub(crate) struct Dice<'a> {
    rolls: &'a [u16],
    at: usize,
}

impl<'a> Dice<'a> {
    pub(crate) fn new(rolls: &'a [u16]) -> Self {
        Self { rolls, at: 0 }
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let roll = self.rolls.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(roll) % sides.max(1)
    }

    /// True once in so many.
    fn rarely(&mut self, sides: usize) -> bool {
        self.roll(sides) == sides - 1
    }

    pub(crate) fn pick<'b>(&mut self, of: &[&'b str]) -> &'b str {
        of[self.roll(of.len())]
    }

    /// Some of a list, joined.
    fn some(&mut self, of: &[&str]) -> String {
        let picked: Vec<&str> = of.iter().filter(|_| self.roll(2) == 1).copied().collect();
        picked.join(", ")
    }

    /// At least one of a list, in the order of the list.
    fn several(&mut self, of: &[&str]) -> String {
        let some = self.some(of);
        if some.is_empty() { self.pick(of).to_owned() } else { some }
    }
}

const LEVELS: [&str; 4] = ["public", "internal", "confidential", "restricted"];
const CERTIFICATES: [&str; 3] = ["soc2", "gdpr", "hipaa"];
const REGIONS: [&str; 6] = ["eu", "us", "asia", "eu-central", "frankfurt", "eu-west"];
const SKILLS: [&str; 2] = ["tools", "vision"];
const DATA: [&str; 2] = ["pii", "health"];

/// What the parts of a workspace must know of each other.
struct Shape {
    models: Vec<String>,
    providers: usize,
    use_cases: usize,
    /// Of few values, of eight, in regions, in classifications: those that are declared.
    facts: Vec<&'static str>,
    /// Budgets that are written.
    budgets: Vec<&'static str>,
}

impl Shape {
    fn has(&self, fact: &str) -> bool {
        self.facts.contains(&fact)
    }

    /// The budgets' or quotas' `per`: a dimension or a fact, or nothing.
    fn per(&self, dice: &mut Dice) -> String {
        const DIMENSIONS: [&str; 8] =
            ["team", "use_case", "model", "provider", "business_unit", "project", "user", "application"];
        match dice.roll(5) {
            1 | 2 => format!("per {} ", dice.pick(&DIMENSIONS)),
            3 if !self.facts.is_empty() => format!("per {} ", dice.pick(&self.facts)),
            _ => String::new(),
        }
    }
}

/// A workspace: registry, estate, policies.
pub(crate) fn workspace(rolls: &[u16]) -> [(&'static str, String); 3] {
    let dice = &mut Dice::new(rolls);
    let providers = 1 + dice.roll(3);
    let count = if dice.rarely(12) { 1 + dice.roll(40) } else { 1 + dice.roll(6) };
    let models = (0..count).map(|model| format!("p{}/m{model}", model % providers)).collect();
    let mut facts = Vec::new();
    for (fact, sides) in [("tenant", 2), ("channel", 8), ("place", 3), ("seen", 8)] {
        facts.extend(dice.rarely(sides).then_some(fact));
    }
    let use_cases = 1 + dice.roll(3);
    let mut budgets = Vec::new();
    for (budget, sides) in [("whole", 2), ("within-it", 3), ("part", 3), ("t0.daily", 4)] {
        // Nothing lies within a budget that is not there.
        let has_parent = budget != "within-it" || budgets.contains(&"whole");
        budgets.extend((has_parent && dice.rarely(sides)).then_some(budget));
    }
    let shape = Shape { models, providers, use_cases, facts, budgets };
    [
        ("registry/main.yaml", registry::registry(dice, &shape)),
        ("estate/main.yaml", estate::estate(dice, &shape)),
        ("policies/main.gov", policies::policies(dice, &shape)),
    ]
}

/// Many rolls from one number, for tests that want the same workspaces every time.
pub(crate) fn rolls(seed: u64, count: usize) -> Vec<u16> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut roll = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u16::try_from(state >> 48).unwrap_or_default()
    };
    (0..count).map(|_| roll()).collect()
}
