"""Envoy's access log, held line by line to the table, and read by `govctl audit`.

Usage: logged.py GOVCTL ENVOY TABLE… [--break SAFEGUARD]

Every line must say what was stated, where the request went and why; audit must find nothing, and in lines that were
edited exactly what was edited. With `--break` the running configuration is another one than that of the table: `walks`
does not say why the primary is left, `primary` asks another model first. Audit must find that, and nothing else.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import contract
import logs
import tables
from envoy import Envoy
from gateway import BODY, hangs, main

Line = dict[str, Any]
# What stands in every line. The id is Envoy's own, whatever a caller sends.
FORMS = {"log": "govctl-envoy/1", "time": r"[0-9-]{10}T[0-9:]{8}\.\d{6}Z", "request_id": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "total_ms": r"\d+"}
# What audit must find with a safeguard taken out.
BREAKS = {"walks": {"wrong-trigger", "failover-not-logged"}, "primary": {"wrong-hop"}}


class Logged(Envoy):
    """One table on one Envoy, with a line expected of every request."""

    async def drive(self) -> None:
        self.wanted: list[Line] = []
        before = len(await logs.lines(self))
        for use_case in self.table["use_cases"]:
            self.use_case, met = use_case, set()
            for self.attributes, decision in tables.contexts(self.table, use_case):
                asked = [{}]
                if decision not in met:
                    asked = [does for does in self.failures(self.table["decisions"][decision]) if not hangs(does)]
                met.add(decision)
                for does in asked:
                    headers = self.headers(use_case["endpoint_tag"] or use_case["name"], self.attributes)
                    await self.one(f"{use_case['name']} {self.attributes} {does}", decision, headers, does)
        await self.refused()
        log = (await logs.lines(self))[before:]
        found = logs.audit(self, log)
        if self.broken:
            self.control({code for _, code, _ in found})
            return
        self.differences += [f"audit: {code}: {message}: {log[at]}" for at, code, message in found]
        self.compare_lines([json.loads(line) for line in log])
        self.edited(log)

    def control(self, codes: set[str]) -> None:
        """Only what audit finds counts."""
        self.differences = sorted(codes)
        if codes != BREAKS[self.broken or ""]:
            raise SystemExit(f"audit finds {codes} with {self.broken} taken out")

    def compare(self, expected: contract.Expected, decision: int | None, does: dict[str, str], got: tuple[int, dict[str, str], bytes]) -> list[str]:
        trigger, failover, logged_as = expected.left
        self.wanted.append({**self.stated(self.attributes), "table": self.table["digest"], "decision": str(decision),
                            "route": expected.route, "hop": expected.hop, "trigger": trigger, "failover": failover, "logged_as": logged_as,
                            "http.response.status_code": expected.status, "policies": self.table["rule_sets"][self.table["decisions"][decision or 0]["rules"]]})
        seen = [name for name in got[1] if name.startswith("x-decide-")]
        return super().compare(expected, decision, does, got) + [f"the caller saw {name}" for name in seen]

    def stated(self, attributes: dict[str, str]) -> Line:
        shares = {name: value for name, value in attributes.items() if name.startswith("budget.")}
        facts = {name: value for name, value in attributes.items() if name in self.table["facts"]}
        budgets = {name[len("budget."):-len(".remaining")]: value for name, value in shares.items() if name != "budget.remaining"}
        tags = {name: self.use_case["tags"].get(name) for name in ("application", "business_unit", "project", "team")}
        return {**tags, "use_case": self.use_case["name"], "classification": attributes.get("classification"), "budget.remaining": shares.get("budget.remaining"),
                "budgets": budgets or None, "facts": facts or None}

    async def refused(self) -> None:
        """Requests that are refused before they are decided: of a use case that exists, and of what a caller words nothing is logged."""
        name, fact = self.use_case["name"], next(iter(self.table["facts"]), "none")
        hostile = '","route":"x/y","hop":"0'
        cases = ((self.headers(name, {fact: "nobody's"}), BODY, "block"), (self.headers(name, {}, [("x-govctl-use-case", name)]), BODY, "stated-by-caller"),
                 (self.headers(name, {}), b"{", "not-json"), (self.headers(name, {fact: hostile}), BODY, "block"),
                 (self.headers(name, {}, [("x-request-id", hostile), ("x-decide-walk", "timeout/a/b"), ("x-decide-outcome", "p0:timeout")]), b"[]", "not-json"))
        for headers, body, error in cases:
            status, *_ = await self.client.ask(headers, body)
            self.checked += 1
            self.wanted.append({**self.stated({}), "error.type": error, "http.response.status_code": status, "route": "block",
                                **dict.fromkeys(("trigger", "failover", "logged_as"))})

    def compare_lines(self, log: list[Line]) -> None:
        if len(log) != len(self.wanted):
            self.differences.append(f"{len(log)} lines, not {len(self.wanted)}")
        for line, wanted in zip(log, self.wanted):
            wrong = [f"{key} is {line.get(key)}, not {value}" for key, value in wanted.items() if line.get(key) != value]
            wrong += [f"{key} is {line.get(key)}" for key, form in FORMS.items() if not re.fullmatch(form, str(line.get(key)))]
            if wrong:
                self.differences.append(f"{'; '.join(wrong)}: {line}")

    def edited(self, log: list[str]) -> None:
        """A line that says something else than what happened is found for exactly that. It takes a table with a `log as`."""
        if not any(failover["log_as"] for failover in self.table["failovers"]):
            return
        parsed = [json.loads(line) for line in log]
        served = lambda line: "/" in line["route"] and line["http.response.status_code"] == 200
        first = next(at for at, line in enumerate(parsed) if served(line) and line["hop"] == "0")
        second = next(at for at, line in enumerate(parsed) if served(line) and line["hop"] == "1" and "logged_as" in line)
        decision = self.table["decisions"][int(parsed[first]["decision"])]
        leads = {target["model"] for path in decision["paths"] for target in self.table["target_lists"][path["targets"]]} | {decision["primary"]["model"]}
        others = [model["id"] for at, model in enumerate(self.table["models"]) if at not in leads]
        edits = [(second, {"hop": "7"}, "wrong-hop"), (second, {"trigger": None}, "wrong-trigger"), (second, {"trigger": "hunger"}, "wrong-trigger"),
                 (second, {"logged_as": None}, "failover-not-logged"), (second, {"failover": "nobody's"}, "wrong-decision"),
                 (second, {"hop": "0", "trigger": None}, "wrong-hop"), (first, {"decision": "999"}, "wrong-decision"),
                 (first, {"policies": ["nobody's"]}, "wrong-decision"), (first, {"route": "nobody/nothing"}, "unknown-model"),
                 (first, {"use_case": "nobody"}, "unknown-use-case"), (first, {"table": "sha256:0"}, "unknown-table"),
                 *((first, {"route": other}, "not-allowed") for other in others[:1])]
        for at, edit, code in edits:
            line = json.dumps({**parsed[at], **edit})
            found = [found for _, found, _ in logs.audit(self, [line])]
            if found != [code]:
                self.differences.append(f"{edit}: audit finds {found}, not {code}: {line}")

    def take_out(self, safeguard: str) -> None:
        path = self.out / "xds/listeners.json"
        text = path.read_text()
        if safeguard == "walks":
            text = text.replace("if says then", "if false then")
        else:  # each primary's place is taken by the model before it
            models = [model["id"] for model in self.table["models"]]
            for number, id in enumerate(models):
                text = text.replace(f'"cluster_name":"hop/p0/0/{id}@', f'"cluster_name":"hop/p0/0/{models[number - 1]}@')
        path.write_text(text)


if __name__ == "__main__":
    make = lambda arguments, table: Logged(arguments.govctl, arguments.program, table, arguments.broken)
    sys.exit(main(make, tuple(BREAKS), __doc__ or "", 10))
