"""The head of a table, its vocabulary, and the parts that decisions point at."""

from __future__ import annotations

from typing import Any

from .forms import (
    ascending,
    day,
    decimal,
    distinct,
    one_of,
    percent,
    percent_key,
    sha256,
)
from .refusal import Place, fault, shown

Raw = dict[str, Any]

PRICE_DECIMALS = 9
HOSTINGS = ("cloud", "private-cloud", "self-hosted")
DIMENSIONS = ("application", "business_unit", "model", "project", "provider", "team", "use_case", "user")
MODES = ("chargeback", "showback")
PERIODS = ("day", "week", "month", "quarter", "year")
BUDGET_ACTIONS = ("notify", "throttle", "queue", "block")
LIMITS = ("requests_per_minute", "tokens_per_minute", "requests_per_day", "tokens_per_day")


def check_parts(table: Raw) -> None:
    """Checks everything that stands beside decisions and use cases."""
    _head(table)
    _vocabulary(table)
    _models(table["models"])
    ascending((None, "failovers"), [one["name"] for one in table["failovers"]])
    _budgets(table)
    _quotas(table)
    _attribution(table["attribution"])
    guarantees: Place = ((None, "proof"), "guarantees")
    ascending(guarantees, [one["name"] for one in table["proof"]["guarantees"]])


def _head(table: Raw) -> None:
    day((None, "as_of"), table["as_of"])
    until = table["valid_until"]
    if until is not None:
        day((None, "valid_until"), until)
        if until < table["as_of"]:
            raise fault("range", (None, "valid_until"), "it lies before `as_of`")
    if (until is None) != (table["ends"] is None):
        raise fault("range", (None, "ends"), "it stands with `valid_until` and not without")
    for path, digest in table["sources"].items():
        sha256(((None, "sources"), path), digest)


def _vocabulary(table: Raw) -> None:
    distinct((None, "classifications"), table["classifications"])
    for name, fact in table["facts"].items():
        place: Place = ((None, "facts"), name)
        if not name or name == "classification" or name.startswith(("budget.", "model.", "chain.")):
            raise fault("range", place, "a fact cannot be called that")
        distinct((place, "values"), fact["values"])
        if fact["default"] not in fact["values"]:
            raise fault("index", (place, "default"), f"`{shown(fact['default'])}` is none of its values")


def _models(models: list[Raw]) -> None:
    ascending((None, "models"), [one["id"] for one in models])
    for at, model in enumerate(models):
        place: Place = ((None, "models"), at)
        provider, name = model["provider"], model["name"]
        if not provider or "/" in provider or not name or model["id"] != f"{provider}/{name}":
            raise fault("range", (place, "id"), "it is not `provider/name`")
        if not model["failure_domain"]:
            raise fault("range", (place, "failure_domain"), "an empty name")
        _prices(place, model)
        long_prompt = model["long_prompt"]
        if long_prompt is not None:
            _prices((place, "long_prompt"), long_prompt)
        discount = model["batch_discount"]
        if discount is not None:
            _share((place, "batch_discount"), discount)
        if model["hosting"] is not None:
            one_of((place, "hosting"), model["hosting"], HOSTINGS)
        ascending((place, "regions"), model["regions"] or [])
        ascending((place, "compliance"), model["compliance"] or [])


def _prices(place: Place, holder: Raw) -> None:
    for key in ("input_usd_per_1m", "output_usd_per_1m", "cached_input_usd_per_1m"):
        if holder[key] is not None:
            decimal((place, key), holder[key], PRICE_DECIMALS)


def _share(place: Place, text: str) -> None:
    percent(place, text)
    key = percent_key(text)
    if key is not None and key > (3, "100", ""):
        raise fault("range", place, f"`{shown(text)}` is more than 100%")


def _per(place: Place, name: str | None, facts: Raw) -> None:
    if name is not None and name not in facts and name not in DIMENSIONS:
        raise fault("index", (place, "per"), f"`{shown(name)}` is neither a dimension nor a fact")


def _budgets(table: Raw) -> None:
    budgets = table["budgets"]
    ascending((None, "budgets"), [one["name"] for one in budgets])
    for at, budget in enumerate(budgets):
        place: Place = ((None, "budgets"), at)
        ascending((place, "on"), budget["on"])
        decimal((place, "limit_usd"), budget["limit_usd"], PRICE_DECIMALS)
        one_of((place, "period"), budget["period"], PERIODS)
        _per(place, budget["per"], table["facts"])
        if budget["mode"] is not None:
            one_of((place, "mode"), budget["mode"], MODES)
        _steps((place, "at"), budget["at"])
    _parents(budgets)


def _steps(place: Place, steps: list[Raw]) -> None:
    last, shown_last = (0, "", ""), ""
    for at, step in enumerate(steps):
        here: Place = (place, at)
        one_of((here, "action"), step["action"], BUDGET_ACTIONS)
        if step["action"] == "notify" and "notify" not in step:
            raise fault("missing-field", here, "the key `notify` is missing")
        if step["action"] != "notify" and "notify" in step:
            raise fault("unknown-field", here, f"no key `notify` belongs to `{step['action']}`")
        percent((here, "used"), step["used"])
        key = percent_key(step["used"]) or last
        if key < last:
            raise fault("order", (here, "used"), f"`{step['used']}` stands after `{shown_last}`")
        last, shown_last = key, step["used"]
    if last != (3, "100", ""):
        raise fault("range", place, "it does not say what happens at 100%")


def _parents(budgets: list[Raw]) -> None:
    """Each parent is there, and whoever walks up from a budget comes to an end."""
    parents = {budget["name"]: budget["within"] for budget in budgets}
    ended: set[str] = set()
    for at, budget in enumerate(budgets):
        place: Place = (((None, "budgets"), at), "within")
        within = budget["within"]
        if within is not None and within not in parents:
            raise fault("index", place, f"no budget is called `{shown(within)}`")
        walked: set[str] = set()
        name: str | None = budget["name"]
        while name is not None and name in parents and name not in ended:
            if name in walked:
                raise fault("index", place, "its parents go round in a circle")
            walked.add(name)
            name = parents[name]
        ended |= walked


def _quotas(table: Raw) -> None:
    ascending((None, "quotas"), [one["name"] for one in table["quotas"]])
    for at, quota in enumerate(table["quotas"]):
        place: Place = ((None, "quotas"), at)
        _per(place, quota["per"], table["facts"])
        if all(quota[limit] is None for limit in LIMITS):
            raise fault("range", place, "it limits nothing")


def _attribution(attribution: Raw | None) -> None:
    if attribution is None:
        return
    place: Place = (None, "attribution")
    ascending((place, "require"), attribution["require"])
    for at, dimension in enumerate(attribution["require"]):
        one_of(((place, "require"), at), dimension, DIMENSIONS)
    if attribution["mode"] is not None:
        one_of((place, "mode"), attribution["mode"], MODES)
    if attribution["anomaly_above"] is not None:
        percent((place, "anomaly_above"), attribution["anomaly_above"])
