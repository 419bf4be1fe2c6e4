"""BIP32: private keys from a seed by a path.

Our own few lines over HMAC and libsecp256k1, because the ``bip32`` package imports ``socket`` and
holds coincurve at an old version (facts: What imports a socket). Checked against the official vectors.
"""

import hmac
import re
from dataclasses import dataclass

from coincurve import PrivateKey as CurveKey

from coldtusk_offline.secret import Secret
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, Outside

PATH = Code("path.form", "write it as m/44'/2070'/0'/0/0: plain numbers below 2147483648, ' for a hardened step")
TOO_DEEP = Code("path.too-deep", "a path has at most 10 steps")
NO_KEY = Code("path.no-key", "take the next index: this one has no key (BIP32: one of 2^127)")

HARDENED = 1 << 31
_STEP = re.compile(r"(0|[1-9][0-9]{0,9})('?)")


@dataclass(frozen=True, slots=True)
class DerivationPath:
    """A path in its one canonical form; a hardened step has :data:`HARDENED` added."""

    steps: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> "DerivationPath":
        """The path that *text* writes canonically (``m/44'/2070'/0'/0/0``). Raises :class:`BadInput`."""
        first, *parts = text.split("/", limits.PATH_STEPS + 1)
        if first != "m" or not parts:
            raise BadInput(PATH, "it does not start as a path does", where="path")
        if len(parts) > limits.PATH_STEPS:
            raise BadInput(TOO_DEEP, f"more than {limits.PATH_STEPS} steps", where="path")
        return cls(tuple(_step(part, place) for place, part in enumerate(parts, start=1)))

    @property
    def text(self) -> str:
        """The canonical text."""
        return "/".join(["m", *map(_step_text, self.steps)])


def derive(seed: Secret, path: DerivationPath) -> Secret:
    """The private key (32 bytes) of *path* below *seed* (BIP32, CKDpriv)."""
    node = hmac.digest(b"Bitcoin seed", seed.reveal(), "sha512")
    key, chain = _key(node[:32]), node[32:]
    for step in path.steps:
        node = hmac.digest(chain, _child_data(key, step), "sha512")
        key, chain = _sum(key, node[:32]), node[32:]
    return Secret(key.secret)


def _step(part: str, place: int) -> int:
    found = _STEP.fullmatch(part)
    if found is None or int(found[1]) >= HARDENED:
        raise BadInput(PATH, "it is no step of a path", where=f"path, step {place}")
    return int(found[1]) + (HARDENED if found[2] else 0)


def _step_text(step: int) -> str:
    return f"{step - HARDENED}'" if step >= HARDENED else str(step)


def _child_data(key: CurveKey, step: int) -> bytes:
    parent = b"\0" + key.secret if step >= HARDENED else key.public_key.format(compressed=True)
    return parent + step.to_bytes(4)


def _key(octets: bytes) -> CurveKey:
    try:
        return CurveKey(octets)
    except ValueError:
        raise Outside(NO_KEY, "the derived number is no private key") from None


def _sum(key: CurveKey, octets: bytes) -> CurveKey:
    try:
        return key.add(octets)
    except ValueError:
        raise Outside(NO_KEY, "the derived number is no private key") from None
