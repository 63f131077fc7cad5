"""How long a lookup takes: `python bench.py [TABLE]`. Figures in ns, the best of many short rounds, so that a busy machine does not count."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))

from govctl_table import Request, Table, load

ROUNDS, LOOKUPS = 200, 500


def main() -> None:
    """Prints the figures."""
    here = Path(__file__).parent
    path = sys.argv[1] if len(sys.argv) > 1 else here / "../../conformance/tables/example.json"
    data = Path(path).read_bytes()
    start = time.perf_counter()
    table = load(data, as_of=None)
    print(f"load {len(data) / 1e6:.3f} MB: {(time.perf_counter() - start) * 1e3:.1f} ms")
    name = table.raw["use_cases"][0]["name"]
    print(f"decide, a use case: {lookup(table, {'use_case': name})} ns")
    everything: Request = {
        "use_case": name,
        "classification": table.raw["classifications"][-1],
        "budget.remaining": "15%",
        "facts": {fact: of["values"][0] for fact, of in table.raw["facts"].items()},
    }
    print(f"decide, everything stated: {lookup(table, everything)} ns")


def lookup(table: Table, request: Request) -> int:
    """Nanoseconds of one lookup."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(LOOKUPS):
            table.decide(request)
        best = min(best, (time.perf_counter() - start) / LOOKUPS)
    return round(best * 1e9)


if __name__ == "__main__":
    main()
