"""`govctl export litellm` with the hook of integrations/litellm on the real proxy, held to the table.

Usage: litellm.py GOVCTL PYTHON TABLE…      PYTHON has `litellm[proxy]`
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import tables
from envoy import Client, Run, over, report

ROOT = Path(__file__).resolve().parents[2]
# What a caller's key says stands in the key itself: whoever can make one is the test.
AUTH = '''
import base64, json
from fastapi import HTTPException
from litellm.proxy._types import UserAPIKeyAuth

async def auth(request, api_key):
    key = api_key.removeprefix("Bearer ")
    if not key.startswith("sk-"):
        raise HTTPException(401, "no such key")
    said = json.loads(base64.urlsafe_b64decode(key[3:] + "=="))
    return UserAPIKeyAuth(api_key=key, metadata={"govctl": said})
'''
START = "import sys; from litellm import run_server; run_server()"


class LiteLLM(Run):
    """One table on one proxy."""

    def start(self) -> None:
        ports = {model["id"]: self.upstreams.add(model["id"]) for model in self.table["models"]}
        tables.point(self.table, ports, None, timeout="2 s")
        # One request must not be told by the one before it; the hook's own tests drive cooldowns.
        for failover in self.table["failovers"]:
            failover["cooldown_seconds"] = None
        (self.folder / "table.json").write_text(tables.seal(self.table))
        self.port = self.free_port()
        self.out = self.folder / "out"
        subprocess.run([self.govctl, "export", "litellm", "--table", str(self.folder / "table.json"), "-o", str(self.out)],
                       check=True, stderr=subprocess.DEVNULL)
        (self.out / "callers.py").write_text(AUTH)
        config = (self.out / "config.yaml").read_text()
        (self.out / "config.yaml").write_text(config.replace("general_settings:\n", "general_settings:\n  custom_auth: callers.auth\n"))
        keys = {tables.variable(model["id"]): f"key-of-{model['id']}" for model in self.table["models"]}
        paths = [str(self.out), str(ROOT / "integrations/litellm/src"), str(ROOT / "loaders/python/src")]
        environment = {**os.environ, **keys, "PYTHONPATH": os.pathsep.join(paths), "GOVCTL_TABLE": str(self.out / "table.json"),
                       "GOVCTL_ALLOW_EXPIRED": "1", "LITELLM_MASTER_KEY": "sk-of-nobody", "LITELLM_LOCAL_MODEL_COST_MAP": "True",
                       "LITELLM_OFFLINE_MODE": "true", "NO_PROXY": "127.0.0.1"}
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen([self.envoy, "-c", START, "--config", "config.yaml", "--port", str(self.port), "--host", "127.0.0.1"],
                                        cwd=self.out, env=environment, stdout=self.log, stderr=self.log)
        self.client = Client(self.port)

    async def ready(self) -> None:
        until = time.monotonic() + 240
        while time.monotonic() < until and self.process.poll() is None:
            try:
                status, _, _ = await self.client.ask([], b"", "/health/liveliness", "GET")
                if status == 200:
                    return
            except (OSError, asyncio.IncompleteReadError):
                pass
            await asyncio.sleep(0.3)
        raise SystemExit("LiteLLM does not start:\n" + (self.folder / "log").read_text()[-3000:])

    def headers(self, use_case: str, attributes: dict[str, str], more: list[tuple[str, str]] = []) -> list[tuple[str, str]]:
        said: dict[str, Any] = {"use_case": use_case}
        stated = []
        for name, value in attributes.items():
            if name.startswith("budget."):
                said[name] = value
            elif name == "classification":
                stated.append(("x-govctl-classification", value))
            else:
                stated.append((f"x-govctl-fact-{name}", value))
        key = "sk-" + base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
        return [("authorization", f"Bearer {key}"), ("content-type", "application/json"), *stated, *more]

    def hop_matters(self, expected: Any) -> bool:
        """Where no model answers there is no hop."""
        return "/" in expected.route

    async def cheats(self) -> None:
        use_case = self.table["use_cases"][0]
        attributes, decision = next(tables.contexts(self.table, use_case))
        choosing = {"model": "x", "fallbacks": ["y"], "models": ["z"], "provider": {"order": ["q"]}, "messages": [], "tags": ["&a"],
                    "num_retries": 5, "context_window_fallbacks": [{"x": ["y"]}]}
        await self.one("a body that chooses", decision, use_case["name"], attributes, {}, choosing)


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("govctl")
    parser.add_argument("python")
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    make = lambda table: LiteLLM(os.path.abspath(arguments.govctl), arguments.python, table, None)
    checked, differences = await over(arguments.tables, make)
    report(checked, differences[: arguments.show], len(differences))
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
