"""The real proxy on loopback, with scripted upstreams: `python -m unittest tests.test_proxy`; needs `litellm[proxy]`."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PATHS = [str(HERE), str(HERE.parent / "src"), str(ROOT / "loaders/python/src"), str(ROOT / "conformance")]
sys.path[:0] = PATHS

from lib.sealed import sealed  # noqa: E402
from answers import LLAMA, MINI, SONNET, TURBO, Answers  # noqa: E402
from mistakes import Mistakes  # noqa: E402
from upstream import Upstream  # noqa: E402

from govctl_litellm import groups  # noqa: E402
from govctl_table import load  # noqa: E402

START_SECONDS = 240
COOLDOWN_SECONDS = 10
KEYS = {
    "sk-reply": {"use_case": "support.reply"},
    "sk-plan": {"use_case": "planning"},
    "sk-poor": {"use_case": "support.reply", "budget.remaining": "5%"},
    "sk-both": {"use_cases": ["planning", "customer-communication"]},
    "sk-none": {},
    "sk-odd": {"use_case": "planning", "shoe_size": 43},
    "sk-team": {"classification": "public", "of its team": {"use_case": "support.reply", "classification": "restricted"}},
    "sk-stray": {"use_case": "planning", "of its team": {"use_case": "support.reply"}},
    "sk-admin": {},
    "sk-secret": {"use_case": "support.reply", "classification": "restricted"},
}


def example() -> dict[str, Any]:
    """The table of the tests: the example, with short times, which a busy machine still keeps, and facts that callers may state."""
    table: dict[str, Any] = json.loads((ROOT / "conformance/tables/example.json").read_bytes())
    table["failovers"][2]["cooldown_seconds"] = None
    table["failovers"][1]["cooldown_seconds"] = None
    # Planning alone cools: no other test leaves a model of its path out.
    table["failovers"].append({**table["failovers"][1], "name": "while-planning", "cooldown_seconds": COOLDOWN_SECONDS})
    table["reasons"]["failover while-planning"] = table["reasons"]["failover longer"]
    table["decisions"][3]["paths"][0]["failover"] = 3
    # Where a share is low, silence and a connection that breaks lead nowhere.
    table["decisions"][0]["paths"][0]["on"] = ["rate-limited", "server-error"]
    table["request"] = {"from_credentials": ["use_case"], "first_byte_timeout": "5 s"}
    table["valid_until"] = table["ends"] = None
    return table


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# How models are called where that is another name than in the table, and what else the configuration says of them.
CALLED = {MINI: "openai/gpt-5-mini", LLAMA: "groq/llama-3-70b"}
CONFIGURED = {MINI: {"temperature": 0.2}, TURBO: {"verbosity": "low", "top_k": 7}}


class Proxy(Answers, Mistakes, unittest.TestCase):
    upstream: Upstream
    process: subprocess.Popen[bytes]

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="govctl-litellm-"))
        cls.upstream = Upstream()
        cls.table = cls.folder / "table.json"
        cls.table.write_text(sealed(example()))
        (cls.folder / "keys.json").write_text(json.dumps(KEYS))
        loaded = load(cls.table.read_bytes(), as_of=None)
        base = f"http://127.0.0.1:{cls.upstream.port}"
        models = [
            {"model_name": group, "litellm_params": {"model": CALLED.get(model, f"openai/{model.split('/')[1]}"), **CONFIGURED.get(model, {}), "api_base": f"{base}/{model}/v1", "api_key": "none" if model == MINI else f"key of {model}"}}
            for group, model in groups(loaded).items()
        ]
        models.append({"model_name": "evil", "litellm_params": {"model": "openai/evil", "api_base": f"{base}/evil/v1", "api_key": "x"}})
        config = {
            "model_list": models,
            "router_settings": {"num_retries": 0, "disable_cooldowns": True},
            "litellm_settings": {"callbacks": ["govctl_litellm.proxy.govctl"], "num_retries": 0},
            "general_settings": {"master_key": "sk-master-key-of-the-tests", "custom_auth": "keys.auth"},
        }
        # JSON is YAML.
        (cls.folder / "config.yaml").write_text(json.dumps(config))
        (cls.folder / "keys.py").write_text((HERE / "keys.py").read_text())
        cls.port = free_port()
        cls.log = (cls.folder / "log").open("wb")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(cls.folder), *PATHS[1:]]),
            "GOVCTL_TABLE": str(cls.table),
            "GOVCTL_TEST_KEYS": str(cls.folder / "keys.json"),
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "OPENAI_API_KEY": "sk-of-somebody-else",
            "OPENAI_ORGANIZATION": "of-somebody-else",
            "OPENAI_ORG_ID": "of-somebody-else",
            "OPENAI_PROJECT_ID": "of-somebody-else",
            "NO_PROXY": "127.0.0.1",
        }
        start = [sys.executable, "-c", "from litellm import run_server; run_server()", "--config", str(cls.folder / "config.yaml")]
        cls.process = subprocess.Popen(
            [*start, "--port", str(cls.port), "--host", "127.0.0.1"], cwd=cls.folder, env=environment, stdout=cls.log, stderr=cls.log
        )
        cls.wait()

    @classmethod
    def wait(cls) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and cls.process.poll() is None:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", cls.port, timeout=2)
                connection.request("GET", "/health/liveliness")
                with connection.getresponse() as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.5)
        cls.process.kill()
        raise AssertionError("the proxy did not start:\n" + (cls.folder / "log").read_text()[-4000:])

    @classmethod
    def tearDownClass(cls) -> None:
        cls.process.terminate()
        cls.process.wait(timeout=30)
        cls.upstream.server.shutdown()
        cls.upstream.server.server_close()
        cls.log.close()

    def setUp(self) -> None:
        self.upstream.reset()

    def ask(self, key: str, headers: dict[str, str] | None = None, script: dict[str, str] | None = None, path: str = "/v1/chat/completions", **body: Any) -> tuple[int, Any, dict[str, str]]:
        """The status, the body and our headers of one request."""
        self.upstream.script = {model: kinds.split() for model, kinds in (script or {}).items()}
        whole = {"model": "whatever", "messages": [{"role": "user", "content": "hello"}], **body}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"authorization": f"Bearer {key}", "content-type": "application/json", **(headers or {})}
        connection.request("POST", path, json.dumps(whole), sent)
        answer = connection.getresponse()
        try:
            data = answer.read()
        except http.client.IncompleteRead as cut:
            data = cut.partial
        try:
            parsed = json.loads(data)
        except ValueError:
            parsed = data.decode()
        connection.close()
        ours = {name.lower(): value for name, value in answer.getheaders() if name.lower().startswith(("x-govctl", "retry-after"))}
        return answer.status, parsed, ours

    def hits(self, *models: str) -> None:
        self.assertEqual(self.upstream.hits, list(models))

    def test_the_primary_serves_and_the_answer_says_so(self) -> None:
        status, body, headers = self.ask("sk-reply")
        self.assertEqual(status, 200, body)
        self.assertEqual(body["choices"][0]["message"]["content"], SONNET)
        self.hits(SONNET)
        self.assertEqual((headers["x-govctl-decision"], headers["x-govctl-route"], headers["x-govctl-hop"]), ("1", SONNET, "0"))
        self.assertEqual(headers["x-govctl-table"], json.loads(self.table.read_text())["digest"])

    def test_each_trigger_leads_to_its_own_path(self) -> None:
        standard = [SONNET, SONNET, MINI]
        for kind, wanted in (("500", standard), ("503", standard), ("529", standard), ("504", standard), ("reset", standard), ("hang", standard), ("context", [SONNET, TURBO])):
            with self.subTest(kind):
                self.upstream.reset()
                status, body, headers = self.ask("sk-reply", script={SONNET: kind})
                self.assertEqual(status, 200, body)
                self.hits(*wanted)
                self.assertEqual((headers["x-govctl-route"], headers["x-govctl-hop"]), (wanted[-1], "1"))

    def test_each_attempt_is_classified_anew(self) -> None:
        self.assertEqual(self.ask("sk-reply", script={SONNET: "500 ok"})[0], 200)
        self.hits(SONNET, SONNET)
        self.upstream.reset()
        self.assertEqual(self.ask("sk-reply", script={SONNET: "500 context"})[0], 200)
        self.hits(SONNET, SONNET, TURBO)

    def test_a_target_that_fails_leads_to_the_next_of_the_same_path(self) -> None:
        self.assertEqual(self.ask("sk-reply", script={SONNET: "500", MINI: "503"})[0], 200)
        self.hits(SONNET, SONNET, MINI, MINI, TURBO)

    def test_a_target_that_fails_otherwise_ends_the_walk_with_its_answer(self) -> None:
        for kind, wanted in (("400", 400), ("filter", 400), ("429", 429), ("401", 401)):
            with self.subTest(kind):
                self.upstream.reset()
                status, body, headers = self.ask("sk-reply", script={SONNET: "500", MINI: kind})
                self.hits(SONNET, SONNET, MINI)
                self.assertEqual(status, wanted, body)
                self.assertEqual(headers["x-govctl-hop"], "1")

    def test_what_is_no_trigger_goes_back_to_the_caller(self) -> None:
        for kind, wanted in (("400", 400), ("404", 404)):
            with self.subTest(kind):
                self.upstream.reset()
                status, body, headers = self.ask("sk-reply", script={SONNET: kind})
                self.hits(SONNET)
                self.assertEqual((status, body["error"]["type"]), (wanted, "upstream"))
                self.assertEqual((headers["x-govctl-route"], headers["x-govctl-hop"]), (SONNET, "0"))

    def test_terminals_are_answered_as_the_contract_says(self) -> None:
        digest = json.loads(self.table.read_text())["digest"]
        for kind, status, code, message in (
            ("401", 403, "block", "the policy says block"),
            ("402", 403, "block", "the policy says block"),
            ("quota", 403, "block", "the policy says block"),
            ("429", 403, "block", "the policy says block"),
            ("filter", 503, "degrade", "Please ask a colleague."),
        ):
            with self.subTest(kind):
                self.upstream.reset()
                found, body, headers = self.ask("sk-reply", script={SONNET: kind})
                self.hits(SONNET)
                self.assertEqual(found, status, body)
                wanted = {"type": "govctl", "code": code, "message": message, "use_case": "customer-communication", "decision": 1, "table": digest}
                self.assertEqual(body, {"error": wanted})
                self.assertEqual(headers, {"x-govctl-table": digest, "x-govctl-decision": "1", "x-govctl-route": code, "x-govctl-hop": "1"})
        self.upstream.reset()
        found, body, headers = self.ask("sk-reply", script={SONNET: "500", MINI: "500", TURBO: "503"})
        self.assertEqual((found, body["error"]["code"], headers["retry-after"]), (503, "queue", "900"))
        self.hits(SONNET, SONNET, MINI, MINI, TURBO, TURBO)

    def test_a_decision_without_a_primary_asks_nobody(self) -> None:
        status, body, headers = self.ask("sk-secret")
        self.assertEqual((status, body["error"]["code"], body["error"]["decision"]), (403, "block", 2))
        self.hits()

    def test_callers_cannot_choose(self) -> None:
        cheats: list[dict[str, Any]] = [
            {"model": "evil"},
            {"model": [SONNET, "evil"]},
            {"model": "evil,evil"},
            {"fallbacks": ["evil"]},
            {"fallbacks": [{"model": "evil"}]},
            {"context_window_fallbacks": [{f"{SONNET}#0": ["evil"]}]},
            {"metadata": {"tags": ["evil"], "govctl_walk": "x"}},
            {"tags": ["evil"]},
            {"num_retries": 5},
            {"api_base": "http://127.0.0.1:1/v1"},
            {"user_config": {"model_list": []}},
            {"mock_response": "mine"},
            {"extra_body": {"provider": {"order": ["evil"]}}},
            {"provider": {"order": ["evil"]}, "route": "fallback", "models": ["evil"]},
            {"disable_fallbacks": True},
        ]
        for cheat in cheats:
            with self.subTest(str(cheat)):
                self.upstream.reset()
                status, body, _ = self.ask("sk-reply", script={SONNET: "500"}, **cheat)
                if status == 200:
                    self.assertEqual(body["choices"][0]["message"]["content"], MINI)
                    self.hits(SONNET, SONNET, MINI)
                    for sent in self.upstream.bodies:
                        self.assertLessEqual(set(sent), {"model", "messages", "temperature"})
                else:
                    # Some LiteLLM refuses by itself, each in its own way.
                    self.assertIn(status, (400, 403, 500), body)
                    self.hits()

    def test_only_credentials_state_what_is_theirs(self) -> None:
        for headers, body, code in (
            ({"x-govctl-use-case": "planning"}, {}, "stated-by-caller"),
            ({}, {"metadata": {"govctl": {"use_case": "support.reply"}}}, "stated-by-caller"),
            ({"x-govctl-budget-remaining": "100"}, {}, "stated-by-caller"),
            ({}, {"metadata": {"govctl": {"budget.planning-daily.remaining": 100}}}, "stated-by-caller"),
            ({}, {"metadata": {"govctl": {"use_cases": ["planning"]}}}, "block"),
            ({}, {"metadata": {"govctl": "planning"}}, "block"),
            ({}, {"metadata": {"govctl": {"shoe_size": 43}}}, "block"),
            ({"x-govctl-shoe-size": "43"}, {}, "block"),
            ({"x-govctl-fact-tenant": "gold"}, {}, "block"),
            ({"x-govctl-classification": "secret"}, {}, "block"),
            ({"x-govctl-classification": ""}, {}, "block"),
            ({"x-govctl-fact-tenant": "premium"}, {"metadata": {"govctl": {"facts": {"tenant": "standard"}}}}, "block"),
        ):
            with self.subTest(f"{headers} {body}"):
                status, answer, _ = self.ask("sk-reply", headers, **body)
                self.assertEqual((status, answer["error"]["code"]), (403, code))
                self.hits()
        for key in ("sk-none", "sk-odd", "sk-both"):
            self.assertEqual(self.ask(key)[1]["error"]["code"], "block", key)
        self.hits()

    def test_a_caller_may_raise_its_classification_and_state_facts(self) -> None:
        self.assertEqual(self.ask("sk-reply", {"x-govctl-classification": "restricted"})[0], 403)
        self.assertEqual(self.ask("sk-secret", {"x-govctl-classification": "public"})[0], 403)
        self.assertEqual(self.ask("sk-team")[1]["error"]["decision"], 2, "a key does not lower its team's")
        self.assertEqual(self.ask("sk-stray")[0], 403)
        self.hits()
        self.assertEqual(self.ask("sk-poor")[2]["x-govctl-route"], MINI)
        status, body, headers = self.ask("sk-reply", metadata={"govctl": {"facts": {"tenant": "premium"}}})
        self.assertEqual((status, headers["x-govctl-decision"]), (200, "1"), body)
        for nothing in ({"facts": None}, {"facts": {"tenant": None}}, {"classification": None}):
            self.assertEqual(self.ask("sk-poor", metadata={"govctl": nothing})[2]["x-govctl-route"], MINI)

    def test_a_stream_fails_over_before_its_first_byte_only(self) -> None:
        status, body, headers = self.ask("sk-reply", script={SONNET: "500"}, stream=True)
        self.assertEqual((status, headers["x-govctl-route"]), (200, MINI), body)
        self.hits(SONNET, SONNET, MINI)
        self.upstream.reset()
        self.ask("sk-reply", script={SONNET: "cut"}, stream=True)
        self.hits(SONNET)

    def test_what_failed_is_left_alone_while_it_cools(self) -> None:
        self.assertEqual(self.ask("sk-plan", script={TURBO: "503"})[2]["x-govctl-route"], SONNET)
        self.hits(TURBO, SONNET)
        self.upstream.reset()
        self.assertEqual(self.ask("sk-plan")[2]["x-govctl-route"], SONNET)
        self.hits(SONNET)
        self.cooled()
        self.assertEqual(self.upstream.hits[-1], TURBO)

    def cooled(self) -> None:
        """Waits until the primary of planning is asked again."""
        cooled = time.monotonic() + COOLDOWN_SECONDS
        while self.ask("sk-plan")[2]["x-govctl-route"] != TURBO:
            self.assertLess(time.monotonic(), cooled + COOLDOWN_SECONDS, "it is asked again once it has cooled")
            time.sleep(0.5)

    def test_the_log_says_why(self) -> None:
        self.ask("sk-reply", script={SONNET: "500"})
        record = self.decided()[-1]
        self.assertEqual((record["use_case"], record["decision"], record["hop"], record["path"]), ("customer-communication", 1, 1, "standard"))
        self.assertEqual((record["route"], record["triggers"]), (MINI, ["server-error", "server-error"]))
        self.assertEqual((record["rules"], record["tags"]), (["customer-tone"], {"team": "support"}))

    def test_nobody_else_is_asked_where_a_provider_says_so(self) -> None:
        status, body, headers = self.ask("sk-reply", script={SONNET: "307"})
        self.assertEqual((status, headers["x-govctl-route"]), (307, SONNET), body)
        self.hits(SONNET)

    def test_nothing_of_the_gateways_own_environment_is_sent(self) -> None:
        self.assertEqual(self.ask("sk-reply")[0], 200)
        self.assertEqual(self.upstream.headers[-1].get("authorization"), f"Bearer key of {SONNET}")
        self.assertEqual(self.ask("sk-poor")[2]["x-govctl-route"], MINI)
        for name in ("authorization", "openai-organization", "openai-project"):
            self.assertNotIn(name, self.upstream.headers[-1], f"{MINI} has no key")

    def test_a_new_table_is_taken_while_requests_go_on_and_a_broken_one_is_not(self) -> None:
        old = self.table.read_text()
        try:
            self.replace(old[:-20])
            self.assertEqual(self.ask("sk-reply")[2]["x-govctl-table"], json.loads(old)["digest"])
            new = example()
            new["reasons"]["failover longer"] = "another reason"
            self.replace(sealed(new))
            digest = json.loads(self.table.read_text())["digest"]
            until = time.monotonic() + 20
            while self.ask("sk-reply")[2]["x-govctl-table"] != digest:
                self.assertLess(time.monotonic(), until)
        finally:
            self.replace(old)

    def test_a_new_table_that_the_running_proxy_cannot_serve_is_refused(self) -> None:
        old = self.table.read_text()
        more, other = example(), example()
        for failover in more["failovers"]:
            failover["retry"] = 3
        other["models"][0].update(id="acme/brand-new", provider="acme", name="brand-new")
        try:
            for table, group in ((more, "anthropic/claude-3-5-sonnet#2"), (other, "acme/brand-new#0")):
                self.replace(sealed(table))
                status, body, headers = self.ask("sk-reply")
                self.assertEqual((status, headers["x-govctl-table"]), (200, json.loads(old)["digest"]), body)
                said = (self.folder / "log").read_text()
                self.assertIn(f"is refused: the running configuration has no model group `{group}`", said)
        finally:
            self.replace(old)

    def replace(self, text: str) -> None:
        """Puts a table where the old one is, as `compile -o` does, and waits until the proxy looks again."""
        beside = self.table.with_suffix(".new")
        beside.write_text(text)
        beside.replace(self.table)
        time.sleep(1.2)
        self.ask("sk-none")
        time.sleep(0.3)


if __name__ == "__main__":
    unittest.main()
