"""Which tables are used: `python -m unittest tests.test_tables`; needs neither LiteLLM nor a network."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent / "src"), str(ROOT / "loaders/python/src"), str(ROOT / "conformance")]

from govctl_litellm import groups, tables  # noqa: E402
from govctl_table import load  # noqa: E402
from lib.sealed import sealed  # noqa: E402

EXAMPLE: dict[str, Any] = json.loads((ROOT / "conformance/tables/example.json").read_bytes())
EXAMPLE["valid_until"] = EXAMPLE["ends"] = None


class Served(unittest.TestCase):
    def setUp(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="govctl-tables-")) / "table.json"
        self.before = self.write(EXAMPLE)
        self.configured: set[str] | None = None

    def write(self, table: dict[str, Any]) -> str:
        text = sealed(table)
        self.path.write_text(text)
        return str(json.loads(text)["digest"])

    def tables(self) -> tables.Tables:
        return tables.Tables({"GOVCTL_TABLE": str(self.path)}, lambda: self.configured)

    def digest(self, found: tables.Tables) -> str | None:
        """What the next request is decided by, a while later."""
        found._next = 0.0
        table = asyncio.run(found.current())
        return None if table is None else table.digest

    def test_a_new_table_that_needs_more_is_refused(self) -> None:
        self.configured = set(groups(load(self.path.read_bytes(), as_of=None)))
        found = self.tables()
        self.assertEqual(self.digest(found), self.before)
        more = json.loads(json.dumps(EXAMPLE))
        for failover in more["failovers"]:
            failover["retry"] = 3
        after = self.write(more)
        with self.assertLogs("govctl", "ERROR") as said:
            self.assertEqual(self.digest(found), self.before)
        self.assertIn(f"table {after} is refused: the running configuration has no model group", said.output[0])
        with self.assertNoLogs("govctl"):
            self.assertEqual(self.digest(found), self.before)
        # The proxy has since been told of more.
        self.configured |= set(groups(load(self.path.read_bytes(), as_of=None)))
        more["failovers"][0]["log_as"] = "another"
        self.assertEqual(self.digest(found), self.before)
        after = self.write(more)
        self.assertEqual(self.digest(found), after)

    def test_the_first_table_waits_for_its_groups(self) -> None:
        found = self.tables()
        self.assertEqual(self.digest(found), self.before, "the configuration is not read yet")
        self.configured = {"anthropic/claude-3-5-sonnet#0"}
        with self.assertLogs("govctl", "ERROR") as said:
            self.assertIsNone(self.digest(found))
            self.assertIsNone(self.digest(found))
        self.assertEqual(len(said.output), 1)
        self.configured = set(groups(load(self.path.read_bytes(), as_of=None)))
        self.assertEqual(self.digest(found), self.before)


if __name__ == "__main__":
    unittest.main()
