"""`govctl export litellm` with the hook of integrations/litellm on the real proxy, held to the table.

Usage: litellm.py GOVCTL PYTHON TABLE… [--break SAFEGUARD]      PYTHON has `litellm[proxy]`
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import streams
import tables
from cheats import at_defaults
from gateway import Gateway, Headers, main

ROOT = Path(__file__).resolve().parents[2]
BREAKS = ("filter", "members", "tokens", "raise", "redirects", "twice", "sending", "blame", "team")
# What a caller's key says stands in the key itself: whoever can make one is the test.
# Members of which LiteLLM refuses some by the names of models, before it asks anybody.
ORDINARY = {"top_p": 0.5, "stop": ["x"], "logprobs": True, "top_logprobs": 2, "verbosity": "low", "reasoning_effort": "none", "n": 2, "user": "u",
            "seed": 1, "logit_bias": {"1": 1}, "parallel_tool_calls": True, "tools": [{"type": "function", "function": {"name": "f"}}]}
# Bodies that LiteLLM cannot send, or the hook does not let in.
MALFORMED = ({"messages": [{"role": "user", "content": 1}]}, {"messages": [{"role": "user", "content": [{}]}]}, {"messages": [{"role": "user", "tool_calls": 1}]},
             {"messages": [{"role": "user", "content": [{"type": "file", "file": 1}]}]}, {"tool_choice": 1}, {"tools": "x"}, {"tools": [None]},
             {"stream": True, "stream_options": 1})
AUTH = '''
import base64, json
from fastapi import HTTPException
from litellm.proxy._types import UserAPIKeyAuth

async def auth(request, api_key):
    key = api_key.removeprefix("Bearer ")
    if not key.startswith("sk-"):
        raise HTTPException(401, "no such key")
    said = json.loads(base64.urlsafe_b64decode(key[3:] + "=="))
    team = said.pop("of its team", {})
    return UserAPIKeyAuth(api_key=key, metadata={"govctl": said}, team_id="t", team_metadata={"govctl": team})
'''
START = "import sys; from litellm import run_server; run_server()"
# Lines of the hook that keep something from happening, and what stands there without them.
TAKEN_OUT = {
    "filter": ("hook.py", "if model != call.walk.hop.group:", "if False:"),
    "members": ("hook.py", "if key not in BODY_KEYS and key not in PROXY_KEYS", "if False"),
    "tokens": ("stated.py", 'if name in only or name.startswith("budget."):', "if False:"),
    "redirects": ("client.py", "client._transport = Witness(client._transport)", "client.follow_redirects = True"),
    "twice": ("guard.py", "if twice or any(", "if False and any("),
    "sending": ("members.py", "if not said:", "if True:"),
    "blame": ("triggers.py", "if is_slow or is_asked:", "if True:"),
    "team": ("credentials.py", 'if name == "classification":', "if False:"),
    "raise": ("stated.py", 'if "classification" in stated and "classification" in trusted:', "if False:"),
}


class LiteLLM(Gateway):
    """One table on one proxy."""

    OTHERWISE = {"early": ("answers", "headers"), "a body that chooses": ("answers",),
                 "half a surrogate pair": ("answers",)}

    def start(self) -> None:
        ports = {model["id"]: self.upstreams.add(model["id"]) for model in self.table["models"]}
        tables.point(self.table, ports, None, timeout="2 s")
        # Beyond Latin-1 it answers 503, which is declared.
        for model in self.table["models"]:
            if "model" in model["endpoint"]:
                model["endpoint"]["model"] = model["endpoint"]["model"].removesuffix("/λ")
        # A name of which LiteLLM knows what it takes, and settings that it does not let it have.
        primary = self.table["models"][0]
        primary["endpoint"]["model"] = "gpt-5-mini"
        primary["profile"].update(top_k=7, top_logprobs=2)
        tables.attribute(self.table)
        # Of two triggers that an attempt can have one after the other, one leads on and one nowhere.
        paths = (path for decision in self.table["decisions"] for path in decision["paths"])
        next(path for path in paths if {"server-error", "timeout"} <= set(path["on"]) and self.table["failovers"][path["failover"]]["retry"])["on"].remove("timeout")
        # One request must not be told by the one before it; the hook's own tests drive cooldowns.
        for failover in self.table["failovers"]:
            failover["cooldown_seconds"] = None
        self.port = self.free_port()
        hook = ROOT / "integrations/litellm/src"
        if self.broken:
            shutil.copytree(hook, self.folder / "hook")
            hook = self.folder / "hook"
        self.hook = hook
        self.export("litellm")
        (self.out / "callers.py").write_text(AUTH)
        config = (self.out / "config.yaml").read_text()
        (self.out / "config.yaml").write_text(config.replace("general_settings:\n", "general_settings:\n  custom_auth: callers.auth\n"))
        paths = [str(self.out), str(hook), str(ROOT / "loaders/python/src")]
        self.run([self.program, "-c", START, "--config", "config.yaml", "--port", str(self.port), "--host", "127.0.0.1"], {
            "PYTHONPATH": os.pathsep.join(paths), "GOVCTL_TABLE": str(self.out / "table.json"), "GOVCTL_ALLOW_EXPIRED": "1",
            "LITELLM_MASTER_KEY": "sk-of-nobody", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "127.0.0.1,127.0.0.2"})

    async def is_ready(self) -> bool:
        status, _, _ = await self.client.ask([], b"", "/health/liveliness", "GET")
        return status == 200

    async def drive(self) -> None:
        await super().drive()
        await self.mistakes()
        await streams.drive(self)
        self.hold_log()

    async def mistakes(self) -> None:
        """What LiteLLM itself would refuse reaches the primary as it is, and what cannot be sent is the caller's mistake."""
        use_case = next(one for one in self.table["use_cases"] if self.table["decisions"][at_defaults(self.table, one, {})]["primary"])
        decision = at_defaults(self.table, use_case, {})
        headers = self.headers(use_case["name"], {})
        primary = self.table["models"][self.table["decisions"][decision]["primary"]["model"]]
        for name, value in ORDINARY.items():
            body = {"messages": [{"role": "user", "content": "hi"}], name: value}
            await self.one(f"a caller's {name}", decision, headers, {}, json.dumps(body).encode())
            seen = json.loads(self.upstreams.hits[0].body).get(name) if self.upstreams.hits else None
            if seen != primary["profile"].get(name, value):
                self.differences.append(f"a caller's {name}: {primary['id']} saw {seen}")
        for mistake in MALFORMED:
            await self.upstreams.script({})
            status, _, answer = await self.client.ask(headers, json.dumps({"messages": [{"role": "user", "content": "hi"}], **mistake}).encode())
            self.checked += 1
            if status != 400 or self.upstreams.hits:
                self.differences.append(f"{mistake}: status {status}, hits {[hit.model for hit in self.upstreams.hits]}: {answer[:200]!r}")
        await self.lowered(use_case)

    async def lowered(self, use_case: dict[str, Any]) -> None:
        """A key that states another classification than its team: the higher one counts."""
        lowest, *_, highest = self.table["classifications"]
        decision = at_defaults(self.table, use_case, {"classification": highest})
        for key, team in ((lowest, highest), (highest, lowest)):
            said = {"use_case": use_case["name"], "classification": key, "of its team": {"classification": team}}
            await self.one(f"a {key} key of a {team} team", decision, [*self.credentials(said), ("content-type", "application/json")], {})

    def hold_log(self) -> None:
        """`audit` reads every line of the hook, and finds only requests whose use case was never told."""
        found = [line for line in (self.folder / "log").read_text().splitlines() if line.startswith('{"event": ')]
        day, path = self.table["as_of"], self.folder / "hook.log"
        path.write_text("".join(re.sub(r'"time": "\d{4}-\d\d-\d\d', f'"time": "{day}', line) + "\n" for line in found))
        command = [self.govctl, "audit", str(path), "--input", "event", "--table", str(self.folder / "table.json"), "--format", "lines"]
        # What no gateway knows, and a confirmation, which is declared lost.
        command += [part for code in ("missing-prompt-version", "missing-lineage", "missing-retention", "not-confirmed") for part in ("--allow", code)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise SystemExit(f"audit ends with {done.returncode}: {done.stderr}")
        if len(found) < self.checked // 2:
            self.differences.append(f"the log has {len(found)} lines for {self.checked} requests")
        for one in map(json.loads, done.stdout.splitlines()):
            line = json.loads(found[one["line"] - 1])
            if one["code"] != "unknown-use-case" or line["event"] != "refused":
                self.differences.append(f"audit: {one['code']}: {one['message']}: {line}")

    def credentials(self, said: dict[str, Any]) -> Headers:
        key = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
        return [("authorization", f"Bearer {'forged-' if 'forged' in said else 'sk-'}{key}")]

    def take_out(self, safeguard: str) -> None:
        file, there, instead = TAKEN_OUT[safeguard]
        path = self.hook / "govctl_litellm" / file
        text = path.read_text()
        assert there in text, safeguard
        path.write_text(text.replace(there, instead))


if __name__ == "__main__":
    make = lambda arguments, table: LiteLLM(arguments.govctl, arguments.program, table, arguments.broken)
    sys.exit(main(make, BREAKS, __doc__ or "", 240))
