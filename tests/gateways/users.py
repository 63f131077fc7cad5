"""Limits for each user in `govctl export envoy` on a running Envoy: who a user is, and who is none.

Usage: users.py GOVCTL ENVOY TABLE… [--break users]

A quota of the table counts each user apart in a use case, and another one on a model. With `--break` the script asks
nobody who they are, and the run must find differences.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import logs
import tables
from envoy import Envoy, token
from gateway import BODY, main

BREAKS = ("users",)
EACH = 2
# What names nobody: a token without `sub`, and what no header carries.
NOBODY: tuple[dict[str, Any], ...] = ({}, {"sub": ""}, {"sub": "a\nb"}, {"sub": "a\0"})


class Users(Envoy):
    """One Envoy whose table has a quota per user in some decisions."""

    def start(self) -> None:
        self.with_primary = [at for at, decision in enumerate(self.table["decisions"]) if decision["primary"]]
        self.covered = set(self.with_primary[::2])
        models = [self.table["models"][decision["primary"]["model"]] for decision in self.table["decisions"] if decision["primary"]]
        for at, quota in enumerate(self.table["quotas"]):
            quota |= {"per": "user", "on": models[0]["provider"] if at else None, "then": {"action": "block"}}
        for at, decision in enumerate(self.table["decisions"]):
            decision["quotas"] = list(range(len(self.table["quotas"]))) if at in self.covered else []
        self.REQUESTS = EACH
        super().start()

    async def drive(self) -> None:
        for use_case in self.table["use_cases"]:
            for attributes, at in tables.contexts(self.table, use_case):
                if at in self.with_primary:
                    await self.cell(use_case["name"], attributes, at)
                    self.with_primary.remove(at)
        await logs.hold(self)

    async def cell(self, name: str, attributes: dict[str, str], at: int) -> None:
        """Two users by turns, as often as a limit lets each, and once more; then nobody, with a value of each kind."""
        users = [f"{user}-{name}-{at}" for user in ("a", "ü")]
        for number in range(2 * EACH + 2):
            used_up = at in self.covered and number >= 2 * EACH
            await self.ask(f"{users[number % 2]} {number}", name, attributes, {"sub": users[number % 2]}, "a quota is used up" if used_up else None)
        for claims in NOBODY:
            await self.ask(f"nobody {claims}", name, attributes, claims, "each user apart" if at in self.covered else None)

    async def ask(self, what: str, name: str, attributes: dict[str, str], claims: dict[str, Any], refusal: str | None) -> None:
        """Asks once; it passes, or is refused in these words."""
        said = {f"govctl_{key.replace('.', '_')}": value for key, value in attributes.items() if key.startswith("budget.")}
        headers = [("authorization", "Bearer " + token({"govctl_use_case": name, **said, **claims})),
                   *(pair for pair in self.headers(name, attributes) if pair[0] != "authorization")]
        await self.upstreams.script({})
        status, found, answer = await self.client.ask(headers, BODY)
        self.checked += 1
        text = json.loads(answer or b"{}").get("error", {}).get("message", "")
        right = status == (403 if refusal else 200) and (refusal or "") in text and len(self.upstreams.hits) == (0 if refusal else 1)
        if not right or found.get("x-govctl-table") != self.table["digest"]:
            self.differences.append(f"{name} {attributes} {what}: {status} {text} {found}, not {refusal}")

    def take_out(self, safeguard: str) -> None:
        path = self.out / "xds/listeners.json"
        path.write_text(path.read_text().replace("if PER_USER and not user and", "if false and"))


if __name__ == "__main__":
    sys.exit(main(lambda arguments, table: Users(arguments.govctl, arguments.program, table, arguments.broken), BREAKS, __doc__ or "", 10))
