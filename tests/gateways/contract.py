"""What the decision table says must happen, read from the table itself: the order of hits and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cheats import BODY
from upstreams import KINDS, OTHERS, nth

TRIGGER = {
    "429": "rate-limited",
    "500": "server-error",
    "502": "server-error",
    "503": "unavailable",
    "529": "unavailable",
    "504": "timeout",
    "408": "timeout",
    "401": "unauthorized",
    "403": "unauthorized",
    "402": "out-of-credit",
    "quota": "out-of-credit",
    "filter": "content-filtered",
    "context": "context-exceeded",
    "429-silent": "rate-limited",
    "context-far": "context-exceeded",
    "context-text": "context-exceeded",
    "hang": "timeout",
    "reset": "unavailable",
    "refused": "unavailable",
    **dict.fromkeys(OTHERS, "server-error"),
}
# A request of these tests as the proxy estimates it: a token for four bytes.
TOKENS = -(-len(BODY) // 4)
STATUS = {"queue": 503, "degrade": 503, "block": 403}


@dataclass
class Expected:
    """What must be seen."""

    hits: list[str]
    status: int
    code: str | None
    route: str
    hop: str
    # Why the primary was left: the trigger, the failover statement, and the name that it is logged as.
    left: tuple[str | None, str | None, str | None] = (None, None, None)


@dataclass
class Counts:
    """What a gateway has counted so far, and the facts of the request at hand."""

    table: dict[str, Any]
    facts: dict[str, str] = field(default_factory=dict)
    use_case: dict[str, Any] = field(default_factory=dict)
    taken: dict[tuple[int, str], int] = field(default_factory=dict)
    # Whether another attempt at the primary follows one that a quota stopped.
    TRIES_AGAIN = True

    def worst(self, decision: dict[str, Any], model: dict[str, Any] | None, first: bool = False) -> dict[str, Any] | None:
        """Counts one request, or one attempt at a model; what the strictest quota says that is used up by then."""
        used = []
        for number in decision["quotas"]:
            quota = self.table["quotas"][number]
            if self.is_of_models(quota) != (model is not None) or (model and not self.covers(quota, model)):
                continue
            if not self.take(number, model):
                used.append(quota["then"])
        return min(used, key=lambda then: ("block", "queue", "failover").index(then["action"]), default=None)

    @staticmethod
    def is_of_models(quota: dict[str, Any]) -> bool:
        return quota["on"] is not None or quota["per"] in ("provider", "model")

    @staticmethod
    def covers(quota: dict[str, Any], model: dict[str, Any]) -> bool:
        """In a table a bare name is a provider, whatever models of others are called."""
        return quota["on"] in (None, model["id"], model["provider"])

    def take(self, number: int, model: dict[str, Any] | None) -> bool:
        """Counts once, if there is any left."""
        quota = self.table["quotas"][number]
        key = (number, self.value(quota["per"], model))
        tokens = quota["tokens_per_day"]
        most = quota["requests_per_minute"] if tokens is None else tokens // TOKENS
        if self.taken.get(key, 0) >= most:
            return False
        self.taken[key] = self.taken.get(key, 0) + 1
        return True

    def value(self, per: str | None, model: dict[str, Any] | None) -> str:
        """What is counted apart."""
        if per is None:
            return "-"
        if per in self.table["facts"]:
            return self.facts.get(per, self.table["facts"][per]["default"])
        if model and per in ("provider", "model"):
            return model["provider" if per == "provider" else "id"]
        return self.use_case["name"] if per == "use_case" else self.use_case["tags"].get(per, "-")


class Ended(Exception):
    """The walk is over."""

    def __init__(self, expected: Expected) -> None:
        super().__init__()
        self.expected = expected


@dataclass
class Walk:
    """The walk of one decision while providers do what they do."""

    table: dict[str, Any]
    decision: dict[str, Any]
    does: dict[str, str]
    counts: Counts | None
    limited: bool = False
    stopped: bool = False
    hits: list[str] = field(default_factory=list)
    left: tuple[str | None, str | None, str | None] = (None, None, None)

    def go(self) -> Expected:
        expected = self.walk()
        expected.left = self.left
        return expected

    def walk(self) -> Expected:
        try:
            self.arrive()
            path, failover = self.primary()
            targets = self.table["target_lists"][path["targets"]]
            for position, target in enumerate(targets, 1):
                for _ in range(1 + failover["retry"]):
                    self.attempt(target["model"], position, path)
            return self.terminal(failover["then"]["action"], str(len(targets) + 1))
        except Ended as ended:
            return ended.expected

    def arrive(self) -> None:
        then = self.counts and self.counts.worst(self.decision, None)
        if then and then["action"] != "failover":
            raise Ended(self.terminal(then["action"], "-"))
        self.limited = bool(then)

    def primary(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The path that the primary's last trigger chooses, and its statement."""
        attempt = 0
        while True:
            trigger = self.attempt(self.decision["primary"]["model"], 0, None, attempt == 0)
            path = next((path for path in self.decision["paths"] if trigger in path["on"]), None)
            if path is None:
                self.left = (trigger, None, None)
                raise Ended(self.terminal("block", "1"))
            failover = self.table["failovers"][path["failover"]]
            if attempt >= failover["retry"] or (self.stopped and not self.counts.TRIES_AGAIN):
                self.left = (trigger, failover["name"], failover["log_as"])
                return path, failover
            attempt += 1

    def attempt(self, at: int, position: int, path: dict[str, Any] | None, first: bool = False) -> str:
        """One attempt: the trigger on which it fails, if that leads any further."""
        model = self.table["models"][at]
        then = self.counts and self.counts.worst(self.decision, model, first)
        self.stopped = bool(then)
        if then and then["action"] != "failover":
            raise Ended(self.terminal(then["action"], str(position)))
        if then or (position == 0 and self.limited):
            if path is None or "rate-limited" in path["on"]:
                return "rate-limited"
            raise Ended(Expected(self.hits, 503, "rate-limited", model["id"], str(position)))
        kind = nth(self.does.get(model["id"], "ok"), self.hits.count(model["id"]))
        self.hits.append(model["id"])
        trigger = TRIGGER.get(kind)
        if trigger is None or (path is not None and trigger not in path["on"]):
            raise Ended(answered(model["id"], position, self.hits, kind))
        return trigger

    def terminal(self, action: str, hop: str) -> Expected:
        return Expected(self.hits, STATUS[action], action, action, hop)


def expect(table: dict[str, Any], decision: int | None, does: dict[str, str], counts: Counts | None = None) -> Expected:
    """What must be seen of a request with this decision."""
    if decision is None or table["decisions"][decision]["primary"] is None:
        return Expected([], 403, "block", "block", "-")
    return Walk(table, table["decisions"][decision], does, counts).go()


def answered(model: str, hop: int, hits: list[str], kind: str) -> Expected:
    """The answer of a hop, or ours where it gives none."""
    answer = (KINDS | OTHERS)[kind]
    if answer is None:
        trigger = TRIGGER[kind]
        return Expected(hits, 504 if trigger == "timeout" else 503, trigger, model, str(hop))
    return Expected(hits, answer[0], answer[1], model, str(hop))


def reached(hits: list[str], does: dict[str, str]) -> list[str]:
    """Hits that a provider could notice: a refused connection leaves no trace."""
    return [model for model in hits if does.get(model) != "refused"]
