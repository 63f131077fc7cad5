"""Use cases: names that mean one thing, axes in order, one cell for every position on them."""

from __future__ import annotations

from .decisions import Needed, each_once
from .forms import Cut, ascending, parse_cut
from .parts import Raw
from .refusal import Place, fault, shown

CLASSIFICATION = "classification"
BUDGET_REMAINING = "budget.remaining"


def budget_of(axis: str) -> str | None:
    """The budget whose remaining share an axis or an attribute such as `budget.NAME.remaining` is about."""
    if axis != BUDGET_REMAINING and axis.startswith("budget.") and axis.endswith(".remaining"):
        return axis[len("budget.") : -len(".remaining")] or None
    return None


def check_use_cases(table: Raw) -> None:
    """Checks the axes, the use cases and their cells."""
    sizes = [_grid(((None, "grids"), at), table, grid) for at, grid in enumerate(table["grids"])]
    each_once("grids", table["grids"])
    use_cases = table["use_cases"]
    ascending((None, "use_cases"), [one["name"] for one in use_cases])
    _endpoint_tags(use_cases)
    grids = Needed("grids", len(sizes))
    decisions = Needed("decisions", len(table["decisions"]))
    for at, use_case in enumerate(use_cases):
        place: Place = ((None, "use_cases"), at)
        grids.need((place, "axes"), use_case["axes"])
        _classification(place, table, use_case)
        cells: Place = (place, "cells")
        size = sizes[use_case["axes"]]
        if len(use_case["cells"]) != size:
            raise fault("cells", cells, f"there are {len(use_case['cells'])}, where the axes make {size}")
        for position, cell in enumerate(use_case["cells"]):
            decisions.need((cells, position), cell)
        _tags((place, "tags"), table, use_case)
    grids.all_needed()
    decisions.all_needed()


def _grid(place: Place, table: Raw, grid: list[Raw]) -> int:
    """Checks the axes of a grid and says how many cells they make."""
    size = 1
    last: tuple[int, str] | None = None
    for at, axis in enumerate(grid):
        here: Place = (place, at)
        name: str = axis["fact"]
        budget = budget_of(name)
        rank = 0 if name == CLASSIFICATION else 1 if name == BUDGET_REMAINING else 3 if budget is None else 2
        this = (rank, budget or name)
        if last is not None and this <= last:
            text = "the axes are classification, `budget.remaining`, budgets by name, facts by name, each once"
            raise fault("order", here, text)
        last = this
        if budget is not None and all(one["name"] != budget for one in table["budgets"]):
            raise fault("index", (here, "fact"), f"no budget is called `{shown(budget)}`")
        if rank == 3 and name not in table["facts"]:
            raise fault("index", (here, "fact"), f"`{shown(name)}` is not a fact")
        cuts = rank in (1, 2)
        _keys(here, axis, "cuts" if cuts else "values")
        positions = _cuts((here, "cuts"), axis["cuts"]) if cuts else _values(here, table, axis)
        if positions < 2:
            raise fault("range", here, "it has one position, so it changes nothing")
        size *= positions
    return size


def _keys(place: Place, axis: Raw, wanted: str) -> None:
    other = "values" if wanted == "cuts" else "cuts"
    if other in axis:
        raise fault("unknown-field", place, f"no key `{other}` belongs there")
    if wanted not in axis:
        raise fault("missing-field", place, f"the key `{wanted}` is missing")


def _values(place: Place, table: Raw, axis: Raw) -> int:
    values: list[str] = axis["values"]
    name: str = axis["fact"]
    if name == CLASSIFICATION:
        known = table["classifications"]
        if not values or known[-len(values) :] != values:
            raise fault("range", (place, "values"), "they are not the classifications from one up")
    elif values != table["facts"][name]["values"]:
        raise fault("range", (place, "values"), "they are not the values of the fact")
    return len(values)


def _cuts(place: Place, cuts: list[str]) -> int:
    """Each cut is satisfied by more than the one before it."""
    last: Cut | None = None
    for at, text in enumerate(cuts):
        cut = parse_cut(text)
        if cut is None:
            raise fault("range", (place, at), f"`{shown(text)}` is not a cut of 0% to 100%")
        if last is not None and cut <= last:
            raise fault("order", (place, at), f"`{shown(text)}` does not ascend")
        last = cut
    return len(cuts) + 1


def _classification(place: Place, table: Raw, use_case: Raw) -> None:
    own: str = use_case["classification"]
    if own not in table["classifications"]:
        raise fault("index", (place, "classification"), f"`{shown(own)}` is not a classification")
    grid = table["grids"][use_case["axes"]]
    if grid and grid[0]["fact"] == CLASSIFICATION and grid[0]["values"][0] != own:
        text = "its axis of classifications does not begin at the use case's own"
        raise fault("cells", (place, "axes"), text)


def _endpoint_tags(use_cases: list[Raw]) -> None:
    """A request that carries a name or a tag means one use case."""
    meaning: dict[str, str] = {one["name"]: one["name"] for one in use_cases}
    for at, use_case in enumerate(use_cases):
        tag: str | None = use_case["endpoint_tag"]
        place: Place = (((None, "use_cases"), at), "endpoint_tag")
        if tag == "":
            raise fault("range", place, "an empty name")
        if tag is not None:
            other = meaning.setdefault(tag, use_case["name"])
            if other != use_case["name"]:
                raise fault("order", place, f"`{shown(tag)}` means `{shown(other)}` too")


def _tags(place: Place, table: Raw, use_case: Raw) -> None:
    attribution = table["attribution"]
    required = attribution["require"] if attribution is not None else []
    for tag in use_case["tags"]:
        if tag not in required:
            raise fault("unknown-field", (place, tag), "attribution does not require it")
