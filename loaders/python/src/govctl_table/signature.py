"""The signature beside a table: minisign's, over the bytes of the file.

The bytes hold the digest, so that a signature vouches for the digest and for the form that it was written in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .refusal import Code, Refusal

MAX_BYTES = 16 << 10
"""The longest signature file, in bytes: minisign's comments end long before."""

MAX_SERIAL = (1 << 64) - 1
"""The greatest serial number."""

_UNTRUSTED = "untrusted comment: "
_TRUSTED = "trusted comment: "
_PUBLIC_BYTES, _SECRET_BYTES, _SIGNATURE_BYTES, _GLOBAL_BYTES = 42, 158, 74, 64
_PREHASHED, _LEGACY = b"ED", b"Ed"
_MISSING = (
    "it has no signature, and with a trusted key only signed tables are loaded; put the `.sig` file that "
    "`govctl compile --sign-key` writes beside it"
)
_NO_KEY = (
    "it has a signature and there is no trusted key to check it with; give the public key of whoever signs"
)
_CHANGED = (
    "its signature does not fit: the table or the signature was changed after it was signed; fetch both again, "
    "or compile and sign the policy again"
)
_OLD_FORM = (
    "its signature has minisign's old form, which is not accepted; sign it again without `minisign -l`"
)
_NO_LIBRARY = (
    "signatures cannot be checked without the package `cryptography`; install `govctl-table[signatures]`"
)


@dataclass(frozen=True)
class TrustedKey:
    """A public key whose signatures are trusted."""

    id: str
    """What minisign calls the key: 16 hexadecimal digits."""
    public: bytes
    """Ed25519, 32 bytes."""

    @staticmethod
    def parse(text: str) -> TrustedKey:
        """Reads the `.pub` file that `minisign -G` made, or its second line alone; otherwise refuses with `key`."""
        lines = text.splitlines() or [""]
        line = lines[1] if lines[0].startswith("untrusted comment:") and len(lines) > 1 else lines[0]
        data = _decode(line.strip()) or b""
        what = {
            _SECRET_BYTES: "this is a secret key, which belongs only where tables are signed",
            _SIGNATURE_BYTES: "this is a signature",
        }.get(len(data), "this is not a public key of minisign")
        if len(data) != _PUBLIC_BYTES or data[:2] != _LEGACY:
            raise _refused("key", f"{what}; give the `.pub` file that `minisign -G` made, or its second line")
        return TrustedKey(_key_id(data), data[10:])


@dataclass(frozen=True)
class Signed:
    """A signature that fits."""

    key_id: str
    digest: str | None
    serial: int | None

    def check_digest(self, digest: str) -> None:
        """A signature that names a digest names that of its table."""
        if self.digest is not None and self.digest != digest:
            raise _refused(
                "signature",
                "its signature is of another table: it names another digest; take both files of one `govctl compile`",
            )


def check(
    data: bytes, signature: bytes | None, keys: Sequence[TrustedKey], allow_unsigned: bool
) -> Signed | None:
    """Checks the signature of a table's bytes; without trusted keys a table needs none."""
    if any(not isinstance(key, TrustedKey) for key in keys):
        raise _refused("key", "what was given as a trusted key is none; give `TrustedKey` or the text of a `.pub` file")
    if signature is None:
        if keys and not allow_unsigned:
            raise _refused("unsigned", _MISSING)
        return None
    if not isinstance(signature, bytes):
        raise _refused("signature", "what was given as its signature is not bytes; give those of the `.sig` file")
    if not keys:
        raise _refused("key", _NO_KEY)
    algorithm, key_id, own, comment, whole = _read(signature)
    candidates = [key for key in keys if key.id == key_id]
    if not candidates:
        trusted = ", ".join(f"`{key.id}`" for key in keys)
        raise _refused("key", f"its signature was made with the key `{key_id}`, which is none of {trusted}")
    if algorithm == _LEGACY:
        raise _refused("signature", _OLD_FORM)
    message = hashlib.blake2b(data).digest()
    for key in candidates:
        if _verifies(key, own, message) and _verifies(key, whole, own + comment.encode("utf-8")):
            return Signed(key_id, _named_digest(comment), _named_serial(comment))
    raise _refused("signature", _CHANGED)


def _verifies(key: TrustedKey, signature: bytes, message: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise _refused("key", _NO_LIBRARY) from None
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(signature: bytes) -> tuple[bytes, str, bytes, str, bytes]:
    """The algorithm, the key's id, the signature, the trusted comment, and the signature of both."""
    if len(signature) > MAX_BYTES:
        raise _foreign(f"it is larger than {MAX_BYTES} bytes")
    try:
        lines = signature.decode("utf-8").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        raise _foreign("it is not UTF-8 text") from None
    if lines[-1] == "":
        lines.pop()
    if len(lines) != 4:
        raise _foreign(f"it has {len(lines)} lines, not 4")
    for at, prefix in ((0, _UNTRUSTED), (2, _TRUSTED)):
        if not lines[at].startswith(prefix):
            raise _foreign(f"its line {at + 1} does not begin with `{prefix.strip()}`")
    own, whole = _decode(lines[1]) or b"", _decode(lines[3]) or b""
    for at, found, wanted in ((2, own, _SIGNATURE_BYTES), (4, whole, _GLOBAL_BYTES)):
        if len(found) != wanted:
            raise _foreign(f"its line {at} is not {wanted} bytes in base64")
    if own[:2] not in (_PREHASHED, _LEGACY):
        raise _foreign("its line 2 names another algorithm")
    return own[:2], _key_id(own), own[10:], lines[2][len(_TRUSTED) :], whole


def _named_digest(comment: str) -> str | None:
    """The digest that a trusted comment names; one that minisign made by itself names none."""
    for field in comment.split("\t"):
        if field.startswith("digest:"):
            return field[len("digest:") :]
    return None


def _named_serial(comment: str) -> int | None:
    """The serial number that a trusted comment states; none where it states none, or something else."""
    for field in comment.split("\t"):
        if field.startswith("serial:"):
            text = field[len("serial:") :]
            is_number = re.fullmatch("0|[1-9][0-9]{0,19}", text) is not None and int(text) <= MAX_SERIAL
            return int(text) if is_number else None
    return None


def check_serial(serial: int | None, least: int | None) -> None:
    """Refuses a table that is older than another one."""
    if least is None:
        return
    if type(least) is not int or not 0 <= least <= MAX_SERIAL:
        raise _refused("expired", "the least serial number that the loader was given is none")
    if serial is None:
        raise _refused(
            "unsigned",
            f"no signature states its serial number, and {least} is the least that is accepted; compile it with "
            "`--serial` and `--sign-key`",
        )
    if serial < least:
        raise _refused("expired", f"its serial number is {serial}, and a table with {least} was taken before")


def _decode(text: str) -> bytes | None:
    """The bytes of a text; none where it is not base64, or not the only one of these bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None


def _key_id(data: bytes) -> str:
    return f"{int.from_bytes(data[2:10], 'little'):016X}"


def _refused(code: Code, text: str) -> Refusal:
    return Refusal(code, "", text)


def _foreign(why: str) -> Refusal:
    return _refused("signature", f"what stands beside it is not a minisign signature: {why}")
