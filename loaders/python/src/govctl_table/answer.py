"""The answer to a request, in a gateway's terms. Everything here is read-only and shared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

OUTAGE_TRIGGERS = ("unavailable", "server-error", "timeout")
"""How a model that is down fails; the first of these that has a path gives the outage path."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as one provider serves it."""

    id: str
    """`provider/name`."""
    provider: str
    name: str
    failure_domain: str
    hosting: str | None
    jurisdiction: str | None
    regions: tuple[str, ...] | None
    compliance: tuple[str, ...] | None
    retention_days: int | None
    endpoint: Mapping[str, Any]
    """How to reach it; empty where nothing is stated."""
    profile: Mapping[str, Any]
    """Settings of requests; empty where nothing is stated."""
    prices: Mapping[str, Any]
    """The keys of the table that speak of money, as they stand there: US dollars as text."""


@dataclass(frozen=True, slots=True)
class Action:
    """What to do when a dear target is used: `notify`, `throttle` or `confirm`."""

    action: str
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terminal:
    """What happens when nothing is left: `queue`, `degrade`, `block`, and for a quota also `failover`."""

    action: str
    seconds: int | None = None
    """Of `queue`: how long, where the policy says."""
    message: str | None = None
    """Of `degrade`: what to say, where the policy says."""

    def as_json(self) -> dict[str, Any]:
        """The terminal as the table writes it."""
        if self.action == "queue":
            return {"action": "queue", "seconds": self.seconds}
        if self.action == "degrade":
            return {"action": "degrade", "message": self.message}
        return {"action": self.action}


BLOCK = Terminal("block")


@dataclass(frozen=True, slots=True)
class Target:
    """A model that may be asked."""

    model: Model
    regions: tuple[str, ...] | None
    """Where the request must be pinned to; none: anywhere."""
    cost_multiplier: str = "1"
    """Its blended cost over the primary's: exact to 4 decimals, or `inf`."""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Failover:
    """A failover statement."""

    name: str
    retry: int
    cooldown_seconds: int | None
    then: Terminal
    log_as: str | None
    notify: tuple[str, ...]
    because: str | None


@dataclass(frozen=True, slots=True)
class Path:
    """What is tried when the primary fails on one of these triggers."""

    on: tuple[str, ...]
    failover: Failover
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that applies, and why it was written."""

    name: str
    because: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a budget does at a share spent: `notify`, `throttle`, `queue` or `block`."""

    used: str
    action: str
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget that the request counts against."""

    name: str
    on: tuple[str, ...]
    limit_usd: str
    period: str
    per: str | None
    within: str | None
    mode: str | None
    at: tuple[Step, ...]
    owner: str | None
    escalate: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota that the request counts against."""

    name: str
    on: str | None
    per: str | None
    requests_per_minute: int | None
    tokens_per_minute: int | None
    requests_per_day: int | None
    tokens_per_day: int | None
    then: Terminal


@dataclass(frozen=True, slots=True)
class Audit:
    """What auditing demands."""

    retain_days: int | None
    lineage: bool
    mask: tuple[str, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Core:
    """What a decision of the table says, whoever asks."""

    index: int | None = None
    primary: Target | None = None
    paths: tuple[Path, ...] = ()
    by_trigger: Mapping[str, Path] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    budgets: tuple[Budget, ...] = ()
    quotas: tuple[Quota, ...] = ()
    audit: Audit | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes while something is down."""

    target: Target | None
    """None: nowhere, and `then` is the answer."""
    hop: int | None
    """0 for the primary, then the position on the path; none without a target."""
    path: Path | None
    """The path that is walked when the primary cannot serve."""
    then: Terminal
    """The terminal of that path; `block` without one."""

    @property
    def model(self) -> str | None:
        """The id of the model; none where the answer is the terminal."""
        return None if self.target is None else self.target.model.id


class Decision:
    """The answer to a request: a decision of the table, for one use case."""

    __slots__ = ("_core", "_down", "_level", "_use_case", "not_understood")

    def __init__(
        self,
        core: Core,
        use_case: UseCase | None,
        level: str | None,
        down: Down,
        not_understood: str | None = None,
    ) -> None:
        self._core = core
        self._use_case = use_case
        self._level = level
        self._down = down
        self.not_understood = not_understood
        """What of the request was not understood, if anything: then nothing else says more than `block`."""

    @property
    def index(self) -> int | None:
        """The position in the table's `decisions`; none where the request was not understood."""
        return self._core.index

    @property
    def use_case(self) -> str | None:
        """The use case's name, also when asked by its endpoint tag."""
        return None if self._use_case is None else self._use_case.name

    @property
    def classification(self) -> str | None:
        """The effective classification."""
        return self._level

    @property
    def primary(self) -> Target | None:
        """Whom to ask first; none: `block`."""
        return self._core.primary

    @property
    def paths(self) -> tuple[Path, ...]:
        """What is tried when the primary fails, by trigger."""
        return self._core.paths

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that apply, with their reasons."""
        return self._core.rules

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """The budgets that the request counts against."""
        return self._core.budgets

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """The quotas that the request counts against."""
        return self._core.quotas

    @property
    def audit(self) -> Audit | None:
        """What auditing demands; none where no statement applies."""
        return self._core.audit

    @property
    def tags(self) -> Mapping[str, str]:
        """The attribution tags of the use case."""
        return {} if self._use_case is None else self._use_case.tags

    def path(self, trigger: str) -> Path | None:
        """The path of a trigger; none: nothing is tried, and the answer is `block`."""
        return self._core.by_trigger.get(trigger)

    @property
    def outage_path(self) -> Path | None:
        """The path that is walked when the primary is down."""
        paths = self._core.by_trigger
        return next((paths[trigger] for trigger in OUTAGE_TRIGGERS if trigger in paths), None)

    def route(self, down: Collection[str] = (), on: str | None = None) -> Route:
        """Where the request goes while some providers, failure domains or models are down.

        With `on` the primary has failed on that trigger, whatever is down. A name alone is a provider or a failure
        domain; where it is neither, a model.
        """
        primary = self._core.primary
        path = self.outage_path if on is None else self.path(on)
        then = BLOCK if path is None else path.failover.then
        lost = self._down(down) if down else ()
        if primary is None:
            return Route(None, None, None, BLOCK)
        if on is None and primary.model.id not in lost:
            return Route(primary, 0, path, then)
        for hop, target in enumerate(() if path is None else path.targets, 1):
            if target.model.id not in lost:
                return Route(target, hop, path, then)
        return Route(None, None, path, then)


class Down:
    """Which models are down when a provider, a failure domain or a model is."""

    def __init__(self, models: Collection[Model]) -> None:
        self._whole: dict[str, set[str]] = {}
        self._single: dict[str, set[str]] = {}
        for model in models:
            for name in (model.provider, model.failure_domain):
                self._whole.setdefault(name, set()).add(model.id)
            for name in (model.id, model.name):
                self._single.setdefault(name, set()).add(model.id)

    def __call__(self, names: Collection[str]) -> set[str]:
        """The ids of the models that are down; a name that the table does not hold takes nothing down."""
        lost: set[str] = set()
        for name in [names] if isinstance(names, str) else names:
            lost |= self._whole.get(name) or self._single.get(name) or set()
        return lost


@dataclass(frozen=True, slots=True)
class UseCase:
    """A use case, ready to be looked up."""

    name: str
    tags: Mapping[str, str]
    level: int
    level_stride: int
    baseline: int
    cells: tuple[int, ...]
    shares: Mapping[str, tuple[int, tuple[tuple[int, str, bool], ...]]]
    """By attribute: how far apart the positions stand, and the cuts."""
    facts: Mapping[str, int]
    """By fact: how far apart its values stand."""
