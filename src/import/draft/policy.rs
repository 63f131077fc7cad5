//! The policies of a draft: what a name goes to first, and who steps in.

use super::{Draft, Failover, Options, Route, Step, UseCase};
use crate::import::condition::Test;
use crate::import::text::{self, Names};

impl Draft {
    /// The order of a name's own endpoints: without it the cheapest approved model would come first.
    pub(super) fn routing(&self, source: &str, options: Options) -> String {
        let mut routing = format!("# What {source} sends each name to first.\n");
        let mut taken = Names::default();
        for use_case in &self.use_cases {
            if use_case.routes.is_empty() {
                if !use_case.serves.is_empty() {
                    let all = Route {
                        when: Test::Always,
                        first: use_case.serves.iter().map(|at| Step::Endpoint(*at)).collect(),
                        is_lost: false,
                        title: use_case.name.clone(),
                    };
                    routing += &self.route(use_case, &all, options, &mut taken);
                }
                continue;
            }
            for route in &use_case.routes {
                routing += &self.route(use_case, route, options, &mut taken);
            }
        }
        routing
    }

    fn route(&self, use_case: &UseCase, route: &Route, options: Options, taken: &mut Names) -> String {
        let name = text::slug(&route.title, taken);
        let when = self.when(use_case, &route.when);
        if route.first.is_empty() {
            let why = if route.is_lost {
                "what serves these requests could not be carried over: state it, and remove this rule"
            } else {
                "the gateway refuses these requests today"
            };
            return format!(
                "\ncompliance rule {name} {{\n  when {when}\n  forbid true\n  because \"{why}\"\n}}\n"
            );
        }
        let targets: Vec<String> = route.first.iter().filter_map(|step| self.step(step)).collect();
        let silent = if options.approve.is_none() || use_case.serves.len() < 2 {
            "# govctl: allow(ineffective-rule) it orders nothing until more than one model is approved; `govctl check --fix` then removes this line\n"
        } else {
            ""
        };
        format!(
            "\n{silent}preference rule {name} {{\n  when {when}\n  prefer {}\n  because \"as configured today\"\n}}\n",
            targets.join(", ")
        )
    }

    /// A use case's name with what else a request must state.
    fn when(&self, use_case: &UseCase, test: &Test) -> String {
        let name = format!("use_case == {}", text::string(&use_case.name));
        match (test, test.text(&self.facts)) {
            (Test::Any(_), Some(more)) => format!("{name} and ({more})"),
            (_, Some(more)) => format!("{name} and {more}"),
            (_, None) => name,
        }
    }

    fn step(&self, step: &Step) -> Option<String> {
        match step {
            Step::Endpoint(at) => self.endpoints.get(*at).map(|endpoint| text::string(&endpoint.id())),
            Step::Unknown(name) => Some(text::string(name)),
        }
    }

    pub(super) fn failover(&self, source: &str) -> String {
        let mut failover = format!("# Who steps in, as {source} has it today.\n");
        let mut taken = Names::default();
        for one in &self.failovers {
            let Some(use_case) = self.use_cases.get(one.use_case) else { continue };
            let name = text::slug(&format!("{}{}", use_case.name, one.suffix), &mut taken);
            let comments: String = one.comments.iter().map(|comment| format!("# {comment}\n")).collect();
            let chains: String = one.chains.iter().map(|steps| self.chain(steps)).collect();
            let retry = one.retry.map(|times| format!("  retry {times} times\n")).unwrap_or_default();
            let cooldown =
                one.cooldown.as_ref().map(|time| format!("  cooldown {time}\n")).unwrap_or_default();
            failover += &format!(
                "\n{comments}failover {name} {{\n  when {}\n  on {}\n{chains}  limit {} hops\n{retry}{cooldown}  because \"as configured today\"\n}}\n",
                self.when(use_case, &one.when),
                one.on.join(", "),
                hops(one)
            );
        }
        failover
    }

    fn chain(&self, steps: &[Step]) -> String {
        let steps: Vec<String> = steps.iter().filter_map(|step| self.step(step)).collect();
        format!("  chain {}\n", steps.join(" -> "))
    }
}

/// How many steps the longest chain has after its first.
fn hops(failover: &Failover) -> usize {
    let longest = failover.chains.iter().map(Vec::len).max();
    longest.unwrap_or_default().saturating_sub(1).max(1)
}
