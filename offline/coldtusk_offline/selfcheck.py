"""Known answers for every primitive (``selfcheck.json``) and every kind that is signed (each system's leaf).

Run before the vault is opened: a library that was swapped or broken signs nothing. The answers come
from the standards and from reference implementations, never from this code.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from coldtusk_offline import services
from coldtusk_offline.secret import Secret
from coldtusk_offline.signer import Signer
from coldtusk_shared.errors import Code, Refused

FAILED = Code("selfcheck.failed", "sign nothing with this machine: install the release again and check its digest")

_ANSWERS = Path(__file__).with_name("selfcheck.json")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check and whether its answer was the known one."""

    name: str
    passed: bool


def run() -> list[Outcome]:
    """Every check; one that raises has failed."""
    checks = json.loads(_ANSWERS.read_text(encoding="utf-8"))["checks"]
    primitives = [outcome(check["name"], partial(_CHECKS[check["check"]], check)) for check in checks]
    return primitives + [one for leaf in services.self_checks() for one in leaf.run()]


def require() -> None:
    """Refuse to go on unless every check passes."""
    failed = [outcome.name for outcome in run() if not outcome.passed]
    if failed:
        raise Refused(FAILED, f"a known answer is wrong: {', '.join(failed)}")


def outcome(name: str, passes: Callable[[], bool]) -> Outcome:
    """The outcome of one check; whatever a broken library raises, the check has failed."""
    try:
        return Outcome(name, passes())
    except Exception:  # noqa: BLE001 - see above
        return Outcome(name, passed=False)


def _hash(check: dict[str, Any]) -> bool:
    found = hashlib.new(check["algorithm"], bytes.fromhex(check["data"])).digest()
    return found == bytes.fromhex(check["expect"])


def _ed25519(check: dict[str, Any]) -> bool:
    signer = Signer(Secret(bytes.fromhex(check["seed"])))
    signature = signer.sign(bytes.fromhex(check["data"]))
    return (signer.public_key.hex(), signature.hex()) == (check["public"], check["signature"])


def _aead(check: dict[str, Any]) -> bool:
    key, nonce, data, plain = (bytes.fromhex(check[name]) for name in ("key", "nonce", "data", "plain"))
    aead = ChaCha20Poly1305(key)
    sealed = aead.encrypt(nonce, plain, data)
    return sealed.hex() == check["sealed"] and aead.decrypt(nonce, sealed, data) == plain


def _hkdf(check: dict[str, Any]) -> bool:
    key, salt, info, expect = (bytes.fromhex(check[name]) for name in ("key", "salt", "info", "expect"))
    return HKDF(algorithm=SHA256(), length=len(expect), salt=salt, info=info).derive(key) == expect


def _argon2id(check: dict[str, Any]) -> bool:
    password, salt, secret, data = (bytes.fromhex(check[name]) for name in ("password", "salt", "secret", "data"))
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=32, ad=data, secret=secret)
    return kdf.derive(password) == bytes.fromhex(check["expect"])


_CHECKS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "hash": _hash,
    "ed25519": _ed25519,
    "aead": _aead,
    "hkdf": _hkdf,
    "argon2id": _argon2id,
}
