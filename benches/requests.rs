//! Requests as gateways send them: every use case, in many contexts, in no order.

#![allow(dead_code, unreachable_pub, reason = "each program that includes this file uses a part of it")]

use super::world::World;
use super::world::random::Random;
use super::world::registry::CLASSIFICATIONS;

/// A request in the words of a gateway.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Position among the world's use cases.
    pub at: usize,
    pub use_case: String,
    /// The effective level: never below the use case's own.
    pub level: usize,
    pub classification: &'static str,
    pub percent: u32,
    pub budget_remaining: String,
    pub facts: [(&'static str, &'static str); 2],
}

/// So many requests to a world.
pub fn requests(world: &World, count: usize) -> Vec<Asked> {
    let mut random = Random::new("requests");
    let one = |_| {
        let at = random.below(world.use_cases.len());
        let use_case = &world.use_cases[at];
        // Most requests are as sensitive as their use case says.
        let raised = if random.percent(80) { 0 } else { random.below(4) };
        let level = use_case.classification.max(raised);
        let percent = 1 + u32::try_from(random.below(100)).unwrap_or(0);
        Asked {
            at,
            use_case: use_case.name.clone(),
            level,
            classification: CLASSIFICATIONS[level],
            percent,
            budget_remaining: percent.to_string(),
            facts: [
                ("consent", random.pick(&["given", "given", "withheld"])),
                ("tenant", random.pick(&["standard", "premium", "trial"])),
            ],
        }
    };
    (0..count).map(one).collect()
}
