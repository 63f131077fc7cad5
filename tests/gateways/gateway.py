"""A running gateway under a decision table: what is asked of it, and what is compared."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable

import cheats
import contract
import tables
from cheats import BODY, CHEATS, Cheat
from upstreams import HOST, KINDS, Hit, Upstreams, free_port

Headers = list[tuple[str, str]]
# Members that choose something, as providers must not see them.
CHOOSING = tuple(sorted({name.lower() for name in cheats.CHOOSING} - {"model", "messages", "temperature", "max_completion_tokens"}))
LENGTHS = {"max_tokens", "max_completion_tokens"}


class Client:
    """One request at a time over a fresh connection."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def ask(self, headers: Headers, body: bytes, path: str = "/v1/chat/completions", method: str = "POST"):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        lines = [f"{method} {path} HTTP/1.1", "host: gateway", "connection: close", f"content-length: {len(body)}"]
        lines += [f"{key}: {value}" for key, value in headers]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        await writer.drain()
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        found: dict[str, str] = {}
        for key, _, value in (line.partition(":") for line in head[1:] if line):  # what appears twice is seen as such
            found[key.lower()] = ", ".join([*([found[key.lower()]] if key.lower() in found else []), value.strip()])
        if "chunked" in found.get("transfer-encoding", ""):
            rest = unchunk(await asyncio.wait_for(reader.read(), 60))
        else:
            rest = await asyncio.wait_for(reader.readexactly(int(found.get("content-length", "0"))), 60)
        writer.close()
        return status, found, rest


def hangs(does: dict[str, str]) -> bool:
    """Whether some endpoint is silent at some time."""
    return any("hang" in kinds.split("+") for kinds in does.values())


def unchunk(data: bytes) -> bytes:
    """The content of a chunked body."""
    out = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        n = int(size or b"0", 16)
        if n == 0:
            break
        out, data = out + data[:n], data[n + 2:]
    return out


class Gateway:
    """One table on one running gateway. Each kind of gateway says how it starts and how a caller identifies itself."""

    # Cheats, by name or kind, that this gateway refuses in its own way, with the promises that `export.json` must
    # declare lost for that; and those of which the contract says nothing.
    OTHERWISE: dict[str, tuple[str, ...]] = {}
    UNSPECIFIED: tuple[str, ...] = ()
    # What its providers may do besides.
    MORE: tuple[str, ...] = ()

    def __init__(self, govctl: str, program: str, table: dict[str, Any], broken: str | None = None) -> None:
        self.govctl, self.program, self.table, self.broken = govctl, program, table, broken
        tables.by_number(table)
        self.upstreams = Upstreams()
        self.folder = Path(tempfile.mkdtemp(prefix="govctl-gateway-"))
        self.out = self.folder / "out"
        self.checked, self.differences = 0, []
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        raise NotImplementedError

    async def is_ready(self) -> bool:
        raise NotImplementedError

    def credentials(self, said: dict[str, Any]) -> Headers:
        """The headers of a caller whose credentials say this, in the form of a key's metadata under `govctl`."""
        raise NotImplementedError

    def export(self, target: str, *options: str) -> None:
        """Writes the configuration of this table, and takes a safeguard out where one is to be missed."""
        (self.folder / "table.json").write_text(tables.seal(self.table))
        subprocess.run([self.govctl, "export", target, "--table", str(self.folder / "table.json"), "-o", str(self.out), *options],
                       check=True, stderr=subprocess.DEVNULL)
        if self.broken:
            self.take_out(self.broken)

    def take_out(self, safeguard: str) -> None:
        raise NotImplementedError

    def run(self, command: list[str], environment: dict[str, str]) -> None:
        """Starts the gateway with the providers' keys in its environment."""
        keys = {tables.variable(model["id"]): f"key-of-{model['id']}" for model in self.table["models"]}
        self.log = open(self.folder / "log", "w")
        everything = {**os.environ, **keys, **environment}
        self.process = subprocess.Popen(command, cwd=self.out, env=everything, stdout=self.log, stderr=self.log)
        self.client = Client(self.port)

    free_port = staticmethod(free_port)

    async def ready(self, seconds: int) -> None:
        """Waits until it serves."""
        for _ in range(seconds * 10):
            try:
                if await self.is_ready():
                    return
            except (OSError, asyncio.IncompleteReadError):
                pass
            if self.process is None or self.process.poll() is not None:
                break
            await asyncio.sleep(0.1)
        raise SystemExit("the gateway does not start:\n" + (self.folder / "log").read_text()[-4000:])

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        if not self.differences:
            shutil.rmtree(self.folder, ignore_errors=True)

    # What is asked.

    def headers(self, use_case: str, attributes: dict[str, str], more: Headers = []) -> Headers:
        """A request in a cell: shares of budgets come from credentials, the rest from the caller."""
        said: dict[str, Any] = {"use_case": use_case}
        stated = []
        for name, value in attributes.items():
            if name.startswith("budget."):
                said[name] = value
            elif name == "classification":
                stated.append(("x-govctl-classification", value))
            else:
                stated.append((f"x-govctl-fact-{name}", value))
        return [*self.credentials(said), ("content-type", "application/json"), *stated, *more]

    async def one(self, what: str, decision: int | None, headers: Headers, does: dict[str, str], body: bytes = BODY,
                  counts: contract.Counts | None = None, path: str = "/v1/chat/completions") -> None:
        """Asks once, and compares hits and answer with the table."""
        await self.upstreams.script(does)
        status, found, answer = await self.client.ask(headers, body, path)
        expected = contract.expect(self.table, decision, does, counts)
        self.checked += 1
        wrong = self.compare(expected, decision, does, (status, found, answer))
        if wrong:
            self.differences.append(f"{what}: {'; '.join(wrong)}")

    def compare(self, expected: contract.Expected, decision: int | None, does: dict[str, str], got: tuple[int, dict[str, str], bytes]) -> list[str]:
        """What differs from the contract."""
        status, headers, answer = got
        wrong = []
        hits = [hit.model for hit in self.upstreams.hits]
        if hits != contract.reached(expected.hits, does):
            wrong.append(f"hits {hits}, not {contract.reached(expected.hits, does)}")
        if status != expected.status:
            wrong.append(f"status {status}, not {expected.status}")
        wanted = {"route": expected.route, "hop": expected.hop, "table": self.table["digest"]}
        if decision is not None:
            wanted["decision"] = str(decision)
        for name, value in wanted.items():
            if headers.get(f"x-govctl-{name}") != value:
                wrong.append(f"{name} {headers.get(f'x-govctl-{name}')}, not {value}")
        if expected.code:
            wrong += self.compare_error(expected.code, decision, answer)
        for hit in self.upstreams.hits:
            wrong += self.leaks(hit)
        return wrong

    def compare_error(self, code: str, decision: int | None, answer: bytes) -> list[str]:
        """What differs in the body of an answer that is an error."""
        try:
            error = json.loads(answer)["error"]
            wrong = [] if error["code"] == code else [f"code {error['code']}, not {code}"]
            if error.get("type") == "govctl" and decision is not None and (error["decision"], error["table"]) != (decision, self.table["digest"]):
                wrong.append(f"the body names {error}")
            return wrong
        except (ValueError, KeyError, TypeError) as why:
            return [f"the body is {answer[:200]!r} ({why})"]

    def leaks(self, hit: Hit) -> list[str]:
        """What a provider must not see, and what it must."""
        wrong = []
        model = next(model for model in self.table["models"] if model["id"] == hit.model)
        if hit.header("authorization") != f"Bearer key-of-{hit.model}":
            wrong.append(f"{hit.model} saw the credential {hit.header('authorization')}")
        if hit.path != "/v1/chat/completions":
            wrong.append(f"{hit.model} was asked for {hit.path}")
        if hit.header("host") != f"{HOST}:{self.upstreams.providers[hit.model].port}":
            wrong.append(f"{hit.model} was called {hit.header('host')}")
        members = json.loads(hit.body)
        if members.get("model") != model["endpoint"].get("model", model["name"]):
            wrong.append(f"{hit.model} was asked for the model {members.get('model')}")
        folded = {name.lower() for name in members if name != "model"}
        wrong += [f"{hit.model} saw {member}" for member in (*CHOOSING, "model") if member in folded]
        if "govctl" in (members.get("metadata") or {}):
            wrong.append(f"{hit.model} saw what the request states")
        if self.losses()["profile"] not in ("lost", "by-caller"):
            for key, value in model["profile"].items():
                member, wanted = "max_tokens" if key == "max_output_tokens" else key, float(value) if isinstance(value, str) else value
                if members.get(member) != wanted:
                    wrong.append(f"{hit.model} was asked with {member} {members.get(member)}, not {wanted}")
                if member in LENGTHS and len(LENGTHS & members.keys()) > 1:
                    wrong.append(f"{hit.model} was told twice how long its answer may be")
        ours = ("x-govctl-", "x-decide-", "x-envoy-", "x-portkey-", "cookie", "openai-organization")
        seen = [key for key, _ in hit.headers if key.startswith(ours)]
        if seen:
            wrong.append(f"{hit.model} saw the headers {seen}")
        return wrong

    def failures(self, decision: dict[str, Any]) -> list[dict[str, str]]:
        """Combinations worth driving: each kind at the primary, with the targets of its path well, failing alike, failing
        otherwise, and endpoints that fail once in one way and then in another."""
        if decision["primary"] is None:
            return [{}]
        name = lambda at: self.table["models"][at]["id"]
        primary = name(decision["primary"]["model"])
        found: list[dict[str, str]] = [{}]
        for kind in (*KINDS, *self.MORE):
            if kind == "ok":
                continue
            trigger = contract.TRIGGER.get(kind)
            path = next((p for p in decision["paths"] if trigger in p["on"]), None)
            found.append({primary: kind})
            targets = [name(t["model"]) for t in self.table["target_lists"][path["targets"]]] if path else []
            if targets:
                found += [{primary: kind, targets[0]: other} for other in ("503", "400", "context", "refused", "429", "hang")]
                found.append({primary: kind, **{target: "500" for target in targets}})
                found.append({primary: kind, **{target: kind for target in targets}})
        if any(self.table["failovers"][path["failover"]]["retry"] for path in decision["paths"]):
            then = ("500+ok", "500+429", "429+500", "503+context", "500+401", "503+quota+503", "500+400", "reset+filter", "429+429+500", "504+503+500", "500+hang")
            found += [{primary: kinds} for kinds in then]
            others = [model["id"] for model in self.table["models"] if model["id"] != primary]
            found += [{primary: "503", **{other: kinds for other in others}} for kinds in ("500+ok", "503+400", "500+429", "429+503")]
        return found

    async def drive(self) -> None:
        """Callers that cheat, every cell, and every failure of every decision. With a safeguard taken out the first
        difference says enough."""
        for cheat in CHEATS:
            if cheat.fits(self.table) and not self.is_enough():
                await self.cheat(cheat)
        slow = 0
        for use_case in self.table["use_cases"]:
            met: set[int] = set()
            for attributes, decision in tables.contexts(self.table, use_case):
                what = f"{use_case['name']} {attributes}"
                headers = self.headers(use_case["endpoint_tag"] or use_case["name"], attributes)
                await self.one(what, decision, headers, {})
                if decision in met:
                    continue
                met.add(decision)
                for does in self.failures(self.table["decisions"][decision]):
                    # Nothing is gained by waiting for every model in every decision.
                    slow += "hang" in does.values()
                    if ("hang" in does.values() and slow > 12) or self.is_enough():
                        continue
                    await self.one(f"{what} {does}", decision, self.headers(use_case["name"], attributes), does)

    def is_enough(self) -> bool:
        """Whether a run with a safeguard taken out has found what it should."""
        return bool(self.broken and self.differences)

    async def cheat(self, cheat: Cheat) -> None:
        """One caller who tries to get around the table."""
        if cheat.what in self.UNSPECIFIED:
            return
        asked = cheat.asked(self.table)
        headers = [*self.credentials(asked.said), ("content-type", "application/json"), *asked.headers]
        promises = self.OTHERWISE.get(cheat.what) or self.OTHERWISE.get(cheat.kind)
        if asked.wants is None and promises is None:
            await self.one(cheat.what, asked.decision, headers, {}, asked.body, path=asked.path)
            return
        await self.upstreams.script({})
        status, found, answer = await self.client.ask(headers, asked.body, asked.path)
        self.checked += 1
        wanted, code = asked.wants or (range(400, 600), None)
        wrong = []
        if promises is None:
            wrong += [] if status in wanted else [f"status {status}, not {wanted}"]
            wrong += self.compare_error(code, None, answer) if code else []
            wrong += [] if found.get("x-govctl-table") == self.table["digest"] else ["the table's digest is missing"]
        else:
            wrong += [] if status in range(400, 600) else [f"status {status}"]
            wrong += [f"the loss of `{promise}` is not declared" for promise in promises if self.losses()[promise] != "lost"]
        if self.upstreams.hits:
            wrong.append(f"{self.upstreams.hits[0].model} was asked")
        if wrong:
            self.differences.append(f"{cheat.what}: {'; '.join(wrong)}")

    def losses(self) -> dict[str, str]:
        """The level of every promise, as the export declares it."""
        manifest = json.loads((self.out / "export.json").read_text())
        return {kept["promise"]: kept["level"] for kept in manifest["losses"]}


async def over(paths: list[str], make: Callable[[dict[str, Any]], Gateway], seconds: int) -> tuple[int, list[str]]:
    """Drives a gateway with each table: how many requests, and every difference."""
    checked, differences = 0, []
    for path in paths:
        gateway = make(json.loads(Path(path).read_text()))
        gateway.start()
        try:
            await gateway.ready(seconds)
            await gateway.drive()
        finally:
            gateway.stop()
            await gateway.upstreams.close()
        checked += gateway.checked
        differences += [f"{Path(path).stem}: {difference}" for difference in gateway.differences]
    return checked, differences


def report(checked: int, differences: list[str], show: int, broken: str | None) -> int:
    """Says what was found, and how to end: with a safeguard taken out there must be differences."""
    for difference in differences[:show]:
        print(difference)
    how = f" with {broken} taken out" if broken else ""
    print(f"{checked} requests, {len(differences)} differences{how}", flush=True)
    return int(bool(differences) != bool(broken))


def main(make: Callable[[Any, dict[str, Any]], Gateway], breaks: tuple[str, ...], what: str, seconds: int) -> int:
    """The command line of a gateway's test."""
    import argparse

    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("govctl", type=os.path.abspath)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--break", dest="broken", choices=breaks)
    parser.add_argument("--quotas", type=int, metavar="N", help="drive quotas that are used up: 0 the table's own, else a variant")
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    checked, differences = asyncio.run(over(arguments.tables, lambda table: make(arguments, table), seconds))
    return report(checked, differences, arguments.show, arguments.broken)
