"""From the JSON of a table without faults to what answers are made of."""

from __future__ import annotations

from typing import Any

from .answer import (
    Action,
    Audit,
    Budget,
    Core,
    Failover,
    Model,
    Path,
    Quota,
    Rule,
    Step,
    Target,
    Terminal,
    UseCase,
)
from .cells import CLASSIFICATION
from .forms import parse_cut
from .parts import Raw

_PRICES = (
    "input_usd_per_1m",
    "output_usd_per_1m",
    "cached_input_usd_per_1m",
    "batch_discount",
    "long_prompt",
)


def build_models(raw: Raw) -> list[Model]:
    """The models, in the table's order."""
    return [
        Model(
            id=one["id"],
            provider=one["provider"],
            name=one["name"],
            failure_domain=one["failure_domain"],
            hosting=one["hosting"],
            jurisdiction=one["jurisdiction"],
            regions=_texts(one["regions"]),
            compliance=_texts(one["compliance"]),
            retention_days=one["retention_days"],
            endpoint=one["endpoint"],
            profile=one["profile"],
            prices={key: one[key] for key in _PRICES},
        )
        for one in raw["models"]
    ]


def build_cores(raw: Raw, models: list[Model]) -> list[Core]:
    """The decisions, in the table's order; what several share is one object."""
    reasons = raw["reasons"]
    failovers = [_failover(one, reasons) for one in raw["failovers"]]
    rules = [tuple(Rule(name, reasons[f"rule {name}"]) for name in names) for names in raw["rule_sets"]]
    targets = [tuple(_target(one, models) for one in several) for several in raw["target_lists"]]
    budgets = [_budget(one) for one in raw["budgets"]]
    quotas = [_quota(one) for one in raw["quotas"]]
    audits = [_audit(one) for one in raw["audits"]]
    cores: list[Core] = []
    for at, one in enumerate(raw["decisions"]):
        paths = tuple(
            Path(tuple(path["on"]), failovers[path["failover"]], targets[path["targets"]]) for path in one["paths"]
        )
        primary = one["primary"]
        cores.append(
            Core(
                index=at,
                primary=None if primary is None else Target(models[primary["model"]], _texts(primary["regions"])),
                paths=paths,
                by_trigger={trigger: path for path in paths for trigger in path.on},
                rules=rules[one["rules"]],
                budgets=tuple(budgets[budget] for budget in one["budgets"]),
                quotas=tuple(quotas[quota] for quota in one["quotas"]),
                audit=None if one["audit"] is None else audits[one["audit"]],
            )
        )
    return cores


def build_use_cases(raw: Raw) -> dict[str, UseCase]:
    """The use cases by name and by endpoint tag."""
    defaults = {name: fact["values"].index(fact["default"]) for name, fact in raw["facts"].items()}
    grids = [_strides(grid, defaults) for grid in raw["grids"]]
    use_cases: dict[str, UseCase] = {}
    for one in raw["use_cases"]:
        level_stride, baseline, shares, facts = grids[one["axes"]]
        use_case = UseCase(
            name=one["name"],
            tags=one["tags"],
            level=raw["classifications"].index(one["classification"]),
            level_stride=level_stride,
            baseline=baseline,
            cells=tuple(one["cells"]),
            shares=shares,
            facts=facts,
        )
        use_cases[one["name"]] = use_case
        if one["endpoint_tag"] is not None:
            use_cases[one["endpoint_tag"]] = use_case
    return use_cases


_Strides = tuple[int, int, dict[str, tuple[int, tuple[tuple[int, str, bool], ...]]], dict[str, int]]


def _strides(grid: list[Raw], defaults: dict[str, int]) -> _Strides:
    """How a request moves over the cells; the first axis is the most significant, so strides grow from the last."""
    stride, level_stride, baseline = 1, 0, 0
    shares: dict[str, tuple[int, tuple[tuple[int, str, bool], ...]]] = {}
    facts: dict[str, int] = {}
    for axis in reversed(grid):
        name = axis["fact"]
        if "cuts" in axis:
            cuts = tuple(cut for cut in map(parse_cut, axis["cuts"]) if cut is not None)
            shares[name] = (stride, cuts)
            # All of the budget is left: that satisfies no cut.
            baseline += len(cuts) * stride
            stride *= len(cuts) + 1
        elif name == CLASSIFICATION:
            level_stride = stride
            stride *= len(axis["values"])
        else:
            facts[name] = stride
            baseline += defaults[name] * stride
            stride *= len(axis["values"])
    return level_stride, baseline, shares, facts


def _texts(several: list[str] | None) -> tuple[str, ...] | None:
    return None if several is None else tuple(several)


def _terminal(one: Raw) -> Terminal:
    return Terminal(one["action"], one.get("seconds"), one.get("message"))


def _failover(one: Raw, reasons: dict[str, Any]) -> Failover:
    return Failover(
        name=one["name"],
        retry=one["retry"],
        cooldown_seconds=one["cooldown_seconds"],
        then=_terminal(one["then"]),
        log_as=one["log_as"],
        notify=tuple(one["notify"]),
        because=reasons[f"failover {one['name']}"],
    )


def _target(one: Raw, models: list[Model]) -> Target:
    actions = tuple(Action(action["action"], tuple(action.get("notify", ()))) for action in one["actions"])
    return Target(models[one["model"]], _texts(one["regions"]), one["cost_multiplier"], actions)


def _budget(one: Raw) -> Budget:
    return Budget(
        name=one["name"],
        on=tuple(one["on"]),
        limit_usd=one["limit_usd"],
        period=one["period"],
        per=one["per"],
        within=one["within"],
        mode=one["mode"],
        at=tuple(Step(step["used"], step["action"], tuple(step.get("notify", ()))) for step in one["at"]),
        owner=one["owner"],
        escalate=tuple(one["escalate"]),
    )


def _quota(one: Raw) -> Quota:
    return Quota(**{**one, "then": _terminal(one["then"])})


def _audit(one: Raw) -> Audit:
    return Audit(one["retain_days"], one["lineage"], tuple(one["mask"]), tuple(one["owners"]))
