"""Who is asked next: the walk of one request over the paths of its decision. Knows nothing of LiteLLM."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from govctl_table import Decision, Terminal


@dataclass(frozen=True)
class Hop:
    """One attempt at one model."""

    group: str
    """The model group of LiteLLM that makes it: a group is tried once a request, so each attempt has its own."""
    model: str
    path: int | None
    """The path that it belongs to; none for the primary."""
    position: int
    """0 for the primary, then the position on the path."""
    attempt: int


@dataclass(frozen=True)
class End:
    """Nobody is asked any more: a terminal of the policy, or the answer of the hop that failed last."""

    terminal: Terminal | None
    trigger: str | None = None
    """With no terminal: on what the last hop failed; none where that is no trigger."""
    position: int | None = None
    """Where a terminal stands on its path, counted as hops are; none where there is no path at all."""


def hops(decision: Decision) -> Iterator[Hop]:
    """Every attempt that a request may need, in an order in which no walk goes backwards."""
    if decision.primary is None:
        return
    used: Counter[str] = Counter()

    def hop(model: str, path: int | None, position: int, attempt: int) -> Hop:
        used[model] += 1
        return Hop(group_name(model, used[model] - 1), model, path, position, attempt)

    tries = max((path.failover.retry for path in decision.paths), default=0)
    for attempt in range(tries + 1):
        yield hop(decision.primary.model.id, None, 0, attempt)
    for at, path in enumerate(decision.paths):
        for position, target in enumerate(path.targets, 1):
            for attempt in range(path.failover.retry + 1):
                yield hop(target.model.id, at, position, attempt)


def group_name(model: str, number: int) -> str:
    """The model group for the so-manieth attempt at a model."""
    return f"{model}#{number}"


class Cooling:
    """Which models failed so lately that they are taken as unavailable."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def start(self, model: str, seconds: int) -> None:
        """The model failed, retries included."""
        self._until[model] = max(self._until.get(model, 0.0), self._clock() + seconds)

    def __contains__(self, model: str) -> bool:
        return self._until.get(model, 0.0) > self._clock()


class Walk:
    """The walk of one request: `hop` is who is asked now, `end` why nobody is."""

    def __init__(self, decision: Decision, cooling: Cooling) -> None:
        self.decision = decision
        self.cooling = cooling
        self.hops = list(hops(decision))
        self.triggers: list[str | None] = []
        """On what each attempt failed so far."""
        self.left: str | None = None
        """On what the primary was left for a path: the trigger of every later hop."""
        self.hop: Hop | None = None
        self.end: End | None = None
        self._by_place = {(hop.path, hop.position, hop.attempt): hop for hop in self.hops}
        if not self.hops:
            self.end = End(Terminal("block"))
            return
        self.hop = self.hops[0]
        # Where no path is for that, there is nowhere else to go.
        if self._path("unavailable") is not None and self._rests(self.hop.model):
            self._leave_primary("unavailable")

    def failed(self, trigger: str | None) -> None:
        """The attempt at `hop` failed on a trigger, or, with none, in a way that is no trigger."""
        hop = self.hop
        if hop is None or self.end is not None:
            return
        self.triggers.append(trigger)
        if trigger is None:
            self.end = End(None, None)
            return
        at = self._path(trigger) if hop.path is None else hop.path
        path = None if at is None else self.decision.paths[at]
        if path is not None and hop.path is not None and trigger not in path.on:
            self.end = End(None, trigger)
            return
        if path is not None and hop.attempt < path.failover.retry:
            self.hop = self._by_place[(hop.path, hop.position, hop.attempt + 1)]
            return
        if path is not None and path.failover.cooldown_seconds is not None:
            self.cooling.start(hop.model, path.failover.cooldown_seconds)
        if hop.path is None:
            self._leave_primary(trigger)
        else:
            self._next_target(hop.path, hop.position + 1)

    def abandon(self, trigger: str | None) -> None:
        """The attempt at `hop` failed, and nobody waits for an answer any more."""
        if self.hop is not None and self.end is None:
            self.triggers.append(trigger)
            self.end = End(None, trigger)

    def served(self) -> None:
        """The attempt at `hop` was answered: whatever happens from now on, nobody else is asked."""
        if self.end is None:
            self.end = End(None, None)

    def _path(self, trigger: str) -> int | None:
        return next((at for at, path in enumerate(self.decision.paths) if trigger in path.on), None)

    def _rests(self, model: str) -> bool:
        """Whether a model is taken as unavailable, since some path of the decision says for how long what failed is."""
        states = any(path.failover.cooldown_seconds is not None for path in self.decision.paths)
        return states and model in self.cooling

    def _leave_primary(self, trigger: str) -> None:
        self.left = trigger
        at = self._path(trigger)
        if at is None:
            self.end = End(Terminal("block"), position=1)
        else:
            self._next_target(at, 1)

    def _next_target(self, at: int, position: int) -> None:
        path = self.decision.paths[at]
        for further, target in enumerate(path.targets[position - 1 :], position):
            self.hop = self._by_place[(at, further, 0)]
            if not self._rests(target.model.id):
                return
            if "unavailable" not in path.on:
                if path.failover.cooldown_seconds is None:
                    return
                self.end = End(None, "unavailable")
                return
        self.end = End(path.failover.then, position=len(path.targets) + 1)
