"""Identity under lock: a ring of keys in a file outside the data folder, a key per subject, sealed blobs, a blind index.

Framework-free. Blob: suite byte | 12-byte random nonce | ciphertext | 16-byte tag, with the subject as associated data, so
that a blob moved to another subject does not open. Nonces are random, never the fact's id: after a restore ids come again
under the same keys. A subject's key is random and whole blocks long, so wrapping is plain block encryption under the ring's
key; a wrong key shows at the tag of the blob.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from jiceng.base.refusals import Refusal

_NONCE, _TAG, _BLOCK = 12, 16, 64


@dataclass(frozen=True)
class Suite:
    """A family of algorithms. `number` stands in every blob, `form` in every entry."""

    name: str
    number: int
    form: int
    hash: str
    key_length: int
    cipher: type[algorithms.SM4] | type[algorithms.AES]


SUITES = {
    "sm4-gcm": Suite("sm4-gcm", 1, 1, "sm3", 16, algorithms.SM4),
    "aes256-gcm": Suite("aes256-gcm", 2, 2, "sha256", 32, algorithms.AES),
}
_BY_NUMBER = {suite.number: suite for suite in SUITES.values()}


@dataclass(frozen=True)
class KeyRing:
    """Ring keys by number, the current one, and the key of the blind index. Lives in one file, mode 0600.

    A ring keeps one suite for its whole life: a subject's key is as long as its suite wants it.
    """

    suite: Suite
    current: int
    keys: Mapping[int, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    @staticmethod
    def fresh(suite: str = "sm4-gcm") -> KeyRing:
        """A new ring with random keys.

        Errors  Refusal ledger.suite
        """
        if suite not in SUITES:
            raise Refusal("ledger.suite", f"没有“{suite}”这套密码算法", do=f"请写 {' 或 '.join(SUITES)}")
        chosen = SUITES[suite]
        return KeyRing(chosen, 1, {1: os.urandom(chosen.key_length)}, os.urandom(32))

    def rotated(self) -> KeyRing:
        """This ring with a new current key. Older keys stay, until the key table has been rewrapped."""
        number = max(self.keys) + 1
        return replace(self, current=number, keys={**self.keys, number: os.urandom(self.suite.key_length)})

    def trimmed(self) -> KeyRing:
        """This ring with its current key alone."""
        return replace(self, keys={self.current: self.keys[self.current]})

    def wrap(self, keys: Sequence[bytes]) -> list[bytes]:
        """Subject keys under the current ring key, in order."""
        return self._blocks(self.current, keys, seal=True)

    def unwrap(self, ring: int, wrapped: Sequence[bytes]) -> list[bytes]:
        """Subject keys that were wrapped under ring key `ring`, in order.

        Errors  Refusal ledger.ring_key if the ring has no such key
        """
        if ring not in self.keys:
            raise Refusal("ledger.ring_key", f"密钥环里没有第 {ring} 号密钥", do="请放回与这个数据库配套的密钥环文件")
        return self._blocks(ring, wrapped, seal=False)

    def fresh_keys(self, count: int) -> list[bytes]:
        """Random subject keys."""
        size = self.suite.key_length
        raw = os.urandom(size * count)
        return [raw[at : at + size] for at in range(0, size * count, size)]

    def _blocks(self, ring: int, keys: Sequence[bytes], *, seal: bool) -> list[bytes]:
        # ECB is right here: each block is an independent random key, so equal blocks do not occur.
        cipher = Cipher(self.suite.cipher(self.keys[ring]), modes.ECB())
        work = cipher.encryptor() if seal else cipher.decryptor()
        size = self.suite.key_length
        out = work.update(b"".join(keys)) + work.finalize()
        return [out[at : at + size] for at in range(0, len(out), size)]

    def blind_index(self, kind: int, value: str) -> bytes:
        """16-byte keyed digest of an identifying value; full width, spaces and a small x make no difference."""
        plain = "".join(unicodedata.normalize("NFKC", value).split()).upper()
        return self.blind_indexes(kind, [plain])[0]

    def blind_indexes(self, kind: int, plain: Sequence[str]) -> list[bytes]:
        """Digests of values that are already in plain form (HMAC with the suite's hash, cut to 16 bytes)."""
        key = self.index.ljust(_BLOCK, b"\0")
        inner = hashlib.new(self.suite.hash, bytes(b ^ 0x36 for b in key) + b"%d\x1f" % kind)
        outer = hashlib.new(self.suite.hash, bytes(b ^ 0x5C for b in key))
        digests = []
        for value in plain:
            first, last = inner.copy(), outer.copy()
            first.update(value.encode())
            last.update(first.digest())
            digests.append(last.digest()[:16])
        return digests

    def save(self, path: Path, *, away_from: Path) -> None:
        """Write the ring, mode 0600, whole or not at all.

        Errors  Refusal ledger.ring_place if the file would lie inside the data folder `away_from`
        """
        if path.resolve().is_relative_to(away_from.resolve()):
            raise Refusal(
                "ledger.ring_place",
                "密钥环不能放在数据目录里",
                where=str(path),
                why="拿到数据目录的人就拿到了钥匙，备份也会把它带走",
                do="请把密钥目录设在别处（JICENG_KEYS）",
            )
        text = {
            "suite": self.suite.name,
            "current": self.current,
            "keys": {str(number): base64.b64encode(key).decode() for number, key in self.keys.items()},
            "index": base64.b64encode(self.index).decode(),
        }
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(text, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, path)

    @staticmethod
    def load(path: Path) -> KeyRing:
        """Read the ring.

        Errors  Refusal ledger.no_ring, ledger.ring_mode, ledger.ring_broken
        """
        if not path.exists():
            raise Refusal("ledger.no_ring", "找不到密钥环", where=str(path), do="新装请运行 jiceng init；换机请放回原来的密钥环文件")
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Refusal("ledger.ring_mode", "密钥环文件别人也能读", where=str(path), do=f"请运行 chmod 600 {path}")
        try:
            text = json.loads(path.read_text(encoding="utf-8"))
            keys = {int(number): base64.b64decode(key) for number, key in text["keys"].items()}
            return KeyRing(SUITES[text["suite"]], int(text["current"]), keys, base64.b64decode(text["index"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refusal("ledger.ring_broken", "密钥环文件读不懂", where=str(path), do="请放回备份的密钥环文件") from None


def seal_blob(suite: Suite, key: bytes, subject: int, plain: bytes, nonce: bytes) -> bytes:
    """A sealed blob. `nonce`: 12 random bytes, never used twice under a key."""
    work = Cipher(suite.cipher(key), modes.GCM(nonce)).encryptor()
    work.authenticate_additional_data(b"%d" % subject)
    text = work.update(plain)
    work.finalize()
    return b"%c%b%b%b" % (suite.number, nonce, text, work.tag)


def open_blob(key: bytes, subject: int, blob: bytes) -> bytes:
    """What was sealed for this subject under this key.

    Errors  Refusal ledger.blob if the blob was changed, belongs to another subject, or the key is another
    """
    suite = _BY_NUMBER.get(blob[0]) if len(blob) > 1 + _NONCE + _TAG else None
    if suite is not None and len(key) == suite.key_length:
        nonce, text, tag = blob[1 : 1 + _NONCE], blob[1 + _NONCE : -_TAG], blob[-_TAG:]
        work = Cipher(suite.cipher(key), modes.GCM(nonce, tag)).decryptor()
        work.authenticate_additional_data(b"%d" % subject)
        try:
            return work.update(text) + work.finalize()
        except InvalidTag:
            pass
    raise Refusal("ledger.blob", "密封内容打不开", why="内容被改过、被移到别的对象，或密钥不配套", do="请核对密钥环，并运行 jiceng verify")
