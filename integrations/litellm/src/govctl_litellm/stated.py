"""What a request states, and who may state it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govctl_table import Table

DEFAULT_PREFIX = "x-govctl-"
_FIXED = ("use_case", "classification", "budget.remaining")


class Refused(Exception):
    """A request that is answered before anybody is asked."""

    def __init__(self, code: str, text: str, use_case: str | None = None, status: int = 403) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.use_case = use_case


def request_of(table: Table, headers: Mapping[str, str], body: Mapping[str, Any], credentials: Mapping[str, Any]) -> dict[str, Any]:
    """The request as the loader asks for it; raises `Refused` where the caller may not say what it says."""
    stated = _flat(table, _of_body(body))
    for name, value in _of_headers(table, headers).items():
        if name in stated and stated[name] != value:
            raise Refused("block", f"the header and the metadata state another `{name}`")
        stated[name] = value
    known = dict(credentials)
    use_cases = known.pop("use_cases", None)
    only = set(table.raw["request"].get("from_credentials", ()))
    if use_cases is not None and known.get("use_case") is None:
        # Credentials of several use cases leave the choice among them to the request.
        only.discard("use_case")
    for name in stated:
        if name in only or name.startswith("budget."):
            raise Refused("stated-by-caller", f"`{name}` is stated by the caller's credentials alone")
    trusted = _flat(table, known)
    merged = {**stated, **trusted}
    if "classification" in stated and "classification" in trusted:
        merged["classification"] = higher(table, stated["classification"], trusted["classification"])
    if use_cases is not None:
        merged["use_case"] = _one_of(table, use_cases, merged.get("use_case"))
    return _nested(merged)


def _one_of(table: Table, use_cases: object, stated: object) -> str:
    """A key that names several use cases lets the request state one of them, by its name or its endpoint tag."""
    names = use_cases if isinstance(use_cases, list) else []
    if stated is None and len(names) == 1:
        stated = names[0]
    allowed = {name_of(table, name) for name in names if isinstance(name, str)}
    if not isinstance(stated, str) or name_of(table, stated) not in allowed:
        raise Refused("block", "the request states none of the use cases of its key")
    return stated


def name_of(table: Table, stated: object) -> str:
    """The name of a use case that is stated by its name or its endpoint tag."""
    found = table.decide({"use_case": stated}).use_case
    return str(stated) if found is None else found


def higher(table: Table, stated: object, trusted: object) -> object:
    """A classification only raises; one that is not known stays, and makes the decision block."""
    levels = table.raw["classifications"]
    for one in (stated, trusted):
        if one not in levels:
            return one
    return max(stated, trusted, key=levels.index)


def _of_body(body: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place in ("metadata", "litellm_metadata"):
        holder = body.get(place)
        if not isinstance(holder, Mapping) or "govctl" not in holder:
            continue
        ours = holder["govctl"]
        if not isinstance(ours, Mapping):
            raise Refused("block", "`govctl` in the metadata is not an object")
        if found:
            raise Refused("block", "`govctl` stands in the metadata twice")
        found = dict(ours)
        if "use_cases" in found:
            raise Refused("block", "`use_cases` is for credentials")
    return found


def _flat(table: Table, stated: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes by name, facts among them; an attribute that the table does not know is refused."""
    flat: dict[str, Any] = {}
    for name, value in stated.items():
        if name == "facts":
            if value is None:
                # As not stated, as loaders have it.
                continue
            if not isinstance(value, Mapping):
                raise Refused("block", "`facts` is not an object")
            for fact, of in value.items():
                if fact not in table.raw["facts"]:
                    raise Refused("block", "a fact that is not declared")
                flat[fact] = of
        elif name in _FIXED or name in _budget_names(table):
            flat[name] = value
        else:
            raise Refused("block", "an attribute that is not known")
    return {name: value for name, value in flat.items() if value is not None}


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: value for name, value in flat.items() if name not in _FIXED and not name.startswith("budget.")}
    request = {name: value for name, value in flat.items() if name not in facts}
    return {**request, "facts": facts} if facts else request


def prefix_of(table: Table) -> str:
    """What the names of our headers begin with."""
    return str(table.raw["request"].get("header_prefix", DEFAULT_PREFIX)).lower()


def _of_headers(table: Table, headers: Mapping[str, str]) -> dict[str, Any]:
    prefix = prefix_of(table)
    names = _header_names(table)
    found: dict[str, Any] = {}
    for header, value in headers.items():
        if not header.lower().startswith(prefix):
            continue
        name = names.get(header.lower()[len(prefix) :])
        if name is None:
            raise Refused("block", "a header that is not known")
        found[name] = value
    return found


def _header_names(table: Table) -> dict[str, str]:
    """What stands after the prefix, in lower case as headers are, with the attribute that it means."""
    names = {"use-case": "use_case", "classification": "classification", "budget-remaining": "budget.remaining"}
    for name in table.raw["facts"]:
        names[f"fact-{name.lower()}"] = name
    for budget in table.raw["budgets"]:
        names[f"budget-{budget['name'].lower()}-remaining"] = f"budget.{budget['name']}.remaining"
    return names


def _budget_names(table: Table) -> set[str]:
    return {f"budget.{budget['name']}.remaining" for budget in table.raw["budgets"]}
