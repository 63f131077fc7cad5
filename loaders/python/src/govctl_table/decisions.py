"""Decisions: each distinct, with paths and obligations, and lists that are stored once in the order of first need."""

from __future__ import annotations

import json
from typing import Any

from .forms import ascending, decimal, index, indices
from .parts import Raw
from .refusal import Place, fault, shown
from .shape import TRIGGERS

MULTIPLIER_DECIMALS = 4
_ACTIONS = ("notify", "throttle", "confirm")


class Needed:
    """Checks that the items of a list stand in the order in which something first needs them."""

    def __init__(self, part: str, size: int) -> None:
        self.part, self.size, self.next = part, size, 0

    def need(self, place: Place, at: int) -> None:
        """Something at this place needs this item."""
        index(place, at, self.part, self.size)
        if at > self.next:
            raise fault("order", place, f"it needs {at} of `{self.part}` before anything needs {self.next}")
        self.next += at == self.next

    def all_needed(self) -> None:
        """Nothing needs more than what has been needed so far."""
        if self.next < self.size:
            raise fault("index", ((None, self.part), self.next), "nothing needs it")


def each_once(part: str, items: list[Any]) -> None:
    """Refuses a list in which two items are equal."""
    seen: set[str] = set()
    for at, item in enumerate(items):
        text = json.dumps(item)
        if text in seen:
            raise fault("order", ((None, part), at), "an equal one stands before it")
        seen.add(text)


def check_decisions(table: Raw) -> None:
    """Checks the decisions and the lists that they share."""
    _rule_sets(table["rule_sets"])
    _target_lists(table["target_lists"], table["models"])
    _audits(table["audits"])
    rules = Needed("rule_sets", len(table["rule_sets"]))
    targets = Needed("target_lists", len(table["target_lists"]))
    audits = Needed("audits", len(table["audits"]))
    for at, decision in enumerate(table["decisions"]):
        place: Place = ((None, "decisions"), at)
        _primary(place, decision, table["models"])
        _paths(place, decision, table, targets)
        rules.need((place, "rules"), decision["rules"])
        indices((place, "budgets"), decision["budgets"], "budgets", len(table["budgets"]))
        indices((place, "quotas"), decision["quotas"], "quotas", len(table["quotas"]))
        if decision["audit"] is not None:
            audits.need((place, "audit"), decision["audit"])
    each_once("decisions", table["decisions"])
    for needed in (rules, targets, audits):
        needed.all_needed()
    _all_named(table)
    _reasons(table)


def _rule_sets(sets: list[list[str]]) -> None:
    for at, names in enumerate(sets):
        ascending(((None, "rule_sets"), at), names)
    each_once("rule_sets", sets)


def _target_lists(lists: list[list[Raw]], models: list[Raw]) -> None:
    for at, targets in enumerate(lists):
        met: set[int] = set()
        for position, target in enumerate(targets):
            place: Place = (((None, "target_lists"), at), position)
            index((place, "model"), target["model"], "models", len(models))
            if target["model"] in met:
                raise fault("order", (place, "model"), "the model is a target already")
            met.add(target["model"])
            if target["cost_multiplier"] != "inf":
                decimal((place, "cost_multiplier"), target["cost_multiplier"], MULTIPLIER_DECIMALS)
            order = [_ACTIONS.index(action["action"]) for action in target["actions"]]
            if order != sorted(set(order)):
                text = f"they stand in the order {', '.join(_ACTIONS)}, each once"
                raise fault("order", (place, "actions"), text)
            _regions((place, "regions"), target["regions"], models[target["model"]])
    each_once("target_lists", lists)


def _regions(place: Place, regions: list[str] | None, model: Raw) -> None:
    if regions is None:
        return
    ascending(place, regions)
    if not regions:
        raise fault("range", place, "there is none that it could be pinned to")
    served = model["regions"] or []
    for at, region in enumerate(regions):
        if region not in served:
            raise fault("index", (place, at), "the model is not served there")


def _audits(audits: list[Raw]) -> None:
    for at, audit in enumerate(audits):
        place: Place = ((None, "audits"), at)
        ascending((place, "mask"), audit["mask"])
        ascending((place, "owners"), audit["owners"])
    each_once("audits", audits)


def _primary(place: Place, decision: Raw, models: list[Raw]) -> None:
    primary = decision["primary"]
    if primary is None:
        if decision["paths"]:
            raise fault("range", (place, "paths"), "there is no primary that could fail")
        return
    place = (place, "primary")
    index((place, "model"), primary["model"], "models", len(models))
    _regions((place, "regions"), primary["regions"], models[primary["model"]])


def _paths(place: Place, decision: Raw, table: Raw, needed: Needed) -> None:
    named: set[int] = set()
    same: set[tuple[int, int]] = set()
    last = -1
    for at, path in enumerate(decision["paths"]):
        here: Place = ((place, "paths"), at)
        first = _on((here, "on"), path["on"], named)
        if first < last:
            raise fault("order", here, "the paths stand in the order of their first trigger")
        last = first
        index((here, "failover"), path["failover"], "failovers", len(table["failovers"]))
        needed.need((here, "targets"), path["targets"])
        if (path["failover"], path["targets"]) in same:
            raise fault("order", here, "a path with the same statement and targets stands before it")
        same.add((path["failover"], path["targets"]))
        for target in table["target_lists"][path["targets"]]:
            if target["model"] == decision["primary"]["model"]:
                raise fault("order", (here, "targets"), "the primary is among them")


def _on(place: Place, triggers: list[str], named: set[int]) -> int:
    """Checks the triggers of a path and gives the position of the first."""
    if not triggers:
        raise fault("range", place, "there is none")
    last = -1
    for at, trigger in enumerate(triggers):
        position = TRIGGERS.index(trigger)
        if position <= last:
            raise fault("order", (place, at), "the triggers stand in the order of the grammar, each once")
        if position in named:
            raise fault("order", (place, at), f"`{trigger}` is on another path already")
        last = position
        named.add(position)
    return TRIGGERS.index(triggers[0])


def _all_named(table: Raw) -> None:
    """Models and failover statements are those that decisions name."""
    models = {one["primary"]["model"] for one in table["decisions"] if one["primary"] is not None}
    models |= {target["model"] for targets in table["target_lists"] for target in targets}
    failovers = {path["failover"] for one in table["decisions"] for path in one["paths"]}
    for part, named in (("models", models), ("failovers", failovers)):
        for at in range(len(table[part])):
            if at not in named:
                raise fault("index", ((None, part), at), "nothing needs it")


def _reasons(table: Raw) -> None:
    """There is a reason, or null, for every rule and failover statement that some decision names."""
    named = {f"rule {name}" for names in table["rule_sets"] for name in names}
    named |= {f"failover {failover['name']}" for failover in table["failovers"]}
    place: Place = (None, "reasons")
    missing = named - table["reasons"].keys()
    if missing:
        raise fault("missing-field", place, f"there is none for `{shown(min(missing))}`")
    for key in table["reasons"]:
        if key not in named:
            raise fault("unknown-field", (place, key), "no decision names it")
