"""The forms that texts, names and indices of a table have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .refusal import Place, fault, shown

Share = tuple[int, str]
"""A share of 0% to 100%: its whole part and its decimals, without zeros at the end, so that the order is the number's."""

Cut = tuple[int, str, bool]
"""A condition such as `<20%` or `<=12.5%`, ordered by how much satisfies it: a share, and whether it is inclusive."""

ALL: Share = (100, "")
_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]*[1-9]))?")
_PERCENT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?%?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
_LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)


def clamped(text: str) -> Share | None:
    """A percent such as `15`, `12.5` or `12.5%`, of any length; what lies outside 0 to 100 is clamped."""
    found = _PERCENT.fullmatch(text)
    if found is None:
        return None
    if found[1]:
        return (0, "")
    digits = found[2].lstrip("0")
    whole = int(digits or "0") if len(digits) < 4 else 100
    return ALL if whole >= 100 else (whole, (found[3] or "").rstrip("0"))


def is_decimal(text: str, decimals: int | None = None) -> bool:
    """Whether a text is a decimal in its one form: no needless zeros, at most so many decimals."""
    found = _DECIMAL.fullmatch(text)
    return found is not None and (decimals is None or len(found[2] or "") <= decimals)


def percent_key(text: str) -> tuple[int, str, str] | None:
    """What orders percents in their one form, such as `80%`; none of another text."""
    number = text[:-1]
    if text[-1:] != "%" or not is_decimal(number):
        return None
    whole, _, fraction = number.partition(".")
    return len(whole), whole, fraction


def parse_cut(text: str) -> Cut | None:
    """A condition that some shares satisfy and some do not, in its one form."""
    inclusive = text.startswith("<=")
    number = text[2:] if inclusive else text[1:]
    key = percent_key(number)
    hundred = (3, "100", "")
    if not text.startswith("<") or key is None or key > hundred or (inclusive and key == hundred):
        return None
    share = clamped(number)
    if share is None or text == "<0%":
        return None
    return (*share, inclusive)


def is_day(text: str) -> bool:
    """Whether a text is a real day, `YYYY-MM-DD`."""
    if _DAY.fullmatch(text) is None:
        return False
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    days = 31 if month in _LONG_MONTHS else 30 if month in (4, 6, 9, 11) else 28 + leap if month == 2 else 0
    return 1 <= day <= days


def ascending(place: Place, names: Iterable[str]) -> None:
    """Names in byte order, none empty, none twice."""
    last: str | None = None
    for at, name in enumerate(names):
        if not name:
            raise fault("range", (place, at), "an empty name")
        # The order of code points is the order of UTF-8 bytes.
        if last is not None and name <= last:
            text = f"`{shown(name)}` appears twice" if name == last else f"`{shown(name)}` stands after `{shown(last)}`"
            raise fault("order", (place, at), text)
        last = name


def distinct(place: Place, names: Sequence[str]) -> None:
    """At least one name, none empty, none twice; their order means something."""
    if not names:
        raise fault("range", place, "there is none")
    seen: set[str] = set()
    for at, name in enumerate(names):
        if not name:
            raise fault("range", (place, at), "an empty name")
        if name in seen:
            raise fault("order", (place, at), f"`{shown(name)}` appears twice")
        seen.add(name)


def index(place: Place, at: int, part: str, size: int) -> None:
    """An index into a part of the table."""
    if at >= size:
        raise fault("index", place, f"{at} is past the end of `{part}`, which has {size}")


def indices(place: Place, several: Sequence[int], part: str, size: int) -> None:
    """Indices that ascend."""
    last = -1
    for at, one in enumerate(several):
        index((place, at), one, part, size)
        if one <= last:
            raise fault("order", (place, at), f"{one} does not ascend")
        last = one


def one_of(place: Place, word: str, known: Sequence[str]) -> None:
    """A word of a closed list."""
    if word not in known:
        raise fault("range", place, f"`{shown(word)}` is none of {', '.join(known)}")


def day(place: Place, text: str) -> None:
    """A real day."""
    if not is_day(text):
        raise fault("range", place, f"`{shown(text)}` is not a day")


def sha256(place: Place, text: str) -> None:
    """A SHA-256 as a table writes it."""
    if _SHA256.fullmatch(text) is None:
        raise fault("range", place, f"`{shown(text)}` is not a SHA-256")


def decimal(place: Place, text: str, decimals: int) -> None:
    """A decimal in its one form."""
    if not is_decimal(text, decimals):
        raise fault("range", place, f"`{shown(text)}` is not a number of at most {decimals} decimals")


def percent(place: Place, text: str) -> None:
    """A percent in its one form."""
    if percent_key(text) is None:
        raise fault("range", place, f"`{shown(text)}` is not a percent")
