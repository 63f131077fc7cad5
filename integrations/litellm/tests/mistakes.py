"""What LiteLLM itself refuses, what callers get wrong, and what is not let in: part of `tests.test_proxy`. Nobody is blamed for it."""

from __future__ import annotations

import http.client
import json
import socket
import time
from typing import Any

from answers import LLAMA, MINI, SONNET, TURBO
from running import Running

MESSAGES = [{"role": "user", "content": "hello"}]
SENT: dict[str, Any] = {
    "top_p": 0.5, "stop": ["x"], "logprobs": True, "top_logprobs": 2, "verbosity": "low", "reasoning_effort": "none", "n": 2,
    "seed": 12345678901234567890, "presence_penalty": 1, "logit_bias": {"1": 1}, "parallel_tool_calls": True, "user": "u",
    "prediction": {"type": "content", "content": "x"}, "response_format": {"type": "json_object"}, "tool_choice": "auto",
    "tools": [{"type": "function", "function": {"name": "f"}}], "functions": [{"name": "f"}],
}
MALFORMED: tuple[dict[str, Any], ...] = (
    {"messages": [{"role": "user", "content": 1}]}, {"messages": [{"role": "user", "content": [1]}]}, {"messages": [{"role": "user", "content": [{}]}]},
    {"messages": [{"role": "assistant", "tool_calls": 1}]}, {"messages": [{"role": "user", "content": [{"type": "file", "file": 1}]}]},
    {"tool_choice": 1}, {"tools": "x"}, {"tools": [None]}, {"tools": [1]}, {"functions": 1},
    {"stream": True, "stream_options": 1}, {"stream": True, "stream_options": "x"}, {"stream": True, "stream_options": []}, {"stream": "yes"}, {"stream": 1},
)


class Mistakes(Running):
    """Tests of the proxy that `Proxy` starts."""

    def test_what_a_caller_states_reaches_the_primary_as_it_is(self) -> None:
        # The one is called as a model of which LiteLLM knows what it takes, the other as one that it does not know.
        for key, model in (("sk-poor", MINI), ("sk-reply", SONNET)):
            for name, value in SENT.items():
                for stream in (False, True):
                    with self.subTest(f"{model} {name} {stream}"):
                        self.upstream.reset()
                        status, body, headers = self.ask(key, stream=stream, **{name: value})
                        self.assertEqual((status, headers["x-govctl-hop"]), (200, "0"), body)
                        self.hits(model)
                        self.assertEqual(self.upstream.bodies[-1].get(name), value)

    def test_what_the_configuration_sets_is_sent_as_it_is(self) -> None:
        self.assertEqual(self.ask("sk-reply", script={SONNET: "context"})[2]["x-govctl-route"], TURBO)
        self.hits(SONNET, TURBO)
        self.assertEqual((self.upstream.bodies[-1].get("verbosity"), self.upstream.bodies[-1].get("top_k")), ("low", 7))
        # LiteLLM lets no model of this name have one.
        self.assertEqual(self.ask("sk-poor")[2]["x-govctl-route"], MINI)
        self.assertEqual(self.upstream.bodies[-1].get("temperature"), 0.2)

    def test_a_request_that_cannot_be_sent_is_the_callers_mistake(self) -> None:
        for mistake in MALFORMED:
            with self.subTest(str(mistake)):
                self.upstream.reset()
                status, body, headers = self.ask("sk-plan", **mistake)
                self.hits()
                self.assertEqual(status, 400, body)
                self.assertIn(body["error"]["code"], ("malformed", "not-sent"))
                self.assertNotIn("retry-after", headers)
                # The models of planning cool: none of them does now.
                status, body, headers = self.ask("sk-plan")
                self.assertEqual((status, headers["x-govctl-route"], headers["x-govctl-hop"]), (200, TURBO, "0"), body)
                self.hits(TURBO)

    def test_the_log_blames_nobody_for_what_was_not_sent(self) -> None:
        status, body, _ = self.ask("sk-reply", messages=[{"role": "user", "content": [{}]}])
        self.assertEqual((status, body["error"]["code"], body["error"]["use_case"]), (400, "not-sent", "customer-communication"))
        line = self.decided()[-1]
        self.assertEqual((line["triggers"], line["hop"], line["failover"], line["error.type"]), (["none"], 0, None, "not-sent"))
        self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")

    def test_a_target_to_which_it_cannot_be_sent_ends_the_walk(self) -> None:
        # That model is reached by another protocol, whose members LiteLLM translates.
        status, body, headers = self.ask("sk-plan", script={TURBO: "503", SONNET: "503"}, verbosity="low")
        self.assertEqual((status, headers["x-govctl-hop"], body["error"]["code"]), (400, "2", "not-sent"), body)
        self.assertIn("`verbosity`", body["error"]["message"])
        self.hits(TURBO, SONNET)
        self.cooled()
        # What it was sent and answered in a way that LiteLLM does not take is no mistake of the caller's.
        self.upstream.reset()
        status, body, headers = self.ask("sk-plan", script={TURBO: "503", SONNET: "503", LLAMA: "html"})
        self.assertEqual((status, body["error"]["code"]), (403, "block"), body)
        self.hits(TURBO, SONNET, LLAMA)
        self.cooled()

    def test_where_the_caller_has_hung_up_nobody_else_is_asked(self) -> None:
        self.upstream.script = {SONNET: ["hang"]}
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            body = json.dumps({"messages": MESSAGES}).encode()
            head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-reply\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
            until = time.monotonic() + 20
            while not self.upstream.hits and time.monotonic() < until:
                time.sleep(0.05)
        time.sleep(7)
        self.hits(SONNET)
        self.assertEqual(self.decided()[-1]["triggers"], ["timeout"])

    def test_other_endpoints_are_refused(self) -> None:
        for path, body in (("/v1/embeddings", {"input": "x"}), ("/v1/completions", {"prompt": "x"}), ("/v1/responses", {"input": "x"}), ("/v1/messages", {"max_tokens": 5})):
            with self.subTest(path):
                status, answer, _ = self.ask("sk-reply", path=path, model=f"{SONNET}#0", **body)
                self.assertEqual((status, answer["error"]["code"]), (404, "block"), answer)
                self.hits()

    def test_what_the_hook_does_not_decide_is_not_let_in(self) -> None:
        for path in (
            "/v1/assistants", "/v1/threads", "/v1/threads/t/messages", "/v1/batches", "/v1/files", "/v1/fine_tuning/jobs", "/gemini/v1beta/models/g:generateContent",
            "/vllm/v1/chat/completions", "/langfuse/api/public/ingestion", "/anthropic/v1/messages", "/openai/v1/chat/completions", "/queue/chat/completions",
            "/v1/chat/completions/", "/utils/transform_request", "/health/test_connection", "/model/new", "/key/health", "/engines/x/chat/completions",
        ):
            with self.subTest(path):
                status, answer, headers = self.ask("sk-master-key-of-the-tests", path=path, custom_llm_provider="openai")
                self.assertEqual((status, answer["error"]["code"]), (404, "block"), answer)
                self.assertIn("x-govctl-table", headers)
                self.hits()
        for path, wanted in (("/health", 404), ("/health/liveliness", 200), ("/v1/batches", 404)):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", path, headers={"authorization": "Bearer sk-master-key-of-the-tests"})
            self.assertEqual(connection.getresponse().status, wanted, path)
            connection.close()
        self.assertEqual(self.upstream.read, [])
        self.hits()

    def test_only_an_administrator_manages_keys_and_teams(self) -> None:
        for path in ("/key/generate", "/key/update", "/key/regenerate", "/key/sk-x/regenerate", "/team/update", "/team/new", "/user/new"):
            for key, is_let_in in (("sk-reply", False), ("sk-of-nobody", False), ("sk-admin", True)):
                with self.subTest(f"{path} {key}"):
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                    connection.request("POST", path, json.dumps({"metadata": {"govctl": {}}}), {"authorization": f"Bearer {key}", "content-type": "application/json"})
                    answer = connection.getresponse()
                    text = answer.read()
                    # There is no database, so LiteLLM can do nothing itself.
                    self.assertEqual("x-govctl-table" not in {name.lower() for name, _ in answer.getheaders()}, is_let_in, text)
                    self.assertEqual(answer.status == 403, not is_let_in, text)
                    connection.close()
