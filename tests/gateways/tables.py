"""Tables to drive gateways with: compiled ones, pointed at providers on loopback, and one by hand with every shape."""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any, Iterator

from upstreams import HOST


def seal(table: dict[str, Any]) -> str:
    """Canonical JSON with the right digest. Names here are ASCII, so the order of keys is that of their bytes."""
    content = {key: value for key, value in table.items() if key != "digest"}
    text = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    content["digest"] = "sha256:" + hashlib.sha256(text(content).encode()).hexdigest()
    table["digest"] = content["digest"]
    return text(content)


def variable(model: str) -> str:
    """The environment variable of a model's key."""
    return "KEY_" + hashlib.sha256(model.encode()).hexdigest()[:12].upper()


def point(table: dict[str, Any], ports: dict[str, int], jwks: str | None, timeout: str = "1 s") -> None:
    """Makes every model answer on loopback, and callers identify themselves by tokens."""
    for number, model in enumerate(table["models"]):
        base = f"http://{HOST}:{ports[model['id']]}/v1"
        model["endpoint"] = {"protocol": "openai", "base_url": base, "api_key_env": variable(model["id"])}
        if number % 2:  # a name of its own at its provider, of more than ASCII
            model["endpoint"]["model"] = f"{model['name']}@größer/λ"
    request: dict[str, Any] = {"from_credentials": ["use_case"], "first_byte_timeout": timeout}
    if jwks:
        request["jwks"] = {"file": jwks, "issuer": "callers", "audience": "gateway"}
    table["request"] = request


def by_number(table: dict[str, Any]) -> None:
    """Calls the last value of the first fact by a number, which is a text as any other."""
    for name, fact in itertools.islice(table["facts"].items(), 1):
        last = fact["values"][-1]
        axes = [axis["values"] for grid in table["grids"] for axis in grid if axis["fact"] == name and "values" in axis]
        for values in (fact["values"], *axes):
            values[:] = ["7" if value == last else value for value in values]
        fact["default"] = "7" if fact["default"] == last else fact["default"]


def limit(table: dict[str, Any], requests: int) -> None:
    """Makes every quota allow so many requests, and nothing else."""
    for quota in table["quotas"]:
        quota |= {"tokens_per_minute": None, "tokens_per_day": None, "requests_per_day": None, "requests_per_minute": requests}


def quota_variant(table: dict[str, Any], number: int, requests: int, tokens_a_request: int) -> None:
    """Lets every quota apply everywhere, so many requests long, with what follows and what is counted apart by turns."""
    thens = ({"action": "block"}, {"action": "queue", "seconds": 7}, {"action": "failover"})
    apart = (None, "use_case", "model", "provider", next(iter(table["facts"]), None))
    for at, quota in enumerate(table["quotas"]):
        quota |= {"then": thens[(number + at) % 3], "per": apart[(number + at) % 5]}
        if number % 2:
            quota |= {"requests_per_minute": None, "tokens_per_day": requests * tokens_a_request}
    for decision in table["decisions"]:
        decision["quotas"] = list(range(len(table["quotas"]))) if decision["primary"] else []


def confuse(table: dict[str, Any], provider: str) -> None:
    """Calls a model of another provider by this provider's name, if some model can be called so where it stands."""
    for at, model in enumerate(table["models"]):
        before, after = (other["id"] if other else None for other in ((table["models"][at - 1] if at else None), (table["models"] + [None])[at + 1]))
        id = f"{model['provider']}/{provider}"
        if model["provider"] != provider and (before or "") < id and (after is None or id < after):
            model |= {"id": id, "name": provider}
            return
    raise AssertionError(f"no model can be called {provider}")


def attribute(table: dict[str, Any]) -> None:
    """Lets every use case state what attribution asks for, as a workspace without findings does."""
    asked = set((table["attribution"] or {}).get("require", ())) & {"application", "business_unit", "project", "team"}
    for use_case in table["use_cases"]:
        use_case["tags"] = {**dict.fromkeys(asked, "somebody"), **use_case["tags"]}


def contexts(table: dict[str, Any], use_case: dict[str, Any]) -> Iterator[tuple[dict[str, str], int]]:
    """Every cell of a use case, as attributes of a request that falls into it, and its decision."""
    axes = table["grids"][use_case["axes"]]
    positions = [values(axis) for axis in axes]
    for cell, chosen in zip(use_case["cells"], itertools.product(*positions)):
        yield {axis["fact"]: value for axis, value in zip(axes, chosen)}, cell


def values(axis: dict[str, Any]) -> list[str]:
    """One value for each position of an axis."""
    if "values" in axis:
        return list(axis["values"])
    found, below = [], "-0"
    for cut in axis["cuts"]:
        number = cut.lstrip("<=").rstrip("%")
        closed = cut.startswith("<=")
        found.append(number if closed else str(max(float(number) - 0.0001, 0)))
    return found + ["100"]
