"""`govctl export litellm` with the hook of integrations/litellm on the real proxy, held to the table.

Usage: litellm.py GOVCTL PYTHON TABLE… [--break SAFEGUARD]      PYTHON has `litellm[proxy]`
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import streams
import tables
from gateway import Gateway, Headers, main

ROOT = Path(__file__).resolve().parents[2]
BREAKS = ("filter", "members", "tokens", "raise", "redirects", "twice")
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
# Lines of the hook that keep something from happening, and what stands there without them.
TAKEN_OUT = {
    "filter": ("hook.py", "if model != call.walk.hop.group:", "if False:"),
    "members": ("hook.py", "if key not in BODY_KEYS and key not in PROXY_KEYS", "if False"),
    "tokens": ("stated.py", 'if name in only or name.startswith("budget."):', "if False:"),
    "redirects": ("client.py", "client._transport = Witness(client._transport)", "client.follow_redirects = True"),
    "twice": ("guard.py", "if twice or any(", "if False and any("),
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
        await streams.drive(self)

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
