"""What keys and teams state: `python -m unittest tests.test_credentials`; needs neither LiteLLM nor a network."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent / "src"), str(ROOT / "loaders/python/src")]

from govctl_litellm.credentials import merged, of_key  # noqa: E402
from govctl_litellm.stated import Refused  # noqa: E402
from govctl_table import load  # noqa: E402

TABLE = load((ROOT / "conformance/tables/example.json").read_bytes(), as_of=None)
LOW, *_, HIGH = TABLE.raw["classifications"]


class Credentials(unittest.TestCase):
    def both(self, team: object, key: object) -> dict[str, Any]:
        holder = SimpleNamespace(team_metadata={"govctl": team}, metadata={"govctl": key})
        return merged(TABLE, *of_key(holder))

    def test_a_classification_only_raises(self) -> None:
        for team, key in ((HIGH, LOW), (LOW, HIGH), (HIGH, None), (None, HIGH)):
            self.assertEqual(self.both({"classification": team}, {"classification": key}), {"classification": HIGH})
        self.assertEqual(self.both({"classification": HIGH}, {"classification": "no-such"}), {"classification": "no-such"})

    def test_a_share_only_falls(self) -> None:
        for team, key, wanted in (("5%", "90", "5%"), ("90", 5, 5), ("12.5", "12.49%", "12.49%"), ("5", "x", "x"), ("5", True, True), ("5", 10.5, 10.5)):
            self.assertEqual(self.both({"budget.remaining": team}, {"budget.remaining": key}), {"budget.remaining": wanted})

    def test_facts_of_the_team_stand(self) -> None:
        both = self.both({"facts": {"a": "team", "b": None}}, {"facts": {"a": "key", "b": "key", "c": "key"}})
        self.assertEqual(both, {"facts": {"a": "team", "b": "key", "c": "key"}})
        self.assertEqual(self.both({"facts": {"a": "team"}}, {"facts": "x"}), {"facts": "x"})

    def test_a_key_has_a_use_case_of_its_team(self) -> None:
        reply, planning = {"use_case": "customer-communication"}, {"use_case": "planning"}
        several = {"use_cases": ["support.reply", "planning"]}
        for team, key, wanted in (
            (planning, {}, planning), ({}, planning, planning), (planning, planning, planning), (several, planning, planning), (several, reply, reply),
            (several, {}, several), (planning, {"use_cases": ["planning"]}, {"use_cases": ["planning"]}),
        ):
            self.assertEqual(self.both(team, key), wanted)
        for team, key in ((planning, reply), (planning, several), ({"use_cases": []}, {"use_cases": 1}), (reply, {"use_case": 1}), (planning, {"use_cases": "planning, x"})):
            if team == {"use_cases": []}:
                self.assertEqual(self.both(team, key), key)
                continue
            with self.assertRaises(Refused):
                self.both(team, key)

    def test_what_is_no_object_is_refused(self) -> None:
        for team, key in (("x", {}), ({}, ["x"])):
            with self.assertRaises(Refused):
                self.both(team, key)


if __name__ == "__main__":
    unittest.main()
