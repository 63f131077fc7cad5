"""The package through its public surface: `python -m unittest` in this folder."""

from __future__ import annotations

import datetime
import json
import pickle
import re
import sys
import threading
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
CONFORMANCE = ROOT.parents[1] / "conformance"

from govctl_table import FORMAT, TRIGGERS, Live, Refusal, Request, Table, TrustedKey, load  # noqa: E402
from govctl_table.scan import MAX_BYTES, Scanner, read  # noqa: E402

EXAMPLE = (CONFORMANCE / "tables/example.json").read_bytes()
SMALLEST = (CONFORMANCE / "tables/smallest.json").read_bytes()
SIGNATURE = (CONFORMANCE / "tables/example.json.sig").read_bytes()
NUMBERED = json.loads((CONFORMANCE / "refused/expired-serial-below-the-least.json").read_bytes())["signature"].encode()
KEY = (CONFORMANCE / "tables/conformance.pub").read_text()
TODAY = "2026-11-21"
try:
    import cryptography  # noqa: F401

    SIGNS = True
except ImportError:
    SIGNS = False


def refused(data: bytes, **options: object) -> Refusal:
    """The refusal of a table that must not load."""
    try:
        load(data, **{"as_of": TODAY, **options})  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal
    raise AssertionError("it was loaded")


class Answers(unittest.TestCase):
    def setUp(self) -> None:
        self.table: Table = load(EXAMPLE, as_of=TODAY)

    def test_a_decision_says_everything_that_holds_for_the_request(self) -> None:
        decision = self.table.decide({"use_case": "support.reply"})
        self.assertEqual((decision.index, decision.use_case), (1, "customer-communication"))
        self.assertEqual(decision.classification, "confidential")
        assert decision.primary is not None and decision.audit is not None
        self.assertEqual(decision.primary.model.id, "anthropic/claude-3-5-sonnet")
        self.assertEqual(decision.primary.regions, ("eu",))
        self.assertEqual(decision.primary.model.profile, {"temperature": "0.2"})
        self.assertEqual([(rule.name, rule.because) for rule in decision.rules], [("customer-tone", "its tone suits our customers")])
        self.assertEqual([budget.name for budget in decision.budgets], ["company"])
        self.assertEqual([(quota.name, quota.then.action) for quota in decision.quotas], [("tenant-day", "failover")])
        self.assertEqual((decision.audit.retain_days, decision.audit.mask), (365, ("pii",)))
        self.assertEqual(decision.tags, {"team": "support"})
        self.assertIsNone(decision.not_understood)

    def test_each_trigger_leads_to_its_own_path(self) -> None:
        decision = self.table.decide({"use_case": "support.reply"})
        found = {trigger: decision.path(trigger) for trigger in TRIGGERS}
        names = {trigger: path.failover.name for trigger, path in found.items() if path is not None}
        self.assertEqual(
            names,
            {
                "server-error": "standard",
                "timeout": "standard",
                "unavailable": "standard",
                "content-filtered": "filtered-nowhere",
                "context-exceeded": "longer",
            },
        )
        path = found["timeout"]
        assert path is not None and path == decision.outage_path
        self.assertEqual((path.failover.retry, path.failover.cooldown_seconds), (1, 60))
        self.assertEqual([target.model.id for target in path.targets], ["azure-eu/gpt-4o-mini", "openai/gpt-4-turbo"])
        self.assertEqual([action.action for action in path.targets[1].actions], ["throttle"])

    def test_a_route_is_a_model_or_a_terminal(self) -> None:
        request: Request = {"use_case": "support.reply"}
        self.assertEqual(self.table.route(request).hop, 0)
        route = self.table.route(request, down=["anthropic"])
        self.assertEqual((route.model, route.hop), ("azure-eu/gpt-4o-mini", 1))
        route = self.table.route(request, down=["anthropic", "azure-west-europe", "openai"])
        self.assertEqual((route.model, route.hop, route.then.seconds), (None, None, 900))
        route = self.table.route(request, on="content-filtered")
        self.assertEqual((route.model, route.then.message), (None, "Please ask a colleague."))

    def test_what_is_not_understood_is_block_and_says_so(self) -> None:
        cases: list[tuple[Request, str]] = [
            ({"use_case": "nobody"}, "no use case has this name or endpoint tag"),
            ({"use_case": "planning", "classification": "x"}, "the classification is not known"),
            ({"use_case": "planning", "budget.remaining": "x"}, "what remains of the budget is not a percent"),
            ({"use_case": "planning", "facts": {"a": "b"}}, "a fact or its value is not declared"),
            ({"use_case": "planning", "facts": 1}, "the facts are no object"),
            ({"use_case": "planning", "x": 1}, "the request states something that the table does not know"),
        ]
        for request, text in cases:
            decision = self.table.decide(request)
            self.assertEqual((decision.not_understood, decision.index, decision.primary), (text, None, None))
            self.assertEqual((decision.paths, decision.rules, decision.tags), ((), (), {}))
            self.assertEqual(decision.route().then.action, "block")

    def test_a_lookup_never_fails(self) -> None:
        odd: list[object] = [None, 1, "use_case", [], ["use_case"], {"use_case": {}}, {1: 2}, {"use_case": "planning", 1: 2}]
        for request in odd:
            self.assertEqual(self.table.decide(request).route().then.action, "block")  # type: ignore[arg-type]


class Loading(unittest.TestCase):
    def test_a_refusal_has_a_code_a_place_and_a_text(self) -> None:
        found = refused(EXAMPLE.replace(b'"contexts":28', b'"contexts":9007199254740993'))
        self.assertEqual((found.code, found.place), ("range", "proof.contexts"))
        self.assertEqual(str(found), "the table is refused at `proof.contexts`: it is not a whole number below 2^53")
        again = pickle.loads(pickle.dumps(found))
        self.assertEqual((again.code, str(again)), (found.code, str(found)))

    def test_an_expired_table_says_what_ended(self) -> None:
        found = refused(EXAMPLE, as_of="2027-01-31")
        text = "certification gdpr of anthropic changes a decision after 2027-01-30; compile the policy again"
        self.assertEqual((found.code, found.place, found.text), ("expired", "valid_until", text))
        load(EXAMPLE, as_of="2027-01-30")
        load(EXAMPLE, as_of="2027-01-31", allow_expired=True)
        load(EXAMPLE, as_of=None)
        self.assertEqual(refused(EXAMPLE, as_of="today").code, "expired")

    def test_both_readers_agree_on_every_table(self) -> None:
        for path in (CONFORMANCE / "tables").glob("*.json"):
            data = path.read_bytes()
            self.assertEqual(read(data), Scanner(data.decode()).whole(), path)

    def test_what_is_deep_or_large_is_refused_without_a_crash(self) -> None:
        for text in ("[" * 1_000_000, '{"a":' * 100_000, "[" * 65 + "]" * 65):
            self.assertEqual(refused(text.encode()).code, "range")
        self.assertEqual(refused(b"[" * 64 + b"]" * 64).code, "type")
        self.assertEqual(refused(bytes(MAX_BYTES + 1)).code, "range")

    def test_a_message_about_hostile_text_is_short_and_harmless(self) -> None:
        found = refused(EXAMPLE.replace(FORMAT.encode(), ("x\u202e" * 10_000).encode()))
        self.assertEqual(found.code, "format")
        self.assertLess(len(str(found)), 600)
        self.assertNotIn("\u202e", str(found))

    def test_every_message_is_a_short_phrase(self) -> None:
        for path in (CONFORMANCE / "refused").glob("*.json"):
            case = json.loads(path.read_bytes())
            if "signature" in case or "trusted_keys" in case or "table" not in case:
                continue
            found = refused(case["table"].encode(), as_of=case["as_of"], least_serial=case.get("least_serial"))
            self.assertEqual(found.code, case["code"], path.name)
            self.assertRegex(found.text, re.compile(r"^(`|[a-z]|-?\d|JSON).*[^.]$", re.S))


class Swapping(unittest.TestCase):
    def test_the_old_table_stays_where_the_new_one_is_refused(self) -> None:
        live = Live()
        self.assertIsNone(live.table)
        self.assertIsNone(live.swap(EXAMPLE, as_of=TODAY))
        before = live.table
        for data, as_of in ((b"{}", TODAY), (EXAMPLE[:-1], TODAY), (EXAMPLE, "2030-01-01")):
            self.assertIsInstance(live.swap(data, as_of=as_of), Refusal)
            self.assertIs(live.table, before)
        self.assertIsNone(live.swap(SMALLEST, as_of=TODAY))
        assert before is not None and live.table is not None
        self.assertNotEqual(live.table.digest, before.digest)
        self.assertEqual(before.decide({"use_case": "planning"}).index, 3)

    def test_who_asks_while_tables_change_gets_one_of_them(self) -> None:
        live = Live()
        live.swap(EXAMPLE, as_of=TODAY)
        seen: set[str] = set()
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                table = live.table
                assert table is not None
                seen.add(f"{table.digest} {table.decide({'use_case': 'planning'}).index}")

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            live.swap(SMALLEST, as_of=TODAY)
            live.swap(EXAMPLE, as_of=TODAY)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertLessEqual(len(seen), 2)


class Signatures(unittest.TestCase):
    def test_a_key_asks_for_a_signature(self) -> None:
        self.assertEqual(refused(EXAMPLE, trusted_keys=[KEY]).code, "unsigned")
        self.assertIsNone(load(EXAMPLE, as_of=TODAY, trusted_keys=[KEY], allow_unsigned=True).signed_by)
        self.assertEqual(refused(EXAMPLE, signature=SIGNATURE).code, "key")

    def test_what_is_no_public_key_is_refused_and_not_quoted(self) -> None:
        for text in ("", "untrusted comment: x", "x", SIGNATURE.decode()):
            with self.assertRaises(Refusal) as raised:
                TrustedKey.parse(text)
            self.assertEqual(raised.exception.code, "key")

    def test_without_the_library_a_signed_table_is_refused(self) -> None:
        with mock.patch.dict(sys.modules, {"cryptography.exceptions": None}):
            found = refused(EXAMPLE, trusted_keys=[KEY], signature=SIGNATURE)
        self.assertEqual(found.code, "key")
        self.assertIn("govctl-table[signatures]", found.text)

    @unittest.skipUnless(SIGNS, "needs the package cryptography")
    def test_a_signature_that_fits_names_its_key(self) -> None:
        key = TrustedKey.parse(KEY)
        line = KEY.splitlines()[1]
        for keys in ([key], [line], [TrustedKey(key.id, bytes(32)), key]):
            table = load(EXAMPLE, as_of=TODAY, trusted_keys=keys, signature=SIGNATURE)
            self.assertEqual(table.signed_by, key.id)

    @unittest.skipUnless(SIGNS, "needs the package cryptography")
    def test_an_older_table_does_not_come_back(self) -> None:
        live = Live(trusted_keys=[KEY])
        self.assertIsNone(live.swap(EXAMPLE, as_of=TODAY, signature=SIGNATURE))
        self.assertIsNone(live.greatest_serial)
        self.assertIsNone(live.swap(EXAMPLE, as_of=TODAY, signature=NUMBERED))
        taken = live.table
        assert taken is not None
        self.assertEqual((live.greatest_serial, taken.serial), (7, 7))
        found = live.swap(EXAMPLE, as_of=TODAY, signature=SIGNATURE)
        assert found is not None
        self.assertEqual(found.code, "unsigned")
        self.assertIs(live.table, taken)
        again = Live(trusted_keys=[KEY], least_serial=8)
        found = again.swap(EXAMPLE, as_of=TODAY, signature=NUMBERED)
        assert found is not None
        text = "the table is refused: its serial number is 7, and a table with 8 was taken before"
        self.assertEqual((found.code, str(found), again.table), ("expired", text, None))

    @unittest.skipUnless(SIGNS, "needs the package cryptography")
    def test_the_least_serial_is_a_whole_number(self) -> None:
        signed = {"trusted_keys": [KEY], "signature": NUMBERED}
        self.assertEqual(load(EXAMPLE, as_of=TODAY, least_serial=7, **signed).serial, 7)
        for least in (-1, 1 << 64, 7.0, True, "7"):
            self.assertEqual(refused(EXAMPLE, least_serial=least, **signed).code, "expired", least)
        self.assertEqual(refused(EXAMPLE, least_serial=0).code, "unsigned")


class Arguments(unittest.TestCase):
    def test_what_is_no_bytes_or_no_key_is_refused(self) -> None:
        data: object
        for data in (None, 3, 10**12, "x", [1], {}):
            found = refused(data)  # type: ignore[arg-type]
            self.assertEqual(found.code, "not-json", data)
        self.assertEqual(load(bytearray(EXAMPLE), as_of=TODAY).digest, load(memoryview(EXAMPLE), as_of=TODAY).digest)
        self.assertEqual(refused(EXAMPLE, signature="x", trusted_keys=[KEY]).code, "signature")
        for key in (None, 3, b"x"):
            self.assertEqual(refused(EXAMPLE, trusted_keys=[key]).code, "key", key)
        for as_of in (datetime.date(2026, 11, 21), 5, b"2026-11-21", True):
            self.assertEqual(refused(EXAMPLE, as_of=as_of).code, "expired", as_of)
            swapped = Live().swap(EXAMPLE, as_of=as_of)  # type: ignore[arg-type]
            self.assertEqual(swapped and swapped.code, "expired", as_of)


if __name__ == "__main__":
    unittest.main()
