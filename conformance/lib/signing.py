"""Signatures in minisign's format, with a key that anybody can make: it vouches for nothing but the tests."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Key:
    """A key pair made from a text."""

    def __init__(self, seed: str) -> None:
        secret = hashlib.sha256(seed.encode()).digest()
        self._secret = Ed25519PrivateKey.from_private_bytes(secret)
        self._id = hashlib.sha256(secret).digest()[:8]

    def public(self) -> str:
        """The `.pub` file."""
        raw = self._secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        number = f"{int.from_bytes(self._id, 'little'):016X}"
        return f"untrusted comment: minisign public key {number}\n{_text(b'Ed' + self._id + raw)}\n"

    def sign(self, data: bytes, comment: str, algorithm: bytes = b"ED") -> str:
        """The `.sig` file of some bytes."""
        message = hashlib.blake2b(data).digest() if algorithm == b"ED" else data
        own = self._secret.sign(message)
        whole = self._secret.sign(own + comment.encode())
        lines = ("untrusted comment: a key of the tests", _text(algorithm + self._id + own))
        return "\n".join((*lines, f"trusted comment: {comment}", _text(whole))) + "\n"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
