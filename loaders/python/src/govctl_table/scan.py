"""From bytes to values: the text must be canonical JSON (RFC 8785) with whole numbers only.

So a key that appears twice, a number that not every language reads alike, deep nesting and bytes after the end are
refused with their place, and equal tables are equal bytes.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from .refusal import Code, Place, Refusal, fault

MAX_BYTES = 256 << 20
"""The largest table that is read, in bytes: one of 100,000 use cases takes some 60 MB."""

MAX_DEPTH = 64
"""The deepest nesting: a table needs six, and an `endpoint` or `profile` is as deep as YAML may be."""

TOO_LARGE = 1 << 53
"""The first whole number that not every language reads exactly."""

_LONGEST_NUMBER = 16
_NOT_WHOLE = "it is not a whole number below 2^53"
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER = re.compile(r"(-?)([0-9]*)")
_SHORT = {'"': '"', "\\": "\\", "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
_SHORT_CODES = ("0008", "0009", "000a", "000c", "000d")


def read(data: bytes) -> dict[str, Any]:
    """The object that the bytes of a table hold."""
    if len(data) > MAX_BYTES:
        raise fault("range", None, f"it is larger than {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise fault("not-json", None, f"it is not UTF-8 at byte {error.start}") from None
    value = _read_fast(text)
    if value is None:
        value = Scanner(text).whole()
    if type(value) is not dict:
        raise fault("type", None, "it is not an object")
    return value


def canonical(value: dict[str, Any]) -> bytes:
    """What has been read, as it stood there."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


class _Odd(Exception):
    """The fast reader is not sure: the scanner says what is wrong, and where."""


def _read_fast(text: str) -> Any:
    """The value, where the standard reader can vouch for every byte; else None."""
    try:
        value = _DECODER.decode(text)
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (_Odd, ValueError, RecursionError):
        return None
    # Equal bytes: no white space, no key twice, no other escapes. Depth: a table is wide, not deep.
    return value if written == text and _is_shallow(text) else None


def _is_shallow(text: str) -> bool:
    return text.count("[") + text.count("{") < MAX_DEPTH or _depth_is_bounded(text)


def _depth_is_bounded(text: str) -> bool:
    depth = 0
    for found in _BRACKETS.finditer(text):
        bracket = found[0]
        if bracket in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return False
        elif bracket in "]}":
            depth -= 1
    return True


_BRACKETS = re.compile(r'[][{}]|"(?:[^"\\]|\\.)*"')


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    last = b""
    for at, (key, _) in enumerate(pairs):
        this = key.encode("utf-16-be", "surrogatepass")
        if at and this <= last:
            raise _Odd
        last = this
    return dict(pairs)


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER + 1:
        raise _Odd
    number = int(digits)
    if not -TOO_LARGE < number < TOO_LARGE:
        raise _Odd
    return number


def _no_number(_: str) -> NoReturn:
    raise _Odd


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_no_number, parse_constant=_no_number
)


class Scanner:
    """Reads a value byte by byte and names the place of the first fault."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def whole(self) -> Any:
        """The one value of the text."""
        value = self.value(None)
        if self.at < len(self.text):
            raise self.unexpected(None, "the end")
        return value

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def eat(self, char: str) -> bool:
        found = self.peek() == char
        self.at += found
        return found

    def value(self, place: Place) -> Any:
        char = self.peek()
        if char in ("{", "["):
            if self.depth == MAX_DEPTH:
                raise fault("range", place, f"it is nested deeper than {MAX_DEPTH}")
            self.depth += 1
            self.at += 1
            inner: Any = self.object(place) if char == "{" else self.list(place)
            self.depth -= 1
            return inner
        if char == '"':
            return self.string(place)
        if char == "-" or (char and char in "0123456789"):
            return self.number(place)
        for word, value in (("null", None), ("true", True), ("false", False)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        raise self.unexpected(place, "a value")

    def list(self, place: Place) -> list[Any]:
        items: list[Any] = []
        if self.eat("]"):
            return items
        while True:
            items.append(self.value((place, len(items))))
            if self.eat("]"):
                return items
            self.need(place, ",", "`,` or `]`")

    def object(self, place: Place) -> dict[str, Any]:
        members: dict[str, Any] = {}
        if self.eat("}"):
            return members
        last = b""
        while True:
            if self.peek() != '"':
                raise self.unexpected(place, "a key")
            key = self.string(place)
            this = key.encode("utf-16-be")
            if key in members:
                raise fault("duplicate-key", (place, key), "the key appears twice")
            if this < last:
                raise _not_canonical((place, key), "its key is out of order")
            last = this
            self.need(place, ":", "`:`")
            members[key] = self.value((place, key))
            if self.eat("}"):
                return members
            self.need(place, ",", "`,` or `}`")

    def string(self, place: Place) -> str:
        self.at += 1
        parts: list[str] = []
        while True:
            plain = _PLAIN.match(self.text, self.at)
            assert plain is not None  # It matches nothing at all, too.
            parts.append(plain[0])
            self.at = plain.end()
            char = self.peek()
            if char == '"':
                self.at += 1
                return "".join(parts)
            if char == "\\":
                parts.append(self.escape(place))
            elif char:
                raise self.not_json(place, "a bare control character")
            else:
                raise self.unexpected(place, '`"`')

    def escape(self, place: Place) -> str:
        char = self.text[self.at + 1 : self.at + 2]
        if char in _SHORT:
            self.at += 2
            return _SHORT[char]
        code = self.text[self.at + 2 : self.at + 6]
        if char == "u" and re.fullmatch("[0-9a-fA-F]{4}", code):
            if re.fullmatch("00[01][0-9a-f]", code) and code not in _SHORT_CODES:
                self.at += 6
                return chr(int(code, 16))
            raise _not_canonical(place, f"a needless escape at character {self.at}")
        if char == "/":
            raise _not_canonical(place, f"a needless escape at character {self.at}")
        raise self.not_json(place, "an unknown escape")

    def number(self, place: Place) -> int:
        found = _NUMBER.match(self.text, self.at)
        assert found is not None  # It matches nothing at all, too.
        sign, digits = found[1], found[2]
        self.at = found.end()
        if not digits:
            raise self.unexpected(place, "a digit")
        if digits[0] == "0" and len(digits) > 1:
            raise self.not_json(place, "a number with a leading zero")
        if digits == "0" and sign:
            raise _not_canonical(place, "zero has a sign")
        if self.peek() in (".", "e", "E") or len(digits) > _LONGEST_NUMBER or int(digits) >= TOO_LARGE:
            raise fault("range", place, _NOT_WHOLE)
        return int(sign + digits)

    def need(self, place: Place, char: str, what: str) -> None:
        if not self.eat(char):
            raise self.unexpected(place, what)

    def unexpected(self, place: Place, wanted: str) -> Refusal:
        char = self.peek()
        if not char:
            return fault("not-json", place, f"the JSON ends where {wanted} should follow")
        if char in " \t\r\n":
            return _not_canonical(place, f"white space at character {self.at}")
        return self.not_json(place, f"something else than {wanted}")

    def not_json(self, place: Place, what: str) -> Refusal:
        code: Code = "not-json"
        return fault(code, place, f"it is not JSON: {what} at character {self.at}")


def _not_canonical(place: Place, what: str) -> Refusal:
    return fault("not-canonical", place, f"it is not canonical JSON (RFC 8785): {what}")
