"""What providers answer that is no completion, and callers that are two: part of `tests.test_proxy`."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any

from running import Running
from upstream import COMPLETION, RAW

SONNET, MINI, TURBO, LLAMA = (
    "anthropic/claude-3-5-sonnet",
    "azure-eu/gpt-4o-mini",
    "openai/gpt-4-turbo",
    "self-hosted/llama-3-70b",
)


class Answers(Running):
    """Tests of the proxy that `Proxy` starts."""

    def raw(self, key: str, kind: str, stream: bool = False, script: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes, bool]:
        """The status, the headers, the body and whether all of it came, where the primary does something."""
        self.upstream.script = {model: kinds.split() for model, kinds in {SONNET: kind, **(script or {})}.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"messages": [{"role": "user", "content": "hello"}], "stream": stream})
        connection.request("POST", "/v1/chat/completions", body, {"authorization": f"Bearer {key}", "content-type": "application/json"})
        answer = connection.getresponse()
        try:
            data, is_whole = answer.read(), True
        except http.client.IncompleteRead as cut:
            data, is_whole = cut.partial, False
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, data, is_whole

    def test_an_attempt_without_an_answer_is_not_judged_by_the_one_before_it(self) -> None:
        for kind, code in (("hang", "timeout"), ("reset", "unavailable")):
            for before in ("500", "429"):
                with self.subTest(f"{before} {kind}"):
                    self.upstream.reset()
                    status, body, headers = self.ask("sk-poor", script={MINI: f"{before} {kind}"})
                    self.hits(MINI, MINI)
                    self.assertEqual((status, body["error"]["code"], headers["x-govctl-hop"]), (403, "block", "1"), body)
                    self.upstream.reset()
                    status, body, headers = self.ask("sk-poor", script={MINI: before, SONNET: kind})
                    self.hits(MINI, MINI, SONNET)
                    self.assertEqual((body["error"]["code"], headers["x-govctl-hop"]), (code, "1"), body)

    def test_what_a_provider_answered_goes_back_as_it_is(self) -> None:
        for kind in ("detail", "beside", "plain", "empty", "broken", "deep", "list", "large", "204", "html", "error-200", "event-error", "no-events"):
            for stream in (False, True):
                with self.subTest(f"{kind} {stream}"):
                    self.upstream.reset()
                    status, headers, body, is_whole = self.raw("sk-reply", kind, stream)
                    sent = RAW[kind][0]
                    self.assertEqual((status, body, is_whole), (int(sent.split(b" ")[1]), sent.partition(b"\r\n\r\n")[2], True))
                    self.assertEqual((headers["x-govctl-route"], headers["x-govctl-hop"]), (SONNET, "0"))
                    self.hits(SONNET)
                    if kind == "beside":
                        self.assertEqual((headers["retry-after"], headers["x-request-id"]), ("7", "r"))
        self.upstream.reset()
        self.assertEqual(self.raw("sk-reply", "600")[0], 502, "a status that no answer of the proxy can have")
        self.hits(SONNET)

    def test_an_answer_that_has_begun_is_the_answer(self) -> None:
        for kind, stream, status, body in (
            ("cut-answer", False, 200, COMPLETION[:60]),
            ("cut-answer", True, 200, COMPLETION[:60]),
            ("cut-error", False, 400, b'{"error":{"code":"x"'),
            ("late-error", False, 400, b'{"error":'),
            ("late-answer", True, 200, COMPLETION),
        ):
            with self.subTest(f"{kind} {stream}"):
                self.upstream.reset()
                found = self.raw("sk-reply", kind, stream)
                self.assertEqual((found[0], found[3]), (status, kind == "late-answer"))
                # LiteLLM 1.106.2 loses what came just before an answer broke off.
                self.assertIn(found[2], (body, b"") if kind.startswith("cut") else (body,))
                self.hits(SONNET)
        self.upstream.reset()
        status, answer, headers = self.ask("sk-reply", script={SONNET: "late-answer"})
        self.assertEqual((status, answer["choices"][0]["message"]["content"], headers["x-govctl-hop"]), (200, "late", "0"))
        self.hits(SONNET)

    def test_a_large_error_holds_nobody_up(self) -> None:
        began = time.monotonic()
        self.assertEqual(self.ask("sk-reply", script={SONNET: "larger", MINI: "large"})[0], 400)
        self.hits(SONNET, SONNET, MINI)
        # LiteLLM would search 3 MB for secrets for half a minute, twice, and do nothing else meanwhile.
        self.assertLess(time.monotonic() - began, 15)
        # Of what goes back, no more than 1 MiB is read, and it breaks off there.
        self.upstream.reset()
        status, _, body, is_whole = self.raw("sk-reply", "largest")
        self.assertEqual((status, body, is_whole), (400, RAW["largest"][0].partition(b"\r\n\r\n")[2][: 1 << 20], False))

    def test_no_tokenizer_is_fetched(self) -> None:
        began = time.monotonic()
        status, body, _ = self.ask("sk-plan", script={TURBO: "503", SONNET: "503", LLAMA: "400"})
        self.hits(TURBO, SONNET, LLAMA)
        self.assertEqual(status, 400, body)
        self.assertLess(time.monotonic() - began, 5)
        self.assertNotIn("huggingface", (self.folder / "log").read_text())
        self.cooled()

    def test_a_caller_is_one(self) -> None:
        body = b'{"messages":[]}'
        key, other = ("authorization", "Bearer sk-reply"), ("authorization", "Bearer sk-plan")
        length, chunked = ("content-length", str(len(body))), ("transfer-encoding", "chunked")
        for headers, status in (
            ([key, key, length], 403),
            ([key, other, length], 403),
            ([key, ("x-litellm-api-key", "Bearer sk-plan"), length], 403),
            ([("x-litellm-api-key", "Bearer sk-reply"), length], 200),
            ([key, ("x-api-key", "sk-plan"), length], 200),
            ([key, chunked, ("content-length", "5")], 400),
        ):
            with self.subTest(str(headers)):
                self.upstream.reset()
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.putrequest("POST", "/v1/chat/completions")
                for name, value in headers:
                    connection.putheader(name, value)
                connection.endheaders()
                connection.send(body if chunked not in headers else b"f\r\n%s\r\n0\r\n\r\n" % body)
                answer = connection.getresponse()
                self.assertEqual(answer.status, status, answer.read())
                self.hits(*([SONNET] if status == 200 else []))
                connection.close()
