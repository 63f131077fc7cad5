//! Why each finding matters: what goes wrong in a company that merges it.

/// One paragraph a code; a test holds that none is missing.
pub(super) const WHY: &[(&str, &str)] = &[
    (
        "syntax",
        "A policy that does not parse decides nothing. While there is one, nothing else is reported, so that no message rests on a guess.",
    ),
    (
        "schema",
        "The registry and the estate are evidence. A misspelt key or a date that is no date would otherwise be read as not stated, and what is not stated is not assumed: a model would silently lose its approval.",
    ),
    (
        "unknown-name",
        "A rule about `customer-comunication` protects nobody. Every name of a provider, model, use case, region, certification or rule is looked up, and the nearest ones are shown.",
    ),
    (
        "duplicate-name",
        "Two definitions of one name mean that a reader sees one and the gateway uses the other. Which one counts is never guessed.",
    ),
    (
        "duplicate-clause",
        "A second `when` or `limit` in one statement is usually left over from a merge. Taking the last in silence would change who may serve what.",
    ),
    (
        "type-mismatch",
        "Comparing a set with `==`, or a share of a budget with a number of dollars, gives a condition that is never true: a safeguard that never acts.",
    ),
    (
        "ignored-file",
        "A policy that was renamed to `routing.gov.bak` while somebody tried something decides nothing any more, and nothing else says so. What is meant to count is renamed, the rest is moved out of the folder.",
    ),
    (
        "too-many-contexts",
        "Every context is decided before a policy is merged. A product of facts that nobody could go through is refused with its factors, rather than sampled or waited for.",
    ),
    (
        "missing-attribute",
        "A condition that tests what a use case does not state would have to guess, and guessing is how restricted data ends up at a default provider. The owner states the fact instead.",
    ),
    (
        "unroutable",
        "Requests of this use case are blocked. It happens when a certification is asked for that no approved model holds, or when two promises contradict each other; better found in the pull request than by the first caller.",
    ),
    (
        "unroutable-context",
        "With a low budget, a certain tenant or another fact, requests of this use case are blocked although they normally are not. Such a corner is first met in an incident.",
    ),
    (
        "ambiguous-preference",
        "Two rules of the same tier pull in different directions and nobody decided which one counts, so a reorganised file could move traffic to another provider.",
    ),
    (
        "ambiguous-failover",
        "Two failover statements claim the same request: whether it is queued or sent on would depend on chance, and a failover is a governance event.",
    ),
    (
        "overrides-cycle",
        "Rules that override each other in a circle silence each other: each author believes theirs to count, and none of them orders anything.",
    ),
    (
        "failover-cycle",
        "Two providers that fail over to each other pass an outage back and forth as a retry storm, and each link drags data to a model that was only ever meant as an exit.",
    ),
    (
        "failover-fork",
        "After a fork nobody can say which model comes next, and the two branches may differ in what they may see.",
    ),
    (
        "failover-classification",
        "A routine outage would move data to a model that is not allowed to see it. No policy changed, no human decided it; the reliability feature made the violation.",
    ),
    (
        "failover-compliance",
        "Health data on a HIPAA-eligible primary would fail over to a provider that is not: a compliance violation without anyone deciding it.",
    ),
    (
        "failover-residency",
        "Data that must stay in a region would leave it during an outage, when nobody looks at routing.",
    ),
    (
        "failover-retention",
        "A zero-retention primary would fail over to a provider that keeps prompts for weeks; the copies outlive the outage.",
    ),
    (
        "failover-retired",
        "The exit leads to a model that no longer exists: the failover fails exactly when it is needed.",
    ),
    (
        "failover-unapproved",
        "The candidate is left out since nobody approved it for this use case, so the failover that people count on is not there.",
    ),
    (
        "failover-capability",
        "The candidate cannot call tools or hold the context, so a request that fails over fails again, at a price.",
    ),
    (
        "failover-window",
        "A prompt that is too long for the primary is too long for this model as well, so a failover on `context-exceeded` only repeats the refusal.",
    ),
    (
        "failover-mismatch",
        "The statement itself demands that targets match the primary, and this one does not: it is left out, and the chain is shorter than it reads.",
    ),
    (
        "failover-cost",
        "The candidate is too dear for the statement's own bound and is left out. Without the bound, an outage of a cheap primary turns into a cost incident.",
    ),
    (
        "primary-off-chain",
        "The chain was written for another primary. After a change of preference, the model that requests go to stands on no chain, so nothing follows it.",
    ),
    (
        "no-failover",
        "One rate limit or outage of a single model and the use case stands still. If that is meant, the policy says so with `none`.",
    ),
    (
        "no-failover-context",
        "Normally an outage is covered, and with a low budget, a certain tenant or another fact it is not. It is found out when both come together.",
    ),
    (
        "partial-outage",
        "A provider that is down answers with an error, not in time, or not at all. Failover that knows only one of these works in the drill and not in the incident.",
    ),
    (
        "single-provider-chain",
        "What shares a provider or a failure domain falls together: such a chain covers rate limits of a model and no outage.",
    ),
    (
        "availability-shortfall",
        "The use case promises more than its targets can give together, so the promise is broken by arithmetic.",
    ),
    (
        "latency-shortfall",
        "A target answers slower than the use case allows: users wait in the best case and time out into the next failover in the worst.",
    ),
    (
        "overload",
        "At peak, requests come faster than the provider accepts them, with everything up: callers are refused every day, and no outage is to blame.",
    ),
    (
        "failover-overload",
        "When a provider falls, its traffic arrives at another whose rate limit is too small: a failure cascades to use cases that were not affected.",
    ),
    (
        "dead-rule",
        "The rule's condition is true nowhere, so what its author wanted to protect is not protected. Often a use case was renamed or a classification raised.",
    ),
    (
        "ineffective-rule",
        "The rule only wishes, and the wish changes nothing: a reader thinks that it matters and keeps maintaining it.",
    ),
    (
        "guarantee-violated",
        "What the company promised to auditors does not hold in at least one context. The counterexample is a request that shows it.",
    ),
    (
        "vacuous-guarantee",
        "The guarantee is kept because it never applies. It reads like protection and is none.",
    ),
    (
        "test-failed",
        "A reviewed expectation is no longer true. Either the change is wrong or the expectation is; someone decides which before it is merged.",
    ),
    (
        "expired-certification",
        "The certification no longer counts, so models that relied on it drop out of routing. Auditors ask for exactly this list.",
    ),
    (
        "stale-evidence",
        "The facts that this evidence supported count as unknown, and a model is never approved by silence.",
    ),
    (
        "expiring",
        "On a known day in the next 90 a certification, agreement, piece of evidence, model or statement ends, and with it what routing rests on. There is still time to renew it.",
    ),
    (
        "unconfirmed-dpa",
        "Personal or customer data goes to a processor without a signed agreement: the first thing that a data protection authority asks for.",
    ),
    (
        "unmatched-approval",
        "An approval for a use case that does not exist is a typing error or a left-over; the next use case of that name would be approved unseen.",
    ),
    (
        "unused-model",
        "A model that is approved, paid for and reviewed serves nothing. It widens the list that auditors read, or a rule excludes it by mistake.",
    ),
    (
        "budget-forecast",
        "The volumes that the estate expects cost more than the budget allows, so it will block or throttle before the period ends.",
    ),
    (
        "budget-failover",
        "In normal operation the budget suffices, and in a long outage of the cheap primary it does not: the overrun comes with the incident.",
    ),
    (
        "budget-overcommitted",
        "The parts of a budget add up to more than the whole: some team will be blocked by a limit that it never saw.",
    ),
    ("budget-cycle", "Budgets that stand within each other have no whole, and spend could not be added up."),
    (
        "missing-owner",
        "An alert without an owner is read by nobody. Cost and provider reviews need a name, and a way to escalate.",
    ),
    (
        "unbudgeted",
        "Spend of this use case counts against nothing, so a loop in an agent is found on the invoice.",
    ),
    (
        "quota-overcommitted",
        "Quotas that promise more than the provider allows protect nobody: whoever comes late is limited by the provider.",
    ),
    (
        "quota-shared",
        "A nightly batch can use up the quota that interactive users need: they share one limit.",
    ),
    (
        "missing-attribution",
        "Spend that carries no team or project cannot be charged to anyone, and tags cannot be added after the fact.",
    ),
    (
        "missing-lineage",
        "When an answer is challenged, nobody could say which data fed the prompt, so the audit duty cannot be met.",
    ),
    (
        "missing-reason",
        "The sentence that explains a decision quotes the reason. Without one, a reviewer next year cannot tell whether the rule may go.",
    ),
    (
        "expired-statement",
        "A statement whose last day has passed decides nothing, and whoever reads the file takes it for a rule that holds.",
    ),
    (
        "unused-allow",
        "A comment that silences nothing hides the next finding of that kind at the same place.",
    ),
];
