"""The walk alone: `python -m unittest tests.test_walk`; needs neither LiteLLM nor a network."""

from __future__ import annotations

import copy
import json
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent / "src"), str(ROOT / "loaders/python/src"), str(ROOT / "conformance")]

from govctl_litellm import Cooling, Walk, groups, hops  # noqa: E402
from govctl_litellm.groups import unset  # noqa: E402
from govctl_table import load  # noqa: E402
from lib.sealed import sealed  # noqa: E402

TABLE = load((ROOT / "conformance/tables/example.json").read_bytes(), as_of=None)
REPLY = TABLE.decide({"use_case": "support.reply"})
SONNET, MINI, TURBO = "anthropic/claude-3-5-sonnet", "azure-eu/gpt-4o-mini", "openai/gpt-4-turbo"


class Walks(unittest.TestCase):
    def setUp(self) -> None:
        self.now = 0.0
        self.cooling = Cooling(lambda: self.now)

    def walk(self, *triggers: str | None) -> tuple[list[str], str]:
        """Who is asked while each fails on the next trigger, and how it ends."""
        walk, asked, left = Walk(REPLY, self.cooling), [], list(triggers)
        while walk.end is None and walk.hop is not None:
            asked.append(walk.hop.model)
            if not left:
                walk.served()
                return asked, "served"
            walk.failed(left.pop(0))
        assert walk.end is not None
        return asked, walk.end.terminal.action if walk.end.terminal else f"answer {walk.end.trigger}"

    def test_every_attempt_has_a_group_of_its_own(self) -> None:
        names = [hop.group for hop in hops(REPLY)]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(names[:4], [f"{SONNET}#0", f"{SONNET}#1", f"{MINI}#0", f"{MINI}#1"])
        self.assertLessEqual(set(names), set(groups(TABLE)))

    def test_a_variable_of_a_key_that_holds_nothing_is_named(self) -> None:
        models = [{**model, "endpoint": {"api_key_env": f"KEY_{at}"} if at < 2 else {}} for at, model in enumerate(TABLE.raw["models"])]
        table: Any = SimpleNamespace(raw={"models": models}, decisions=TABLE.decisions)
        self.assertEqual(unset(table, {}), ["KEY_0", "KEY_1"])
        self.assertEqual(unset(table, {"KEY_0": "x", "KEY_1": ""}), ["KEY_1"])
        self.assertEqual(unset(None, {}), [])

    def test_the_last_trigger_chooses_the_path(self) -> None:
        self.assertEqual(self.walk(), ([SONNET], "served"))
        self.assertEqual(self.walk("timeout"), ([SONNET, SONNET], "served"))
        self.assertEqual(self.walk("timeout", "context-exceeded"), ([SONNET, SONNET, TURBO], "served"))
        self.assertEqual(self.walk("rate-limited"), ([SONNET], "block"))
        self.assertEqual(self.walk("content-filtered"), ([SONNET], "degrade"))
        self.assertEqual(self.walk(None), ([SONNET], "answer None"))

    def test_a_target_follows_the_path_of_the_primary(self) -> None:
        two = ("server-error", "server-error")
        self.assertEqual(self.walk(*two, "unavailable", "timeout"), ([SONNET] * 2 + [MINI] * 2 + [TURBO], "served"))
        self.cooling = Cooling(lambda: self.now)
        self.assertEqual(self.walk(*two, "content-filtered"), ([SONNET] * 2 + [MINI], "answer content-filtered"))
        self.cooling = Cooling(lambda: self.now)
        self.assertEqual(self.walk(*two * 3), ([SONNET] * 2 + [MINI] * 2 + [TURBO] * 2, "queue"))

    def test_what_failed_rests_whichever_path_says_so(self) -> None:
        raw = json.loads((ROOT / "conformance/tables/example.json").read_bytes())
        # The path for long prompts alone says for how long; nothing is left alone where no path is for `unavailable`.
        for failover in raw["failovers"]:
            failover["cooldown_seconds"] = 60 if failover["name"] == "longer" else None
        for on, asked in ((None, [MINI]), (["server-error"], [SONNET])):
            table = copy.deepcopy(raw)
            if on is not None:
                table["decisions"][1]["paths"][0]["on"] = on
            decision = load(sealed(table).encode(), as_of=None).decide({"use_case": "support.reply"})
            cooling = Cooling(lambda: self.now)
            walk = Walk(decision, cooling)
            walk.failed("context-exceeded")
            self.assertEqual(walk.hop and walk.hop.model, TURBO)
            again = Walk(decision, cooling)
            self.assertEqual([again.hop and again.hop.model], asked)

    def test_what_failed_cools(self) -> None:
        self.walk("server-error", "server-error")
        self.assertEqual(self.walk(), ([MINI], "served"))
        self.now = 59.9
        self.assertEqual(self.walk("timeout", "timeout"), ([MINI, MINI, TURBO], "served"))
        self.now = 60.0
        self.assertEqual(self.walk("timeout", "timeout"), ([SONNET, SONNET, TURBO], "served"))
        self.now = 200.0
        self.assertEqual(self.walk(), ([SONNET], "served"))


if __name__ == "__main__":
    unittest.main()
